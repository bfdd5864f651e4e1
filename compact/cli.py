"""The `compact` command: every room's commands in one place."""

from importlib import import_module
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

import config

from . import create_bare_app, db, migrating
from .access import scope
from .questionnaire.marked import Mistakes
from .web.cli import Commands

# Where each command is. Only the one that is asked for is taken in: all of them take as long as its work.
COMMANDS = {
    "analyse": "analysis.cli:analyse",
    "backup": "exchange.cli:backup",
    "compare": "analysis.compare_cli:compare",
    "cycles": "cycles.cli:cycles",
    "demo": "demo.cli:demo",
    "export": "exchange.everything_cli:export",
    "import": "exchange.everything_cli:import_everything",
    "inspections": "review.cli:inspections",
    "mail": "mail.cli:mail",
    "organisations": "organisations.cli:organisations",
    "partnerships": "organisations.cli:partnerships",
    "people": "accounts.cli:people",
    "questionnaires": "questionnaire.cli:questionnaires",
    "reminders": "desk.cli:reminders",
    "report": "reports.cli:report",
    "returns": "exchange.cli:returns",
    "review": "review.cli:review",
    "serve": "serving:serve",
    "trail": "sign_off.cli:trail",
}
# Commands of a group that a room above the group's own brings.
BROUGHT = {
    "cycles": ("analysis.cli:show_cycle",),
    "organisations": ("desk.links_cli:link",),
    "people": ("exchange.person_cli:export_person", "exchange.person_cli:forget_person"),
}


class Compact(Commands):
    refusals = (*Commands.refusals, Mistakes)

    def invoke(self, context: click.Context) -> Any:
        """A database that cannot be used now is told in a line; what a command had begun there is undone."""
        try:
            return super().invoke(context)
        except (DBAPIError, NoConnectionFree) as error:
            if not db.is_out_of_reach(error):
                raise
            why, *_ = str(getattr(error, "orig", None) or error).strip().splitlines()
            click.echo(f"The database cannot be used now: {why}", err=True)
            click.echo(f"DATABASE_URL says {db.engine().url.render_as_string(hide_password=True)}", err=True)
            context.exit(1)

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), *COMMANDS})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return super().get_command(context, name)
        command = _taken_in(COMMANDS[name])
        if isinstance(command, click.Group):
            for each in BROUGHT.get(name, ()):
                command.add_command(_taken_in(each))
        return command


def _taken_in(place: str) -> click.Command:
    room, _, name = place.partition(":")
    command: click.Command = getattr(import_module(f"compact.{room}"), name)
    return command


@click.group(cls=Compact)
@click.pass_context
def main(context: click.Context) -> None:
    """The Safeguarding and Early Help Compact: questionnaires, returns, analysis and learning summaries.

    Exit codes: 0 done; 1 the input has mistakes, all on stderr, and nothing was changed; 2 wrong usage.
    """
    app = create_bare_app(config.from_environment())
    context.call_on_close(app.extensions["compact.engine"].dispose)
    context.with_resource(app.app_context())
    scope.everything("who can run this command can read the database anyway")


@main.group(name="db")
def database() -> None:
    """The database itself."""


@database.command()
def upgrade() -> None:
    """Bring the database up to date."""
    if Path(db.engine().url.database or "").parent == config.INSTANCE:
        config.INSTANCE.mkdir(exist_ok=True)
    migrating.upgrade(db.engine())
    click.echo("The database is up to date.", err=True)
