"""How many plans of several rounds are to be asked about, or overdue: what an officer's home tells."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, exists, func, or_, select, union_all
from sqlalchemy.orm import Session

from compact.actions.models import Action, ActionUpdate
from compact.actions.rules import FINISHED
from compact.analysis.counting import counted_returns
from compact.organisations.models import Succession
from compact.returns.exception_store import may_be_anothers
from compact.returns.models import Return
from compact.web.clock import end_of, local_day, start_of

from .going_on import PATIENCE, Going, Stage, last_day_due
from .models import Review, UpdateRequest
from .queue import STATEMENTS
from .updates import PLANS


def plans_waiting(
    session: Session, cycles: Sequence[int], partnership: int, today: date
) -> Mapping[int, Counter[Stage]]:
    """How many plans of each of these rounds are due or overdue; of those that came in, only some."""
    found: dict[int, Counter[Stage]] = {each: Counter() for each in cycles}
    rows = session.execute(_plans_waiting(tuple(cycles), partnership, today))
    for cycle_id, is_asked, number, signed_at, *moments in rows:
        stage = Stage.OVERDUE if is_asked else Stage.DUE
        if moments[-1] is not None:
            days = (local_day(each) if each else None for each in moments)
            stage = Going(local_day(signed_at), *days).stage(today)
        found[cycle_id][stage] += number
    return found


@lru_cache(STATEMENTS)
def _plans_waiting(cycles: tuple[int, ...], partnership: int, today: date) -> Select[*tuple[Any, ...]]:
    """The plans with something open that were asked about too long ago, or can be asked about.

    Where nobody wrote anything that tells how far they are, and they are only counted; the others each come
    with the moments of signing, reply, request and last update: whether that counts is a matter of days.
    """
    parts = (_plans_of(each, partnership, today) for each in cycles)
    plan = union_all(*parts).subquery("plan")
    is_asked = plan.c.asked_at.is_not(None)
    told = [
        case((plan.c.written.is_not(None), each))
        for each in (plan.c.signed_at, plan.c.sent_at, plan.c.asked_at)
    ]
    alike = (plan.c.cycle_id, is_asked, *told, plan.c.written)
    return select(*alike[:2], func.count(), *alike[2:]).group_by(*alike).execution_options(beyond_scope=PLANS)


def _plans_of(cycle_id: int, partnership: int, today: date) -> Select[*tuple[Any, ...]]:
    """Those of one round, each with the moments that tell how far it is."""
    began = func.coalesce(Review.sent_at, Return.signed_at)
    patient_since = start_of(today - PATIENCE)
    is_overdue = UpdateRequest.asked_at < patient_since
    is_due = and_(UpdateRequest.asked_at.is_(None), began < end_of(last_day_due(today)))
    moments = (Return.signed_at, Review.sent_at, UpdateRequest.asked_at)
    own, all_held = Return.organisation_id, _taken_over(today)
    # Most have taken over from nobody: SQLite finds what is their own much faster than what is in a list.
    has_open_action = or_(
        _open(partnership, Action.organisation_id == own),
        _open(partnership, Action.organisation_id.in_(all_held)),
    )
    written = case(
        (
            all_held.exists(),
            _written(ActionUpdate.organisation_id.in_(all_held.union_all(select(own).correlate(Return)))),
        ),
        else_=_written(ActionUpdate.organisation_id == own),
    )
    return (
        counted_returns(cycle_id, partnership)
        .with_only_columns(Return.cycle_id, *moments, written.label("written"))
        .outerjoin(Review, _of(Review, partnership))
        .outerjoin(UpdateRequest, _of(UpdateRequest, partnership))
        # What was signed since then was neither replied to nor asked about before: it is left out early.
        .where(Return.signed_at < patient_since, or_(is_overdue, is_due), has_open_action)
    )


def _of(what: type[Review] | type[UpdateRequest], partnership: int) -> ColumnElement[bool]:
    return and_(what.return_id == Return.id, what.partnership_id == partnership)


def _taken_over(today: date) -> Select[int]:
    """The organisations that a return's organisation took over from: their actions are in its plan."""
    over = select(Succession.old_id).where(
        Succession.new_id == Return.organisation_id, Succession.on <= today
    )
    return over.correlate(Return)


def _open(partnership: int, held: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether something open is held so."""
    return exists().where(held, Action.status.not_in(FINISHED), ~may_be_anothers(partnership))


def _written(held: ColumnElement[bool]) -> ScalarSelect[datetime]:
    """When somebody last said how what is held so is going."""
    said = (ActionUpdate.by_id.is_not(None), ActionUpdate.version > 1)
    return select(func.max(ActionUpdate.at)).where(held, *said).scalar_subquery()
