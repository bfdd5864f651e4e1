"""Six-month updates of a round's plans: whom to ask, what came in, and how far all the actions are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
    select,
)
from sqlalchemy.orm import Session

from compact.actions.models import Action, ActionUpdate
from compact.actions.rules import FINISHED, STATUSES
from compact.analysis.counting import counted_returns
from compact.cycles.models import Cycle
from compact.organisations.models import Organisation, Succession
from compact.questionnaire.values import Edition
from compact.returns.exception_store import may_be_anothers
from compact.returns.models import Return
from compact.returns.plan import held_by
from compact.trail import store as trail
from compact.web.clock import local_day

from .going_on import Going, Stage
from .models import Review, UpdateRequest
from .queue import STATEMENTS

# Half a year has at least so many days.
Returns = Select[int] | CompoundSelect[int]  # the ids of returns
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
    plan = _open_actions(counted_returns(cycle_id, partnership), partnership, today)
    return _in_order(session.execute(_plans(plan, partnership, today)), today)


def plans_of_round(
    session: Session, cycle_id: int, partnership: int, edition: Edition, today: date
) -> tuple[list[PlanGoing], Progress]:
    """The same, and how far all the actions of the round's organisations are: read at once, they are many.

    An action for an indicator that this edition does not ask is in the whole, and in no standard.
    """
    plans, planned = [], defaultdict[str, list[str]](list)
    for *plan, setting, actions in session.execute(_all_plans(cycle_id, partnership, today)):
        planned[setting].append(actions)
        plans.append(plan)
    return _in_order(plans, today), _progress(planned, edition)


def _in_order(plans: Iterable[Any], today: date) -> list[PlanGoing]:
    """Those plans that have something open, by the day their update is due."""
    found = []
    for return_id, organisation_id, name, many, overdue, _, *moments in plans:
        if many:
            due_on, going, stage = _going(*moments, today)
            plan = PlanGoing(return_id, organisation_id, name, many, overdue, going, stage)
            found.append((due_on, name, return_id, plan))
    return [plan for *_, plan in sorted(found)]


def _progress(planned: Mapping[str, Iterable[str]], edition: Edition) -> Progress:
    """The actions by status and standard; they are given by sector, as `_all_actions` names them."""
    statuses = dict.fromkeys(STATUSES, 0)
    standards = {number: dict.fromkeys(STATUSES, 0) for number in edition.standards}
    for setting, named in planned.items():
        asked = edition.questionnaires[setting].by_key
        for action, many in Counter(",".join(named).split(",")).items():
            status, _, key = action.partition(" ")
            statuses[status] += many
            if indicator := asked.get(key):
                standards[indicator.standard][status] += many
    return Progress(
        statuses, {number: counts for number, counts in standards.items() if any(counts.values())}
    )


@lru_cache(4096)  # it is asked again of the same moments, for each page
def _going(
    signed_at: datetime,
    sent_at: datetime | None,
    asked_at: datetime | None,
    written: datetime | None,
    today: date,
) -> tuple[date, Going, Stage]:
    """The day an update is due and how far it is, by the local days of these moments."""
    going = Going(local_day(signed_at), *(_day(each) for each in (sent_at, asked_at, written)))
    return going.due_on, going, going.stage(today)


def _day(moment: datetime | None) -> date | None:
    return local_day(moment) if moment else None


@lru_cache(STATEMENTS)
def _all_plans(cycle_id: int, partnership: int, today: date) -> Select[*tuple[Any, ...]]:
    plan = _all_actions(counted_returns(cycle_id, partnership), partnership, today)
    return _plans(plan, partnership, today).add_columns(Return.setting, plan.c.planned)


def _of(what: type[Review] | type[UpdateRequest], partnership: int) -> ColumnElement[bool]:
    return and_(what.return_id == Return.id, what.partnership_id == partnership)


def _plans(plan: Subquery, partnership: int, today: date) -> Select[*tuple[Any, ...]]:
    """The organisations whose plans these are with what is open in them, and what `_going` is asked."""
    return (
        select(
            Return.id,
            Return.organisation_id,
            Organisation.name,
            plan.c.open,
            plan.c.overdue,
            Return.cycle_id,
            Return.signed_at,
            Review.sent_at,
            UpdateRequest.asked_at,
            last_written(today),
        )
        .select_from(plan)
        .join(Return, Return.id == plan.c.id)
        .join(Organisation, Organisation.id == Return.organisation_id)
        .outerjoin(Review, _of(Review, partnership))
        .outerjoin(UpdateRequest, _of(UpdateRequest, partnership))
        .execution_options(beyond_scope=PLANS)
    )


def _open_actions(returns: Returns, partnership: int, today: date) -> Subquery:
    """How many open actions the plan of each of these returns' organisations has, and how many are overdue.

    They are counted apart: with all that is said of a return SQLite would sort them by all of it.
    """
    overdue = func.sum(case((Action.due < today, 1), else_=0))
    counted = _of_plans(returns, partnership, today, func.count().label("open"), overdue.label("overdue"))
    return counted.where(Action.status.not_in(FINISHED)).subquery("plan")


def _all_actions(returns: Returns, partnership: int, today: date) -> Subquery:
    """The same of all plans, with the status and indicator of each action as one text.

    To go through the actions a second time, to count them by these, costs half as much again.
    """
    is_open = Action.status.not_in(FINISHED)
    return _of_plans(
        returns,
        partnership,
        today,
        func.sum(case((is_open, 1), else_=0)).label("open"),
        func.sum(case((is_open & (Action.due < today), 1), else_=0)).label("overdue"),
        func.aggregate_strings(Action.status + " " + Action.key, ",").label("planned"),
    ).subquery("plan")


def _of_plans(
    returns: Returns, partnership: int, today: date, *what: ColumnElement[Any]
) -> Select[*tuple[Any, ...]]:
    """Something of the actions in the plan of each of these returns' organisations."""
    held = held_by(today)
    return (
        select(Return.id, *what)
        .join(held, held.c.holder_id == Return.organisation_id)
        .join(Action, Action.organisation_id == held.c.organisation_id)
        .where(Return.id.in_(returns), ~may_be_anothers(partnership))
        .group_by(Return.id)
    )


def last_written(today: date) -> ScalarSelect[datetime]:
    """When somebody last said how the plan of a return's organisation is going."""
    own = select(Return.organisation_id).correlate(Return)
    over = select(Succession.old_id).where(
        Succession.new_id == Return.organisation_id, Succession.on <= today
    )
    return (
        select(func.max(ActionUpdate.at))
        # Not a join: SQLite would go through all that is held, for each of the returns.
        .where(
            ActionUpdate.organisation_id.in_(own.union_all(over.correlate(Return))),
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
