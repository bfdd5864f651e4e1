"""The health page, which needs nothing."""

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from tests.school import School


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
