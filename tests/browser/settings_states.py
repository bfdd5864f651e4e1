"""A partnership's settings, and a paper return, in their states."""

from playwright.sync_api import Page

from tests.browser.desk_states import part
from tests.browser.serving import AUTUMN, Site
from tests.browser.states import OFFICER, SCHOOL, State, Way, press

ON_PAPER = "Puddlegate Day Nursery"


def furnish(site: Site) -> None:
    """A paper return, half typed, with something still to put right."""
    officer, paper = site.visitor(OFFICER), on_paper("/2")(site)
    page = officer.get(paper)
    keys = [name.removesuffix("-version") for name in page.fields() if name.endswith("-version")]
    grades = {f"{key}-grade": "good" for key in keys[1:]}
    officer.post(paper, {**page.fields(), **grades, f"{keys[0]}-grade": "not_applicable"})


def on_paper(rest: str = "") -> Way:
    return lambda site: (
        f"/cycles/{site.cycle(AUTUMN)}/organisations/{site.organisation(ON_PAPER)}/paper{rest}"
    )


def begun(site: Site) -> str:
    return f"{part(SCHOOL)(site)}/paper"


def settings(site: Site) -> str:
    return str(site.visitor(OFFICER).get("/cycles").link("The settings of")["href"])


def _wrong(_site: Site, page: Page) -> None:
    page.get_by_label("E-mail address").fill("")
    page.get_by_label("Telephone number").fill("ring us")
    page.get_by_role("button", name="Save the settings").click()


PAPER = "exchange/paper.html"
STATES = (
    State("settings", "organisations/settings.html", "Whom heads can ask", settings, OFFICER),
    State(
        "settings-error", "organisations/settings.html", "Enter a telephone number", settings, OFFICER, _wrong
    ),
    State("paper", PAPER, "still needs something", on_paper(), OFFICER),
    State("paper-error", PAPER, "Confirm that", on_paper(), OFFICER, press("Enter this return")),
    State("paper-begun", PAPER, "has begun its return here", begun, OFFICER),
    State("paper-standard", "exchange/paper_standard.html", "Leave blank", on_paper("/1"), OFFICER),
    State(
        "paper-standard-error",
        "exchange/paper_standard.html",
        "Enter why this",
        on_paper("/2"),
        OFFICER,
        press("Save and go on"),
    ),
)
