"""Texts that are offered and taken back. Flushes, never commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from compact.accounts.models import Person
from compact.returns.models import Return
from compact.returns.reading import ReturnRow
from compact.trail import store as trail

from .models import Practice, PracticeChoice


class NotCounting(Exception):  # noqa: N818 - it says what it is
    """Another number of the return counts, or none does: nothing is agreed on this one."""


@dataclass(frozen=True)
class Agreed:
    """A text as it is offered now, and who agreed to it when."""

    text: str
    version: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Chosen:
    """Where the text of a return was chosen: whose officer, and the words that are printed."""

    partnership: int
    key: str
    text: str


def counting_number(session: Session, row: ReturnRow) -> int | None:
    """The id of the number that counts: the highest that is signed."""
    return session.scalar(
        select(Return.id)
        .where(
            Return.cycle_id == row.cycle_id,
            Return.organisation_id == row.organisation_id,
            Return.status == "signed",
        )
        .order_by(Return.number.desc())
        .limit(1)
    )


def agreed_of(session: Session, return_id: int) -> dict[str, Agreed]:
    """What is offered from a return, by indicator; nothing of what was taken back."""
    rows = session.execute(
        select(Practice.key, Practice.text, Practice.version, Person.name, Practice.agreed_at)
        .join(Person, Person.id == Practice.agreed_by)
        .where(Practice.return_id == return_id, Practice.withdrawn_at.is_(None))
        .order_by(Practice.key)
    )
    return {row.key: Agreed(*row[1:]) for row in rows}


def chosen_of(session: Session, return_id: int) -> list[Chosen]:
    """What partnerships chose of a return's texts and would print now."""
    rows = session.execute(
        select(PracticeChoice.partnership_id, PracticeChoice.key, PracticeChoice.text)
        .join(
            Practice,
            (Practice.return_id == PracticeChoice.return_id) & (Practice.key == PracticeChoice.key),
        )
        .where(
            PracticeChoice.return_id == return_id,
            Practice.return_id == return_id,
            Practice.version == PracticeChoice.practice_version,
        )
        .order_by(PracticeChoice.partnership_id, PracticeChoice.key)
    )
    return [Chosen(*row) for row in rows]


def lock_counting(session: Session, row: ReturnRow) -> None:
    """Lock the number of a return that counts, as whoever signs the next one does. Raises NotCounting."""
    session.execute(select(Return.id).where(Return.id == row.id).with_for_update())
    if counting_number(session, row) != row.id:
        raise NotCounting


def agree(session: Session, return_id: int, key: str, text: str, *, by: int, at: datetime) -> bool:
    """Offer a text; False where the very same is offered already. What was made of an earlier one ends."""
    place = (Practice.return_id == return_id, Practice.key == key)
    held = session.execute(select(Practice.text, Practice.version).where(*place)).one_or_none()
    if held is not None and held.text == text:
        return False
    values = {"text": text, "agreed_at": at, "agreed_by": by, "withdrawn_at": None, "withdrawn_by": None}
    if held is None:
        session.execute(insert(Practice).values(return_id=return_id, key=key, version=1, **values))
    else:
        session.execute(update(Practice).where(*place).values(**values, version=held.version + 1))
    version = held.version + 1 if held else 1
    trail.record(session, "practice shared", f"return {return_id}", by=by, at=at, key=key, version=version)
    return True


def take_back(session: Session, return_id: int, keys: Iterable[str], *, by: int, at: datetime) -> list[str]:
    """Take texts back: nothing of them is kept, here or where an officer edited them. Which ones it was."""
    offered = agreed_of(session, return_id)
    taken = [key for key in keys if key in offered]
    for key in taken:
        empty(session, return_id, key, by=by, at=at)
        trail.record(session, "practice taken back", f"return {return_id}", by=by, at=at, key=key)
    return taken


def empty(session: Session, return_id: int, key: str, *, by: int | None, at: datetime) -> None:
    """Keep nothing of a text, here or where an officer edited it."""
    session.execute(
        update(Practice)
        .where(Practice.return_id == return_id, Practice.key == key)
        .values(text="", version=Practice.version + 1, withdrawn_at=at, withdrawn_by=by)
    )
    session.execute(
        update(PracticeChoice)
        .where(PracticeChoice.return_id == return_id, PracticeChoice.key == key)
        .values(text="")
    )
