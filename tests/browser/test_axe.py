"""Every page in every state: no accessibility rule is broken, and it fits a screen of 320 pixels."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from config import ROOT
from tests.browser.conftest import Show
from tests.browser.people_states import STATES
from tests.browser.serving import AXE, Site
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
# The rule that takes longer than all others together, for a page of a thousand texts in ten colours. It is
# held against one text of each colouring: what it is, its colours, how large it is, and what it stands on.
CONTRAST = "color-contrast"
RUN_CONTRAST = """async seen => {
    const behind = new Map([[null, []]]);
    const standsOn = each => {
        if (!behind.has(each)) {
            const {backgroundColor: color, backgroundImage: image, opacity} = getComputedStyle(each);
            const isSeen = color !== 'rgba(0, 0, 0, 0)' || image !== 'none' || opacity !== '1';
            behind.set(each, [...(isSeen ? [color, image, opacity] : []), ...standsOn(each.parentElement)]);
        }
        return behind.get(each);
    };
    const colouring = each => {
        const {color, fontSize, fontWeight} = getComputedStyle(each);
        const names = [each.tagName, each.className, each.parentElement.className, each.disabled];
        return JSON.stringify([names, color, fontSize, fontWeight, standsOn(each)]);
    };
    const isText = each => each.matches('input, select, textarea')
        || [...each.childNodes].some(part => part.nodeType === Node.TEXT_NODE && part.data.trim());
    const known = new Set(seen), include = [];
    for (const each of document.querySelectorAll('body *')) {
        if (!isText(each) || !each.checkVisibility({visibilityProperty: true})) continue;
        const found = colouring(each);
        if (known.has(found)) continue;
        known.add(found);
        include.push(each);
    }
    const {violations} = include.length
        ? await axe.run({include}, {runOnly: ['color-contrast'], resultTypes: ['violations']})
        : {violations: []};
    const lines = violations.map(({id, help, nodes}) => `${id}: ${help} (${nodes[0].target})`);
    return {lines, seen: [...known]};
}"""
NARROW = ViewportSize(width=320, height=800)
OPEN_DETAILS = "document.querySelectorAll('details').forEach(each => { each.open = true })"
WIDTH = "document.scrollingElement.scrollWidth"
NO_ADDRESS = "about:blank"  # where a file is shown that no server gave out
# Parts of other pages. They are seen wherever they are used.
PARTS = ("components/", "layout.html", "errors/bare.html")


# The first state of each page, and all others.
ONE_OF_EACH = tuple({state.template: state for state in reversed(STATES)}.values())[::-1]
OTHERS = tuple(state for state in STATES if state not in ONE_OF_EACH)


@pytest.fixture(scope="module")
def seen() -> list[str]:
    """The colourings whose contrast was looked at."""
    return []


@pytest.mark.parametrize("state", ONE_OF_EACH, ids=[state.name for state in ONE_OF_EACH])
def test_every_page_is_accessible_and_fits_a_narrow_screen(
    gallery: Site, show: Show, state: State, seen: list[str]
) -> None:
    """The contrast is looked at where a text has a colouring that none on a page before it had."""
    _hold_accessible(gallery, show, state, seen)


@pytest.mark.campaign
@pytest.mark.parametrize("state", OTHERS, ids=[state.name for state in OTHERS])
def test_every_other_state_of_a_page_is_accessible_and_fits_a_narrow_screen(
    gallery: Site, show: Show, state: State, seen: list[str]
) -> None:
    """The contrast of every colouring on these is looked at once, whatever the suite has seen."""
    _hold_accessible(gallery, show, state, seen)


def _hold_accessible(gallery: Site, show: Show, state: State, seen: list[str]) -> None:
    page = show(state)
    assert gallery.rendered[-1] == state.template
    page.evaluate(OPEN_DETAILS)
    assert _violations(page, seen) == []
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

    assert [line.split(":")[0] for line in _violations(page, [])] == ["label"]


def test_a_text_that_is_hard_to_read_would_be_found(show: Show) -> None:
    page, seen = show(STATES[0]), list[str]()
    assert _violations(page, seen) == []
    page.get_by_role("heading", level=1).evaluate("heading => { heading.style.color = '#cccccc' }")

    assert [line.split(":")[0] for line in _violations(page, seen)] == [CONTRAST]


def _violations(page: Page, seen: list[str]) -> list[str]:
    """What axe finds, a line for each rule with the first place it is broken at.

    The contrast is looked at for the colourings that are not among the seen ones, which they join.
    """
    if page.url == NO_ADDRESS:
        page.evaluate(AXE_SCRIPT)
    else:
        page.add_script_tag(url=AXE)
    rules = {**RULES, CONTRAST: {"enabled": False}}
    found: list[str] = page.evaluate(RUN, {**OPTIONS, "rules": rules})
    contrast = page.evaluate(RUN_CONTRAST, seen)
    seen[:] = contrast["seen"]
    return found + list(contrast["lines"])
