"""Slopes for change: labels that do not collide, and those that rose by most in bold."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compact.documents.slopes import Track, most_risen, slopes, spread
from compact.documents.svg import WIDTH, Drawing, Share
from tests.documents.drawn import HOSTILE, hold, of_kind, words

ROUNDS = ("Autumn 2024", "Autumn 2026")


def track(place: int, *weak: int | None, graded: int = 60, label: str = "Standard") -> Track:
    return Track(
        str(place), f"{place}. {label}", [None if each is None else Share(each, graded) for each in weak]
    )


def drawn(*tracks: Track, rounds: tuple[str, ...] = ROUNDS) -> Drawing:
    return slopes("Change", rounds, tracks)


def test_it_says_in_words_what_it_shows() -> None:
    made = drawn(track(1, 6, 10), track(2, 10, 6), track(3, 3, 3), track(4, 3, None))

    hold(made)
    assert made.words == (
        "Change. 1. Standard: rose, Autumn 2024 6 of 60 (10%), Autumn 2026 10 of 60 (17%); "
        "2. Standard: fell, Autumn 2024 10 of 60 (17%), Autumn 2026 6 of 60 (10%); "
        "3. Standard: stayed the same, Autumn 2024 3 of 60 (5%), Autumn 2026 3 of 60 (5%); "
        "4. Standard: left out"
    )
    assert "Left out, with nothing to compare: 4. Standard" in words(made)


def test_those_which_rose_by_most_are_emphasised_and_no_others() -> None:
    tracks = [track(1, 1, 2), track(2, 9, 1), track(3, 1, 9), track(4, 5, 5), track(5, 0, 4), track(6, 1, 7)]

    assert [each.mark for each in most_risen(tracks, 3)] == ["3", "6", "5"]
    bold = {each.text for each in of_kind(drawn(*tracks), "text") if each.get("font-weight") == "bold"}
    assert {"3. Standard", "6. Standard", "5. Standard"} < bold
    assert not {"1. Standard", "2. Standard", "4. Standard"} & bold
    thick = [each for each in of_kind(drawn(*tracks), "path") if each.get("stroke-width") == "4"]
    assert len(thick) == 3


def test_a_rise_is_compared_exactly() -> None:
    """Both look like 10% and 12%."""
    more, less = track(1, 1_000, 1_201, graded=10_000), track(2, 1_000, 1_200, graded=10_000)

    assert most_risen([less, more], 1) == [more]


def test_several_rounds_are_one_line_that_is_broken_where_nothing_is_known() -> None:
    made = drawn(track(1, 6, None, 8, 9), rounds=("2020", "2022", "2024", "2026"))

    hold(made)
    (line,) = [each.attrib["d"] for each in of_kind(made, "path") if each.get("stroke-width") == "4"]
    assert line.count("M") == 2
    assert line.count("L") == 1
    assert len(of_kind(made, "circle")) == 3
    assert "2020 6 of 60 (10%), 2024 8 of 60 (13%), 2026 9 of 60 (15%)" in made.words


def test_two_and_three_rounds_fit_a_narrow_screen() -> None:
    assert drawn(track(1, 6, 8)).width == WIDTH
    assert drawn(track(1, 6, 8, 8), rounds=("A", "B", "C")).width == WIDTH
    assert drawn(track(1, 6, 8, 8, 9), rounds=("A", "B", "C", "D")).width > WIDTH


def test_a_line_that_begins_later_has_no_share_at_the_first_round() -> None:
    made = drawn(track(1, None, 6, 12), rounds=("A", "B", "C"))

    assert words(made) == ["A", "B", "C", "20%", "1. Standard"]


def test_nothing_to_compare_is_drawn_and_said() -> None:
    made = drawn(track(1, None, None), track(2, 3, None), track(3, None, 3))

    hold(made)
    assert of_kind(made, "circle") == []
    assert made.words.count("left out") == 3
    hold(drawn())


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 63)), max_size=14).map(
        lambda found: sorted(found, key=lambda each: each[0])
    )
)
def test_labels_are_spread_in_order_within_bounds_and_stay_where_there_is_room(
    wanted: list[tuple[int, int]],
) -> None:
    top, bottom = 10, 10 + max(400, sum(height for _, height in wanted))

    ends = spread(wanted, top, bottom)

    boxes = [(end, end + height) for end, (_, height) in zip(ends, wanted, strict=True)]
    assert all(upper[1] <= lower[0] for upper, lower in pairwise(boxes))
    assert all(top <= start and end <= bottom for start, end in boxes)
    if all(at >= top and at + high <= bottom for at, high in wanted) and all(
        at + high <= after for (at, high), (after, _) in pairwise(wanted)
    ):
        assert ends == [at for at, _ in wanted]


SHARES = st.one_of(
    st.none(),
    st.integers(1, 20_000).flatmap(lambda graded: st.builds(Share, st.integers(0, graded), st.just(graded))),
    st.just(Share(0, 5)),
    st.just(Share(5, 5)),
)


@given(st.data(), st.integers(2, 5), st.integers(0, 14))
def test_no_label_leaves_it_or_covers_another(data: st.DataObject, rounds: int, many: int) -> None:
    labels = st.sampled_from(
        ["Recruitment", "Staff responsibilities and competencies", "W" * 30, "a b c " * 12]
    )
    tracks = [
        Track(
            str(place),
            f"{place}. {data.draw(labels)}",
            data.draw(st.lists(SHARES, min_size=rounds, max_size=rounds)),
        )
        for place in range(1, many + 1)
    ]

    hold(drawn(*tracks, rounds=tuple(f"Compact, autumn {2016 + 2 * place}" for place in range(rounds))))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_are_text_and_never_markup(hostile: str) -> None:
    shares = [Share(1, 20_000), Share(20_000, 20_000)]
    hold(slopes(hostile, ["A", "B"], [Track("1", hostile, shares), Track("2", hostile, [None, None])]))
