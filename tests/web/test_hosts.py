"""E8: any name but our own is answered by a page that reads nothing, and no link is made from a request."""

import json
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from compact import create_app
from config import Settings
from tests import making
from tests.pages import Visitor

from .conftest import in_production

OURS = "https://compact.example.org"
FOREIGN = (
    "evil.example",
    "compact.example.org.evil.example",
    "evil-compact.example.org",
    "www.compact.example.org",
    "compact.example.org@evil.example",
    "compact.example.org:99999",
    "compact.example.org evil.example",
    "localhost.evil.example",
    "192.0.2.1",
    "[::1]",
    "",
    "-",
    "é.example",
)


def build(settings: Settings, engine: Engine) -> Flask:
    return create_app(settings, editions={making.EDITION: making.edition()}, engine=engine)


@pytest.fixture(scope="module")
def built() -> dict[str, Flask]:
    """The application as it runs behind one proxy, by the kind of its database."""
    return {}


@pytest.fixture
def production(built: dict[str, Flask], settings: Settings, engine: Engine) -> Flask:
    kind = engine.dialect.name
    if kind not in built:
        built[kind] = build(replace(in_production(settings), base_url=OURS, proxies=1), engine)
    built[kind].extensions["compact.engine"] = engine
    return built[kind]


# An empty header of a proxy is as none.
SAID = [("Host", host) for host in FOREIGN] + [("X-Forwarded-Host", host) for host in FOREIGN if host]


@pytest.mark.parametrize(("header", "host"), SAID)
def test_another_name_gets_a_page_that_says_the_address(
    production: Flask, engine: Engine, header: str, host: str
) -> None:
    visitor, asked = Visitor(production), {"Host": "compact.example.org", header: host}
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *about: statements.append(about[2]))

    for address in ("/sign-in", "/", "/returns/1", "/nothing", "/sign-in?next=//evil.example"):
        page = visitor.open(address, headers=asked, follow=False)

        assert (page.status, page.h1) == (400, "The Compact has another address")
        assert page.one("main a")["href"] == OURS
        assert host == "-" or not host or host not in page.response.text.replace(OURS, "")
        assert "Set-Cookie" not in page.response.headers
        assert "Location" not in page.response.headers
        assert page.response.headers["Cache-Control"] == "no-store"
    assert statements == []


def test_a_post_to_another_name_is_not_taken(production: Flask) -> None:
    page = Visitor(production).open(
        "/sign-in", "POST", data={"email": "a@b.example", "password": "x"}, headers={"Host": "evil.example"}
    )

    assert (page.status, page.h1) == (400, "The Compact has another address")


def test_without_a_trusted_proxy_its_header_means_nothing(settings: Settings, engine: Engine) -> None:
    app = build(replace(in_production(settings), base_url=OURS, proxies=0), engine)
    said = {
        "Host": "compact.example.org",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "host=evil.example",
    }

    answer = app.test_client().get("/returns/1", headers=said)

    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/returns/1")


@pytest.mark.parametrize(
    "host", ["compact.example.org", "compact.example.org:443", "compact.example.org:8443"]
)
def test_our_own_name_is_answered_and_stands_in_no_link(production: Flask, host: str) -> None:
    """A port that somebody made up reaches no link either."""
    client = production.test_client()
    said = {"Host": host, "X-Forwarded-Proto": "https"}

    assert client.get("/returns/1", headers=said).location == "/sign-in?next=/returns/1"
    page = client.get("/sign-in", headers=said)
    assert page.status_code == 200
    assert "compact.example.org" not in page.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:8000", "127.0.0.1:8123"])
@pytest.mark.parametrize("environment", ["development", "demo", "test", "production"])
def test_a_developers_machine_is_known_by_its_own_names_as_well(
    settings: Settings, engine: Engine, environment: str, host: str
) -> None:
    app = build(replace(in_production(settings), environment=environment, base_url=OURS), engine)

    status = app.test_client().get("/sign-in", headers={"Host": host}).status_code

    assert status == (400 if environment == "production" else 200)


@pytest.mark.parametrize("host", [*FOREIGN, "10.0.0.7:8000"])
def test_the_health_page_answers_to_any_name(production: Flask, host: str) -> None:
    """A load balancer asks each machine by its address, and one of HTTP/1.0 by none at all."""
    answer = production.test_client().get("/health", headers={"Host": host, "X-Forwarded-Host": host})

    assert (answer.status_code, json.loads(answer.data)) == (200, {"status": "ok"})
    assert "Set-Cookie" not in answer.headers


def test_no_other_page_is_reached_by_way_of_it(production: Flask) -> None:
    for path in ("/health/", "/health/../sign-in", "/health;/sign-in", "/Health", "//health"):
        answer = production.test_client().get(
            "/", headers={"Host": "evil.example"}, environ_overrides={"PATH_INFO": path}
        )
        assert answer.status_code == 400, path
