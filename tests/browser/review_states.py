"""The pages of the partnership's desk where returns are read, in their states."""

from playwright.sync_api import Page

from tests.browser.serving import SPRING, Site
from tests.browser.states import (
    CLUB,
    DIRECTOR,
    HEALTH,
    NURSERY,
    OFFICER,
    OWNER,
    SCHOOL,
    State,
    Way,
    at,
    of_return,
    press,
)

MESSAGE = "Thank you for the work that went into your return.\n\nOne action could say by when."


def read(organisation: str, rest: str = "") -> Way:
    """A return of the finished round under review."""
    return lambda site: site.return_of(organisation, SPRING).replace("/returns/", "/review/") + rest


def furnish(site: Site) -> None:
    """One return is decided, another one's reply is sent, with an action sent back; and a line is there."""
    officer = site.visitor(OFFICER)
    for organisation in (NURSERY, HEALTH):
        read_page = officer.get(read(organisation)(site))
        links = read_page.soup.select("main a[href*='/actions/']")
        if links:
            officer.send(officer.get(str(links[0]["href"])), decision="sent_back", comment="By when?")
        page = officer.get(read(organisation, "/reply")(site))
        page = officer.send(page, selector="#write", outcome="points", message=MESSAGE, do="save")
        if organisation == HEALTH:
            officer.send(page, selector="#send")
    lines = officer.get(said_and_done(site))
    officer.send(lines, selector="#add", said="Training is hard to find", did="A course in every term")


def said_and_done(site: Site) -> str:
    return f"/cycles/{site.cycle(SPRING)}/said-and-done"


def _queue(rest: str = "") -> Way:
    return lambda site: f"/review?cycle={site.cycle(SPRING)}{rest}"


def _grade(_site: Site, page: Page) -> None:
    page.get_by_role("link", name="Moderate this grade").first.click()


def _grade_nothing(site: Site, page: Page) -> None:
    _grade(site, page)
    press("Save the moderated grade")(site, page)


def _grade_clash(site: Site, page: Page) -> None:
    _grade(site, page)
    page.get_by_label("Good", exact=True).check()
    page.get_by_label("Why?").fill("I saw the record.")
    page.locator("input[name=version]").evaluate("field => { field.value = '99' }")
    press("Save the moderated grade")(site, page)


def _action(_site: Site, page: Page) -> None:
    page.get_by_role("link", name="Accept it, or send it back").first.click()


def _action_nothing(site: Site, page: Page) -> None:
    _action(site, page)
    press("Save")(site, page)


def _phrases(site: Site, page: Page) -> None:
    page.get_by_label("There is nothing that you need to do now.").check()
    press("Add the ticked phrases")(site, page)


def _reply_clash(site: Site, page: Page) -> None:
    page.get_by_label("Your words").fill("All is well.")
    page.locator("#write input[name=version]").evaluate("field => { field.value = '99' }")
    press("Save the reply")(site, page)


QUEUE, SHOW, REPLY = "review/queue.html", "review/show.html", "review/reply.html"
STATES = (
    State("review-queue", QUEUE, "weightiest reasons", _queue(), OFFICER),
    State(
        "review-queue-none", QUEUE, "No signed return is here", _queue("&state=told&sector=school"), OFFICER
    ),
    State("review-newest-round", QUEUE, "Returns to read", at("/review"), OFFICER),
    State("review", SHOW, "Reasons to look", read(SCHOOL), OFFICER),
    State("review-decided", SHOW, "The reply is not sent yet", read(NURSERY), OFFICER),
    State("review-told", SHOW, "Read what was sent", read(HEALTH), OFFICER),
    State("review-grade", "review/grade.html", "How do you see it?", read(SCHOOL), OFFICER, _grade),
    State(
        "review-grade-error", "review/grade.html", "Enter the reason", read(SCHOOL), OFFICER, _grade_nothing
    ),
    State(
        "review-grade-conflict",
        "review/grade.html",
        "Another officer has changed",
        read(SCHOOL),
        OFFICER,
        _grade_clash,
    ),
    State("review-action", "review/action.html", "Do you accept it?", read(SCHOOL), OFFICER, _action),
    State(
        "review-action-error",
        "review/action.html",
        "Choose whether you accept",
        read(SCHOOL),
        OFFICER,
        _action_nothing,
    ),
    State("review-visit", "review/visit.html", "What was verified?", read(SCHOOL, "/visits"), OFFICER),
    State(
        "review-visit-error",
        "review/visit.html",
        "Enter who visited",
        read(SCHOOL, "/visits"),
        OFFICER,
        press("Note the visit"),
    ),
    State("review-reply", REPLY, "Phrases to begin with", read(CLUB, "/reply"), OFFICER),
    State(
        "review-reply-phrases", REPLY, "nothing that you need to do", read(CLUB, "/reply"), OFFICER, _phrases
    ),
    State("review-reply-ready", REPLY, "Ready to send?", read(NURSERY, "/reply"), OFFICER),
    State(
        "review-reply-conflict",
        REPLY,
        "as another officer left it",
        read(NURSERY, "/reply"),
        OFFICER,
        _reply_clash,
    ),
    State("review-reply-sent", REPLY, "It stays as it was sent", read(HEALTH, "/reply"), OFFICER),
    State(
        "review-updates",
        "review/updates.html",
        "All actions by status",
        lambda site: f"/cycles/{site.cycle(SPRING)}/updates",
        OFFICER,
    ),
    State(
        "review-updates-none",
        "review/updates.html",
        "No plan with open actions",
        lambda site: f"/cycles/{site.cycle(SPRING)}/updates?stage=asked",
        OFFICER,
    ),
    State("said-and-done", "review/lines.html", "Training is hard to find", said_and_done, OFFICER),
    State(
        "said-and-done-error",
        "review/lines.html",
        "Enter what was done",
        said_and_done,
        OFFICER,
        press("Add the line"),
    ),
    State(
        "feedback-replied",
        "reports/feedback.html",
        "replied",
        of_return(HEALTH, SPRING, "/feedback"),
        DIRECTOR,
    ),
    State(
        "feedback-said-and-done",
        "reports/feedback.html",
        "You said, we did",
        of_return(NURSERY, SPRING, "/feedback"),
        OWNER,
    ),
)
