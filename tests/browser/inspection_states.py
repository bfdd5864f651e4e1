"""The pages of inspections beside returns, and of the committee, in their states."""

from datetime import date

from playwright.sync_api import Page

from compact.db import begin_writing, open_session
from tests.browser.serving import AUTUMN, FOUR_AREAS, SPRING, Site
from tests.browser.states import OFFICER, SCHOOL, SCRUTINEER, State, Way, of_return
from tests.inspections.making import add_inspection

VARIANCE, COMMITTEE, DECISION = (f"analysis/{name}.html" for name in ("variance", "committee", "decision"))
LED_BADLY = {
    "Inclusion": "Expected standard",
    "Attendance and behaviour": "Urgent improvement",
    "Leadership and governance": "Needs attention",
}


def furnish(site: Site) -> None:
    """Every school of the finished round is inspected later; a flagged standard is decided on."""
    with begin_writing(open_session(site.engine)) as session:
        for name in _schools(site):
            organisation = site.organisation(name)
            add_inspection(session, organisation, date(2026, 11, 10), LED_BADLY, safeguarding="Not met")
        session.commit()
    officer = site.visitor(OFFICER)
    form = officer.get(f"/committee/{site.cycle(SPRING)}/decisions/new")
    about = str(form.soup.select("option")[1]["value"])
    officer.send(
        form, about=about, decided="A day of training.\n\nFor all heads.", who="Training lead", due="1 3 2026"
    )


def _schools(site: Site) -> list[str]:
    findings = site.visitor(OFFICER).get(f"/analysis/{site.cycle(SPRING)}/school")
    return [link.get_text() for link in findings.soup.select("h2#returns + ul a[href^='/returns/']")]


def _of(address: str, cycle: str) -> Way:
    return lambda site: address.format(site.cycle(cycle))


def _nothing_typed(_site: Site, page: Page) -> None:
    page.get_by_role("button", name="Note the decision").click()


STATES = (
    State(
        "variance",
        VARIANCE,
        "more hopeful than the inspection",
        _of("/analysis/{}/variance", SPRING),
        OFFICER,
    ),
    State("variance-none", VARIANCE, "No inspection is known", _of("/analysis/{}/variance", AUTUMN), OFFICER),
    State(
        "task-list-inspected",
        "returns/task_list.html",
        "What Ofsted found",
        of_return(SCHOOL, SPRING),
        OFFICER,
    ),
    State("committee", COMMITTEE, "A day of training", _of("/committee/{}", SPRING), OFFICER),
    State("committee-next", COMMITTEE, "and how it stands", _of("/committee/{}", AUTUMN), SCRUTINEER),
    State("decision", DECISION, "Who does it", _of("/committee/{}/decisions/new", SPRING), OFFICER),
    State(
        "decision-error",
        DECISION,
        "Enter what was decided",
        _of("/committee/{}/decisions/new", SPRING),
        OFFICER,
        _nothing_typed,
    ),
    State(
        "decision-none",
        DECISION,
        "nothing to decide",
        _of("/committee/{}/decisions/new", FOUR_AREAS),
        OFFICER,
    ),
)
