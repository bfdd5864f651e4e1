"""A summary drawn: its bars and its CSV, both from the same values."""

from collections.abc import Iterator

from flask import Flask
from markupsafe import Markup

from compact.documents.bars import Segment, stacked_bar, swatch
from compact.documents.grade_colours import grade_colour
from compact.documents.svg import Drawing
from compact.documents.tables import Cell, to_csv

from .summary import Counts, GradeLabel, IndicatorRow, StandardRow, Summary

CSV_HEAD = ("sector", "standard", "indicator", "title", "graded", "weak", "share", "flagged")
HIDDEN = "not shown"


def init_app(app: Flask) -> None:
    app.add_template_global(bar, "grade_bar")
    app.add_template_global(grade_swatch)


def grade_swatch(place: int) -> Markup:
    """The colour of a grade, for the key of the bars."""
    return swatch(grade_colour(place))


def bar(title: str, counts: Counts, scale: tuple[GradeLabel, ...]) -> Drawing:
    """The grades of a standard or an indicator as one bar."""
    segments = [
        Segment(grade.label, counts.grades.get(grade.key, 0), grade_colour(place))
        for place, grade in enumerate(scale)
    ]
    return stacked_bar(title, segments)


def as_csv(summary: Summary) -> str:
    """Every standard and indicator, in questionnaire order; hidden rows say so."""
    return to_csv(CSV_HEAD, _rows(summary))


def _rows(summary: Summary) -> Iterator[tuple[Cell, ...]]:
    for standard in summary.standards:
        yield (summary.sector, standard.number, "", standard.title, *_cells(standard))
        for row in standard.indicators:
            yield (summary.sector, standard.number, row.key, row.asked, *_cells(row))


def _cells(row: StandardRow | IndicatorRow) -> tuple[Cell, ...]:
    if row.counts is None:
        return HIDDEN, "", "", ""
    return row.counts.graded, row.counts.weak, row.counts.share, "yes" if row.flagged else "no"
