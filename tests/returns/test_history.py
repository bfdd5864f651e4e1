"""The history of an answer: who, when, what; brought back, and without every step of the typing."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from compact.returns.history import Written, last_of_each_go
from compact.returns.models import AnswerHistory
from tests import making
from tests.making import ASKED_SCHOOL_KEYS
from tests.pages import Page, Visitor
from tests.school import School

FOUR, HISTORY = "/standards/4", "/answers/bullying/history"


@pytest.fixture
def later(app: Flask) -> Callable[[float], None]:
    """Let so many minutes pass."""

    def later(minutes: float) -> None:
        moment: datetime = app.config["CLOCK"]() + timedelta(minutes=minutes)
        app.config["CLOCK"] = lambda: moment

    return later


def write(visitor: Visitor, school: School, text: str) -> None:
    visitor.send(
        visitor.get(school.address(FOUR)), bullying_evidence=text, bullying_grade="good", then="later"
    )


def listed(page: Page) -> list[tuple[str, str]]:
    """Each version's heading and evidence."""
    return [
        (section.h2.get_text(), section.select("p.compact-typed")[0].get_text())  # type: ignore[union-attr] # it has one
        for section in page.soup.select("section.app-version")
    ]


def test_each_go_is_listed_with_who_and_when_the_newest_first(
    school: School, later: Callable[[float], None]
) -> None:
    head, deputy = school.head(), school.deputy()
    for text in ("The", "The minutes", "The minutes of May"):
        write(head, school, text)
        later(1)
    write(deputy, school, "The minutes of June")

    assert listed(head.get(school.address(HISTORY))) == [
        ("5 October 2026 at 10:33am, by Sam Deputy", "The minutes of June"),
        ("5 October 2026 at 10:32am, by Robin Head", "The minutes of May"),
    ]


def test_after_a_pause_it_is_another_go(school: School, later: Callable[[float], None]) -> None:
    head = school.head()
    write(head, school, "In the morning")
    later(11)
    write(head, school, "And again")

    assert [text for _, text in listed(head.get(school.address(HISTORY)))] == ["And again", "In the morning"]


def test_an_earlier_version_is_brought_back_and_what_stood_there_is_kept(
    school: School, later: Callable[[float], None]
) -> None:
    head = school.head()
    write(school.deputy(), school, "<b>The deputy’s</b>")
    later(1)
    write(head, school, "The head’s")
    page = head.get(school.address(HISTORY))

    after = head.send(page, bring_back="1")

    assert after.fields()["bullying-evidence"] == "<b>The deputy’s</b>"
    assert "is back" in after.banner[0]
    with school.world.session() as session:
        texts = session.scalars(select(AnswerHistory.evidence).order_by(AnswerHistory.version)).all()
    assert texts == ["<b>The deputy’s</b>", "The head’s", "<b>The deputy’s</b>"]


def test_c2_nothing_is_brought_back_over_what_somebody_wrote_since(
    school: School, later: Callable[[float], None]
) -> None:
    head = school.head()
    write(head, school, "First")
    later(11)
    write(head, school, "Second")
    page = head.get(school.address(HISTORY))
    write(school.deputy(), school, "The deputy’s")

    after = head.send(page, bring_back="1")

    assert "Nothing was brought back" in after.banner[0]
    assert head.get(school.address(FOUR)).fields()["bullying-evidence"] == "The deputy’s"


@pytest.mark.parametrize("version", ["", "0", "99", "x", "-1"])
def test_a_version_that_there_is_none_of_changes_nothing(school: School, version: str) -> None:
    head = school.head()
    write(head, school, "Only this")

    after = head.post(school.address(HISTORY), {"bring-back": version, "shown": "1"})

    assert after.h1 == "History of an answer"
    assert listed(after)[0][1] == "Only this"


def test_signing_keeps_what_people_stopped_at_and_forgets_the_steps(
    school: School, later: Callable[[float], None]
) -> None:
    school.answer_all()
    head = school.head()
    for text in ("T", "Th", "The"):
        write(head, school, text)
    later(11)
    write(school.deputy(), school, "The end")
    school.sign()

    with school.world.session() as session:
        texts = session.scalars(
            select(AnswerHistory.evidence)
            .where(AnswerHistory.key == "bullying")
            .order_by(AnswerHistory.version)
        ).all()
        assert len(session.scalars(select(AnswerHistory.key).distinct()).all()) == len(ASKED_SCHOOL_KEYS)
    assert texts == ["", "The", "The end"]
    page = head.get(school.address(HISTORY))
    assert not page.soup.select("button[name=bring-back]")


def test_of_nothing_that_is_asked_there_is_no_history(school: School) -> None:
    assert school.head().get(school.address("/answers/nothing/history")).status == 404


@given(st.lists(st.tuples(st.sampled_from([None, 1, 2]), st.integers(0, 30)), min_size=1, max_size=12))
def test_every_author_stays_and_the_last_version_as_well(steps: list[tuple[int | None, int]]) -> None:
    at, versions = making.NOW, []
    for number, (by, minutes) in enumerate(steps, start=1):
        at += timedelta(minutes=minutes)
        versions.append(Written("bullying", number, by, at))

    stopped = last_of_each_go(versions)

    assert stopped[-1] == versions[-1]
    assert {each.by for each in stopped} == {each.by for each in versions}
