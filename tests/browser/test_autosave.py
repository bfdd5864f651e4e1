"""Answers that save themselves: what the page says of it is true, and nothing that was typed is lost."""

import re

import pytest
from playwright.sync_api import APIResponse, Dialog, Locator, Page, Route, expect
from sqlalchemy import delete, select

from compact.accounts.models import SignIn
from compact.demo.people import PASSWORD
from compact.returns.models import AnswerHistory
from tests import making
from tests.browser.conftest import Opener
from tests.browser.serving import AUTUMN, Site, email_of
from tests.browser.states import COLLEAGUE, HEAD, SCHOOL

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STANDARD = 5
A_WHILE = 2_500  # milliseconds: more than any pause of autosave.js until it has failed twice
TEXT = "Minutes of May.\n\n  <b>Indented</b>, “quoted” and & plain."
SAVED = re.compile(r"^Saved \d\d:\d\d$")


@pytest.fixture
def address(site: Site) -> str:
    return f"{site.return_of(SCHOOL, AUTUMN)}/standards/{STANDARD}"


@pytest.fixture
def head(site: Site, address: str, open_page: Opener) -> Page:
    """The page with a clock of its own, which goes on as every clock does, and can be put forward."""
    page = open_page(site, address, person=HEAD)
    page.clock.install()
    return page


def _wait(page: Page) -> None:
    """Let as much time go by as an answer waits for another letter, or to be sent again."""
    page.clock.fast_forward(A_WHILE)


def evidence(page: Page, place: int = 0) -> Locator:
    return page.get_by_label("Evidence", exact=True).nth(place)


def state(page: Page, place: int = 0) -> Locator:
    return page.locator(".app-saved").nth(place)


def versions(site: Site, text: str) -> int:
    """How many versions of any answer hold this text."""
    with site.engine.connect() as connection:
        return len(connection.execute(select(AnswerHistory).where(AnswerHistory.evidence == text)).all())


def test_what_is_typed_and_chosen_is_there_without_a_button(site: Site, head: Page, address: str) -> None:
    head.get_by_label("Good").first.check()
    expect(state(head)).to_have_text(SAVED)
    evidence(head).fill(TEXT)
    expect(state(head)).to_have_text("Not saved yet")
    _wait(head)
    expect(state(head)).to_have_text(SAVED)
    head.goto(address)

    expect(evidence(head)).to_have_value(TEXT)
    expect(head.get_by_label("Good").first).to_be_checked()
    assert versions(site, TEXT) == 1


def test_leaving_with_something_unsaved_asks_first(head: Page) -> None:
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    head.on("dialog", leave)
    evidence(head).press_sequentially("x")
    head.goto("/privacy")

    assert asked == ["beforeunload"]


def test_b3_a_lost_network_is_told_and_what_was_typed_is_saved_once_when_it_is_back(
    site: Site, head: Page
) -> None:
    head.context.set_offline(True)
    evidence(head).fill(TEXT)
    _wait(head)
    expect(state(head)).to_have_text("Not saved. Trying again")
    assert versions(site, TEXT) == 0

    head.context.set_offline(False)
    _wait(head)
    expect(state(head)).to_have_text(SAVED)
    assert versions(site, TEXT) == 1


def test_b3_a_reply_that_is_lost_is_asked_for_again_and_nothing_is_doubled(site: Site, head: Page) -> None:
    """The server kept it; the page cannot know, says so, and asks again."""
    lost: list[APIResponse] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())  # the server answers, and nobody hears it
            route.abort()

    head.route(re.compile("/answers/"), lose)
    evidence(head).fill(TEXT)
    _wait(head)
    expect(state(head)).to_have_text("Not saved. Trying again")
    _wait(head)
    expect(state(head)).to_have_text(SAVED)

    assert len(lost) == 1
    assert versions(site, TEXT) == 1


def test_b1_a_sign_in_that_ends_while_typing_costs_nothing(site: Site, head: Page, address: str) -> None:
    with making.changing(site.engine) as connection:
        connection.execute(delete(SignIn))
    evidence(head).fill(TEXT)
    _wait(head)
    expect(state(head)).to_contain_text("Not saved. You have been signed out.")
    head.get_by_role("button", name="Save and come back later").click()
    head.get_by_label("E-mail address").fill(email_of(HEAD))
    head.get_by_label("Password", exact=True).fill(PASSWORD)
    head.get_by_role("button", name="Sign in and save").click()
    expect(head.get_by_role("alert")).to_contain_text("Your answers are saved.")
    head.goto(address)

    expect(evidence(head)).to_have_value(TEXT)


@pytest.fixture
def clash(site: Site, head: Page, address: str) -> Page:
    """The head's page, beside whose answer a colleague's newer one appeared by itself."""
    site.answer_first(COLLEAGUE, address, "good", "<img src=x onerror=alert(1)> by the deputy")
    evidence(head).fill(TEXT)
    _wait(head)
    expect(head.locator(".app-conflict")).to_contain_text("<img src=x onerror=alert(1)> by the deputy")
    expect(state(head)).to_contain_text(f"Not saved. {COLLEAGUE} changed this answer")
    return head


def test_c3_both_texts_are_shown_and_ones_own_can_be_kept(site: Site, clash: Page, address: str) -> None:
    clash.get_by_role("button", name="Keep mine").click()
    expect(state(clash)).to_have_text(SAVED)
    expect(clash.locator(".app-conflict")).to_have_count(0)
    clash.goto(address)

    expect(evidence(clash)).to_have_value(TEXT)


def test_c3_or_the_other(clash: Page) -> None:
    clash.get_by_role("button", name=f"Keep the answer by {COLLEAGUE}").click()

    expect(evidence(clash)).to_have_value("<img src=x onerror=alert(1)> by the deputy")


def test_c3_a_button_that_is_pressed_too_soon_overwrites_nothing(clash: Page) -> None:
    clash.get_by_role("button", name="Save and continue").last.click()

    expect(clash.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(clash.locator(".app-conflict")).to_contain_text("by the deputy")
