"""Lines that rise day by day: where they stand, and what they say to those who do not see them."""

import re
from fractions import Fraction

from bs4 import BeautifulSoup, Tag

from compact.documents.curves import BOTTOM, LEFT, RIGHT, TOP, Line, curves
from tests.documents.drawn import hold

HALF, ALL = Fraction(1, 2), Fraction(1)


def drawn(*lines: Line, days: int = 3, marked: int = 2, words: str = "All have signed") -> Tag:
    made = curves(words, lines, days, marked, ("1 September 2026", "last day"))
    hold(made)
    found = BeautifulSoup(made.svg, "html5lib").find("svg")
    assert isinstance(found, Tag)
    return found


def path(picture: Tag, stroke: str) -> str:
    return next(str(each["d"]) for each in picture.find_all("path") if each["stroke"] == stroke)


def test_a_line_rises_in_steps_over_the_whole_width() -> None:
    line = path(drawn(Line([(0, Fraction(0)), (1, HALF), (2, ALL)], 2, "#1d70b8")), "#1d70b8")
    middle, half = (LEFT + RIGHT) // 2, (TOP + BOTTOM) // 2
    assert line == f"M{LEFT} {BOTTOM}H{middle}V{half}H{RIGHT}V{TOP}H{RIGHT}"


def test_a_line_that_is_known_to_this_day_ends_there() -> None:
    line = path(drawn(Line([(0, HALF)], 29, "#1d70b8"), days=59), "#1d70b8")
    assert re.findall("H([0-9]+)", line) == [str((LEFT + RIGHT) // 2)]


def test_it_says_in_words_what_it_shows_and_lets_no_word_out() -> None:
    picture = drawn(words='3 of 4 <b>"signed"</b>')
    assert picture["role"] == "img"
    assert picture["aria-label"] == '3 of 4 <b>"signed"</b>'
    assert [each.get_text() for each in picture.find_all("text")][-2:] == ["1 September 2026", "last day"]


def test_one_day_and_no_line_are_drawn_too() -> None:
    assert len(drawn(days=1, marked=0).find_all("path")) == 4
    assert drawn(Line([], 2, "#1d70b8")).find_all("path", stroke="#1d70b8") == []
