"""Signing in: who gets in, and that everybody else is told the same, after the same work."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from compact.accounts import passwords
from compact.accounts.models import Person
from tests import making
from tests.pages import Page, Visitor

from .conftest import EMAIL, Account

NOT_RIGHT = "The e-mail address or the password is not right"


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was held against a hash."""
    seen: list[str] = []
    is_right = passwords._hasher.verify

    class Spy:
        def verify(self, password_hash: str, password: str) -> bool:
            seen.append(password)
            return is_right(password_hash, password)

    monkeypatch.setattr(passwords, "_hasher", Spy())
    return seen


def sign_in(app: Flask, email: str, password: str = making.PASSWORD) -> Page:
    return Visitor(app).sign_in(email, password)


def told(page: Page) -> tuple[str, list[str], str]:
    """What the page says, but for the address that was typed and is still in its box."""
    return page.title, page.summary, page.text


def test_the_right_password_leads_home(robin: Account, app: Flask) -> None:
    page = sign_in(app, EMAIL)

    assert (page.status, page.address) == (200, "/")
    assert "Robin Head" in page.one(".compact-header__name").get_text()


def test_a_wrong_password_is_refused_and_the_address_stays_in_its_box(robin: Account, app: Flask) -> None:
    page = sign_in(app, EMAIL, "not the password")

    assert page.title == "Error: Sign in"
    assert page.summary == [NOT_RIGHT]
    assert page.target(NOT_RIGHT)["name"] == "email"
    assert page.fields()["email"] == EMAIL
    assert page.fields()["password"] == ""


def test_capitals_and_blanks_around_the_address_do_not_matter(robin: Account, app: Flask) -> None:
    for typed in ("Robin.Head@Example.ORG", f"  {EMAIL} ", f"\t{EMAIL.upper()}\n"):
        assert sign_in(app, typed).address == "/"


def test_they_matter_in_a_password(robin: Account, app: Flask) -> None:
    for password in (f" {making.PASSWORD}", f"{making.PASSWORD} ", making.PASSWORD.upper()):
        assert sign_in(app, EMAIL, password).summary == [NOT_RIGHT]


def test_an_unknown_address_is_told_the_same_as_a_wrong_password(
    robin: Account, app: Flask, verified: list[str]
) -> None:
    wrong = sign_in(app, EMAIL, "not the password")
    unknown = sign_in(app, "nobody@example.org", "not the password")

    assert told(wrong) == told(unknown)
    assert verified == ["not the password"] * 2


def test_a_disabled_person_is_told_the_same_as_a_wrong_password(
    robin: Account, app: Flask, verified: list[str]
) -> None:
    wrong = sign_in(app, EMAIL, "not the password")
    _change(robin, disabled_at=making.NOW)

    assert told(sign_in(app, EMAIL)) == told(wrong)
    assert verified == ["not the password", making.PASSWORD]


def test_somebody_who_has_no_password_yet_is_told_the_same(
    robin: Account, app: Flask, verified: list[str]
) -> None:
    wrong = sign_in(app, EMAIL, "not the password")
    _change(robin, password_hash=None)

    assert told(sign_in(app, EMAIL, "nobody has this password")) == told(wrong)
    assert len(verified) == 2


@pytest.mark.parametrize(
    ("email", "password", "problems"),
    [
        ("", "", ["Enter your e-mail address", "Enter your password"]),
        ("  ", "x", ["Enter your e-mail address"]),
        (EMAIL, "", ["Enter your password"]),
    ],
)
def test_each_missing_field_is_named_and_linked(
    robin: Account, app: Flask, verified: list[str], email: str, password: str, problems: list[str]
) -> None:
    page = sign_in(app, email, password)

    assert page.summary == problems
    assert [page.target(problem)["name"] for problem in problems] == [
        "email" if "address" in problem else "password" for problem in problems
    ]
    assert verified == []


def test_a_post_without_any_field_is_answered_with_both_problems(
    visit: Callable[[str], Visitor], robin: Account
) -> None:
    page = visit("").post("/sign-in")

    assert page.summary == ["Enter your e-mail address", "Enter your password"]


def test_no_address_is_more_than_an_address(robin: Account, app: Flask) -> None:
    quotes_and_marks = ("' OR 1=1--", "%", "_obin.head@example.org", "\0", f"{EMAIL}\0", "\u202e", "\ud7ff")
    for typed in (*quotes_and_marks, "😀" * 500, "a" * 9_999):
        assert sign_in(app, typed).summary == [NOT_RIGHT]


def test_markup_in_an_address_is_shown_as_typed(robin: Account, app: Flask) -> None:
    typed = '"><script>alert(1)</script>'

    page = sign_in(app, typed)

    assert page.fields()["email"] == typed
    assert "alert(1)" not in page.one("main").get_text()


def test_a_signed_in_person_is_led_home_from_the_sign_in_page(robin: Account) -> None:
    assert robin.sign_in().get("/sign-in").address == "/"


def _change(account: Account, **values: object) -> None:
    with account.world.session() as session:
        session.execute(update(Person).where(Person.email == EMAIL).values(**values))
        session.commit()
