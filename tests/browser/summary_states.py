"""The pages of a learning summary, from its first text to a number that is withdrawn, in their states."""

from playwright.sync_api import Page
from sqlalchemy import select

from compact.reports.models import OpenLink
from tests.browser.serving import AUTUMN, SPRING, Site
from tests.browser.states import HEAD, OFFICER, Act, State, Way, at, of_cycle, press
from tests.publishing import publish, write

ACTIONS = "We train every new lead by July.\n\nWe ask again in the autumn."
WHY = "The returns of two boards had been counted twice.\n\nA corrected number follows."


def furnish(site: Site) -> None:
    """Nurseries have a corrected number; what statutory bodies read is withdrawn, with its open link."""
    officer, spring = site.visitor(OFFICER), site.cycle(SPRING)
    write(officer, f"/learning/{spring}/school", "actions", ACTIONS)
    publish(officer, spring, "early_years", foreword="Thank you.")
    publish(officer, spring, "early_years", kind="corrects", why="A name was wrong in the foreword.")
    publish(officer, spring, "statutory", open="yes")
    address = f"/learning/{spring}/statutory/withdraw"
    officer.send(officer.get(address), why=WHY)
    officer.post(f"/learning/{spring}/school/open-link", {"then": "open"})


def _learning(rest: str, cycle: str = SPRING) -> Way:
    return of_cycle("/learning", cycle, rest)


def _opened(sector: str) -> Way:
    def way(site: Site) -> str:
        with site.engine.connect() as connection:
            token = connection.scalars(
                select(OpenLink.token).filter_by(cycle_id=site.cycle(SPRING), sector=sector)
            )
            return f"/learning/open/{token.one()}"

    return way


def _first_note(_site: Site, page: Page) -> None:
    page.get_by_text("Notes of your own").click()
    page.locator("#notes-1-status").locator("..").get_by_role("link").click()


def _too_long(_site: Site, page: Page) -> None:
    page.get_by_label("Your words").fill("word " * 1_001)
    page.get_by_role("button", name="Save and come back later").click()


def _clash(site: Site, page: Page) -> None:
    """The text is saved from another window while the page is open; a colleague’s looks the same."""
    address = page.url.removeprefix(site.address).split("/write/")[0]
    write(site.visitor(OFFICER), address, "actions", "We train <b>all</b>.")
    page.get_by_label("Your words").fill("We write to every lead.")
    page.get_by_role("button", name="Save and come back later").click()


PUBLISH: Act = press("Publish")
WRITE, CHECK = "reports/write.html", "reports/check.html"
STATES = (
    State("publish", "reports/publish.html", "What you can add", _learning("/school/publish"), OFFICER),
    State("write", WRITE, "Plain text", _learning("/school/write/foreword"), OFFICER),
    State("write-note", WRITE, "A note on", _learning("/school/publish"), OFFICER, _first_note),
    State(
        "write-error", WRITE, "characters long", _learning("/voluntary/write/foreword"), OFFICER, _too_long
    ),
    State(
        "write-conflict",
        WRITE,
        "What your colleague saved",
        _learning("/early_years/write/actions"),
        OFFICER,
        _clash,
    ),
    State("preview", "reports/preview.html", "The preview ends", _learning("/school/preview"), OFFICER),
    State(
        "preview-small-sector",
        "reports/preview.html",
        "Not shown",
        _learning("/voluntary/preview"),
        OFFICER,
    ),
    State("check", CHECK, "Please confirm", _learning("/school/publish/check"), OFFICER),
    State("check-first", CHECK, "not over", _learning("/voluntary/publish/check", AUTUMN), OFFICER),
    State(
        "check-error",
        CHECK,
        "Choose why",
        _learning("/school/publish/check"),
        OFFICER,
        PUBLISH,
    ),
    State("withdraw", "reports/withdraw.html", "cannot be undone", _learning("/school/withdraw"), OFFICER),
    State(
        "withdraw-error",
        "reports/withdraw.html",
        "Say why",
        _learning("/school/withdraw"),
        OFFICER,
        press("Withdraw number"),
    ),
    State("withdrawn", "reports/withdrawn.html", "because:", _learning("/statutory"), HEAD),
    State("numbers", "reports/numbers.html", "Replaced", _learning("/early_years/numbers"), HEAD),
    State(
        "numbers-officer", "reports/numbers.html", "Prepare the next", _learning("/school/numbers"), OFFICER
    ),
    State("number", "reports/number.html", "took its place", _learning("/early_years/1"), HEAD),
    State(
        "open-link", "reports/open_link.html", "Turn the link off", _learning("/school/open-link"), OFFICER
    ),
    State(
        "open-link-off",
        "reports/open_link.html",
        "It is off",
        _learning("/voluntary/open-link"),
        OFFICER,
    ),
    State("open", "reports/open.html", "What many found", _opened("school")),
    State("open-withdrawn", "reports/open_withdrawn.html", "because:", _opened("statutory")),
    State("learning", "reports/index.html", "You can read every", at("/learning"), HEAD),
)
