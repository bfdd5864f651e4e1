"""A learning summary's life by keyboard: written, previewed, published, read, withdrawn, corrected."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from compact.mail.models import OutboxMail
from tests.browser.conftest import Opener
from tests.browser.keyboard import Keyboard
from tests.browser.serving import SPRING, Site
from tests.browser.states import FOREWORD, HEAD, OFFICER

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SECTOR = "Schools and colleges"
WHY = "One school was counted twice."


def test_a_summary_from_its_first_text_to_its_second_number(site: Site, open_page: Opener) -> None:
    address = f"/learning/{site.cycle(SPRING)}/school"
    officer = open_page(site, f"{address}/publish", person=OFFICER)
    _write_and_publish(officer)
    assert "robin.ashdown@demo.example" in _written_to(site)
    link = _link(officer)

    head = open_page(site, "/", person=HEAD)
    Keyboard(head).follow("All that was learnt")
    Keyboard(head).follow(SECTOR)
    expect(head.get_by_role("main")).to_contain_text(FOREWORD.splitlines()[0])
    stranger = open_page(site, link)
    expect(stranger.get_by_role("heading", level=1)).to_have_text(f"{SECTOR}: what was learnt from {SPRING}")
    expect(stranger.get_by_role("main")).to_contain_text(FOREWORD.splitlines()[0])

    _withdraw(officer, address)
    for page in (head, stranger):
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("This learning summary is withdrawn")
        expect(page.get_by_role("main")).to_contain_text(WHY)

    _publish_again(officer, address)
    head.reload()
    expect(head.get_by_role("main")).to_contain_text("Number 2, corrected, published on")
    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_have_text(f"{SECTOR}: what was learnt from {SPRING}")


def _write_and_publish(page: Page) -> None:
    keyboard = Keyboard(page)
    keyboard.follow("Foreword")
    keyboard.write("Your words", FOREWORD)
    keyboard.press("Save and come back later")
    expect(page.get_by_role("alert")).to_contain_text("“Foreword” is saved.")
    keyboard.press("Preview")
    expect(page.get_by_role("main")).to_contain_text("This is what readers get.")
    keyboard.press("Go on to check and publish")
    keyboard.choose(page.get_by_role("group", name="Tell every setting"), "Yes, tell them")
    keyboard.choose(
        page.get_by_role("group", name="May anyone"), "Yes, there is a link that needs no sign-in"
    )
    keyboard.press("Publish")
    expect(page.get_by_role("alert")).to_contain_text(f"The learning summary for {SECTOR} is published.")
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"\d+ mails were written"))


def _link(page: Page) -> str:
    """The address of the open link, as its page shows it."""
    Keyboard(page).follow("The link open to anyone")
    link = page.locator(".compact-key a").get_attribute("href")
    assert link is not None
    assert re.fullmatch(r"/learning/open/[A-Za-z0-9_-]{22}", link)
    return link


def _withdraw(page: Page, address: str) -> None:
    page.goto(f"{address}/numbers")
    keyboard = Keyboard(page)
    keyboard.follow("withdraw it")
    keyboard.write("Why is it withdrawn?", WHY)
    keyboard.press("Withdraw number 1")
    expect(page.get_by_role("alert")).to_contain_text("Number 1 is withdrawn. Readers see why.")


def _publish_again(page: Page, address: str) -> None:
    """The same returns once more: the page asks to confirm it."""
    page.goto(f"{address}/publish/check")
    keyboard = Keyboard(page)
    keyboard.choose(page.get_by_role("group", name="Why is there a new number?"), "It corrects a mistake")
    keyboard.choose(page.get_by_role("group", name="Tell every setting"), "No")
    keyboard.press("Publish")
    expect(page.get_by_role("alert")).to_contain_text("although so few returns differ")
    expect(page.get_by_role("main")).to_contain_text("No return differs from number 1")
    keyboard.tick("Publish although so few returns differ")
    keyboard.press("Publish")
    expect(page.get_by_role("alert")).to_contain_text(f"The learning summary for {SECTOR} is published.")


def _written_to(site: Site) -> list[str]:
    with site.engine.connect() as connection:
        return list(
            connection.scalars(select(OutboxMail.recipient).where(OutboxMail.about.like("summary %")))
        )
