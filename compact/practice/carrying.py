"""What a number of a return offers goes on to the next one when that is signed. Flushes, never commits."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compact.access import scope
from compact.cycles import editions
from compact.cycles.models import Cycle
from compact.returns import reading
from compact.returns.models import Return
from compact.trail import store as trail

from .models import Practice, PracticeChoice
from .store import agreed_of, empty


def carry(session: Session, return_id: int) -> None:
    """Move what the number before offers to one that has just been signed, where its grade still is not weak.

    The text stays as it was agreed, and what an officer made of it stands. What is graded weak now, or not at
    all, is offered no longer, and nothing of its text is kept.
    """
    signed = session.execute(
        select(Return.cycle_id, Return.organisation_id, Return.number, Return.signed_at, Cycle.edition)
        .join(Cycle, Cycle.id == Return.cycle_id)
        .where(Return.id == return_id)
    ).one()
    before = _number_before(session, signed.cycle_id, signed.organisation_id, signed.number)
    if before is None:
        return
    scope.take_in(before)
    weak, answers = editions.edition(signed.edition).scale.weak_keys, reading.choices_of(session, return_id)
    offered = agreed_of(session, before)
    good = {key for key, answer in answers.items() if answer.grade and answer.grade not in weak}
    kept, left = sorted(offered.keys() & good), sorted(offered.keys() - good)
    for key in left:
        empty(session, before, key, by=None, at=signed.signed_at)
    for model in (Practice, PracticeChoice):
        moved = update(model).where(model.return_id == before, model.key.in_(kept))
        session.execute(moved.values(return_id=return_id))
    if offered:
        detail = {"from": f"return {before}", "keys": kept, "left": left}
        trail.record(
            session, "practice carried", f"return {return_id}", by=None, at=signed.signed_at, **detail
        )


def _number_before(session: Session, cycle_id: int, organisation_id: int, number: int) -> int | None:
    """The number that counted until now, locked: nobody agrees on it meanwhile."""
    return session.scalar(
        select(Return.id)
        .where(
            Return.organisation_id == organisation_id,
            Return.cycle_id == cycle_id,
            Return.status == "signed",
            Return.number < number,
        )
        .order_by(Return.number.desc())
        .limit(1)
        .with_for_update()
    )
