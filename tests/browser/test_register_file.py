"""A register's file is tried, refused, looked at, stopped and then imported, without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import making
from tests.browser.conftest import Opener
from tests.browser.serving import served
from tests.browser.small_desk import OFFICER, SmallDesk, desk_on
from tests.conftest import Template
from tests.organisations.files import gias_file, school

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OAK, ELM, YEW = "100001", "100002", "100003"
CLOSED = {"status_code": "2", "status": "Closed", "closed": "31-08-2026"}


@pytest.fixture
def desk(sqlite_template: Template) -> Iterator[SmallDesk]:
    """Three schools of the register, named as they are numbered."""
    with served(sqlite_template.copy("register_file"), {making.EDITION: making.edition()}) as site:
        yield desk_on(site, dict.fromkeys((OAK, ELM, YEW), "school/primary"))


def test_a_registers_file_does_what_was_looked_at_and_stops_before_it_closes_many(
    desk: SmallDesk, open_page: Opener, tmp_path: Path
) -> None:
    page = open_page(desk.site, person=OFFICER, scripts=False)
    page.get_by_role("link", name="Organisations", exact=True).click()
    page.get_by_role("link", name="import a register’s file").click()
    _meet_mistakes(page, gias_file(tmp_path / "wrong.csv", school(urn=OAK, name="")))
    rows = (
        school(urn=OAK, name="Oak School"),
        school(urn=ELM, name=ELM, **CLOSED),
        school(urn=YEW, name=YEW, **CLOSED),
        school(urn="100004", name="Ivy School"),
        school(urn="100005", name="Far School", area="999"),
    )
    file = gias_file(tmp_path / "schools.csv", *rows)
    _look(page, file)
    _import(page)
    _find_what_became_of_them(page)
    _upload_again(page, file)


def _choose(page: Page, file: Path) -> None:
    page.get_by_label("The schools register").check()
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Look at what it would do").click()


def _meet_mistakes(page: Page, file: Path) -> None:
    """What is wrong is named with its line, and nothing was imported."""
    _choose(page, file)
    expect(page.get_by_role("alert")).to_contain_text("Nothing was imported")
    expect(page.get_by_role("main")).to_contain_text("Line 2")


def _look(page: Page, file: Path) -> None:
    _choose(page, file)
    expect(page.get_by_role("heading", level=1)).to_have_text("What the file would do")
    counts = page.locator(".govuk-summary-list__value")
    expect(counts).to_have_text(["1", "1", "2", "0", "1"])
    changed = page.get_by_role("region", name="Changed").get_by_role("row")
    expect(changed.nth(1)).to_contain_text(f"name: {OAK} → Oak School")
    expect(page.get_by_role("main")).to_contain_text("Nothing is changed yet.")


def _import(page: Page) -> None:
    """It would close two of the area's three schools: whoever has not said that they looked is stopped."""
    expect(page.get_by_role("main")).to_contain_text(
        "2 of 3 open organisations of GIAS in area 901 would close"
    )
    page.get_by_role("button", name="Import").click()
    page.get_by_role("alert").get_by_role("link", name="Say that you have looked at this").click()
    page.get_by_label("I have looked: they are to be closed").check()
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("alert")).to_contain_text("Imported: added 1, changed 1, closed 2")


def _find_what_became_of_them(page: Page) -> None:
    listed = page.get_by_role("region", name="2 organisations").get_by_role("rowheader")
    expect(listed).to_have_text(["Ivy School", "Oak School"])
    page.get_by_label("Status").select_option("Closed")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=ELM).click()
    expect(page.get_by_role("main")).to_contain_text("31 August 2026")
    page.get_by_role("link", name="Organisations", exact=True).first.click()


def _upload_again(page: Page, file: Path) -> None:
    """The same file a second time changes nothing."""
    page.get_by_role("link", name="import a register’s file").click()
    _choose(page, file)
    expect(page.get_by_role("main")).to_contain_text("There is nothing to import.")
    expect(page.get_by_role("button", name="Import")).to_have_count(0)
