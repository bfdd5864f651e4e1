"""Six-month updates of a round's plans: whom to ask, what came in, and how far all the actions are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, Select, case, func, insert, or_, select, union_all
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
    found = []
    for row in session.execute(_plans((cycle_id,), partnership, today)):
        going = _going(row)
        open_and_overdue = (row.open, row.overdue)
        found.append(
            PlanGoing(row.id, row.organisation_id, row.name, *open_and_overdue, going, going.stage(today))
        )
    return sorted(found, key=lambda each: (each.going.due_on, each.organisation, each.return_id))


def waiting_by_cycle(
    session: Session, cycles: Sequence[int], partnership: int, today: date
) -> dict[int, Counter[Stage]]:
    """How many plans of each of several rounds are to be asked about, or overdue; of others only some."""
    found: dict[int, Counter[Stage]] = {each: Counter() for each in cycles}
    for row in session.execute(_plans_waiting(tuple(cycles), partnership, today)):
        found[row.cycle_id][_going(row).stage(today)] += 1
    return found


@lru_cache(STATEMENTS)
def _plans_waiting(cycles: tuple[int, ...], partnership: int, today: date) -> Select[*tuple[Any, ...]]:
    """The plans that were asked about, or might be on a day."""
    due = start_of(today - HALF_A_YEAR + timedelta(days=1))
    began = func.coalesce(Review.sent_at, Return.signed_at)
    return _plans(cycles, partnership, today).where(or_(UpdateRequest.asked_at.is_not(None), began < due))


def _going(row: Any) -> Going:
    moments = (row.sent_at, row.asked_at, row.written)
    return Going(local_day(row.signed_at), *(_day(each) for each in moments))


@lru_cache(STATEMENTS)
def _plans(cycles: tuple[int, ...], partnership: int, today: date) -> Select[*tuple[Any, ...]]:
    """The organisations with what is open in their plans, and the moments that `Going` is made of."""
    counting = union_all(*(counted_returns(each, partnership) for each in cycles)).cte("counted")
    held, written = held_by(today), last_written(today)
    grouped = (
        Return.id,
        Return.cycle_id,
        Return.organisation_id,
        Organisation.name,
        Return.signed_at,
        Review.sent_at,
        UpdateRequest.asked_at,
    )
    overdue = func.sum(case((Action.due < today, 1), else_=0)).label("overdue")
    of_review = (Review.return_id == Return.id) & (Review.partnership_id == partnership)
    of_request = (UpdateRequest.return_id == Return.id) & (UpdateRequest.partnership_id == partnership)
    return (
        select(*grouped, func.count().label("open"), overdue, written.label("written"))
        .select_from(Return)
        .join(counting, counting.c.id == Return.id)
        .join(Organisation, Organisation.id == Return.organisation_id)
        .join(held, held.c.holder_id == Return.organisation_id)
        .join(Action, Action.organisation_id == held.c.organisation_id)
        .outerjoin(Review, of_review)
        .outerjoin(UpdateRequest, of_request)
        .where(Action.status.not_in(FINISHED), ~may_be_anothers(partnership))
        .group_by(*grouped)
        .execution_options(beyond_scope=PLANS)
    )


def last_written(today: date) -> ScalarSelect[datetime]:
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


def _day(moment: datetime | None) -> date | None:
    return local_day(moment) if moment else None


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
    counting, held = counted_returns(cycle_id, partnership).cte("counted"), held_by(today)
    return (
        select(Return.setting, Action.key, Action.status, func.count())
        .select_from(Return)
        .join(counting, counting.c.id == Return.id)
        .join(held, held.c.holder_id == Return.organisation_id)
        .join(Action, Action.organisation_id == held.c.organisation_id)
        .where(~may_be_anothers(partnership))
        .group_by(Return.setting, Action.key, Action.status)
        .execution_options(beyond_scope=PLANS)
    )
