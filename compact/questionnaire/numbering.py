"""The order of the standards in a list: which places break it, and which standards nothing stands for."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from .values import STANDARD_NUMBERS


class Gap(NamedTuple):
    """A place whose number is unknown or out of order, with the numbers in order before and after it."""

    place: int
    before: int
    after: int


class _Run(NamedTuple):
    """A run of numbers that never falls, from its last place backwards."""

    length: int
    place: int
    rest: "_Run | None"


def gaps(numbers: Sequence[int | None]) -> Iterator[Gap]:
    """The places that are not in a longest run that never falls.

    So one wrong number is one mistake, and not as many as there are numbers after it.
    """
    kept = _longest_run(numbers)
    before, coming = STANDARD_NUMBERS[0], iter([*kept, None])
    following = next(coming)
    for place, number in enumerate(numbers):
        if place == following:
            before, following = number or before, next(coming)
        else:
            after = None if following is None else numbers[following]
            yield Gap(place, before, after or STANDARD_NUMBERS[-1])


def out_of_order(numbers: Sequence[int | None]) -> Iterator[tuple[int, str]]:
    """Each place that breaks the order, and what to say of it."""
    for gap in gaps(numbers):
        number = numbers[gap.place]
        if number is None:
            continue
        where = f"after standard {gap.before}" if number < gap.before else f"before standard {gap.after}"
        yield gap.place, f"standard {number} comes {where}: keep them in order"


def without_any(numbers: Sequence[int | None], left_out: Collection[int | None] = ()) -> list[int]:
    """The standards that no place stands for and that are not left out on purpose.

    A wrong number stands for one standard that fits in its place, and one that was left out with a wrong
    number for any: that these have nothing would only follow from the mistake that is named there.
    """
    missing = [each for each in STANDARD_NUMBERS if each not in numbers and each not in left_out]
    for gap in gaps(numbers):
        meant = next((each for each in missing if gap.before <= each <= gap.after), None)
        if meant is not None:
            missing.remove(meant)
    return missing[sum(each is None for each in left_out) :]


def _longest_run(numbers: Sequence[int | None]) -> list[int]:
    longest: dict[int, _Run] = {}  # by the number that the run ends with
    for place, number in enumerate(numbers):
        if number is not None:
            rest = _longest(run for last, run in longest.items() if last <= number)
            longest[number] = _Run(1 + (rest.length if rest else 0), place, rest)
    places = []
    run = _longest(iter(longest.values()))
    while run is not None:
        places.append(run.place)
        run = run.rest
    return places[::-1]


def _longest(runs: Iterator[_Run]) -> _Run | None:
    return max(runs, default=None, key=lambda run: run.length)
