"""A signed return is read, moderated and answered in two steps; a plan is sent back, mended and accepted."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from compact.returns.rules import Answer
from tests import making
from tests.browser.conftest import Opener
from tests.browser.serving import Site, served
from tests.browser.small_desk import OFFICER, PARTNERSHIP, SmallDesk, address_of, desk_on, head_of
from tests.conftest import Template
from tests.inspections.making import add_inspection
from tests.making import ASKED_SCHOOL_KEYS, SIGNATURE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROUND, BEFORE = "Compact 2026", "Compact 2025"
OAK, ELM = "Oak School", "Elm School"
SEEN = "The log of last year has three entries."
FIRST, SECOND = "Ask every class in June", "Write the policy with the children"
COMMENT = "Which classes, and who asks?\n\n“June” is far away."
LED_WELL = {"Inclusion": "Expected standard", "Leadership and governance": "Strong standard"}


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    template: Template = request.getfixturevalue(request.param)
    with served(template.copy("review"), {making.EDITION: making.edition()}) as site:
        yield site


@pytest.fixture
def desk(site: Site) -> SmallDesk:
    """Oak was outstanding and inspected last year; it is weak in two things now. Elm has nothing but best."""
    desk = desk_on(site, {OAK: "school", ELM: "school"})
    oak, elm = desk.organisations[OAK], desk.organisations[ELM]
    opens, closes = date(2025, 9, 1), date(2025, 12, 12)
    before = desk.world.cycle(desk.partnership, name=BEFORE, opens=opens, closes=closes)
    desk.world.signed(before, oak, dict.fromkeys(ASKED_SCHOOL_KEYS, "outstanding"))
    cycle = desk.world.cycle(desk.partnership, name=ROUND)
    with desk.world.session() as session:
        add_inspection(session, oak, date(2026, 3, 4), LED_WELL)
        session.commit()
    weak = {"bullying": Answer("requires_improvement", evidence=SEEN), "induction": Answer("inadequate")}
    _sign(desk, cycle, OAK, weak, {"bullying": FIRST, "induction": SECOND})
    desk.look_at(desk.world.signed(cycle, elm, dict.fromkeys(ASKED_SCHOOL_KEYS, "outstanding")))
    return desk


def _sign(desk: SmallDesk, cycle: int, name: str, weak: dict[str, Answer], plan: dict[str, str]) -> None:
    """The head answers, plans and signs."""
    return_id = desk.world.started(cycle, desk.organisations[name])
    head = desk.site.visitor(desk.head(name))
    desk.world.profile(return_id, commissions_services=False)
    desk.world.answer(return_id, {**dict.fromkeys(ASKED_SCHOOL_KEYS, Answer("good")), **weak})
    for key, what in plan.items():
        action = {
            "key": key,
            "what": what,
            "lead": "Deputy head",
            "due": "30 6 2027",
            "status": "not_started",
        }
        head.post(f"/returns/{return_id}/actions", action)
    head.send(head.get(f"/returns/{return_id}/sign-off"), **SIGNATURE)


@pytest.mark.parametrize("site", ["postgres_template"], indirect=True)
def test_a_return_is_read_moderated_and_answered_in_two_steps(desk: SmallDesk, open_page: Opener) -> None:
    page = open_page(desk.site, person=OFFICER)
    _find_in_queue(page)
    _read(page)
    _moderate(page)
    _note_a_visit(page)
    _draft_the_reply(page)
    _decide(page)
    assert desk.mails("replied") == []
    _tell(page)
    head = open_page(desk.site, desk.way_in_mail("replied", address_of(OAK)), person=head_of(OAK))
    _read_the_reply(head)


def _find_in_queue(page: Page) -> None:
    """The weightiest reasons come first, in words."""
    page.get_by_role("link", name=f"Read the signed returns ({ROUND})").click()
    rows = page.get_by_role("region", name="Signed returns").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Every grade is the best one")
    expect(rows.nth(2)).to_contain_text(OAK)
    expect(rows.nth(2)).to_contain_text("12 of 12 grades that can be compared fell since last time.")
    expect(rows.nth(2)).to_contain_text("Not looked at")
    page.get_by_role("link", name=OAK).click()
    page.get_by_role("button", name="I am looking at this return").click()
    expect(page.get_by_role("main")).to_contain_text("Being looked at")


def _indicator(page: Page, key: str) -> Locator:
    return page.locator(f"#read-{key}")


def _read(page: Page) -> None:
    bullying = _indicator(page, "bullying")
    expect(bullying).to_contain_text("Requires improvement")
    expect(bullying).to_contain_text(SEEN)
    expect(bullying).to_contain_text(f"Outstanding, {BEFORE}")
    expect(bullying).to_contain_text("1 of 2 say that it needs to improve")
    page.get_by_role("link", name="See the return itself").click()
    expect(page.get_by_role("main")).to_contain_text("Strong standard")
    page.go_back()


def _moderate(page: Page) -> None:
    _indicator(page, "bullying").get_by_role("link", name="Moderate this grade").click()
    expect(page.get_by_role("main")).to_contain_text(SEEN)
    page.get_by_label("Inadequate").check()
    page.get_by_role("button", name="Save the moderated grade").click()
    page.get_by_role("link", name="Enter the reason").click()
    page.get_by_label("Why?").fill("Nobody reads the log.")
    page.get_by_role("button", name="Save the moderated grade").click()
    bullying = _indicator(page, "bullying")
    expect(bullying).to_contain_text("Inadequate")
    expect(bullying).to_contain_text("Requires improvement")


def _note_a_visit(page: Page) -> None:
    page.get_by_role("link", name="Note a visit").click()
    page.get_by_label("On which day?").fill("19 11 2026")
    page.get_by_label("Who visited?").fill("The partnership’s officer")
    page.get_by_label("What was verified?").fill("The log, and who reads it.")
    page.get_by_role("button", name="Note the visit").click()
    expect(page.get_by_role("main")).to_contain_text("19 November 2026, The partnership’s officer")


def _draft_the_reply(page: Page) -> None:
    """Phrases are added to the officer's words, and are then the officer's to edit."""
    page.get_by_role("button", name="Write the reply").click()
    words = page.get_by_label("Your words")
    words.fill("Dear colleagues,")
    page.get_by_label("Your return is open about what still needs work.").check()
    page.get_by_label("We will ask you in about six months").check()
    page.get_by_role("button", name="Add the ticked phrases").click()
    drafted = words.input_value()
    assert drafted.startswith("Dear colleagues,\n\nYour return is open about")
    words.fill(drafted.replace("in about six months", "in May"))
    page.get_by_role("button", name="Save the reply").click()
    expect(page.get_by_role("heading", name="Ready to send?")).to_have_count(0)  # nothing is decided yet


def _decide(page: Page) -> None:
    page.get_by_label("We accept your return, with points to work on").check()
    page.get_by_role("button", name="Save the reply").click()
    expect(page.get_by_role("alert")).to_contain_text("The reply is saved. Nothing is sent yet.")


def _tell(page: Page) -> None:
    """Later: the home page says that a reply is decided, and leads to it."""
    page.get_by_role("link", name="Home", exact=True).click()
    page.get_by_role("link", name="Send the replies that are decided").click()
    page.get_by_role("link", name=OAK).click()
    page.get_by_role("button", name="Go on with the reply").click()
    page.get_by_role("button", name="Send the reply").click()
    expect(page.get_by_role("alert")).to_contain_text("1 person has a mail that says where to read it.")


def _read_the_reply(head: Page) -> None:
    """The organisation reads the reply, and nothing of what officers keep for themselves."""
    main = head.get_by_role("main")
    expect(head.get_by_role("heading", name=f"{PARTNERSHIP} replied")).to_be_visible()
    expect(main).to_contain_text("We will ask you in May how your plan is going.")
    for kept in ("Nobody reads the log", "who reads it", "Every grade"):
        expect(main).not_to_contain_text(kept)


@pytest.mark.parametrize("site", ["sqlite_template"], indirect=True)
def test_a_plan_is_sent_back_mended_and_accepted_without_scripts(desk: SmallDesk, open_page: Opener) -> None:
    page = open_page(desk.site, "/review", person=OFFICER, scripts=False)
    page.get_by_role("link", name=OAK).click()
    _say_of_each_action(page)
    _reply(page, "We accept your return, with points to work on")
    head = open_page(
        desk.site, desk.way_in_mail("replied", address_of(OAK)), person=head_of(OAK), scripts=False
    )
    _read_what_was_sent_back(head)
    _reopen(page)
    _mend(head)
    page.get_by_role("link", name="Returns to read", exact=True).click()
    _accept(page)
    _reply(page, "We accept your return as it is")
    head.get_by_role("link", name="Home", exact=True).click()
    _read_that_it_is_accepted(head)


def _action(page: Page, what: str) -> Locator:
    return page.locator(".app-planned").filter(has_text=what)


def _say_of_each_action(page: Page) -> None:
    _action(page, SECOND).get_by_role("link", name="Accept it, or send it back").click()
    page.get_by_label("Yes, it is accepted").check()
    page.get_by_role("button", name="Save").click()
    expect(_action(page, SECOND)).to_contain_text("Accepted")
    _action(page, FIRST).get_by_role("link", name="Accept it, or send it back").click()
    page.get_by_label("No, it is sent back with a comment").check()
    page.get_by_label("Comment", exact=True).fill(COMMENT)
    page.get_by_role("button", name="Save").click()
    expect(_action(page, FIRST)).to_contain_text("Sent back")


def _reply(page: Page, outcome: str) -> None:
    page.get_by_role("button", name="Write the reply").or_(
        page.get_by_role("button", name="Go on with the reply")
    ).click()
    page.get_by_label(outcome, exact=True).check()
    page.get_by_label("Your words").fill("Thank you for your plan.")
    page.get_by_role("button", name="Save the reply").click()
    page.get_by_role("button", name="Send the reply").click()
    expect(page.get_by_role("alert")).to_contain_text("The reply is sent.")


def _read_what_was_sent_back(head: Page) -> None:
    """The feedback counts the actions; the plan says which one, and the action why."""
    expect(head.get_by_role("main")).to_contain_text(
        "1 action of the plan is sent back with a comment, 1 accepted"
    )
    head.get_by_role("link", name="What is said of each stands in the plan").click()
    expect(_action(head, FIRST)).to_contain_text("Sent back")
    _action(head, FIRST).get_by_role("link", name="read the comment").click()
    said = head.get_by_role("region", name=f"{PARTNERSHIP} sends this action back")
    assert COMMENT in said.inner_text()


def _reopen(page: Page) -> None:
    """What was signed stays as it was: the officer opens its next number."""
    page.get_by_role("link", name="Reopen the return").click()
    page.get_by_label("Why is it reopened?").fill("One action is sent back.")
    page.get_by_role("button", name="Reopen the return").click()


def _mend(head: Page) -> None:
    """From the action that was sent back to a better one, and to the signature."""
    head.reload()
    head.get_by_role("link", name="Change what will be done").click()
    head.get_by_label("What will be done").fill(f"{FIRST}: years 3 and 4, by their teachers")
    head.get_by_label("By when").fill("26 2 2027")
    head.get_by_role("button", name="Save the action").click()
    head.get_by_role("link", name="Go to the task list").click()
    head.get_by_role("link", name="Check your answers and sign").click()
    head.get_by_role("button", name="Continue to sign").first.click()
    head.get_by_label("In my own right").check()
    head.get_by_label("I confirm this statement").check()
    head.get_by_label("Your password").fill(making.PASSWORD)
    head.get_by_role("button", name="Sign the return").click()
    expect(head.get_by_role("heading", level=1)).to_have_text("Return signed")


def _accept(page: Page) -> None:
    """Number 2 is to be read; beside its plan stands what was said of number 1's."""
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=OAK))
    expect(row).to_contain_text("number 2")
    expect(row).to_contain_text("Not looked at")
    row.get_by_role("link", name=OAK).click()
    mended = _action(page, FIRST)
    expect(mended).to_contain_text("By 26 February 2027")
    expect(mended).to_contain_text("Which classes, and who asks?")
    mended.get_by_role("link", name="Accept it, or send it back").click()
    page.get_by_label("Yes, it is accepted").check()
    page.get_by_role("button", name="Save").click()


def _read_that_it_is_accepted(head: Page) -> None:
    head.get_by_role("link", name=f"The plan of {OAK}").click()
    expect(_action(head, FIRST)).to_contain_text("Accepted")
