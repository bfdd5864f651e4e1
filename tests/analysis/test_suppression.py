"""What is published gives no hidden count away, to somebody who reads all of it and knows the rules.

The attacker enumerates every world that could stand behind what was published. A count is recovered when it
is the same in all of them.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from itertools import combinations_with_replacement, product
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from compact.analysis.rules import is_hidden
from compact.analysis.suppression import Given, Total, by_phase, hidden_keys, total

GOOD, WEAK = "good", "weak"
KEYS = ("a", "b")  # the two indicators of one standard

# What an organisation says of the two; and what all of them say, in no order.
Said = tuple[str | None, str | None]
World = tuple[Said, ...]
EVERYTHING: Sequence[Said] = tuple(product((GOOD, WEAK, None), (GOOD, WEAK, None)))


class Published(NamedTuple):
    """All that is out: how many signed, the rows that are shown, their standard's total, what is hidden."""

    signed: int
    rows: tuple[tuple[str, Total], ...]
    standard: Total | None
    hidden: frozenset[str]


Publish = Callable[[World, frozenset[str]], Published]


@cache
def publish(world: World, before: frozenset[str] = frozenset()) -> Published:
    """A publication as the rules have it."""
    answers = _answers(world)
    graded = {key: total(answers, [key], {WEAK}).graded for key in KEYS}
    hidden = hidden_keys([graded], before)
    shown = [key for key in KEYS if key not in hidden]
    rows = tuple((key, total(answers, [key], {WEAK})) for key in shown)
    return Published(len(world), rows, total(answers, shown, {WEAK}) if shown else None, hidden)


@cache
def publish_whole_totals(world: World, before: frozenset[str] = frozenset()) -> Published:
    """The same, but the total counts hidden rows too."""
    return publish(world, before)._replace(standard=total(_answers(world), KEYS, {WEAK}))


@cache
def publish_forgetful(world: World, _: frozenset[str] = frozenset()) -> Published:
    """The same, but what an earlier number hid is forgotten."""
    return publish(world)


said = st.sampled_from(EVERYTHING)


@given(st.lists(said, min_size=1, max_size=6), st.lists(said, max_size=2))
@example([(GOOD, WEAK)] * 4 + [(GOOD, None)], [(GOOD, GOOD)])
@example([(GOOD, GOOD)] * 4 + [(GOOD, None)], [(GOOD, WEAK)])
@settings(max_examples=40, deadline=None)
def test_no_hidden_count_is_recovered_from_a_number_and_the_next(first: list[Said], more: list[Said]) -> None:
    recovered = attack(publish, _sorted(first), _sorted(more))

    assert recovered == []


@pytest.mark.campaign
@given(st.lists(said, min_size=1, max_size=7), st.lists(said, max_size=2))
@settings(max_examples=150, deadline=None)
def test_no_pair_of_larger_numbers_gives_a_count_away(first: list[Said], more: list[Said]) -> None:
    assert attack(publish, _sorted(first), _sorted(more)) == []


def test_the_attacker_is_able_to_recover_counts_from_totals_over_hidden_rows() -> None:
    world = _sorted([(GOOD, None)] * 5 + [(None, WEAK)] * 4)

    assert ("b", "graded", 4) in attack(publish_whole_totals, world, ())


def test_the_attacker_is_able_to_recover_counts_from_a_difference() -> None:
    world = _sorted([(GOOD, GOOD)] * 4 + [(GOOD, None)])

    assert attack(publish_forgetful, world, ((GOOD, GOOD),)) == [("b", "graded", 4), ("b", "weak", 0)]


@given(st.lists(st.tuples(st.sampled_from(["primary", "secondary", None]), said), max_size=24))
def test_phases_are_shown_whole_and_never_with_a_small_cell(schools: list[tuple[str | None, Said]]) -> None:
    answers = [
        Given(number, phase, key, grade)
        for number, (phase, grades) in enumerate(schools)
        for key, grade in zip(KEYS, grades, strict=True)
    ]

    table = by_phase(answers, {1: KEYS}, {WEAK})

    cells = {
        phase: total([each for each in answers if each.phase == phase], KEYS, {WEAK})
        for phase in {each.phase for each in answers}
    }
    is_fit = (
        len(cells) > 1 and None not in cells and not any(is_hidden(each.graded) for each in cells.values())
    )
    assert table == ({phase: {1: cell} for phase, cell in cells.items()} if is_fit else None)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), st.integers(0, 9)), max_size=4), st.sets(st.just("a")))
def test_a_row_is_shown_where_five_graded_it_in_every_view_and_it_was_never_hidden(
    views: list[dict[str, int]], before: set[str]
) -> None:
    hidden = hidden_keys(views, before)

    for key in KEYS:
        small = any(view.get(key, 5) < 5 for view in views)
        assert (key in hidden) == (small or key in before)


def attack(publishing: Publish, first: World, more: World) -> list[tuple[str, str, int]]:
    """The counts of hidden rows that two publications give away: the row, which count, and its value.

    The attacker knows that between them others signed and nobody signed anew, which makes it easier.
    """
    one = publishing(first, frozenset())
    two = publishing(_sorted([*first, *more]), one.hidden)
    if not one.hidden | two.hidden:
        return []
    able = [
        (before, _sorted([*before, *added]))
        for before in _worlds(one.signed)
        if publishing(before, frozenset()) == one
        for added in combinations_with_replacement(EVERYTHING, two.signed - one.signed)
        if publishing(_sorted([*before, *added]), one.hidden) == two
    ]
    recovered = []
    for place, number in enumerate((one, two)):
        for key in sorted(number.hidden):
            counts = {total(_answers(worlds[place]), [key], {WEAK}) for worlds in able}
            for name in ("graded", "weak"):
                values = {getattr(each, name) for each in counts}
                if len(values) == 1 and (key, name, *values) not in recovered:
                    recovered.append((key, name, *values))
    return recovered


def _worlds(signed: int) -> Iterator[World]:
    return combinations_with_replacement(EVERYTHING, signed)


def _sorted(world: Collection[Said]) -> World:
    """The same world in the order in which `_worlds` has it."""
    return tuple(sorted(world, key=EVERYTHING.index))


@cache
def _answers(world: World) -> list[Given]:
    return [
        Given(number, None, key, grade)
        for number, grades in enumerate(world)
        for key, grade in zip(KEYS, grades, strict=True)
    ]
