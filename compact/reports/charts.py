"""A summary's drawings, from the values that its tables are made of."""

from collections.abc import Sequence

from compact.analysis.rules import is_flagged
from compact.documents.bars import Bar, Segment, stacked_bars
from compact.documents.grade_colours import grade_colour
from compact.documents.heat_map import HIDDEN, Blank, Cell, Row, heat_map
from compact.documents.slopes import Track, slopes
from compact.documents.svg import Drawing, Share

from .summary import Earlier, StandardRow, Summary
from .tables import counted, phase_name


def standards(summary: Summary) -> Drawing | None:
    """The grades of each standard that was asked, those that most find hard first."""
    hidden = [each for each in summary.standards if each.counts is None and each.indicators]
    bars = [_bar(each, summary) for each in (*summary.shown_by_share, *hidden)]
    return stacked_bars("Grades by standard", bars) if bars else None


def _bar(standard: StandardRow, summary: Summary) -> Bar:
    name = f"{standard.number}. {standard.title}"
    counts = standard.counts
    if counts is None:
        return Bar(name, None, "Not shown: too few graded it")
    segments = [
        Segment(grade.label, counts.grades.get(grade.key, 0), grade_colour(place))
        for place, grade in enumerate(summary.scale)
    ]
    return Bar(f"{name}: {counted(counts)}{', flagged' if standard.flagged else ''}", segments)


def changes(summary: Summary) -> Drawing | None:
    """The standards round by round, the oldest first; None where none can be compared."""
    earlier = [each for each in reversed(summary.earlier) if each.standards]
    if not earlier:
        return None
    rounds = [*(_round(each) for each in earlier), summary.cycle]
    tracks = [_track(each, earlier) for each in summary.standards if each.counts]
    return slopes("Organisations that find something hard, by standard", rounds, tracks)


def _round(earlier: Earlier) -> str:
    return f"{earlier.cycle} (brought in)" if earlier.brought_in else earlier.cycle


def _track(standard: StandardRow, earlier: Sequence[Earlier]) -> Track:
    """A standard's share in each round; none in a round that it cannot be compared with."""
    then = [
        next((row for row in each.standards if row.key == str(standard.number)), None) for each in earlier
    ]
    shares = [Share(row.weak_then, row.graded_then) if row else None for row in then]
    now = Share(standard.counts.weak, standard.counts.graded) if standard.counts else None
    return Track(str(standard.number), f"{standard.number}. {standard.title}", [*shares, now])


def phases(summary: Summary) -> Drawing | None:
    """The standards by phase, as a heat map."""
    if not summary.phases:
        return None
    numbers = {number for row in summary.phases for number in row.standards}
    rows = [
        Row(
            f"{each.number}. {each.title}",
            [_cell(row.standards.get(each.number), summary) for row in summary.phases],
        )
        for each in summary.standards
        if each.number in numbers
    ]
    columns = [phase_name(row.phase) for row in summary.phases]
    return heat_map("Standards by phase", columns, rows, threshold=summary.threshold)


def _cell(counts: tuple[int, int] | None, summary: Summary) -> Cell | Blank:
    if counts is None:
        return HIDDEN
    graded, weak = counts
    return Cell(Share(weak, graded), is_flagged(weak, graded, summary.threshold))
