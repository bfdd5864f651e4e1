"""A round is opened, checked, mended and launched, and the mail leads its reader to the first page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import making
from tests.browser.conftest import Opener
from tests.browser.keyboard import Keyboard
from tests.browser.serving import served
from tests.browser.small_desk import OFFICER, PARTNERSHIP, SmallDesk, desk_on
from tests.conftest import Template

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROUND = "Compact 2027"
OAK, NURSERY, ELM, YEW = "Oak School", "Ash Nursery", "Elm School", "Yew School"
NEW_HEAD, NEW_ADDRESS = "Noor Head", "noor@example.org"


@pytest.fixture
def desk(postgres_template: Template) -> Iterator[SmallDesk]:
    """Two organisations have somebody who signs; of Elm only an address is known, of Yew nothing."""
    with served(postgres_template.copy("launch"), {making.EDITION: making.edition()}) as site:
        asked = {OAK: "school", NURSERY: "early_years", ELM: "school", YEW: "school"}
        desk = desk_on(site, {**asked, "Wexcombe Housing": "statutory"})
        desk.know_address(ELM, "office@elm.example")
        desk.head(OAK)
        desk.head(NURSERY)
        yield desk


def test_a_round_is_opened_mended_and_launched_with_the_keyboard_alone(
    desk: SmallDesk, open_page: Opener
) -> None:
    page = open_page(desk.site, person=OFFICER)
    officer = Keyboard(page)
    _open(officer)
    _read_the_check(page)
    _invite(officer)
    head = open_page(desk.site, desk.way_in_mail("invit", NEW_ADDRESS))
    _accept(head)
    _launch(officer)
    _see_who_was_told(officer)
    head.goto(desk.way_in_mail(f"{ROUND} is open", NEW_ADDRESS))
    _begin(head)


def _open(officer: Keyboard) -> None:
    page = officer.page
    officer.follow("Rounds")
    officer.press("Open a round")
    officer.write("Its name", ROUND)
    for sector in ("Statutory bodies", "Four-area bodies"):
        officer.tick(sector)  # chosen before: now they are not
    officer.write("Its first day", "20 11 2026")
    officer.write("Its last day", "12 2 2026")
    officer.write("Percentage above which a finding is flagged", "10")
    officer.press("Open the round")
    officer.jump("The last day must not be before the first day")
    officer.write("Its last day", "12 2 2027")
    officer.press("Open the round")
    expect(page.get_by_role("alert")).to_contain_text(f"{ROUND} is planned. Nobody was told yet")


def _read_the_check(page: Page) -> None:
    """One has no address at all, of one only an address is known: neither would be told."""
    main = page.get_by_role("main")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and launch")
    expect(main).to_contain_text("4 organisations are asked. 2 of them have somebody who signs")
    expect(page.get_by_role("heading", name="No address (1)")).to_be_visible()
    expect(main.get_by_role("listitem").filter(has_text=YEW)).to_be_visible()
    expect(page.get_by_role("heading", name="Nobody signs yet (1)")).to_be_visible()
    expect(main.get_by_role("listitem").filter(has_text=ELM)).to_contain_text("office@elm.example")


def _invite(officer: Keyboard) -> None:
    """Invite somebody who signs for Yew; the check then says what is waited for."""
    page = officer.page
    officer.follow(f"Invite somebody who signs for {YEW}")
    officer.write("E-mail address", NEW_ADDRESS)
    officer.write("Name", NEW_HEAD)
    officer.choose(page.get_by_role("group", name="What may they do?"), "Signatory")
    officer.press("Send the invitation")
    _go_to_check(officer)
    expect(page.get_by_role("heading", name="No address")).to_have_count(0)
    waited_for = page.get_by_role("listitem").filter(has_text=YEW)
    expect(waited_for).to_contain_text("invited, not accepted yet")


def _go_to_check(officer: Keyboard) -> None:
    officer.follow("Rounds")
    officer.follow(ROUND)
    officer.press("Check and launch")


def _accept(head: Page) -> None:
    head.get_by_label("Your job title").fill("Headteacher")
    head.get_by_label("Choose a password", exact=True).fill(making.PASSWORD)
    head.get_by_role("button", name="Accept and begin").click()
    expect(head.get_by_role("main")).to_contain_text(YEW)


def _launch(officer: Keyboard) -> None:
    page = officer.page
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("3 of them have somebody who signs")
    officer.press("Launch the round")
    expect(page.get_by_role("alert")).to_contain_text("3 mails were written.")
    officer.press("Tell those who have not been told")
    banner = page.get_by_role("region", name="Important")
    expect(banner).to_contain_text("Everybody who signs has been told already.")


def _see_who_was_told(officer: Keyboard) -> None:
    """From the round to each organisation, where the mail that it got stands word for word."""
    page = officer.page
    officer.follow(ROUND)
    expect(page.get_by_role("main")).to_contain_text("20 November 2026 at 10:30am by Ellis Officer")
    officer.press("See who has not answered")
    told = page.get_by_role("row").filter(has=page.get_by_role("link", name=YEW))
    expect(told).to_contain_text("Mail, 20 November 2026")
    silent = page.get_by_role("row").filter(has=page.get_by_role("link", name=ELM))
    expect(silent).to_contain_text("Never")
    officer.follow(YEW)
    expect(page.get_by_role("main")).to_contain_text(f"the round is open, to {NEW_HEAD}, from {OFFICER}")
    officer.go_to(page.locator("summary").filter(has_text="What it says"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text(f"{PARTNERSHIP} asks {YEW} to assess")


def _begin(head: Page) -> None:
    expect(head.get_by_role("heading", level=1)).to_have_text(ROUND)
    expect(head.get_by_role("main")).to_contain_text("by the end of 12 February 2027")
    head.get_by_role("button", name="Start now").click()
    expect(head.get_by_role("heading", level=1)).to_have_text(YEW)
