"""`compact people export` and `compact people forget`: a person's rights, on the command line."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from sqlalchemy.orm import Session

from compact.accounts import places, store
from compact.accounts.rules import PlaceKind
from compact.accounts.store import PersonRow
from compact.web.cli import InputMistakes, database, writing
from compact.web.clock import now

from .person import Needed, forget, held_about, mentions_of


@click.command(name="export")
@click.argument("email")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def export_person(email: str, out: Path | None) -> None:
    """Write everything held about a person as JSON.

    `mentioned` lists the texts in which their name or address stands. Those belong to others too: read them
    before you hand anything of them out.
    """
    session = database()
    row = _person(session, email)
    found = {
        **held_about(session, row, now()),
        "mentioned": [asdict(each) for each in mentions_of(session, row)],
    }
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")


@click.command(name="forget")
@click.argument("email")
@click.option("--dry-run", is_flag=True, help="Say where they are mentioned, and change nothing.")
def forget_person(email: str, dry_run: bool) -> None:
    """Remove a person. Signed records and the trail stay whole and keep a number in place of the name.

    Texts in which their name stands are listed on stderr: somebody has to look at each.
    """
    session = database()
    row = _person(session, email)
    for each in mentions_of(session, row):
        click.echo(f"mentioned in {each.table} {each.row}, {each.column}", err=True)
    if dry_run:
        click.echo("This was a dry run: nothing was changed.", err=True)
        return
    store.lock_members(writing(), PlaceKind.INSTALLATION, places.INSTALLATION_ID)
    try:
        forget(session, row, by=None, now=now())
    except Needed:
        needed = "is the only signatory of a place, or the only administrator: invite the next one first"
        raise InputMistakes([f"{email} {needed}"]) from None
    session.commit()


def _person(session: Session, email: str) -> PersonRow:
    row = store.person_by_email(session, email)
    if row is None:
        raise InputMistakes([f"EMAIL: nobody has the address “{email}”"])
    return row
