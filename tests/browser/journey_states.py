"""The pages that the journeys of the desk lead over, in states that no other list has."""

from tests.browser.serving import AUTUMN, Site
from tests.browser.states import DIRECTOR, HEALTH, OFFICER, State, of_cycle, press


def _plan(site: Site) -> str:
    return f"/organisations/{site.organisation(HEALTH)}/actions"


STATES = (
    State("whole-plan-sent-back", "returns/whole_plan.html", "read the comment", _plan, DIRECTOR),
    State(
        "write-nothing",
        "desk/write.html",
        "Write your message",
        of_cycle("/cycles", AUTUMN, "/write"),
        OFFICER,
        press("Preview"),
    ),
)
