"""Bringing a database up to date, and asking whether it is.

Alembic is imported where it is used: every command would start an eighth of a second later for it.
"""

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from config import ROOT

from .db import to_write

if TYPE_CHECKING:
    from alembic.config import Config


def upgrade(engine: Engine) -> None:
    """Run what is missing, in one transaction."""
    from alembic import command

    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            # A rebuilt table would otherwise take its rows' children with it. This cannot be set inside a
            # transaction, so it is said to the driver before one begins.
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.execution_options(**to_write(engine.dialect)).begin():
                command.upgrade(_config(connection), "head")
        finally:
            if sqlite:
                connection.connection.cursor().execute("PRAGMA foreign_keys = ON")


def is_current(engine: Engine) -> bool:
    """Whether every migration of this release has run."""
    with engine.connect() as connection:
        return revision(connection) == _newest()


@cache
def _newest() -> str | None:
    """The last migration of this release. All of its files are read for that, which takes a while."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config(None)).get_current_head()


def revision(connection: Connection) -> str | None:
    """The last migration that ran; None for a database that none ran on."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: object) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
