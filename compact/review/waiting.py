"""What waits in several rounds: returns for which step of a partnership's, and plans to be asked about."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, union_all
from sqlalchemy.orm import Session

from compact.actions.models import Action
from compact.actions.rules import FINISHED
from compact.analysis.counting import counted_returns
from compact.returns.exception_store import may_be_anothers
from compact.returns.models import Return
from compact.web.clock import end_of, local_day, start_of

from .going_on import PATIENCE, Going, Stage, last_day_due
from .models import Review, UpdateRequest
from .plans import PLANS, STATEMENTS, in_plan, last_written, of_partnership
from .queue import STATE
from .replying import State


@dataclass(frozen=True)
class HowFar:
    """How many of a round's returns that count are in each state, and how many of their plans are due or
    overdue; of the plans that came in, only some."""

    returns: Counter[State] = field(default_factory=Counter)
    plans: Counter[Stage] = field(default_factory=Counter)


def waiting_by_cycle(
    session: Session, cycles: Sequence[int], partnership: int, today: date
) -> Mapping[int, HowFar]:
    """What waits in each of these rounds, by their ids."""
    found = {each: HowFar() for each in cycles}
    for cycle_id, state, is_asked, number, signed_at, *moments in session.execute(
        _waiting(tuple(cycles), partnership, today)
    ):
        found[cycle_id].returns[State(state)] += number
        if is_asked is not None:
            found[cycle_id].plans[_stage(is_asked, signed_at, moments, today)] += number
    return found


def _stage(
    is_asked: bool, signed_at: datetime | None, moments: Sequence[datetime | None], today: date
) -> Stage:
    """How far a plan is that waits, unless somebody wrote how it is going: that may be its update."""
    if signed_at is None:
        return Stage.OVERDUE if is_asked else Stage.DUE
    days = (local_day(each) if each else None for each in moments)
    return Going(local_day(signed_at), *days).stage(today)


@lru_cache(STATEMENTS)
def _waiting(cycles: tuple[int, ...], partnership: int, today: date) -> Select[*tuple[Any, ...]]:
    """The returns that count by their state, and whether their plan was asked about too long ago (true), can
    be asked about (false), or neither (nothing).

    Where nobody wrote anything that tells how far a plan is, it is only counted; the others each come with
    the moments of signing, reply, request and last update: whether that counts is a matter of days.
    """
    parts = (_of_round(each, partnership, today) for each in cycles)
    each = union_all(*parts).subquery("waiting")
    told = [
        case((each.c.written.is_not(None), moment))
        for moment in (each.c.signed_at, each.c.sent_at, each.c.asked_at)
    ]
    alike = (each.c.cycle_id, each.c.state, each.c.is_asked, *told, each.c.written)
    return select(*alike[:3], func.count(), *alike[3:]).group_by(*alike).execution_options(beyond_scope=PLANS)


def _of_round(cycle_id: int, partnership: int, today: date) -> Select[*tuple[Any, ...]]:
    """The returns of one round, each with its state and the moments that tell how far its plan is."""
    began = func.coalesce(Review.sent_at, Return.signed_at)
    patient_since = start_of(today - PATIENCE)
    is_overdue = UpdateRequest.asked_at < patient_since
    is_due = and_(UpdateRequest.asked_at.is_(None), began < end_of(last_day_due(today)))
    # What was signed since then was neither replied to nor asked about before: it is left out early.
    may_wait = and_(Return.signed_at < patient_since, or_(is_overdue, is_due))
    asked_at = UpdateRequest.asked_at
    has_open_action = in_plan(lambda held: _open(held, partnership), Action.organisation_id, today)
    waits = and_(may_wait, has_open_action)
    return (
        counted_returns(cycle_id, partnership)
        .with_only_columns(
            Return.cycle_id,
            STATE.label("state"),
            Return.signed_at,
            Review.sent_at,
            asked_at,
            case((waits, asked_at.is_not(None))).label("is_asked"),
            case((may_wait, last_written(today))).label("written"),
        )
        .outerjoin(Review, of_partnership(Review, partnership))
        .outerjoin(UpdateRequest, of_partnership(UpdateRequest, partnership))
    )


def _open(held: ColumnElement[bool], partnership: int) -> ColumnElement[bool]:
    """Whether something open is held so."""
    return exists().where(held, Action.status.not_in(FINISHED), ~may_be_anothers(partnership))
