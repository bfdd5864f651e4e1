"""One's own grades among the sector's, drawn from published values alone: nothing hidden shows."""

from collections.abc import Callable
from typing import Any

from tests.making import World
from tests.pages import Visitor
from tests.reports.test_feedback import GOOD, WEAK, published

Visit = Callable[[str], Visitor]
OWN: dict[str, Any] = {"bullying": WEAK, "conduct": GOOD, "equality": None}
GRADES = [OWN, *[{"bullying": WEAK, "conduct": GOOD}] * 2, *[{"bullying": GOOD}] * 4]


def words(world: World, visit: Visit, grades: list[dict[str, Any]]) -> str:
    """What all drawings of the first school's feedback say."""
    first = published(world, visit, grades)
    page = visit("head@example.org").get(f"/returns/{first}/feedback")
    return " | ".join(str(each["aria-label"]) for each in page.soup.select("svg.app-drawing--dots"))


def test_own_grades_are_drawn_among_those_of_the_sector(world: World, visit: Visit) -> None:
    said = words(world, visit, GRADES)

    assert (
        "How bullying is looked after: You said Requires improvement, schools Outstanding 0, Good 4, "
        "Requires improvement 3, Inadequate 0" in said
    )
    assert "How equality is looked after: You said that it does not apply, schools are not shown" in said


def test_what_is_hidden_is_in_no_drawing(world: World, visit: Visit) -> None:
    """D8: three graded it; no count of theirs is drawn or said."""
    said = words(world, visit, GRADES)

    assert "How conduct is looked after: You said Good, schools are not shown, because so few" in said


def test_what_came_after_publishing_is_in_no_drawing(world: World, visit: Visit) -> None:
    first = published(world, visit, [{"bullying": GOOD}] * 5)
    world.signed(2, world.organisation("Late School"), {"bullying": WEAK})

    page = visit("head@example.org").get(f"/returns/{first}/feedback")

    (drawing,) = [each for each in page.soup.select("svg.app-drawing--dots") if "bullying" in str(each)]
    assert "schools Outstanding 0, Good 5, Requires improvement 0, Inadequate 0" in str(drawing["aria-label"])
    assert [text.get_text() for text in drawing.select("text") if text.get_text().isdigit()][:4] == list(
        "0500"
    )


def test_who_reads_from_outside_is_not_called_you(world: World, visit: Visit) -> None:
    first = published(world, visit, GRADES)

    page = visit("officer@example.org").get(f"/returns/{first}/feedback")

    drawn = page.soup.select("svg.app-drawing--dots")
    assert drawn
    assert not any("You " in str(each["aria-label"]) for each in drawn)
    assert any("They said Requires improvement" in str(each["aria-label"]) for each in drawn)
