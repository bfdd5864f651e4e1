"""The whole journey of somebody who answers and signs, on either database, with and without scripts."""

import re
from collections.abc import Callable, Iterator, Mapping

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from compact.demo.people import PASSWORD
from compact.questionnaire.values import Edition
from compact.returns.rules import Answer
from tests.browser.conftest import Opener
from tests.browser.keyboard import MANY_TABS, Keyboard
from tests.browser.serving import AUTUMN, Site, email_of, load_demo, served
from tests.browser.states import DIRECTOR, HEALTH
from tests.conftest import Template
from tests.making import World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

GRADES = dict.fromkeys(range(1, 13), "Good") | {
    1: "Outstanding",
    3: "Requires improvement",
    4: "Not applicable",
}
LEFT_FOR_THE_END = 12
YEAR = "2026"
NARROW = ViewportSize(width=320, height=640)
EVIDENCE = "Minutes of the board, 3 March.\n  Indented, “quoted” and <b>plain</b>."
REASON = "We meet no children ourselves."


# What is answered differently in each of these. The others are answered alike; of those the last is tried.
TRIED = (1, 3, 4)


@pytest.fixture
def fresh(postgres_template: Template, editions: Mapping[str, Edition]) -> Iterator[Site]:
    """The demo on PostgreSQL."""
    url = postgres_template.copy("fresh")
    load_demo(url, editions)
    with served(url, editions) as site:
        yield site
    postgres_template.drop("fresh")


def test_a_return_is_answered_planned_and_signed(
    site: Site, open_page: Opener, editions: Mapping[str, Edition]
) -> None:
    """With the keyboard alone, 320 pixels wide; what is like what was done before is there already."""
    page = open_page(site, "/")
    page.set_viewport_size(NARROW)
    _whole_journey(Keyboard(page), scripts=True, others=_answered_past_the_pages(site, editions[YEAR]))


@pytest.mark.campaign
def test_b10_every_standard_is_answered_with_the_keyboard_alone(site: Site, open_page: Opener) -> None:
    page = open_page(site, "/")
    page.set_viewport_size(NARROW)
    _whole_journey(Keyboard(page, far=MANY_TABS), scripts=True)


@pytest.mark.campaign
def test_b10_without_scripts_it_is_done_as_well(fresh: Site, open_page: Opener) -> None:
    _whole_journey(WithAMouse(open_page(fresh, "/", scripts=False)), scripts=False)


class WithAMouse(Keyboard):
    """Goes straight to what the keyboard has to reach step by step: once is enough to know that it can."""

    def go_to(self, target: Locator) -> None:
        target.focus()

    def choose(self, fieldset: Locator, choice: str) -> None:
        fieldset.get_by_label(choice, exact=True).check()


def _answered_past_the_pages(site: Site, edition: Edition) -> Callable[[Keyboard], None]:
    """Every standard that has nothing to be tried is answered with "Good", as if somebody had done it."""

    def answer(keyboard: Keyboard) -> None:
        numbers = [number for number in range(1, LEFT_FOR_THE_END) if number not in TRIED]
        return_id = int(keyboard.page.url.rsplit("/", 1)[1])
        indicators = edition.questionnaires["statutory"].indicators
        keys = [each.key for each in indicators if each.standard in numbers]
        World(site.engine).answer(return_id, dict.fromkeys(keys, Answer("good")))
        keyboard.page.reload()

    return answer


def _whole_journey(
    keyboard: Keyboard, *, scripts: bool, others: Callable[[Keyboard], None] | None = None
) -> None:
    """Answer, plan and sign; every standard, or what is to be tried after `others`."""
    page = keyboard.page
    _sign_in(keyboard)
    _start(keyboard)
    _answer_the_profile(keyboard)
    if others:
        others(keyboard)
    _meet_an_error(keyboard, scripts=scripts)
    for number in TRIED if others else range(1, LEFT_FOR_THE_END):
        _answer(keyboard, number)
    _answer_all_but_one(keyboard)
    _find_what_is_missing(keyboard)
    _sign(keyboard)
    _read_the_receipt(page)
    _find_everything_closed(page)


def _heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def _summary(page: Page) -> list[str]:
    return page.locator(".govuk-error-summary__list li").all_inner_texts()


def _sign_in(keyboard: Keyboard) -> None:
    assert _heading(keyboard.page) == "Sign in"
    keyboard.write("E-mail address", email_of(DIRECTOR))
    keyboard.write("Password", PASSWORD)
    keyboard.press("Sign in")
    assert _heading(keyboard.page) == "Your self-assessments"
    expect(keyboard.page.get_by_role("banner")).to_contain_text(DIRECTOR)


def _start(keyboard: Keyboard) -> None:
    expect(keyboard.page.get_by_role("heading", name=AUTUMN)).to_contain_text("Not started")
    keyboard.press("Read what is asked")
    assert _heading(keyboard.page) == AUTUMN
    expect(keyboard.page.get_by_role("main")).to_contain_text("It is signed by the chief officer")
    keyboard.press("Start now")
    assert _heading(keyboard.page) == HEALTH
    expect(keyboard.page.get_by_role("listitem").filter(has_text="1. Leadership")).to_contain_text(
        "Cannot start yet"
    )


def _answer_the_profile(keyboard: Keyboard) -> None:
    keyboard.follow("A few facts about your setting")
    for fact in keyboard.page.locator("fieldset").all():
        keyboard.choose(fact, "Yes")
    keyboard.press("Save and continue")
    expect(keyboard.page.get_by_role("main")).to_contain_text("0 of 12 standards are complete")


def _meet_an_error(keyboard: Keyboard, *, scripts: bool) -> None:
    """A missing grade: the title says so, and the summary's link leads to the field."""
    page = keyboard.page
    keyboard.follow("1. Leadership")
    *others, last = _indicators(page)
    for indicator in others:
        keyboard.choose(indicator.locator("fieldset"), "Good")
    keyboard.write_in(last.get_by_label("Evidence", exact=True), EVIDENCE)
    keyboard.press("Save and continue")
    assert page.title().startswith("Error: Standard 1, ")
    assert _summary(page) == ["Choose a grade for how actions from the last return were followed"]
    if scripts:
        expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(last.get_by_label("Evidence", exact=True)).to_have_value(EVIDENCE)
    keyboard.jump("Choose a grade for")
    expect(last.get_by_label("Outstanding")).to_be_focused()
    keyboard.follow("Task list")


def _indicators(page: Page) -> list[Locator]:
    return page.locator("section.app-indicator").all()


def _answer(keyboard: Keyboard, number: int) -> None:
    """A standard's first indicator with the grade that is tried there, the others with "Good"."""
    page, grade = keyboard.page, GRADES[number]
    keyboard.follow(f"{number}. ")
    assert _heading(page).startswith(f"Standard {number}, ")
    first, *others = _indicators(page)
    keyboard.choose(first.locator("fieldset"), grade)
    reason = first.get_by_label("Why it does not apply")
    expect(reason).to_be_visible(visible=grade == "Not applicable")
    if grade == "Not applicable":
        keyboard.write_in(reason, REASON)
    else:
        keyboard.write_in(first.get_by_label("Evidence", exact=True), EVIDENCE)
    for indicator in others:
        keyboard.choose(indicator.locator("fieldset"), "Good")
    keyboard.press("Save and continue")
    expect(page.get_by_role("main")).to_contain_text(f"Standard {number} is saved.")
    if grade == "Requires improvement":
        _plan(keyboard)
    assert _heading(page) == HEALTH
    expect(page.get_by_role("listitem").filter(has_text=f"{number}. ").first).to_contain_text("Completed")


def _answer_all_but_one(keyboard: Keyboard) -> None:
    keyboard.follow(f"{LEFT_FOR_THE_END}. ")
    for indicator in _indicators(keyboard.page)[1:]:
        keyboard.choose(indicator.locator("fieldset"), "Good")
    keyboard.press("Save and come back later")


def _plan(keyboard: Keyboard) -> None:
    """A weak grade leads to the plan; an action without a date is not taken, and keeps what was typed."""
    page = keyboard.page
    assert _heading(page) == "Actions for what needs to improve"
    expect(page.get_by_role("main")).to_contain_text("Standard 3, graded “requires improvement”")
    keyboard.press("Add an action")
    keyboard.write("What will be done", "The board reads the figures.")
    keyboard.write("Who leads", "director of nursing")
    keyboard.press("Save the action")
    assert page.title().startswith("Error: Add an action")
    assert _summary(page) == ["Enter the date it will be done by"]
    expect(page.get_by_label("What will be done")).to_have_value("The board reads the figures.")
    keyboard.jump("Enter the date it will be done by")
    expect(page.get_by_label("By when")).to_be_focused()
    keyboard.write("By when", "31 3 2027")
    keyboard.press("Save the action")
    expect(page.get_by_role("main")).to_contain_text("31 March 2027")
    keyboard.follow("Go to the task list")


def _find_what_is_missing(keyboard: Keyboard) -> None:
    """What is missing is listed; the link leads to the very field."""
    page = keyboard.page
    keyboard.follow("Check your answers and sign")
    expect(page.get_by_role("heading", name="1 thing is still missing")).to_be_visible()
    keyboard.follow("Choose a grade for")
    assert _heading(page).startswith(f"Standard {LEFT_FOR_THE_END}, ")
    expect(page.get_by_label("Outstanding").first).to_be_focused()
    keyboard.choose(page.locator("fieldset").first, "Good")
    keyboard.press("Save and continue")
    keyboard.follow("Check your answers and sign")
    expect(page.get_by_role("main")).to_contain_text("Nothing is missing.")
    shown = page.get_by_role("main").inner_text()
    assert EVIDENCE in shown
    assert REASON in shown
    assert "The board reads the figures." in shown


def _sign(keyboard: Keyboard) -> None:
    page = keyboard.page
    keyboard.go_to(page.get_by_role("button", name="Continue to sign").first)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("You sign as Lee Marsh, Director of nursing.")
    capacity = page.get_by_role("group", name="In which capacity do you sign?")
    expect(capacity.locator("input:checked")).to_have_count(0)
    expect(page.get_by_label("Their name")).to_be_hidden()
    keyboard.choose(capacity, "On behalf of somebody who is accountable and has asked me to sign")
    keyboard.write("Their name", "Chris Vale")
    keyboard.write("Their job title", "Chief executive")
    keyboard.tick("I confirm this statement")
    keyboard.write("Your password", "not this one")
    keyboard.press("Sign the return")
    assert _summary(page) == ["The password is not right"]
    expect(page.get_by_label("Their name")).to_have_value("Chris Vale")
    expect(page.get_by_label("I confirm this statement")).not_to_be_checked()
    keyboard.tick("I confirm this statement")
    keyboard.write("Your password", PASSWORD)
    keyboard.press("Sign the return")


def _read_the_receipt(page: Page) -> None:
    assert _heading(page) == "Return signed"
    shown = page.get_by_role("main").inner_text()
    assert re.search(r"\bSC-[0-9]{6}\b", shown)
    assert re.search(r"\b[0-9a-f]{64}\b", shown)
    assert "Lee Marsh, Director of nursing, on behalf of Chris Vale, Chief executive" in shown


def _find_everything_closed(page: Page) -> None:
    """After signing, pages can be read and hold no form, no button and no way to change anything."""
    signed = page.url.removesuffix("/receipt")
    for rest in ("", "/profile", "/standards/1", "/actions", "/check"):
        page.goto(signed + rest)
        expect(page.get_by_role("main").locator("form, input, textarea, button")).to_have_count(0)
        expect(page.get_by_role("link", name="Change")).to_have_count(0)
    page.goto(f"{signed}/standards/1")
    expect(page.get_by_role("main")).to_contain_text("What was answered")
    assert EVIDENCE in page.get_by_role("main").inner_text()
