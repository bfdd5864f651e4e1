"""A stacked bar: its parts fill its width in proportion, and its words say what the picture says."""

import re
from itertools import pairwise

import html5lib
import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import example, given
from hypothesis import strategies as st

from compact.documents.bars import HEIGHT, NARROWEST, NARROWEST_LABELLED, WIDTH, Segment, stacked_bar

LABELS = ("Outstanding", "Good", "Requires improvement", "Inadequate")


def bar(*counts: int, title: str = "Grades") -> Tag:
    segments = [
        Segment(label, count, "#ffffff", "#000000") for label, count in zip(LABELS, counts, strict=False)
    ]
    drawn = stacked_bar(title, segments)
    html5lib.HTMLParser(strict=True).parseFragment(drawn)
    found = BeautifulSoup(drawn, "html5lib").find("svg")
    assert isinstance(found, Tag)
    return found


def parts(drawn: Tag) -> list[tuple[int, int]]:
    """Each part's left end and width."""
    return [(int(str(rect["x"])), int(str(rect["width"]))) for rect in drawn.find_all("rect")]


def test_a_bar_says_in_words_what_it_shows() -> None:
    drawn = bar(5, 3, 2, 0)

    assert drawn["role"] == "img"
    assert drawn["aria-label"] == "Grades: Outstanding 5, Good 3, Requires improvement 2, Inadequate 0"


def test_its_parts_stand_in_order_and_in_proportion() -> None:
    assert parts(bar(5, 3, 2, 0)) == [(0, 319), (320, 191), (512, 127)]


def test_a_part_shows_its_count_where_it_is_wide_enough() -> None:
    drawn = bar(99, 1)

    assert [text.get_text() for text in drawn.find_all("text")] == ["99"]
    assert str(drawn["aria-label"]).endswith("Outstanding 99, Good 1")
    assert len(parts(drawn)) == 2


def test_a_part_with_nothing_in_it_is_not_drawn() -> None:
    assert len(parts(bar(0, 7, 0, 0))) == 1
    assert parts(bar(0, 7, 0, 0)) == [(0, WIDTH - 1)]


def test_a_bar_of_nothing_is_empty_and_still_says_so() -> None:
    drawn = bar(0, 0)

    assert parts(drawn) == []
    assert drawn["aria-label"] == "Grades: Outstanding 0, Good 0"


COUNTS = st.lists(st.sampled_from([0, 1, 2, 3, 50, 9_999, 1_000_000]), min_size=1, max_size=4)


@given(COUNTS)
@example([1_000_000, 1])
@example([1, 1_000_000])
@example([1_000_000, 1, 1, 1])
def test_every_part_is_seen_within_the_bar_and_covers_no_other(counts: list[int]) -> None:
    drawn = parts(bar(*counts))

    assert len(drawn) == sum(count > 0 for count in counts)
    assert all(left >= 0 and width >= 1 and left + width <= WIDTH for left, width in drawn)
    assert all(left + width < after for (left, width), (after, _) in pairwise(drawn))


@given(st.lists(st.integers(0, 500), min_size=1, max_size=4))
@example([281, 1, 1, 278])
def test_every_part_is_as_wide_as_its_share(counts: list[int]) -> None:
    """But for one of rounding, one for the gap, and what narrow parts take to be seen at all."""
    total = sum(counts)
    shares = [count * WIDTH / total for count in counts if count]
    widened = sum(max(0, NARROWEST - share) for share in shares)

    drawn = parts(bar(*counts))

    assert all(abs(width - share) <= 2 + widened for (_, width), share in zip(drawn, shares, strict=True))


def test_a_number_stands_in_the_middle_of_its_part() -> None:
    drawn = bar(1, 1)

    assert [str(text["x"]) for text in drawn.find_all("text")] == ["160", "480"]
    assert NARROWEST_LABELLED < WIDTH / 2


@pytest.mark.parametrize("hostile", ['"><script>alert(1)</script>', "' onload='x", "<b>&amp;", "{{ 7*7 }}"])
def test_words_are_text_and_never_markup(hostile: str) -> None:
    drawn = BeautifulSoup(stacked_bar(hostile, [Segment(hostile, 3, "#fff", "#000")]), "html5lib")
    (svg,) = drawn.find_all("svg")

    assert svg["aria-label"] == f"{hostile}: {hostile} 3"
    assert {tag.name for tag in svg.find_all(True)} == {"rect", "text"}
    assert set(svg.attrs) == {"class", "role", "aria-label", "viewBox", "preserveAspectRatio", "focusable"}


def test_nothing_in_it_is_a_style_that_the_pages_would_drop() -> None:
    drawn = str(stacked_bar("Grades", [Segment("Good", 3, "#0b5c4d", "#ffffff")]))

    assert not re.search(r"style|class=\"(?!app-bar)|on\w+=|href|url\(", drawn)
    assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in drawn
    assert 'fill="#0b5c4d"' in drawn
