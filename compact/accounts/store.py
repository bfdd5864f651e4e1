"""People and their sign-ins, read and written."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from compact.access.values import Grant, Role
from compact.access.values import Person as PersonValue

from .models import Membership, Person, SignIn

LONGEST_SIGN_IN = timedelta(hours=12)

_GRANTS = (
    Membership.role,
    Membership.organisation_id,
    Membership.partnership_id,
    Membership.trust_id,
    Membership.job_title,
)
_SIGNED_IN = (
    select(Person.id, Person.name, Person.email, *_GRANTS)
    .join(SignIn, SignIn.person_id == Person.id)
    .outerjoin(Membership, Membership.person_id == Person.id)
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        SignIn.started_at > bindparam("started_after"),
        Person.disabled_at.is_(None),
    )
    .order_by(Membership.id)
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
