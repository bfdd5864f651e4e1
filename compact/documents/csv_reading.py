"""CSV files that others wrote, read strictly: the right bytes, the right columns, rows of the right width.

`read_csv` is for every import of the house. It raises InputMistakes when the file as a whole cannot be read
(wrong encoding, a web page, a missing column) and otherwise gives a Sheet: the rows with their lines, and
the mistakes of single rows, which the importer lists together with its own:

    sheet = read_csv(path, required=("organisation", "grade"), optional=("reason",))
    mistakes = list(sheet.mistakes)
    for row in sheet.rows:
        if row.cells["grade"] not in known:
            mistakes.append(sheet.mistake(row.line, f"there is no grade “{shown(row.cells['grade'])}”"))
    if mistakes:
        raise InputMistakes(sorted(mistakes))
"""

import csv
import difflib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from compact.web.cli import InputMistakes

Column = str | tuple[str, ...]
"""A column by its name; a tuple means that one of these is enough."""

MOST_TITLES = 20  # rows that may stand above a header

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ZIP_MARK = b"PK\x03\x04"  # what every .xlsx and .ods begins with
_WEB_PAGE = re.compile(r"\s*(<!doctype|<html|<head|<\?xml)", re.IGNORECASE)
_NOT_IN_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_LONGEST_SHOWN = 60

# What the second and later bytes of a UTF-8 character look like when they are read as Windows-1252.
_LATER_BYTES = bytes(range(0x80, 0xC0)).decode("cp1252", errors="ignore")
# After Ä and Å these may well have been meant; after Â and Ã hardly ever.
_QUOTES_AND_DASHES = "‘’“”‚„‹›«»–—…•"
_WRONG = re.compile(
    "(?=[\x00\ufffd\x80-\x9fÂÃÄÅâïð])"  # looked for first: it halves the time for a large file
    "(?:[\x00\ufffd\x80-\x9f]"
    f"|[ÂÃ][{re.escape(_LATER_BYTES)}]"
    f"|[ÄÅ][{re.escape(''.join(each for each in _LATER_BYTES if each not in _QUOTES_AND_DASHES))}]"
    "|â€|ï»¿|ï¿½|ðŸ)"
)


@dataclass(frozen=True, order=True)
class Mistake:
    """A mistake with its place. They sort by line."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Row:
    """A row that holds something. `line` is the line of the file on which it begins, the first being 1.

    `cells` has the asked columns that the file has, under the names by which they were asked for, without
    blanks (no-break spaces among them) at either end. An optional column that the file lacks is no key.
    """

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A file's rows and the mistakes of single rows; `columns` are the asked ones that the file has."""

    file: str
    columns: frozenset[str]
    rows: Sequence[Row]
    mistakes: Sequence[Mistake]

    def mistake(self, line: int, message: str) -> Mistake:
        return Mistake(self.file, line, message)


def read_csv(path: Path, required: Sequence[Column], optional: Sequence[str] = ()) -> Sheet:
    """The rows of a file, as `read_sheet` reads them."""
    return read_sheet(str(path), path.read_bytes(), required, optional)


def read_sheet(
    file: str,
    data: bytes,
    required: Sequence[Column],
    optional: Sequence[str] = (),
    *,
    header_holds: str | None = None,
) -> Sheet:
    """The rows of a file with commas, UTF-8 (with or without mark) or Windows-1252.

    Columns are found by name in any order, whatever their case and runs of spaces; others are passed over,
    and so are blank rows. The header is the first row, or the first that has `header_holds` as a cell, where
    titles may stand above it. Raises InputMistakes, each as FILE:LINE: message, when it is no such file.
    """
    text = read_text(file, data)
    found = _records(file, text)
    head_line, head = _header(found, header_holds)
    if isinstance(head, Mistake):
        raise InputMistakes([head])
    if not head:
        raise InputMistakes([Mistake(file, 1, "the file is empty")])
    places = _places(file, head_line, head, required, optional)
    rows: list[Row] = []
    mistakes: list[Mistake] = []
    for line, record in found:
        if isinstance(record, Mistake):
            mistakes.append(record)
        elif len(record) != len(head):
            message = f"the row has {_cells(len(record))}, the header has {_cells(len(head))}"
            mistakes.append(Mistake(file, line, message))
        else:
            rows.append(Row(line, {name: record[place].strip() for name, place in places.items()}))
    if not rows and not mistakes:
        raise InputMistakes([Mistake(file, head_line, "the file has a header and no rows")])
    return Sheet(file, frozenset(places), rows, mistakes)


def _header(
    found: Iterator[tuple[int, list[str] | Mistake]], holds: str | None
) -> tuple[int, list[str] | Mistake]:
    """The header and its line. Where no row near the top holds what it must, it is the first of all."""
    first = next(found, (1, []))
    if holds is None:
        return first
    for line, record in chain([first], islice(found, MOST_TITLES)):
        if isinstance(record, Mistake) or _folded(holds) in map(_folded, record):
            return line, record
    return first


def shown(text: str) -> str:
    """A cell as a message may repeat it: in one line, without control characters, not too long."""
    line = "".join(each if each.isprintable() else " " for each in text)
    return line if len(line) <= _LONGEST_SHOWN else f"{line[: _LONGEST_SHOWN - 1]}…"


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown word: a near one, if there is any."""
    folded = {_folded(each): each for each in known}
    near = difflib.get_close_matches(_folded(given), folded, n=1, cutoff=0.6)
    return f": did you mean “{shown(folded[near[0]])}”?" if near else ""


def read_text(file: str, data: bytes) -> str:
    """The file's text. Raises InputMistakes when it is none, or shows that it was read in a wrong way."""
    if data.startswith(_ZIP_MARK):
        raise InputMistakes([Mistake(file, 1, "the file is a workbook: save it as CSV")])
    if data.startswith(_UTF16_MARKS):
        raise InputMistakes([Mistake(file, 1, "the file is UTF-16: save it as CSV in UTF-8")])
    text = _decoded(file, data)
    if _WEB_PAGE.match(text):
        raise InputMistakes([Mistake(file, 1, "the file is a web page, not CSV: download it again")])
    if _WRONG.search(text):
        lines = enumerate(io.StringIO(text, newline=""), start=1)
        raise InputMistakes(
            Mistake(file, line, _wrong(found[0])) for line, held in lines if (found := _WRONG.search(held))
        )
    return text


def _decoded(file: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        marked = data.startswith(_UTF8_MARK)
        place = error.start + (len(_UTF8_MARK) if marked else 0)  # the codec counts from behind the mark
        line = _line(data, place)
        if marked:
            message = f"the byte 0x{data[place]:02X} is not UTF-8, although the file is marked as UTF-8"
            raise InputMistakes([Mistake(file, line, message)]) from None
    missing = _NOT_IN_1252.search(data)
    if missing is None:
        return data.decode("cp1252")
    message = (
        f"the byte 0x{missing[0][0]:02X} is not Windows-1252, and the file is not UTF-8 either "
        f"(line {line}): save it as UTF-8"
    )
    raise InputMistakes([Mistake(file, _line(data, missing.start()), message)])


def _line(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


def _wrong(found: str) -> str:
    if found == "\x00":
        return "the file holds a NUL byte: it is no text, or is damaged"
    if found == "\ufffd":
        return "“\ufffd” stands where a character was lost: get the file again, or mend it"
    if len(found) == 1:
        return f"the control character U+{ord(found):04X} shows that an earlier program read the text wrongly"
    return f"“{shown(found)}” shows that the text was read with the wrong encoding: save the file as UTF-8"


def _records(file: str, text: str) -> Iterator[tuple[int, list[str] | Mistake]]:
    """Every record that is not blank with the line on which it begins; a Mistake ends them."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, Mistake(file, line, _broken(str(error)))
            return
        if any(record) and any(cell.strip() for cell in record):
            yield line, record


def _broken(error: str) -> str:
    if "field limit" in error or "end of data" in error:
        return "a quotation mark is opened in this row and never closed; the rest of the file was not read"
    return "a quotation mark stands inside a cell without being doubled; the rest of the file was not read"


def _places(
    file: str, line: int, head: Sequence[str], required: Sequence[Column], optional: Sequence[str]
) -> dict[str, int]:
    """Where each asked column stands. Raises InputMistakes when one is missing or there twice."""
    if len(head) == 1 and (parted := next((sign for sign in (";", "\t") if sign in head[0]), None)):
        by = "semicolons" if parted == ";" else "tabs"
        raise InputMistakes([Mistake(file, line, f"the columns are parted by {by}: save it with commas")])
    there: dict[str, list[int]] = {}
    for place, name in enumerate(head):
        there.setdefault(_folded(name), []).append(place)
    choices = [(each,) if isinstance(each, str) else each for each in required]
    asked = [*(name for choice in choices for name in choice), *optional]
    others = [
        name for name in head if name.strip() and _folded(name) not in {_folded(each) for each in asked}
    ]
    mistakes = [
        f"the column “{'” or “'.join(choice)}” is missing{did_you_mean(choice[0], others)}"
        for choice in choices
        if not any(_folded(name) in there for name in choice)
    ]
    mistakes += [
        f"the column “{name}” is there twice" for name in asked if len(there.get(_folded(name), ())) > 1
    ]
    if mistakes:
        raise InputMistakes(Mistake(file, line, message) for message in mistakes)
    return {name: there[_folded(name)][0] for name in asked if _folded(name) in there}


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _cells(count: int) -> str:
    return f"{count} cell" if count == 1 else f"{count} cells"
