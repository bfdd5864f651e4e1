"""The order of the standards: one wrong number is one mistake, whatever comes after it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compact.questionnaire.numbering import gaps, out_of_order, without_any
from tests.questionnaire.faults import lines, named, with_fault

NUMBERS = st.lists(st.none() | st.integers(1, 12), max_size=30)
ALL = list(range(1, 13))


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([1, 5, 3, 4], {1: "standard 5 comes before standard 3: keep them in order"}),
        ([1, 3, 3, 2, 4], {3: "standard 2 comes after standard 3: keep them in order"}),
        ([2, 1], {1: "standard 1 comes after standard 2: keep them in order"}),
        ([3, 1, 1, 1], {0: "standard 3 comes before standard 1: keep them in order"}),
        ([1, None, 2], {}),
        ([], {}),
    ],
)
def test_the_fewest_places_are_out_of_order(numbers: list[int | None], said: dict[int, str]) -> None:
    assert dict(out_of_order(numbers)) == said


@given(NUMBERS)
def test_what_is_left_is_in_order(numbers: list[int | None]) -> None:
    wrong = {gap.place for gap in gaps(numbers)}
    left = [number for place, number in enumerate(numbers) if place not in wrong]
    assert None not in left
    assert left == sorted(left, key=lambda number: number or 0)


@given(st.lists(st.integers(1, 12), max_size=9))
def test_no_longer_run_is_in_order(numbers: list[int]) -> None:
    runs = [
        [number for place, number in enumerate(numbers) if chosen >> place & 1]
        for chosen in range(2 ** len(numbers))
    ]
    longest = max(len(run) for run in runs if run == sorted(run))
    assert len(numbers) - len(list(gaps(numbers))) == longest


@given(NUMBERS)
def test_only_what_no_place_has_is_missing(numbers: list[int | None]) -> None:
    missing = without_any(numbers)
    assert set(missing).isdisjoint(numbers)
    assert len(missing) >= len(set(ALL) - set(numbers)) - len(list(gaps(numbers)))


@pytest.mark.parametrize(
    ("numbers", "left_out", "missing"),
    [
        (ALL, [], []),
        ([n for n in ALL if n not in (4, 9)], [], [4, 9]),
        ([n for n in ALL if n not in (4, 9)], [9], [4]),
        ([n for n in ALL if n not in (4, 9)], [None], [9]),  # left out, with a wrong number
        ([1, None, 3, *ALL[3:]], [], []),  # the wrong number will have been a 2
        ([1, 7, 3, *ALL[3:]], [], []),  # so will this
        ([1, 2, None, 3, 4, 5, 6, 8, 9, 10, 11, 12], [], [7]),  # no 7 would fit there
    ],
)
def test_a_wrong_number_stands_for_one_that_fits(
    numbers: list[int | None], left_out: list[int | None], missing: list[int]
) -> None:
    assert without_any(numbers, left_out) == missing


def test_an_indicator_out_of_order_is_one_mistake() -> None:
    text = with_fault("standard: 2", "standard: ‸9")
    assert lines({"school.yaml": text}, alone=True) == named(
        text, "standard 9 comes before standard 3: keep them in order"
    )


def test_standards_without_indicator_are_named_one_by_one() -> None:
    text = with_fault("standard: 2\n", "standard: 1\n").replace("standard: 9\n", "standard: 8\n")
    text = text.replace("indicators:", "‸‸indicators:")
    assert lines({"school.yaml": text}, alone=True) == named(
        text,
        "standard 2 has no indicator, and “not_asked” gives no reason for it",
        "standard 9 has no indicator, and “not_asked” gives no reason for it",
    )


def test_a_standard_left_out_with_a_wrong_number_is_one_mistake() -> None:
    text = with_fault("standard: 2\n", "standard: 1\n")
    text = text.replace("profile:", "not_asked:\n- {standard: ‸22, why: It is not.}\nprofile:")
    message = "“standard” is to be the number of a standard, 1 to 12, not 22"
    assert lines({"school.yaml": text}, alone=True) == named(text, message)
