"""B14, E3: a typed text is kept, and what nobody can see or store is visibly replaced, never cut silently."""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compact.web.texts import clean, mid_sentence, sentence_case

EVERY_CHARACTER = "".join(map(chr, range(0x110000)))
ANY = st.text(alphabet=st.characters(codec=None))


def test_only_line_ends_and_what_is_no_character_are_changed() -> None:
    changed = [each for each in EVERY_CHARACTER if clean(f"a{each}b") != f"a{each}b"]
    control = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))} - {"\t", "\n"}
    unpaired = {chr(code) for code in range(0xD800, 0xE000)}
    nothing = {chr(code) for code in range(0x110000) if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code < 0xFDF0}

    assert set(changed) == control | unpaired | nothing


def test_what_is_left_can_stand_in_a_page_and_in_either_database() -> None:
    parser = html5lib.HTMLParser()
    parser.parse(
        f"<!DOCTYPE html><title>a</title><p>{clean(EVERY_CHARACTER).replace('<', '').replace('&', '')}"
    )

    assert parser.errors == []
    assert clean(EVERY_CHARACTER).encode()
    assert "\0" not in clean(EVERY_CHARACTER)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85"])
def test_every_line_end_becomes_the_same(end: str) -> None:
    assert clean(f"one{end}two") == "one\ntwo"


@pytest.mark.parametrize("text", ["\0", "\x07", "\x1b", "\x7f", "\x93", "\ud800", "\ufffe"])
def test_what_means_nothing_is_shown_as_a_mark(text: str) -> None:
    assert clean(f"a{text}b") == "a\ufffdb"


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t \r\n", "\u00a0\u3000", "\u2028"])
def test_white_space_alone_is_empty(text: str) -> None:
    assert clean(text) == ""


@given(ANY)
def test_nothing_is_cut_within_a_text(text: str) -> None:
    assert clean(text) == "" or len(clean(text)) == len(text) - text.count("\r\n")


@given(ANY)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("title", "within"),
    [
        ("Schools and colleges", "schools and colleges"),
        ("A note on conduct", "a note on conduct"),
        ("SEND reviews", "SEND reviews"),
        ("École", "école"),
        ("", ""),
    ],
)
def test_a_title_stands_within_a_sentence(title: str, within: str) -> None:
    assert mid_sentence(title) == within
    assert sentence_case(within) == title
