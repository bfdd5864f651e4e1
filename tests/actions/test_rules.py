"""The rules of an action."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from compact.actions.rules import (
    IMPACT_LIMIT,
    NOTE_LIMIT,
    ActionProblem,
    Change,
    PlannedAction,
    TypedAction,
    TypedUpdate,
    Update,
    changes,
    is_overdue,
    parse_action,
    parse_day,
    parse_update,
    settle_update,
)


@pytest.mark.parametrize(
    "text",
    ["31 3 2027", "31/03/2027", "31.3.2027", "31-3-2027", "31 March 2027", "31 mar 2027", " 2027-03-31 "],
)
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert parse_day(text) == date(2027, 3, 31)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31 2 2027",
        "29 2 2027",
        "next week",
        "3/27",
        "1 1 1999",
        "1 1 2101",
        "1 1 99999",
        "٣١ 3 2027",
        "1 Smarch 2027",
    ],
)
def test_what_is_no_real_day_is_not_guessed(text: str) -> None:
    assert parse_day(text) is None


def test_an_action_is_kept_without_its_outer_blanks() -> None:
    typed = TypedAction("  Train  staff ", " Lead \n teacher", "31 3 2027", "under_way")

    assert parse_action(typed) == PlannedAction(
        "Train  staff", "Lead teacher", date(2027, 3, 31), "under_way"
    )


def test_a_status_that_is_none_is_refused() -> None:
    problems = parse_action(TypedAction("Train", "Lead", "31 3 2027", "finished"))

    assert isinstance(problems, tuple)
    assert [problem.part for problem in problems] == ["status"]


def test_a_text_over_its_limit_is_refused() -> None:
    problems = parse_action(TypedAction("x" * 2001, "y" * 201, "31 3 2027"))

    assert isinstance(problems, tuple)
    assert [problem.part for problem in problems] == ["what", "lead"]


NOW = PlannedAction("Train", "Head", date(2027, 3, 31), "not_started")


def test_an_update_changes_how_far_it_is_and_what_changed_alone() -> None:
    update = parse_update(TypedUpdate("done", " Much. ", " All trained.\r\n"), NOW)

    assert update == Update(replace(NOW, status="done", impact="Much."), "All trained.")


def test_an_update_says_what_is_wrong_with_it_at_once() -> None:
    typed = TypedUpdate("nearly", "i" * (IMPACT_LIMIT + 1), "n" * (NOTE_LIMIT + 1))

    problems = parse_update(typed, NOW)

    assert isinstance(problems, tuple)
    assert [problem.part for problem in problems] == ["note", "status", "impact"]


def test_an_update_that_says_nothing_is_none() -> None:
    assert parse_update(TypedUpdate("not_started"), NOW) == (
        ActionProblem("note", "Write how it goes, or change how far the action is"),
    )


def test_c8_an_update_never_turns_back_what_was_not_seen() -> None:
    """C8: what only one of two changed is kept; where both changed the same, nobody wins unseen."""
    done, both = replace(NOW, status="done"), replace(NOW, status="done", impact="Much.")

    assert settle_update(Update(NOW, "A note"), NOW, both) == Update(both, "A note")
    assert settle_update(Update(done, ""), NOW, replace(NOW, impact="Much.")) == Update(both, "")
    assert settle_update(Update(done, ""), NOW, done) == Update(done, "")
    assert settle_update(Update(done, ""), NOW, replace(NOW, status="under_way")) is None
    assert settle_update(Update(replace(NOW, impact="Little."), ""), NOW, both) is None
    later = replace(NOW, due=date(2027, 4, 1))
    assert settle_update(Update(done, ""), NOW, later) == Update(replace(later, status="done"), "")


def test_an_action_is_overdue_when_its_day_is_over_and_it_is_not_done() -> None:
    day = date(2027, 3, 31)

    assert [is_overdue("under_way", day, day + timedelta(days=days)) for days in (-1, 0, 1)] == [
        False,
        False,
        True,
    ]
    assert not is_overdue("done", day, date(2028, 1, 1))


def test_what_an_update_changed_is_told_part_by_part() -> None:
    after = replace(NOW, lead="Deputy", status="done")

    assert changes(NOW, after) == (
        Change("lead", "Head", "Deputy"),
        Change("status", "not_started", "done"),
    )
