"""Somebody with an account, a school whose people are looked after, and a clock that a test can move."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from compact.access.values import Grant, Role
from compact.accounts import invitations, store
from compact.accounts.invitations import NewInvitation
from compact.accounts.models import Person, SignIn
from compact.accounts.rules import PlaceKind
from compact.mail.models import OutboxMail
from compact.trail.models import TrailEntry
from tests import making
from tests.making import World
from tests.pages import Page, Visitor
from tests.prepared import Prepared

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
def robin(world: World, prepared: Prepared, visit: Callable[[str], Visitor]) -> Account:
    return Account(world, *prepared.on(world, _begun_return), visit)


def _begun_return(world: World) -> tuple[int, int]:
    partnership, organisation = world.partnership(), world.organisation()
    cycle = world.cycle(partnership)
    world.person("Robin Head", making.signatory(organisation))
    return_id = world.started(cycle, organisation)
    world.profile(return_id, commissions_services=False)
    return organisation, return_id


@dataclass(frozen=True)
class House:
    """A school with a head who signs and a deputy, an officer of its area, and an administrator."""

    world: World
    partnership: int
    organisation: int
    visit: Callable[[str], Visitor]

    @property
    def page(self) -> str:
        """The page of the school's people."""
        return f"/organisations/{self.organisation}/people"

    def head(self) -> Visitor:
        return self.visit("head@example.org")

    def officer(self) -> Visitor:
        return self.visit("officer@example.org")

    def administrator(self) -> Visitor:
        return self.visit("administrator@example.org")

    def invite(
        self,
        email: str = "new@example.org",
        role: Role = Role.CONTRIBUTOR,
        name: str = "Alex New",
        **more: Any,
    ) -> str:
        """Invite somebody to the school; the address of the link in the mail."""
        grant = Grant(role, organisation_id=self.organisation, job_title=more.pop("job_title", None))
        with self.world.session() as session:
            new = NewInvitation(email, name, grant, **more)
            invitations.invite(session, new, by=1, base_url="http://localhost", now=making.NOW)
            session.commit()
        return self.link()

    def link(self) -> str:
        """The address in the newest mail that waits."""
        with self.world.session() as session:
            mails = select(OutboxMail.secret).where(OutboxMail.secret.is_not(None))
            return f"/invitation/{session.scalars(mails.order_by(OutboxMail.id.desc())).first()}"

    def rows(self, *columns: Any) -> list[tuple[Any, ...]]:
        """These columns of every row of their table, in order."""
        with self.world.session() as session:
            return [tuple(row) for row in session.execute(select(*columns).order_by(columns[0]))]

    def roles(self) -> dict[str, str]:
        """Everybody's role in the school, by their address."""
        with self.world.session() as session:
            here = store.members_of(session, PlaceKind.ORGANISATION, self.organisation)
        assert len({each.email for each in here}) == len(here)
        return {each.email: each.role.value for each in here}

    def membership(self, email: str) -> int:
        with self.world.session() as session:
            here = store.members_of(session, PlaceKind.ORGANISATION, self.organisation)
        return next(each.id for each in here if each.email == email)

    def person_id(self, email: str) -> int:
        with self.world.session() as session:
            return session.scalars(select(Person.id).where(Person.email == email)).one()

    def disable(self, email: str) -> None:
        person_id = self.person_id(email)
        with self.world.session() as session:
            store.disable(session, person_id, making.NOW)
            session.commit()

    def trail(self) -> list[tuple[str, str, dict[str, Any]]]:
        """What was written onto the trail: what, about what, and the rest."""
        rows = self.rows(TrailEntry.sequence, TrailEntry.what, TrailEntry.subject, TrailEntry.detail)
        return [(what, subject, json.loads(detail)) for _, what, subject, detail in rows]


@pytest.fixture
def house(world: World, prepared: Prepared, visit: Callable[[str], Visitor]) -> House:
    return House(world, *prepared.on(world, _school_and_area), visit)


def _school_and_area(world: World) -> tuple[int, int]:
    partnership, organisation = world.partnership(), world.organisation()
    world.person("Robin Head", making.signatory(organisation), email="head@example.org")
    world.person("Sam Deputy", making.contributor(organisation), email="deputy@example.org")
    world.person("Ellis Officer", making.officer(partnership), email="officer@example.org")
    world.person("Chris Vane", Grant(Role.ADMINISTRATOR), email="administrator@example.org")
    return partnership, organisation


def at_once(*deeds: Callable[[], object]) -> None:
    """Do several things at the same moment, each in a thread; the first that fails is raised."""
    begin = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> None:
        begin.wait()
        deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        for running in [threads.submit(run, deed) for deed in deeds]:
            running.result()


@pytest.fixture
def phone(robin: Account) -> Telephone:
    """Robin's telephone: heads need none, and may have one."""
    return with_authenticator(robin.world, EMAIL)


@pytest.fixture
def clock(app: Flask) -> Clock:
    made = Clock()
    app.config["CLOCK"] = made
    return made
