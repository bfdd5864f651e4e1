"""Counting tries to sign in, in the database, so that every worker counts alike."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from compact.db import Installation

from .models import SignInAttempt as Attempt
from .rules import ATTEMPTS_KEPT, WINDOW, Tries, Try, is_throttled
from .store import address_of


@dataclass(frozen=True)
class Source:
    """Where a try comes from: a network address, or a browser that has signed in to this account before."""

    name: str
    known_browser: bool


def note_try(session: Session, kind: Try, email: str, source: Source, now: datetime) -> bool:
    """Count a try before it is made; False when it is one too many, and must not be made.

    It is counted first and by its own transaction, and one after the other, so that a thousand tries at once
    are no way around it.
    """
    account, since = _account(email), now - WINDOW
    session.execute(select(Installation.id).with_for_update())
    session.execute(delete(Attempt).where(Attempt.at < now - ATTEMPTS_KEPT))
    tries = Tries(
        here=_count(session, kind, since, Attempt.account == account, Attempt.source == source.name),
        address=_count(session, kind, since, Attempt.source == source.name),
        account=_count(session, kind, since, Attempt.account == account, ~Attempt.known_browser),
    )
    if is_throttled(kind, tries, known_browser=source.known_browser):
        return False
    session.add(
        Attempt(at=now, kind=kind, account=account, source=source.name, known_browser=source.known_browser)
    )
    session.flush()
    return True


def forget_tries(session: Session, email: str, source: Source) -> None:
    """Somebody proved who they are: their tries from here were slips."""
    session.execute(delete(Attempt).where(Attempt.account == _account(email), Attempt.source == source.name))


def _account(email: str) -> str:
    """What people type into the wrong field may be a password: only its hash is kept."""
    return hashlib.sha256(address_of(email).encode()).hexdigest()


def _count(session: Session, kind: Try, since: datetime, *where: object) -> int:
    counted = select(func.count()).where(Attempt.kind == kind, Attempt.at > since, *where)  # type: ignore[arg-type]
    return session.scalar(counted) or 0
