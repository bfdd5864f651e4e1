"""`compact returns import` and `compact backup`: in and out of the database."""

import sqlite3
from pathlib import Path

import click

from compact import db
from config import Refused


@click.group()
def returns() -> None:
    """Finished returns."""


@returns.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cycle", "cycle_name", required=True, metavar="NAME", help="The round they belong to.")
@click.option("--dry-run", is_flag=True, help="Check everything and change nothing.")
def import_returns(file: Path, cycle_name: str, dry_run: bool) -> None:
    """Take in finished returns from elsewhere: spreadsheets, earlier tools."""
    raise NotImplementedError


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the database, also while it is in use (SQLite only)."""
    url = db.engine().url
    if url.get_backend_name() != "sqlite":
        raise click.UsageError("compact backup copies SQLite alone; use pg_dump for PostgreSQL.")
    if file.exists():
        raise Refused(f"{file} is there already: choose another name, so that no backup is overwritten.")
    source, target = sqlite3.connect(str(url.database)), sqlite3.connect(file)
    with target:
        source.backup(target)
    source.close()
    target.close()
    click.echo(f"Copied to {file}", err=True)
