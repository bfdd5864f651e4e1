"""Parts of statements on the plans of returns: what the desk asks of all that an organisation has planned."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from compact.actions.models import ActionUpdate
from compact.organisations.models import Succession
from compact.returns.models import Return

from .models import Review, UpdateRequest

T = TypeVar("T")
PLANS = "the plans of a round's organisations, read for its officers"
STATEMENTS = 256  # of each kind, by what they ask for: to build one costs more than to run it


def of_partnership(what: type[Review] | type[UpdateRequest], partnership: int) -> ColumnElement[bool]:
    """The partnership's review of a return, or its request."""
    return and_(what.return_id == Return.id, what.partnership_id == partnership)


def last_written(today: date) -> ColumnElement[datetime]:
    """When somebody last said how the plan of a return's organisation is going."""
    said = (ActionUpdate.by_id.is_not(None), ActionUpdate.version > 1)
    last = select(func.max(ActionUpdate.at)).where(*said)
    return in_plan(lambda held: last.where(held).scalar_subquery(), ActionUpdate.organisation_id, today)


def in_plan(
    what: Callable[[ColumnElement[bool]], ColumnElement[T]], holder: InstrumentedAttribute[int], today: date
) -> ColumnElement[T]:
    """What is asked of all in the plan of a return's organisation: its own, and of whom it took over from.

    Most have taken over from nobody: SQLite finds what is their own much faster than what is in a list.
    """
    own = Return.organisation_id
    over = select(Succession.old_id).where(Succession.new_id == own, Succession.on <= today)
    over = over.correlate(Return)
    all_held = over.union_all(select(own).correlate(Return))
    return case((over.exists(), what(holder.in_(all_held))), else_=what(holder == own))
