"""From the findings of a finished round to a learning summary that a head reads and takes away."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from compact.analysis.rules import SMALLEST_SHOWN
from tests.browser.conftest import Opener
from tests.browser.keyboard import Keyboard
from tests.browser.serving import SPRING, Site
from tests.browser.states import FOREWORD, HEAD, OFFICER

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SECTOR = "Schools and colleges"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_officer_publishes_what_a_head_then_reads_and_downloads(
    site: Site, open_page: Opener, scripts: bool
) -> None:
    flagged = _publish(open_page(site, "/", person=OFFICER, scripts=scripts))
    page = open_page(site, "/", person=HEAD, scripts=scripts)
    _read(page, flagged)
    _download(page, flagged)


def _publish(page: Page) -> int:
    """Publish the sector's summary; of how many indicators it gives advice."""
    keyboard = Keyboard(page)
    keyboard.follow(f"Findings of {SPRING}")
    keyboard.follow(SECTOR)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{SECTOR}: findings of {SPRING}")
    said = re.search(r"(\d+) indicators are flagged", page.get_by_role("main").inner_text())
    assert said is not None
    flagged = int(said[1])
    published = _flagged_by_five_or_more(page)
    assert 0 < published <= flagged
    keyboard.press("Prepare the learning summary")
    keyboard.follow("Foreword")
    keyboard.write("Your words", FOREWORD)
    keyboard.press("Save and come back later")
    keyboard.press("Preview")
    expect(page.locator(".app-advice")).to_have_count(published)
    keyboard.press("Go on to check and publish")
    keyboard.choose(page.get_by_role("group", name="Tell every setting"), "No")
    keyboard.choose(
        page.get_by_role("group", name="May anyone"), "No, only people who sign in for a setting of your area"
    )
    keyboard.press("Publish")
    expect(page.get_by_role("alert")).to_contain_text(f"The learning summary for {SECTOR} is published.")
    assert FOREWORD in page.get_by_role("main").inner_text()
    expect(page.get_by_role("alert")).not_to_contain_text("mail")
    return published


def _flagged_by_five_or_more(page: Page) -> int:
    """What fewer graded is the officer's to see, and leaves the desk in no summary."""
    rows = page.get_by_role("region", name="Flagged indicators").get_by_role("row").all_inner_texts()
    graded = [int(counts[1]) for row in rows if (counts := re.search(r"\d+ of (\d+)", row))]
    return sum(number >= SMALLEST_SHOWN for number in graded)


def _read(page: Page, flagged: int) -> None:
    Keyboard(page).follow(f"{SECTOR}, {SPRING}")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{SECTOR}: what was learnt from {SPRING}")
    assert FOREWORD in page.get_by_role("main").inner_text()
    expect(page.locator(".app-advice")).to_have_count(flagged)
    expect(page.locator(".app-advice").first).to_contain_text("What helps")
    expect(page.get_by_role("link", name="Publish")).to_have_count(0)


def _download(page: Page, flagged: int) -> None:
    """The file says of every flagged indicator what the page says."""
    link = page.get_by_role("link", name="the figures (CSV)")
    Keyboard(page).go_to(link)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    found = [row for row in rows if row["indicator"] and row["flagged"] == "yes"]
    assert len(found) == flagged
    advice = " ".join(page.locator(".app-advice").all_inner_texts())
    for row in found:
        assert f"{row['weak']} of {row['graded']} ({row['share']}%)" in advice
