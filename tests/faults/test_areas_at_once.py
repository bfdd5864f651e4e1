"""Exceptions and more time, written by many at the same moment."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from compact.cycles.models import Extension
from compact.returns.models import Exception_, ExceptionHistory
from compact.trail.models import TrailEntry
from tests import making
from tests.areas import Body, body
from tests.faults.test_signing import at_once, posting, twin
from tests.school import School

__all__ = ["body"]

POSTS = 8


def test_of_exceptions_noted_at_once_one_is_kept_and_the_others_are_shown_both(
    body: Body, app: Flask
) -> None:
    """C2: nobody's text is overwritten unseen, however close together they save."""
    address = body.exception("Northmere", "bullying")
    body.answer_all()
    acts = []
    for number in range(POSTS):
        visitor = body.chief() if number % 2 else body.deputy()
        data = {**visitor.get(address).fields(), "grade": "outstanding", "note": f"Note number {number}."}
        acts.append(posting(twin(app, visitor), address, data))

    answers = at_once(acts)

    with body.world.session() as session:
        kept = session.scalars(select(Exception_.note)).one()
        assert session.scalars(select(ExceptionHistory.version)).all() == [1]
    shown = [answer for answer in answers if answer.status_code == 200]
    assert len(shown) == POSTS - 1
    assert all(kept in answer.text and "Compare, then save" in answer.text for answer in shown)


@pytest.mark.parametrize("given_before", [False, True])
def test_of_officers_who_give_time_at_once_one_does(school: School, app: Flask, given_before: bool) -> None:
    """D8: one row, one trail entry and one mail for each time that was given."""
    address = f"/cycles/{school.cycle}/organisations/{school.organisation}/extension"
    other = school.visit(school.world.person("Other Officer", making.officer(1)))
    if given_before:
        first = school.officer()
        first.send(first.get(address), until="15 1 2027", why="The first.")
    acts = []
    for number in range(POSTS):
        visitor = other if number % 2 else school.officer()
        data = {**visitor.get(address).fields(), "until": f"{number + 20} 1 2027", "why": f"Why {number}."}
        acts.append(posting(twin(app, visitor), address, data))

    answers = at_once(acts)

    assert sorted(answer.status_code for answer in answers) == [200] * (POSTS - 1) + [302]
    with school.world.session() as session:
        assert session.scalars(select(Extension.version)).all() == [1 + given_before]
        given = select(func.count()).where(TrailEntry.what == "more time given")
        assert session.scalar(given) == 1 + given_before
