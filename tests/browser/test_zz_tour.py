import os, pytest
from pathlib import Path
from tests.browser.states import STATES, furnish
from tests.browser.conftest import *

OUT = Path("/tmp/b/shots")
OUT.mkdir(exist_ok=True)


@pytest.fixture(scope="session")
def furnished(gallery):
    furnish(gallery)
    return gallery


@pytest.mark.parametrize("state", STATES, ids=lambda s: s.name)
def test_tour(state, furnished, open_page):
    page = open_page(furnished, state.way(furnished), person=state.person)
    state.act(furnished, page)
    page.wait_for_load_state()
    assert state.words in page.inner_text("main"), page.inner_text("main")
    assert furnished.rendered[-1] == state.template
    page.screenshot(path=OUT / f"{state.name}.png", full_page=True)
    page.set_viewport_size({"width": 320, "height": 800})
    page.screenshot(path=OUT / f"{state.name}-320.png", full_page=True)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
