"""Behind a proxy the client's address and the scheme come from it; without one nobody's word is believed."""

from dataclasses import replace

import pytest
from flask import Flask, request
from sqlalchemy import Engine

from compact import create_app
from compact.web import proxies
from config import Settings
from tests import making

SAID = {
    "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "compact.example.org",
}


def seen(count: int) -> tuple[str | None, str, str]:
    """The client, scheme and host that an application behind so many proxies believes in."""
    app = Flask("tests")
    proxies.init_app(app, count)
    found: list[tuple[str | None, str, str]] = []

    @app.get("/")
    def page() -> str:
        found.append((request.remote_addr, request.scheme, request.host))
        return ""

    app.test_client().get("/", headers=SAID, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    return found[0]


def test_without_a_proxy_nothing_forwarded_is_believed() -> None:
    assert seen(0) == ("192.0.2.1", "http", "localhost")


def test_one_proxy_is_believed_for_the_address_that_it_added() -> None:
    assert seen(1) == ("198.51.100.7", "https", "compact.example.org")


def test_two_proxies_are_believed_for_two() -> None:
    assert seen(2)[0] == "203.0.113.9"


def test_an_address_that_a_client_made_up_is_not_believed() -> None:
    """A client can write the header before the proxy adds to it; only the last entry is the proxy's."""
    assert seen(1)[0] != "203.0.113.9"


@pytest.mark.parametrize("count", [0, 1])
def test_the_setting_reaches_the_application(settings: Settings, engine: Engine, count: int) -> None:
    app = create_app(
        replace(settings, proxies=count), editions={making.EDITION: making.edition()}, engine=engine
    )
    schemes: list[str] = []
    app.before_request(lambda: schemes.append(request.scheme))

    app.test_client().get("/privacy", headers={"X-Forwarded-Proto": "https"})

    assert schemes == ["https" if count else "http"]
