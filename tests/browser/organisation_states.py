"""The officers' pages of organisations in their states: list, one of them, by hand, and a register's file."""

from playwright.sync_api import FilePayload, Page

from tests.browser.serving import Site
from tests.browser.states import OFFICER, Act, State, Way, at, press

LIBRARY, BUS = "Tansy Hill Toy Library", "Quillbrook Walking Bus"
COLUMNS = "identifier,name,setting,areas,postcode\n"


def furnish(site: Site) -> None:
    """Two clubs that no round asks: one was corrected, the other is closed."""
    officer = site.visitor(OFFICER)
    for name in (LIBRARY, BUS):
        officer.post("/organisations/new", {"name": name, "setting": "voluntary", "postcode": "WX1 2AB"})
    page = officer.get(f"/organisations/{site.organisation(LIBRARY)}/correct")
    officer.send(page, postcode="WX9 9ZZ", contact__email="toys@demo.example", why="They moved in May")
    closed = {"on": "31 8 2025", "why": "Nobody walks any more"}
    officer.post(f"/organisations/{site.organisation(BUS)}/close", closed)


def _one(name: str, rest: str = "") -> Way:
    return lambda site: f"/organisations/{site.organisation(name)}{rest}"


def _look(rows: str) -> Act:
    """Choose our own list with these rows, and look at what it would do."""

    def act(_site: Site, page: Page) -> None:
        page.get_by_label("Our own list").check()
        file = FilePayload(name="clubs.csv", mimeType="text/csv", buffer=(COLUMNS + rows).encode())
        page.get_by_label("CSV file").set_input_files(file)
        page.get_by_role("button", name="Look at what it would do").click()

    return act


def _meanwhile(site: Site, page: Page) -> None:
    """Save with a fingerprint that is not that of what is there."""
    page.locator("input[name=seen]").evaluate("field => { field.value = 'x' }")
    page.get_by_role("button", name="Save").click()


INDEX, SHOW, NEW, CORRECT, CLOSE, REOPEN, IMPORT, LOOK = (
    f"organisations/{name}.html"
    for name in ("index", "show", "new", "correct", "close", "reopen", "import", "look")
)
NEW_ROWS = f"77,Osierbank Scouts,voluntary,991,WX1 1AA\n1,{LIBRARY},voluntary,991,WX1 2AC\n"
WRONG_ROWS = "77,,voluntary,991,\n78,Scouts,voluntarry,991,\n"
STATES = (
    State("organisations", INDEX, "organisations, 1 to 50", at("/organisations"), OFFICER),
    State("organisations-found", INDEX, "Closed", at("/organisations?q=quill&status=all"), OFFICER),
    State("organisations-none", INDEX, "No organisation of", at("/organisations?q=zzz"), OFFICER),
    State("organisation", SHOW, "Invite, change", _one("Larkfield Primary School"), OFFICER),
    State("organisation-corrected", SHOW, "before it was WX1 2AB", _one(LIBRARY), OFFICER),
    State("organisation-new", NEW, "For bodies that", at("/organisations/new"), OFFICER),
    State("organisation-new-error", NEW, "Choose which", at("/organisations/new"), OFFICER, press("Add the")),
    State("organisation-correct", CORRECT, "What you correct", _one(LIBRARY, "/correct"), OFFICER),
    State("organisation-clash", CORRECT, "It is now", _one(LIBRARY, "/correct"), OFFICER, _meanwhile),
    State("organisation-close", CLOSE, "no more", _one(LIBRARY, "/close"), OFFICER),
    State("organisation-close-error", CLOSE, "Say why", _one(LIBRARY, "/close"), OFFICER, press("Close it")),
    State("organisation-reopen", REOPEN, "closed since", _one(BUS, "/close"), OFFICER),
    State("register-file", IMPORT, "You see first", at("/organisations/import"), OFFICER),
    State(
        "register-file-refused",
        IMPORT,
        "What is wrong with",
        at("/organisations/import"),
        OFFICER,
        _look(WRONG_ROWS),
    ),
    State(
        "register-file-shown",
        LOOK,
        "Nothing is changed yet",
        at("/organisations/import"),
        OFFICER,
        _look(NEW_ROWS),
    ),
)
