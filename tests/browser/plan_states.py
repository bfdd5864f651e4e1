"""The pages of a whole plan in their states."""

from playwright.sync_api import Page

from tests.browser.serving import Site
from tests.browser.states import COLLEAGUE, GOVERNOR, HEAD, OFFICER, SCHOOL, Act, State, Way, press


def furnish(site: Site) -> None:
    """The school says how two of its actions went on."""
    plan, head = whole_plan()(site), site.visitor(HEAD)
    listed = [str(each["href"]) for each in head.get(plan).soup.select("main h3 a")]
    for address, status in zip(listed[:2], ("under_way", "done"), strict=True):
        note = "We met with the staff twice.\n\nThe governors were told in May."
        head.send(head.get(address), note=note, status=status)


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
        whole_plan("?status=not_started"),
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
)
