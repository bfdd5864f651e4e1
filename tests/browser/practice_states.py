"""The pages on which good practice is shared and chosen, in their states."""

from playwright.sync_api import Page

from tests.browser.serving import AUTUMN, SPRING, Site
from tests.browser.states import (
    HEAD,
    NURSERY,
    OFFICER,
    OWNER,
    SCHOOL,
    State,
    follow,
    of_cycle,
    of_return,
)

SHARE, OFFERED = "reports/practice.html", "reports/practice_offered.html"
OF_KEY, EDIT = "reports/practice_of_key.html", "reports/practice_edit.html"
OF_SCHOOLS = of_cycle("/learning", SPRING, "/school/practice")


def _tick_the_first(_site: Site, page: Page) -> None:
    page.locator("main input[type=checkbox]").first.check()


def _tick_and_write_nothing(site: Site, page: Page) -> None:
    _tick_the_first(site, page)
    page.locator("main textarea").first.fill("")
    page.get_by_role("button", name="Save what you share").click()


def _edit(site: Site, page: Page) -> None:
    follow("Edit and choose this text")(site, page)


def _name_it(site: Site, page: Page) -> None:
    """Whoever leads a setting in the demo is called after it."""
    _edit(site, page)
    name = page.locator("main h2").inner_text().removeprefix("What ").split(" offers")[0]
    page.get_by_label("What is printed").fill(f"At {name} we do this.")
    page.get_by_role("button", name="Choose this text").click()


def _first_chosen(_site: Site, page: Page) -> None:
    page.locator("main tbody a").first.click()


def _first_then_edit(site: Site, page: Page) -> None:
    _first_chosen(site, page)
    _edit(site, page)


def _first_then_name_it(site: Site, page: Page) -> None:
    _first_chosen(site, page)
    _name_it(site, page)


STATES = (
    State("share", SHARE, "Nothing is shared unless", of_return(SCHOOL, SPRING, "/practice"), HEAD),
    State(
        "share-ticked", SHARE, "You can enter", of_return(SCHOOL, SPRING, "/practice"), HEAD, _tick_the_first
    ),
    State(
        "share-error",
        SHARE,
        "or untick it",
        of_return(SCHOOL, SPRING, "/practice"),
        HEAD,
        _tick_and_write_nothing,
    ),
    State("share-nursery", SHARE, "Share what works", of_return(NURSERY, SPRING, "/practice"), OWNER),
    State("practice-offered", OFFERED, "Flagged questions", OF_SCHOOLS, OFFICER),
    State(
        "practice-none-offered",
        OFFERED,
        "Flagged questions",
        of_cycle("/learning", AUTUMN, "/voluntary/practice"),
        OFFICER,
    ),
    State("practice-of-key", OF_KEY, "Chosen for the summary", OF_SCHOOLS, OFFICER, _first_chosen),
    State("practice-edit", EDIT, "What is printed", OF_SCHOOLS, OFFICER, _first_then_edit),
    State("practice-edit-error", EDIT, "still shows whose it is", OF_SCHOOLS, OFFICER, _first_then_name_it),
)
