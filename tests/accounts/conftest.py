"""Somebody with an account, and a clock that a test can move."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from compact.accounts.models import Person, SignIn
from tests import making
from tests.making import World
from tests.pages import Page, Visitor

from .factors import Telephone, with_authenticator

EMAIL = "robin.head@example.org"


@dataclass
class Clock:
    """The application's time, which stands still until it is moved."""

    at: datetime = making.NOW

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass(frozen=True)
class Account:
    """Robin, who signs for a school that has begun its return."""

    world: World
    organisation: int
    return_id: int
    visit: Callable[[str], Visitor]

    @property
    def person_id(self) -> int:
        with self.world.session() as session:
            return session.execute(select(Person.id).where(Person.email == EMAIL)).scalar_one()

    @property
    def page(self) -> str:
        """A page that only the school's people see."""
        return f"/returns/{self.return_id}"

    def sign_in(self) -> Visitor:
        return self.visit(EMAIL)

    def tokens(self) -> set[str]:
        """What is stored of the sign-ins in force."""
        with self.world.session() as session:
            return set(session.scalars(select(SignIn.token_hash)))


def second_step(app: Flask) -> tuple[Visitor, Page]:
    """Robin with a right password, at the page that asks for the second factor."""
    visitor = Visitor(app)
    return visitor, visitor.sign_in(EMAIL, making.PASSWORD)


@pytest.fixture
def robin(world: World, visit: Callable[[str], Visitor]) -> Account:
    partnership, organisation = world.partnership(), world.organisation()
    cycle = world.cycle(partnership)
    world.person("Robin Head", making.signatory(organisation))
    return_id = world.started(cycle, organisation)
    world.profile(return_id, commissions_services=False)
    return Account(world, organisation, return_id, visit)


@pytest.fixture
def phone(robin: Account) -> Telephone:
    """Robin's telephone: heads need none, and may have one."""
    return with_authenticator(robin.world, EMAIL)


@pytest.fixture
def clock(app: Flask) -> Clock:
    made = Clock()
    app.config["CLOCK"] = made
    return made
