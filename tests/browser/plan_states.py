"""The pages of a whole plan, and of what comes before and after signing, in their states."""

from playwright.sync_api import Page

from tests.browser.serving import AUTUMN, FOUR_AREAS, SPRING, Site
from tests.browser.states import (
    CHIEF,
    COLLEAGUE,
    GOVERNOR,
    HEAD,
    OFFICER,
    POLICE,
    SCHOOL,
    Act,
    State,
    Way,
    of_return,
    press,
    school,
)
from tests.pages import Page as Read

REASON = "Standard 2 is weaker than we say.\n\nPlease look at it again with the governors."


def furnish(site: Site) -> None:
    """The school says how two of its actions went on: the first that is listed as under way, or as done."""
    head, note = site.visitor(HEAD), "We met with the staff twice.\n\nThe governors were told in May."

    def first(status: str) -> Read:
        listed = head.get(whole_plan(f"?status={status}")(site)).soup.select("main h3 a")
        return head.get(str(listed[0]["href"]))

    for status in ("under_way", "done"):
        head.send(first("not_started"), status=status)
        head.send(first(status), note=note)
    head.post(f"{site.return_of(SCHOOL, AUTUMN)}/send-back", {"reason": REASON})


def whole_plan(rest: str = "") -> Way:
    return lambda site: f"/organisations/{site.organisation(SCHOOL)}/actions{rest}"


def _open_first(_site: Site, page: Page) -> None:
    page.locator("main h3 a").first.click()


def _first_then(act: Act) -> Act:
    def both(site: Site, page: Page) -> None:
        _open_first(site, page)
        act(site, page)

    return both


def _clash(site: Site, page: Page) -> None:
    """A colleague says what changed while the page is open; then the head does."""
    colleague = site.visitor(COLLEAGUE)
    shown = colleague.get(page.url.removeprefix(site.address))
    page.get_by_label("What changed").fill("Children say whom they would tell.")
    colleague.send(shown, impact=f"{shown.fields()['impact']} Nobody knows yet.")
    page.get_by_role("button", name="Save the update").click()


def _too_long(_site: Site, page: Page) -> None:
    page.get_by_label("What has to be looked at").fill("word " * 401)
    page.get_by_role("button", name="Send it back").click()


WHOLE, PROGRESS = "returns/whole_plan.html", "returns/action_progress.html"
STATES = (
    State("whole-plan", WHOLE, "Overdue (", whole_plan(), HEAD),
    State("whole-plan-officer", WHOLE, "The whole plan", whole_plan(), OFFICER),
    State("whole-plan-none", WHOLE, "No action is", whole_plan("?status=embedded"), GOVERNOR),
    State("progress", PROGRESS, "We met with", whole_plan("?status=under_way"), HEAD, _open_first),
    State("progress-officer", PROGRESS, "We met with", whole_plan("?status=done"), OFFICER, _open_first),
    State(
        "progress-error",
        PROGRESS,
        "Write how it goes",
        whole_plan("?status=under_way"),
        HEAD,
        _first_then(press("Save the update")),
    ),
    State(
        "progress-conflict",
        PROGRESS,
        "Somebody else changed",
        whole_plan("?status=done"),
        HEAD,
        _first_then(_clash),
    ),
    State("tasks-sent-back", "returns/task_list.html", "sent this return back", school(), COLLEAGUE),
    State("send-back", "sign_off/send_back.html", "will be told", school("/send-back"), HEAD),
    State(
        "send-back-error", "sign_off/send_back.html", "characters long", school("/send-back"), HEAD, _too_long
    ),
    State(
        "check-to-send-back",
        "sign_off/check.html",
        "Send it back",
        of_return(POLICE, FOUR_AREAS, "/check"),
        CHIEF,
    ),
    State(
        "receipt-not-ratified",
        "sign_off/receipt.html",
        "Enter the date of ratification",
        of_return(SCHOOL, SPRING, "/receipt"),
        HEAD,
        press("Save the date"),
    ),
)
