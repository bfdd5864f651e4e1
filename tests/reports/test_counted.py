"""By how few returns two numbers differ: sets of returns with the moments of their signing."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from compact.reports.counted import Difference, as_counted, difference, from_text, nearest, to_text

AT = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)


def test_a_return_is_new_signed_anew_or_gone_and_each_counts_once() -> None:
    before = [as_counted(each, each, AT) for each in (1, 2, 3, 4)]
    after = [
        as_counted(1, 1, AT),
        as_counted(2, 20, AT + timedelta(days=1)),  # reopened and signed as its next number
        as_counted(3, 3, AT),
        as_counted(5, 5, AT),
    ]

    found = difference(7, to_text(before), after)

    assert found == Difference(7, new=1, anew=1, gone=1)
    assert (found.returns, found.is_small) == (3, True)


def test_four_are_few_and_five_are_not() -> None:
    four, five = ([as_counted(each, each, AT) for each in range(number)] for number in (4, 5))

    assert difference(1, "", four).is_small
    assert not difference(1, "", five).is_small


def test_where_nobody_noted_what_was_counted_it_may_be_few() -> None:
    found = difference(1, None, [as_counted(each, each, AT) for each in range(50)])

    assert (found.is_known, found.is_small) == (False, True)


def test_the_nearest_of_several_numbers_is_named_and_an_unknown_one_before_all() -> None:
    far, near, same = Difference(1, 9, 0, 0), Difference(2, 1, 1, 0), Difference(3, 0, 2, 0)

    assert nearest([far, near, same]) == same
    assert nearest([far, Difference(4), near]) == Difference(4)
    assert nearest([]) is None


@given(st.sets(st.tuples(st.integers(1), st.integers(1), st.datetimes(timezones=st.just(UTC))), max_size=20))
def test_what_is_kept_as_text_is_read_as_it_was(rows: set[tuple[int, int, datetime]]) -> None:
    counted = frozenset(as_counted(*row) for row in rows)

    assert from_text(to_text(counted)) == counted
