"""A code by mail: for whoever forgot the password. The answer tells nobody whether an address is known."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select, update

from compact.accounts import steps
from compact.accounts.models import Person, SignInStep
from compact.mail.models import OutboxMail
from tests import making
from tests.pages import Page, Visitor

from .conftest import EMAIL, Account, Clock
from .factors import (
    NOT_RIGHT,
    Telephone,
    ask_for_code,
    mailed_codes,
    noted,
    other_code,
)

WRONG = "The code is not right. Look at the newest e-mail"
OVER = ["The time for this is over. Begin again."]
NEW = "three odd words here"


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(" ".join(statement.split()[:3]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def asked(app: Flask, email: str = EMAIL) -> tuple[Visitor, Page]:
    visitor = Visitor(app)
    return visitor, ask_for_code(visitor, email)


def disable(robin: Account) -> None:
    with robin.world.session() as session:
        session.execute(update(Person).values(disabled_at=making.NOW))
        session.commit()


def test_the_answer_is_the_same_for_everybody(robin: Account, app: Flask, engine: Engine) -> None:
    """I10: the same words, the same status, and the same work but for the mail itself."""
    told, work = [], []
    for email in (EMAIL, "nobody@example.org", EMAIL):
        visitor = Visitor(app)
        form = visitor.get("/sign-in/mail")
        with counted(engine) as statements:
            answer = visitor.client.post("/sign-in/mail", data={**form.fields(), "email": email})
        told.append(
            (
                answer.status_code,
                answer.headers["Location"],
                len(answer.data),
                visitor.get("/sign-in/mail/code").text,
            )
        )
        work.append([each for each in statements if "outbox" not in each])
        if email != EMAIL:
            disable(robin)

    assert told[0] == told[1] == told[2]
    assert work[0] == work[1] == work[2]
    assert len(mailed_codes(robin.world)) == 1


def test_a_wrong_code_is_answered_the_same_for_everybody(robin: Account, app: Flask, engine: Engine) -> None:
    told, work = [], []
    for email in (EMAIL, "nobody@example.org"):
        visitor, page = asked(app, email)
        with counted(engine) as statements:
            page = visitor.send(page, code="0" * 9)
        told.append((page.status, page.text, page.summary))
        work.append(statements)

    assert told[0] == told[1]
    assert work[0] == work[1]


def test_no_code_is_right_for_nobodys_address(
    robin: Account, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compact.accounts.steps.secrets.choice", lambda _: "7")
    visitor, page = asked(app, "nobody@example.org")

    assert visitor.send(page, code="7" * steps.CODE_DIGITS).summary == [WRONG]
    assert robin.tokens() == set()


def test_the_code_stands_in_the_mail_alone(robin: Account, app: Flask) -> None:
    visitor, page = asked(app)
    (code,) = mailed_codes(robin.world)

    assert len(code) == steps.CODE_DIGITS
    with robin.world.session() as session:
        mail = session.scalars(select(OutboxMail)).one()
        step = session.scalars(select(SignInStep)).one()
    assert mail.recipient == EMAIL
    assert code not in mail.text + mail.subject
    assert "{secret}" in mail.text
    assert code not in repr([step.token_hash, step.code_hash])
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    assert code not in page.response.text + cookie.value


def test_it_lets_in_and_leads_to_a_new_password_without_the_old_one(robin: Account, app: Flask) -> None:
    visitor, page = asked(app)
    page = visitor.send(page, code=mailed_codes(robin.world)[0])
    assert (page.address, page.banner) == (
        "/",
        ["You are signed in. If you forgot your password, you can choose a new one now."],
    )

    form = visitor.get("/account/password")
    assert form.soup.select("input[name=old]") == []
    assert visitor.send(form, password=NEW).address == "/account"

    assert Visitor(app).sign_in(EMAIL, NEW).address == "/"
    assert Visitor(app).sign_in(EMAIL, making.PASSWORD).title == "Error: Sign in"


def test_it_leads_to_the_page_that_was_asked_for(robin: Account, app: Flask) -> None:
    visitor = Visitor(app)
    page = visitor.get(robin.page)
    page = visitor.get(str(page.link("Forgot your password")["href"]))
    page = visitor.send(page, email=EMAIL)

    assert visitor.send(page, code=mailed_codes(robin.world)[0]).address == robin.page


def test_it_works_once(robin: Account, app: Flask) -> None:
    visitor, page = asked(app)
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    (code,) = mailed_codes(robin.world)
    visitor.send(page, code=code)
    copy = Visitor(app)
    copy.client.set_cookie("session", cookie.value)

    again = copy.send(page, code=code)

    assert (again.h1, again.banner) == ("Sign in", OVER)


def test_it_works_in_the_browser_that_asked_alone(robin: Account, app: Flask) -> None:
    asked(app)
    (code,) = mailed_codes(robin.world)
    stranger, page = asked(app, "nobody@example.org")

    assert stranger.send(page, code=code).summary == [WRONG]
    assert Visitor(app).post("/sign-in/mail/code", {"code": code}).banner == OVER


@pytest.mark.parametrize(("minutes", "address"), [(14.9, "/"), (15, "/sign-in")])
def test_it_works_for_a_quarter_of_an_hour(
    robin: Account, app: Flask, clock: Clock, minutes: float, address: str
) -> None:
    visitor, page = asked(app)
    clock.pass_by(minutes=minutes)

    assert visitor.send(page, code=mailed_codes(robin.world)[0]).address == address


def test_five_wrong_ones_end_it(robin: Account, app: Flask) -> None:
    visitor, page = asked(app)
    (code,) = mailed_codes(robin.world)
    for _ in range(5):
        assert visitor.send(page, code=other_code(code)).summary == [WRONG]

    over = visitor.send(page, code=code)

    assert (over.h1, over.banner) == ("Sign in", OVER)
    assert noted(robin.world) == ["code asked for"] + ["sign-in failed"] * 5


def test_after_four_wrong_ones_the_right_one_still_lets_in(robin: Account, app: Flask) -> None:
    visitor, page = asked(app)
    (code,) = mailed_codes(robin.world)
    for _ in range(4):
        visitor.send(page, code=other_code(code))

    assert visitor.send(page, code=code).address == "/"


def test_a_newer_code_takes_the_place_of_the_one_before(robin: Account, app: Flask) -> None:
    visitor, _ = asked(app)
    page = ask_for_code(visitor, EMAIL)
    old, new = mailed_codes(robin.world)

    assert old == new or visitor.send(page, code=old).summary == [WRONG]
    assert visitor.send(page, code=new).address == "/"


@pytest.mark.parametrize("shape", ["{}", " {} ", "{0[0]}{0[1]} {0[2]}{0[3]}\t{0[4]}{0[5]} {0[6]}{0[7]}\n"])
def test_it_can_be_pasted_with_blanks(robin: Account, app: Flask, shape: str) -> None:
    """WCAG 3.3.8."""
    visitor, page = asked(app)

    assert visitor.send(page, code=shape.format(mailed_codes(robin.world)[0])).address == "/"


def test_with_an_authenticator_its_code_is_asked_as_well(
    robin: Account, phone: Telephone, app: Flask
) -> None:
    visitor, page = asked(app)
    page = visitor.send(page, code=mailed_codes(robin.world)[0])

    assert page.h1 == "Enter the code of your authenticator app"
    assert robin.tokens() == set()
    assert visitor.send(page, code=phone.wrong_code()).summary == [NOT_RIGHT]
    assert visitor.send(page, code=phone.code()).address == "/"
    assert visitor.get("/account/password").soup.select("input[name=old]") == []


def test_strangers_who_hammer_the_password_do_not_close_that_way(
    robin: Account, phone: Telephone, app: Flask
) -> None:
    for _ in range(6):
        visitor = Visitor(app)
        visitor.sign_in(EMAIL, "not the password")

    visitor, page = asked(app)
    page = visitor.send(page, code=mailed_codes(robin.world)[0])

    assert visitor.send(page, code=phone.code()).address == "/"


def test_asking_is_throttled_and_says_so(robin: Account, app: Flask) -> None:
    for _ in range(3):
        asked(app)
    page = asked(app)[1]

    assert page.status == 429
    assert page.summary == ["Too many codes were asked for. Look into your mailbox, or wait 15 minutes"]
    assert page.fields()["email"] == EMAIL
    assert len(mailed_codes(robin.world)) == 3
    assert asked(app, "nobody@example.org")[1].status == 200


def test_asking_for_nobodys_address_is_throttled_the_same(robin: Account, app: Flask) -> None:
    seen = [asked(app, "nobody@example.org")[1].status for _ in range(4)]

    assert seen == [200, 200, 200, 429]


def test_an_account_disabled_meanwhile_does_not_get_in(robin: Account, app: Flask) -> None:
    """I2."""
    visitor, page = asked(app)
    (code,) = mailed_codes(robin.world)
    disable(robin)

    assert visitor.send(page, code=code).summary == [WRONG]
    assert robin.tokens() == set()


def test_a_new_password_ends_codes_that_are_on_their_way(
    robin: Account, app: Flask, visit: Callable[[str], Visitor]
) -> None:
    thief, page = asked(app)
    head = visit(EMAIL)
    head.send(head.get("/account/password"), old=making.PASSWORD, password=NEW)

    assert thief.send(page, code=mailed_codes(robin.world)[0]).banner == OVER


@pytest.mark.parametrize(
    "typed", ["", "  ", "\0", "\u202e", "😀" * 300, "a" * 10_000, "a@b\r\nBcc: c@d", "%ED%A0%80"]
)
def test_odd_addresses_are_nobodys(robin: Account, app: Flask, typed: str) -> None:
    """E3, E4."""
    page = asked(app, typed)[1]

    assert page.status == 200
    assert mailed_codes(robin.world) == []


@pytest.mark.parametrize("code", ["", "１２３４５６７８", "½", "\0", "x" * 10_000, "-1", "😀"])
def test_odd_codes_are_wrong_codes(robin: Account, app: Flask, code: str) -> None:
    visitor, page = asked(app)

    assert visitor.send(page, code=code).summary == [WRONG if code else "Enter the code from the e-mail"]


def test_the_pages_open_without_a_step_lead_to_the_beginning(app: Flask) -> None:
    for address in ("/sign-in/mail/code", "/sign-in/code"):
        page = Visitor(app).get(address)
        assert (page.h1, page.banner) == ("Sign in", OVER)


def test_a_step_of_one_kind_is_no_step_of_the_other(robin: Account, phone: Telephone, app: Flask) -> None:
    """The code of the telephone does not stand in for the one in the mailbox, nor the other way round."""
    visitor, _ = asked(app)
    assert visitor.post("/sign-in/code", {"code": phone.code()}).h1 == "Sign in"
    visitor = Visitor(app)
    visitor.sign_in(EMAIL, making.PASSWORD)
    assert visitor.post("/sign-in/mail/code", {"code": phone.code()}).summary == [WRONG]

    assert robin.tokens() == set()
