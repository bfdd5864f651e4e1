"""How every command ends: 0 done; 1 with the mistakes listed on stderr and nothing changed; 2 wrong usage."""

from collections.abc import Iterable
from typing import Any

import click
from sqlalchemy.orm import Session

from compact import db, migrating
from config import Refused


class InputMistakes(Exception):  # noqa: N818 - it is what it says
    """The input has mistakes; nothing was changed. Each is one line with its place."""

    def __init__(self, mistakes: Iterable[object]) -> None:
        self.lines = [str(mistake) for mistake in mistakes]
        super().__init__("\n".join(self.lines))


class Commands(click.Group):
    """A group whose commands end with 1 when one of `refusals` is raised, its text on stderr."""

    refusals: tuple[type[Exception], ...] = (InputMistakes, Refused)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except self.refusals as refused:
            click.echo(str(refused), err=True)
            ctx.exit(1)


def database() -> Session:
    """The command's session. Raises Refused when the database is not up to date."""
    if not migrating.is_current(db.engine()):
        raise Refused("The database is not up to date. Run: compact db upgrade")
    return db.session()


def writing() -> Session:
    """The command's session, in a transaction that writes; the command commits it."""
    database()
    return db.writing()
