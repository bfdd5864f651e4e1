"""What an inspection, a reply and a withdrawal leave on pages, in their states."""

from playwright.sync_api import Page

from tests.browser.area_states import more_time
from tests.browser.serving import SPRING, Site
from tests.browser.states import CLUB, DIRECTOR, HEALTH, OFFICER, SCHOOL, State


def _give_and_withdraw(_site: Site, page: Page) -> None:
    page.get_by_label("Its last day").fill("31 3 2027")
    page.get_by_label("Why more time is given").fill("The office was flooded.")
    page.get_by_role("button", name="Give more time").click()
    page.get_by_role("link", name="Withdraw the time that was given").click()
    page.get_by_label("Why the time is withdrawn").fill("It is dry again.")
    page.get_by_role("button", name="Withdraw the time").click()


def _sent_back(site: Site) -> str:
    """The page of the action that the reply to this body sent back."""
    read = site.visitor(OFFICER).get(site.return_of(HEALTH, SPRING).replace("/returns/", "/review/"))
    part = next(each for each in read.soup.select(".app-planned") if "Sent back" in each.get_text())
    action = str(part.select("h3")[0]["id"]).removeprefix("action-")
    return f"/organisations/{site.organisation(HEALTH)}/actions/{action}"


def _of_school(site: Site) -> str:
    return site.return_of(SCHOOL, SPRING).replace("/returns/", "/review/")


STATES = (
    State("review-inspected", "review/show.html", "What Ofsted found", _of_school, OFFICER),
    State(
        "progress-sent-back", "returns/action_progress.html", "sends this action back", _sent_back, DIRECTOR
    ),
    State(
        "extension-withdrawn",
        "returns/extension.html",
        "Time withdrawn",
        more_time(CLUB),
        OFFICER,
        _give_and_withdraw,
    ),
)
