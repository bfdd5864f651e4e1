"""What the tests of bad input look at: everything that is stored, before and after."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine

from compact import create_app
from compact.tables import metadata
from config import Settings
from tests import making
from tests.making import World

# Sign-ins come and go with the visitors, and refusals are written down; all else is what somebody entered.
NOT_ENTERED = {"session", "security_log", "sign_in_attempt", "sign_in_step"}

Stored = Mapping[str, list[tuple[object, ...]]]


@pytest.fixture
def stored(world: World) -> Callable[[], Stored]:
    """Every row of every table, to be held against a later look."""

    def stored() -> Stored:
        with world.session() as session:
            return {
                table.name: sorted((tuple(row) for row in session.execute(table.select())), key=repr)
                for table in metadata.sorted_tables
                if table.name not in NOT_ENTERED
            }

    return stored


def in_production(settings: Settings) -> Settings:
    """The same settings as production takes them: with the address of a web server that has TLS."""
    return replace(settings, environment="production", base_url="https://localhost")


@pytest.fixture
def secure_app(settings: Settings, engine: Engine) -> Flask:
    """The application as it is served over TLS."""
    over_tls = replace(settings, base_url="https://compact.example.org")
    app = create_app(over_tls, editions={making.EDITION: making.edition()}, engine=engine)
    app.config["CLOCK"] = lambda: making.NOW
    app.testing = True
    return app
