"""`make pictures`: the main pages as they look, into docs/pictures/, the same every time."""

import json
import re
from typing import Any

import pytest
import typst
from playwright.sync_api import expect

from compact.documents import typeset
from compact.reports import governors
from config import ROOT
from tests.browser.conftest import Opener, Show
from tests.browser.people_states import STATES
from tests.browser.serving import AUTUMN, SPRING, Site
from tests.browser.states import HEAD, SCHOOL

pytestmark = [pytest.mark.browser, pytest.mark.pictures, pytest.mark.xdist_group("browser")]

FOLDER = ROOT / "docs" / "pictures"
LARGEST_BYTES = 250_000
PICTURES = {
    "home": "home-head",
    "task-list": "tasks-draft",
    "standard": "standard-filled",
    "sign-off": "sign",
    "receipt": "receipt",
    "findings": "sector",
    "carried-forward": "carried-forward",
    "conflict": "standard-conflict",
    "history": "history",
    "plan": "whole-plan",
    "exceptions": "exceptions",
    "feedback": "feedback",
    "learning-summary": "summary",
}
BY_NAME = {state.name: state for state in STATES}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_each_main_page_is_taken(show: Show, name: str) -> None:
    page = show(BY_NAME[PICTURES[name]])
    page.wait_for_load_state()
    picture = page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", caret="hide")

    assert len(picture) < LARGEST_BYTES


def test_a_picture_of_an_answer_that_saved_itself_is_taken(site: Site, open_page: Opener) -> None:
    page = open_page(site, f"{site.return_of(SCHOOL, AUTUMN)}/standards/5", person=HEAD)
    page.get_by_label("Good").first.check()
    page.get_by_label("Evidence", exact=True).first.fill("The list of training, seen by the governor in May.")
    expect(page.locator(".app-saved").first).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
    page.locator("section").first.scroll_into_view_if_needed()
    picture = page.screenshot(path=FOLDER / "saved.png", animations="disabled", caret="hide")

    assert len(picture) < LARGEST_BYTES


def test_a_picture_of_the_paper_for_governors_is_taken(
    site: Site, open_page: Opener, printed: list[dict[str, Any]]
) -> None:
    """The paper of one page, as it is printed."""
    page = open_page(site, site.return_of(SCHOOL, SPRING), person=HEAD)
    page.request.get(f"{page.url}/governors.pdf")
    picture = typst.compile(
        str(typeset.TEMPLATES / governors.TEMPLATE),
        root=str(typeset.TEMPLATES),
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(typeset.FONTS)]
        ),
        sys_inputs={"data": json.dumps(printed[-1], ensure_ascii=False)},
        format="png",
        ppi=80.0,
    )
    (FOLDER / "governors-paper.png").write_bytes(picture)

    assert len(picture) < LARGEST_BYTES
