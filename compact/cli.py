"""The `compact` command: every room's commands in one place."""

import click

import config

from . import create_bare_app, db, migrating
from .access import scope
from .accounts.cli import people
from .analysis.cli import analyse, show_cycle
from .cycles.cli import cycles
from .demo.cli import demo
from .exchange.cli import backup, returns
from .exchange.everything_cli import export, import_everything
from .exchange.person_cli import export_person, forget_person
from .mail.cli import mail
from .organisations.cli import organisations, partnerships
from .questionnaire.cli import questionnaires
from .questionnaire.marked import Mistakes
from .reports.cli import report
from .serving import serve
from .sign_off.cli import trail
from .web.cli import Commands


class Compact(Commands):
    refusals = (*Commands.refusals, Mistakes)


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
    config.INSTANCE.mkdir(exist_ok=True)
    migrating.upgrade(db.engine())
    click.echo("The database is up to date.", err=True)


cycles.add_command(show_cycle)
people.add_command(export_person)
people.add_command(forget_person)
for command in (
    analyse,
    backup,
    cycles,
    demo,
    mail,
    export,
    import_everything,
    organisations,
    partnerships,
    people,
    questionnaires,
    report,
    returns,
    serve,
    trail,
):
    main.add_command(command)
