"""`compact demo`: the made-up partnership, in an empty database."""

import click
from flask import current_app
from sqlalchemy import select

from compact.cycles import editions
from compact.documents.tables import to_csv
from compact.organisations.models import Partnership
from compact.web.cli import database, writing
from compact.web.clock import now
from config import Refused, Settings

from .loading import load
from .people import PASSWORD, PEOPLE


@click.command()
@click.option("--people", is_flag=True, help="Print who can sign in, as CSV, and load nothing.")
@click.option("--if-empty", is_flag=True, help="Do nothing when the database holds something already.")
def demo(people: bool, if_empty: bool) -> None:
    """Load the demo: made-up settings of every type, finished and open rounds, and people of each role."""
    settings: Settings = current_app.extensions["compact.settings"]
    if not settings.allows_demo:
        raise Refused(
            "The demo’s passwords are known to everyone, so production refuses it. Set COMPACT_ENV=demo."
        )
    if people:
        rows = [(person.role.value, person.place, person.email, PASSWORD) for person in PEOPLE]
        head = ("role", "organisation", "email", "password")
        click.echo(to_csv(head, rows).replace("\r\n", "\n"), nl=False)
        return
    if database().scalar(select(Partnership.id).limit(1)) is not None:
        if if_empty:
            return
        raise Refused("The database is not empty. Nothing was changed.")
    editions.editions()  # read before the write lock is taken
    session = writing()
    load(session, now(), settings.base_url)
    session.commit()
    click.echo("The demo is loaded. Who can sign in: compact demo --people", err=True)
