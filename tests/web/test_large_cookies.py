"""No cookie of ours is larger than browsers keep: they would drop it, and so sign somebody out."""

import secrets

import pytest
from flask import Flask, flash

from tests.pages import Visitor
from tests.school import School

LARGEST = 4_096


def tell(app: Flask, messages: list[str]) -> None:
    """Let the health page, which shows none, leave messages for the next page."""

    def telling() -> str:
        for message in messages:
            flash(message, "success")
        return ""

    app.view_functions["pages.health"] = telling


def cookies(visitor: Visitor) -> list[str]:
    return visitor.client.get("/health").headers.getlist("Set-Cookie")


@pytest.mark.parametrize("length", [10, 100, 1_000, 2_000])
def test_many_messages_leave_the_cookie_small_and_the_newest_to_be_read(
    school: School, app: Flask, length: int
) -> None:
    """Of letters that nothing can make shorter."""
    messages = [f"{number}: {secrets.token_hex(length // 2)}" for number in range(200)]
    tell(app, messages)
    head = school.head()

    (cookie,) = cookies(head)

    assert len(cookie.encode()) <= LARGEST
    shown = head.get(school.address()).banner
    assert shown
    assert shown == messages[-len(shown) :]
    assert head.get(school.address()).status == 200  # still signed in


def test_one_message_that_is_too_long_is_forgotten_and_nobody_is_signed_out(
    school: School, app: Flask
) -> None:
    tell(app, ["é" + secrets.token_hex(10_000)])
    head = school.head()

    assert all(len(cookie.encode()) <= LARGEST for cookie in cookies(head))
    assert head.get(school.address()).status == 200
    assert head.get(school.address()).banner == []


def test_a_few_messages_are_all_kept(school: School, app: Flask) -> None:
    tell(app, [f"Message {number} of a length that is usual for a sentence." for number in range(12)])
    head = school.head()
    cookies(head)

    assert len(head.get(school.address()).banner) == 12
