"""Two colleagues at the same standard: whoever saves second sees both answers, and nothing is lost."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Opener
from tests.browser.serving import AUTUMN, Site
from tests.browser.states import COLLEAGUE, HEAD, SCHOOL

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STANDARD = 5
THEIRS = "Kept in the office.\n\n<b>Seen</b> in May by the “link” governor."
MINE = "Nobody could find it in June."
ELSEWHERE = "The second answer, which nobody else touched."


@pytest.fixture
def address(site: Site) -> str:
    return f"{site.return_of(SCHOOL, AUTUMN)}/standards/{STANDARD}"


@pytest.fixture
def clash(site: Site, open_page: Opener, address: str) -> Page:
    """The head's page, after a colleague saved the same answer first."""
    head = open_page(site, address, person=HEAD)
    site.answer_first(COLLEAGUE, address, "good", THEIRS)
    head.get_by_label("Requires improvement").first.check()
    _evidence(head).fill(MINE)
    head.get_by_label("Outstanding").last.check()
    _evidence(head, 1).fill(ELSEWHERE)
    head.get_by_role("button", name="Save and continue").click()
    expect(head.get_by_role("heading", name="There is a problem")).to_be_visible()
    return head


def _evidence(page: Page, place: int = 0) -> Locator:
    return page.get_by_label("Evidence", exact=True).nth(place)


def _kept(page: Page) -> tuple[str, str]:
    """The first answer as it is kept now: the grade's words and the evidence."""
    chosen = page.locator("fieldset").first.locator("input:checked")
    return chosen.evaluate("radio => radio.labels[0].innerText"), _evidence(page).input_value()


def test_who_saves_second_sees_both_answers_and_can_keep_theirs(
    site: Site, clash: Page, address: str
) -> None:
    """What else was typed is saved, whatever becomes of the one answer."""
    assert clash.title().startswith("Error: ")
    expect(clash.locator(".govuk-error-summary")).to_contain_text("somebody else changed it")
    theirs = clash.locator(".app-conflict")
    expect(theirs).to_contain_text(f"{COLLEAGUE} changed this answer while you were typing")
    assert THEIRS in theirs.inner_text()
    expect(theirs.get_by_text("Good", exact=True)).to_be_visible()
    expect(clash.get_by_label("Requires improvement").first).to_be_checked()
    expect(_evidence(clash)).to_have_value(MINE)
    clash.get_by_role("link", name="Choose which answer stays").click()
    expect(theirs).to_be_focused()
    assert ELSEWHERE in site.visitor(COLLEAGUE).get(address).fields().values()
    clash.get_by_role("button", name=f"Keep the answer by {COLLEAGUE}").click()
    expect(clash.get_by_role("heading", name="There is a problem")).to_have_count(0)

    assert _kept(clash) == ("Good", THEIRS)


def test_saving_again_keeps_mine(clash: Page, address: str) -> None:
    clash.get_by_role("button", name="Save and come back later").click()
    expect(clash.get_by_role("alert")).to_contain_text("Your answers are saved.")
    clash.goto(address)

    assert _kept(clash) == ("Requires improvement", MINE)


def test_the_enter_key_in_a_field_never_gives_up_what_was_typed(clash: Page, address: str) -> None:
    """Enter presses a form's first button, which must not be the one that keeps the other answer."""
    with clash.expect_navigation():  # the page before says the same words
        clash.get_by_label("Requires improvement").first.press("Enter")
    expect(clash.get_by_role("main")).to_contain_text("Everything else on this page is saved.")
    clash.goto(address)

    assert _kept(clash) == ("Requires improvement", MINE)
