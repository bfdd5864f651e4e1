"""Throttling (ASVS 6.3.1): who tries too often waits, and nobody is locked out by what strangers do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from compact import create_app
from compact.accounts import passwords, throttling
from compact.accounts.models import SignInAttempt
from compact.accounts.rules import LIMITS, WINDOW, Tries, Try, is_throttled, network_of
from compact.accounts.throttling import Source
from config import Settings
from tests import making
from tests.making import World
from tests.pages import Page, Visitor

from .conftest import EMAIL, Account, Clock
from .factors import at_once, mailed_codes, noted

TOO_MANY = "There were too many tries. Wait 15 minutes, or get a code by e-mail"
NOT_RIGHT = "The e-mail address or the password is not right"
HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


class At:
    """A browser at a network address."""

    def __init__(self, app: Flask, address: str = HERE) -> None:
        self.visitor = Visitor(app)
        self.visitor.client.environ_base["REMOTE_ADDR"] = address

    def sign_in(self, password: str = making.PASSWORD, email: str = EMAIL) -> Page:
        return self.visitor.sign_in(email, password)

    def slip(self, times: int, email: str = EMAIL) -> None:
        form = self.visitor.get("/sign-in")
        for _ in range(times):
            page = self.visitor.send(form, email=email, password="not the password")
            assert (page.status, page.summary) == (200, [NOT_RIGHT])

    def is_closed(self) -> bool:
        return self.sign_in().status == 429


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A try for nobody is as quick as one for somebody here; test_passwords.py holds how long it takes."""
    monkeypatch.setattr(passwords, "_NOBODY", making.password_hash())


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was held against a hash."""
    seen: list[str] = []
    is_right = passwords.is_right

    def spy(password_hash: str | None, password: str) -> bool:
        seen.append(password)
        return is_right(password_hash, password)

    monkeypatch.setattr(passwords, "is_right", spy)
    return seen


@pytest.mark.parametrize("kind", Try)
def test_a_stranger_is_held_to_three_counts(kind: Try) -> None:
    limits = LIMITS[kind]
    assert limits.stranger < limits.address
    assert limits.stranger < limits.account
    just_below = Tries(limits.stranger - 1, limits.address - 1, limits.account - 1)

    assert not is_throttled(kind, just_below, known_browser=False)
    for more in (
        replace(just_below, here=limits.stranger),
        replace(just_below, address=limits.address),
        replace(just_below, account=limits.account),
    ):
        assert is_throttled(kind, more, known_browser=False)


@pytest.mark.parametrize("kind", Try)
def test_a_known_browser_is_held_to_its_own_tries_alone(kind: Try) -> None:
    own = LIMITS[kind].known_browser

    assert not is_throttled(kind, Tries(own - 1, 10_000, 10_000), known_browser=True)
    assert is_throttled(kind, Tries(own, 0, 0), known_browser=True)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("a local socket", "a local socket"),
    ],
)
def test_an_ipv6_address_counts_with_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_five_wrong_passwords_close_an_account_from_there(
    robin: Account, app: Flask, verified: list[str]
) -> None:
    here = At(app)
    here.slip(5)
    verified.clear()

    page = here.sign_in()

    assert (page.status, page.title, page.summary) == (429, "Error: Sign in", [TOO_MANY])
    assert page.target(TOO_MANY)["name"] == "password"
    assert page.fields()["email"] == EMAIL
    assert verified == []
    assert noted(robin.world) == ["sign-in failed"] * 5 + ["throttled"]


def test_from_another_address_and_for_another_account_there_is_a_way_in(robin: Account, app: Flask) -> None:
    other = robin.world.person("Sam Deputy", making.contributor(robin.organisation))
    At(app).slip(5)

    assert At(app, ELSEWHERE).sign_in().address == "/"
    assert At(app).sign_in(email=other).address == "/"


def test_a_browser_that_signed_in_before_gets_in_while_strangers_hammer(robin: Account, app: Flask) -> None:
    """No stranger can lock a head out."""
    own = At(app)
    assert own.sign_in().address == "/"
    own.visitor.send(own.visitor.get("/"), selector="header form")
    for number in range(6):
        At(app, f"198.51.100.{number}").slip(5)

    assert At(app, "203.0.113.1").is_closed()
    assert At(app).is_closed()
    assert own.sign_in().address == "/"


def test_and_is_throttled_by_its_own_tries(robin: Account, app: Flask) -> None:
    own = At(app)
    own.sign_in()
    own.visitor.send(own.visitor.get("/"), selector="header form")
    own.slip(10)

    assert own.is_closed()
    assert not At(app).is_closed()


def test_a_browser_known_to_one_account_is_a_stranger_to_another(robin: Account, app: Flask) -> None:
    other = robin.world.person("Sam Deputy", making.contributor(robin.organisation))
    own = At(app)
    own.sign_in(email=other)
    own.visitor.send(own.visitor.get("/"), selector="header form")
    own.slip(5)

    assert own.is_closed()


@pytest.mark.parametrize("cookie", ["", "x", "e30.aaaa.bbbb", "WyJ4Il0.aa.bb", "é", "a" * 3_000])
def test_a_made_up_cookie_is_no_known_browser(robin: Account, app: Flask, cookie: str) -> None:
    here = At(app)
    here.visitor.client.set_cookie("known", cookie)
    here.slip(5)

    assert here.is_closed()


def test_the_cookie_that_makes_a_browser_known(robin: Account, app: Flask) -> None:
    own = At(app)
    page = own.visitor.get("/sign-in")
    answer = own.visitor.client.post(
        "/sign-in", data={**page.fields(), "email": EMAIL, "password": making.PASSWORD}
    )
    (header,) = (each for each in answer.headers.getlist("Set-Cookie") if each.startswith("known="))

    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= {each.strip() for each in header.split(";")}
    assert "robin" not in header
    for number in range(8):
        email = robin.world.person(f"Person {number}", making.contributor(robin.organisation))
        own.visitor.post("/sign-out")
        own.sign_in(email=email)
    cookie = own.visitor.client.get_cookie("known")
    assert cookie is not None
    assert len(cookie.value) < 1_000


def test_a_code_by_mail_still_lets_in(robin: Account, app: Flask) -> None:
    here = At(app)
    here.slip(5)
    assert here.is_closed()

    page = here.visitor.send(here.visitor.get("/sign-in/mail"), email=EMAIL)
    page = here.visitor.send(page, code=mailed_codes(robin.world)[0])

    assert page.address == "/"


def test_an_unknown_address_is_throttled_the_same(robin: Account, app: Flask, verified: list[str]) -> None:
    here = At(app)
    here.slip(5, email="nobody@example.org")
    verified.clear()

    page = here.sign_in(email="nobody@example.org")

    assert (page.status, page.summary, verified) == (429, [TOO_MANY], [])


def test_capitals_and_blanks_are_no_other_account(robin: Account, app: Flask) -> None:
    here = At(app)
    for email in (EMAIL, EMAIL.upper(), f" {EMAIL}", f"{EMAIL}\t", EMAIL.title()):
        here.slip(1, email)

    assert here.is_closed()


def test_many_accounts_from_one_address_are_too_many(robin: Account, app: Flask) -> None:
    here = At(app)
    for number in range(8):
        here.slip(5, email=f"person.{number}@example.org")

    assert here.is_closed()


def test_after_a_quarter_of_an_hour_it_is_open_again(robin: Account, app: Flask, clock: Clock) -> None:
    here = At(app)
    here.slip(5)
    clock.pass_by(minutes=14, seconds=59)
    assert here.is_closed()
    clock.pass_by(seconds=1)

    assert timedelta(minutes=15) == WINDOW
    assert here.sign_in().address == "/"


def test_tries_that_were_refused_do_not_make_it_longer(robin: Account, app: Flask, clock: Clock) -> None:
    here = At(app)
    here.slip(5)
    for _ in range(7):
        clock.pass_by(minutes=2)
        assert here.is_closed()
    clock.pass_by(minutes=1)

    assert here.sign_in().address == "/"


def test_getting_in_forgets_the_slips_before(robin: Account, app: Flask) -> None:
    for _ in range(3):
        here = At(app)
        here.slip(4)
        assert here.sign_in().address == "/"


def test_tries_are_forgotten_after_a_day(robin: Account, app: Flask, clock: Clock) -> None:
    At(app).slip(3)
    clock.pass_by(days=1, seconds=1)
    At(app, ELSEWHERE).slip(1)

    with robin.world.session() as session:
        assert len(session.scalars(select(SignInAttempt.id)).all()) == 1


def test_no_address_and_no_password_is_kept_of_a_try(robin: Account, app: Flask) -> None:
    """People type their password into the wrong field."""
    At(app).slip(1, email="My secret phrase")

    with robin.world.session() as session:
        kept = session.execute(select(SignInAttempt.account, SignInAttempt.source)).one()
    assert "secret" not in " ".join(kept)
    assert len(kept.account) == 64


def test_many_tries_at_once_do_not_get_round_it(world: World) -> None:
    """Eight at the same moment: five are made."""
    made: list[bool] = []

    def attempt() -> None:
        with world.session() as session:
            source = Source("address 192.0.2.1", known_browser=False)
            made.append(throttling.note_try(session, Try.PASSWORD, EMAIL, source, making.NOW))
            session.commit()

    at_once(*[attempt] * 8)

    assert sorted(made) == [False] * 3 + [True] * 5


def behind_a_proxy(settings: Settings, engine: Engine) -> Flask:
    app = create_app(replace(settings, proxies=1), editions={making.EDITION: making.edition()}, engine=engine)
    app.config["CLOCK"] = lambda: making.NOW
    app.testing = True
    return app


def test_behind_a_proxy_the_clients_own_address_counts(
    robin: Account, settings: Settings, engine: Engine
) -> None:
    """What the client itself claims stands before what the proxy adds, and is not believed."""
    app = behind_a_proxy(settings, engine)

    def through(claimed: str, address: str) -> At:
        made = At(app, "10.0.0.1")
        made.visitor.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"{claimed}, {address}"
        return made

    for number in range(5):
        through(f"1.1.1.{number}", HERE).slip(1)

    assert through("1.1.1.9", HERE).is_closed()
    assert through(HERE, ELSEWHERE).sign_in().address == "/"


def test_without_proxies_a_claimed_address_counts_for_nothing(robin: Account, app: Flask) -> None:
    for number in range(5):
        here = At(app)
        here.visitor.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
        here.slip(1)

    assert At(app).is_closed()


def test_the_old_password_of_an_account_page_is_throttled_too(robin: Account) -> None:
    """A computer that was left open is no place to guess the password at."""
    here = robin.sign_in()
    page = here.get("/account/password")
    for number in range(5):
        answer = here.send(page, old=f"guess {number}", password="three odd words here")
        assert answer.summary == ["Your present password is not right"]

    answer = here.send(page, old=making.PASSWORD, password="three odd words here")

    assert (answer.status, answer.summary) == (
        429,
        ["There were too many tries. Wait 15 minutes, then try again"],
    )
