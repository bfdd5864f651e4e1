"""Sign-ins in force. The cookie holds a token; the database its hash, and when the person was last there."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Update, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from compact.access.values import Grant, Person, Role
from compact.db import table
from compact.organisations.models import Succession
from compact.web.clock import local_day

from . import models
from .rules import LONGEST_IDLE, LONGEST_SIGN_IN

_succession = table(Succession).c
_person, _membership, _sign_in = table(models.Person).c, table(models.Membership).c, table(models.SignIn).c
_GRANTS = (
    _membership.role,
    _membership.organisation_id,
    _membership.partnership_id,
    _membership.trust_id,
    _membership.job_title,
)
_FIRST_OF_GRANTS = 7
_SIGNED_IN = (
    select(
        _person.id,
        _person.name,
        _person.email,
        _sign_in.started_at,
        _sign_in.seen_at,
        _sign_in.proved_twice,
        _sign_in.acting_for,
        *_GRANTS,
        _succession.old_id,
    )
    .join_from(table(models.SignIn), table(models.Person), _sign_in.person_id == _person.id)
    .outerjoin(table(models.Membership), _membership.person_id == _person.id)
    .outerjoin(
        table(Succession),
        (_succession.new_id == _membership.organisation_id) & (_succession.on <= bindparam("today")),
    )
    .where(
        _sign_in.token_hash == bindparam("token_hash"),
        _sign_in.started_at > bindparam("started_after"),
        _sign_in.seen_at > bindparam("seen_after"),
        _person.disabled_at.is_(None),
    )
    .order_by(_membership.id, _succession.old_id)
)


@dataclass(frozen=True)
class SignedIn:
    """A sign-in in force and its person, with their roles as they are now.

    It is what Flask-Login holds of a request.
    """

    token: str
    person: Person
    started_at: datetime
    seen_at: datetime
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token

    def seen_again(self, now: datetime) -> "SignedIn":
        return replace(self, seen_at=now)

    @property
    def ends_at(self) -> datetime:
        """When it ends if nothing more is asked for."""
        return min(self.started_at + LONGEST_SIGN_IN, self.seen_at + LONGEST_IDLE)


@dataclass(frozen=True)
class SignInRow:
    """A sign-in as its person sees it in the list of them."""

    token_hash: str
    started_at: datetime
    seen_at: datetime
    proved_by: str
    agent: str


def signed_in(session: Session, token: str, now: datetime) -> SignedIn | None:
    """The sign-in whose token this is, unless it has ended or its person is disabled.

    Who has a role in an organisation has it also in those that it took over from.
    """
    limits = {
        "started_after": now - LONGEST_SIGN_IN,
        "seen_after": now - LONGEST_IDLE,
        "today": local_day(now),
    }
    rows = session.execute(_SIGNED_IN, {"token_hash": hash_of(token), **limits}).all()
    if not rows:
        return None
    first = rows[0]
    grants = dict.fromkeys(
        Grant(Role(row.role), *row[_FIRST_OF_GRANTS + 1 : -1]) for row in rows if row.role is not None
    )
    in_force, elsewhere = _acting(list(grants), first.acting_for)
    person = Person(
        first.id,
        first.name,
        first.email,
        in_force + _in_those_before(in_force, rows),
        elsewhere,
        first.proved_twice,
    )
    return SignedIn(token, person, first.started_at, first.seen_at)


def _in_those_before(grants: tuple[Grant, ...], rows: Sequence[Any]) -> tuple[Grant, ...]:
    """The same roles in the organisations that those of the grants took over from."""
    return tuple(
        dict.fromkeys(
            replace(grant, organisation_id=row.old_id, taken_over=True)
            for grant in grants
            for row in rows
            if row.old_id is not None and row.organisation_id == grant.organisation_id
        )
    )


def begin(
    session: Session,
    person_id: int,
    now: datetime,
    *,
    proved_by: str,
    proved_twice: bool,
    agent: str = "",
    acting_for: int | None = None,
) -> str:
    """The token of a new sign-in; only its hash is kept. Sign-ins that have ended are cleared away."""
    session.execute(delete(models.SignIn).where(models.SignIn.started_at <= now - LONGEST_SIGN_IN))
    session.execute(delete(models.SignIn).where(models.SignIn.seen_at <= now - LONGEST_IDLE))
    token = secrets.token_urlsafe(32)
    session.execute(
        insert(models.SignIn).values(
            token_hash=hash_of(token),
            person_id=person_id,
            started_at=now,
            seen_at=now,
            proved_by=proved_by,
            proved_twice=proved_twice,
            agent=agent[:200],
            acting_for=acting_for,
        )
    )
    return token


def note_seen(session: Session, token: str, now: datetime) -> None:
    """Write down that the person is there. The one write of a page that somebody only looks at."""
    session.execute(_of(token).values(seen_at=now))


def act_for(session: Session, token: str, organisation_id: int) -> None:
    session.execute(_of(token).values(acting_for=organisation_id))


def acted_for(session: Session, token: str, person_id: int) -> int | None:
    """The organisation that the same person acted for in a sign-in, also in one whose time is over."""
    return session.scalar(
        select(models.SignIn.acting_for).where(
            models.SignIn.token_hash == hash_of(token), models.SignIn.person_id == person_id
        )
    )


def note_second_factor(session: Session, token: str) -> None:
    session.execute(_of(token).values(proved_twice=True))


def forget_second_factor(session: Session, person_id: int) -> None:
    """What was proved with an authenticator that is given up counts no more, in any sign-in."""
    where = models.SignIn.person_id == person_id
    session.execute(update(models.SignIn).where(where).values(proved_twice=False))


def end(session: Session, token: str) -> None:
    session.execute(delete(models.SignIn).where(models.SignIn.token_hash == hash_of(token)))


def end_all(session: Session, person_id: int, *, but: str | None = None) -> None:
    """End every sign-in of a person, but the one with this token."""
    ended = delete(models.SignIn).where(models.SignIn.person_id == person_id)
    session.execute(ended if but is None else ended.where(models.SignIn.token_hash != hash_of(but)))


def of_person(session: Session, person_id: int, now: datetime) -> list[SignInRow]:
    """The sign-ins of a person in force, the latest seen first."""
    rows = session.execute(
        select(_sign_in.token_hash, _sign_in.started_at, _sign_in.seen_at, _sign_in.proved_by, _sign_in.agent)
        .where(
            _sign_in.person_id == person_id,
            _sign_in.started_at > now - LONGEST_SIGN_IN,
            _sign_in.seen_at > now - LONGEST_IDLE,
        )
        .order_by(_sign_in.seen_at.desc(), _sign_in.token_hash)
    )
    return [SignInRow(*row) for row in rows]


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _of(token: str) -> Update:
    return update(models.SignIn).where(models.SignIn.token_hash == hash_of(token))


def _acting(grants: list[Grant], acting_for: int | None) -> tuple[tuple[Grant, ...], tuple[Grant, ...]]:
    """The roles in force and those of other organisations: of several, one is acted for at a time."""
    organisations = {grant.organisation_id for grant in grants if grant.organisation_id}
    if len(organisations) < 2:
        return tuple(grants), ()
    in_force = tuple(each for each in grants if each.organisation_id in (None, acting_for))
    return in_force, tuple(each for each in grants if each not in in_force)
