"""The annual statement in its states: as it is generated, when figures changed, two officers at once."""

from playwright.sync_api import Page

from compact.cycles.store import cycle_by_id
from compact.db import begin_writing, open_session
from compact.reports import statement_store
from tests.browser.serving import AUTUMN, NOW, SPRING, Site
from tests.browser.states import OFFICER, State, of_cycle, press

OURS = "Schools answered well this year, and told us what they want to work on."
THEIRS = "Schools and nurseries answered well this year."


def furnish(site: Site) -> None:
    """The statement of the open round was edited when its figures were others."""
    with begin_writing(open_session(site.engine)) as session:
        cycle = cycle_by_id(session, site.cycle(AUTUMN))
        assert cycle is not None
        place = (session, cycle.id, cycle.partnerships[0])
        statement_store.save(*place, OURS, "Other figures.", shown_version=0, by=1, at=NOW)
        session.commit()


def _clash(site: Site, page: Page) -> None:
    """A colleague saves the text while the page is open; then the officer does."""
    address = of_cycle("/analysis", AUTUMN, "/statement")(site)
    other = site.visitor(OFFICER)
    other.send(other.get(address), text=THEIRS)
    page.get_by_label("The text").fill(OURS)
    press("Save the text")(site, page)


def _too_long(site: Site, page: Page) -> None:
    page.get_by_label("The text").fill("x" * 20_001)
    press("Save the text")(site, page)


PAGE = "reports/statement.html"
STATES = (
    State("statement", PAGE, "A paragraph and tables", of_cycle("/analysis", SPRING, "/statement"), OFFICER),
    State(
        "statement-error",
        PAGE,
        "it can have 20,000",
        of_cycle("/analysis", SPRING, "/statement"),
        OFFICER,
        _too_long,
    ),
    State(
        "statement-changed",
        PAGE,
        "figures have changed",
        of_cycle("/analysis", AUTUMN, "/statement"),
        OFFICER,
    ),
    State(
        "statement-clash",
        PAGE,
        "Another officer has changed",
        of_cycle("/analysis", AUTUMN, "/statement"),
        OFFICER,
        _clash,
    ),
)
