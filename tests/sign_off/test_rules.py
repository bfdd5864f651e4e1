"""The rules of signing and reopening, on values alone."""

import pytest

from compact.sign_off.rules import (
    Accountable,
    Authority,
    parse_authority,
    parse_reason,
    who_may_sign,
)
from compact.web.problems import FieldProblem

CHOOSE = (FieldProblem("authority", "Choose in which capacity you sign"),)


def test_who_signs_in_their_own_right_signs_for_nobody_else() -> None:
    assert parse_authority("own", "", "") == Authority()
    assert parse_authority("own", "Pat Linden", "x" * 999) == Authority()


def test_a_delegate_names_one_person_on_one_line() -> None:
    expected = Authority(Accountable("Pat Linden", "Chair\ufffdof governors"))

    assert parse_authority("delegate", " Pat\r\n  Linden ", "Chair\0of governors") == expected


@pytest.mark.parametrize("kind", ["", "Own", "own ", "delegate\0", "signatory"])
def test_no_capacity_is_guessed(kind: str) -> None:
    assert parse_authority(kind, "Pat Linden", "Chair") == CHOOSE


@pytest.mark.parametrize(
    ("name", "job_title", "said"),
    [
        (
            "",
            " \n",
            ["Enter the name of the person you sign for", "Enter the job title of the person you sign for"],
        ),
        ("Pat", "", ["Enter the job title of the person you sign for"]),
        ("x" * 201, "Chair", ["The name is 201 characters long; it can have 200. Shorten it by 1"]),
        (
            "Pat",
            "y" * 1_200,
            ["The job title is 1,200 characters long; it can have 200. Shorten it by 1,000"],
        ),
    ],
)
def test_a_delegate_without_name_or_job_title_is_told_which(
    name: str, job_title: str, said: list[str]
) -> None:
    problems = parse_authority("delegate", name, job_title)

    assert isinstance(problems, tuple)
    assert [problem.text for problem in problems] == said


def test_two_hundred_characters_fit() -> None:
    assert parse_authority("delegate", "x" * 200, "y" * 200) == Authority(Accountable("x" * 200, "y" * 200))


def test_where_two_people_are_wanted_no_author_signs() -> None:
    """2.3.5."""
    assert who_may_sign({1, 2}, {1, 7}, two_people=True) == {2}
    assert who_may_sign({1}, {1}, two_people=True) == frozenset()


def test_where_they_are_not_wanted_every_signatory_signs_and_nobody_else() -> None:
    assert who_may_sign({1, 2}, {1, 7}, two_people=False) == {1, 2}


@pytest.mark.parametrize("typed", ["", "  ", "\r\n\t"])
def test_a_return_is_reopened_for_a_reason(typed: str) -> None:
    assert parse_reason(typed) == FieldProblem("reason", "Enter why the return is reopened")


def test_a_reason_is_kept_as_typed_within_its_limit() -> None:
    said = "The reason is 2,001 characters long; it can have 2,000. Shorten it by 1"

    assert parse_reason("Two grades\r\nare wrong.") == "Two grades\nare wrong."
    assert parse_reason("x" * 2_000) == "x" * 2_000
    assert parse_reason("x" * 2_001) == FieldProblem("reason", said)
