"""The Compact: from a questionnaire file to a signed return to what a sector learnt."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Flask
from sqlalchemy import Engine

import config
from config import Settings

from . import db, tables
from .access import scope
from .questionnaire.values import Edition

# Whoever writes a row has the tables that it refers to.
__all__ = ["create_app", "create_bare_app", "tables"]


def create_app(
    settings: Settings | None = None,
    *,
    editions: Mapping[str, Edition] | None = None,
    engine: Engine | None = None,
) -> Flask:
    """The web application. Raises Refused, or Mistakes when a questionnaire has any."""
    # A command needs no page, and to take in every room's pages takes longer than most commands.
    from .application import create

    return create(settings, editions=editions, engine=engine)


def create_bare_app(settings: Settings, *, engine: Engine | None = None) -> Flask:
    """Settings and database alone: what the commands need."""
    app = Flask(__name__, template_folder=str(config.ROOT / "templates"))
    secure = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key or "made up for this process alone",
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
    )
    app.extensions["compact.settings"] = settings
    db.init_app(app, engine or db.make_engine(settings.database_url))
    scope.init_app(app)
    return app
