"""Half a year after signing plans are asked about: one head says how it goes, another says nothing."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import making
from tests.browser.conftest import Opener
from tests.browser.serving import NOW, served
from tests.browser.small_desk import OFFICER, SmallDesk, address_of, desk_on, head_of
from tests.conftest import Template
from tests.making import ASKED_SCHOOL_KEYS
from tests.review.conftest import add_action

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OAK, ELM = "Oak School", "Elm School"
HALF_A_YEAR_LATER = NOW + timedelta(days=181)
NOTE = "The children wrote the first page.\n\n<b>The rest</b> follows in June."


@pytest.fixture
def desk(postgres_template: Template) -> Iterator[SmallDesk]:
    """Two schools signed in autumn, each with an action that is under way."""
    with served(postgres_template.copy("six_months"), {making.EDITION: making.edition()}) as site:
        desk = desk_on(site, {OAK: "school", ELM: "school"})
        cycle = desk.world.cycle(desk.partnership)
        for name, organisation in desk.organisations.items():
            desk.head(name)
            grades = dict.fromkeys(ASKED_SCHOOL_KEYS, "good") | {"bullying": "inadequate"}
            signed = desk.world.signed(cycle, organisation, grades)
            add_action(desk.world, organisation, signed, due=date(2027, 7, 1))
        yield desk


def test_plans_are_asked_about_and_one_update_comes_in(desk: SmallDesk, open_page: Opener) -> None:
    desk.at(HALF_A_YEAR_LATER)
    _ask(open_page(desk.site, person=OFFICER))
    desk.admit(head_of(OAK), address_of(OAK))
    way = desk.way_in_mail("How is the plan", address_of(OAK))
    _say_how_it_goes(open_page(desk.site, way, person=head_of(OAK)))

    desk.at(HALF_A_YEAR_LATER + timedelta(days=29))
    _see_what_came_in(open_page(desk.site, person=OFFICER))


def _row(page: Page, name: str) -> Locator:
    table = page.get_by_role("region", name="Plans with open actions")
    return table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))


def _ask(page: Page) -> None:
    page.get_by_role("link", name="Ask how the plans are going").click()
    expect(_row(page, OAK)).to_contain_text("To be asked")
    page.get_by_role("button", name="Ask 2 organisations by mail").click()
    expect(page.get_by_role("alert")).to_contain_text("2 organisations are asked by mail")
    expect(_row(page, ELM)).to_contain_text("Asked")
    expect(page.get_by_role("button", name="by mail")).to_have_count(0)


def _say_how_it_goes(head: Page) -> None:
    """The mail leads to the plan; its one action is opened and written on."""
    head.locator("main h3 a").click()
    head.get_by_label("Note").fill(NOTE)
    head.get_by_role("button", name="Save the update").click()
    expect(head.get_by_role("alert")).to_be_visible()


def _see_what_came_in(page: Page) -> None:
    """Elm is overdue; Oak's update is read where it stands. The figures below count both actions."""
    page.get_by_role("link", name="See whose update is overdue").click()
    expect(_row(page, ELM)).to_contain_text("Overdue")
    expect(_row(page, OAK)).to_have_count(0)
    page.get_by_role("link", name="Came in (1)").click()
    expect(_row(page, OAK)).to_contain_text("20 May 2027")
    progress = page.get_by_role("region", name="All actions by status and standard")
    expect(progress.get_by_role("row").last.get_by_role("cell")).to_have_text(["0", "2", "0", "0"])
    _row(page, OAK).get_by_role("link", name=OAK).click()
    page.locator("main h3 a").click()
    assert NOTE in page.get_by_role("main").inner_text()
    expect(page.get_by_role("main").locator("form")).to_have_count(0)
