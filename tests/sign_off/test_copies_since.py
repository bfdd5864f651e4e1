"""The copy of a return shows when it was ratified and what changed for children; the evidence stays."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from compact.sign_off.models import SignOff
from tests.pages import Visitor
from tests.returns.test_whole_plan import whole
from tests.school import School
from tests.sign_off.test_copies import answered, pdf_of, xlsx_of

FIRST, LATER = "Two pupils asked for help by themselves.", "Nobody waits longer than a day."
RATIFIED = "Ratified by the governing body"


Taken = Callable[[Visitor], tuple[str, str]]


@pytest.fixture
def taken(school: School, printed: list[dict[str, Any]]) -> Taken:
    """What a reader takes away of an answered return: the paper and the spreadsheet, as text."""
    answered(school)

    def taken(visitor: Visitor) -> tuple[str, str]:
        pdf_of(visitor, school.return_id)
        return repr(printed[-1]), repr(xlsx_of(visitor, school.return_id))

    return taken


def say_impact(school: School, impact: str) -> None:
    head = school.head()
    head.send(head.get(whole(school, "/1")), impact=impact)


def evidence(school: School) -> str:
    with school.world.session() as session:
        return session.scalars(select(SignOff.content)).one()


def test_what_changed_for_children_is_in_the_copy_of_a_draft(school: School, taken: Taken) -> None:
    for shown in taken(school.head()):
        assert FIRST not in shown
        assert "said after signing: " not in shown

    say_impact(school, FIRST)

    paper, sheets = taken(school.head())
    assert f"What changed for children: {FIRST}" in paper
    assert FIRST in sheets


def test_what_was_said_after_signing_stands_beside_what_was_signed(school: School, taken: Taken) -> None:
    """A5: the evidence is what it was; readers from the partnership see the same."""
    say_impact(school, FIRST)
    school.sign()
    signed = evidence(school)
    paper, sheets = taken(school.head())
    assert "said after signing: " not in paper

    say_impact(school, LATER)

    for visitor in (school.head(), school.officer()):
        paper, sheets = taken(visitor)
        assert f"What changed for children: {FIRST}" in paper
        assert f"What changed for children, said after signing: {LATER}" in paper
        assert FIRST in sheets
        assert LATER in sheets
    assert evidence(school) == signed


def test_the_day_of_ratification_is_in_the_copy(school: School, taken: Taken) -> None:
    for shown in taken(school.head()):
        assert RATIFIED not in shown
    school.sign()
    signed = evidence(school)
    for shown in taken(school.head()):
        assert RATIFIED not in shown
    head = school.head()

    head.send(head.get(school.address("/receipt")), ratified__on="1 October 2026")

    for shown in taken(school.officer()):
        assert RATIFIED in shown
        assert "1 October 2026, as Robin Head noted on 5 October 2026 at 10:30am" in shown
    assert evidence(school) == signed


def test_a_day_that_was_signed_is_in_the_copy_without_a_note(school: School, taken: Taken) -> None:
    school.sign(ratified__on="1 October 2026")

    for shown in taken(school.head()):
        assert RATIFIED in shown
        assert "1 October 2026, as it was signed" in shown
