"""A round with schools at the desk of two officers, and what was written to whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from compact.mail.models import OutboxMail
from compact.returns.rules import Answer
from tests import making
from tests.making import ASKED_SCHOOL_KEYS, World
from tests.pages import Page, Visitor
from tests.prepared import Prepared

SCHOOLS = ("Ashfield School", "Birchfield School", "Cedarfield School", "Dalefield School", "Elmfield School")


@dataclass
class Desk:
    """A partnership's round. Each school has a signatory, head-of-a@example.org and so on, by its letter."""

    world: World
    visit: Callable[[str], Visitor]
    partnership: int
    cycle: int
    schools: dict[str, int] = field(default_factory=dict)

    @property
    def officer(self) -> Visitor:
        return self.visit("officer@example.org")

    def address(self, rest: str = "") -> str:
        return f"/cycles/{self.cycle}{rest}"

    def part(self, school: str, rest: str = "") -> str:
        return self.address(f"/organisations/{self.schools[school]}{rest}")

    def launch(self) -> Page:
        officer = self.officer
        return officer.send(officer.get(self.address("/check")))

    def started(self, school: str, answered: int = 0) -> int:
        """A return with its profile, and so many of what is asked answered."""
        made = self.world.started(self.cycle, self.schools[school])
        self.world.profile(made, commissions_services=False)
        self.world.answer(made, dict.fromkeys(ASKED_SCHOOL_KEYS[:answered], Answer("good")))
        return made

    def signed(self, school: str) -> int:
        return self.world.signed(self.cycle, self.schools[school], dict.fromkeys(ASKED_SCHOOL_KEYS, "good"))

    def mails(self) -> list[OutboxMail]:
        with self.world.session() as session:
            return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))

    def recipients(self) -> list[str]:
        return sorted(mail.recipient for mail in self.mails())

    def forget_mails(self) -> None:
        """From now on only what is written later is looked at."""
        self.world.clear(OutboxMail)


def head_of(school: str) -> str:
    return f"head-of-{school[0].lower()}@example.org"


@pytest.fixture
def desk(world: World, prepared: Prepared, visit: Callable[[str], Visitor]) -> Desk:
    partnership, cycle, schools = prepared.on(world, round_begun)
    return Desk(world, visit, partnership, cycle, dict(schools))


def round_begun(world: World) -> tuple[int, int, Mapping[str, int]]:
    partnership = world.partnership()
    world.person("Ellis Officer", making.officer(partnership), email="officer@example.org")
    schools = {name: world.organisation(name) for name in SCHOOLS}
    for name, organisation in schools.items():
        world.person(f"Head of {name}", making.signatory(organisation), email=head_of(name))
    return partnership, world.cycle(partnership), schools
