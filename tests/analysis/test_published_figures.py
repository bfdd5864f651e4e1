"""The Portsmouth Compact of 2020-21: in education standard 4 alone passed 9%, with 17%.

Source: the partnership's annual report of that year. Which schools those were was never published; these are
made up, so that they give that figure.
"""

import csv
from collections.abc import Callable, Mapping

from compact.cycles.models import Due
from tests import making
from tests.conftest import Ended
from tests.making import World
from tests.pages import Visitor

GOOD, WEAK = "good", "requires_improvement"
SCHOOLS = 100


def grades_of(number: int) -> Mapping[str, str]:
    """Seventeen schools are weak in standard 4, some in one of its questions; nine are in standard 2."""
    return {
        "bullying": WEAK if number < 8 else GOOD,
        "pupil-voice": WEAK if 5 <= number < 17 else GOOD,
        "conduct": WEAK if number < 9 else GOOD,
        "leadership": WEAK if number < 3 else GOOD,
    }


def test_standard_four_is_flagged_with_seventeen_percent_and_alone(
    world: World, compact: Callable[..., Ended], visit: Callable[[str], Visitor]
) -> None:
    """Nine of a hundred is not more than 9%."""
    partnership = world.partnership()
    cycle = world.cycle(partnership)
    for number in range(SCHOOLS):
        school = world.organisation(f"School {number}")
        world.insert(Due, [{"cycle_id": cycle, "organisation_id": school, "added_at": making.NOW}])
        world.signed(cycle, school, grades_of(number))
    world.person("Ellis Officer", making.officer(partnership), email="officer@example.org")

    ended = compact("analyse", "Compact 2026", "--sector", "school", "--by", "standard", "--format", "csv")
    rows = {row["standard"]: row for row in csv.DictReader(ended.out.splitlines())}
    assert [number for number, row in rows.items() if row["flagged"] == "yes"] == ["4"]
    assert (rows["4"]["weak"], rows["4"]["graded"], rows["4"]["share"]) == ("17", "100", "17.00")
    assert (rows["2"]["share"], rows["2"]["flagged"]) == ("9.00", "no")

    officer = visit("officer@example.org")
    page = officer.get(f"/analysis/{cycle}/school")
    first = page.soup.select("div[aria-label='Standards, the highest share first'] tbody tr")[0]
    assert " ".join(first.get_text(" ").split()).startswith(
        "4. Service development and voice 17 of 100 17.00% Flagged"
    )
    assert "1 of 12 standards" in page.text
    cells = [each.get_text(" ") for each in officer.get(f"/analysis/{cycle}").soup.select("td")]
    assert [" ".join(each.split()) for each in cells if "Flagged" in each] == ["17.00% 17 of 100 Flagged"]
