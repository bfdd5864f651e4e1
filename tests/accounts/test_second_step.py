"""Signing in with an authenticator: a password first, then a code, in the same browser and in time."""

import pytest
from flask import Flask
from sqlalchemy import select

from compact.accounts import store
from compact.accounts.models import SignIn
from tests import making
from tests.pages import Visitor

from .conftest import EMAIL, Account, Clock, second_step
from .factors import NOT_RIGHT, Telephone


def test_signing_in_takes_a_password_and_then_a_code(robin: Account, phone: Telephone, app: Flask) -> None:
    visitor = Visitor(app)
    page = visitor.send(visitor.get(f"/sign-in?next={robin.page}"), email=EMAIL, password=making.PASSWORD)
    assert page.h1 == "Enter the code of your authenticator app"
    assert Visitor.of(visitor.client).get(robin.page).title == "Sign in"

    visitor.sign_in(EMAIL, making.PASSWORD)
    page = visitor.send(
        visitor.get(f"/sign-in/code?next={robin.page}"), code=f" {phone.code()[:3]} {phone.code()[3:]}"
    )

    assert page.address == robin.page
    with robin.world.session() as session:
        row = session.scalars(select(SignIn)).one()
    assert (row.proved_by, row.proved_twice) == ("password, authenticator", True)


def test_or_all_three_at_once(phone: Telephone, app: Flask) -> None:
    """The contract's fields: email, password, code."""
    data = {"email": EMAIL, "password": making.PASSWORD}
    visitor = Visitor(app)
    assert visitor.post("/sign-in", {**data, "code": phone.wrong_code()}).summary == [NOT_RIGHT]
    assert visitor.post("/sign-in", {**data, "password": "wrong", "code": phone.code()}).h1 == "Sign in"

    assert visitor.post("/sign-in", {**data, "code": phone.code()}).address == "/"


def test_a_wrong_code_beside_it_asks_for_another_one_alone(phone: Telephone, app: Flask) -> None:
    visitor = Visitor(app)
    page = visitor.post("/sign-in", {"email": EMAIL, "password": making.PASSWORD, "code": phone.wrong_code()})

    assert visitor.send(page, code=phone.code()).address == "/"


def test_five_wrong_codes_end_the_step(phone: Telephone, app: Flask) -> None:
    visitor, page = second_step(app)
    for _ in range(5):
        page = visitor.send(page, code=phone.wrong_code())
        assert page.summary == [NOT_RIGHT]

    page = visitor.send(page, code=phone.code())

    assert (page.h1, page.banner) == ("Sign in", ["The time for this is over. Begin again."])


def test_a_step_ends_after_a_quarter_of_an_hour(phone: Telephone, app: Flask, clock: Clock) -> None:
    visitor, page = second_step(app)
    clock.pass_by(minutes=15)

    assert visitor.send(page, code=phone.code(clock.at)).h1 == "Sign in"


def test_a_step_is_bound_to_the_browser_that_began_it(phone: Telephone, app: Flask) -> None:
    second_step(app)
    stranger = Visitor(app)

    assert stranger.post("/sign-in/code", {"code": phone.code()}).h1 == "Sign in"


def test_a_step_that_was_used_is_over(robin: Account, phone: Telephone, app: Flask, clock: Clock) -> None:
    visitor, page = second_step(app)
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    visitor.send(page, code=phone.code())
    copy = Visitor(app)
    copy.client.set_cookie("session", cookie.value)
    clock.pass_by(minutes=1)

    assert copy.send(page, code=phone.code(clock.at)).status == 200
    assert copy.get(robin.page).title == "Sign in"


def test_an_account_that_was_disabled_meanwhile_does_not_get_in(
    robin: Account, phone: Telephone, app: Flask
) -> None:
    visitor, page = second_step(app)
    robin_id = robin.person_id
    with robin.world.session() as session:
        store.disable(session, robin_id, making.NOW)
        session.commit()

    assert visitor.send(page, code=phone.code()).h1 == "Sign in"
    assert robin.tokens() == set()


@pytest.mark.parametrize(
    "code", ["１２３４５６", "١٢٣٤٥٦", "½", "\ud7ff", "😀" * 6, "9" * 10_000, "a\0b", "-1"]
)
def test_odd_input_is_a_wrong_code(phone: Telephone, app: Flask, code: str) -> None:
    """E3, E5."""
    visitor, page = second_step(app)

    assert visitor.send(page, code=code).summary == [NOT_RIGHT]
