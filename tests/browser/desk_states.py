"""The pages of the desk in their states."""

from playwright.sync_api import Page

from tests.browser.serving import AUTUMN, LATE_SCHOOL, SPRING, Site
from tests.browser.states import OFFICER, SCHOOL, State, Way, at, of_cycle, press

PLANNED = "Compact, autumn 2027"
WHY = "The roof has fallen in.\n\nThe school is shared out among others until summer."


def furnish(site: Site) -> None:
    """The autumn round is launched; one is excused, one was rung, and the next round is planned."""
    officer, cycle = site.visitor(OFFICER), f"/cycles/{site.cycle(AUTUMN)}"
    officer.send(officer.get(f"{cycle}/check"))
    excused = f"{cycle}/organisations/{site.organisation(LATE_SCHOOL)}"
    officer.send(officer.get(excused), selector="form[action$='/excuse']", why=WHY)
    school = f"{cycle}/organisations/{site.organisation(SCHOOL)}"
    planned = {"name": PLANNED, "opens": "1 9 2027", "closes": "17 12 2027"}
    officer.send(officer.get("/cycles/open"), **planned)
    called = {"whom": "The school office", "on": "19 11 2026", "said": "The head is back on Monday."}
    officer.send(officer.get(school), selector="form[action$='/calls']", **called)


def part(name: str) -> Way:
    return lambda site: f"/cycles/{site.cycle(AUTUMN)}/organisations/{site.organisation(name)}"


def wording(kind: str = "") -> Way:
    def way(site: Site) -> str:
        page = site.visitor(OFFICER).get("/cycles")
        return f"{page.link('The wording of')['href']}{kind}"

    return way


def _unknown_mark(_site: Site, page: Page) -> None:
    page.get_by_label("Text").fill("Dear {head},")
    page.get_by_role("button", name="Preview").click()


def _excuse_without(_site: Site, page: Page) -> None:
    page.get_by_role("button", name="Excuse").click()


CHASE, WRITE = "desk/chase.html", "desk/write.html"
STATES = (
    State("rounds", "desk/rounds.html", "Your rounds", at("/cycles"), OFFICER),
    State("opening", "desk/opening.html", "Which questionnaires", at("/cycles/open"), OFFICER),
    State(
        "opening-error",
        "desk/opening.html",
        "Enter the name",
        at("/cycles/open"),
        OFFICER,
        press("Open the round"),
    ),
    State("round", "desk/round.html", "Response by sector", of_cycle("/cycles", AUTUMN), OFFICER),
    State(
        "round-closed", "desk/round.html", "whose mail did not arrive", of_cycle("/cycles", SPRING), OFFICER
    ),
    State(
        "change-round",
        "desk/change.html",
        "only its last day",
        of_cycle("/cycles", AUTUMN, "/change"),
        OFFICER,
        press("Change the round"),
    ),
    State(
        "change-planned", "desk/change.html", "Nobody knows", of_cycle("/cycles", PLANNED, "/change"), OFFICER
    ),
    State(
        "remove-round",
        "desk/removal.html",
        "nothing is lost",
        of_cycle("/cycles", PLANNED, "/remove"),
        OFFICER,
    ),
    State("check-round", "desk/check.html", "Launched on", of_cycle("/cycles", AUTUMN, "/check"), OFFICER),
    State("adding", "desk/adding.html", "Part of its name", of_cycle("/cycles", AUTUMN, "/add"), OFFICER),
    State("chase", CHASE, "How far they are", of_cycle("/cycles", AUTUMN, "/chase"), OFFICER),
    State("chase-late", CHASE, "Late (", of_cycle("/cycles", SPRING, "/chase?show=late"), OFFICER),
    State("part", "desk/part.html", "back on Monday", part(SCHOOL), OFFICER),
    State("part-excused", "desk/part.html", "Excused from", part(LATE_SCHOOL), OFFICER),
    State("part-error", "desk/part.html", "Enter why", part(SCHOOL), OFFICER, _excuse_without),
    State(
        "write", WRITE, "Each gets a mail", of_cycle("/cycles", AUTUMN, "/write?show=never_opened"), OFFICER
    ),
    State(
        "write-preview",
        WRITE,
        "As the first of them",
        of_cycle("/cycles", AUTUMN, "/write?show=never_opened"),
        OFFICER,
        press("Preview"),
    ),
    State(
        "write-nobody", WRITE, "Nobody is left", of_cycle("/cycles", AUTUMN, "/write?show=signed"), OFFICER
    ),
    State("wordings", "desk/wordings.html", "Whose words", wording(), OFFICER),
    State("wording", "desk/wording.html", "The service’s words", wording("/launch"), OFFICER),
    State("wording-error", "desk/wording.html", "There is no mark", wording("/late"), OFFICER, _unknown_mark),
    State(
        "more-time",
        "desk/more_time.html",
        "Who gets more",
        of_cycle("/cycles", AUTUMN, "/more-time"),
        OFFICER,
    ),
    State(
        "more-time-error",
        "desk/more_time.html",
        "Tick the",
        of_cycle("/cycles", AUTUMN, "/more-time"),
        OFFICER,
        press("Give more time"),
    ),
)
