"""The returns of organisations at a glance."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from compact.cycles.extensions import extended_in_round
from compact.cycles.models import Due
from compact.cycles.rules import last_day
from compact.cycles.store import CycleRow, works_in
from compact.db import table
from compact.organisations.models import Organisation

from .models import Return

_return = table(Return).c


class ReturnState(NamedTuple):
    """The highest number of a return, and the one before it: while this is a draft, that one counts.

    `late_after` is the last day that its signature missed, if it did.
    """

    return_id: int
    number: int
    status: str
    imported: bool
    signed_at: datetime | None
    late_after: date | None
    before: "ReturnState | None" = None


class ReturnListed(NamedTuple):
    """An organisation that is due in a round, and how far its return is."""

    organisation_id: int
    organisation: str
    state: ReturnState | None
    extended_until: date | None
    last_day: date

    @property
    def is_open(self) -> bool:
        """Whether more time means anything: the highest number is not signed."""
        return self.state is None or self.state.status == "draft"


def returns_in_sector(session: Session, cycle: CycleRow, partnership: int, sector: str) -> list[ReturnListed]:
    """The organisations of a sector that are due in a round, as one of its partnerships sees them."""
    due = session.execute(_due_in(cycle.id, partnership, sector)).all()
    states = _states(session, _of_sector(cycle.id, sector))
    until = extended_in_round(session, cycle.id)
    return [
        ReturnListed(
            organisation_id,
            name,
            states.get((cycle.id, organisation_id)),
            until.get(organisation_id),
            last_day(cycle.closes, until.get(organisation_id)),
        )
        for organisation_id, name in due
    ]


@lru_cache(256)  # to build a statement costs more than to run it
def _due_in(cycle_id: int, partnership: int, sector: str) -> Select[int, str]:
    return (
        select(Organisation.id, Organisation.name)
        .join(Due, Due.organisation_id == Organisation.id)
        .where(Due.cycle_id == cycle_id, Organisation.setting == sector, works_in([partnership]))
        .order_by(Organisation.name, Organisation.id)
    )


def returns_of(session: Session, organisations: Sequence[int]) -> dict[tuple[int, int], ReturnState]:
    """The highest number of each return of these organisations, by (cycle, organisation)."""
    return _states(session, _numbers(_return.organisation_id.in_(organisations)))


@lru_cache(256)
def _of_sector(cycle_id: int, sector: str) -> Select[*tuple[Any, ...]]:
    """The returns of a round of organisations that are of a sector now."""
    of_sector = select(Organisation.id).where(Organisation.setting == sector)
    return _numbers(_return.cycle_id == cycle_id, _return.organisation_id.in_(of_sector))


def _numbers(*of: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            _return.cycle_id,
            _return.organisation_id,
            _return.id,
            _return.number,
            _return.status,
            _return.imported,
            _return.signed_at,
            _return.late_after,
        )
        .where(*of)
        .order_by(_return.number)
    )


def _states(session: Session, numbers: Select[*tuple[Any, ...]]) -> dict[tuple[int, int], ReturnState]:
    states: dict[tuple[int, int], ReturnState] = {}
    for cycle_id, organisation_id, *of_number in session.execute(numbers).all():
        return_id, number, status, imported, signed_at, late_after = of_number
        place = (cycle_id, organisation_id)
        states[place] = ReturnState(
            return_id, number, status, imported, signed_at, late_after, before=states.get(place)
        )
    return states
