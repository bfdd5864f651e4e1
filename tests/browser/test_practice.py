"""A head shares two texts with the keyboard; an officer edits and chooses one; the draft names nobody."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from compact.returns.rules import Answer
from tests import making
from tests.browser.conftest import Opener
from tests.browser.keyboard import Keyboard
from tests.browser.serving import served
from tests.browser.small import HEAD, SCHOOL, Small, small_on
from tests.conftest import Template
from tests.making import ASKED_SCHOOL_KEYS
from tests.pages import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OFFICER, OFFICERS_ADDRESS = "Ellis Officer", "officer@example.org"
VOICE, BULLYING = "How pupil voice is looked after", "How bullying is looked after"
ABOUT_BULLYING = "What others may learn about how bullying is looked after"
SHARED = "At Larkfield the pupils wrote the rules with us."
EDITED = "In one school the pupils wrote the rules with the staff."


@pytest.fixture
def small(sqlite_template: Template) -> Iterator[Small]:
    """The school has signed, with evidence in two answers. Of ten others, two find bullying hard."""
    with served(sqlite_template.copy("practice"), {making.EDITION: making.edition()}) as site:
        small = small_on(site)
        answers = {key: Answer("good") for key in ASKED_SCHOOL_KEYS}
        answers["bullying"] = Answer("good", evidence="Our pupils wrote the rules.")
        answers["pupil-voice"] = Answer("outstanding", evidence="The council meets each week.")
        small.world.answer(small.school.return_id, answers)
        small.school.sign()
        for number in range(10):
            other = small.world.organisation(f"Other School {number}")
            grade = "inadequate" if number < 2 else "good"
            small.world.signed(small.school.cycle, other, {"bullying": grade})
        small.world.person(OFFICER, making.officer(small.partnership), email=OFFICERS_ADDRESS)
        small.admit(HEAD)
        officer = Visitor(site.app)
        officer.enter(OFFICERS_ADDRESS)
        site.visitors[OFFICER] = officer
        yield small


def test_two_texts_are_shared_by_keyboard_and_one_is_printed_without_the_name(
    small: Small, open_page: Opener
) -> None:
    _share_by_keyboard(small, open_page)
    officer = open_page(small.site, f"/learning/{small.school.cycle}/school/publish", person=OFFICER)
    officer.get_by_role("link", name="Good practice").click()
    officer.get_by_role("link", name=BULLYING).click()
    expect(officer.get_by_role("main")).to_contain_text(f"{SCHOOL} (Good)")
    expect(officer.get_by_role("main")).to_contain_text(SHARED)
    officer.get_by_role("link", name="Edit and choose this text").click()
    box = officer.get_by_label("What is printed")
    expect(box).to_have_value(SHARED)

    officer.get_by_role("button", name="Choose this text").click()
    expect(officer.locator(".govuk-error-summary")).to_contain_text("Take out “Larkfield”")
    box.fill(EDITED)
    officer.get_by_role("button", name="Choose this text").click()

    expect(officer.get_by_role("alert")).to_contain_text("The text is chosen.")
    officer.get_by_role("link", name="The draft of the summary").click()
    officer.get_by_role("button", name="Preview").click()
    draft = officer.get_by_role("main")
    expect(draft).to_contain_text(EDITED)
    expect(draft).not_to_contain_text("Larkfield")


def _share_by_keyboard(small: Small, open_page: Opener) -> None:
    page = open_page(small.site, small.school.address("/receipt"), person=HEAD)
    head = Keyboard(page)
    head.follow("Share what works")
    text = page.get_by_label(ABOUT_BULLYING)
    expect(text).to_be_hidden()
    head.tick(VOICE)
    head.tick(BULLYING)
    expect(text).to_have_value("Our pupils wrote the rules.")
    head.write(ABOUT_BULLYING, SHARED)
    head.press("Save what you share")
    expect(page.get_by_role("alert")).to_contain_text("2 texts are shared.")
    expect(page.get_by_label(VOICE, exact=True)).to_be_checked()
    expect(text).to_have_value(SHARED)
