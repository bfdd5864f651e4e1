"""How a report writes numbers: small ones in words, shares on their side of the mark, few naming nobody."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from compact.analysis.rules import SMALLEST_SHOWN, is_flagged

SMALL = SMALLEST_SHOWN
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Few(Enum):
    """What stands where a count, or what is missing from it, is so small that it might name somebody."""

    FEW = "fewer than five"
    MOST = "all but a few"


Kept = int | Few


def kept(number: int, *wholes: int) -> Kept:
    """A count as it may leave the desk, being a part of each of these that are shown beside it."""
    if 0 < number < SMALL:
        return Few.FEW
    return Few.MOST if any(0 < whole - number < SMALL for whole in wholes) else number


def count(number: int) -> str:
    """A number in a sentence: up to nine in words."""
    return _WORDS[number] if number < len(_WORDS) else f"{number:,}"


def of_them(part: Kept, whole: int) -> str:
    """A part of what was just named."""
    if isinstance(part, Few):
        return f"{part.value} of them"
    return "none of them" if not part else "all of them" if part == whole else f"{count(part)} of them"


def figures(weak: int, graded: int, threshold: int) -> str:
    """A share with its counts: 17% (9 of 53)."""
    return f"{percent(weak, graded, threshold)} ({weak:,} of {graded:,})"


def percent(part: int, whole: int, mark: int = 0) -> str:
    """A part in whole percent; with decimals where else it would seem to be on the other side of the mark,
    or to be nothing or the whole and is not.
    """
    exact = Decimal(part * 100) / Decimal(whole)
    is_above = is_flagged(part, whole, mark)
    for places in ("1", "0.1", "0.01"):
        rounded = exact.quantize(Decimal(places), ROUND_HALF_UP)
        same_side = (rounded > mark) == is_above
        if same_side and (rounded > 0) == (part > 0) and (rounded < 100) == (part < whole):
            break
    return f"{rounded}%"


def listed(words: Sequence[str], last: str = "and", between: str = ", ") -> str:
    """Words as a list in a sentence."""
    if len(words) < 2:
        return "".join(words)
    return f"{between.join(words[:-1])}{between if between != ', ' else ' '}{last} {words[-1]}"
