"""`make pictures`: the main pages as they look, into docs/pictures/, the same every time."""

import pytest

from config import ROOT
from tests.browser.conftest import Show
from tests.browser.states import STATES

pytestmark = [pytest.mark.browser, pytest.mark.pictures, pytest.mark.xdist_group("browser")]

FOLDER = ROOT / "docs" / "pictures"
LARGEST_BYTES = 250_000
PICTURES = {
    "home": "home-head",
    "task-list": "tasks-draft",
    "standard": "standard-filled",
    "standard-error": "standard-error",
    "sign-off": "sign",
    "receipt": "receipt",
    "findings": "sector",
    "learning-summary": "summary",
}
BY_NAME = {state.name: state for state in STATES}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_each_main_page_is_taken(show: Show, name: str) -> None:
    page = show(BY_NAME[PICTURES[name]])
    page.wait_for_load_state()
    picture = page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", caret="hide")

    assert len(picture) < LARGEST_BYTES
