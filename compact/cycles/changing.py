"""A round corrected, or removed while nobody knows of it. Flushes, never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from compact.db import Base

from .models import Cycle, CyclePartnership, CycleSetting, Due, EditionText, Excused, Extension

_WHO_AND_WHEN: Sequence[type[Base]] = (Extension, Excused, Due, CycleSetting, CyclePartnership)


@dataclass(frozen=True)
class Changed:
    """What of a round can be corrected."""

    name: str
    opens: date
    closes: date
    threshold: int


def has_begun(session: Session, cycle_id: int) -> bool:
    """Whether anything but who is asked and when hangs on a round: a launch, a return, a mail, a call."""
    return bool(session.scalar(select(or_(*_hanging_on(cycle_id)))))


def _hanging_on(cycle_id: int) -> list[ColumnElement[bool]]:
    own = {each.__table__ for each in _WHO_AND_WHEN}
    return [
        exists().where(key.parent == cycle_id)
        for table in Base.metadata.sorted_tables
        if table not in own
        for key in table.foreign_keys
        if key.column is Cycle.__table__.c.id
    ]


def change_cycle(session: Session, cycle_id: int, was: Changed, changed: Changed) -> bool:
    """Correct a round; False, and nothing done, where it is not any more what the officer was shown."""
    done = session.execute(
        update(Cycle)
        .where(
            Cycle.id == cycle_id,
            Cycle.name == was.name,
            Cycle.opens == was.opens,
            Cycle.closes == was.closes,
            Cycle.threshold == was.threshold,
        )
        .values(name=changed.name, opens=changed.opens, closes=changed.closes, threshold=changed.threshold)
        .returning(Cycle.id)
    )
    return done.first() is not None


def remove_cycle(session: Session, cycle_id: int, edition: str) -> None:
    """Remove a round that has not begun. Where no other used its edition, its words can change again."""
    for model in _WHO_AND_WHEN:
        session.execute(delete(model).where(model.__table__.c.cycle_id == cycle_id))
    session.execute(delete(Cycle).where(Cycle.id == cycle_id))
    session.execute(
        delete(EditionText).where(EditionText.edition == edition, ~exists().where(Cycle.edition == edition))
    )
