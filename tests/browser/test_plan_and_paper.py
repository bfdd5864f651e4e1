"""What comes after a weak grade: a plan that goes on, feedback, a paper, and the trust's look at it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from compact.returns.rules import Answer
from tests import making
from tests.browser.conftest import Opener
from tests.browser.serving import served
from tests.browser.small import HEAD, LEAD, SCHOOL, SISTER, Small, small_on
from tests.conftest import Template
from tests.documents.test_sheets import cells_of
from tests.making import ASKED_SCHOOL_KEYS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WHAT = "Ask every class in June.\n\n“Who” would they tell?"
NOTE = "Two classes were asked.\n\n<b>The others</b> follow in May."
IMPACT = "More children say whom they would tell."
LARGEST_BYTES = 200_000


@pytest.fixture
def small(postgres_template: Template) -> Iterator[Small]:
    """The school was good at everything before, and has one question left now; its sister has just begun."""
    with served(postgres_template.copy("plan_and_paper"), {making.EDITION: making.edition()}) as site:
        small = small_on(site)
        opens, closes = date(2025, 1, 6), date(2025, 6, 30)
        before = small.world.cycle(small.partnership, name="Compact 2025", opens=opens, closes=closes)
        small.world.signed(before, small.school.organisation, dict.fromkeys(ASKED_SCHOOL_KEYS, "good"))
        small.school.answer_all(bullying="")
        draft = small.world.started(small.school.cycle, small.sister)
        small.world.profile(draft, commissions_services=False)
        small.world.answer(draft, {"bullying": Answer("inadequate")})
        yield small


def test_a_weak_grade_leads_to_a_plan_that_goes_on_and_to_papers(small: Small, open_page: Opener) -> None:
    head = open_page(small.site, small.school.address("/standards/4"), person=HEAD)
    _grade_and_plan(head)
    _sign(head)
    _read_the_feedback(head)
    _say_how_it_goes(head)

    lead = open_page(small.site, person=LEAD)
    _look_as_the_trust(lead)


def _grade_and_plan(head: Page) -> None:
    bullying = head.locator("section[data-key=bullying]")
    bullying.get_by_label("Requires improvement").check()
    head.get_by_role("button", name="Save and continue").click()
    head.get_by_role("button", name="Add an action").click()
    head.get_by_label("What will be done").fill(WHAT)
    head.get_by_label("Who leads").fill("deputy head")
    head.get_by_label("By when").fill("31 3 2027")
    head.get_by_role("button", name="Save the action").click()
    expect(head.get_by_role("main")).to_contain_text("31 March 2027")
    head.get_by_role("link", name="Go to the task list").click()


def _sign(head: Page) -> None:
    head.get_by_role("link", name="Check your answers and sign").click()
    head.get_by_role("button", name="Continue to sign").first.click()
    head.get_by_label("In my own right").check()
    head.get_by_label("I confirm this statement").check()
    head.get_by_label("Your password").fill(making.PASSWORD)
    head.get_by_role("button", name="Sign the return").click()
    expect(head.get_by_role("heading", level=1)).to_have_text("Return signed")


def _read_the_feedback(head: Page) -> None:
    """The grade that fell is named; the paper for governors is a small PDF. Back to the receipt."""
    receipt = head.url
    head.get_by_role("link", name="See the feedback on this return").click()
    expect(head.get_by_role("main")).to_contain_text("Worse than last time")
    expect(head.get_by_role("main")).to_contain_text("How bullying is looked after")
    paper = _downloaded(head, "Download a paper for governors")
    assert paper.startswith(b"%PDF-")
    assert len(paper) < LARGEST_BYTES
    head.goto(receipt)


def _say_how_it_goes(head: Page) -> None:
    """After signing the action goes on; the whole plan says so, and its spreadsheet holds it."""
    head.get_by_role("link", name="your plan").click()
    head.get_by_role("link", name="How bullying is looked after").click()
    head.get_by_label("Note").fill(NOTE)
    head.get_by_label("Done").check()
    head.get_by_label("What changed for children").fill(IMPACT)
    head.get_by_role("button", name="Save the update").click()
    expect(head.get_by_role("alert")).to_be_visible()
    assert NOTE in head.get_by_role("main").inner_text()
    head.get_by_role("link", name="The whole plan").click()
    expect(head.get_by_role("heading", name="Done and embedded (1)")).to_be_visible()
    cells = [cell for row in cells_of(_downloaded(head, "Download the plan")) for cell in row]
    assert {WHAT, IMPACT, "Done"} <= set(cells)


def _downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    return Path(download.value.path()).read_bytes()


def _look_as_the_trust(lead: Page) -> None:
    """The trust's lead sees how far each school is, reads a draft, and finds nothing to change it with."""
    own, sister = (lead.get_by_role("row").filter(has_text=name).first for name in (SCHOOL, SISTER))
    expect(own).to_contain_text("Signed on 20 November 2026")
    expect(sister).to_contain_text("0 of 11 standards")
    sister.get_by_role("link", name=SISTER).click()
    lead.get_by_role("link", name="4. ").click()
    expect(lead.get_by_role("main")).to_contain_text("Inadequate")
    expect(lead.get_by_role("main").locator("form, textarea, button")).to_have_count(0)
