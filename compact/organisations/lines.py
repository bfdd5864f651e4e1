"""Who goes on from whom alone, where schools also merge and split.

Pairs of (old, new) are kept whole, over others as well: so two that stand in one line are a pair themselves.
"""

from collections.abc import Collection

Pairs = Collection[tuple[int, int]]


def line_before(pairs: Pairs, new: int) -> frozenset[int]:
    """Those that one goes on from and nobody else came into since: none of two that merged into it."""
    before = {old for old, each in pairs if each == new}
    return frozenset(old for old in before if all(_in_line(pairs, old, other) for other in before - {old}))


def is_one_to_one(pairs: Pairs, old: int, new: int) -> bool:
    """Whether `new` is what `old` became: between them nothing merged, and nothing was split off."""
    after = {each for start, each in pairs if start == old} - {new}
    return old in line_before(pairs, new) and all(_in_line(pairs, new, other) for other in after)


def _in_line(pairs: Pairs, one: int, other: int) -> bool:
    return (one, other) in pairs or (other, one) in pairs
