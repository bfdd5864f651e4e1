"""Inspections come in, and officers alone read where a return was more hopeful than what was found later."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from compact.cli import main
from tests import making
from tests.browser.conftest import Opener
from tests.browser.serving import served
from tests.browser.small_desk import OFFICER, SmallDesk, desk_on, head_of
from tests.conftest import Template
from tests.inspections.files import card, ofsted_file
from tests.making import ASKED_SCHOOL_KEYS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROUND = "Compact 2026"
OAK, ELM, YEW = "100001", "100002", "100003"


@pytest.fixture
def desk(sqlite_template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDesk]:
    """Three schools signed on 5 October; two were inspected on 10 November, one of these was as weak as it
    had said."""
    url = sqlite_template.copy("variance")
    with served(url, {making.EDITION: making.edition()}) as site:
        desk = desk_on(site, dict.fromkeys((OAK, ELM, YEW), "school"))
        cycle = desk.world.cycle(desk.partnership, name=ROUND)
        good = dict.fromkeys(ASKED_SCHOOL_KEYS, "good")
        desk.world.signed(cycle, desk.organisations[OAK], good)
        desk.world.signed(cycle, desk.organisations[ELM], good | {"leadership": "inadequate"})
        desk.world.signed(cycle, desk.organisations[YEW], good)
        desk.head(OAK)
        found = {"card_on": "10/11/2026", "governance": "Needs attention"}
        file = ofsted_file(tmp_path / "latest.csv", card(OAK, **found), card(ELM, **found))
        making.write_edition(tmp_path / "questionnaires")
        for name, value in (
            ("COMPACT_ENV", "test"),
            ("DATABASE_URL", url),
            ("QUESTIONNAIRES", str(tmp_path / "questionnaires")),
        ):
            monkeypatch.setenv(name, value)
        main(["inspections", "import", "--source", "ofsted-schools", str(file)], standalone_mode=False)
        yield desk


def test_officers_alone_read_where_returns_were_more_hopeful(desk: SmallDesk, open_page: Opener) -> None:
    page = open_page(desk.site, person=OFFICER)
    page.get_by_role("link", name="Findings").click()
    page.get_by_role("link", name=re.compile("inspection", re.IGNORECASE)).click()
    address = page.url.removeprefix(desk.site.address)
    _read(page)
    head = open_page(desk.site, address, person=head_of(OAK))
    expect(head.get_by_role("heading", level=1)).to_have_text("Page not found")


def _read(page: Page) -> None:
    main = page.get_by_role("main")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Self-assessment and inspection: {ROUND}")
    expect(main).to_contain_text(
        "3 of 3 have signed. 2 of them have been inspected since, and 1 of these is more"
    )
    hopeful = page.get_by_role("region", name="Returns that are more hopeful, Schools").get_by_role("row")
    expect(hopeful).to_have_count(2)
    expect(hopeful.nth(1)).to_contain_text(OAK)
    expect(hopeful.nth(1)).to_contain_text("Needs attention")
    first = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="1. Leadership"))
    expect(first.get_by_role("cell")).to_have_text(["2", "2", "1"])
    hopeful.nth(1).get_by_role("link", name=OAK).click()
    expect(main).to_contain_text("What Ofsted found")
