"""What an officer's home counts is what the pages list: of the plans the six-month updates, on every day, and
of the returns the queue."""

from collections import Counter
from datetime import date

import pytest

from compact.actions.models import ActionUpdate
from compact.organisations.models import Succession
from compact.review import queue, updates
from compact.review.going_on import Stage
from compact.review.models import Review
from compact.review.replying import State
from compact.review.waiting import waiting_by_cycle
from tests.making import NOW

from .conftest import Desk

# It was signed on 5 October 2026: asked about from 5 April 2027; asked on 6 April it is overdue from 5 May.
DAYS = [date(2027, 2, 28), date(2027, 4, 4), date(2027, 4, 5), date(2027, 5, 4), date(2027, 5, 5)]


def _alike(desk: Desk) -> list[Counter[Stage]]:
    """What is due and overdue on each of the days, counted in both ways."""
    found = []
    with desk.world.session() as session:
        for day in DAYS:
            listed = Counter(
                each.stage for each in updates.plans_going(session, desk.cycle, desk.partnership, day)
            )
            counted = waiting_by_cycle(session, [desk.cycle], desk.partnership, day)[desk.cycle].plans
            waits = {each: listed[each] for each in (Stage.DUE, Stage.OVERDUE)}
            assert {each: counted[each] for each in waits} == waits, day
            found.append(Counter(waits))
    return found


@pytest.mark.parametrize("taken_over", [False, True])
@pytest.mark.parametrize("written", [None, date(2027, 3, 1), date(2027, 3, 5), date(2027, 4, 6)])
@pytest.mark.parametrize("is_asked", [False, True])
def test_what_waits_is_what_is_listed(
    desk: Desk, written: date | None, *, is_asked: bool, taken_over: bool
) -> None:
    """H5: also where the action, and what was written, are of a school that another took over from."""
    if taken_over:
        pair = {"old_id": desk.organisation, "new_id": desk.organisation + 1}
        desk.world.insert(Succession, [{**pair, "on": NOW.date(), "kind": "Successor"}])
    if written:
        of = {"action_id": desk.action, "organisation_id": desk.organisation, "version": 2}
        left = {"what": "A policy", "lead": "The head", "due": date(2026, 12, 1), "status": "under_way"}
        at = NOW + (written - NOW.date())
        desk.world.insert(ActionUpdate, [{**of, **left, "impact": "", "note": "", "by_id": 1, "at": at}])
    if is_asked:
        asked = date(2027, 4, 6)
        with desk.world.session() as session:
            at = NOW + (asked - NOW.date())
            updates.ask(session, desk.cycle, desk.partnership, by=1, at=at, today=asked)
            session.commit()

    assert any(each.total() for each in _alike(desk)) == (written is None or written == date(2027, 3, 1))


def test_returns_are_counted_in_the_states_of_the_queue(desk: Desk) -> None:
    """One is decided, one told, one new; another partnership's reply to it says nothing here."""
    other = desk.world.partnership("Another", areas=("306",))
    of = {"partnership_id": desk.partnership, "by_id": 1, "at": NOW, "version": 1, "message": "Thank you."}
    decided = {**of, "return_id": desk.oak, "outcome": "talk", "sent_at": None}
    told = {**of, "return_id": desk.elm, "outcome": "accepted", "sent_at": NOW}
    others = {**told, "return_id": desk.nursery, "partnership_id": other}
    desk.world.insert(Review, [decided, told, others])

    with desk.world.session() as session:
        waiting = waiting_by_cycle(session, [desk.cycle], desk.partnership, DAYS[-1])[desk.cycle]
        listed = queue.counts(session, queue.Wanted(desk.cycle, desk.partnership, None, None))

    assert waiting.returns == Counter({State.DECIDED: 1, State.TOLD: 1, State.NEW: 1})
    assert {each: waiting.returns[each] for each in State} == listed
