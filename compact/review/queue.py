"""The queue: a round's signed returns as a partnership reads them, the weightiest reasons first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from compact.actions.models import Action
from compact.actions.rules import FINISHED
from compact.analysis.counting import counted_returns
from compact.cycles.store import CycleRow
from compact.organisations.models import Organisation
from compact.returns.exception_store import may_be_anothers
from compact.returns.models import Return

from .looking import concerns, reasons_of
from .models import ReasonToLook, Review
from .plans import PLANS, STATEMENTS, in_plan, of_partnership
from .replying import State
from .rules import WEIGHTS, Name, Reason

PAGE = 50
Column = ColumnElement[Any] | InstrumentedAttribute[Any]

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
    return _listed(wanted, state, func.count()).group_by("state")


@lru_cache(STATEMENTS)
def _in_order(wanted: Wanted, today: date) -> Select[*tuple[Any, ...]]:
    """One page of the returns that are wanted; those with overdue actions weigh a little more today.

    Their weights choose the page, and the rest is read of those that are on it alone.
    """
    page = _page(wanted, today).subquery("page")
    overdue = in_plan(
        lambda held: _overdue(wanted, held, today).with_only_columns(func.count()).scalar_subquery(),
        Action.organisation_id,
        today,
    )
    return (
        select(
            Return.id,
            Organisation.name,
            Return.setting,
            Return.number,
            Return.imported,
            Return.signed_at,
            page.c.state,
            overdue.label("overdue"),
        )
        .join_from(page, Return, Return.id == page.c.id)
        .join(Organisation, Organisation.id == Return.organisation_id)
        .order_by(page.c.weight.desc(), Return.signed_at, Return.id)
        .execution_options(beyond_scope=PLANS)
    )


def _page(wanted: Wanted, today: date) -> Select[*tuple[Any, ...]]:
    """The returns of one page, each with its state and weight: what was kept, and what is overdue today."""
    kept = (
        select(func.coalesce(func.sum(ReasonToLook.weight), 0))
        .where(ReasonToLook.return_id == Return.id, concerns(wanted.partnership))
        .scalar_subquery()
    )
    is_overdue = in_plan(lambda held: _overdue(wanted, held, today).exists(), Action.organisation_id, today)
    weight = (kept + case((is_overdue, WEIGHTS[Name.OVERDUE]), else_=0)).label("weight")
    listed = _listed(wanted, Return.id, STATE.label("state"), weight)
    if wanted.state is not None:
        listed = listed.where(STATE.in_([wanted.state.value]))
    listed = listed.order_by(weight.desc(), Return.signed_at, Return.id)
    return listed.limit(bindparam("most")).offset(bindparam("before"))


def _listed(wanted: Wanted, *what: Column) -> Select[*tuple[Any, ...]]:
    """Something of the returns that count in the round, with the partnership's reviews."""
    return (
        counted_returns(wanted.cycle_id, wanted.partnership, wanted.sector)
        .with_only_columns(*what)
        .select_from(Return)
        .outerjoin(Review, of_partnership(Review, wanted.partnership))
    )


def _overdue(wanted: Wanted, held: ColumnElement[bool], today: date) -> Select[int]:
    """What is overdue today of the actions that are held so."""
    is_late = (Action.status.not_in(FINISHED), Action.due < today)
    return select(Action.id).where(held, *is_late, ~may_be_anothers(wanted.partnership))


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
