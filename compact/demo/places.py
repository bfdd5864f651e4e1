"""The made-up places of the demo. No name here belongs to a real organisation that we know of."""

from collections.abc import Mapping
from dataclasses import dataclass

# Area codes that the Department for Education has given to nobody.
PARTNERSHIPS = (
    ("Wexcombe Safeguarding Children Partnership", "991"),
    ("Northmere Safeguarding Children Partnership", "992"),
    ("Saltholm Safeguarding Children Partnership", "993"),
    ("Harrowdale Safeguarding Children Partnership", "994"),
)
HOST = PARTNERSHIPS[0][0]
TRUST = "Brackenfold Learning Trust"


@dataclass(frozen=True)
class Place:
    """A made-up organisation. `areas` are places in PARTNERSHIPS."""

    name: str
    setting: str
    phase: str | None = None
    areas: tuple[int, ...] = (0,)
    in_trust: bool = False


def _schools() -> list[Place]:
    stems = (
        "Larkfield",
        "Brindle Moor",
        "Quillbrook",
        "Tansy Hill",
        "Osierbank",
        "Fernley Cross",
        "Hobbin Lane",
        "Marlstone",
        "Thistledown",
        "Penwhistle",
        "Goosegate",
        "Wrenbury Dell",
    )
    primary = [
        Place(f"{stem} Primary School", "school", "primary", in_trust=index < 3)
        for index, stem in enumerate(stems)
    ]
    infant = [Place(f"{stem} Infant School", "school", "primary") for stem in stems[3:7]]
    secondary = [
        Place(f"{stem} Academy", "school", "secondary", in_trust=index < 1)
        for index, stem in enumerate(stems[5:10])
    ]
    others = [
        Place("Reedmace Special School", "school", "special"),
        Place("The Lantern Centre", "school", "alternative_provision"),
        Place("Saffron Gate College", "school", "post_16"),
        Place("Old Orchard Independent School", "school", "independent"),
    ]
    return [*primary, *infant, *secondary, *others]


def _early_years() -> list[Place]:
    stems = ("Acorn Nook", "Little Teasels", "Puddlegate", "Bumble Row", "Sunny Stile", "Hazel Hatch")
    kinds = ("Nursery", "Pre-school", "Day Nursery")
    return [
        Place(f"{stem} {kinds[(index + shift) % 3]}", "early_years")
        for shift in range(3)
        for index, stem in enumerate(stems)
        if shift < 2 or index < 3
    ]


def _statutory() -> list[Place]:
    names = (
        "Wexcombe Council Children’s Services",
        "Wexcombe Council Housing",
        "Wexcombe Youth Justice Service",
        "Wexcombe Adult Services",
        "Wexcombe Community Health",
        "Wexcombe Leisure and Libraries",
        "Wexcombe Drug and Alcohol Service",
    )
    return [Place(name, "statutory") for name in names]


def _voluntary() -> list[Place]:
    names = (
        "Wexcombe Ramblers Juniors",
        "Quayside Boxing Club",
        "Tuesday Craft Circle",
        "Meadow Lane Youth Club",
        "Wexcombe Junior Brass Band",
        "Millpond Canoe Club",
    )
    return [Place(name, "voluntary") for name in names]


def _four_areas() -> list[Place]:
    names = (
        "Vale and Coast Police",
        "Vale and Coast Integrated Care Board",
        "Vale and Coast Ambulance Service",
        "Vale and Coast Probation",
        "Vale and Coast Fire and Rescue",
        "Vale and Coast Mental Health Trust",
    )
    return [Place(name, "hips", areas=(0, 1, 2, 3)) for name in names]


def _elsewhere() -> list[Place]:
    names = ("Skerry Point School", "Heronsgate School", "Alderwick School")
    return [Place(name, "school", "primary", areas=(index + 1,)) for index, name in enumerate(names)]


PLACES: tuple[Place, ...] = (
    *_schools(),
    *_early_years(),
    *_statutory(),
    *_voluntary(),
    *_four_areas(),
    *_elsewhere(),
)


@dataclass(frozen=True)
class Places:
    """The ids of the places that were made, by name."""

    partnerships: Mapping[str, int]
    organisations: Mapping[str, int]
    trust: int


@dataclass(frozen=True)
class Made(Places):
    """With the people there: who signs for each organisation, by id, and the host’s officer."""

    signatories: Mapping[int, int]
    officer: int
