"""What the tests of signing in share: an authenticator and its codes, the code of a mail, the logs."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import select

from compact.accounts import second_factor, sessions, store
from compact.mail.models import OutboxMail
from compact.tables import metadata
from compact.trail.models import SecurityEntry, TrailEntry
from tests import making
from tests.making import World
from tests.pages import Page, Visitor

NOT_RIGHT = "The code is not right, or it was used already. Wait for the next one"


@dataclass(frozen=True)
class Telephone:
    """Somebody's authenticator app, and the recovery codes that they kept."""

    secret: str
    recovery: list[str]

    def code(self, at: datetime = making.NOW) -> str:
        return pyotp.TOTP(self.secret).at(at)

    def wrong_code(self, at: datetime = making.NOW) -> str:
        """Six figures that are none of the codes taken at a moment."""
        right = {self.code(at + timedelta(seconds=30 * step)) for step in (-1, 0, 1)}
        return next(each for each in ("918273", "827364", "736455", "645546") if each not in right)


def person_id(world: World, email: str) -> int:
    with world.session() as session:
        found = store.person_by_email(session, email)
        assert found is not None
        return found.id


def with_authenticator(world: World, email: str) -> Telephone:
    """Set an authenticator up for somebody, an hour ago."""
    person, before = person_id(world, email), making.NOW - timedelta(hours=1)
    with world.session() as session:
        secret = second_factor.begin(session, person)
        codes = second_factor.confirm(session, person, pyotp.TOTP(secret).at(before), before)
        session.commit()
    assert codes is not None
    return Telephone(secret, codes)


def enter_once_proved(visitor: Visitor, world: World, email: str) -> Visitor:
    """Be signed in by a password alone."""
    person = person_id(world, email)
    with world.session() as session:
        token = sessions.begin(session, person, making.NOW, proved_by="password", proved_twice=False)
        session.commit()
    with visitor.client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return visitor


def ask_for_code(visitor: Visitor, email: str) -> Page:
    return visitor.send(visitor.get("/sign-in/mail"), email=email)


def mailed_codes(world: World) -> list[str]:
    """The codes that wait in the outbox, the oldest first."""
    with world.session() as session:
        found = session.scalars(
            select(OutboxMail.secret).where(OutboxMail.about == "sign-in code").order_by(OutboxMail.id)
        )
        return [each or "" for each in found]


def other_code(code: str) -> str:
    """As many figures, and not these."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def noted(world: World) -> list[str]:
    """What stands in the security log, and then in the trail, the oldest first."""
    with world.session() as session:
        log = session.scalars(select(SecurityEntry.what).order_by(SecurityEntry.id)).all()
        return [*log, *session.scalars(select(TrailEntry.what).order_by(TrailEntry.sequence))]


def everything(world: World) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with world.session() as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in session.execute(table.select()))
            for table in metadata.sorted_tables
        }


def at_once(*doings: Callable[[], None]) -> None:
    """Let each be done by a thread of its own, all beginning at the same moment."""
    together = threading.Barrier(len(doings))

    def begin(doing: Callable[[], None]) -> None:
        together.wait()
        doing()

    threads = [threading.Thread(target=begin, args=(each,)) for each in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
