"""Pages on paper: whoever prints one instead of taking its PDF gets every column."""

import pytest
from playwright.sync_api import ViewportSize

from .conftest import Show
from .paper_states import STATES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("gallery")]

SHEET: ViewportSize = {
    "width": 718,
    "height": 1047,
}  # A4 within margins of one centimetre, at 96 dots an inch
OVER = """() => [...document.querySelectorAll(".compact-wide > table")]
    .map(table => table.getBoundingClientRect().right).filter(right => right > innerWidth)"""


def test_every_table_of_a_summary_fits_a_sheet(show: Show) -> None:
    page = show(next(state for state in STATES if state.template == "reports/summary.html"))
    page.emulate_media(media="print")
    page.set_viewport_size(SHEET)
    try:
        assert page.locator(".compact-wide > table").count() > 1
        assert page.evaluate(OVER) == []
    finally:
        page.emulate_media(media="screen")
