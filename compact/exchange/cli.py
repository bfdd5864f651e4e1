"""`compact returns import` and `compact backup`: in and out of the database."""

import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from compact import db
from compact.cycles import editions
from compact.cycles.store import CycleRow, cycle_by_name
from compact.documents.csv_reading import Mistake, read_csv
from compact.questionnaire.values import Edition
from compact.trail import store as trail
from compact.web.cli import InputMistakes, database, writing
from compact.web.clock import now
from config import Refused

from . import store
from .finished_returns import COLUMNS, FinishedReturn, read_returns


@click.group()
def returns() -> None:
    """Finished returns."""


@returns.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cycle", "cycle_name", metavar="NAME", required=True, help="The round they belong to.")
@click.option("--dry-run", is_flag=True, help="Check everything and change nothing.")
def import_returns(file: Path, cycle_name: str, dry_run: bool) -> None:
    """Take in finished returns from elsewhere, such as spreadsheets or earlier tools.

    FILE is CSV with the columns organisation, name, setting, indicator, grade, evidence and reason, a row
    for each answer. They count as signed and are marked as imported; the round may be closed.
    """
    cycle = cycle_by_name(database(), cycle_name)
    if cycle is None:
        raise InputMistakes([f"--cycle: there is no cycle named {cycle_name}"])
    edition = editions.edition(cycle.edition)
    finished, mistakes = _read(file, cycle, edition)
    changing = not (dry_run or mistakes)
    session = writing() if changing else database()
    if changing:
        store.lock(session, cycle)
    plan = store.plan(session, cycle, finished)
    mistakes += [Mistake(str(file), line, message) for line, message in plan.found]
    if mistakes:
        raise InputMistakes(sorted(mistakes))
    if plan.added and changing:
        _write(cycle, edition, plan)
        session.commit()
    click.echo(f"added {len(plan.added)}, unchanged {plan.unchanged}")


def _read(file: Path, cycle: CycleRow, edition: Edition) -> tuple[list[FinishedReturn], list[Mistake]]:
    sheet = read_csv(file, COLUMNS)
    with click.progressbar(sheet.rows, label="Reading rows", **on_a_terminal()) as rows:
        finished, found = read_returns(rows, edition, cycle.settings)
    if sheet.mistakes:  # a row that cannot be read may be of any organisation
        finished = [replace(each, is_whole=False) for each in finished]
    return finished, [*sheet.mistakes, *(sheet.mistake(line, message) for line, message in found)]


def _write(cycle: CycleRow, edition: Edition, plan: store.Plan) -> None:
    """Write what is planned, with one entry in the trail. The command commits."""
    session, at = db.session(), now()
    with click.progressbar(length=len(plan.added), label="Writing returns", **on_a_terminal()) as bar:
        for done in store.add_returns(session, cycle, edition, plan.added, at):
            bar.update(done)
    trail.record(
        session,
        "returns imported",
        f"cycle {cycle.id}",
        by=None,
        at=at,
        added=len(plan.added),
        unchanged=plan.unchanged,
    )


def on_a_terminal() -> dict[str, Any]:
    """How progress is shown: on stderr, for it is no data, and only where somebody looks at it."""
    return {"file": sys.stderr, "hidden": not sys.stderr.isatty(), "update_min_steps": 100}


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the database, also while it is in use (SQLite only)."""
    url = db.engine().url
    if url.get_backend_name() != "sqlite":
        raise click.UsageError(
            "compact backup copies SQLite alone; for PostgreSQL use pg_dump --format=custom --file=FILE."
        )
    if url.database is None or not Path(url.database).is_file():
        raise Refused(f"There is no database at {url.database} yet. Run: compact db upgrade")
    try:
        file.touch(mode=0o600, exist_ok=False)  # it holds password hashes
    except FileExistsError:
        raise Refused(f"{file} is there already: choose another name; no backup is overwritten.") from None
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.") from None
    try:
        _copy(url.database, file)
    except BaseException:
        file.unlink()
        raise
    click.echo(f"Copied to {file}", err=True)


def _copy(database: str, file: Path) -> None:
    """Copy what is committed at this moment, whoever else reads or writes."""
    with (
        closing(sqlite3.connect(database, timeout=db.SQLITE_WAIT_SECONDS)) as source,
        closing(sqlite3.connect(file)) as target,
    ):
        source.backup(target)
