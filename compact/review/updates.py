"""Six-month updates of a round's plans: whom to ask, what came in, and how far all the actions are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    case,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Session

from compact.actions.models import Action
from compact.actions.rules import FINISHED, STATUSES
from compact.analysis.counting import counted_returns
from compact.cycles.models import Cycle
from compact.organisations.models import Organisation
from compact.questionnaire.values import Edition
from compact.returns.exception_store import may_be_anothers
from compact.returns.models import Return
from compact.trail import store as trail
from compact.web.clock import local_day

from .going_on import Going, Stage
from .models import Review, UpdateRequest
from .plans import PLANS, STATEMENTS, in_plan, last_written, of_partnership

_OVERDUE, _OPEN = "!", "+"  # how an action is marked in the text of a plan


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
    return _in_order(session.execute(_plans(cycle_id, partnership, today)), today)


def plans_of_round(
    session: Session, cycle_id: int, partnership: int, edition: Edition, today: date
) -> tuple[list[PlanGoing], Progress]:
    """The same, and how far all the actions of the round's organisations are.

    An action for an indicator that this edition does not ask is in the whole, and in no standard.
    """
    rows = session.execute(_plans(cycle_id, partnership, today)).all()
    return _in_order(rows, today), _progress(rows, edition)


def _in_order(rows: Iterable[Any], today: date) -> list[PlanGoing]:
    """Those plans that have something open, by the day their update is due."""
    found = []
    for return_id, organisation_id, name, _, planned, *moments in rows:
        overdue = planned.count(_OVERDUE)
        if many := overdue + planned.count(_OPEN):
            due_on, going, stage = _going(*moments, today)
            plan = PlanGoing(return_id, organisation_id, name, many, overdue, going, stage)
            found.append((due_on, name, return_id, plan))
    return [plan for *_, plan in sorted(found)]


def _progress(rows: Iterable[Any], edition: Edition) -> Progress:
    """The actions by status and standard; to each row its sector and what is planned."""
    planned = defaultdict[str, list[str]](list)
    for row in rows:
        if row.planned:
            planned[row.setting].append(row.planned)
    statuses = dict.fromkeys(STATUSES, 0)
    standards = {number: dict.fromkeys(STATUSES, 0) for number in edition.standards}
    for setting, named in planned.items():
        asked = edition.questionnaires[setting].by_key
        for action, many in Counter(",".join(named).split(",")).items():
            status, _, key = action.lstrip(_OVERDUE + _OPEN).partition(" ")
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
def _plans(cycle_id: int, partnership: int, today: date) -> Select[*tuple[Any, ...]]:
    """The organisations whose returns count with what they planned, if anything, and what `_going` is asked.

    All is asked of each return as it is read: to count the actions apart and join them costs a third more.
    """
    planned = in_plan(lambda held: _told(held, partnership, today), Action.organisation_id, today)
    return (
        counted_returns(cycle_id, partnership)
        .with_only_columns(
            Return.id,
            Return.organisation_id,
            Organisation.name,
            Return.setting,
            func.coalesce(planned, "").label("planned"),
            Return.signed_at,
            Review.sent_at,
            UpdateRequest.asked_at,
            last_written(today).label("written"),
        )
        .join(Organisation, Organisation.id == Return.organisation_id)
        .outerjoin(Review, of_partnership(Review, partnership))
        .outerjoin(UpdateRequest, of_partnership(UpdateRequest, partnership))
        .execution_options(beyond_scope=PLANS)
    )


def _told(held: ColumnElement[bool], partnership: int, today: date) -> ScalarSelect[str]:
    """Each action with its status and indicator, all as one text, the open and the overdue ones marked."""
    mark = case((Action.status.in_(FINISHED), ""), (Action.due < today, _OVERDUE), else_=_OPEN)
    each = mark + Action.status + " " + Action.key
    told = select(func.aggregate_strings(each, ",")).where(held, ~may_be_anothers(partnership))
    return told.scalar_subquery()


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
