"""What the page of a return shows of the organisation's last one, and to whom."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import update

from compact.organisations.models import OrganisationArea
from tests import making
from tests.making import ASKED_SCHOOL_KEYS, World
from tests.pages import Visitor


@pytest.mark.parametrize(("area", "is_shown"), [("901", True), ("902", False)], ids=["here", "elsewhere"])
def test_last_time_is_shown_where_the_partnership_may_read_that_return(
    world: World, visit: Callable[[str], Visitor], area: str, is_shown: bool
) -> None:
    """A6: a school that has moved here answered to another partnership last time."""
    here, there = world.partnership(), world.partnership("Other Partnership", ["902"])
    school = world.organisation(areas=(area,))
    opens, closes = date(2025, 9, 1), date(2025, 12, 18)
    before = world.cycle(here, there, name="Compact 2025", opens=opens, closes=closes)
    world.signed(before, school, dict.fromkeys(ASKED_SCHOOL_KEYS, "inadequate"))
    with making.changing(world.engine) as connection:
        connection.execute(update(OrganisationArea).values(area="901"))
    signed = world.signed(world.cycle(here), school, dict.fromkeys(ASKED_SCHOOL_KEYS, "good"))
    world.person("Ellis Officer", making.officer(here), email="officer@example.org")

    page = visit("officer@example.org").get(f"/review/{signed}")

    assert ("Last time" in page.text) is is_shown
    assert ("Inadequate, Compact 2025" in page.text) is is_shown
