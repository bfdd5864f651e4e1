"""What an organisation reads of its review once the reply is sent, and what others may read of that.

People of one partnership read what that partnership replied, and nothing of another one's (A6).
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.access.values import Person
from compact.organisations.models import Partnership
from compact.returns.models import Return
from compact.returns.plan import PlanOf
from compact.returns.remarks import Remark, Remarks

from .models import ActionReview, Review
from .replying import OUTCOMES


@dataclass(frozen=True)
class Told:
    """A partnership's reply as it was sent; `sent_back` and `accepted` count the actions of the plan."""

    partnership: str
    outcome: str
    message: str
    sent_at: datetime
    accepted: int
    sent_back: int


def replies_to(session: Session, return_id: int, partnerships: Collection[int]) -> list[Told]:
    """The replies to a return that were sent by any of these partnerships."""
    rows = session.execute(
        select(Review.partnership_id, Partnership.name, Review.outcome, Review.message, Review.sent_at)
        .join(Partnership, Partnership.id == Review.partnership_id)
        .where(
            Review.return_id == return_id,
            Review.partnership_id.in_(partnerships),
            Review.sent_at.is_not(None),
        )
        .order_by(Review.sent_at, Review.partnership_id)
    ).all()
    if not rows:
        return []
    said = Counter(
        (row.partnership_id, row.accepted)
        for row in session.execute(
            select(ActionReview.partnership_id, ActionReview.accepted).where(
                ActionReview.return_id == return_id, ActionReview.partnership_id.in_(partnerships)
            )
        )
    )
    return [
        Told(
            row.name,
            OUTCOMES[row.outcome],
            row.message,
            row.sent_at,
            said[row.partnership_id, True],
            said[row.partnership_id, False],
        )
        for row in rows
    ]


def remarks(session: Session, place: PlanOf, asking: Person) -> Remarks:
    """What partnerships said of a plan in replies that were sent, by action, the latest first.

    Of two replies of one moment the one to the later number is the latest.
    """
    rows = session.execute(
        select(
            ActionReview.action_id,
            ActionReview.return_id,
            ActionReview.partnership_id,
            Partnership.name,
            Review.sent_at,
            ActionReview.accepted,
            ActionReview.comment,
        )
        .join(Return, Return.id == ActionReview.return_id)
        .join(
            Review,
            (Review.return_id == ActionReview.return_id)
            & (Review.partnership_id == ActionReview.partnership_id),
        )
        .join(Partnership, Partnership.id == ActionReview.partnership_id)
        .where(Return.organisation_id.in_(place.organisations), Review.sent_at.is_not(None))
        .order_by(ActionReview.action_id, Review.sent_at.desc(), ActionReview.partnership_id)
    )
    sees_all = place.id in asking.organisations or place.owner.trust in asking.trusts
    found: dict[int, list[Remark]] = {}
    for row in sorted(rows, key=lambda each: (each.sent_at, each.return_id), reverse=True):
        if sees_all or row.partnership_id in asking.partnerships:
            remark = Remark(row.name, row.sent_at, row.accepted, row.comment)
            found.setdefault(row.action_id, []).append(remark)
    return found
