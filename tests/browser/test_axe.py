"""Every page in every state: no accessibility rule is broken, and it fits a screen of 320 pixels."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from config import ROOT
from tests.browser.conftest import Show
from tests.browser.people_states import STATES
from tests.browser.serving import Site
from tests.browser.states import State

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("gallery")]

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RULES = {"target-size": {"enabled": True}}  # of WCAG 2.2, and off by default
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "resultTypes": ["violations"],
}
RUN = """options => axe.run(document, options).then(({violations}) => violations.map(
    ({id, help, nodes}) => `${id}: ${help} (${nodes[0].target})`))"""
# The rule that takes longer than all others together. What it looks at hangs on the classes of a page.
CONTRAST = "color-contrast"
CLASSES = "[...new Set([...document.querySelectorAll('[class]')].flatMap(each => [...each.classList]))]"
NARROW = ViewportSize(width=320, height=800)
OPEN_DETAILS = "document.querySelectorAll('details').forEach(each => { each.open = true })"
WIDTH = "document.scrollingElement.scrollWidth"
# Parts of other pages. They are seen wherever they are used.
PARTS = ("components/", "layout.html", "errors/bare.html")


# The first state of each page.
ONE_OF_EACH = tuple({state.template: state for state in reversed(STATES)}.values())[::-1]


@pytest.fixture(scope="module")
def seen_classes() -> set[str]:
    """The classes of the pages whose contrast was looked at."""
    return set()


@pytest.mark.parametrize("state", ONE_OF_EACH, ids=[state.name for state in ONE_OF_EACH])
def test_every_page_is_accessible_and_fits_a_narrow_screen(
    gallery: Site, show: Show, state: State, seen_classes: set[str]
) -> None:
    """The contrast is looked at where a page has a class that no page before it had."""
    page = show(state)
    assert gallery.rendered[-1] == state.template
    page.evaluate(OPEN_DETAILS)
    classes = set(page.evaluate(CLASSES))
    assert _violations(page, contrast=not classes <= seen_classes) == []
    seen_classes |= classes
    _hold_narrow(page)


@pytest.mark.campaign
@pytest.mark.parametrize("state", STATES, ids=[state.name for state in STATES])
def test_every_state_of_every_page_is_accessible_and_fits_a_narrow_screen(
    gallery: Site, show: Show, state: State
) -> None:
    page = show(state)
    assert gallery.rendered[-1] == state.template
    page.evaluate(OPEN_DETAILS)
    assert _violations(page) == []
    _hold_narrow(page)


def _hold_narrow(page: Page) -> None:
    page.set_viewport_size(NARROW)
    assert page.evaluate(WIDTH) <= NARROW["width"]


def test_every_page_is_among_the_states() -> None:
    folder = ROOT / "templates"
    names = {str(path.relative_to(folder)) for path in folder.rglob("[!_]*.html")}
    pages = {name for name in names if not name.startswith(PARTS)}

    assert pages == {state.template for state in STATES}


def test_a_field_without_its_label_would_be_found(show: Show) -> None:
    page = show(STATES[0])
    page.locator("label[for=email]").evaluate("label => label.remove()")

    assert [line.split(":")[0] for line in _violations(page)] == ["label"]


def _violations(page: Page, *, contrast: bool = True) -> list[str]:
    """What axe finds, a line for each rule with the first place it is broken at."""
    page.evaluate(AXE_SCRIPT)
    rules = {**RULES, CONTRAST: {"enabled": contrast}}
    found: list[str] = page.evaluate(RUN, {**OPTIONS, "rules": rules})
    return found
