"""Error pages: plain words, nothing of anybody's, and nothing that could fail a second time."""

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask, abort
from sqlalchemy import Engine, event, make_url, text
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from compact import db
from tests import making
from tests.pages import Page, Visitor
from tests.school import School

from .conftest import Stored

SECRET_EVIDENCE = "What we found about the pupils in the spring"


@pytest.fixture
def engine(own_engine: Engine) -> Engine:
    """These tests disturb how it connects."""
    return own_engine


@pytest.fixture
def gone(engine: Engine, database: str, tmp_path: Path) -> Iterator[None]:
    """The database is not there any more: its file is moved away, or its tables are."""
    engine.dispose()
    url = make_url(database)
    if url.get_backend_name() == "sqlite":
        assert url.database is not None
        Path(url.database).rename(tmp_path / "moved.db")
        yield
        return
    with making.changing(engine) as connection:
        connection.execute(text("ALTER SCHEMA public RENAME TO moved"))
    engine.dispose()
    yield


@pytest.fixture
def served(app: Flask) -> Flask:
    """The application as it is served: a fault becomes a page."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def test_an_unknown_address_is_a_page_that_leads_home(school: School) -> None:
    for visitor in (school.visit(""), school.head()):
        page = visitor.open("/no/such/page")

        assert (page.status, page.h1) == (404, "Page not found")
        assert page.link("start from your home page")["href"] == "/"


def test_a_method_that_an_address_does_not_take_is_a_page_and_names_those_it_takes(school: School) -> None:
    head = school.head()
    for address, method, allowed in (
        ("/sign-out", "GET", {"POST", "OPTIONS"}),
        (school.address("/check"), "POST", {"GET", "HEAD", "OPTIONS"}),
        (school.address("/standards/4"), "PUT", {"GET", "HEAD", "OPTIONS", "POST"}),
        (school.address(), "DELETE", {"GET", "HEAD", "OPTIONS"}),
    ):
        page = head.open(address, method)

        assert (page.status, page.h1) == (405, "This page cannot be opened that way")
        assert set(page.response.allow) == allowed


def test_who_may_not_see_a_thing_learns_its_methods_and_no_more(school: School) -> None:
    stranger = school.visit("")

    known, unknown = stranger.open(school.address(), "DELETE"), stranger.open("/returns/999999", "DELETE")

    assert (known.status, known.text) == (unknown.status, unknown.text)


def test_without_a_database_the_health_page_and_the_statements_still_answer(
    app: Flask, request: pytest.FixtureRequest
) -> None:
    client = app.test_client()
    request.getfixturevalue("gone")

    assert [client.get(each).status_code for each in ("/health", "/accessibility", "/privacy")] == [200] * 3


def test_without_a_database_a_page_says_whose_fault_it_is(
    school: School, served: Flask, request: pytest.FixtureRequest
) -> None:
    head, stranger = school.head(), school.visit("")
    request.getfixturevalue("gone")

    for visitor, address in (
        (head, "/"),
        (head, school.address()),
        (stranger, "/sign-in"),
        (head, "/privacy"),
    ):
        page = visitor.open(address)

        assert (page.status, page.h1) == (500, "Something went wrong")
        assert "This is our fault, not yours. Nothing was changed" in page.text
        assert page.response.headers["Cache-Control"] == "no-store"


def test_a_fault_page_holds_nothing_of_the_fault_or_of_anybody(
    school: School, served: Flask, request: pytest.FixtureRequest
) -> None:
    head = school.head()
    request.getfixturevalue("gone")

    page = head.open(school.address())

    for word in (
        "Robin",
        "Larkfield",
        "Error",
        "SELECT",
        "sqlite",
        "psycopg",
        "Traceback",
        ".py",
        "no such table",
    ):
        assert word not in page.response.text


def test_a_fault_while_saving_leaves_everything_as_it_was(
    school: School, served: Flask, monkeypatch: pytest.MonkeyPatch, stored: Callable[[], Stored]
) -> None:
    """The fault comes after the answers were written and before they were committed."""
    from compact.returns import views

    def fails(*_: object) -> None:
        raise RuntimeError("made up")

    head = school.head()
    page = head.get(school.address("/standards/4"))
    before = stored()
    monkeypatch.setattr(views, "keys_with_action", fails)

    after = head.send(page, bullying_grade="good", bullying_evidence=SECRET_EVIDENCE)

    assert (after.status, after.h1) == (500, "Something went wrong")
    assert stored() == before


def test_a_fault_is_logged_once_without_its_address(
    school: School, served: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """M3: an address may hold the token of an invitation."""

    def fails(*_: object) -> None:
        raise RuntimeError("made up")

    head = school.head()
    monkeypatch.setattr(db, "session", fails)

    head.open(school.address())

    (record,) = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert '"what":"fault"' in record.getMessage()
    assert school.address() not in caplog.text


def test_the_log_of_a_fault_holds_nothing_of_what_was_typed(
    school: School, served: Flask, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """M3: a database's refusal would quote the row that it refused."""
    head = school.head()
    page = head.get(school.address("/standards/4"))
    with making.changing(engine) as connection:
        connection.execute(text("DROP TABLE answer_history"))

    after = head.send(
        page, bullying_grade="good", bullying_evidence=SECRET_EVIDENCE, pupil_voice_grade="good"
    )

    assert after.status == 500
    assert caplog.text
    assert SECRET_EVIDENCE not in caplog.text


def test_a_fault_while_saving_gives_back_what_was_typed(
    school: School, served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from compact.returns import views

    def fails(*_: object) -> None:
        raise RuntimeError("made up")

    head = school.head()
    page = head.get(school.address("/standards/4"))
    monkeypatch.setattr(views, "keys_with_action", fails)

    after = head.send(page, bullying_grade="good", bullying_evidence=SECRET_EVIDENCE)

    assert after.status == 500
    assert given_back(after) == [SECRET_EVIDENCE]


def given_back(page: Page) -> list[str]:
    return [each.get_text() for each in page.soup.select("main .compact-typed")]


@pytest.fixture
def unreachable(engine: Engine) -> Iterator[None]:
    """No connection can be made: PostgreSQL does not answer, or SQLite's folder is gone."""

    def elsewhere(_dialect: object, _record: object, where: list[str], how: dict[str, object]) -> None:
        if where:
            where[0] = "/nowhere/at/all.db"
        else:
            how["host"], how["port"] = "127.0.0.1", 1

    engine.dispose()
    event.listen(engine, "do_connect", elsewhere)
    yield
    event.remove(engine, "do_connect", elsewhere)


def test_while_the_database_is_out_of_reach_a_page_says_when_to_try_again(
    school: School, served: Flask, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    """K7: an honest error, and the same where an error page asks for the database in vain."""
    head, stranger = school.head(), school.visit("")
    request.getfixturevalue("unreachable")

    for visitor, address in (
        (head, "/"),
        (head, school.address()),
        (stranger, "/sign-in"),
        (head, "/no/page"),
    ):
        page = visitor.open(address)

        assert (page.status, page.h1) == (503, "Try again in a minute")
        assert "Nothing that was saved is lost" in page.text
        assert page.response.headers["Retry-After"] == "60"
        assert page.response.headers["Cache-Control"] == "no-store"
        assert page.one("main strong").get_text() in caplog.text
        assert given_back(page) == []


def test_a_save_while_the_database_is_out_of_reach_gives_the_text_back(
    school: School, served: Flask, request: pytest.FixtureRequest
) -> None:
    """K7, B13: where the answer to a commit is lost nobody knows whether it was saved; the page says so."""
    head = school.head()
    page = head.get(school.address("/standards/4"))
    request.getfixturevalue("unreachable")

    after = head.send(page, bullying_grade="good", bullying_evidence=SECRET_EVIDENCE)

    assert (after.status, after.h1) == (503, "Try again in a minute")
    assert "most likely not saved" in after.text
    assert given_back(after) == [SECRET_EVIDENCE]


def test_a_save_that_cannot_have_the_lock_gives_the_text_back(
    school: School, served: Flask, engine: Engine, database: str, stored: Callable[[], Stored]
) -> None:
    """K1: somebody holds the write lock, or the row, for longer than anybody would wait."""
    head = school.head()
    page = head.get(school.address("/standards/4"))
    before = stored()
    engine.dispose()
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout = 50"))
    else:
        event.listen(engine, "connect", lambda raw, _: raw.execute("SET lock_timeout = 50"))
    other = db.make_engine(database)
    with making.changing(other) as holding:
        holding.execute(text("UPDATE return SET number = number"))

        after = head.send(page, bullying_grade="good", bullying_evidence=SECRET_EVIDENCE)

    other.dispose()
    assert (after.status, given_back(after)) == (503, [SECRET_EVIDENCE])
    assert stored() == before
    assert head.get(school.address("/standards/4")).status == 200


def test_a_pool_without_a_free_connection_is_the_same(
    school: School, served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_free(*_: object) -> None:
        raise NoConnectionFree("made up")

    head = school.head()
    monkeypatch.setattr(db, "session", none_free)

    assert head.open(school.address()).status == 503


def test_too_many_tries_is_a_page_that_asks_nothing_of_the_database(
    app: Flask, request: pytest.FixtureRequest
) -> None:
    for wait, words in ((None, "in a few minutes."), (60, "in 1 minute."), (61, "in 2 minutes.")):
        app.view_functions["notices.privacy"] = lambda wait=wait: abort(429, retry_after=wait)
        if wait == 61:
            request.getfixturevalue("gone")

        page = Visitor(app).open("/privacy")

        assert (page.status, page.h1) == (429, "Too many tries")
        assert f"Nothing was changed. Try again {words}" in page.text
        assert page.response.headers.get("Retry-After") == (str(wait) if wait else None)
        assert "Set-Cookie" not in page.response.headers


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        (403, "We could not use what was sent"),
        (410, "We could not use what was sent"),
        (415, "We could not use what was sent"),
        (422, "We could not use what was sent"),
        (501, "Something went wrong"),
        (502, "Something went wrong"),
        (503, "Try again in a minute"),
    ],
)
def test_every_other_error_has_plain_words_too(app: Flask, status: int, heading: str) -> None:
    app.view_functions["notices.privacy"] = lambda: abort(status)

    page = Visitor(app).open("/privacy")

    assert (page.status, page.h1) == (status, heading)


def test_an_error_page_that_fails_is_still_an_answer(
    served: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The last resort: without it the server's own log would quote the address."""

    def fails(*_: object, **__: object) -> NoReturn:
        raise RuntimeError(SECRET_EVIDENCE)

    monkeypatch.setattr("compact.web.errors._drawn", fails)
    served.view_functions["notices.privacy"] = fails
    served.testing = False

    answer = served.test_client().get("/privacy?token=of-a-mail")

    assert answer.status_code == 500
    assert answer.text.startswith("Something went wrong. This is our fault, not yours.")
    assert answer.headers["Cache-Control"] == "no-store"
    (reference,) = re.findall("reference: ([0-9a-f]{16})", answer.text)
    assert f'"request":"{reference}"' in caplog.text
    assert SECRET_EVIDENCE not in caplog.text
    assert "of-a-mail" not in caplog.text


def test_a_secret_is_not_given_back_whatever_its_field_is_called(
    school: School, served: Flask, request: pytest.FixtureRequest
) -> None:
    names = (
        "password",
        "new-password",
        "password_again",
        "Password",
        "recovery-code",
        "token",
        "client_secret",
    )
    head = school.head()
    request.getfixturevalue("unreachable")

    page = head.open(school.address("/profile"), "POST", data=dict.fromkeys(names, "Seven Dwarfs!"))

    assert (page.status, given_back(page)) == (503, [])
