"""The rule at the heart: shares, flags, and what is too small to be shown outside the desk."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

# The bands of a share: up to so many times the threshold, and above; the same as in our drawings.
BANDS = (Fraction(0), Fraction(1, 2), Fraction(1), Fraction(2), Fraction(4))
# Outside the partnership's desk a row graded by fewer organisations than this is hidden.
SMALLEST_SHOWN = 5


def is_flagged(weak: int, graded: int, threshold: int) -> bool:
    """Whether more than `threshold` percent of those who graded it need to improve.

    Compared as integers, so that 9 of 100 is not flagged and 1 of 11 is.
    """
    return weak * 100 > threshold * graded


def one_alone_flags(graded: int, threshold: int) -> bool:
    """Whether a single organisation would trip the flag, so that the share says little."""
    return graded > 0 and is_flagged(1, graded, threshold)


def band(weak: int, graded: int, threshold: int) -> int:
    """How dark a share is shown: 0 for nobody weak, up to 2 for what is not flagged, above for what is."""
    return next(
        (place for place, times in enumerate(BANDS) if weak * 100 <= times * threshold * graded), len(BANDS)
    )


def share(weak: int, graded: int) -> Decimal | None:
    """Weak of graded in percent, two decimals, half up; None when nobody graded it."""
    if graded == 0:
        return None
    return (Decimal(weak * 100) / Decimal(graded)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def is_hidden(graded: int) -> bool:
    """Whether a row is too small to be shown outside the desk."""
    return graded < SMALLEST_SHOWN
