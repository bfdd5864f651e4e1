"""`make pictures`: the pages of the partnership's desk, for its officers' page, from the demo as it is."""

from collections.abc import Mapping

import pytest

from tests.browser.conftest import Opener
from tests.browser.review_states import read
from tests.browser.serving import AUTUMN, FOUR_AREAS, SPRING, Site
from tests.browser.states import OFFICER, Way, at, of_cycle
from tests.browser.test_pictures import FOLDER, LARGEST_BYTES

pytestmark = [pytest.mark.browser, pytest.mark.pictures, pytest.mark.xdist_group("browser")]

VISITED = "Reedmace Special School"
PICTURES: Mapping[str, Way] = {
    "organisations": at("/organisations"),
    "check-and-launch": of_cycle("/cycles", FOUR_AREAS, "/check"),
    "chase-desk": of_cycle("/cycles", AUTUMN, "/chase"),
    "review-queue": lambda site: f"/review?cycle={site.cycle(AUTUMN)}",
    "review": read(VISITED),
    "variance": of_cycle("/analysis", SPRING, "/variance"),
    "committee": of_cycle("/committee", SPRING),
    "six-month-updates": of_cycle("/cycles", SPRING, "/updates"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_desk_is_taken(site: Site, open_page: Opener, name: str) -> None:
    page = open_page(site, PICTURES[name](site), person=OFFICER)
    page.wait_for_load_state()
    picture = page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", caret="hide")

    assert len(picture) < LARGEST_BYTES
