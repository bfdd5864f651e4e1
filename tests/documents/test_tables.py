"""F1 to F4: a table leaves as text. No cell becomes a formula, nothing is lost, and numbers stay numbers."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compact.documents.tables import as_table, as_text, to_csv

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    " =1",
    "\u00a0=1",
    "\u3000=1",
    "\u2003 \u00a0=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "﹦1",
    "\t=1",
    "\r=1",
    "\n=1",
    "\r\n=1",
    "\0=1",
    "\x01=1",
    "\ufeff=1",
    "\u200b=1",
    "\u202e=1",
    "\tplain",
    "-",
    "-5",
    "+44 23 9200 0000",
)
PLAIN = (
    "",
    " ",
    "plain",
    " plain",
    "'quoted'",
    "a=b",
    "5",
    "000123",
    "1-2",
    "é",
    "’",
    "“=1”",
    "(=1)",
    "0=1",
    "😀",
)


def read(text: str) -> list[list[str]]:
    """What a spreadsheet reads."""
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_would_begin_a_formula_has_an_apostrophe_before_it(cell: str) -> None:
    assert as_text(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", PLAIN)
def test_every_other_text_stays_as_it_is(cell: str) -> None:
    assert as_text(cell) == cell


@pytest.mark.parametrize("cell", [0, -5, 7, None])
def test_numbers_stay_numbers_and_nothing_stays_nothing(cell: int | None) -> None:
    assert as_text(cell) is cell


@given(st.text())
def test_no_text_is_ever_cut_or_changed(text: str) -> None:
    assert as_text(text) in (text, f"'{text}")


@given(
    st.text(alphabet=" \t\r\n\u00a0\u200b\0", max_size=5),
    st.sampled_from("=+-@＝＋－＠"),
    st.text(max_size=5),
)
def test_no_formula_gets_through_whatever_stands_before_it(before: str, sign: str, after: str) -> None:
    assert str(as_text(before + sign + after)).startswith("'")


def test_the_rows_end_as_spreadsheets_expect() -> None:
    assert to_csv(("a", "b"), [(1, "x"), (-2, None)]) == "a,b\r\n1,x\r\n-2,\r\n"


def test_commas_quotes_and_line_breaks_stay_within_their_cell() -> None:
    """A line break within a cell begins no new one: what follows it is no formula either."""
    row = ["a,b", 'say "yes"', "one\ntwo", "one\r\n=1+1", "one\r=1", ";", "'"]

    assert read(to_csv(["x"] * len(row), [row]))[1] == row


@given(st.lists(st.lists(st.text(alphabet=st.characters(exclude_characters="\0")), min_size=2, max_size=2)))
def test_what_is_written_can_be_read_again(rows: list[list[str]]) -> None:
    assert read(to_csv(("a", "b"), rows))[1:] == [[str(as_text(cell)) for cell in row] for row in rows]


def test_a_table_for_a_terminal_has_columns_as_wide_as_they_need() -> None:
    assert as_table(("name", "weak"), [("Leadership", 9), ("All", 10)]) == (
        "name        weak\nLeadership     9\nAll           10"
    )


def test_a_column_with_any_text_is_written_from_the_left() -> None:
    assert as_table(("share",), [("–",), (12,)]) == "share\n–\n12"


def test_a_table_without_rows_is_its_head() -> None:
    assert as_table(("name", "weak"), []) == "name  weak"


def test_a_cell_with_nothing_leaves_no_blanks_at_the_end_of_a_line() -> None:
    assert as_table(("a", "b"), [("x", None), ("y", "z")]) == "a  b\nx\ny  z"
