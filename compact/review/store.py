"""What a partnership makes of a return: begun, decided, told; its plan's comments, and visits.

Every change comes with the version that was shown, so that nothing of another officer's is overwritten
unseen. Flushes, never commits.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from compact.accounts.models import Person
from compact.returns.models import Return
from compact.trail import store as trail

from .models import ActionReview, Review, SaidAndDone, Visit
from .replying import Comment, Reply, SaidAndDid, State, Visited, state_of


class ReviewedMeanwhile(Exception):  # noqa: N818 - it says what happened
    """Another officer has changed this since the page was shown, or has sent the reply."""


@dataclass(frozen=True)
class ReviewRow:
    """A review as it is kept: who changed it last, and when the reply was sent."""

    outcome: str | None
    message: str
    by: str
    at: datetime
    sent_at: datetime | None
    version: int

    @property
    def state(self) -> State:
        return state_of(True, self.outcome, self.sent_at)


@dataclass(frozen=True)
class ActionReviewRow:
    """What a partnership says of an action, as it is kept."""

    action_id: int
    accepted: bool
    comment: str
    by: str
    at: datetime
    version: int


@dataclass(frozen=True)
class VisitRow:
    """A visit that was noted, and by whom."""

    visited_on: date
    who: str
    what: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Line:
    """One line of “you said, we did”."""

    id: int
    said: str
    did: str


def review_of(session: Session, return_id: int, partnership: int) -> ReviewRow | None:
    """How far a partnership is with a return; None where nobody has begun."""
    row = session.execute(
        select(Review.outcome, Review.message, Person.name, Review.at, Review.sent_at, Review.version)
        .join(Person, Person.id == Review.by_id)
        .where(Review.return_id == return_id, Review.partnership_id == partnership)
    ).one_or_none()
    return ReviewRow(*row) if row else None


def begin(session: Session, return_id: int, partnership: int, *, by: int, at: datetime) -> ReviewRow:
    """Hold the review against others until this transaction ends; begun, where it was not yet."""
    session.execute(select(Return.id).where(Return.id == return_id).with_for_update())
    held = review_of(session, return_id, partnership)
    if held is None:
        place = {"return_id": return_id, "partnership_id": partnership}
        session.execute(insert(Review).values(**place, outcome=None, message="", by_id=by, at=at, version=1))
        held = review_of(session, return_id, partnership)
    assert held is not None  # noqa: S101 - it was written a moment ago
    return held


def save_reply(
    session: Session,
    return_id: int,
    partnership: int,
    reply: Reply,
    *,
    shown_version: int,
    by: int,
    at: datetime,
) -> None:
    """Keep a draft of the reply, or a decision. Raises ReviewedMeanwhile."""
    held = _as_shown(session, return_id, partnership, shown_version, by=by, at=at)
    values = {"outcome": reply.outcome, "message": reply.message}
    _change(session, return_id, partnership, held, values, by=by, at=at)
    if reply.outcome != held.outcome:
        what = "return decided" if reply.outcome else "decision taken back"
        detail = {"partnership": partnership, "outcome": reply.outcome}
        trail.record(session, what, f"return {return_id}", by=by, at=at, **detail)


def send_reply(
    session: Session, return_id: int, partnership: int, *, shown_version: int, by: int, at: datetime
) -> None:
    """Tell the organisation: from now on it reads the reply, and what is said of its plan.

    Raises ReviewedMeanwhile, also where there is nothing to send.
    """
    held = _as_shown(session, return_id, partnership, shown_version, by=by, at=at)
    if held.outcome is None or not held.message:
        raise ReviewedMeanwhile
    _change(session, return_id, partnership, held, {"sent_at": at}, by=by, at=at)
    detail = {"partnership": partnership, "outcome": held.outcome}
    trail.record(session, "reply sent", f"return {return_id}", by=by, at=at, **detail)


def _as_shown(
    session: Session, return_id: int, partnership: int, shown_version: int, *, by: int, at: datetime
) -> ReviewRow:
    """The review, held against others, as it was shown: with version 0 nobody had begun."""
    before = begin(session, return_id, partnership, by=by, at=at)
    is_new = shown_version == 0 and before.version == 1 and before.outcome is None and not before.message
    if before.sent_at is not None or not (is_new or before.version == shown_version):
        raise ReviewedMeanwhile
    return before


def _change(
    session: Session,
    return_id: int,
    partnership: int,
    held: ReviewRow,
    values: Mapping[str, object],
    *,
    by: int,
    at: datetime,
) -> None:
    session.execute(
        update(Review)
        .where(Review.return_id == return_id, Review.partnership_id == partnership)
        .values(**values, by_id=by, at=at, version=held.version + 1)
    )


def comments_of(session: Session, return_id: int, partnership: int) -> dict[int, ActionReviewRow]:
    """What a partnership says of the actions of a return's plan, by action."""
    rows = session.execute(
        select(
            ActionReview.action_id,
            ActionReview.accepted,
            ActionReview.comment,
            Person.name,
            ActionReview.at,
            ActionReview.version,
        )
        .join(Person, Person.id == ActionReview.by_id)
        .where(ActionReview.return_id == return_id, ActionReview.partnership_id == partnership)
        .order_by(ActionReview.action_id)
    )
    return {row.action_id: ActionReviewRow(*row) for row in rows}


def comments_before(
    session: Session, organisation_id: int, return_id: int, partnership: int
) -> dict[int, ActionReviewRow]:
    """What a partnership said of an organisation's actions in its replies to other returns, the latest."""
    rows = session.execute(
        select(
            ActionReview.action_id,
            ActionReview.accepted,
            ActionReview.comment,
            Person.name,
            ActionReview.at,
            ActionReview.version,
        )
        .join(Return, Return.id == ActionReview.return_id)
        .join(
            Review,
            (Review.return_id == ActionReview.return_id)
            & (Review.partnership_id == ActionReview.partnership_id),
        )
        .join(Person, Person.id == ActionReview.by_id)
        .where(
            Return.organisation_id == organisation_id,
            Return.id != return_id,
            ActionReview.partnership_id == partnership,
            Review.sent_at.is_not(None),
        )
        .order_by(Review.sent_at, ActionReview.return_id)
    )
    return {row.action_id: ActionReviewRow(*row) for row in rows}


def comment_on(
    session: Session,
    return_id: int,
    partnership: int,
    action_id: int,
    comment: Comment,
    *,
    shown_version: int,
    by: int,
    at: datetime,
) -> None:
    """Keep what a partnership says of an action. Raises ReviewedMeanwhile, also once the reply is sent."""
    review = begin(session, return_id, partnership, by=by, at=at)
    held = comments_of(session, return_id, partnership).get(action_id)
    version = held.version if held else 0
    if review.sent_at is not None or version != shown_version:
        raise ReviewedMeanwhile
    place = {"return_id": return_id, "partnership_id": partnership, "action_id": action_id}
    values = {"accepted": comment.accepted, "comment": comment.comment, "by_id": by, "at": at}
    if held is None:
        session.execute(insert(ActionReview).values(**place, **values, version=1))
        return
    session.execute(
        update(ActionReview)
        .where(
            ActionReview.return_id == return_id,
            ActionReview.partnership_id == partnership,
            ActionReview.action_id == action_id,
        )
        .values(**values, version=version + 1)
    )


def visits_of(session: Session, return_id: int, partnership: int) -> list[VisitRow]:
    """The visits that a partnership noted of a return, the latest first."""
    rows = session.execute(
        select(Visit.visited_on, Visit.who, Visit.what, Person.name, Visit.at)
        .join(Person, Person.id == Visit.by_id)
        .where(Visit.return_id == return_id, Visit.partnership_id == partnership)
        .order_by(Visit.visited_on.desc(), Visit.id.desc())
    )
    return [VisitRow(*row) for row in rows]


def note_visit(
    session: Session, return_id: int, partnership: int, visited: Visited, *, by: int, at: datetime
) -> bool:
    """Note a visit, which is never changed afterwards; False where the very same is noted already."""
    begin(session, return_id, partnership, by=by, at=at)
    noted = visits_of(session, return_id, partnership)
    if any(
        (each.visited_on, each.who, each.what) == (visited.on, visited.who, visited.what) for each in noted
    ):
        return False  # the second of two clicks
    place = {"return_id": return_id, "partnership_id": partnership}
    values = {"visited_on": visited.on, "who": visited.who, "what": visited.what, "by_id": by, "at": at}
    session.execute(insert(Visit).values(**place, **values))
    detail = {"partnership": partnership, "visited_on": visited.on.isoformat()}
    trail.record(session, "visit noted", f"return {return_id}", by=by, at=at, **detail)
    return True


def lines_of(session: Session, cycle_id: int, partnerships: Collection[int]) -> dict[int, list[Line]]:
    """“You said, we did” of a round, by partnership, in the order written."""
    rows = session.execute(
        select(SaidAndDone.partnership_id, SaidAndDone.id, SaidAndDone.said, SaidAndDone.did)
        .where(SaidAndDone.cycle_id == cycle_id, SaidAndDone.partnership_id.in_(partnerships))
        .order_by(SaidAndDone.partnership_id, SaidAndDone.id)
    )
    found: dict[int, list[Line]] = {}
    for row in rows:
        found.setdefault(row.partnership_id, []).append(Line(row.id, row.said, row.did))
    return found


def add_line(
    session: Session, cycle_id: int, partnership: int, line: SaidAndDid, *, by: int, at: datetime
) -> None:
    """Add a line, unless the very same is there: the second of two clicks adds nothing."""
    there = lines_of(session, cycle_id, [partnership]).get(partnership, [])
    if (line.said, line.did) not in {(each.said, each.did) for each in there}:
        place = {"cycle_id": cycle_id, "partnership_id": partnership}
        values = {"said": line.said, "did": line.did, "by_id": by, "at": at}
        session.execute(insert(SaidAndDone).values(**place, **values))


def remove_line(session: Session, cycle_id: int, partnership: int, line_id: int) -> None:
    """Take a line of a partnership's round away; one that is gone already stays gone."""
    session.execute(
        delete(SaidAndDone).where(
            SaidAndDone.id == line_id,
            SaidAndDone.cycle_id == cycle_id,
            SaidAndDone.partnership_id == partnership,
        )
    )
