"""A round is chased on a narrow screen: who is where, a call, more time, an excuse, a mail in own words."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from compact import create_bare_app
from compact.access import scope
from compact.cycles.editions import init_app as use_editions
from compact.desk.cli import queue as queue_reminders
from compact.returns.rules import Answer
from tests import making
from tests.browser.conftest import Opener
from tests.browser.serving import served
from tests.browser.small_desk import OFFICER, SmallDesk, address_of, desk_on
from tests.conftest import Template
from tests.making import ASKED_SCHOOL_KEYS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROUND = "Compact 2026"
OAK, ELM, YEW, BIRCH, NURSERY = "Oak School", "Elm School", "Yew School", "Birch College", "Ash Nursery"
NARROW = ViewportSize(width=320, height=700)
WIDTH = "document.scrollingElement.scrollWidth"
WHY = "Two classes moved into containers.\n\nAgreed by telephone."
OWN_TEXT = "Dear {name},\n\nour course for nurseries is on 4 December.\n\n{link}"


@pytest.fixture
def desk(sqlite_template: Template) -> Iterator[SmallDesk]:
    """The round was launched: Oak and Elm never opened, Yew is half done, Birch has signed."""
    with served(sqlite_template.copy("chase"), {making.EDITION: making.edition()}) as site:
        primaries = dict.fromkeys((OAK, ELM, YEW), "school/primary")
        desk = desk_on(site, {**primaries, BIRCH: "school/secondary", NURSERY: "early_years"})
        cycle = desk.world.cycle(desk.partnership, name=ROUND)
        for name in desk.organisations:
            desk.head(name)
        half = desk.world.started(cycle, desk.organisations[YEW])
        desk.world.answer(half, dict.fromkeys(ASKED_SCHOOL_KEYS[:8], Answer("good")))
        desk.world.signed(cycle, desk.organisations[BIRCH], dict.fromkeys(ASKED_SCHOOL_KEYS, "good"))
        officer = site.visitors[OFFICER]
        officer.send(officer.get(f"/cycles/{cycle}/check"))
        yield desk


def test_an_officer_chases_a_round_on_a_narrow_screen(desk: SmallDesk, open_page: Opener) -> None:
    page = open_page(desk.site, person=OFFICER)
    page.set_viewport_size(NARROW)
    page.get_by_role("link", name="See who has not signed").click()
    _read_how_far_they_are(page)
    _note_a_call(page)
    _give_one_more_time(page)
    _give_several_more_time(page)
    _excuse_one(page)
    _word_a_message(page)
    _send_it_to_nurseries(page)
    _remind(desk)
    _see_who_was_reminded(open_page(desk.site, person=OFFICER))


def _fits(page: Page) -> None:
    assert page.evaluate(WIDTH) <= NARROW["width"], page.url


def _row(page: Page, name: str, place: str = "The organisations") -> Locator:
    table = page.get_by_role("region", name=place)
    return table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))


def _read_how_far_they_are(page: Page) -> None:
    """By sector and phase; a number leads to those who are counted."""
    counts = "How far they are"
    said = ["2 never opened", "0", "1 half done", "0", "1 signed", "0", "0", "0", "4 in all"]
    expect(_row(page, "Schools", counts).get_by_role("cell")).to_have_text(
        [each if each == "0" else f"{each}, Schools" for each in said]
    )
    _fits(page)
    _row(page, "– primary", counts).get_by_role("link", name="2 never opened").click()
    expect(page.locator("#list")).to_have_text("Never opened, Schools, primary (2)")
    expect(_row(page, OAK)).to_be_visible()
    expect(_row(page, YEW)).to_have_count(0)
    _fits(page)


def _note_a_call(page: Page) -> None:
    page.get_by_role("link", name=OAK).click()
    page.get_by_label("Who was spoken to?").fill("The school office")
    page.get_by_label("What was said, in a line").fill("The new head begins on Monday.")
    page.get_by_role("button", name="Note the call").click()
    expect(page.get_by_role("alert")).to_contain_text("The call is noted.")
    said = "20 November 2026: Ellis Officer spoke to The school office. The new head begins on Monday."
    expect(page.get_by_role("main")).to_contain_text(said)
    _fits(page)


def _give_one_more_time(page: Page) -> None:
    """From the page of one organisation, and by its link back to it."""
    page.get_by_role("link", name="Change its last day").click()
    page.get_by_label("Its last day").fill("8 1 2027")
    page.get_by_label("Why more time is given").fill(WHY)
    _fits(page)
    page.get_by_role("button", name="Give more time").click()
    page.get_by_role("link", name=OAK).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(OAK)
    expect(page.get_by_role("main")).to_contain_text("8 January 2027")
    page.get_by_role("link", name="Who has not answered").click()


def _give_several_more_time(page: Page) -> None:
    """Oak has as much time already, and keeps it."""
    page.get_by_role("button", name="Give several more time").click()
    for name in (OAK, YEW):
        page.get_by_label(name).check()
    page.get_by_label("Their last day").fill("6 1 2027")
    page.get_by_label("Why more time is given").fill(WHY)
    _fits(page)
    page.get_by_role("button", name="Give more time").click()
    expect(page.get_by_role("alert")).to_contain_text("1 organisation has until the end of 6 January 2027.")
    expect(_row(page, YEW)).to_contain_text("6 January 2027")
    expect(_row(page, OAK)).to_contain_text("8 January 2027")


def _excuse_one(page: Page) -> None:
    page.get_by_role("link", name=ELM).click()
    page.get_by_label("Why it is excused").fill(WHY)
    page.get_by_role("button", name=f"Excuse {ELM}").click()
    excused = page.locator(".govuk-inset-text")
    assert WHY in excused.inner_text()
    expect(page.get_by_role("link", name="Write to it")).to_have_count(0)
    _fits(page)


def _word_a_message(page: Page) -> None:
    """The partnership's own words for its messages, looked at before they are kept."""
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Rounds", exact=True).click()
    page.get_by_role("link", name="The wording of").click()
    expect(page.get_by_role("link", name="A message of your own")).to_be_visible()
    _fits(page)
    page.get_by_role("link", name="A message of your own").click()
    page.get_by_label("Text").fill(OWN_TEXT)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="As somebody made up would read it")).to_contain_text(
        "Dear Robin Ashdown, our course for nurseries"
    )
    _fits(page)
    page.get_by_role("button", name="Save the wording").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _send_it_to_nurseries(page: Page) -> None:
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Rounds", exact=True).click()
    page.get_by_role("link", name=ROUND).click()
    page.get_by_role("link", name="Nurseries").click()
    page.get_by_role("button", name="Write to them").click()
    expect(page.get_by_role("main")).to_contain_text(
        "1 organisation (nurseries) that has not signed: 1 person"
    )
    page.get_by_label("Subject").fill("A course for nurseries")
    page.get_by_role("button", name="Preview").click()
    shown = page.get_by_role("region", name="As the first of them reads it")
    expect(shown).to_contain_text("Dear Head of Ash Nursery, our course for nurseries is on 4 December.")
    _fits(page)
    page.get_by_role("button", name="Send 1 mail").click()
    expect(page.get_by_role("alert")).to_contain_text("1 mail was written.")


def _remind(desk: SmallDesk) -> None:
    """A week before the round's last day: it is over for nobody, and Birch has signed."""
    desk.at(datetime(2026, 12, 11, 8, tzinfo=UTC))
    app = create_bare_app(desk.site.app.extensions["compact.settings"], engine=desk.site.engine)
    app.config["CLOCK"] = desk.site.app.config["CLOCK"]
    with app.app_context():
        scope.everything("as a command")
        use_editions(app, desk.site.app.extensions["compact.editions"])
        queue_reminders.main([], standalone_mode=False)
    told = [mail.recipient for mail in desk.mails("To be signed until")]
    assert sorted(told) == [address_of(NURSERY), address_of(OAK), address_of(YEW)]


def _see_who_was_reminded(page: Page) -> None:
    """The officer a week later: the desk says when each was last written to, and Birch never was."""
    page.get_by_role("link", name="Run the round").click()
    page.get_by_role("button", name="See who has not answered").click()
    expect(_row(page, NURSERY)).to_contain_text("Mail, 11 December 2026")
    expect(_row(page, BIRCH)).to_contain_text("Never")
    page.get_by_role("link", name=NURSERY).click()
    expect(page.get_by_role("main")).to_contain_text("reminder before the last day, to Head of Ash Nursery")
