"""The rules of an action."""

from datetime import date

import pytest

from compact.actions.rules import PlannedAction, TypedAction, parse_action, parse_day


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
