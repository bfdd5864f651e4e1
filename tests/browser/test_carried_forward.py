"""The next round starts from the last return: what was said is shown, and counts once somebody says so."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from compact.accounts.models import Person
from compact.cycles import editions
from compact.returns import store as returns
from compact.returns.reading import Kept
from compact.returns.rules import Answer
from tests import making
from tests.browser.conftest import Opener
from tests.browser.serving import NOW, served
from tests.browser.small import ADDRESSES, DEPUTY, HEAD, SCHOOL, Small, small_on
from tests.conftest import Template
from tests.making import ASKED_SCHOOL_KEYS
from tests.returns.test_carrying import LATER, WHAT, edition_2028

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NEXT_ROUND = "Compact 2028"
TWO_YEARS_LATER = datetime(2028, 11, 20, 10, 30, tzinfo=UTC)
SAVED = re.compile(r"^Saved \d\d:\d\d$")
SAID = "Minutes of May.\n\n“Seen” by <b>the</b> governor."


@pytest.fixture
def small(sqlite_template: Template, monkeypatch: pytest.MonkeyPatch) -> Iterator[Small]:
    """The school two years after the deputy answered and the head signed; the new round asks otherwise."""
    found = {making.EDITION: making.edition(), LATER: edition_2028()}
    with served(sqlite_template.copy("carried_forward"), found) as site:
        small = small_on(site)
        _answer_as_the_deputy(small)
        small.school.sign()
        site.app.config["CLOCK"] = lambda: TWO_YEARS_LATER
        editions.init_app(site.app, found)
        monkeypatch.setattr(making, "EDITION", LATER)
        monkeypatch.setattr(making, "edition", lambda: found[LATER])
        opens, closes = date(2028, 9, 1), date(2029, 1, 31)
        small.world.cycle(small.partnership, name=NEXT_ROUND, opens=opens, closes=closes)
        small.admit(HEAD)
        yield small


def _answer_as_the_deputy(small: Small) -> None:
    with small.world.session() as session:
        deputy = session.scalars(select(Person.id).where(Person.email == ADDRESSES[DEPUTY])).one()
        answers = [(key, Kept(Answer("good", evidence=SAID), 1, deputy, NOW)) for key in ASKED_SCHOOL_KEYS]
        returns.write_answers(session, small.school.return_id, answers)
        session.commit()


def test_last_times_answers_count_once_they_are_said_again(small: Small, open_page: Opener) -> None:
    page = open_page(small.site, person=HEAD)
    _start(page)
    _say_the_facts_again(page)
    _counts(page, standards=0, questions=0)
    _still_true(page)
    _counts(page, standards=0, questions=1)
    _change_one(page)
    _counts(page, standards=1, questions=2)
    _meet_what_changed(page)
    _counts(page, standards=1, questions=3)
    _leave_other_words_unsaid(page)
    _counts(page, standards=1, questions=3)


def _start(page: Page) -> None:
    page.get_by_role("button", name="Read what is asked").click()
    page.get_by_role("button", name="Start now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SCHOOL)
    expect(page.get_by_role("main")).to_contain_text("3 questions are new or have changed since")


def _say_the_facts_again(page: Page) -> None:
    page.get_by_role("link", name="A few facts about your setting").click()
    expect(page.get_by_role("main")).to_contain_text("Last time: No.")
    page.get_by_role("button", name="All as last time").click()


def _counts(page: Page, *, standards: int, questions: int) -> None:
    """How far the task list says that the return is."""
    said = f"{standards} of 11 standards are complete. {questions} of 13 questions are answered."
    expect(page.locator(".govuk-body-l")).to_have_text(said)


def _back(page: Page) -> None:
    page.get_by_role("link", name="Task list").click()


def _question(page: Page, key: str) -> Locator:
    return page.locator(f"section[data-key={key}]")


def _still_true(page: Page) -> None:
    """Press the button below what was said last time: it is an answer, and no offer stands there any more."""
    page.get_by_role("link", name="4. ").click()
    for place, key in enumerate(
        ("bullying", "online-safety", "pupil-voice")
    ):  # what is new, or changed, first
        expect(page.locator("section[data-key]").nth(place)).to_have_attribute("data-key", key)
    question = _question(page, "pupil-voice")
    offer = question.locator(".app-earlier")
    expect(offer.get_by_role("heading")).to_have_text(f"From November 2026, by {DEPUTY}")
    assert SAID in offer.inner_text()
    expect(question.locator("input:checked")).to_have_count(0)
    offer.get_by_role("button", name="Still true").click()
    expect(offer).to_have_count(0)
    expect(question.get_by_label("Good")).to_be_checked()
    expect(question.get_by_label("Evidence", exact=True)).to_have_value(SAID)
    _back(page)


def _change_one(page: Page) -> None:
    """Answer beside what was said last time; it saves itself, without any button."""
    page.get_by_role("link", name="1. ").first.click()
    question = _question(page, "leadership")
    expect(question.locator(".app-earlier")).to_contain_text("Good")
    question.get_by_label("Outstanding").check()
    expect(question.locator(".app-saved")).to_have_text(SAVED)
    page.reload()
    expect(question.get_by_label("Outstanding")).to_be_checked()
    expect(question.locator(".app-earlier")).to_have_count(0)
    _back(page)


def _meet_what_changed(page: Page) -> None:
    """The question says what changed, and offers no old answer to press for."""
    page.get_by_role("link", name="4. ").click()
    question = _question(page, "bullying")
    offer = question.locator(".app-earlier")
    expect(offer).to_contain_text(f"Changed {WHAT} Your last answer does not fit this question any more.")
    assert SAID not in offer.inner_text()
    expect(offer.get_by_role("button")).to_have_count(0)
    expect(_question(page, "online-safety").locator(".app-earlier")).to_contain_text("not asked last time")
    question.get_by_label("Requires improvement").check()
    expect(question.locator(".app-saved")).to_have_text(SAVED)
    _back(page)


def _leave_other_words_unsaid(page: Page) -> None:
    """Other words of the same meaning are told; the old answer fits, and does not count unsaid."""
    page.get_by_role("link", name="5. ").click()
    offer = _question(page, "induction").locator(".app-earlier")
    expect(offer).to_contain_text(WHAT)
    expect(offer.get_by_role("button", name="Still true")).to_be_visible()
    _back(page)
