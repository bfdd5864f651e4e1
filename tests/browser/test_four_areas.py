"""A body that works in four areas notes where one of them differs, and two of the partnerships look at it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.area_states import NEIGHBOUR
from tests.browser.conftest import Opener
from tests.browser.serving import FOUR_AREAS, Site
from tests.browser.states import CHIEF, OFFICER, POLICE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NOTE = "There is no link officer there.\n\nThe post is <b>empty</b> since June."
NORTHMERE = "Northmere Safeguarding Children Partnership"


def test_an_exception_is_seen_by_its_partnership_and_by_no_other(site: Site, open_page: Opener) -> None:
    address = f"{site.return_of(POLICE, FOUR_AREAS)}/exceptions"
    chief = open_page(site, address, person=CHIEF)
    question = _note_an_exception(chief)
    chief.goto(f"{site.return_of(POLICE, FOUR_AREAS)}/actions")
    expect(chief.get_by_role("main")).to_contain_text(f"weak by an exception for {NORTHMERE}")

    theirs = open_page(site, address, person=NEIGHBOUR)
    expect(theirs.get_by_role("main")).to_contain_text(question, ignore_case=True)
    assert NOTE in theirs.get_by_role("main").inner_text()

    others = open_page(site, address, person=OFFICER)
    expect(others.get_by_role("main")).to_contain_text("No exceptions")
    for path in ("/exceptions", "/check", "/actions", ""):
        others.goto(f"{site.return_of(POLICE, FOUR_AREAS)}{path}")
        assert "no link officer" not in others.content()


def _note_an_exception(chief: Page) -> str:
    """Note that one question is inadequate in one of the areas; the question, as it is listed."""
    chief.get_by_role("button", name=f"Note an exception for {NORTHMERE}").click()
    link = chief.get_by_role("main").get_by_role("listitem").get_by_role("link").nth(1)
    question = link.inner_text()
    link.click()
    chief.get_by_label("Inadequate").check()
    chief.get_by_label("What is different there").fill(NOTE)
    chief.get_by_role("button", name="Save the exception").click()
    expect(chief.get_by_role("main")).to_contain_text("is saved")
    return question
