"""What the pages of a summary are drawn with, and its CSV."""

from collections.abc import Iterator

from flask import Flask

from compact.documents.tables import Cell, to_csv

from .summary import IndicatorRow, StandardRow, Summary
from .tables import HIDDEN, Hidden, shown
from .told import tell

CSV_HEAD = ("sector", "standard", "indicator", "title", "graded", "weak", "share", "flagged")


def init_app(app: Flask) -> None:
    app.add_template_global(tell)
    app.add_template_filter(shown)
    app.add_template_test(_is_kept_back, "kept_back")


def _is_kept_back(cell: object) -> bool:
    return isinstance(cell, Hidden)


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
        return HIDDEN.value, "", "", ""
    return row.counts.graded, row.counts.weak, row.counts.share, "yes" if row.flagged else "no"
