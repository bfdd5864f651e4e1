"""A dot plot: one's own grade, framed, among those that a sector gave."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compact.documents.dots import RADIUS, SMALLEST, Place, dot_plot
from compact.documents.svg import Drawing
from tests.documents.drawn import HOSTILE, hold, of_kind, words

GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")


def drawn(*places: Place, who: str = "You") -> Drawing:
    return dot_plot("Beside schools", GRADES, places, who=who, others="schools")


def radii(drawing: Drawing) -> list[float]:
    return [float(each.attrib["r"]) for each in of_kind(drawing, "circle")]


def test_it_says_in_words_what_it_shows() -> None:
    made = drawn(
        Place("Bullying", (12, 31, 8, 0), 1),
        Place("Early help", (4, 5, 6, 7), None, "said that it does not apply"),
        Place("Voice", None, 2),
        Place("Conduct", None, None),
    )

    hold(made)
    assert made.words == (
        "Beside schools. Bullying: You said Good, schools Outstanding 12, Good 31, Requires improvement 8, "
        "Inadequate 0; Early help: You said that it does not apply, schools Outstanding 4, Good 5, Requires "
        "improvement 6, Inadequate 7; Voice: You said Requires improvement, schools are not shown, because "
        "so few graded it; Conduct: You gave no grade, schools are not shown, because so few graded it"
    )


def test_every_count_stands_beside_its_dot_and_nobody_has_none() -> None:
    made = drawn(Place("Bullying", (12, 31, 8, 0), 1))

    assert [said for said in words(made) if said.isdigit()] == ["12", "31", "8", "0"]
    assert len(radii(made)) == 3


def test_the_area_of_a_dot_is_in_proportion_to_its_count() -> None:
    fifth, rest = radii(drawn(Place("Bullying", (25, 100, 0, 0), 1)))
    assert rest**2 == pytest.approx(4 * fifth**2, rel=0.05)
    assert radii(drawn(Place("Bullying", (0, 7, 0, 0), 1))) == [RADIUS]
    assert radii(drawn(Place("Bullying", (1, 19_999, 0, 0), 1)))[0] == SMALLEST


def test_ones_own_grade_is_framed_and_named() -> None:
    made = drawn(Place("Bullying", (12, 31, 8, 0), 2), who="They")

    (frame,) = of_kind(made, "rect")
    assert float(frame.attrib["x"]) == 240 + 1.5
    assert words(made).count("They") == 1
    assert of_kind(drawn(Place("Bullying", (12, 31, 8, 0), None)), "rect") == []


def test_where_the_others_are_hidden_the_frame_stands_alone() -> None:
    """D8: nothing of hidden counts is drawn."""
    made = drawn(Place("Bullying", None, 2))

    assert radii(made) == []
    assert not any(said.isdigit() for said in words(made))
    assert "Schools are not shown, because so few graded it." in words(made)
    assert len(of_kind(made, "rect")) == 1


COUNTS = st.lists(st.sampled_from([0, 1, 7, 250, 20_000]), min_size=4, max_size=4)


@given(
    st.lists(
        st.builds(
            Place,
            st.text("abcd W", min_size=1, max_size=120),
            st.one_of(st.none(), COUNTS),
            st.one_of(st.none(), st.integers(0, 3)),
        ),
        max_size=8,
    )
)
def test_no_label_leaves_it_or_covers_another(places: list[Place]) -> None:
    made = drawn(*places)

    hold(made)
    assert len(of_kind(made, "rect")) == sum(place.own is not None for place in places)
    assert len(radii(made)) == sum(count > 0 for place in places for count in place.counts or ())


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_are_text_and_never_markup(hostile: str) -> None:
    hold(
        dot_plot(
            hostile, [hostile[:8]] * 4, [Place(hostile, None, None, hostile)], who=hostile, others=hostile
        )
    )
