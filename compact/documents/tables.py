"""Tables as CSV that a spreadsheet opens as text: no cell becomes a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain

_FORMULA = ("=", "+", "-", "@")
_BREAKS = ("\t", "\r", "\n")

Cell = str | int | Decimal | None


def to_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """CSV with CRLF, as spreadsheets expect it. Numbers stay numbers; texts are made safe."""
    return "".join(csv_lines(head, rows))


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The same, a record at a time, for a table that is too long to be held whole."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    for row in chain([head], ([as_text(cell) for cell in row] for row in rows)):
        writer.writerow(row)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def as_text(cell: Cell) -> Cell:
    """A cell that no spreadsheet runs: an apostrophe before what would begin a formula."""
    if not isinstance(cell, str):
        return cell
    return f"'{cell}" if cell.startswith(_BREAKS) or _first_seen(cell) in _FORMULA else cell


def _first_seen(text: str) -> str:
    """The first character that is to be seen, a full-width one as its plain one.

    Spreadsheets pass over blanks, control characters and marks without a width on the way to a formula.
    """
    seen = (each for each in text if not each.isspace() and not unicodedata.category(each).startswith("C"))
    return unicodedata.normalize("NFKC", next(seen, ""))


def as_table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table for a terminal: columns as wide as they need, numbers to the right."""
    kept = [tuple(row) for row in rows]
    texts = [tuple(head), *(tuple("" if cell is None else str(cell) for cell in row) for row in kept)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(head))]
    numeric = [
        bool(kept) and all(isinstance(row[column], int) for row in kept) for column in range(len(head))
    ]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in texts
    )
