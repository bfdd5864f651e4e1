"""What became of the plans of a round, counted by organisations for those outside the desk."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Exists, Select, and_, or_, select
from sqlalchemy.orm import Session

from compact.actions.models import Action
from compact.analysis.counting import counted_returns
from compact.returns.exception_store import may_be_anothers
from compact.returns.models import Return

from .models import ActionReview, Review, UpdateRequest
from .plans import PLANS, last_written, of_partnership


@dataclass(frozen=True)
class Planned:
    """What became of one organisation's plan; `is_accepted`: replied to, with nothing of it sent back."""

    is_replied: bool
    is_accepted: bool
    is_asked: bool
    is_written: bool


def planned_in(
    session: Session, cycle_id: int, partnership: int, keys: Mapping[str, Collection[str]], today: date
) -> list[Planned]:
    """The organisations whose return counts and who planned, in this round, an action about one of the
    `keys` of their sector. Other actions are not looked at, nor what may tell of another partnership (A6).
    """
    if not any(keys.values()):
        return []
    rows = session.execute(_plans(cycle_id, partnership, keys, today))
    return [
        Planned(
            is_replied=row.sent_at is not None,
            is_accepted=row.sent_at is not None and row.outcome != "talk" and not row.sent_back,
            is_asked=row.asked_at is not None,
            is_written=_is_after(row.written, row.asked_at),
        )
        for row in rows
    ]


def _is_after(written: datetime | None, asked: datetime | None) -> bool:
    return written is not None and asked is not None and written >= asked


def _plans(
    cycle_id: int, partnership: int, keys: Mapping[str, Collection[str]], today: date
) -> Select[*tuple[Any, ...]]:
    """The returns that count and have such a plan, with what became of it."""
    counting = counted_returns(cycle_id, partnership).cte("counted")
    told_of = or_(
        *(and_(Return.setting == sector, Action.key.in_(own)) for sector, own in sorted(keys.items()) if own)
    )
    return (
        select(
            Review.sent_at,
            Review.outcome,
            _sent_back(partnership, told_of).label("sent_back"),
            UpdateRequest.asked_at,
            last_written(today).label("written"),
        )
        .select_from(Return)
        .join(counting, counting.c.id == Return.id)
        .outerjoin(Review, of_partnership(Review, partnership))
        .outerjoin(UpdateRequest, of_partnership(UpdateRequest, partnership))
        .where(_has_plan(cycle_id, partnership, told_of))
        .order_by(Return.id)
        .execution_options(beyond_scope=PLANS)
    )


def _has_plan(cycle_id: int, partnership: int, told_of: ColumnElement[bool]) -> Exists:
    """Whether the return has such an action; of a reopened one those of each signed number."""
    in_round = select(Return.id).where(Return.cycle_id == cycle_id, Return.status == "signed")
    return (
        select(Action.id)
        .where(
            Action.organisation_id == Return.organisation_id,
            Action.raised_in.in_(in_round),
            told_of,
            ~may_be_anothers(partnership),
        )
        .correlate(Return)
        .exists()
    )


def _sent_back(partnership: int, told_of: ColumnElement[bool]) -> Exists:
    """Whether the partnership sent any such action of the return back."""
    return (
        select(ActionReview.action_id)
        .join(Action, Action.id == ActionReview.action_id)
        .where(
            ActionReview.return_id == Return.id,
            ActionReview.partnership_id == partnership,
            ~ActionReview.accepted,
            told_of,
        )
        .correlate(Return)
        .exists()
    )
