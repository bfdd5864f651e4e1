"""Every page in every state that a person can find it in: where it is, who sees it, what was done."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import BadRequest, SecurityError, TooManyRequests

from compact.demo.people import PASSWORD
from tests.browser.serving import (
    AUTUMN,
    FOUR_AREAS,
    LATE_SCHOOL,
    SPRING,
    Site,
    email_of,
    failing,
    report_page,
    wanting_two_people,
)
from tests.publishing import publish

HEAD, COLLEAGUE, GOVERNOR = "Robin Ashdown", "Sam Oakes", "Jo Farrow"
SCHOOL = "Larkfield Primary School"
OWNER, NURSERY = "Pat Linden", "Acorn Nook Nursery"
CLUB_LEADER, CLUB = "Drew Hollis", "Meadow Lane Youth Club"
CHIEF, POLICE = "Kit Barrow", "Vale and Coast Police"
DIRECTOR, HEALTH = "Lee Marsh", "Wexcombe Community Health"
OFFICER, SCRUTINEER = "Ellis Wharton", "Morgan Pell"
REASON = "Two grades are wrong, as the manager has told us.\n\nPlease look at standard 4 again."
FOREWORD = "Thank you for answering so openly.\n\nPlease talk about the first finding with your governors."

BROKEN, AWAY = RuntimeError("made by a test"), NoConnectionFree("made by a test")

Way = Callable[[Site], str]
Act = Callable[[Site, Page], None]


def _nothing(_site: Site, _page: Page) -> None:
    """The page as it is opened."""


@dataclass(frozen=True)
class State:
    """A page in one state. `words` stand on it, so that no other page is taken for it."""

    name: str
    template: str
    words: str
    way: Way
    person: str | None = None
    act: Act = _nothing


def furnish(site: Site) -> None:
    """What the states need beyond the demo; afterwards no state changes what another one shows."""
    club = f"/cycles/{site.cycle(AUTUMN)}/organisations/{site.organisation(CLUB)}/start"
    site.visitor(CLUB_LEADER).post(club)
    school = site.return_of(SCHOOL, AUTUMN)
    first, second, *_others = _keys(site, f"{school}/standards/2")
    head = site.visitor(HEAD)
    weak = {f"{first}-grade": "inadequate", f"{second}-grade": "requires_improvement"}
    head.send(head.get(f"{school}/standards/2"), **_underscored(weak))
    action = {
        "key": first,
        "what": "Write it down.",
        "lead": "head",
        "due": "31 3 2027",
        "status": "under_way",
    }
    head.post(f"{school}/actions", action)
    _write_what_a_child_is_known_by(site, first)
    publish(site.visitor(OFFICER), site.cycle(SPRING), foreword=FOREWORD)
    site.visitor(OFFICER).post(f"{site.return_of(NURSERY, SPRING)}/reopen", {"reason": REASON})
    _write_an_answer(site)


def _write_an_answer(site: Site) -> None:
    """The chief of the police writes one of the answers, and may not sign where two people are wanted."""
    standard = f"{site.return_of(POLICE, FOUR_AREAS)}/standards/1"
    chief = site.visitor(CHIEF)
    page = chief.get(standard)
    name = next(name for name in page.fields() if name.endswith("-evidence"))
    chief.send(page, **_underscored({name: "Minutes of the board, March."}), then="later")


def _write_what_a_child_is_known_by(site: Site, weak: str) -> None:
    school, head = site.return_of(SCHOOL, AUTUMN), site.visitor(HEAD)
    key = _keys(site, f"{school}/standards/7")[0]
    texts = {f"{key}-evidence": "The plan of 943 476 5919", f"{key}-reason": "Nobody but B801200005001"}
    head.send(head.get(f"{school}/standards/7"), **_underscored(texts), then="later")
    action = {"key": weak, "what": "See the child born on 3 April 2012.", "lead": "head", "due": "1 6 2027"}
    head.post(f"{school}/actions", action)


def _keys(site: Site, standard: str) -> list[str]:
    fields = site.visitor(HEAD).get(standard).fields()
    return [name.removesuffix("-version") for name in fields if name.endswith("-version")]


def _history(site: Site) -> str:
    school = site.return_of(SCHOOL, AUTUMN)
    return f"{school}/answers/{_keys(site, f'{school}/standards/2')[0]}/history"


def _underscored(fields: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "__").replace("-", "_"): value for name, value in fields.items()}


def at(path: str) -> Way:
    return lambda _site: path


def of_return(organisation: str, cycle: str, rest: str = "", *, number: int = 1) -> Way:
    return lambda site: site.return_of(organisation, cycle, number) + rest


def of_cycle(before: str, cycle: str, rest: str = "") -> Way:
    return lambda site: f"{before}/{site.cycle(cycle)}{rest}"


def school(rest: str = "") -> Way:
    return of_return(SCHOOL, AUTUMN, rest)


def press(name: str) -> Act:
    """Press the button whose name begins so; GOV.UK's link buttons count as buttons."""
    return lambda _site, page: page.get_by_role("button", name=re.compile(f"^{name}")).click()


def follow(name: str) -> Act:
    return lambda _site, page: page.get_by_role("link", name=name).first.click()


def _sign_in_wrongly(_site: Site, page: Page) -> None:
    page.get_by_label("E-mail address").fill(email_of(HEAD))
    page.get_by_label("Password", exact=True).fill("not this one")
    page.get_by_role("button", name="Sign in").click()


def _sign_in_and_out(_site: Site, page: Page) -> None:
    page.get_by_label("E-mail address").fill(email_of(HEAD))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in", exact=True).wait_for()


def _lose(selector: str, name: str) -> Act:
    """Take something out of the page before a button is pressed."""

    def act(_site: Site, page: Page) -> None:
        page.get_by_label("Evidence").first.fill("What was typed meanwhile, word for word.")
        page.eval_on_selector_all(selector, "found => found.forEach(each => each.remove())")
        page.get_by_role("button", name=name, exact=True).click()

    return act


def _signed_out_meanwhile(_site: Site, page: Page) -> None:
    page.get_by_label("Evidence").first.fill("What was typed meanwhile, word for word.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save and continue").click()


def _clash(site: Site, page: Page) -> None:
    """A colleague answers while the page is open; then the head saves the page."""
    standard = site.return_of(SCHOOL, AUTUMN) + "/standards/6"
    site.answer_first(COLLEAGUE, standard, "good", "Kept in the office.\n\n<b>Seen in May.</b>")
    page.get_by_role("radio", name="Requires improvement").first.check()
    page.get_by_label("Evidence").first.fill("Nobody could find it.")
    page.get_by_role("button", name="Save and come back later").click()


def _weaken(_site: Site, page: Page) -> None:
    page.get_by_role("radio", name="Inadequate").first.check()
    page.get_by_role("radio", name="Not applicable").last.check()


def _change_stale_action(_site: Site, page: Page) -> None:
    page.get_by_role("link", name="Change").first.click()
    page.locator("input[name=version]").first.evaluate("field => { field.value = '99' }")
    page.get_by_role("button", name="Save the action").click()


def _sign_for_nobody(_site: Site, page: Page) -> None:
    page.get_by_label("On behalf of somebody").check()
    page.get_by_role("button", name="Sign the return").click()


def _with_two_people(site: Site, page: Page) -> None:
    with wanting_two_people(site):
        page.reload()


def _reopen_twice(site: Site, page: Page) -> None:
    """What comes of reopening a return that somebody else has reopened meanwhile."""
    page.get_by_label("Why is it reopened?").fill("A mistake that we found\n\nin standard 2.")
    elsewhere = site.return_of(NURSERY, SPRING) + "/reopen"
    page.locator("main form").evaluate("(form, address) => { form.action = address }", elsewhere)
    page.get_by_role("button", name="Reopen the return").click()


def _add_an_action(_site: Site, page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Add an action")).first.click()


def _add_nothing(site: Site, page: Page) -> None:
    _add_an_action(site, page)
    page.get_by_role("button", name="Save the action").click()


def _fail(error: Exception) -> Act:
    def act(site: Site, page: Page) -> None:
        with failing(site, error):
            page.goto("/privacy")

    return act


def _fail_bare(template: str, error: Exception) -> Act:
    """The same where the page is drawn without the application's help, which would name its template."""

    def act(site: Site, page: Page) -> None:
        _fail(error)(site, page)
        site.rendered.append(template)

    return act


def _save_in_vain(template: str, error: Exception) -> Act:
    """Something is typed and sent, and the saving fails."""

    def act(site: Site, page: Page) -> None:
        page.get_by_label("Evidence").first.fill("What was typed meanwhile, word for word.")
        with failing(site, error, "returns.post_standard"):
            page.get_by_role("button", name="Save and continue").click()
            page.get_by_text("word for word").wait_for()
        site.rendered.append(template)

    return act


def _write_report(site: Site, page: Page) -> None:
    with TemporaryDirectory() as folder:
        text = report_page(site, Path(folder) / "summary.html")
    page.goto("about:blank")
    page.set_content(text)


def _too_large(site: Site, page: Page) -> None:
    largest, site.app.config["MAX_CONTENT_LENGTH"] = site.app.config["MAX_CONTENT_LENGTH"], 100
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("heading", name="too large").wait_for()
    site.app.config["MAX_CONTENT_LENGTH"] = largest


ACCOUNTS = (
    State("sign-in", "accounts/sign_in.html", "invited", at("/sign-in")),
    State("sign-in-error", "accounts/sign_in.html", "Enter your", at("/sign-in"), act=press("Sign in")),
    State("sign-in-wrong", "accounts/sign_in.html", "not right", at("/sign-in"), act=_sign_in_wrongly),
    State("signed-out", "accounts/sign_in.html", "signed out", at("/"), act=_sign_in_and_out),
    State("home-head", "home.html", "In progress", at("/"), HEAD),
    State("home-reopened", "home.html", "reopened this return", at("/"), OWNER),
    State("home-governor", "home.html", "Signed on", at("/"), GOVERNOR),
    State("home-not-started", "home.html", "Not started", at("/"), DIRECTOR),
    State("home-trust", "home.html", "Larkfield", at("/"), "Max Tarn"),
    State("home-officer", "home.html", "Findings of", at("/"), OFFICER),
    State("home-scrutineer", "home.html", "Findings of", at("/"), SCRUTINEER),
    State("home-other-partnership", "home.html", "Four-area", at("/"), "Ashley Croft"),
    State("home-administrator", "home.html", "Nothing waits", at("/"), "Chris Vane"),
)
RETURNS = (
    State("start", "returns/start.html", "Start now", at("/"), DIRECTOR, press("Read what is asked")),
    State("questions", "returns/questions.html", "What good looks like", school("/questions"), HEAD),
    State("evidence", "returns/evidence.html", "Whom to ask", school("/evidence"), HEAD),
    State(
        "evidence-all", "returns/evidence.html", "could be", of_return(CLUB, AUTUMN, "/evidence"), CLUB_LEADER
    ),
    State(
        "feedback", "reports/feedback.html", "published this on", of_return(SCHOOL, SPRING, "/feedback"), HEAD
    ),
    State("feedback-changes", "reports/feedback.html", "Worse than", school("/feedback"), HEAD),
    State("tasks-draft", "returns/task_list.html", "Not ready yet", school(), HEAD),
    State("tasks-fresh", "returns/task_list.html", "Start here", of_return(CLUB, AUTUMN), CLUB_LEADER),
    State("tasks-complete", "returns/task_list.html", "Ready", of_return(POLICE, FOUR_AREAS), CHIEF),
    State("tasks-signed", "returns/task_list.html", "receipt", of_return(SCHOOL, SPRING), HEAD),
    State(
        "tasks-reopened",
        "returns/task_list.html",
        "It was opened on",
        of_return(NURSERY, SPRING, number=2),
        OWNER,
    ),
    State(
        "tasks-earlier-number",
        "returns/task_list.html",
        "This is number 1",
        of_return(NURSERY, SPRING),
        OWNER,
    ),
    State("tasks-to-reopen", "returns/task_list.html", "Reopen this", of_return(SCHOOL, SPRING), OFFICER),
    State("tasks-brought-in", "returns/task_list.html", "earlier", of_return(LATE_SCHOOL, SPRING), OFFICER),
    State("tasks-officer", "returns/task_list.html", "Not ready yet", school(), OFFICER),
    State("profile", "returns/profile.html", "decide", of_return(CLUB, AUTUMN, "/profile"), CLUB_LEADER),
    State(
        "profile-error",
        "returns/profile.html",
        "Choose yes or no",
        of_return(CLUB, AUTUMN, "/profile"),
        CLUB_LEADER,
        press("Save and continue"),
    ),
    State("profile-read", "returns/profile.html", "About your", of_return(SCHOOL, SPRING, "/profile"), HEAD),
    State("assignments", "returns/assignments.html", "Who answers which", school("/assignments"), HEAD),
    State("history", "returns/history.html", "This is the answer now", _history, HEAD),
    State(
        "carried-forward",
        "returns/standard.html",
        "It counts once you press",
        school("/standards/9"),
        HEAD,
    ),
    State("standard-empty", "returns/standard.html", "Evidence", school("/standards/5"), HEAD),
    State("standard-filled", "returns/standard.html", "Evidence", school("/standards/1"), HEAD),
    State(
        "standard-choosing", "returns/standard.html", "does not apply", school("/standards/5"), HEAD, _weaken
    ),
    State(
        "standard-error",
        "returns/standard.html",
        "Choose a grade",
        school("/standards/5"),
        HEAD,
        press("Save and continue"),
    ),
    State(
        "standard-conflict",
        "returns/standard.html",
        "changed this answer while",
        school("/standards/6"),
        HEAD,
        _clash,
    ),
    State("standard-warned", "returns/standard.html", "seems to be", school("/standards/7"), HEAD),
    State(
        "tasks-warned",
        "returns/task_list.html",
        "seems to hold",
        school("/standards/7"),
        HEAD,
        press("Save and come back"),
    ),
    State("standard-officer", "returns/standard.html", "What was answered", school("/standards/1"), OFFICER),
    State(
        "standard-governor", "returns/standard.html", "What was answered", school("/standards/5"), GOVERNOR
    ),
    State(
        "standard-signed",
        "returns/standard.html",
        "What was answered",
        of_return(SCHOOL, SPRING, "/standards/1"),
        HEAD,
    ),
)
PLANS = (
    State(
        "actions-empty",
        "returns/actions.html",
        "nothing has to be planned",
        lambda site: site.return_without_actions() + "/actions",
        OFFICER,
    ),
    State("actions", "returns/actions.html", "Write it down", school("/actions"), HEAD),
    State("actions-governor", "returns/actions.html", "Write it down", school("/actions"), GOVERNOR),
    State("action", "returns/action.html", "Who leads", school("/actions"), HEAD, _add_an_action),
    State(
        "action-error",
        "returns/action.html",
        "Enter the date",
        school("/actions"),
        HEAD,
        _add_nothing,
    ),
    State("action-change", "returns/action.html", "Remove", school("/actions"), HEAD, follow("Change")),
    State(
        "action-warned",
        "returns/action.html",
        "seems to be a date",
        school("/actions"),
        HEAD,
        follow("the action: See the child"),
    ),
    State(
        "action-conflict",
        "returns/action.html",
        "Somebody else changed",
        school("/actions"),
        HEAD,
        _change_stale_action,
    ),
)
SIGNING = (
    State("check-missing", "sign_off/check.html", "still missing", school("/check"), HEAD),
    State("check-warned", "sign_off/check.html", "Look again at", school("/check"), HEAD),
    State(
        "check-complete",
        "sign_off/check.html",
        "Nothing is missing",
        of_return(POLICE, FOUR_AREAS, "/check"),
        CHIEF,
    ),
    State("check-signed", "sign_off/check.html", "All answers", of_return(SCHOOL, SPRING, "/check"), HEAD),
    State("check-two-people", "sign_off/check.html", "cannot sign", school("/check"), HEAD, _with_two_people),
    State(
        "sign-two-people",
        "sign_off/sign.html",
        "You cannot sign this return",
        of_return(POLICE, FOUR_AREAS, "/sign-off"),
        CHIEF,
        _with_two_people,
    ),
    State("sign", "sign_off/sign.html", "I confirm", of_return(POLICE, FOUR_AREAS, "/sign-off"), CHIEF),
    State(
        "sign-error",
        "sign_off/sign.html",
        "Tick the box",
        of_return(POLICE, FOUR_AREAS, "/sign-off"),
        CHIEF,
        press("Sign the return"),
    ),
    State(
        "sign-for-nobody",
        "sign_off/sign.html",
        "Enter the name of the person",
        of_return(POLICE, FOUR_AREAS, "/sign-off"),
        CHIEF,
        _sign_for_nobody,
    ),
    State(
        "receipt-earlier-number",
        "sign_off/receipt.html",
        "This is number 1",
        of_return(NURSERY, SPRING, "/receipt"),
        OWNER,
    ),
    State("reopen", "sign_off/reopen.html", "what happens", of_return(SCHOOL, SPRING, "/reopen"), OFFICER),
    State(
        "reopen-error",
        "sign_off/reopen.html",
        "Enter why",
        of_return(SCHOOL, SPRING, "/reopen"),
        OFFICER,
        press("Reopen the return"),
    ),
    State(
        "kept-reopened",
        "errors/kept.html",
        "reopened already",
        of_return(SCHOOL, SPRING, "/reopen"),
        OFFICER,
        _reopen_twice,
    ),
    State(
        "receipt-brought-in",
        "sign_off/receipt.html",
        "nobody signed it here",
        of_return(LATE_SCHOOL, SPRING, "/receipt"),
        OFFICER,
    ),
    State("receipt", "sign_off/receipt.html", "Fingerprint", of_return(SCHOOL, SPRING, "/receipt"), HEAD),
    State("verify", "sign_off/verify.html", "worked out again", of_return(SCHOOL, SPRING, "/verify"), HEAD),
)
FINDINGS = (
    State("summary", "reports/summary.html", FOREWORD[:20], of_cycle("/learning", SPRING, "/school"), HEAD),
)
OTHERS = (
    State("accessibility", "notices/accessibility.html", "Enforcement", at("/accessibility")),
    State("privacy", "notices/privacy.html", "Cookies", at("/privacy")),
    State("privacy-signed-in", "notices/privacy.html", "Cookies", at("/privacy"), HEAD),
    State("not-found", "errors/404.html", "no page", at("/nowhere"), HEAD),
    State("not-found-stranger", "errors/404.html", "no page", at("/nowhere")),
    State("wrong-way", "errors/405.html", "button", at("/sign-out"), HEAD),
    State(
        "kept-without-token",
        "accounts/sign_in_again.html",
        "Nothing is lost",
        school("/standards/5"),
        HEAD,
        _lose("input[name=csrf_token]", "Save and continue"),
    ),
    State(
        "kept-signed-out",
        "accounts/sign_in_again.html",
        "Nothing is lost",
        school("/standards/5"),
        HEAD,
        _signed_out_meanwhile,
    ),
    State("bad-request", "errors/400.html", "could not use", at("/"), act=_fail(BadRequest())),
    State("broken", "errors/500.html", "our fault", at("/"), act=_fail_bare("errors/500.html", BROKEN)),
    State(
        "broken-while-saving",
        "errors/500.html",
        "word for word",
        school("/standards/5"),
        HEAD,
        _save_in_vain("errors/500.html", BROKEN),
    ),
    State("database-away", "errors/503.html", "records", at("/"), act=_fail_bare("errors/503.html", AWAY)),
    State(
        "database-away-while-saving",
        "errors/503.html",
        "word for word",
        school("/standards/5"),
        HEAD,
        _save_in_vain("errors/503.html", AWAY),
    ),
    State(
        "too-many-tries",
        "errors/429.html",
        "2 minutes",
        at("/"),
        act=_fail_bare("errors/429.html", TooManyRequests(retry_after=120)),
    ),
    State(
        "other-host",
        "errors/host.html",
        "BASE_URL",
        at("/"),
        act=_fail_bare("errors/host.html", SecurityError()),
    ),
    State("report-file", "reports/standalone.html", "What many found", at("/"), act=_write_report),
    State("too-large", "errors/413.html", "more than", school("/standards/5"), HEAD, _too_large),
)
STATES = (*ACCOUNTS, *RETURNS, *PLANS, *SIGNING, *FINDINGS, *OTHERS)
