"""Six-month updates of a round's plans: whom to ask, what came in, and how far all the actions are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    case,
    func,
    insert,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from compact.actions.models import Action, ActionUpdate
from compact.actions.rules import FINISHED, STATUSES
from compact.analysis.counting import counted_returns
from compact.cycles.models import Cycle
from compact.organisations.models import Organisation
from compact.questionnaire.values import Edition
from compact.returns.exception_store import may_be_anothers
from compact.returns.models import Return
from compact.returns.plan import held_by
from compact.trail import store as trail
from compact.web.clock import local_day, start_of

from .going_on import Going, Stage
from .models import Review, UpdateRequest
from .queue import STATEMENTS

# Half a year has at least so many days.
HALF_A_YEAR = timedelta(days=181)
PLANS = "the plans of a round's organisations, read for its officers"


class PlanGoing(NamedTuple):
    """An organisation with open actions in its plan, and how far its update is."""

    return_id: int
    organisation_id: int
    organisation: str
    open: int
    overdue: int
    going: Going
    stage: Stage


@dataclass(frozen=True)
class Progress:
    """How many actions have each status: of all, and by standard."""

    statuses: Mapping[str, int]
    standards: Mapping[int, Mapping[str, int]]


def plans_going(session: Session, cycle_id: int, partnership: int, today: date) -> list[PlanGoing]:
    """Every organisation whose signed return counts and whose plan has open actions, the next due first."""
    rows = session.execute(_all_plans(cycle_id, partnership, today)).all()
    found = []
    for _, return_id, organisation_id, name, many, overdue, *moments in rows:
        going, stage = _going(*moments, today)
        found.append(PlanGoing(return_id, organisation_id, name, many, overdue, going, stage))
    return sorted(found, key=lambda each: (each.going.due_on, each.organisation, each.return_id))


def waiting_by_cycle(
    session: Session, cycles: Sequence[int], partnership: int, today: date
) -> dict[int, Counter[Stage]]:
    """How many plans of each of several rounds are to be asked about, or overdue; of others only some."""
    found: dict[int, Counter[Stage]] = {each: Counter() for each in cycles}
    for cycle, _, _, _, _, _, *moments in session.execute(_plans_waiting(tuple(cycles), partnership, today)):
        found[cycle][_going(*moments, today)[1]] += 1
    return found


@lru_cache(4096)  # it is asked again of the same moments: for each page, and for the officer's home
def _going(
    signed_at: datetime,
    sent_at: datetime | None,
    asked_at: datetime | None,
    written: datetime | None,
    today: date,
) -> tuple[Going, Stage]:
    """How far an update is, by the local days of these moments."""
    going = Going(local_day(signed_at), *(_day(each) for each in (sent_at, asked_at, written)))
    return going, going.stage(today)


def _day(moment: datetime | None) -> date | None:
    return local_day(moment) if moment else None


@lru_cache(STATEMENTS)
def _all_plans(cycle_id: int, partnership: int, today: date) -> Select[*tuple[Any, ...]]:
    return _plans(counted_returns(cycle_id, partnership), partnership, today)


@lru_cache(STATEMENTS)
def _plans_waiting(cycles: tuple[int, ...], partnership: int, today: date) -> Select[*tuple[Any, ...]]:
    """The plans that were asked about, or might be on a day."""
    due = start_of(today - HALF_A_YEAR + timedelta(days=1))
    began = func.coalesce(Review.sent_at, Return.signed_at)
    waiting = (
        counted_returns(each, partnership)
        .outerjoin(Review, _of(Review, partnership))
        .outerjoin(UpdateRequest, _of(UpdateRequest, partnership))
        .where(or_(UpdateRequest.asked_at.is_not(None), began < due))
        for each in cycles
    )
    return _plans(union_all(*waiting), partnership, today)


def _of(what: type[Review] | type[UpdateRequest], partnership: int) -> ColumnElement[bool]:
    return and_(what.return_id == Return.id, what.partnership_id == partnership)


def _plans(
    returns: Select[int] | CompoundSelect[int], partnership: int, today: date
) -> Select[*tuple[Any, ...]]:
    """The organisations of these returns with what is open in their plans, and what `_going` is asked."""
    plan = _open_actions(returns, partnership, today)
    return (
        select(
            Return.cycle_id,
            Return.id,
            Return.organisation_id,
            Organisation.name,
            plan.c.open,
            plan.c.overdue,
            Return.signed_at,
            Review.sent_at,
            UpdateRequest.asked_at,
            _last_written(today),
        )
        .select_from(plan)
        .join(Return, Return.id == plan.c.id)
        .join(Organisation, Organisation.id == Return.organisation_id)
        .outerjoin(Review, _of(Review, partnership))
        .outerjoin(UpdateRequest, _of(UpdateRequest, partnership))
        .execution_options(beyond_scope=PLANS)
    )


def _open_actions(returns: Select[int] | CompoundSelect[int], partnership: int, today: date) -> Subquery:
    """How many open actions the plan of each of these returns' organisations has, and how many are overdue.

    They are counted apart: with all that is said of a return SQLite would sort them by all of it.
    """
    held = held_by(today)
    return (
        select(
            Return.id,
            func.count().label("open"),
            func.sum(case((Action.due < today, 1), else_=0)).label("overdue"),
        )
        .join(held, held.c.holder_id == Return.organisation_id)
        .join(Action, Action.organisation_id == held.c.organisation_id)
        .where(Return.id.in_(returns), Action.status.not_in(FINISHED), ~may_be_anothers(partnership))
        .group_by(Return.id)
        .subquery("plan")
    )


def _last_written(today: date) -> ScalarSelect[datetime]:
    """When somebody last said how the plan of a return's organisation is going."""
    of = held_by(today)
    return (
        select(func.max(ActionUpdate.at))
        # Not a join: SQLite would go through all that is held, for each of the returns.
        .where(
            ActionUpdate.organisation_id.in_(
                select(of.c.organisation_id).where(of.c.holder_id == Return.organisation_id).correlate(Return)
            ),
            ActionUpdate.by_id.is_not(None),
            ActionUpdate.version > 1,
        )
        .scalar_subquery()
    )


def ask(
    session: Session, cycle_id: int, partnership: int, *, by: int, at: datetime, today: date
) -> Sequence[PlanGoing]:
    """Note that every organisation whose update is due is asked for it; those, each once."""
    session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update())
    due = [each for each in plans_going(session, cycle_id, partnership, today) if each.stage is Stage.DUE]
    for each in due:
        place = {"return_id": each.return_id, "partnership_id": partnership}
        session.execute(
            insert(UpdateRequest)
            .values(**place, asked_at=at, by_id=by)
            .execution_options(beyond_scope="requests to a round's organisations, by its officers")
        )
        what = "update asked for"
        trail.record(session, what, f"return {each.return_id}", by=by, at=at, partnership=partnership)
    return due


def progress(session: Session, cycle_id: int, partnership: int, edition: Edition, today: date) -> Progress:
    """How far all the actions of the round's organisations are, by status and standard.

    An action for an indicator that this edition does not ask is in the whole, and in no standard.
    """
    rows = session.execute(_by_status(cycle_id, partnership, today))
    statuses = dict.fromkeys(STATUSES, 0)
    standards = {number: dict.fromkeys(STATUSES, 0) for number in edition.standards}
    for setting, key, status, many in rows:
        statuses[status] += many
        if indicator := edition.questionnaires[setting].by_key.get(key):
            standards[indicator.standard][status] += many
    return Progress(
        statuses, {number: counts for number, counts in standards.items() if any(counts.values())}
    )


@lru_cache(STATEMENTS)
def _by_status(cycle_id: int, partnership: int, today: date) -> Select[*tuple[Any, ...]]:
    """How many actions each sector has of each indicator and status."""
    counted, held = counted_returns(cycle_id, partnership), held_by(today)
    return (
        select(Return.setting, Action.key, Action.status, func.count())
        .select_from(Return)
        .join(held, held.c.holder_id == Return.organisation_id)
        .join(Action, Action.organisation_id == held.c.organisation_id)
        .where(Return.id.in_(counted), ~may_be_anothers(partnership))
        .group_by(Return.setting, Action.key, Action.status)
        .execution_options(beyond_scope=PLANS)
    )
