"""Which actions a signed return's plan shows never changes; how far they are is told as of today."""

from datetime import date, timedelta

import pytest
from flask import Flask

from compact.returns.rules import Answer
from tests import making
from tests.making import ASKED_SCHOOL_KEYS
from tests.pages import Visitor
from tests.returns.test_whole_plan import plan, whole
from tests.school import School

LONG_DONE, CARRIED, LATER = "Embedded long ago", "Carried on", "Raised a year later"


@pytest.fixture
def second(school: School, app: Flask) -> School:
    """The signed return of the round after that of two actions: one was embedded before, one was not."""
    school.answer_all(bullying="inadequate")
    plan(school, LONG_DONE, date(2026, 10, 1), "embedded")
    plan(school, CARRIED, date(2027, 3, 31))
    school.sign()
    cycle = school.world.cycle(1, name="Compact 2027", opens=date(2026, 10, 2))
    later = school.world.started(cycle, school.organisation)
    school.world.profile(later, commissions_services=False)
    school.world.answer(later, dict.fromkeys(ASKED_SCHOOL_KEYS, Answer("good")) | WEAK)
    made = School(school.world, cycle, school.organisation, later, school.visit)
    app.config["CLOCK"] = lambda: making.NOW + timedelta(days=1)
    made.sign()
    app.config["CLOCK"] = lambda: making.NOW + timedelta(days=30)
    return made


WEAK = {"bullying": Answer("inadequate")}


def listed(head: Visitor, school: School) -> list[str]:
    page = head.get(school.address("/actions"))
    return [text for text in (LONG_DONE, CARRIED) if text in page.text]


def go_on(head: Visitor, school: School, action: int, **how: str) -> None:
    assert (
        head.send(head.get(whole(school, f"/{action}")), **how).banner[0].startswith("Your update is saved.")
    )


def test_a_note_brings_nothing_back_that_was_embedded_long_before(second: School) -> None:
    head = second.head()
    assert listed(head, second) == [CARRIED]

    go_on(head, second, 1, note="Still so: we looked in May.")
    assert listed(head, second) == [CARRIED]

    go_on(head, second, 1, status="under_way")
    assert listed(head, second) == [CARRIED]
    assert LONG_DONE in head.get(whole(second)).text


def test_what_is_embedded_after_signing_stays_in_the_plan_it_was_signed_in(second: School) -> None:
    head = second.head()
    go_on(head, second, 2, status="embedded", note="Everybody does it.")

    assert listed(head, second) == [CARRIED]
    assert "Embedded" in head.get(second.address("/actions")).text
    for rest in ("", "/standards/4"):
        assert "needs an action" not in head.get(second.address(rest)).text.lower(), rest
    go_on(head, second, 2, note="And it stays.")
    assert listed(head, second) == [CARRIED]


def test_what_a_later_round_raises_is_in_no_earlier_plan(second: School) -> None:
    head = second.head()
    earlier = f"/returns/{second.return_id - 1}/actions"
    plan(second, LATER, date(2028, 3, 31))

    assert LATER in head.get(second.address("/actions")).text
    page = head.get(earlier)
    assert CARRIED in page.text
    assert LATER not in page.text


def test_a_signed_return_is_as_complete_as_it_was(second: School) -> None:
    """Its weak grades have their actions, whatever became of them since."""
    head = second.head()
    before = head.get(second.address()).soup.select("main .govuk-task-list, main .govuk-tag")

    go_on(head, second, 2, status="embedded")

    assert head.get(second.address()).soup.select("main .govuk-task-list, main .govuk-tag") == before
