"""A standard goes to a colleague, the return is said to be ready, and is sent back with a reason."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from compact.returns.rules import Answer
from tests import making
from tests.browser.conftest import Opener
from tests.browser.serving import served
from tests.browser.small import ADDRESSES, DEPUTY, HEAD, SCHOOL, Small, small_on
from tests.conftest import Template
from tests.making import ASKED_SCHOOL_KEYS, SCHOOL_KEYS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

GIVEN = 4
REASON = "Standard 4 says less than we do.\n\nPlease look at “bullying” <b>again</b>."


@pytest.fixture
def small(sqlite_template: Template) -> Iterator[Small]:
    """The school; one standard is left to answer."""
    with served(sqlite_template.copy("handed_on"), {making.EDITION: making.edition()}) as site:
        small = small_on(site)
        left = SCHOOL_KEYS[GIVEN]
        answers = {key: Answer("good") for key in ASKED_SCHOOL_KEYS if key not in left}
        small.world.answer(small.school.return_id, answers)
        yield small


def test_a_colleague_answers_what_was_given_and_reads_why_it_was_sent_back(
    small: Small, open_page: Opener
) -> None:
    head = open_page(small.site, small.school.address(), person=HEAD)
    _give_a_standard(head)
    deputy = open_page(small.site, small.way_in_mail("For you to answer"))
    _sign_in_and_answer(deputy)
    _say_that_it_is_ready(deputy)

    head.goto(small.way_in_mail("is ready to sign"))
    expect(head.get_by_role("main")).to_contain_text(f"{DEPUTY} said on 20 November 2026 at 10:30am")
    _send_back(head)

    deputy.goto(small.way_in_mail("was sent back"))
    said = deputy.locator(".govuk-inset-text").filter(has_text=f"{HEAD} sent this return back")
    assert REASON in said.inner_text()
    expect(deputy.get_by_role("main")).not_to_contain_text("is ready to sign")


def _give_a_standard(head: Page) -> None:
    head.get_by_role("link", name="Give standards to colleagues").click()
    head.get_by_label(f"{GIVEN}. ").select_option(DEPUTY)
    head.get_by_role("button", name="Save").click()
    expect(_task(head)).to_contain_text(DEPUTY)


def _task(page: Page) -> Locator:
    return page.get_by_role("listitem").filter(has_text=f"{GIVEN}. ")


def _sign_in_and_answer(deputy: Page) -> None:
    """The link leads through the sign-in to the return, where the standard bears the deputy's name."""
    deputy.get_by_label("E-mail address").fill(ADDRESSES[DEPUTY])
    deputy.get_by_label("Password", exact=True).fill(making.PASSWORD)
    deputy.get_by_role("button", name="Sign in").click()
    expect(deputy.get_by_role("heading", level=1)).to_have_text(SCHOOL)
    expect(_task(deputy)).to_contain_text(DEPUTY)
    deputy.get_by_role("link", name=f"{GIVEN}. ").click()
    for key in SCHOOL_KEYS[GIVEN]:
        deputy.locator(f"section[data-key={key}]").get_by_label("Good").check()
    deputy.get_by_role("button", name="Save and continue").click()
    expect(_task(deputy)).to_contain_text("Completed")


def _say_that_it_is_ready(deputy: Page) -> None:
    deputy.get_by_role("link", name="Check your answers").click()
    deputy.get_by_role("button", name="Tell the signatories that it is ready").click()
    expect(deputy.get_by_role("alert")).to_contain_text(f"{HEAD} can read in a mail")


def _send_back(head: Page) -> None:
    head.get_by_role("link", name="Check your answers and sign").click()
    head.get_by_role("link", name="Send it back to those who wrote it").click()
    head.get_by_label("What has to be looked at again?").fill(REASON)
    head.get_by_role("button", name="Send it back").click()
    expect(head.get_by_role("alert")).to_contain_text("The reason is below")
