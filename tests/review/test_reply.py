"""The reply: drafted, decided, and told in a step of its own; what the organisation then reads."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from compact.mail.models import OutboxMail
from compact.review.models import Review, SaidAndDone
from compact.review.phrases import GROUPS
from tests import making
from tests.making import ASKED_SCHOOL_KEYS, World
from tests.pages import Page, Visitor

from .conftest import Desk, add_action
from .test_reading import comment, trail

WORDS = "Thank you. The plan is clear; one action could say by when."


def write(desk: Desk, outcome: str = "points", message: str = WORDS) -> Page:
    officer = desk.officer()
    page = officer.get(f"/review/{desk.oak}/reply")
    return officer.send(page, selector="#write", outcome=outcome, message=message, do="save")


def send(visitor: Visitor, page: Page) -> Page:
    return visitor.send(page, selector="#send")


def mails(world: World) -> list[OutboxMail]:
    with world.session() as session:
        return [*session.scalars(select(OutboxMail).order_by(OutboxMail.id))]


def feedback(desk: Desk) -> str:
    return desk.head().get(f"/returns/{desk.oak}/feedback").text


def test_deciding_tells_nobody(desk: Desk) -> None:
    """Deciding and telling are two steps."""
    page = write(desk)

    assert page.banner == ["The reply is saved. Nothing is sent yet."]
    assert "Ready to send?" in page.text
    assert mails(desk.world) == []
    assert WORDS not in feedback(desk)
    assert "Decided" in desk.officer().get("/review").text
    assert trail(desk.world, "return decided") == [
        ("return decided", f"return {desk.oak}", f'{{"outcome":"points","partnership":{desk.partnership}}}')
    ]


def test_phrases_are_added_to_what_was_typed_and_nothing_is_saved_by_it(desk: Desk) -> None:
    officer, phrase = desk.officer(), GROUPS[0].phrases[0]
    page = officer.get(f"/review/{desk.oak}/reply")

    page = officer.send(page, selector="#write", message="Dear all,", phrase=phrase.key, do="add")

    assert page.fields("#write")["message"].strip() == f"Dear all,\n\n{phrase.text}"
    assert "Not looked at" in officer.get(f"/review/{desk.oak}").text


def test_a_draft_without_an_outcome_cannot_be_sent(desk: Desk) -> None:
    page = write(desk, "", "Dear all,")

    assert "Ready to send?" not in page.text
    officer = desk.officer()
    assert officer.post(f"/review/{desk.oak}/send", {"version": "2"}).banner == [
        "Choose what you make of the return, and write the reply, before you send it."
    ]
    assert mails(desk.world) == []


def test_sending_tells_the_signatory_and_the_completer_without_a_word_of_it(desk: Desk) -> None:
    """I9: the mails say where to read it."""
    comment(desk, "sent_back", "By when will the children have seen it?")
    officer = desk.officer()

    page = send(officer, write(desk))

    assert page.banner == ["The reply is sent. 2 people have a mail that says where to read it."]
    sent = mails(desk.world)
    assert [each.recipient for each in sent] == ["head@example.org", "deputy@example.org"]
    for mail in sent:
        assert f"http://localhost/returns/{desk.oak}/feedback" in mail.text
        assert mail.text.endswith(making.FOOT)
        for words in (WORDS, "points to work on", "By when", "mprove", "bullying"):
            assert words not in mail.subject + mail.text
    assert [each[0] for each in trail(desk.world, "reply sent")] == ["reply sent"]


def test_the_organisation_reads_the_reply_and_what_is_said_of_its_plan(desk: Desk) -> None:
    comment(desk, "sent_back", "By when will the children have seen it?")
    plan = f"/organisations/{desk.organisation}/actions/{desk.action}"
    assert "will the children have seen it" not in desk.head().get(plan).text

    send(desk.officer(), write(desk))

    told = feedback(desk)
    assert "Wexcombe Partnership replied" in told
    assert "We accept your return, with points to work on." in told
    assert WORDS in told
    assert "1 action of the plan is sent back with a comment" in told
    said = desk.deputy().get(plan).text
    assert "Wexcombe Partnership sends this action back" in said
    assert "By when will the children have seen it?" in said


def test_what_is_sent_stays_as_it_was_sent(desk: Desk) -> None:
    officer, written = desk.officer(), write(desk)
    stale = officer.get(f"/review/{desk.oak}/actions/{desk.action}")
    send(officer, written)

    again = officer.send(written, selector="#write", message="Something else", do="save")
    assert "Sent on 5 October 2026" in again.text
    assert "What you typed The reply was sent before you saved this" in again.text
    assert "Something else" in again.text
    assert "The reply is sent" in officer.send(stale, decision="accepted").text
    send(officer, written)
    assert WORDS in feedback(desk)
    assert len(mails(desk.world)) == 2


def test_two_clicks_send_one_mail_each(desk: Desk) -> None:
    """C5."""
    officer, written = desk.officer(), write(desk)

    for _ in range(2):
        assert send(officer, written).status == 200

    assert len(mails(desk.world)) == 2


def test_two_officers_who_write_one_reply_see_each_other(desk: Desk) -> None:
    """C2: the second sees the first one's words, keeps their own on the page, and chooses."""
    second = desk.colleague()
    shown = second.get(f"/review/{desk.oak}/reply")
    write(desk)

    page = second.send(shown, selector="#write", outcome="accepted", message="All is well.", do="save")

    assert page.summary == [
        "Another officer has changed the reply while you were typing. Compare, then save yours again"
    ]
    assert WORDS in page.text
    assert page.fields("#write")["message"].strip() == "All is well."
    assert "Ready to send?" not in page.text
    assert "Ready to send?" in second.send(page, selector="#write", do="save").text
    with desk.world.session() as session:
        assert session.execute(select(Review.outcome, Review.message)).one() == ("accepted", "All is well.")


def test_a_reply_that_changed_since_it_was_shown_is_not_sent(desk: Desk) -> None:
    """A stale page sends nothing that nobody has read."""
    second = desk.colleague()
    write(desk)
    shown = second.get(f"/review/{desk.oak}/reply")
    write(desk, "talk", "We have to talk.")

    page = send(second, shown)

    assert page.banner == [
        "The reply changed after you opened the page, so it is not sent. Read it again, then send it."
    ]
    assert mails(desk.world) == []


def test_a_second_click_saves_once(desk: Desk) -> None:
    officer = desk.officer()
    shown = officer.get(f"/review/{desk.oak}/reply")
    for _ in range(2):
        page = officer.send(shown, selector="#write", outcome="points", message=WORDS, do="save")
        assert page.summary == []

    with desk.world.session() as session:
        assert session.scalars(select(Review.version)).all() == [2]


def test_a_partnership_does_not_read_what_another_one_replied(
    world: World, app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """A6: neither the reply nor the comments; the organisation reads both."""
    here, there = world.partnership(), world.partnership("Other Partnership", ["902"])
    body = world.organisation("Police", areas=("901", "902"), setting="hips")
    grades = dict.fromkeys(ASKED_SCHOOL_KEYS, "inadequate")
    made = world.signed(world.cycle(here, there), body, grades, setting="hips")
    action = add_action(world, body, made, due=date(2026, 12, 1))
    world.person("Chief", making.signatory(body), email="chief@example.org")
    for name, partnership in (("here", here), ("there", there)):
        world.person(name, making.officer(partnership), email=f"{name}@example.org")
    theirs = visit("there@example.org")
    theirs.send(theirs.get(f"/review/{made}/actions/{action}"), decision="sent_back", comment="By when?")
    page = theirs.get(f"/review/{made}/reply")
    send(theirs, theirs.send(page, selector="#write", outcome="talk", message=WORDS, do="save"))

    for reader, sees in (("here", False), ("there", True), ("chief", True)):
        visitor = visit(f"{reader}@example.org")
        assert (WORDS in visitor.get(f"/returns/{made}/feedback").text) is sees
        assert ("By when?" in visitor.get(f"/organisations/{body}/actions/{action}").text) is sees
    assert "Not looked at" in visit("here@example.org").get(f"/review/{made}").text


def test_you_said_we_did_is_read_by_everybody_who_answered(desk: Desk) -> None:
    officer = desk.officer()
    page = officer.get(f"/cycles/{desk.cycle}/said-and-done")
    assert officer.send(page, selector="#add").summary == ["Enter what you were told", "Enter what was done"]
    for _ in range(2):
        page = officer.send(page, selector="#add", said="Training is hard to find", did="A course each term")

    assert "You said: Training is hard to find" in page.text
    assert "We did: A course each term" in feedback(desk)
    with desk.world.session() as session:
        assert len(session.scalars(select(SaidAndDone.id)).all()) == 1

    assert "There is no line yet" in officer.send(page).text
    assert "A course each term" not in feedback(desk)


@pytest.mark.parametrize("partnership", ["", "?partnership=2"])
def test_a_line_of_another_partnership_is_not_taken_away(
    desk: Desk, world: World, visit: Callable[[str], Visitor], partnership: str
) -> None:
    """A1."""
    other = world.partnership("Other Partnership", ["902"])
    elsewhere = world.cycle(other, name="Elsewhere")
    world.person("Omar Other", making.officer(other), email="other@example.org")
    officer = desk.officer()
    officer.send(
        officer.get(f"/cycles/{desk.cycle}/said-and-done"), selector="#add", said="Said", did="Done so"
    )

    visit("other@example.org").post(f"/cycles/{elsewhere}/said-and-done/1/remove{partnership}")

    assert "Done so" in feedback(desk)
