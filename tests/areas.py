"""A body that works in two of a round's three partnerships, and the people who visit its return."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from compact.access.values import Grant, Role
from compact.returns.rules import Answer
from tests import making
from tests.making import ASKED_SCHOOL_KEYS, SIGNATURE, World
from tests.pages import Page, Visitor
from tests.prepared import Prepared

PARTNERSHIPS: Mapping[str, str] = {"Wexcombe": "901", "Northmere": "902", "Saltholm": "903"}


@dataclass(frozen=True)
class Body:
    """A four-area body with a return in progress; `partnerships` are ids by name."""

    world: World
    partnerships: Mapping[str, int]
    cycle: int
    organisation: int
    return_id: int
    visit: Callable[[str], Visitor]

    def chief(self) -> Visitor:
        return self.visit("chief@example.org")

    def deputy(self) -> Visitor:
        return self.visit("deputy@example.org")

    def officer(self, partnership: str) -> Visitor:
        return self.visit(f"officer@{partnership.lower()}.example")

    def address(self, rest: str = "") -> str:
        return f"/returns/{self.return_id}{rest}"

    def exception(self, partnership: str, key: str = "") -> str:
        """The address of an exception, or of the choice of a question."""
        return self.address(f"/exceptions/{self.partnerships[partnership]}{'/' + key if key else ''}")

    def answer_all(self, **grades: str) -> None:
        """Answer everything with "good", but for the grades given; names are written with _ for -."""
        answers = {key: Answer(grades.get(key.replace("-", "_"), "good")) for key in ASKED_SCHOOL_KEYS}
        self.world.answer(self.return_id, answers)

    def note(self, partnership: str, key: str, grade: str, note: str = "Only there.") -> Page:
        """What the deputy sees after noting an exception."""
        deputy = self.deputy()
        return deputy.send(deputy.get(self.exception(partnership, key)), grade=grade, note=note)

    def plan(self, key: str, what: str = "Ask the children there") -> Page:
        action = {"key": key, "what": what, "lead": "Deputy", "due": "31 3 2027", "status": "not_started"}
        return self.deputy().post(self.address("/actions"), action)

    def sign(self) -> Page:
        chief = self.chief()
        return chief.send(chief.get(self.address("/sign-off")), **SIGNATURE)


@pytest.fixture
def body(world: World, prepared: Prepared, visit: Callable[[str], Visitor]) -> Body:
    """The body, its profile answered: it does not commission services."""
    return Body(world, *prepared.on(world, _body), visit)


def _body(world: World) -> tuple[Mapping[str, int], int, int, int]:
    partnerships = {name: world.partnership(name, (area,)) for name, area in PARTNERSHIPS.items()}
    organisation = world.organisation("Vale Police", setting="hips", areas=("901", "902"))
    cycle = world.cycle(*partnerships.values(), name="Four areas 2026", settings=("hips",))
    world.person("Kit Chief", making.signatory(organisation, "Chief"), email="chief@example.org")
    world.person("Sam Deputy", making.contributor(organisation), email="deputy@example.org")
    reader = Grant(Role.READER, organisation_id=organisation)
    world.person("Jo Reader", reader, email="reader@example.org")
    for name, partnership in partnerships.items():
        world.person(f"{name} Officer", making.officer(partnership), email=f"officer@{name.lower()}.example")
    return_id = world.started(cycle, organisation)
    world.profile(return_id, commissions_services=False)
    return partnerships, cycle, organisation, return_id
