"""Error pages: plain words, nothing of anybody's, and nothing that could fail a second time."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, make_url, text

from compact import db
from tests import making
from tests.school import School

from .conftest import Stored

SECRET_EVIDENCE = "What we found about the pupils in the spring"


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
    from compact.returns import store

    def fails(*_: object) -> None:
        raise RuntimeError("made up")

    head = school.head()
    page = head.get(school.address("/standards/4"))
    before = stored()
    monkeypatch.setattr(store, "touch", fails)

    after = head.send(page, bullying_grade="good", bullying_evidence=SECRET_EVIDENCE)

    assert (after.status, after.h1) == (500, "Something went wrong")
    assert stored() == before


def test_a_fault_is_logged_once_with_its_address(
    school: School, served: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("made up")

    head = school.head()
    monkeypatch.setattr(db, "session", fails)

    head.open(school.address())

    (record,) = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert record.getMessage() == f"Exception on {school.address()} [GET]"


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
