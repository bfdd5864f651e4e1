"""Made-up rounds: schools of several phases and bodies of one or two areas, with all that may happen to them.

A round is made from one number, so that each is cheap to make and a failure is told by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from compact.cycles.models import Due
from compact.organisations.models import Organisation, OrganisationArea, Succession
from compact.returns.models import Exception_, Return
from compact.returns.reading import Kept, partnerships_of
from compact.returns.rules import Answer
from compact.returns.store import add_return, write_answers
from compact.sign_off.results import write_results
from tests import making
from tests.making import NOW, World

KEYS = ("leadership", "conduct", "bullying", "pupil-voice")
STANDARD = {"leadership": 1, "conduct": 2, "bullying": 4, "pupil-voice": 4}
GRADES = ("outstanding", "good", "requires_improvement", "inadequate")
WEAK = ("requires_improvement", "inadequate")
PHASES = ("primary", "secondary")
NEAR, FAR = "near", "far"
SECTORS = ("school", "hips")

Grades = Mapping[str, str | None]


@dataclass(frozen=True)
class Body:
    """An organisation: what it signed number by number (None: not applicable), and its exceptions by area.

    `succeeds`: it took over from the body before it in the list.
    """

    setting: str
    areas: frozenset[str]
    phase: str | None
    signed: tuple[Grades, ...]
    draft: Grades | None = None
    exceptions: Mapping[str, Grades] = field(default_factory=dict)
    imported: bool = False
    succeeds: bool = False


def made_round(number: int) -> list[Body]:
    """The bodies of a round, sector by sector. How many there are, where they are, and how often a question
    is answered differ from round to round, so that much is shown in some and little in others."""
    chance = Random(number)  # noqa: S311 - made up, the same every time
    often = {key: chance.choice((0.4, 0.8, 1, 1)) for key in KEYS}
    is_far = chance.choice((0, 0, 0.3, 0.5))
    return [
        _body(chance, often, sector, is_far, is_first=not place)
        for sector in SECTORS
        for place in range(chance.choice((4, 10, 18, 28)))
    ]


def _body(chance: Random, often: Mapping[str, float], sector: str, is_far: float, *, is_first: bool) -> Body:
    areas = {FAR if chance.random() < is_far else NEAR}
    if sector == "hips" and chance.random() < 0.7:
        areas = {NEAR, FAR}
    others = [area for area in sorted(areas) if len(areas) > 1 and chance.random() < 0.5]
    return Body(
        sector,
        frozenset(areas),
        chance.choice(PHASES) if sector == "school" else None,
        tuple(_grades(chance, often) for _ in range(chance.choice((0, 1, 1, 1, 1, 1, 2, 3)))),
        _grades(chance, often) if chance.random() < 0.2 else None,
        {area: _grades(chance, dict.fromkeys(KEYS, 0.3)) for area in others},
        chance.random() < 0.2,
        not is_first and chance.random() < 0.1,
    )


def _grades(chance: Random, often: Mapping[str, float]) -> Grades:
    return {
        key: None if chance.random() < 0.1 else chance.choices(GRADES, (3, 5, 2, 1))[0]
        for key in KEYS
        if chance.random() < often[key]
    }


@dataclass(frozen=True)
class Places:
    """A round in the database: its id, its partnerships by area, its organisations in the bodies' order."""

    cycle: int
    partnerships: Mapping[str, int]
    organisations: Sequence[int]


def partnerships(world: World, number: int) -> dict[str, int]:
    """Two partnerships with an area each that nobody else has; there is room for 450 pairs of them."""
    return {area: world.partnership(f"{area} {number}", [_code(area, number)]) for area in (NEAR, FAR)}


def _code(area: str, number: int) -> str:
    return str(100 + 2 * number + (area == FAR))


def write(
    world: World, bodies: Sequence[Body], number: int, own: Mapping[str, int], years_ago: int = 0
) -> Places:
    """A round of the partnerships `number` with these bodies, all of them due; nobody else is."""
    name = f"Round {number} of {2026 - years_ago}"
    opens = date(2026 - years_ago, 9, 1)
    settings = ["school", "hips"]
    cycle = world.cycle(
        *own.values(), name=name, settings=settings, opens=opens, closes=opens + timedelta(days=90)
    )
    with world.session() as session:
        session.execute(delete(Due).where(Due.cycle_id == cycle))  # those of an earlier round of the areas
        organisations = [
            _organisation(session, each, f"{name}, body {place}", number) for place, each in enumerate(bodies)
        ]
        session.execute(
            insert(Due),
            [{"cycle_id": cycle, "organisation_id": each, "added_at": NOW} for each in organisations],
        )
        for place, (body, organisation) in enumerate(zip(bodies, organisations, strict=True)):
            if body.succeeds:
                old = organisations[place - 1]
                row = {"old_id": old, "new_id": organisation, "on": date(2020, 9, 1), "kind": "merger"}
                session.execute(insert(Succession).values(**row))
            for number, grades in enumerate(body.signed, start=1):
                is_last = number == len(body.signed)
                sign(session, cycle, organisation, number, body, grades, own if is_last else {})
            if body.draft is not None:
                _draft(session, cycle, organisation, len(body.signed) + 1, body.draft)
        session.commit()
    return Places(cycle, own, organisations)


def _organisation(session: Session, body: Body, name: str, number: int) -> int:
    made = Organisation(
        register="GIAS", identifier=name, name=name, setting=body.setting, phase=body.phase, status="open"
    )
    session.add(made)
    session.flush()
    codes = [_code(area, number) for area in sorted(body.areas)]
    session.add_all(OrganisationArea(organisation_id=made.id, area=code) for code in codes)
    session.flush()
    return made.id


def sign(
    session: Session,
    cycle: int,
    organisation: int,
    number: int,
    body: Body,
    grades: Grades,
    own: Mapping[str, int],
) -> None:
    """A signed return with its results; with the body's exceptions for the partnerships `own`."""
    return_id = _draft(session, cycle, organisation, number, grades)
    rows = [
        {
            "return_id": return_id,
            "partnership_id": own[area],
            "key": key,
            "grade": grade,
            "not_applicable": grade is None,
            "note": "It differs here.",
        }
        for area, other in body.exceptions.items()
        for key, grade in other.items()
        if area in own
    ]
    if rows:
        session.execute(insert(Exception_), rows)
    signed = {"status": "signed", "signed_at": NOW, "imported": body.imported}
    session.execute(update(Return).where(Return.id == return_id).values(**signed))
    edition = making.edition()
    questionnaire = edition.questionnaires[body.setting]
    write_results(session, return_id, edition, questionnaire, partnerships_of(session, return_id))


def _draft(session: Session, cycle: int, organisation: int, number: int, grades: Grades) -> int:
    return_id = add_return(session, cycle, organisation, number=number, now=NOW)
    answers = {key: Answer(grade, grade is None, "" if grade else "No.") for key, grade in grades.items()}
    write_answers(session, return_id, [(key, Kept(each, 1, None, NOW)) for key, each in answers.items()])
    return return_id
