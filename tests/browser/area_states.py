"""The pages of exceptions, of more time and of a trust in their states."""

from playwright.sync_api import Page

from tests.browser.serving import AUTUMN, FOUR_AREAS, SPRING, Site
from tests.browser.states import (
    CHIEF,
    CLUB,
    NURSERY,
    OFFICER,
    OWNER,
    POLICE,
    SCHOOL,
    State,
    Way,
    of_return,
    press,
)

NEIGHBOUR = "Ashley Croft"
FOUR_AREAS_BEFORE = "Four-area round, spring 2026"
LIST, CHOICE, FORM = (f"returns/{name}.html" for name in ("exceptions", "choose_exception", "exception"))


def more_time(organisation: str, cycle: str = AUTUMN) -> Way:
    return lambda site: (
        f"/cycles/{site.cycle(cycle)}/organisations/{site.organisation(organisation)}/extension"
    )


def _choose(_site: Site, page: Page) -> None:
    page.get_by_role("button", name="Note an exception").first.click()


def _note(site: Site, page: Page) -> None:
    _choose(site, page)
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()


def _note_nothing(site: Site, page: Page) -> None:
    _note(site, page)
    page.get_by_role("button", name="Save the exception").click()


def _change(_site: Site, page: Page) -> None:
    page.get_by_role("link", name="Change").first.click()


def _clash(site: Site, page: Page) -> None:
    _change(site, page)
    page.get_by_label("What is different there").fill("Something else, typed meanwhile.")
    page.locator("input[name=version]").first.evaluate("field => { field.value = '99' }")
    page.get_by_role("button", name="Save the exception").click()


_exceptions = of_return(POLICE, FOUR_AREAS, "/exceptions")
STATES = (
    State("exceptions", LIST, "half the size", _exceptions, CHIEF),
    State("exceptions-officer", LIST, "half the size", _exceptions, NEIGHBOUR),
    State("exceptions-other-officer", LIST, "No exceptions", _exceptions, OFFICER),
    State("exceptions-signed", LIST, "no office", of_return(POLICE, FOUR_AREAS_BEFORE, "/exceptions"), CHIEF),
    State("exception-choice", CHOICE, "Which question", _exceptions, CHIEF, _choose),
    State("exception-new", FORM, "Note an exception", _exceptions, CHIEF, _note),
    State("exception-error", FORM, "Enter what is different", _exceptions, CHIEF, _note_nothing),
    State("exception-change", FORM, "Remove this exception", _exceptions, CHIEF, _change),
    State("exception-conflict", FORM, "as somebody else left it", _exceptions, CHIEF, _clash),
    State(
        "tasks-exceptions", "returns/task_list.html", "Where an area", of_return(POLICE, FOUR_AREAS), CHIEF
    ),
    State(
        "check-exceptions",
        "sign_off/check.html",
        "half the size",
        of_return(POLICE, FOUR_AREAS, "/check"),
        CHIEF,
    ),
    State("extension", "returns/extension.html", "Its last day", more_time(CLUB), OFFICER),
    State("extension-given", "returns/extension.html", "Agreed by", more_time(NURSERY), OFFICER),
    State(
        "extension-error",
        "returns/extension.html",
        "Enter why",
        more_time(CLUB),
        OFFICER,
        press("Give more time"),
    ),
    State(
        "extension-withdraw",
        "returns/extension_withdraw.html",
        "Withdraw the time",
        lambda site: more_time(NURSERY)(site) + "/withdraw",
        OFFICER,
    ),
    State(
        "extension-withdraw-error",
        "returns/extension_withdraw.html",
        "Enter why the time is withdrawn",
        lambda site: more_time(NURSERY)(site) + "/withdraw",
        OFFICER,
        press("Withdraw the time"),
    ),
    State("extension-signed", "returns/extension.html", "no more time", more_time(SCHOOL, SPRING), OFFICER),
    State("tasks-more-time", "returns/task_list.html", "extended it to", of_return(NURSERY, AUTUMN), OWNER),
)
