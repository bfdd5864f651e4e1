"""A heat map: each share in its cell, what is flagged or hidden marked by more than colour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compact.documents.heat_map import HIDDEN, NOT_ASKED, NOT_GRADED, Blank, Cell, Row, heat_map
from compact.documents.svg import WIDTH, Drawing, Share
from tests.documents.drawn import HOSTILE, hold, of_kind, words

SECTORS = (
    "Schools and colleges",
    "Early years settings",
    "Statutory bodies",
    "Voluntary and community groups",
)


def cell(weak: int, graded: int) -> Cell:
    return Cell(Share(weak, graded), flagged=weak * 100 > 9 * graded)


def drawn(*rows: Row, columns: tuple[str, ...] = SECTORS) -> Drawing:
    return heat_map("Standards by sector", columns, rows, threshold=9)


def fills(drawing: Drawing) -> list[str]:
    """Of the cells with a thin edge, then of those with a thick one."""
    return [each.attrib["fill"] for each in of_kind(drawing, "rect") if "stroke" in each.attrib]


def test_it_says_in_words_what_it_shows() -> None:
    made = drawn(
        Row("4. Voice", [cell(10, 60), HIDDEN, NOT_GRADED, NOT_ASKED]), Row("5. Training", [cell(0, 7)] * 4)
    )

    hold(made)
    assert made.words == (
        "Standards by sector. 4. Voice: Schools and colleges 10 of 60 (17%, flagged), Early years settings "
        "hidden, because so few graded it, Statutory bodies graded by nobody, Voluntary and community groups "
        "not asked; 5. Training: Schools and colleges 0 of 7 (0%), Early years settings 0 of 7 (0%), "
        "Statutory bodies 0 of 7 (0%), Voluntary and community groups 0 of 7 (0%)"
    )
    assert [said for said in words(made) if said.endswith("%")] == [
        "17%",
        *["0%"] * 4,
        "flagged: more than 9%",
    ]


def test_a_flagged_cell_is_marked_by_more_than_its_colour() -> None:
    one, none = drawn(Row("1", [cell(1, 10)] + [cell(0, 9)] * 3)), drawn(Row("1", [cell(0, 9)] * 4))

    assert [text.text for text in of_kind(one, "text") if text.get("font-weight") == "bold"] == ["10%"]
    assert len([rect for rect in of_kind(one, "rect") if rect.get("stroke-width") == "3"]) == 2  # and below
    assert len(of_kind(one, "path")) == 2
    assert of_kind(none, "path") == []
    assert "flagged" not in " ".join(words(none))


def test_only_the_flag_that_is_handed_in_counts() -> None:
    made = drawn(Row("1", [Cell(Share(5, 10), flagged=False)] + [cell(0, 9)] * 3))

    assert "flagged" not in made.words
    assert of_kind(made, "path") == []


def test_what_is_hidden_looks_the_same_whatever_it_hides() -> None:
    """D8: a hidden cell knows no counts; it is hatched, and said to be hidden."""
    made = drawn(Row("1", [HIDDEN] * 4), Row("2", [HIDDEN] * 4))

    hold(made)
    assert words(made).count("hidden") == 8
    assert "hidden, because so few graded it" in words(made)
    assert set(fills(made)) == {"#ffffff"}
    assert made.words.count("hidden, because so few graded it") == 8


def test_how_dark_a_cell_is_hangs_on_the_exact_share() -> None:
    """Shares around the threshold and its double, never rounded before they are compared."""
    shares = [
        (0, 9),
        (1, 9_999),
        (900, 10_000),
        (901, 10_000),
        (1_800, 10_000),
        (1_801, 10_000),
        (10_000, 10_000),
    ]

    found = [fills(drawn(Row("1", [cell(*counts)]), columns=("All",)))[0] for counts in shares]

    assert found == ["#ffffff", "#e6f1ee", "#bfdcd4", "#f2b84b", "#f2b84b", "#d9822b", "#8f1f3c"]


def test_short_headings_stand_upright_and_long_ones_are_turned() -> None:
    short = drawn(Row("1", [cell(1, 20)] * 2), columns=("Schools", "Early years"))
    long = drawn(Row("1", [cell(1, 20)] * 4))

    assert not any("transform" in text.attrib for text in of_kind(short, "text"))
    turned = [text.text or "" for text in of_kind(long, "text") if "transform" in text.attrib]
    assert " ".join(turned) == " ".join(SECTORS)


def test_many_columns_make_it_wider() -> None:
    five, nine = (drawn(Row("1", [HIDDEN] * most), columns=("All",) * most) for most in (5, 9))

    assert (five.width, nine.width) == (WIDTH, 720)
    hold(nine)


NAMES = st.text("abcdefgh W", min_size=1, max_size=45)
CELLS = st.one_of(
    st.sampled_from([HIDDEN, NOT_ASKED, NOT_GRADED, Blank("?", "Nobody knows why")]),
    st.integers(1, 20_000).flatmap(lambda graded: st.builds(cell, st.integers(0, graded), st.just(graded))),
)


@given(st.data(), st.lists(NAMES, min_size=1, max_size=9), st.lists(NAMES, max_size=6))
def test_no_label_leaves_it_or_covers_another(
    data: st.DataObject, columns: list[str], names: list[str]
) -> None:
    rows = [
        Row(name, data.draw(st.lists(CELLS, min_size=len(columns), max_size=len(columns)))) for name in names
    ]
    made = drawn(*rows, columns=tuple(columns))

    hold(made)
    assert made.words.count(" of ") == sum(isinstance(each, Cell) for row in rows for each in row.cells)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_are_text_and_never_markup(hostile: str) -> None:
    hold(heat_map(hostile, [hostile], [Row(hostile, [Blank("–", hostile)])], threshold=9))
