"""What drawings share: measured letters, shares that look like nothing else, and colours."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compact.documents import typeset
from compact.documents.grade_colours import GRADE_COLOURS, grade_colour
from compact.documents.heat_map import _FILLS, _MOST
from compact.documents.letters import width_of, wrapped
from compact.documents.slopes import _RISEN
from compact.documents.svg import EDGE, INK, QUIET, WIDTH, Share, drawing, hatching, text
from tests.documents.drawn import HOSTILE, contrast, hold, words

WHITE = "#ffffff"


def test_words_are_as_wide_as_in_the_typeface() -> None:
    assert width_of("") == 0
    assert width_of("0") == 10  # 1,139 of 2,048, of 17
    assert width_of("Good", bold=True) > width_of("Good") == width_of("Góód")
    assert width_of("学") == 17


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.integers(20, 300))
@example("가", 20)
def test_wrapped_words_fit_and_none_is_lost(said: str, width: int) -> None:
    lines = wrapped(said, width)

    assert "".join("".join(lines).split()) == "".join(said.split())
    assert all(width_of(line) <= width for line in lines)


@pytest.mark.parametrize(
    ("weak", "graded", "shown"),
    [
        (1, 6, "17%"),
        (1, 8, "13%"),  # 12.5, half up
        (0, 20_000, "0%"),
        (1, 20_000, "<1%"),
        (19_999, 20_000, ">99%"),
        (20_000, 20_000, "100%"),
        (9, 100, "9%"),
        (901, 10_000, ">9%"),
        (899, 10_000, "<9%"),
        (5, 1_000, "1%"),
    ],
)
def test_a_share_never_looks_like_what_it_is_not(weak: int, graded: int, shown: str) -> None:
    assert Share(weak, graded).percent(9) == shown


@given(st.integers(1, 20_000).flatmap(lambda graded: st.tuples(st.integers(0, graded), st.just(graded))))
def test_a_share_that_shows_the_threshold_or_nothing_or_all_is_exactly_that(counts: tuple[int, int]) -> None:
    share = Share(*counts)

    if share.percent(9) in ("0%", "9%", "100%"):
        assert share.exact * 100 == int(share.percent(9)[:-1])
    if share.percent(9).startswith((">", "<")):
        bound = int(share.percent(9)[1:-1])
        assert (share.exact * 100 > bound) == share.percent(9).startswith(">")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_words_are_text_and_never_markup(hostile: str) -> None:
    clean = "".join("\ufffd" if letter in "\x00\x0b\ud800\ufffe" else letter for letter in hostile)

    made = drawing(hostile, text(0, 20, hostile), height=40, kind="test")

    hold(made)
    assert made.words == clean
    assert words(made) == [clean]


def test_a_drawing_that_is_too_wide_scrolls_in_a_box_that_the_keyboard_reaches() -> None:
    narrow, wide = (drawing("Words", "", width=width, height=9, kind="test") for width in (WIDTH, WIDTH + 1))

    assert narrow.__html__() == narrow.svg
    assert wide.__html__().startswith('<div class="compact-wide" tabindex="0" role="group"')
    assert wide.svg in wide.__html__()
    assert "<div" not in str(wide.as_data["svg"])


@given(st.integers(0, 200), st.integers(0, 60))
def test_hatching_stays_in_its_rectangle(width: int, height: int) -> None:
    drawn = hatching(7, 9, width, height, INK).split('"')
    points = drawn[1].replace("M", "L").split("L")[1:] if len(drawn) > 1 else []
    for point in points:
        x, y = map(int, point.split())
        assert 7 <= x <= 7 + width
        assert 9 <= y <= 9 + height


def test_ink_can_be_read_and_edges_can_be_seen() -> None:
    """WCAG 2.2: 4.5 to 1 for letters, 3 to 1 for what else has to be seen."""
    for colour in GRADE_COLOURS:
        assert contrast(colour.ink, colour.fill) >= 4.5
        assert contrast(colour.edge, WHITE) >= 3
    for fill, ink in [*[(fill, ink) for _, fill, ink in _FILLS], _MOST]:
        assert contrast(ink, fill) >= 4.5
    assert min(contrast(INK, WHITE), contrast(QUIET, WHITE)) >= 4.5
    assert min(contrast(EDGE, WHITE), contrast(_RISEN, WHITE)) >= 3


def test_grades_are_told_apart_without_colour() -> None:
    """Neighbours by lightness; the first and the last, as dark as each other, by hatching."""
    assert all(contrast(one.fill, other.fill) >= 1.15 for one, other in pairwise(GRADE_COLOURS))
    assert [bool(colour.hatching) for colour in GRADE_COLOURS] == [False, False, True, True]
    assert [grade_colour(place) for place in range(6)] == [*GRADE_COLOURS, GRADE_COLOURS[3], GRADE_COLOURS[3]]


def test_the_fills_of_a_heat_map_darken_step_by_step() -> None:
    fills = [*[fill for _, fill, _ in _FILLS], _MOST[0]]

    against_white = [contrast(WHITE, fill) for fill in fills]

    assert all(after > before * 1.08 for before, after in pairwise(against_white))


def test_a_drawing_goes_into_a_tagged_paper_with_its_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """F6: the PDF is PDF/UA-1, and the words of the drawing are its alternative text."""
    (tmp_path / "documents").symlink_to(typeset.TEMPLATES / "documents")
    (tmp_path / "drawn.typ").write_text(
        '#import "/documents/drawing.typ": drawing\n#let data = json(bytes(sys.inputs.data))\n'
        '#set document(title: "x")\n#set text(font: "Liberation Sans")\n#drawing(data.chart)',
        encoding="utf-8",
    )
    monkeypatch.setattr(typeset, "TEMPLATES", tmp_path)
    made = drawing("Schools: Good 3", text(0, 20, "Good 3"), height=40, kind="test")

    paper = typeset.pdf("drawn.typ", {"chart": made.as_data})

    assert b"/Alt(Schools: Good 3)" in paper
    assert b"LiberationSans" in paper
    assert b"pdfuaid" in paper
    assert paper == typeset.pdf("drawn.typ", {"chart": made.as_data})
