"""A plan is sent back and mended: what is said of each action is seen by those who have to do with it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests.making import NOW, SIGNATURE
from tests.pages import Page, Visitor

from .conftest import Desk
from .test_reading import comment
from .test_reply import send, write

COMMENT = "By when?\n\nAnd who?"
HINT = "Reopen the return so that Oak School can mend what was sent back"


def send_back(desk: Desk, *, is_sent: bool = True) -> Page:
    """Oak's action is sent back, and so is the reply; the return as the officer reads it then."""
    comment(desk, "sent_back", COMMENT)
    page = write(desk)
    if is_sent:
        send(desk.officer(), page)
    return desk.officer().get(f"/review/{desk.oak}")


def plan_of(desk: Desk) -> str:
    return desk.head().get(f"/organisations/{desk.organisation}/actions").text


def test_the_whole_plan_says_what_was_sent_back_once_the_reply_is_sent(desk: Desk) -> None:
    send_back(desk, is_sent=False)
    assert "Sent back" not in plan_of(desk)

    send(desk.officer(), desk.officer().get(f"/review/{desk.oak}/reply"))

    assert "Sent back by Wexcombe Partnership: read the comment" in plan_of(desk)
    assert "By when?" not in plan_of(desk), "it stands on the page of the action"


def test_the_way_to_mend_it_is_said_once_something_is_sent_back(desk: Desk) -> None:
    assert HINT not in send_back(desk, is_sent=False).text
    send(desk.officer(), desk.officer().get(f"/review/{desk.oak}/reply"))

    page = desk.officer().get(f"/review/{desk.oak}")
    assert HINT in page.text
    desk.officer().send(desk.officer().get(str(page.link("Reopen the return")["href"])), reason="As said.")
    assert HINT not in desk.officer().get(f"/review/{desk.oak}").text, "it is reopened"


def test_nothing_is_to_be_reopened_where_every_action_is_accepted(desk: Desk) -> None:
    comment(desk, "accepted")
    send(desk.officer(), write(desk))

    assert "mend what was sent back" not in desk.officer().get(f"/review/{desk.oak}").text


def signed_again(desk: Desk) -> int:
    """Number 2 of Oak's return, signed by its head."""
    officer, head = desk.officer(), desk.head()
    reopened = officer.send(officer.get(f"/returns/{desk.oak}/reopen"), reason="One action is sent back.")
    made = int(reopened.address.rsplit("/", 1)[1])
    desk.world.profile(made, commissions_services=False)
    assert head.send(head.get(f"/returns/{made}/sign-off"), **SIGNATURE).h1 == "Return signed"
    return made


def test_the_next_number_is_read_beside_what_was_said_of_the_one_before(desk: Desk) -> None:
    send_back(desk)
    second = signed_again(desk)

    for page in (f"/review/{second}", f"/review/{second}/actions/{desk.action}"):
        text = desk.officer().get(page).text
        assert "Sent back on 5 October 2026 at 10:30am by Ellis Officer, with an earlier reply" in text
        assert "By when?" in text


def test_what_was_never_sent_is_not_said_to_have_been(desk: Desk) -> None:
    send_back(desk, is_sent=False)
    second = signed_again(desk)

    assert "By when?" not in desk.officer().get(f"/review/{second}").text


@pytest.mark.parametrize("minutes", [0, 20])
def test_the_latest_word_on_an_action_stands_in_the_plan(
    desk: Desk, app: Flask, visit: Callable[[str], Visitor], minutes: int
) -> None:
    """Both replies may be sent at one moment: then the one to the later number is the latest."""
    send_back(desk)
    second = signed_again(desk)
    app.config["CLOCK"] = lambda: NOW + timedelta(minutes=minutes)
    officer = visit("officer@example.org")
    page = officer.get(f"/review/{second}/actions/{desk.action}")
    officer.send(page, decision="accepted", comment="")
    page = officer.get(f"/review/{second}/reply")
    page = officer.send(page, selector="#write", outcome="accepted", message="Thank you.", do="save")
    send(officer, page)

    assert "Accepted by Wexcombe Partnership" in plan_of(desk)
    assert "Sent back" not in plan_of(desk)
