"""How many signed returns of several rounds wait for which step of a partnership's."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from compact.analysis.counting import counted_returns
from compact.returns.models import Return

from .models import Review
from .queue import STATEMENTS
from .replying import State, state_of


def states_by_cycle(
    session: Session, cycles: Sequence[int], partnership: int
) -> Mapping[int, Mapping[State, int]]:
    """How many returns that count in each of these rounds are in each state, by the rounds' ids."""
    found = {each: dict.fromkeys(State, 0) for each in cycles}
    rows = session.execute(_states(tuple(cycles), partnership))
    for cycle_id, is_begun, outcome, sent_at, number in rows:
        found[cycle_id][state_of(is_begun, outcome, sent_at)] += number
    return found


@lru_cache(STATEMENTS)
def _states(cycles: tuple[int, ...], partnership: int) -> Select[*tuple[Any, ...]]:
    """How many returns of each round have a review that is begun, with which outcome, told or not."""
    counting = union_all(*(counted_returns(each, partnership) for each in cycles)).cte("counted")
    begun, is_told = Review.return_id.is_not(None), Review.sent_at.is_not(None)
    return (
        select(Return.cycle_id, begun, Review.outcome, func.max(Review.sent_at), func.count())
        .select_from(Return)
        .join(counting, counting.c.id == Return.id)
        .outerjoin(Review, (Review.return_id == Return.id) & (Review.partnership_id == partnership))
        .where(Return.cycle_id.in_(cycles))
        .group_by(Return.cycle_id, begun, Review.outcome, is_told)
    )
