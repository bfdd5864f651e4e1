"""`compact people`: inviting one, inviting a list, and helping somebody who lost the authenticator."""

import sys
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.access.values import Grant, Role
from compact.organisations.models import Organisation
from compact.organisations.rules import LOCAL, LONGEST_NAME, is_email, one_line, wrong_text
from compact.organisations.store import partnership_by_name
from compact.trail import security
from compact.trail.security import Seen
from compact.web.cli import InputMistakes, database, writing
from compact.web.clock import now

from . import contacts, invitations, second_factor, sessions, store
from .invitations import NewInvitation
from .rules import ROLES, PlaceKind, grant_in


@click.group()
def people() -> None:
    """Who may do what: invitations, and help for those who are locked out."""


@people.command()
@click.argument("email")
@click.option("--organisation", metavar="REGISTER:IDENTIFIER", help="The organisation, such as GIAS:116192.")
@click.option("--partnership", metavar="NAME", help="The partnership, by its name.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", default="", help="The person’s name; without it, the address stands for it.")
@click.option("--job-title", default="", help="What they are there, such as Headteacher.")
def invite(
    email: str, organisation: str | None, partnership: str | None, role: str, name: str, job_title: str
) -> None:
    """Invite somebody by e-mail: to an organisation, to a partnership, or as an administrator."""
    session = database()
    address, wrong = store.address_of(email), []
    if not is_email(address):
        wrong.append(f"EMAIL: “{email}” is not an e-mail address")
    for option, what, text in (("--name", "name", name), ("--job-title", "job title", job_title)):
        if message := wrong_text(what, one_line(text), LONGEST_NAME):
            wrong.append(f"{option}: {message}")
    if wrong:
        raise InputMistakes(wrong)
    grant = _grant(session, organisation, partnership, Role(role), one_line(job_title) or None)
    new = NewInvitation(address, one_line(name) or address, grant)
    invitations.invite(writing(), new, by=None, base_url=_base_url(), now=now())
    session.commit()
    click.echo("The invitation is in the outbox: compact mail send sends it.", err=True)


@people.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partnership", metavar="NAME", required=True, help="Whose organisations the list is about.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def import_contacts(file: Path, partnership: str, dry_run: bool) -> None:
    """Invite everybody of a list: organisation,email,name,role and, if there, job_title.

    The organisation is REGISTER:IDENTIFIER. The last line on stdout counts: invited I, there already T.
    """
    session = database() if dry_run else writing()
    partnership_id = _partnership(session, partnership)
    if not dry_run:
        contacts.lock(session, partnership_id)
    found = contacts.read(session, str(file), file.read_bytes(), partnership_id, now())
    if not dry_run:
        with click.progressbar(found.new, label="Inviting", file=sys.stderr) as waiting:
            for new in waiting:
                invitations.invite(session, new, by=None, base_url=_base_url(), now=now())
        session.commit()
    else:
        click.echo("This was a dry run: nobody was invited.", err=True)
    click.echo(f"invited {len(found.new)}, there already {found.there}")


@people.command(name="forget-authenticator")
@click.argument("email")
def forget_authenticator(email: str) -> None:
    """Let somebody in who lost the authenticator and its recovery codes; they set a new one up."""
    session = database()
    found = store.person_by_email(session, email)
    if found is None:
        raise InputMistakes([f"EMAIL: nobody has the address “{email}”"])
    writing()
    second_factor.remove(session, found.id)
    sessions.end_all(session, found.id)
    on_the_machine = Seen("command", "")
    about = f"person {found.id}"
    security.note(
        session, "authenticator removed by a command", on_the_machine, by=None, at=now(), about=about
    )
    session.commit()


def _grant(
    session: Session, organisation: str | None, partnership: str | None, role: Role, job_title: str | None
) -> Grant:
    """The role in its place. Raises UsageError when the options do not say one place, InputMistakes."""
    if organisation and partnership:
        raise click.UsageError("Give --organisation or --partnership, not both.")
    if organisation:
        kind, place = PlaceKind.ORGANISATION, _organisation(session, organisation)
    elif partnership:
        kind, place = PlaceKind.PARTNERSHIP, _partnership(session, partnership)
    else:
        kind, place = PlaceKind.INSTALLATION, 0
    if role not in ROLES[kind]:
        here = ", ".join(ROLES[kind])
        raise click.UsageError(f"--role {role} does not go with that place: use {here}.")
    return grant_in(kind, place, role, job_title)


def _organisation(session: Session, reference: str) -> int:
    register, _, identifier = reference.partition(":")
    rows = session.scalars(
        select(Organisation.id).where(
            Organisation.register == (LOCAL if register.casefold() == LOCAL else register),
            Organisation.identifier == identifier,
        )
    ).all()
    if len(rows) != 1:
        many = "more than one organisation" if rows else "no organisation"
        raise InputMistakes([f"--organisation: there is {many} with “{reference}”"])
    return rows[0]


def _partnership(session: Session, name: str) -> int:
    found = partnership_by_name(session, name)
    if found is None:
        raise InputMistakes([f"--partnership: there is no partnership named “{name}”"])
    return found.id


def _base_url() -> str:
    address: str = current_app.extensions["compact.settings"].base_url
    return address.rstrip("/")
