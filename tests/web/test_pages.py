"""Pages that stand on their own, and the health page, which needs nothing."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from tests.pages import Visitor
from tests.school import School

Visit = Callable[[str], Visitor]


@pytest.fixture
def statements(engine: Engine) -> list[str]:
    """Every statement that the application sends to its database."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    return seen


def test_the_health_page_makes_no_session_and_no_query(app: Flask, statements: list[str]) -> None:
    response = app.test_client().get("/health")

    assert (response.status_code, response.json) == (200, {"status": "ok"})
    assert "Set-Cookie" not in response.headers
    assert statements == []


def test_the_health_page_asks_nothing_even_with_somebodys_cookie(
    school: School, statements: list[str]
) -> None:
    head = school.head()
    statements.clear()

    head.client.get("/health")

    assert statements == []


@pytest.mark.parametrize("title", ["Accessibility statement", "Privacy"])
def test_everybody_finds_the_statements_at_the_foot_of_every_page(school: School, title: str) -> None:
    name = title.removesuffix(" statement")
    for visitor, address in ((school.visit(""), "/sign-in"), (school.head(), school.address())):
        page = visitor.get(address)
        assert visitor.get(str(page.link(name)["href"])).title == title


def test_a_stranger_reads_them_without_a_query(visit: Visit, statements: list[str]) -> None:
    stranger = visit("")
    statements.clear()

    assert stranger.get("/accessibility").status == 200
    assert stranger.get("/privacy").status == 200
    assert statements == []
