"""F1 to F3 and F8: a spreadsheet holds every value as what it is, and the same values are the same bytes."""

import io
import re
import time
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compact.documents import sheets
from compact.documents.sheets import CELL_LIMIT, Cell, Sheet, TooLarge, names_for, to_xlsx
from compact.web.texts import clean
from tests.documents.test_tables import FORMULAS

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def test_f1_nothing_becomes_a_formula_a_link_or_a_number() -> None:
    """F1, F4: what would begin a formula, an address and digits with a nought stay texts."""
    texts = [*FORMULAS, "http://example.org/", "mailto:a@example.org", "000123", "1-2", "{=1}", "_x0041_"]
    page = opened(["Text"], [[text] for text in texts])
    cells = page.findall(".//m:c", NS)
    assert not page.findall(".//m:f", NS)
    assert not page.findall(".//m:hyperlink", NS)
    assert {cell.get("t") for cell in cells} == {"s"}
    assert read(["Text"], [[text] for text in texts])[1:] == [[clean(text)] for text in texts]


def test_a_share_is_a_number_with_two_places() -> None:
    share = opened(["Share"], [[Decimal("16.70")]]).findall(".//m:c", NS)[-1]
    assert (share.get("t"), share.findtext("m:v", "", NS)) == (None, "16.7")
    styles = packed(["Share"], [[Decimal("16.70")]]).read("xl/styles.xml").decode()
    assert 'formatCode="0.00"' in styles


def test_f3_control_characters_are_cleaned() -> None:
    """F3: what XML cannot hold is shown as a replacement mark, and the file opens."""
    assert read(["a\0b"], [["x\x01y\x08z\r\nline\ud800\ufffe"]]) == [
        ["a\ufffdb"],
        ["x\ufffdy\ufffdz\nline\ufffd\ufffd"],
    ]


def test_f3_a_text_longer_than_a_cell_goes_on_in_the_row_below() -> None:
    """F3: nothing is lost, and no letter is halved: Excel counts an emoji as two."""
    long, wide = "a" * (CELL_LIMIT + 5), "😀" * (CELL_LIMIT // 2 + 3)
    rows = read(["Key", "Text", "Wide", "Number"], [["k", long, wide, 7], ["l", "short", "", 8]])
    first, second, third = rows[1:]
    assert [first[0], second[0], third[0]] == ["k", "", "l"]
    assert first[1] + second[1] == long
    assert first[2] + second[2] == wide
    assert [first[3], third[3]] == ["7", "8"]
    assert all(len(cell.encode("utf-16-le")) // 2 <= CELL_LIMIT for row in rows for cell in row)


def test_f3_sheets_get_names_that_excel_takes() -> None:
    """F3: 31 characters, none of []:*?/\\, no ' at an end, no two alike, not "History"."""
    wanted = ["a" * 40, "A" * 40, "[x]: 'y'/*?\\", "'quoted'", "", "history", " \n ", "😀" * 20, "a" * 40]
    names = names_for(wanted)
    assert names[:2] == ["a" * 31, "A" * 29 + " 2"]
    assert names[2:6] == ["x 'y", "quoted", "Sheet", "Sheet history"]
    assert names[6] == "Sheet 2"
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name.encode("utf-16-le")) // 2 <= 31 for name in names)
    to_xlsx([Sheet(name, ["Head"], []) for name in wanted])


@given(st.lists(st.text(max_size=60), max_size=6))
@settings(deadline=None, max_examples=40)
def test_f3_any_names_make_a_book(wanted: list[str]) -> None:
    """F3: whatever an organisation is called, XlsxWriter refuses nothing."""
    to_xlsx([Sheet(name, ["Head"], [["x"]]) for name in wanted] or [Sheet("", [], [])])


def test_f3_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """F3: a table is never cut short in silence."""
    monkeypatch.setattr(sheets, "ROW_LIMIT", 3)
    to_xlsx([Sheet("Two", ["n"], [[1], [2]])])
    with pytest.raises(TooLarge, match="more than 3 rows"):
        to_xlsx([Sheet("Three", ["n"], [[1], [2], [3]])])
    with pytest.raises(TooLarge, match="columns"):
        to_xlsx([Sheet("Wide", ["n"] * 16_385, [])])


def test_a_row_is_as_high_as_its_longest_text_whatever_program_opens_it() -> None:
    title = "Requires improvement or worse, of those who graded it"
    rows: list[list[Cell]] = [["short", 7], ["word " * 60, 15], ["one\ntwo\nthree", 1], ["line\n" * 200, 2]]

    page = opened(["Text", title], rows)

    heights = [row.get("ht") for row in page.findall(".//m:row", NS)]
    widths = [float(column.get("width", "0")) for column in page.findall(".//m:col", NS)]
    assert heights == ["75", None, "75", "45", "408.75"], (
        "in points: 5 lines, 1, 5, 3, and what Excel can hold"
    )
    assert widths[0] > 60
    assert widths[1] < 20, "as wide as a few words of its title"


def test_d11_days_and_moments_are_dates() -> None:
    """D1, D11: a day is a day to Excel and looks like one; a moment is as clocks in England showed it."""
    day, moment = date(2027, 3, 31), datetime(2027, 6, 30, 22, 30, tzinfo=UTC)
    page = opened(["Day", "Moment"], [[day, moment]])
    shown = page.findall(".//m:row", NS)[1].findall("m:c/m:v", NS)
    excels = (day - date(1899, 12, 30)).days
    assert shown[0].text == str(excels)
    assert float(shown[1].text or "") == pytest.approx(excels + 91 + 23.5 / 24)
    styles = packed(["Day"], [[day]]).read("xl/styles.xml").decode()
    assert 'formatCode="d mmmm yyyy"' in styles


def test_f8_the_same_values_are_the_same_bytes() -> None:
    """F8: whenever they are written."""
    sheet = Sheet("Plan", ["What", "When"], [["Train everybody", date(2027, 3, 31)], ["=1", None]])
    first = to_xlsx([sheet])
    time.sleep(2.1)  # a ZIP counts its moments in two seconds
    assert to_xlsx([sheet]) == first


def opened(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> ET.Element:
    """The first sheet's XML."""
    return ET.fromstring(packed(header, rows).read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own


def packed(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> zipfile.ZipFile:
    return packed_in(to_xlsx([Sheet("Sheet", header, rows)]))


def packed_in(file: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(file))


def read(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """The cells as a spreadsheet shows them; an empty one as an empty text."""
    return cells_of(to_xlsx([Sheet("Sheet", header, rows)]))


def cells_of(file: bytes, sheet: int = 1) -> list[list[str]]:
    """The cells of a sheet of a file, each as its text."""
    book = packed_in(file)
    shared = []
    if "xl/sharedStrings.xml" in book.namelist():
        strings = ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - our own
        shared = [_unescaped(each.text or "") for each in strings.findall("m:si/m:t", NS)]
    page = ET.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))  # noqa: S314 - our own
    rows = []
    for row in page.findall(".//m:row", NS):
        cells: dict[int, str] = {}
        for cell in row.findall("m:c", NS):
            value = cell.findtext("m:v", "", NS)
            cells[_column(cell.get("r", ""))] = shared[int(value)] if cell.get("t") == "s" else value
        rows.append([cells.get(column, "") for column in range(max(cells, default=-1) + 1)])
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _column(address: str) -> int:
    letters = re.sub("[0-9]", "", address)
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _unescaped(text: str) -> str:
    """Excel's own escape for what XML has no character for."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
