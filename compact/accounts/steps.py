"""Half a sign-in, bound to the browser that began it: a code by mail, or a second factor to come."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from .models import Person, SignInStep
from .rules import MOST_STEP_TRIES, STEP_LASTS
from .sessions import hash_of

# Whoever asks for codes of many accounts and guesses at each finds none in years; of six figures one a day.
CODE_DIGITS = 8


@dataclass(frozen=True)
class Step:
    """A step that is not over. `proved_by` is empty while the code sent by mail has not come back."""

    person_id: int | None
    email: str | None
    code_hash: str | None
    proved_by: str | None


def begin_code(session: Session, person_id: int | None, now: datetime) -> tuple[str, str]:
    """A new code for a mail: the browser's token and the code. Without a person it leads nowhere."""
    token, code = secrets.token_urlsafe(32), "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    _add(session, token, person_id, now, code_hash=_hash_of_code(token, code))
    return token, code


def begin_second(session: Session, person_id: int, proved_by: str, now: datetime) -> str:
    """Somebody proved once who they are: the token of the browser that is asked for the second factor."""
    token = secrets.token_urlsafe(32)
    _add(session, token, person_id, now, proved_by=proved_by)
    return token


def take_try(session: Session, token: str, now: datetime) -> Step | None:
    """The step, with one try of it spent; None when it is over or its tries are used up."""
    spent = session.execute(
        update(SignInStep)
        .where(
            SignInStep.token_hash == hash_of(token),
            SignInStep.expires_at > now,
            SignInStep.tries < MOST_STEP_TRIES,
        )
        .values(tries=SignInStep.tries + 1)
        .returning(SignInStep.person_id, SignInStep.code_hash, SignInStep.proved_by)
    ).one_or_none()
    if spent is None:
        return None
    email = session.scalar(
        select(Person.email).where(Person.id == spent.person_id, Person.disabled_at.is_(None))
    )
    return Step(spent.person_id if email else None, email, spent.code_hash, spent.proved_by)


def is_right(step: Step, token: str, code: str) -> bool:
    """Whether this is the code that was sent; never for an address that is nobody's."""
    typed = _hash_of_code(token, code)
    return secrets.compare_digest(typed, step.code_hash or "") and step.person_id is not None


def end(session: Session, token: str) -> None:
    session.execute(delete(SignInStep).where(SignInStep.token_hash == hash_of(token)))


def end_all(session: Session, person_id: int) -> None:
    session.execute(delete(SignInStep).where(SignInStep.person_id == person_id))


def _add(
    session: Session,
    token: str,
    person_id: int | None,
    now: datetime,
    *,
    code_hash: str | None = None,
    proved_by: str | None = None,
) -> None:
    session.execute(delete(SignInStep).where(SignInStep.expires_at <= now))
    session.add(
        SignInStep(
            token_hash=hash_of(token),
            person_id=person_id,
            code_hash=code_hash,
            proved_by=proved_by,
            expires_at=now + STEP_LASTS,
            tries=0,
        )
    )
    session.flush()


def _hash_of_code(token: str, code: str) -> str:
    """A code has few digits: the browser's token makes its hash worth nothing to who reads the database."""
    return hashlib.sha256(f"{token} {code}".encode()).hexdigest()
