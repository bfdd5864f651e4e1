"""Whether the trail is what was written: every hash worked out again, each over the one before."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from compact.db import table

from .models import ChainHead, TrailEntry
from .store import FIRST_HASH, hash_of_entry

AT_ONCE = 10_000  # rows


@dataclass(frozen=True)
class Broken:
    """The first row of a chain that is not what was written, and in what way."""

    row: str
    why: str

    def __str__(self) -> str:
        return f"{self.row}: {self.why}"


@dataclass(frozen=True)
class Verified:
    """How many rows of a chain are as they were written, the last one's hash, and the first that is not."""

    rows: int
    broken: Broken | None = None
    last: str = FIRST_HASH


@dataclass(frozen=True)
class Noted:
    """An entry of the trail as somebody wrote it down where this database cannot be reached."""

    sequence: int
    hash: str


_entry = table(TrailEntry).c
_ENTRIES = (
    select(*table(TrailEntry).columns)
    .where(_entry.sequence > bindparam("after"))
    .order_by(_entry.sequence)
    .limit(AT_ONCE)
)


def verify_trail(session: Session, noted: Noted | None = None) -> Verified:
    """Read the whole trail in order. What follows the first broken entry is not looked at.

    A chain that somebody wrote anew from its beginning, or that a backup put back to an earlier day, is whole
    in itself: only an entry that was `noted` elsewhere tells that it is another.
    """
    sequence, before = 0, FIRST_HASH
    for entry in _entries(session):
        why = _fault(entry, sequence + 1, before)
        if not why and noted and (entry.sequence == noted.sequence and entry.hash != noted.hash):
            why = "is not the one that was noted: this trail was written anew"
        if why:
            return Verified(sequence, Broken(f"trail entry {sequence + 1}", why), before)
        sequence, before = entry.sequence, entry.hash
    broken = end_of_chain(session, "trail", sequence, before, "trail entry")
    if not broken and noted and noted.sequence > sequence:
        broken = Broken(f"trail entry {sequence + 1}", f"is missing: entry {noted.sequence} was noted")
    return Verified(sequence, broken, before)


def end_of_chain(session: Session, chain: str, sequence: int, last: str, row: str) -> Broken | None:
    """What is wrong when a chain that is whole so far does not end where its head says."""
    head = session.execute(
        select(ChainHead.sequence, ChainHead.hash).where(ChainHead.chain == chain)
    ).one_or_none()
    if head is None:
        return Broken(f"{row} {sequence}", "the head of its chain is missing")
    if (head.sequence, head.hash) != (sequence, last):
        return Broken(f"{row} {sequence + 1}", f"is missing: the chain had {head.sequence}")
    return None


def _entries(session: Session) -> Iterator[Any]:
    """All entries in order, a part at a time, so that a long trail needs little memory."""
    after = 0
    while rows := session.execute(_ENTRIES, {"after": after}).all():
        yield from rows
        after = rows[-1].sequence


def _fault(entry: Any, sequence: int, before: str) -> str | None:
    if entry.sequence != sequence:
        return "is missing"
    if entry.previous_hash != before:
        return "does not follow the entry before it"
    written = hash_of_entry(
        sequence=entry.sequence,
        at=entry.at,
        person_id=entry.person_id,
        what=entry.what,
        subject=entry.subject,
        detail=entry.detail,
        previous_hash=entry.previous_hash,
    )
    return None if written == entry.hash else "is not what was written"
