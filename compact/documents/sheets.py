"""Values as a spreadsheet (XLSX) in which every cell is what it was: text stays text, a day is a day.

The same values give the same bytes, whenever they are written.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from math import ceil
from textwrap import wrap
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from compact.web.clock import LOCAL
from compact.web.texts import clean

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What Excel can hold: https://support.microsoft.com/office/excel-specifications-and-limits
ROW_LIMIT = 1_048_576
COLUMN_LIMIT = 16_384
CELL_LIMIT = 32_767  # counted as Excel does, in UTF-16: a letter beyond the first 65,536 is two
NAME_LIMIT = 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = "history"
_NARROWEST, _TITLE, _WIDEST = 8, 16, 60  # in characters
_ROOM = 2  # beside a text
_IN_A_LINE = 64  # of a text that is wrapped in the widest column: most letters are narrower than a figure
_LINE, _HIGHEST = 15, 409  # in points; the second is Excel's limit
_SHORT = 200
_A4 = 9
_WRITTEN = datetime(2000, 1, 1)  # noqa: DTZ001 - a file says when it was made; ours says always the same
_AS_TYPED = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

# A Decimal is shown with two places, as a share in percent is.
Cell = str | int | Decimal | date | datetime | None


class TooLarge(Exception):  # noqa: N818 - it says what it is
    """A table is larger than a spreadsheet can hold."""


@dataclass(frozen=True)
class Sheet:
    """A named table. The name is made one that Excel takes; `header` stays in sight while one scrolls."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True)
class _Formats:
    header: Format
    text: Format
    number: Format
    share: Format
    day: Format
    moment: Format


def to_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """The spreadsheet as a file. Raises TooLarge.

    A text that is longer than a cell can be goes on in the row below, so that nothing is lost. A moment is
    shown as it was in England.
    """
    written = BytesIO()
    with Workbook(written, {"in_memory": True, **_AS_TYPED}) as book:
        _write_all(book, sheets)
    return written.getvalue()


def write_xlsx(file: IO[bytes], sheets: Sequence[Sheet]) -> None:
    """Write the same to a file for which memory is too small: each row leaves it with the next. Raises
    TooLarge.
    """
    with Workbook(file, {"constant_memory": True, **_AS_TYPED}) as book:
        _write_all(book, sheets)


def _write_all(book: Workbook, sheets: Sequence[Sheet]) -> None:
    book.set_properties({"created": _WRITTEN})
    formats = _formats(book)
    for name, sheet in zip(names_for([each.name for each in sheets]), sheets, strict=True):
        _write(book.add_worksheet(name), sheet, formats)


def refuse_rows(name: str, rows: int) -> None:
    """Raise TooLarge where so many rows and a header are more than a sheet can hold."""
    if rows >= ROW_LIMIT:
        raise TooLarge(f"The sheet {name!r} has more than {ROW_LIMIT:,} rows.")


def names_for(wanted: Sequence[str]) -> list[str]:
    """A name for each sheet that Excel takes: at most 31 characters of the right kind, and no two alike."""
    names: list[str] = []
    for each in wanted:
        plain = _cut(" ".join(_NOT_IN_A_NAME.sub(" ", clean(each)).split()), NAME_LIMIT).strip("' ")
        base = name = plain if plain and plain.casefold() != _RESERVED else f"Sheet {plain}".strip()
        number = 1
        while name.casefold() in {known.casefold() for known in names}:
            number += 1
            name = f"{_cut(base, NAME_LIMIT - len(f' {number}')).rstrip()} {number}"
        names.append(name)
    return names


def _formats(book: Workbook) -> _Formats:
    top = {"valign": "top"}
    to_the_right = {"align": "right", "indent": 1}  # else a number touches the text beside it
    return _Formats(
        header=book.add_format({**top, "bold": True, "text_wrap": True, "bottom": 1}),
        text=book.add_format({**top, "text_wrap": True}),
        number=book.add_format({**top, **to_the_right}),
        share=book.add_format({**top, **to_the_right, "num_format": "0.00"}),
        day=book.add_format({**top, "num_format": "d mmmm yyyy", "align": "left"}),
        moment=book.add_format({**top, "num_format": "d mmmm yyyy hh:mm", "align": "left"}),
    )


def _write(page: Worksheet, sheet: Sheet, formats: _Formats) -> None:
    if len(sheet.header) > COLUMN_LIMIT:
        raise TooLarge(f"The sheet {sheet.name!r} has more than {COLUMN_LIMIT:,} columns.")
    rows = (part for whole in sheet.rows for part in _rows_of(whole))
    widths = _write_header(page, [clean(title) for title in sheet.header], formats.header)
    last = 0
    for last, row in enumerate(rows, start=1):
        refuse_rows(sheet.name, last)
        if (lines := max(map(_lines, row), default=1)) > 1:
            # Not every program works out by itself how high a row of wrapped text is.
            page.set_row(last, min(lines * _LINE, _HIGHEST))
        for column, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            width = widths[column]
            # A line is no longer than its text: most texts fit into a column that is as wide already.
            if width < _WIDEST and not (isinstance(cell, str) and len(cell) + _ROOM <= width):
                widths[column] = max(width, _width(cell))
            _write_cell(page, last, column, cell, formats)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.freeze_panes(1, 0)
    _on_paper(page)
    if last:
        page.autofilter(0, 0, last, len(widths) - 1)


def _write_header(page: Worksheet, titles: Sequence[str], format_: Format) -> list[int]:
    """Titles in as many lines as they need, and how wide each makes its column.

    What a column holds decides how wide it is: a count is not as wide as the words that say what it counts.
    """
    widths = [_width_of_title(title) for title in titles]
    lines = [len(wrap(title, width - _ROOM)) for title, width in zip(titles, widths, strict=True)]
    page.set_row(0, max(lines, default=1) * _LINE)
    for column, title in enumerate(titles):
        page.write_string(0, column, title, format_)
    return widths


def _width_of_title(title: str) -> int:
    """The longest of its words has to fit, and of a few short words all."""
    longest = max(map(len, title.split()), default=0)
    return min(max(longest + _ROOM, min(len(title) + _ROOM, _TITLE), _NARROWEST), _WIDEST)


def _on_paper(page: Worksheet) -> None:
    """All columns on the width of a page, the header above each."""
    page.set_paper(_A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _write_cell(page: Worksheet, row: int, column: int, cell: Cell, formats: _Formats) -> None:
    if isinstance(cell, str):
        page.write_string(row, column, cell, formats.text)
    elif isinstance(cell, datetime):
        local = cell.astimezone(LOCAL).replace(tzinfo=None)
        page.write_datetime(row, column, local, formats.moment)
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, formats.day)
    elif isinstance(cell, Decimal):
        page.write_number(row, column, float(cell), formats.share)
    elif isinstance(cell, int):
        page.write_number(row, column, cell, formats.number)


def _rows_of(row: Sequence[Cell]) -> Iterator[list[Cell]]:
    """A row, and below it those that its longest texts go on in."""
    whole = [_cleaned(cell) if isinstance(cell, str) else cell for cell in row]
    if not any(isinstance(cell, str) and len(cell) * 2 > CELL_LIMIT for cell in whole):
        yield whole
        return
    while True:
        now = [_cut(cell, CELL_LIMIT) if isinstance(cell, str) else cell for cell in whole]
        yield now
        whole = [
            cell[len(part) :] if isinstance(cell, str) and isinstance(part, str) else None
            for cell, part in zip(whole, now, strict=True)
        ]
        if not any(whole):
            return


def _cleaned(text: str) -> str:
    """A text as it is kept. Names, keys and words of a table come again and again."""
    return _cleaned_before(text) if len(text) <= _SHORT else clean(text)


_cleaned_before = lru_cache(maxsize=4096)(clean)


def _cut(text: str, limit: int) -> str:
    """As much of a text as UTF-16 holds in `limit` units; no letter is halved."""
    if len(text) * 2 <= limit:
        return text
    return text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", "ignore")


def _width(cell: Cell) -> int:
    """How wide a column should be for a cell, in characters."""
    if isinstance(cell, str):
        longest = max((len(line) for line in cell.split("\n")), default=0)
        return min(max(longest + _ROOM, _NARROWEST), _WIDEST)
    return 20 if isinstance(cell, date) else _NARROWEST


def _lines(cell: Cell) -> int:
    """How many lines a cell takes: a column is as wide as its texts, up to the widest."""
    if not isinstance(cell, str) or (len(cell) <= _IN_A_LINE and "\n" not in cell):
        return 1
    return sum(max(1, ceil(len(line) / _IN_A_LINE)) for line in cell.split("\n"))
