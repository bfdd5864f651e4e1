"""What people wrote can always be printed."""

import random

import pytest

from compact.documents import printable
from compact.documents.printable import BOX, CUT, LINES, MAY_BREAK, Printable, paragraphs
from compact.documents.typeset import pdf
from tests.documents.test_typeset import TEMPLATE, data

MARKS = "\u0300\u0327\u05b0\u064b\u0335\u20dd"


def test_any_characters_in_any_order_are_printed() -> None:
    """F6: drawn by chance, the same every time, from all of Unicode and from what shapes its neighbours."""
    chance = random.Random(1)  # noqa: S311 # nothing is kept secret by it
    letters = sorted(printable._printed())
    for _ in range(25):
        text = "".join(
            chr(chance.choice([chance.randrange(0x3000), chance.randrange(0x110000), chance.choice(letters)]))
            + chance.choice(["", " ", "\n", "\t", "\u200d", "\u2028", "\ufe0f", *MARKS])
            for _ in range(200)
        )
        assert pdf(TEMPLATE, Printable().data(data(text))).startswith(b"%PDF-")


def test_every_character_of_the_typeface_is_kept() -> None:
    kept = Printable()
    for each in "Aé£€ßΩЖ–“”•□½ẁ":
        assert kept.data(each) == each
    assert kept.told() is None


def test_what_is_lost_is_counted_and_named() -> None:
    kept = Printable()

    assert kept.data(["A \U0001f642 and \U0001f642\ufe0f", {"b": "学"}]) == [f"A {BOX} and {BOX}", {"b": BOX}]
    assert kept.told() == (
        "3 characters could not be printed; □ stands for each: "
        "U+5B66 (cjk unified ideograph-5b66), U+1F642 (slightly smiling face)."
    )


def test_a_letter_and_its_mark_are_one_where_there_is_such_a_letter() -> None:
    assert Printable().data("cafe\u0301") == "café"


def test_a_word_without_an_end_may_be_broken() -> None:
    made = Printable().data("x" * 100)

    assert made.replace(MAY_BREAK, "") == "x" * 100
    assert max(map(len, made.split(MAY_BREAK))) <= printable.LONGEST_RUN
    assert MAY_BREAK not in Printable().data("plain words " * 20)


def test_what_is_too_much_is_cut_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """F6: time and memory have a cap."""
    monkeypatch.setattr(printable, "CHARACTERS", 10_000)
    kept = Printable()

    made = kept.data(["a word " * 2_000, "short"])

    assert made[0].endswith(CUT)
    assert len(made[0]) <= 10_000 + len(CUT)
    assert made[1] == "short"
    assert kept.told() == "1 text is too long to be printed whole; […] stands for the rest."


def test_a_text_of_many_lines_goes_on_without_breaks() -> None:
    assert paragraphs("a\n\n b \r\nc") == ["a", "b", "c"]

    many = paragraphs("\n".join(map(str, range(3 * LINES))))

    assert len(many) == LINES
    assert many[-1].startswith(f"{LINES - 1} ¶ {LINES} ¶ ")
