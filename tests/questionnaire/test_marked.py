"""YAML as plain data with its places: what stays text, and where things stand."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from compact.questionnaire.marked import DAMAGED, UNSEEN, Place, read_marked

LOOKS_LIKE_MORE = """no yes on off No YES y n True FALSE 1.10 2.0 1e3 012 0o17 0x1F +5 1_000 12:30 .inf << =
    2026-09-01 2026-09-01T09:30:00Z 1234567890123"""
# Texts without what YAML cannot hold or the reader refuses in any text.
TEXTS = st.text(st.characters(exclude_categories=["Cs"])).filter(
    lambda text: not (UNSEEN.search(text) or DAMAGED.search(text))
)


@pytest.mark.parametrize("typed", LOOKS_LIKE_MORE.split())
def test_what_looks_like_something_else_stays_text(typed: str) -> None:
    assert read_marked("a.yaml", f"field: {typed}\n").data == {"field": typed}


@pytest.mark.parametrize(
    ("typed", "value"), [("true", True), ("false", False), ("0", 0), ("12", 12), ("-3", -3), ("'12'", "12")]
)
def test_a_plain_boolean_or_whole_number_is_what_it_looks_like(typed: str, value: object) -> None:
    data = read_marked("a.yaml", f"field: {typed}\n").data["field"]
    assert (data, type(data)) == (value, type(value))


@given(TEXTS)
def test_any_text_in_quotes_comes_back_as_it_was(text: str) -> None:
    written = yaml.safe_dump({"field": [text]}, default_style="'", allow_unicode=True, width=1_000_000)
    marked = read_marked("a.yaml", written)
    assert marked.mistakes == []
    assert marked.data == {"field": (text,)}


@given(TEXTS)
def test_any_text_in_double_quotes_comes_back_as_it_was(text: str) -> None:
    marked = read_marked("a.yaml", yaml.safe_dump({"field": text}, default_style='"'))
    assert marked.mistakes == []
    assert marked.data == {"field": text}


@given(st.text(), st.integers(min_value=0, max_value=3))
def test_no_text_makes_the_reader_fail(text: str, depth: int) -> None:
    read_marked("a.yaml", "a:\n" + " " * depth + text)


@given(st.text("ab:-#'\"[]{}&*!|>%@`?,\n \t\\é😀", max_size=40))
def test_no_heap_of_signs_makes_the_reader_fail(text: str) -> None:
    marked = read_marked("a.yaml", text)
    assert marked.data is not None or marked.mistakes
    for mistake in marked.mistakes:
        assert 1 <= mistake.line <= text.count("\n") + 1
        assert mistake.column >= 1


def test_places_count_lines_and_characters_from_1() -> None:
    marked = read_marked("a.yaml", "é: 😀 ü\nlist:\n  - ‘a’\n  - {b: 'c', d: e}\n")
    assert marked.place(("é",)) == Place(1, 4)
    assert marked.place(("é",), of_key=True) == Place(1, 1)
    assert marked.place(("list", 0)) == Place(3, 5)
    assert marked.place(("list", 1, "d")) == Place(4, 17)
    assert marked.place(("list", 1, "d"), of_key=True) == Place(4, 14)


def test_what_does_not_stand_there_has_the_place_of_what_is_around_it() -> None:
    marked = read_marked("a.yaml", "list:\n  - b: c\n")
    assert marked.place(("list", 0, "missing", 3)) == Place(2, 5)
    assert marked.place(("elsewhere",)) == Place(1, 1)


def test_a_byte_order_mark_and_other_line_ends_change_nothing() -> None:
    plain = read_marked("a.yaml", "a: b\nc:\n  - d\n")
    for text in ("\ufeffa: b\r\nc:\r\n  - d\r\n", "a: b\rc:\r  - d\r"):
        other = read_marked("a.yaml", text)
        assert (other.data, other.values, other.mistakes) == (plain.data, plain.values, [])


def test_a_text_goes_on_over_lines() -> None:
    marked = read_marked("a.yaml", "a: one\n  two\n  three # said here\nb: >-\n  one\n  two\n")
    assert marked.mistakes == []
    assert marked.data == {"a": "one two three", "b": "one two"}
