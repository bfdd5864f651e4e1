"""`compact organisations link`: who took over from whom, and what passes on with it."""

from pathlib import Path

import click

from compact.organisations import gias, links, succession_store
from compact.organisations import store as organisations
from compact.trail import store as trail
from compact.web.cli import database, writing
from compact.web.clock import now, today

from .taking_over import take_over


@click.command()
@click.option("--register", type=click.Choice(["gias"]), required=True, help="Whose file it is.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def link(register: str, file: Path, dry_run: bool) -> None:  # noqa: ARG001 # there is one so far
    """Say from FILE which school took over from which, such as an academy from the school that it was.

    From that day the people of the successor have the returns, actions and sign-offs of the school before,
    the people of the school are its people, and it takes the place of the school in each round that is open
    where the school has not signed. Links of schools that are not known here are left out. The last line on
    stdout counts every row.
    """
    database()
    said = links.read(str(file), file.read_bytes())
    session = database() if dry_run else writing()
    if not dry_run:
        organisations.lock_for_import(session)
    kept = succession_store.successions(session)
    ids, closed_on = succession_store.ids_of(session, gias.REGISTER)
    planned = links.plan(said, ids, kept, closed_on, today())
    for note in said.notes:
        click.echo(note, err=True)
    if dry_run:
        click.echo("This was a dry run: nothing was changed.", err=True)
    else:
        succession_store.carry_out(session, planned, kept)
        take_over(session, today(), now())
        for (old, new), each in {**planned.added, **planned.changed}.items():
            detail = {"by_organisation": new, "since": each.on.isoformat()}
            trail.record(
                session, "organisation succeeded", f"organisation {old}", by=None, at=now(), **detail
            )
        session.commit()
    click.echo(planned.counts)
