"""People and their sign-ins, read and written."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from compact.access.values import Grant, Role
from compact.access.values import Person as PersonValue
from compact.db import table

from .models import Membership, Person, SignIn

LONGEST_SIGN_IN = timedelta(hours=12)

_person, _membership, _sign_in = table(Person).c, table(Membership).c, table(SignIn).c
_GRANTS = (
    _membership.role,
    _membership.organisation_id,
    _membership.partnership_id,
    _membership.trust_id,
    _membership.job_title,
)
_SIGNED_IN = (
    select(_person.id, _person.name, _person.email, *_GRANTS)
    .join_from(table(SignIn), table(Person), _sign_in.person_id == _person.id)
    .outerjoin(table(Membership), _membership.person_id == _person.id)
    .where(
        _sign_in.token_hash == bindparam("token_hash"),
        _sign_in.started_at > bindparam("started_after"),
        _person.disabled_at.is_(None),
    )
    .order_by(_membership.id)
)


def signed_in(session: Session, token: str, now: datetime) -> PersonValue | None:
    """The person whose sign-in this token is, with their roles as they are now."""
    rows = session.execute(
        _SIGNED_IN, {"token_hash": _hash_of(token), "started_after": now - LONGEST_SIGN_IN}
    ).all()
    if not rows:
        return None
    grants = tuple(Grant(Role(row.role), *row[4:]) for row in rows if row.role is not None)
    return PersonValue(rows[0].id, rows[0].name, rows[0].email, grants)


def password_hash_of(session: Session, email: str) -> tuple[int, str | None] | None:
    """A person's id and password hash by e-mail address, unless there is none or they are disabled."""
    row = session.execute(
        select(Person.id, Person.password_hash).where(
            Person.email == email.strip().lower(), Person.disabled_at.is_(None)
        )
    ).one_or_none()
    return (row.id, row.password_hash) if row else None


def begin_sign_in(session: Session, person_id: int, now: datetime) -> str:
    """The token of a new sign-in; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    session.execute(insert(SignIn).values(token_hash=_hash_of(token), person_id=person_id, started_at=now))
    session.execute(delete(SignIn).where(SignIn.started_at <= now - LONGEST_SIGN_IN))
    return token


def end_sign_in(session: Session, token: str) -> None:
    session.execute(delete(SignIn).where(SignIn.token_hash == _hash_of(token)))


def add_person(session: Session, email: str, name: str, password_hash: str | None, now: datetime) -> int:
    person = Person(email=email.strip().lower(), name=name, password_hash=password_hash, created_at=now)
    session.add(person)
    session.flush()
    return person.id


def add_membership(session: Session, person_id: int, grant: Grant) -> None:
    session.add(
        Membership(
            person_id=person_id,
            role=grant.role,
            organisation_id=grant.organisation_id,
            partnership_id=grant.partnership_id,
            trust_id=grant.trust_id,
            job_title=grant.job_title,
        )
    )
    session.flush()


def _hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
