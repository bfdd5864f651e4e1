"""M6: production does not start on what would be unsafe, and names all of it at once, each with its cure."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, update

from compact import create_app, create_bare_app, db
from compact.web.strictness import refusals
from config import Refused, Settings
from tests import making
from tests.conftest import SECRET

from .conftest import in_production

STRONG = "k3JvY2t5LXJvYWQtdG8tZGVzdGlueS1vZi1hLWtleQ"
# What Flask sets where nobody says otherwise, or what a slip of ours might: each is unsafe in production.
UNSAFE = {
    "SESSION_COOKIE_SECURE": False,
    "SESSION_COOKIE_HTTPONLY": False,
    "SESSION_COOKIE_SAMESITE": None,
    "PERMANENT_SESSION_LIFETIME": timedelta(days=31),
    "MAX_CONTENT_LENGTH": None,
    "MAX_FORM_MEMORY_SIZE": None,
    "MAX_FORM_PARTS": None,
    "MAX_COOKIE_SIZE": 0,
    "TRUSTED_HOSTS": None,
    "WTF_CSRF_ENABLED": False,
    "TESTING": True,
}


def build(settings: Settings, engine: Engine) -> Flask:
    return create_app(settings, editions={making.EDITION: making.edition()}, engine=engine)


def lacks(settings: Settings, engine: Engine) -> list[str]:
    """The first word of every line with which production refuses to start."""
    with pytest.raises(Refused) as refused:
        build(settings, engine)
    return [line.split()[0] for line in str(refused.value).splitlines()]


@pytest.mark.parametrize("secret", ["", "short", "x" * 31, "x" * 64, "ab" * 32, "123456789" * 8, STRONG[:31]])
def test_a_missing_or_weak_secret(settings: Settings, engine: Engine, secret: str) -> None:
    weak = replace(in_production(settings), secret_key=secret)

    assert lacks(weak, engine) == ["SECRET_KEY"]
    with pytest.raises(Refused, match=r"^SECRET_KEY is missing or weak.*secrets\.token_urlsafe"):
        build(weak, engine)


def test_a_strong_secret_is_taken(settings: Settings, engine: Engine) -> None:
    assert build(replace(in_production(settings), secret_key=STRONG), engine).config["SECRET_KEY"] == STRONG


def test_a_public_address_without_tls(settings: Settings, engine: Engine) -> None:
    plain = replace(in_production(settings), base_url="http://compact.example.org")

    assert lacks(plain, engine) == ["BASE_URL", "SESSION_COOKIE_SECURE"]
    with pytest.raises(Refused, match=r"BASE_URL does not begin with https://.*TLS.*https://compact\."):
        build(plain, engine)


def test_debugging(settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")

    assert lacks(in_production(settings), engine) == ["FLASK_DEBUG"]


@pytest.mark.parametrize("name", UNSAFE)
def test_a_setting_of_flask_that_is_unsafe(settings: Settings, engine: Engine, name: str) -> None:
    """Trust, section 1: read from the running application, so that none can be lost on the way."""
    app = build(in_production(settings), engine)
    assert refusals(app, in_production(settings)) == []

    app.config[name] = UNSAFE[name]

    (line,) = refusals(app, in_production(settings))
    assert name in line


def test_a_cookie_that_another_host_could_set(settings: Settings, engine: Engine) -> None:
    app = build(in_production(settings), engine)
    app.config["SESSION_COOKIE_NAME"] = "session"

    assert len(refusals(app, in_production(settings))) == 1


def test_everything_is_listed_at_once(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with making.changing(engine) as connection:
        connection.execute(update(db.Installation).values(is_demo=True))
    wrong = replace(settings, environment="production", secret_key="")

    assert lacks(wrong, engine) == ["SECRET_KEY", "BASE_URL", "SESSION_COOKIE_SECURE", "FLASK_DEBUG", "This"]


@pytest.mark.parametrize("environment", ["development", "demo", "test"])
def test_elsewhere_it_starts_as_it_is(
    settings: Settings, engine: Engine, environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")

    app = build(replace(settings, environment=environment, secret_key=""), engine)

    assert app.test_client().get("/sign-in").status_code == 200


def test_no_default_of_flask_that_is_unsafe_is_left(settings: Settings, engine: Engine) -> None:
    """Trust, section 1, the whole list, as it stands in a running application."""
    app = build(in_production(settings), engine)

    assert {name: app.config[name] for name in (*UNSAFE, "SECRET_KEY", "DEBUG", "SESSION_COOKIE_NAME")} == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 12 * 1024 * 1024,
        "MAX_FORM_PARTS": 2_000,
        "MAX_COOKIE_SIZE": 4_093,
        "TRUSTED_HOSTS": ["localhost"],
        "WTF_CSRF_ENABLED": True,
        "TESTING": False,
        "DEBUG": False,
        "SECRET_KEY": SECRET,
    }


def test_the_commands_need_no_secret(settings: Settings, engine: Engine) -> None:
    """They sign nothing; a timer's environment need not hold the key."""
    app = create_bare_app(replace(in_production(settings), secret_key=""), engine=engine)

    assert app.config["SECRET_KEY"]
