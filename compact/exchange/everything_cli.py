"""`compact export` and `compact import`: everything out in open formats, and in again."""

import os
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import click
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from compact import db, migrating
from compact.web.cli import InputMistakes, database, writing
from compact.web.clock import now
from config import Refused, Settings

from . import archive, exporting, importing, target
from .cli import on_a_terminal
from .manifest import Manifest
from .open_format import leaving


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write everything in open formats, but for credentials, sessions and tokens.

    FILE is a ZIP file with a line of JSON for each row of each table, a list of contents with their hashes,
    and an explanation. It holds the database as it is at one moment, also while it is in use.
    """
    database()
    if file.exists():
        raise Refused(f"{file} is there already: choose another name; no export is overwritten.")
    try:
        manifest = _export_whole(file)
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.") from None
    click.echo(f"Exported {manifest.rows:,} rows of {len(manifest.tables)} tables to {file}", err=True)


def _export_whole(file: Path) -> Manifest:
    """Write beside the file, readable to its owner alone, and give it its name when it is whole."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            manifest = _export(opened)
            opened.flush()
            os.fsync(descriptor)
        part.rename(file)
    except BaseException:
        part.unlink()
        raise
    return manifest


def _export(opened: IO[bytes]) -> Manifest:
    with db.at_one_moment(db.engine()) as connection:
        length = exporting.size(connection)
        with click.progressbar(length=length, label="Exporting rows", **on_a_terminal()) as bar:
            return exporting.export(connection, opened, now(), bar.update)


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--dry-run", is_flag=True, help="Check everything, also against the database, and change nothing."
)
@click.option("--accept-broken", is_flag=True, help="Take in a trail or sign-offs that do not verify.")
def import_everything(file: Path, dry_run: bool, accept_broken: bool) -> None:
    """Take in what `compact export` wrote, into an empty database.

    Everything is checked, and where there is a mistake nothing is changed. FILE is taken in by the release
    of the Compact that wrote it. People come without their passwords.
    """
    session = writing()
    target.make_ready(session)
    with archive.opened(file) as opened:
        listed = _undamaged(session, opened)
        with click.progressbar(length=listed.rows, label="Importing rows", **on_a_terminal()) as bar:
            _refuse(importing.bring_in(session, opened, listed, bar.update))
    _refuse_demo(session)
    broken = importing.broken_chains(session)
    if broken and not accept_broken:
        _refuse([*broken, "If it is so where it was exported too, --accept-broken takes it in as it is."])
    for each in broken:
        click.echo(each, err=True)
    if dry_run:
        session.rollback()
    else:
        target.count_on(session)
        session.commit()
    click.echo(f"rows {listed.rows}, tables {len(listed.tables)}")


def _undamaged(session: Session, opened: zipfile.ZipFile) -> Manifest:
    listed = archive.contents(opened, leaving(), migrating.revision(session.connection()))
    with click.progressbar(length=listed.bytes, label="Checking hashes", **on_a_terminal()) as bar:
        _refuse(archive.damage(opened, listed.tables, bar.update))
    return listed


def _refuse(mistakes: Sequence[str]) -> None:
    if mistakes:
        raise InputMistakes(mistakes)


def _refuse_demo(session: Session) -> None:
    settings: Settings = current_app.extensions["compact.settings"]
    if session.scalar(select(db.Installation.is_demo)) and not settings.allows_demo:
        raise Refused(
            "This export holds the demo, whose people everyone knows, so production refuses it. "
            "Nothing was changed."
        )
