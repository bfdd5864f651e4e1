"""The authenticator app: setting it up, being sent there, each code once, and signing in with it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from compact.access.values import Grant, Role
from compact.accounts import second_factor, store
from compact.accounts.models import Authenticator, RecoveryCode
from compact.organisations.models import Partnership
from compact.returns.models import Return
from tests import making
from tests.making import World
from tests.pages import Page, Visitor

from .conftest import EMAIL, Account, Clock, second_step
from .factors import (
    NOT_RIGHT,
    Telephone,
    at_once,
    enter_once_proved,
    everything,
    noted,
    person_id,
    with_authenticator,
)

OFFICER = "olive.officer@example.org"


@pytest.fixture
def officer(robin: Account, app: Flask) -> Visitor:
    """An officer of Robin's area, signed in by a password alone and without an authenticator."""
    with robin.world.session() as session:
        area = session.execute(select(Partnership.id)).scalar_one()
    robin.world.person("Olive Officer", making.officer(area), email=OFFICER)
    return enter_once_proved(Visitor(app), robin.world, OFFICER)


def secret_of(world: World, email: str) -> str:
    person = person_id(world, email)
    with world.session() as session:
        return session.execute(
            select(Authenticator.secret).where(Authenticator.person_id == person)
        ).scalar_one()


def set_up(visitor: Visitor, world: World, email: str, address: str = "/account/authenticator") -> Page:
    """Go through the pages that set an authenticator up."""
    page = visitor.send(visitor.get(address))
    return visitor.send(page, code=Telephone(secret_of(world, email), []).code())


def test_an_officer_without_one_reaches_nothing_else(officer: Visitor, robin: Account) -> None:
    """8.2.1: a password alone opens no return, no finding and no list of people."""
    with robin.world.session() as session:
        cycle = session.execute(select(Return.cycle_id)).scalar_one()
    for address in ("/", robin.page, f"{robin.page}/readers", f"/analysis/{cycle}", "/people", "/acting-for"):
        page = officer.open(address, follow=False)
        assert (page.status, page.response.headers["Location"].split("?")[0]) == (
            302,
            "/account/authenticator",
        ), address
    for address in ("/account", "/account/password", "/account/authenticator"):
        assert officer.get(address).status == 200


def test_what_they_post_changes_nothing_and_is_given_back(officer: Visitor, robin: Account) -> None:
    before = everything(robin.world)["summary_text"]
    with robin.world.session() as session:
        cycle = session.execute(select(Return.cycle_id)).scalar_one()

    page = officer.post(f"/learning/{cycle}/school/write/foreword", {"text": "A foreword that took an hour."})

    assert (page.status, page.h1) == (403, "Not saved")
    assert "A foreword that took an hour." in page.text
    assert "needs an authenticator app" in page.text
    assert everything(robin.world)["summary_text"] == before


def test_they_set_it_up_and_come_to_the_page_they_asked_for(officer: Visitor, robin: Account) -> None:
    begin = officer.get(f"{robin.page}?x=1")
    assert "a password alone is not enough" in begin.text

    codes = set_up(officer, robin.world, OFFICER, f"{robin.page}?x=1")

    assert codes.h1 == "Keep your recovery codes"
    assert len(codes.soup.select(".compact-codes li")) == 10
    assert codes.link("I have kept them")["href"] == f"{robin.page}?x=1"
    assert officer.get(robin.page).status == 200


def test_a_wrong_first_code_sets_nothing_up(officer: Visitor, robin: Account) -> None:
    page = officer.send(officer.get("/account/authenticator"))
    for code in (
        Telephone(secret_of(robin.world, OFFICER), []).wrong_code(),
        "",
        "12345",
        "x" * 10_000,
        "\0",
    ):
        page = officer.send(page, code=code)
        assert page.h1 == "Connect the app"
        assert len(page.summary) == 1
    assert officer.get("/").h1 == "Connect the app"


def test_setting_one_up_ends_every_other_sign_in(robin: Account) -> None:
    here, elsewhere = robin.sign_in(), robin.sign_in()

    set_up(here, robin.world, EMAIL)

    assert here.get(robin.page).status == 200
    assert elsewhere.get(robin.page).title == "Sign in"


def test_a_head_may_set_one_up_and_need_not(robin: Account, app: Flask) -> None:
    head = enter_once_proved(Visitor(app), robin.world, EMAIL)
    assert head.get(robin.page).status == 200
    assert "a password alone is not enough" not in head.get("/account/authenticator").text

    assert set_up(head, robin.world, EMAIL).h1 == "Keep your recovery codes"


def test_the_secret_is_shown_until_the_first_code_and_never_again(robin: Account) -> None:
    head = robin.sign_in()
    page = head.send(head.get("/account/authenticator"))
    secret = secret_of(robin.world, EMAIL)
    assert "".join(page.one(".compact-key").get_text().split()) == secret
    again = head.get("/account/authenticator")
    assert "".join(again.one(".compact-key").get_text().split()) == secret

    head.send(page, code=Telephone(secret, []).code())

    for address in ("/account", "/account/authenticator", "/account/authenticator?next=/"):
        shown = "".join(head.get(address).response.text.split())
        assert secret not in shown
        assert "<svg" not in head.get(address).one("main").decode()
    begun = head.post("/account/authenticator/begin")
    assert secret not in "".join(begun.response.text.split())
    assert secret_of(robin.world, EMAIL) == secret


def test_two_clicks_at_once_make_one_secret(world: World, robin: Account) -> None:
    person, made = person_id(world, EMAIL), []

    def begin() -> None:
        with world.session() as session:
            made.append(second_factor.begin(session, person))
            session.commit()

    at_once(begin, begin)

    assert len(made) == 2
    assert len(set(made)) == 1


def test_looking_writes_nothing(robin: Account, officer: Visitor) -> None:
    before = everything(robin.world)

    for address in ("/account", "/account/authenticator", "/", "/account/password", "/session", "/sign-in"):
        officer.get(address)

    assert everything(robin.world) == before


@pytest.mark.parametrize(
    ("seconds", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_the_codes_of_the_neighbouring_half_minutes_are_right(
    robin: Account, phone: Telephone, app: Flask, seconds: int, right: bool
) -> None:
    visitor, page = second_step(app)

    page = visitor.send(page, code=phone.code(making.NOW + timedelta(seconds=seconds)))

    assert (page.address == "/") is right
    assert page.summary == ([] if right else [NOT_RIGHT])


def test_the_same_code_is_never_taken_twice(phone: Telephone, app: Flask, clock: Clock) -> None:
    first, page = second_step(app)
    assert first.send(page, code=phone.code()).address == "/"

    second, page = second_step(app)
    assert second.send(page, code=phone.code()).summary == [NOT_RIGHT]
    clock.pass_by(seconds=30)
    assert second.send(page, code=phone.code()).summary == [NOT_RIGHT]
    assert second.send(page, code=phone.code(clock.at)).address == "/"


def test_nor_by_two_at_the_same_moment(robin: Account, phone: Telephone) -> None:
    person, told = person_id(robin.world, EMAIL), []

    def prove(code: str) -> Callable[[], None]:
        def proving() -> None:
            with robin.world.session() as session:
                told.append(second_factor.is_right(session, person, code, making.NOW))
                session.commit()

        return proving

    at_once(prove(phone.code()), prove(phone.code()))
    at_once(prove(phone.recovery[0]), prove(phone.recovery[0]))

    assert sorted(told, key=str) == [None, None, "authenticator", "recovery code"]


def test_a_recovery_code_lets_in_once_however_it_is_typed(phone: Telephone, app: Flask) -> None:
    for code in (phone.recovery[0], phone.recovery[1].upper(), phone.recovery[2].replace("-", " ")):
        visitor, page = second_step(app)
        assert visitor.send(page, code=code).address == "/"
    visitor, page = second_step(app)
    assert visitor.send(page, code=phone.recovery[0]).summary == [NOT_RIGHT]


def test_the_account_page_says_how_many_are_left(robin: Account, phone: Telephone, app: Flask) -> None:
    visitor, page = second_step(app)
    visitor.send(page, code=phone.recovery[3])

    assert "Recovery codes 9 left" in visitor.get("/account").text


def test_new_ones_replace_the_old_ones(robin: Account, phone: Telephone, app: Flask) -> None:
    head = robin.sign_in()
    page = head.send(head.get("/account/recovery-codes"), code=phone.code())
    new = [each.get_text() for each in page.soup.select(".compact-codes li")]

    assert len(set(new)) == 10
    assert not set(new) & set(phone.recovery)
    visitor, page = second_step(app)
    assert visitor.send(page, code=phone.recovery[0]).summary == [NOT_RIGHT]
    assert visitor.send(page, code=new[0]).address == "/"


def test_recovery_codes_are_stored_as_hashes_alone(robin: Account, phone: Telephone) -> None:
    with robin.world.session() as session:
        stored = session.scalars(select(RecoveryCode.code_hash)).all()

    plain = {each.replace("-", "") for each in phone.recovery}
    assert len(stored) == 10
    assert not plain & set(stored)


def test_removing_it_makes_its_codes_worthless(robin: Account, phone: Telephone, app: Flask) -> None:
    head = robin.sign_in()
    page = head.send(head.get("/account/authenticator/remove"), code=phone.recovery[9])

    assert page.banner == ["Your authenticator app is removed. Its codes are worth nothing from now on."]
    assert Visitor(app).sign_in(EMAIL, making.PASSWORD).address == "/"
    robin_id = robin.person_id
    with robin.world.session() as session:
        assert second_factor.is_right(session, robin_id, phone.recovery[0], making.NOW) is None


@pytest.mark.parametrize("address", ["/account/authenticator/remove", "/account/recovery-codes"])
def test_whoever_finds_an_open_sign_in_cannot_change_it_without_the_app(
    robin: Account, phone: Telephone, address: str
) -> None:
    """ASVS 7.5.1: proved once more, however lately the sign-in was; and guessing is counted."""
    head = robin.sign_in()
    typed = ("", phone.wrong_code(), "aaaaa-aaaaa")

    said = [head.send(head.get(address), code=each).summary for each in typed]
    guessed = [head.send(head.get(address), code=phone.wrong_code()).status for _ in range(10)]

    assert said[0] == ["Enter the code that the app shows, or one of your recovery codes"]
    assert said[1] == said[2] == [NOT_RIGHT]
    assert guessed[0] == 200
    assert guessed[-1] == 429
    person = robin.person_id
    with robin.world.session() as session:
        assert second_factor.has_one(session, person)
        assert second_factor.codes_left(session, person) == 10


@pytest.mark.parametrize("address", ["/account/authenticator/remove", "/account/recovery-codes"])
def test_without_one_there_is_nothing_to_change(robin: Account, address: str) -> None:
    head = robin.sign_in()

    assert head.get(address).h1 == head.post(address, {"code": "123456"}).h1 == "Set up an authenticator app"


def test_an_officer_who_removes_it_sets_up_another_before_anything_else(
    officer: Visitor, robin: Account, visit: Callable[[str], Visitor]
) -> None:
    app_of_officer = with_authenticator(robin.world, OFFICER)
    proved, elsewhere = visit(OFFICER), visit(OFFICER)
    assert proved.get(robin.page).status == 200

    proved.send(proved.get("/account/authenticator/remove"), code=app_of_officer.code())

    for browser in (proved, elsewhere):
        assert browser.get(robin.page).h1 == "Set up an authenticator app"


def test_a_new_role_asks_for_it_at_the_next_request(robin: Account, app: Flask, phone: Telephone) -> None:
    """Promoted in the middle of a session that one proof began."""
    head = enter_once_proved(Visitor(app), robin.world, EMAIL)
    assert head.get(robin.page).status == 200
    robin_id = robin.person_id
    with robin.world.session() as session:
        store.add_membership(session, robin_id, Grant(Role.ADMINISTRATOR))
        session.commit()

    page = head.get(f"{robin.page}/check")
    assert page.h1 == "Enter the code of your authenticator app"
    assert head.send(page, code=phone.wrong_code()).summary == [NOT_RIGHT]
    assert head.send(page, code=phone.code()).address == f"{robin.page}/check"
    assert noted(robin.world) == ["second factor failed", "second factor proved"]


def test_guessing_there_is_throttled(robin: Account, app: Flask, phone: Telephone) -> None:
    head = enter_once_proved(Visitor(app), robin.world, EMAIL)
    page = head.get("/account/authenticator")
    for _ in range(5):
        assert head.send(page, code=phone.wrong_code()).status == 200

    page = head.send(page, code=phone.code())

    assert (page.status, page.summary) == (
        429,
        ["There were too many tries. Wait 15 minutes, then try again"],
    )
