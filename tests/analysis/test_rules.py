"""The rule at the heart, on whole numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compact.analysis.rules import is_flagged, is_hidden, one_alone_flags, share


@pytest.mark.parametrize(
    ("weak", "graded", "flagged"),
    [
        (9, 100, False),
        (10, 100, True),
        (1, 11, True),
        (1, 12, False),
        (0, 0, False),
        (0, 5, False),
        (91, 1000, True),
    ],
)
def test_more_than_nine_percent_is_flagged(weak: int, graded: int, flagged: bool) -> None:
    assert is_flagged(weak, graded, 9) == flagged


@pytest.mark.parametrize(
    ("weak", "graded", "text"),
    [(1, 11, "9.09"), (1, 8, "12.50"), (1, 3, "33.33"), (2, 3, "66.67"), (1, 800, "0.13"), (0, 4, "0.00")],
)
def test_a_share_has_two_decimals_half_up(weak: int, graded: int, text: str) -> None:
    assert str(share(weak, graded)) == text


def test_nobody_graded_has_no_share() -> None:
    assert share(0, 0) is None


@given(graded=st.integers(1, 10_000), weak=st.integers(0, 10_000), threshold=st.integers(0, 99))
def test_the_flag_is_the_exact_fraction(graded: int, weak: int, threshold: int) -> None:
    weak = min(weak, graded)

    assert is_flagged(weak, graded, threshold) == (Decimal(weak) / graded * 100 > threshold)


@pytest.mark.parametrize(("graded", "alone"), [(0, False), (1, True), (11, True), (12, False)])
def test_one_organisation_alone_flags_a_small_group(graded: int, alone: bool) -> None:
    assert one_alone_flags(graded, 9) == alone


def test_fewer_than_five_are_hidden() -> None:
    assert [is_hidden(graded) for graded in (0, 4, 5)] == [True, True, False]
