"""Opening a signed return again: its next number as a draft with everything in it. Flushes, never commits.

The signed number stays as it is, can still be verified, and counts until the next one is signed.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, literal, null, select
from sqlalchemy.orm import Session

from compact.access import scope
from compact.db import Base, table
from compact.returns.models import (
    Answer,
    AnswerHistory,
    Exception_,
    ProfileFact,
    Reopening,
    Return,
    ReturnArea,
)
from compact.returns.reading import ReturnRow
from compact.trail import store as trail


class NotReopened(Exception):  # noqa: N818 - it says what happened
    """The return was not reopened: it is not signed, or not its highest number any more."""


# What a return is pinned to stays: it is the same organisation's answer to the same round.
_PINNED = ("cycle_id", "organisation_id", "setting", "phase", "trust_id")


def reopen(session: Session, row: ReturnRow, reason: str, *, by: int, at: datetime) -> int:
    """Open the next number of a return; its id. Raises NotReopened.

    Whoever reopens locks the signed number first, so that of two officers one finds what the other has made.
    """
    signed = session.execute(select(table(Return)).where(Return.id == row.id).with_for_update()).one()
    highest = session.scalar(
        select(func.max(Return.number)).where(
            Return.cycle_id == row.cycle_id, Return.organisation_id == row.organisation_id
        )
    )
    if signed.status != "signed" or signed.number != highest:
        raise NotReopened
    number = signed.number + 1
    made = Return(number=number, status="draft", imported=False, version=1, started_at=at)
    for name in _PINNED:
        setattr(made, name, getattr(signed, name))
    session.add(made)
    session.flush()
    scope.take_in(made.id)
    _copy(session, row.id, made.id)
    session.execute(insert(Reopening).values(return_id=made.id, by_id=by, reason=reason))
    opened = {"number": number, "opened": f"return {made.id}", "reason": reason}
    trail.record(session, "return reopened", f"return {row.id}", by=by, at=at, **opened)
    return made.id


def _copy(session: Session, old: int, new: int) -> None:
    """Copy areas, facts, answers and exceptions. Results and evidence belong to what was signed."""
    for model in (ReturnArea, ProfileFact, Exception_):
        _copy_rows(session, model, old, new)
    _copy_rows(session, Answer, old, new, version=literal(1))
    # Each answer begins its history here as well; who wrote it stands in the history of the earlier number.
    columns = [column.name for column in table(AnswerHistory).columns]
    answer = table(Answer).c
    copied = select(*(null() if name == "updated_by" else answer[name] for name in columns))
    session.execute(insert(AnswerHistory).from_select(columns, copied.where(answer.return_id == new)))


def _copy_rows(session: Session, model: type[Base], old: int, new: int, **other: ColumnElement[Any]) -> None:
    """Copy a table's rows from one return to another, but for the columns in `other`."""
    source = table(model)
    values: dict[str, ColumnElement[Any]] = {column.name: column for column in source.columns}
    values |= {"return_id": literal(new), **other}
    rows = select(*values.values()).where(source.c.return_id == old)
    session.execute(insert(source).from_select(list(values), rows))
