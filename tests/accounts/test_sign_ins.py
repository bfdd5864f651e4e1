"""Sign-ins in force: a token each, dead after sign-out, an idle hour, twelve hours, roles as they are."""

import hashlib
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from compact.accounts.models import Membership, Person, SignIn
from compact.accounts.rules import LONGEST_IDLE, LONGEST_SIGN_IN
from tests import making
from tests.pages import Visitor

from .conftest import EMAIL, Account, Clock


def cookie(visitor: Visitor) -> str:
    """The session cookie as this browser holds it."""
    found = visitor.client.get_cookie("session")
    assert found is not None
    return found.value


def token(visitor: Visitor) -> str:
    with visitor.client.session_transaction() as session:
        return str(session["_user_id"])


def replayed(app: Flask, value: str) -> Visitor:
    """Another browser that holds a copy of the cookie."""
    visitor = Visitor(app)
    visitor.client.set_cookie("session", value)
    return visitor


def test_each_sign_in_has_a_token_of_its_own(robin: Account) -> None:
    first, second = token(robin.sign_in()), token(robin.sign_in())

    assert first != second
    assert min(len(first), len(second)) >= 40


def test_only_a_tokens_hash_is_stored(robin: Account) -> None:
    held = token(robin.sign_in())

    assert robin.tokens() == {hashlib.sha256(held.encode()).hexdigest()}


def test_what_is_stored_is_no_key_by_itself(robin: Account, app: Flask) -> None:
    robin.sign_in()
    (stored,) = robin.tokens()
    thief = Visitor(app)
    with thief.client.session_transaction() as session:
        session["_user_id"] = stored

    assert thief.get(robin.page).title == "Sign in"


def test_the_cookie_is_dead_after_signing_out_even_when_it_is_replayed(robin: Account, app: Flask) -> None:
    visitor = robin.sign_in()
    copy = cookie(visitor)
    before = replayed(app, copy).get(robin.page).status

    page = visitor.send(visitor.get("/"), selector="header form")

    assert (before, page.banner) == (200, ["You have signed out."])
    assert replayed(app, copy).get(robin.page).title == "Sign in"
    assert robin.tokens() == set()


def test_signing_out_in_one_browser_leaves_the_other_signed_in(robin: Account) -> None:
    at_school, at_home = robin.sign_in(), robin.sign_in()
    at_school.send(at_school.get("/"), selector="header form")

    assert at_home.get(robin.page).status == 200


def test_signing_in_again_ends_the_sign_in_that_the_browser_came_with(robin: Account, app: Flask) -> None:
    """ASVS 7.2.4. The page was left open while somebody signed in with the same browser."""
    visitor = robin.sign_in()
    copy = cookie(visitor)
    visitor.post("/sign-in", {"email": EMAIL, "password": making.PASSWORD})

    assert visitor.get(robin.page).status == 200
    assert replayed(app, copy).get(robin.page).title == "Sign in"
    assert len(robin.tokens()) == 1


def test_nothing_of_an_earlier_session_is_left_after_signing_in(robin: Account, app: Flask) -> None:
    """A cookie that was planted before, with its token for forms, is worth nothing afterwards."""
    visitor = Visitor(app)
    with visitor.client.session_transaction() as session:
        session["planted"] = "before"
    form = visitor.token()
    visitor.sign_in(EMAIL, making.PASSWORD)

    with visitor.client.session_transaction() as session:
        assert "planted" not in session
    refused = visitor.client.post(f"{robin.page}/profile", data={"csrf_token": form})
    assert refused.status_code == 400


def test_a_sign_in_ends_after_an_idle_hour_and_not_before(robin: Account, clock: Clock) -> None:
    """ASVS 7.3.1, M4: a computer that somebody left."""
    visitor = robin.sign_in()

    clock.pass_by(minutes=59, seconds=59)
    just_before = visitor.get(robin.page).status
    clock.pass_by(minutes=60)

    assert timedelta(hours=1) == LONGEST_IDLE
    assert just_before == 200
    assert visitor.get(robin.page).title == "Sign in"


def test_using_it_keeps_a_sign_in_but_for_no_longer_than_twelve_hours(robin: Account, clock: Clock) -> None:
    """ASVS 7.3.2."""
    visitor = robin.sign_in()
    seen = []
    for _ in range(14):
        clock.pass_by(minutes=55)
        seen.append(visitor.get(robin.page).title)

    assert timedelta(hours=12) == LONGEST_SIGN_IN
    assert seen.index("Sign in") == 13


def test_that_somebody_is_there_is_written_down_once_a_minute_at_the_most(
    robin: Account, clock: Clock
) -> None:
    def written() -> str:
        with robin.world.session() as session:
            return str(session.scalar(select(SignIn.seen_at)))

    visitor, seen = robin.sign_in(), []
    for _ in range(3):
        clock.pass_by(seconds=30)
        visitor.get(robin.page)
        seen.append(written())

    assert len(set(seen)) == 2
    assert seen[0] != seen[1] == seen[2]


def test_a_sign_in_that_is_over_is_cleared_away_by_the_next_one(robin: Account, clock: Clock) -> None:
    robin.sign_in()
    clock.pass_by(hours=13)

    assert len(robin.tokens()) == 1
    robin.visit("").sign_in(EMAIL, making.PASSWORD)
    assert len(robin.tokens()) == 1


def test_disabling_somebody_bites_at_the_next_request(robin: Account) -> None:
    visitor = robin.sign_in()
    with robin.world.session() as session:
        session.execute(update(Person).values(disabled_at=making.NOW))
        session.commit()

    assert visitor.get(robin.page).title == "Sign in"


def test_a_role_that_is_removed_is_gone_at_the_next_request(robin: Account) -> None:
    """A8: the page was open, the save comes after."""
    visitor = robin.sign_in()
    form = visitor.get(f"{robin.page}/standards/4")
    with robin.world.session() as session:
        session.execute(delete(Membership))
        session.commit()

    assert visitor.send(form, bullying_grade="good").status == 404
    assert visitor.get(robin.page).status == 404
    assert visitor.get("/").text.startswith("Home Nothing waits for you")


def test_a_role_that_is_lowered_reads_and_no_longer_saves(robin: Account) -> None:
    visitor = robin.sign_in()
    form = visitor.get(f"{robin.page}/standards/4")
    with robin.world.session() as session:
        session.execute(update(Membership).values(role="reader"))
        session.commit()

    assert visitor.send(form, bullying_grade="good").status == 404
    page = visitor.get(f"{robin.page}/standards/4")
    assert page.status == 200
    assert page.soup.select("main form") == []


def test_ending_the_sign_in_on_the_server_bites_at_the_next_request(robin: Account) -> None:
    visitor = robin.sign_in()
    with robin.world.session() as session:
        session.execute(delete(SignIn))
        session.commit()

    assert visitor.get(robin.page).title == "Sign in"


def test_a_made_up_cookie_is_no_sign_in(robin: Account, app: Flask) -> None:
    for value in ("", "x", "e30.aaaa.bbbb", "a" * 4_000):
        assert replayed(app, value).get(robin.page).title == "Sign in"


def test_a_cookie_that_was_changed_is_no_sign_in(robin: Account, app: Flask) -> None:
    held = cookie(robin.sign_in())
    changed = held[:9] + ("A" if held[9] != "A" else "B") + held[10:]

    assert replayed(app, changed).get(robin.page).title == "Sign in"


def test_reading_changes_nothing_that_anyone_entered(robin: Account) -> None:
    visitor = robin.sign_in()
    with robin.world.session() as session:
        before = session.execute(select(SignIn.token_hash, SignIn.started_at)).all()
    visitor.get(robin.page)
    with robin.world.session() as session:
        assert session.execute(select(SignIn.token_hash, SignIn.started_at)).all() == before


def test_the_cookie_stays_small(robin: Account) -> None:
    """Browsers drop a cookie of more than 4,096 bytes without a word."""
    assert len(cookie(robin.sign_in())) < 1_000


def test_the_database_keeps_a_sign_in_only_of_somebody_who_is_there(robin: Account) -> None:
    row = SignIn(
        token_hash="x" * 64,
        person_id=999_999,
        started_at=making.NOW,
        seen_at=making.NOW,
        proved_by="password",
        proved_twice=False,
        agent="",
    )
    with robin.world.session() as session:
        session.add(row)
        with pytest.raises(IntegrityError):
            session.commit()
