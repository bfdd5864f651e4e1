"""Findings drawn for the desk: how something was graded, and how the shares changed over the rounds."""

from collections.abc import Mapping, Sequence

from compact.documents.bars import Segment, stacked_bar
from compact.documents.grade_colours import grade_colour
from compact.documents.slopes import Track, slopes
from compact.documents.svg import Drawing, Share
from compact.questionnaire.values import Grade

from .findings import SectorFindings
from .trend import Trend

ROUNDS = 4  # that a drawing has room for, the one looked at among them


def grade_bar(title: str, grades: Mapping[str, int], scale: Sequence[Grade]) -> Drawing:
    """Organisations by grade as the parts of a bar, best first."""
    segments = [
        Segment(grade.label, grades.get(grade.key, 0), grade_colour(place))
        for place, grade in enumerate(scale)
    ]
    return stacked_bar(title, segments)


def standards_over_rounds(findings: SectorFindings, cycle: str, trends: Sequence[Trend]) -> Drawing | None:
    """The share of each standard in the last rounds, the oldest first; None where none can be compared."""
    compared = [each for each in reversed(trends[: ROUNDS - 1]) if each.standards]
    if not compared:
        return None
    tracks = []
    for each in findings.standards:
        then = [trend.by_standard.get(each.standard) for trend in compared]
        counts = [trend.then if trend else None for trend in then]
        if each.graded and any(counts):
            shares = [Share(one.weak, one.graded) if one and one.graded else None for one in counts]
            label = f"{each.standard}. {each.title}"
            tracks.append(Track(str(each.standard), label, [*shares, Share(each.weak, each.graded)]))
    rounds = [f"{each.cycle} (brought in)" if each.brought_in else each.cycle for each in compared]
    title = "Organisations that find something hard, by standard"
    return slopes(title, [*rounds, cycle], tracks) if tracks else None
