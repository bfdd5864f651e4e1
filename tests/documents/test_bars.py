"""Stacked bars: parts fill their width in proportion, and their words say what the picture says."""

from itertools import pairwise

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compact.documents.bars import GAP, HEIGHT, NARROWEST, Bar, Segment, stacked_bar, stacked_bars, swatch
from compact.documents.grade_colours import GRADE_COLOURS, grade_colour
from compact.documents.svg import WIDTH, Drawing
from tests.documents.drawn import HOSTILE, hold, of_kind, words

LABELS = ("Outstanding", "Good", "Requires improvement", "Inadequate")


def segments(*counts: int) -> list[Segment]:
    return [
        Segment(label, count, grade_colour(place))
        for place, (label, count) in enumerate(zip(LABELS, counts, strict=False))
    ]


def bar(*counts: int) -> Drawing:
    return stacked_bar("Grades", segments(*counts))


def parts(drawing: Drawing) -> list[tuple[int, int]]:
    """Each part's left end and width, with its edge."""
    edged = [rect for rect in of_kind(drawing, "rect") if rect.get("stroke-width") == "2"]
    return [(int(rect.attrib["x"]) - 1, int(rect.attrib["width"]) + 2) for rect in edged]


def test_a_bar_says_in_words_what_it_shows() -> None:
    assert bar(5, 3, 2, 0).words == "Grades: Outstanding 5, Good 3, Requires improvement 2, Inadequate 0"


def test_its_parts_stand_in_order_and_in_proportion() -> None:
    assert parts(bar(5, 3, 2, 0)) == [(0, 239), (242, 141), (386, 94)]


def test_a_part_shows_its_count_where_it_is_wide_enough() -> None:
    drawn = bar(1, 1, 19_997, 1)

    assert words(drawn) == ["19997"]
    assert drawn.words.endswith("Outstanding 1, Good 1, Requires improvement 19997, Inadequate 1")
    assert len(parts(drawn)) == 4


def test_a_number_stands_in_the_middle_of_its_part() -> None:
    assert [text.attrib["x"] for text in of_kind(bar(1, 1), "text")] == ["119", "361"]


def test_a_part_with_nothing_in_it_is_not_drawn() -> None:
    assert parts(bar(0, 7, 0, 0)) == [(0, WIDTH)]


def test_a_bar_of_nothing_is_an_empty_frame_and_still_says_so() -> None:
    drawn = bar(0, 0)

    hold(drawn)
    assert parts(drawn) == []
    assert len(of_kind(drawn, "rect")) == 1
    assert drawn.words == "Grades: Outstanding 0, Good 0"


COUNTS = st.lists(st.sampled_from([0, 1, 2, 3, 50, 9_999, 1_000_000]), min_size=1, max_size=4)


@given(COUNTS)
@example([1_000_000, 1])
@example([1, 1_000_000])
@example([1_000_000, 1, 1, 1])
@example([0, 1, 1, 20_000])
def test_parts_fill_the_bar_and_every_one_is_seen_and_covers_no_other(counts: list[int]) -> None:
    drawn = bar(*counts)
    hold(drawn)
    found = parts(drawn)

    assert len(found) == sum(count > 0 for count in counts)
    assert all(width >= NARROWEST for _, width in found)
    assert all(left + width + GAP == after for (left, width), (after, _) in pairwise(found))
    if found:
        assert found[0][0] == 0
        assert sum(found[-1]) == WIDTH


@given(st.lists(st.integers(0, 500), min_size=1, max_size=4))
@example([281, 1, 1, 278])
def test_every_part_is_as_wide_as_its_share(counts: list[int]) -> None:
    """But for one of rounding, and what narrow parts take to be seen at all."""
    total = sum(counts)
    shares = [count * (WIDTH + GAP) / total - GAP for count in counts if count]
    widened = sum(max(0, NARROWEST - share) for share in shares)

    found = parts(bar(*counts))

    assert all(abs(width - share) <= 1 + widened for (_, width), share in zip(found, shares, strict=True))


def test_weak_grades_are_hatched_and_numbers_stand_on_clear_ground() -> None:
    drawn = bar(0, 5, 5, 5)

    assert [path.attrib["stroke"] for path in of_kind(drawn, "path")] == [
        colour.hatching for colour in GRADE_COLOURS[2:]
    ]
    clear = [rect for rect in of_kind(drawn, "rect") if "stroke" not in rect.attrib]
    assert [rect.attrib["fill"] for rect in clear] == [colour.fill for colour in GRADE_COLOURS[2:]]


def test_several_bars_stand_below_each_other_with_their_labels_and_a_key() -> None:
    drawn = stacked_bars(
        "By standard",
        [
            Bar("1. Leadership", segments(10, 40, 12, 2)),
            Bar("2. A name so long that it takes a line of its own and then another line", segments(0, 1)),
            Bar("3. Accountability", None, "Not shown."),
            Bar("4. Nothing", segments(0, 0, 0, 0)),
        ],
    )

    hold(drawn)
    assert words(drawn)[:4] == list(LABELS)
    assert "3. Accountability" in words(drawn)
    assert "Not shown." in words(drawn)
    assert drawn.words.startswith(
        "By standard. 1. Leadership: Outstanding 10, Good 40, Requires improvement 12"
    )
    assert "; 3. Accountability: Not shown.; 4. Nothing: Outstanding 0, Good 0" in drawn.words


@given(st.lists(st.one_of(st.none(), COUNTS), min_size=1, max_size=12))
def test_bars_and_their_labels_never_cover_each_other(rows: list[list[int] | None]) -> None:
    bars = [
        Bar(f"{place}. Standard", None if counts is None else segments(*counts), "Not shown.")
        for place, counts in enumerate(rows)
    ]
    hold(stacked_bars("By standard", bars))


def test_a_swatch_is_valid_and_nobody_is_told_of_it() -> None:
    for colour in GRADE_COLOURS:
        drawn = swatch(colour)
        html5lib.HTMLParser(strict=True).parseFragment(drawn)
        assert 'aria-hidden="true"' in drawn
        assert colour.fill in drawn


@pytest.mark.parametrize("hostile", HOSTILE)
def test_words_are_text_and_never_markup(hostile: str) -> None:
    hold(stacked_bar(hostile, [Segment(hostile, 3, grade_colour(0))]))
    hold(
        stacked_bars(
            hostile, [Bar(hostile, [Segment(hostile, 3, grade_colour(0))]), Bar(hostile, None, hostile)]
        )
    )


def test_the_same_counts_give_the_same_bytes() -> None:
    assert bar(1, 2, 3, 4) == bar(1, 2, 3, 4)
    assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in bar(1, 2).svg
