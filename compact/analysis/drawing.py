"""Findings drawn for the desk: how a standard or an indicator was graded, as one bar."""

from collections.abc import Mapping, Sequence

from compact.documents.bars import Segment, stacked_bar
from compact.documents.grade_colours import grade_colour
from compact.documents.svg import Drawing
from compact.questionnaire.values import Grade


def grade_bar(title: str, grades: Mapping[str, int], scale: Sequence[Grade]) -> Drawing:
    """Organisations by grade as the parts of a bar, best first."""
    segments = [
        Segment(grade.label, grades.get(grade.key, 0), grade_colour(place))
        for place, grade in enumerate(scale)
    ]
    return stacked_bar(title, segments)
