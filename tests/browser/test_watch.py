"""What is held against every page would be noticed: the checks, tried on pages that are made wrong."""

import pytest
from playwright.sync_api import Error, Page

from tests.browser.conftest import Show
from tests.browser.states import STATES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("gallery")]

Watched = tuple[Page, list[str]]


@pytest.fixture
def complaints(gallery_window: Watched, show: Show) -> list[str]:
    """What is held against the sign-in page."""
    show(STATES[0])
    return gallery_window[1]


def _heard(complaints: list[str]) -> str:
    """The only complaint, which then is forgotten."""
    assert len(complaints) == 1, complaints
    return complaints.pop()


def test_an_inline_style_would_be_noticed(gallery_window: Watched, complaints: list[str]) -> None:
    page, _ = gallery_window
    with page.expect_console_message():
        page.evaluate("document.body.setAttribute('style', 'color: red')")

    assert "Content Security Policy" in _heard(complaints)


def test_a_script_that_fails_would_be_noticed(gallery_window: Watched, complaints: list[str]) -> None:
    page, _ = gallery_window
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('made by a test') })")

    assert "made by a test" in _heard(complaints)


def test_a_request_to_another_host_would_be_noticed(gallery_window: Watched, complaints: list[str]) -> None:
    page, _ = gallery_window
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://elsewhere.example/picture.png")
    page.wait_for_url("chrome-error://chromewebdata/")

    assert "asked for http://elsewhere.example/picture.png" in _heard(complaints)
