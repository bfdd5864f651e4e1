"""What waits for the officers of a partnership today, in all its rounds: two statements, however many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from compact.cycles.store import CycleRow
from compact.review.going_on import Stage
from compact.review.replying import State
from compact.review.waiting import waiting_by_cycle

from .store import launches


@dataclass(frozen=True)
class Waiting:
    """What waits in a round: signed returns that nobody has looked at yet, or somebody is looking at; replies
    that are decided and not sent; plans to be asked about; updates that were asked for and did not come."""

    is_launched: bool
    new: int
    looked_at: int
    decided: int
    to_ask: int
    overdue: int


def waiting_in(
    session: Session, cycles: Sequence[CycleRow], partnership: int, today: date
) -> Mapping[int, Waiting]:
    """What waits in each of these rounds of a partnership, by their ids."""
    ids = [each.id for each in cycles]
    if not ids:
        return {}
    launched = launches(session, ids)
    waiting = waiting_by_cycle(session, ids, partnership, today)
    return {
        each: Waiting(
            each in launched,
            waiting[each].returns[State.NEW],
            waiting[each].returns[State.LOOKING],
            waiting[each].returns[State.DECIDED],
            waiting[each].plans[Stage.DUE],
            waiting[each].plans[Stage.OVERDUE],
        )
        for each in ids
    }
