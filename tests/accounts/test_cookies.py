"""The session cookie: out of reach of scripts, of other sites and, over TLS, of plain connections."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine

from compact import create_app
from config import Settings
from tests import making

from .conftest import EMAIL, Account

SECURE = "https://compact.example.org"


@pytest.fixture
def secure_app(settings: Settings, engine: Engine) -> Flask:
    """The application as it is served over TLS."""
    app = create_app(
        replace(settings, base_url=SECURE), editions={making.EDITION: making.edition()}, engine=engine
    )
    app.config["CLOCK"] = lambda: making.NOW
    app.testing = True
    return app


def set_cookie(app: Flask, base_url: str) -> str:
    """The header with which the sign-in page gives a browser its cookie."""
    response = app.test_client().get("/sign-in", base_url=base_url)
    (header,) = response.headers.getlist("Set-Cookie")
    return header


def attributes(header: str) -> set[str]:
    return {part.strip() for part in header.split(";")[1:]}


def test_over_tls_the_cookie_is_secure_and_bound_to_this_host(secure_app: Flask) -> None:
    header = set_cookie(secure_app, SECURE)

    assert header.startswith("__Host-session=")
    assert attributes(header) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_without_tls_the_cookie_has_all_that_it_can_have(app: Flask) -> None:
    header = set_cookie(app, "http://localhost")

    assert header.startswith("session=")
    assert attributes(header) == {"HttpOnly", "Path=/", "SameSite=Lax"}


def test_signing_in_works_over_tls(robin: Account, secure_app: Flask) -> None:
    client = secure_app.test_client()
    page = client.get("/sign-in", base_url=SECURE)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]

    def post(**headers: str) -> int:
        data = {"email": EMAIL, "password": making.PASSWORD, "csrf_token": token}
        return client.post("/sign-in", base_url=SECURE, data=data, headers=headers).status_code

    assert post(Referer="https://evil.example/sign-in") == 400
    assert post() == 400
    assert post(Referer=f"{SECURE}/sign-in") == 302
    assert client.get(robin.page, base_url=SECURE).status_code == 200


def test_a_page_that_asks_for_nothing_gives_no_cookie(app: Flask) -> None:
    for address in ("/health", "/accessibility", "/privacy"):
        assert app.test_client().get(address).headers.getlist("Set-Cookie") == []
