"""The queue: a round's signed returns as a partnership reads them, the weightiest reasons first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, Subquery, bindparam, case, func, select
from sqlalchemy.orm import Session

from compact.actions.models import Action
from compact.actions.rules import FINISHED
from compact.analysis.counting import counted_returns
from compact.cycles.store import CycleRow
from compact.organisations.models import Organisation
from compact.returns.exception_store import may_be_anothers
from compact.returns.models import Return
from compact.returns.plan import held_by

from .looking import concerns, reasons_of
from .models import ReasonToLook, Review
from .replying import State
from .rules import WEIGHTS, Name, Reason

PAGE = 50
STATEMENTS = 256  # of each kind, by what they ask for: to build one costs more than to run it
PLANS = "the plans of a round's organisations, counted for its officers"
Columns = TypeVarTuple("Columns")

STATE: ColumnElement[str] = case(
    (Review.sent_at.is_not(None), State.TOLD.value),
    (Review.outcome.is_not(None), State.DECIDED.value),
    (Review.return_id.is_not(None), State.LOOKING.value),
    else_=State.NEW.value,
)


@dataclass(frozen=True)
class Queued:
    """A return in the queue, with why to look; the overdue actions are those of this day."""

    return_id: int
    organisation: str
    setting: str
    number: int
    imported: bool
    signed_at: datetime
    state: State
    reasons: tuple[Reason, ...]
    overdue: int


@dataclass(frozen=True)
class Wanted:
    """Which returns of a round somebody wants to see: of one sector or all, in one state or any."""

    cycle_id: int
    partnership: int
    sector: str | None
    state: State | None


def counts(session: Session, wanted: Wanted) -> dict[State, int]:
    """How many returns of the sector are in each state."""
    rows = session.execute(_by_state(wanted))
    found: Mapping[str, int] = {state: number for state, number in rows}  # noqa: C416 # rows are no pairs
    return {state: found.get(state.value, 0) for state in State}


def queue(session: Session, wanted: Wanted, today: date, page: int) -> list[Queued]:
    """One page of the queue, from page 1: by weight of reasons, then by signing, the earliest first."""
    rows = session.execute(_in_order(wanted, today), {"most": PAGE, "before": (page - 1) * PAGE}).all()
    reasons = reasons_of(session, wanted.cycle_id, [row.id for row in rows], wanted.partnership)
    return [
        Queued(
            row.id,
            row.name,
            row.setting,
            row.number,
            row.imported,
            row.signed_at,
            State(row.state),
            tuple(reasons.get(row.id, ())),
            row.overdue,
        )
        for row in rows
    ]


@lru_cache(STATEMENTS)
def _by_state(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    state = STATE.label("state")
    return _listed(wanted, select(state, func.count()).select_from(Return)).group_by("state")


@lru_cache(STATEMENTS)
def _in_order(wanted: Wanted, today: date) -> Select[*tuple[Any, ...]]:
    """One page of the returns that are wanted; those with overdue actions weigh a little more today."""
    overdue = _overdue(wanted, today)
    kept = (
        select(func.coalesce(func.sum(ReasonToLook.weight), 0))
        .where(ReasonToLook.return_id == Return.id, concerns(wanted.partnership))
        .scalar_subquery()
    )
    actions = func.coalesce(overdue.c.actions, 0)
    weight = (kept + case((actions > 0, WEIGHTS[Name.OVERDUE]), else_=0)).label("weight")
    columns = (
        Return.id,
        Organisation.name,
        Return.setting,
        Return.number,
        Return.imported,
        Return.signed_at,
        STATE.label("state"),
        actions.label("overdue"),
        weight,
    )
    of = Organisation.id == Return.organisation_id
    chosen = (
        select(*columns)
        .select_from(Return)
        .join(Organisation, of)
        .outerjoin(overdue, overdue.c.id == Return.id)
    )
    listed = _listed(wanted, chosen).order_by(weight.desc(), Return.signed_at, Return.id)
    if wanted.state is not None:
        listed = listed.where(STATE.in_([wanted.state.value]))
    listed = listed.limit(bindparam("most")).offset(bindparam("before"))
    return listed.execution_options(beyond_scope=PLANS)


def _listed(wanted: Wanted, statement: Select[*Columns]) -> Select[*Columns]:
    """Of a statement on returns those that count in the round, with the partnership's reviews."""
    counting = counted_returns(wanted.cycle_id, wanted.partnership, wanted.sector).cte("counted")
    return (
        statement.join(counting, counting.c.id == Return.id)
        .outerjoin(Review, (Review.return_id == Return.id) & (Review.partnership_id == wanted.partnership))
        .where(Return.cycle_id == wanted.cycle_id)
    )


def _overdue(wanted: Wanted, today: date) -> Subquery:
    """How many actions are overdue of each return's organisation, for those that have any."""
    counting = counted_returns(wanted.cycle_id, wanted.partnership, wanted.sector).cte("counting")
    held = held_by(today)
    return (
        select(Return.id, func.count().label("actions"))
        .join(counting, counting.c.id == Return.id)
        .join(held, held.c.holder_id == Return.organisation_id)
        .join(Action, Action.organisation_id == held.c.organisation_id)
        .where(
            Action.status.not_in(FINISHED),
            Action.due < today,
            ~may_be_anothers(wanted.partnership),
        )
        .group_by(Return.id)
        .subquery("overdue")
    )


def newest_signed(session: Session, cycles: Sequence[CycleRow]) -> CycleRow | None:
    """Of rounds, the newest one first, the first in which somebody has signed."""
    ids = [each.id for each in cycles]
    signed = set(
        session.scalars(
            select(Return.cycle_id).where(Return.cycle_id.in_(ids), Return.status == "signed").distinct()
        )
    )
    return next((each for each in cycles if each.id in signed), None)


def pages(total: int) -> Sequence[int]:
    """The numbers of the pages; there is always a first."""
    return range(1, max(1, -(-total // PAGE)) + 1)
