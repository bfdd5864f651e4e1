"""What is imported is counted: `compact analyse` and `compact cycles show` after `compact returns import`."""

import csv
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import Ended
from tests.exchange.conftest import CYCLE
from tests.exchange.rows import Row, not_applicable, row
from tests.making import World

Bring = Callable[..., Ended]
Compact = Callable[..., Ended]


def graded(weak: int, of: int, first: int = 1) -> Iterator[Row]:
    """So many schools, so many of them weak."""
    for number in range(first, first + of):
        yield row(f"local:{number}", "bullying", "good" if number >= first + weak else "requires_improvement")


def analysed(compact: Compact, indicator: str, *options: str) -> dict[str, str]:
    """The row of a school's indicator, or of standard 4 for none."""
    ended = compact("analyse", CYCLE, "--sector", "school", "--format", "csv", *options)
    rows = csv.DictReader(ended.out.splitlines())
    return next(each for each in rows if (each["standard"], each["indicator"]) == ("4", indicator))


@pytest.mark.parametrize(
    ("weak", "of", "share", "flagged"),
    [(9, 100, "9.00", "no"), (10, 100, "10.00", "yes"), (1, 11, "9.09", "yes"), (1, 12, "8.33", "no")],
)
def test_more_than_nine_in_a_hundred_are_flagged(
    cycle: int, bring: Bring, compact: Compact, weak: int, of: int, share: str, flagged: str
) -> None:
    assert bring(*graded(weak, of)).last_line == f"added {of}, unchanged 0"

    for found in (analysed(compact, "bullying"), analysed(compact, "", "--by", "standard")):
        counts = (found["graded"], found["weak"], found["share"], found["flagged"])
        assert counts == (str(of), str(weak), share, flagged)


def test_not_applicable_leaves_the_denominator(cycle: int, bring: Bring, compact: Compact) -> None:
    bring(*graded(1, 11), *(not_applicable(f"local:{number}") for number in range(20, 31)))

    found = analysed(compact, "bullying")
    assert (found["graded"], found["weak"], found["flagged"]) == ("11", "1", "yes")
    assert analysed(compact, "", "--by", "standard")["graded"] == "11"


def test_an_indicator_without_a_row_is_in_no_count(cycle: int, bring: Bring, compact: Compact) -> None:
    bring(*graded(1, 11), *(row(f"local:{number}", "pupil-voice") for number in range(10, 21)))

    assert analysed(compact, "bullying")["graded"] == "11"
    assert analysed(compact, "pupil-voice")["graded"] == "11"
    by_standard = analysed(compact, "", "--by", "standard")
    assert (by_standard["graded"], by_standard["weak"], by_standard["flagged"]) == ("20", "1", "no")


def test_a_reason_beside_a_grade_means_nothing(cycle: int, bring: Bring, compact: Compact) -> None:
    bring(row(grade="inadequate", reason="We think it does not apply"))

    assert analysed(compact, "bullying")["weak"] == "1"


def test_a_round_of_several_counts_a_body_in_each_partnership_it_works_in(
    world: World, bring: Bring, compact: Compact
) -> None:
    first, second = world.partnership("First", ["901"]), world.partnership("Second", ["902"])
    world.organisation(identifier="1", areas=["902"])
    world.cycle(first, second)

    bring(row("GIAS:1", grade="inadequate"), row("local:1"))

    for partnership, expected in (((), ("2", "1")), (("First",), ("1", "0")), (("Second",), ("1", "1"))):
        options = ("--partnership", *partnership) if partnership else ()
        for found in (
            analysed(compact, "bullying", *options),
            analysed(compact, "", "--by", "standard", *options),
        ):
            assert (found["graded"], found["weak"]) == expected


def test_imported_returns_are_received_of_those_due(
    world: World, host: int, bring: Bring, compact: Compact
) -> None:
    for number in range(3):
        world.organisation(identifier=str(number))
    world.cycle(host)

    bring(row("GIAS:1"), row("local:1"))

    shown = compact("cycles", "show", CYCLE, "--format", "csv").out.splitlines()
    assert "school,4,2,50.00" in shown
