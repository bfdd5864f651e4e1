"""`compact partnerships` and `compact organisations`: who is asked, typed in or from the registers' files."""

from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app

from compact.questionnaire.reading import read_editions
from compact.trail import store as trail
from compact.web.cli import InputMistakes, database, writing
from compact.web.clock import now, today

from . import store
from .importing import Importing
from .registers import CHILDCARE, LOCAL, REGISTERS, Place, Source, read
from .rules import LONGEST_NAME, Plan, is_area, is_email, one_line, wrong_text
from .store import PartnershipRow


@click.group()
def partnerships() -> None:
    """The partnerships that this installation serves."""


@partnerships.command(name="add")
@click.argument("name")
@click.option(
    "--area", "areas", multiple=True, required=True, metavar="CODE", help="Such as 851; may be repeated."
)
@click.option("--contact-name", default="", help="Whom organisations turn to.")
@click.option("--contact-email", default="")
@click.option("--contact-phone", default="")
def add_partnership(
    name: str, areas: tuple[str, ...], contact_name: str, contact_email: str, contact_phone: str
) -> None:
    """Add a partnership and the local authority areas that it answers for, by their three-digit codes."""
    name, codes = one_line(name), list(dict.fromkeys(area.strip() for area in areas))
    session = writing()
    mistakes = [
        *_wrong_name(name, store.partnerships(session)),
        *_wrong_codes(codes),
        *_taken(codes, store.partnerships(session)),
        *_wrong_contact(contact_name, contact_email, contact_phone),
    ]
    if mistakes:
        raise InputMistakes(mistakes)
    store.add_partnership(
        session,
        name,
        codes,
        contact_name=one_line(contact_name) or None,
        contact_email=contact_email.strip() or None,
        contact_phone=one_line(contact_phone) or None,
    )
    session.commit()
    click.echo(f"Added {name}, which answers for {', '.join(codes)}", err=True)


@partnerships.command(name="set")
@click.argument("name")
@click.option(
    "--two-people-sign",
    "wanted",
    type=click.Choice(["yes", "no"]),
    required=True,
    help="Whether whoever wrote or changed an answer of a return is kept from signing it.",
)
def set_partnership(name: str, wanted: str) -> None:
    """Change how a partnership wants its returns signed. It holds at once, also for returns in progress."""
    session = writing()
    partnership = store.partnership_by_name(session, one_line(name))
    if partnership is None:
        raise InputMistakes([f"NAME: there is no partnership named {one_line(name)}"])
    if store.set_two_people_sign(session, partnership.id, wanted=wanted == "yes"):
        trail.record(
            session,
            "partnership set",
            f"partnership {partnership.id}",
            by=None,
            at=now(),
            two_people_sign=wanted,
        )
        session.commit()
        click.echo(f"{partnership.name}: two people sign: {wanted}", err=True)
    else:
        click.echo(f"{partnership.name}: two people sign: {wanted}, as before", err=True)


@click.group()
def organisations() -> None:
    """The schools, settings and bodies that are asked."""


@organisations.command(name="import")
@click.option("--register", type=click.Choice(REGISTERS), required=True, help="Whose file it is.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--area",
    "areas",
    multiple=True,
    metavar="CODE",
    help="Take these areas alone, such as 851; by default those of all partnerships. May be repeated.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="TYPE",
    help="Of ofsted-childcare: take providers of this type alone, such as childminder. May be repeated.",
)
@click.option("--close-many", is_flag=True, help="Close also more than 5 in 100 open ones of an area.")
@click.option("--older", is_flag=True, help="Take also a file that is older than the one before.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def import_organisations(
    register: str,
    file: Path,
    areas: tuple[str, ...],
    only: tuple[str, ...],
    close_many: bool,
    older: bool,
    dry_run: bool,
) -> None:
    """Add, change and close organisations from a register's FILE.

    gias: the extract of all schools. Open ones come in, closed ones close a known one, and one that the
    file does not hold stays. ofsted-childcare: Ofsted's list of childcare providers, all but childminders.
    local: identifier,name,setting,areas and, if there, register, phase, trust, postcode, contact; several
    areas are parted by |. One mistake refuses the whole file, and all mistakes are listed. The last line on
    stdout counts every row: added A, changed C, closed D, unchanged U, left out L, refused R.
    """
    if only and register != CHILDCARE:
        raise click.UsageError(f"--only is for --register {CHILDCARE}")
    session = database()
    there = store.partnerships(session)
    wanted = _wanted(areas, there)
    source = Source(register, str(file), file.read_bytes(), only)
    reading = read(source, Place(wanted, there, _settings() if register == LOCAL else ()))
    session = session if dry_run else writing()
    if not dry_run:
        store.lock_for_import(session)
    importing = Importing.of(session, reading, register, today())
    for note in [*reading.notes, *importing.left_alone(wanted)]:
        click.echo(note, err=True)
    stopped = _stops(importing, str(file), older=older, close_many=close_many)
    if dry_run:
        _show(importing.plan)
        click.echo(importing.plan.counts)
    if stopped:
        raise InputMistakes(stopped)
    if not dry_run:
        importing.carry_out(session, now())
        session.commit()
        click.echo(importing.plan.counts)


def _stops(importing: Importing, file: str, *, older: bool, close_many: bool) -> list[str]:
    """What speaks against the import, but for what was said to be right."""
    stops = [] if older else [f"{file}: {each}: give --older all the same" for each in importing.older]
    if not close_many:
        stops += [f"{file}: {each}: give --close-many if so" for each in importing.closing]
    return stops


def _settings() -> tuple[str, ...]:
    """The setting types that any edition knows."""
    editions = read_editions(current_app.extensions["compact.settings"].questionnaires)
    return tuple(dict.fromkeys(setting for edition in editions.values() for setting in edition.settings))


def _wanted(areas: Sequence[str], there: Sequence[PartnershipRow]) -> frozenset[str]:
    """The areas whose rows are taken. Raises InputMistakes."""
    codes = [area.strip() for area in areas] or [area for row in there for area in row.areas]
    mistakes = _wrong_codes(codes)
    if not codes:
        mistakes.append("There is no partnership yet: add one with compact partnerships add, or give --area")
    if mistakes:
        raise InputMistakes(mistakes)
    return frozenset(codes)


def _show(planned: Plan) -> None:
    """What an import would do to known organisations, one a line, on stderr."""
    for word, changes in (("would change", planned.changed), ("would close", planned.closed)):
        for each in changes:
            key = each.organisation.key
            name = f"{key.register}:{key.identifier} {each.organisation.state.name}"
            click.echo(f"{word}: {name} ({', '.join(each.fields)})", err=True)
    click.echo("This was a dry run: nothing was changed.", err=True)


def _wrong_name(name: str, there: Sequence[PartnershipRow]) -> list[str]:
    if not name:
        return ["NAME: give the partnership a name"]
    wrong = wrong_text("name", name, LONGEST_NAME)
    if wrong:
        return [f"NAME: {wrong}"]
    same = next((row.name for row in there if row.name.casefold() == name.casefold()), None)
    return [f"NAME: there is a partnership named {same} already"] if same else []


def _wrong_codes(codes: Sequence[str]) -> list[str]:
    return [f"--area: “{code}” is not a three-digit code, such as 851" for code in codes if not is_area(code)]


def _taken(codes: Sequence[str], there: Sequence[PartnershipRow]) -> list[str]:
    return [
        f"--area: {row.name} answers for {code} already"
        for code in codes
        for row in there
        if code in row.areas
    ]


def _wrong_contact(name: str, email: str, phone: str) -> list[str]:
    texts = (("--contact-name", one_line(name)), ("--contact-phone", one_line(phone)))
    wrong = [(option, wrong_text("text", text, LONGEST_NAME)) for option, text in texts]
    mistakes = [f"{option}: {message}" for option, message in wrong if message]
    if email.strip() and not is_email(email.strip()):
        mistakes.append(f"--contact-email: “{email}” is not an e-mail address")
    return mistakes
