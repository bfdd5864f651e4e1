"""The colours of grades, from best to worst, wherever they are drawn.

Nobody needs to see colour for them: neighbours differ in lightness, and the worse two are hatched besides.
Each edge stands out from white by at least 3 to 1, and ink from its fill by at least 4.5 to 1.
Sources: WCAG 2.2, 1.4.1, 1.4.3 and 1.4.11.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class GradeColour:
    fill: str
    ink: str
    edge: str
    hatching: str = ""


GRADE_COLOURS = (
    GradeColour("#0b5c4d", "#ffffff", "#0b5c4d"),
    GradeColour("#c4e4da", "#0b0c0c", "#3f7f70"),
    GradeColour("#f5c566", "#0b0c0c", "#8f6200", "#8f6200"),
    GradeColour("#8f1f3c", "#ffffff", "#8f1f3c", "#d98ba0"),
)


def grade_colour(place: int) -> GradeColour:
    """The colour of the grade at a place of its scale, 0 the best; in a longer scale the last repeats."""
    return GRADE_COLOURS[min(place, len(GRADE_COLOURS) - 1)]
