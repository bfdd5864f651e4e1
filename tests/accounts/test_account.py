"""A person's own account: changing the password, the list of sign-ins, and staying signed in."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import making
from tests.pages import Page, Visitor

from .conftest import EMAIL, Account, Clock
from .factors import enter_once_proved, everything

NEW = "three odd words here"
NOT_RIGHT = "Your present password is not right"


def change_password(visitor: Visitor, old: str = making.PASSWORD, new: str = NEW) -> Page:
    return visitor.send(visitor.get("/account/password"), old=old, password=new)


def test_a_new_password_takes_the_place_of_the_old_one(robin: Account, app: Flask) -> None:
    page = change_password(robin.sign_in())

    assert page.banner == ["Your password is changed. You are signed out everywhere else."]
    assert Visitor(app).sign_in(EMAIL, NEW).address == "/"
    assert Visitor(app).sign_in(EMAIL, making.PASSWORD).title == "Error: Sign in"


@pytest.mark.parametrize(
    ("old", "new", "problems"),
    [
        ("not the password", NEW, [NOT_RIGHT]),
        ("", NEW, ["Enter your present password"]),
        (making.PASSWORD, "", ["Enter a password"]),
        (making.PASSWORD, "short", ["The password must be 12 characters or more"]),
        (making.PASSWORD, "x1y2" * 33, ["The password must be 128 characters or fewer"]),
        (
            making.PASSWORD,
            "Robin Head 2026!",
            ["The password must not be your name, your e-mail address or your workplace"],
        ),
        (
            making.PASSWORD,
            "LarkfieldSchool1",
            ["The password must not be your name, your e-mail address or your workplace"],
        ),
        ("", "", ["Enter your present password", "Enter a password"]),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    robin: Account, old: str, new: str, problems: list[str]
) -> None:
    head = robin.sign_in()
    before = everything(robin.world)["person"]

    page = change_password(head, old, new)

    assert page.summary == problems
    assert [page.target(each)["name"] for each in problems] == [
        "old" if "present" in each else "password" for each in problems
    ]
    assert old not in page.response.text or not old
    assert new not in page.response.text or not new
    assert everything(robin.world)["person"] == before


def test_a_common_password_is_refused_with_advice(robin: Account) -> None:
    (problem,) = change_password(robin.sign_in(), new="Password2026!").summary

    assert problem.startswith("The password is easy to guess: choose another")


def test_other_sign_ins_end_and_this_one_stays(robin: Account) -> None:
    """ASVS 7.4.3."""
    here, elsewhere = robin.sign_in(), robin.sign_in()
    change_password(here)

    assert here.get(robin.page).status == 200
    assert elsewhere.get(robin.page).title == "Sign in"


def test_a_password_is_kept_exactly_as_it_was_typed(robin: Account, app: Flask) -> None:
    """ASVS 6.2.8: pasted, long, with blanks around and any letters; never cut or trimmed."""
    for new, old in (("  blanks around  ", making.PASSWORD), ("密码 with 😀 e\u0301", "  blanks around  ")):
        change_password(robin.sign_in(), old, new)
        assert Visitor(app).sign_in(EMAIL, new).address == "/"
        assert Visitor(app).sign_in(EMAIL, new.strip() + "x").title == "Error: Sign in"
    assert Visitor(app).sign_in(EMAIL, "密码 with 😀 é").title == "Error: Sign in"


def test_the_pages_fields_let_a_password_manager_work(robin: Account) -> None:
    page = robin.sign_in().get("/account/password")

    assert page.one("input[name=password]")["autocomplete"] == "new-password"
    assert page.one("input[name=username]")["value"] == EMAIL
    assert not page.soup.select("input[maxlength], input[onpaste]")


def test_the_account_page_lists_the_sign_ins_in_force(robin: Account, clock: Clock) -> None:
    """ASVS 7.5.2."""
    robin.sign_in()
    clock.pass_by(minutes=30)
    here = robin.sign_in()
    lines = [
        each.get_text(" ", strip=True) for each in here.get("/account").soup.select(".govuk-list--spaced li")
    ]

    assert len(lines) == 2
    assert lines[0].startswith("Here , since 5 October 2026 at 11:00am, with password, authenticator")
    assert lines[1].startswith("since 5 October 2026 at 10:30am")
    clock.pass_by(minutes=31)
    assert len(here.get("/account").soup.select(".govuk-list--spaced li")) == 1


def test_a_browsers_name_is_shown_as_it_is(robin: Account, app: Flask) -> None:
    visitor = Visitor(app)
    visitor.client.environ_base["HTTP_USER_AGENT"] = "<script>alert(1)</script> \x01" + "x" * 900
    visitor.sign_in(EMAIL, making.PASSWORD)

    page = visitor.get("/account")

    assert "<script>alert(1)</script>" in page.text
    assert "x" * 201 not in page.text


def test_signing_out_everywhere_ends_every_sign_in_at_once(robin: Account) -> None:
    here, elsewhere = robin.sign_in(), robin.sign_in()

    page = here.post("/account/sign-out-everywhere")

    assert (page.h1, page.banner) == ("Sign in", ["You are signed out here and everywhere else."])
    assert here.get(robin.page).title == elsewhere.get(robin.page).title == "Sign in"
    assert robin.tokens() == set()


def test_it_ends_nobody_elses(robin: Account, visit: Callable[[str], Visitor]) -> None:
    colleague = visit(robin.world.person("Sam Deputy", making.contributor(robin.organisation)))
    robin.sign_in().post("/account/sign-out-everywhere")

    assert colleague.get(robin.page).status == 200


def test_signing_out_after_a_while_signs_out(robin: Account, clock: Clock) -> None:
    """It is written down that somebody was there in the same request that ends it."""
    head = robin.sign_in()
    form = head.get("/")
    clock.pass_by(minutes=5)

    page = head.send(form, selector="header form")

    assert (page.status, page.banner) == (200, ["You have signed out."])
    assert robin.tokens() == set()


def test_asking_how_long_it_lasts_does_not_lengthen_it(robin: Account, clock: Clock) -> None:
    """ASVS 7.3.1: a page that asks in the background keeps nobody signed in."""
    head = robin.sign_in()
    seconds = []
    for _ in range(3):
        seconds.append(head.client.get("/session").get_json())
        clock.pass_by(minutes=20)

    assert seconds == [{"seconds": 60 * each, "warning": 300} for each in (60, 40, 20)]
    assert head.get("/session").title == "Sign in"


def test_staying_lengthens_it_but_not_beyond_twelve_hours(robin: Account, clock: Clock) -> None:
    """WCAG 2.2.1, ASVS 7.3.2."""
    head, left = robin.sign_in(), []
    for _ in range(13):
        clock.pass_by(minutes=55)
        left.append(head.post("/session").response.get_json()["seconds"])

    assert left[:11] == [3600] * 11
    assert left[-1] == 5 * 60
    clock.pass_by(minutes=5)
    assert head.get(robin.page).title == "Sign in"


def test_there_is_time_to_answer_the_warning(robin: Account) -> None:
    """WCAG 2.2.1: at least 20 seconds."""
    assert robin.sign_in().client.get("/session").get_json()["warning"] >= 20


def test_every_page_of_an_account_asks_for_a_sign_in(robin: Account, app: Flask) -> None:
    for address in ("/account", "/account/password", "/account/authenticator", "/acting-for", "/session"):
        assert Visitor(app).get(address).title == "Sign in"


def test_a_password_alone_is_enough_for_a_head(robin: Account, app: Flask) -> None:
    assert enter_once_proved(Visitor(app), robin.world, EMAIL).get(robin.page).status == 200
