"""Adding to the chains: each entry's hash covers its content and the hash before it.

The head of a chain is one row. It is locked last of all, so that whoever waits for it holds nothing that
another one who has it still needs.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from .models import ChainHead, TrailEntry

# Made once: json.dumps would make one for every entry of a long trail.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
FIRST_HASH = "0" * 64  # what the first link of a chain follows


@dataclass(frozen=True)
class Head:
    """The last link of a chain: its place, counted from 1 (0: none yet), and its hash."""

    sequence: int
    hash: str


def lock_head(session: Session, chain: str) -> Head:
    row = session.execute(
        select(ChainHead.sequence, ChainHead.hash).where(ChainHead.chain == chain).with_for_update()
    ).one()
    return Head(row.sequence, row.hash)


def move_head(session: Session, chain: str, head: Head) -> None:
    session.execute(
        update(ChainHead).where(ChainHead.chain == chain).values(sequence=head.sequence, hash=head.hash)
    )


def record(session: Session, what: str, subject: str, *, by: int | None, at: datetime, **detail: Any) -> None:
    """Add an entry to the trail: `what` was done to `subject` (such as "return 12") by a person."""
    head = lock_head(session, "trail")
    entry: dict[str, Any] = {
        "sequence": head.sequence + 1,
        "at": at,
        "person_id": by,
        "what": what,
        "subject": subject,
        "detail": canonical(detail),
        "previous_hash": head.hash,
    }
    entry_hash = hash_of_entry(**entry)
    session.execute(insert(TrailEntry).values({**entry, "hash": entry_hash}))
    move_head(session, "trail", Head(head.sequence + 1, entry_hash))


def latest(session: Session, *, before: int | None = None, limit: int = 50) -> Sequence[TrailEntry]:
    """Entries from the newest on, those before a place in the chain if it is given."""
    rows = select(TrailEntry).order_by(TrailEntry.sequence.desc()).limit(limit)
    return session.scalars(rows if before is None else rows.where(TrailEntry.sequence < before)).all()


def hash_of_entry(*, at: datetime, **fields: Any) -> str:
    """The hash of an entry's columns; its moment counts in UTC, whatever zone it is given in."""
    return sha256(canonical({**fields, "at": at.astimezone(UTC).isoformat()}))


def canonical(value: Any) -> str:
    """JSON in one form only: sorted names, no spaces, characters as they are (RFC 8785 for our values).

    Our values are texts, whole numbers, true, false and null; RFC 8785's rules for fractions are not needed.
    """
    return _ENCODER.encode(value)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
