"""`compact review` and `compact inspections`: what the desk's queue is made of."""

from collections.abc import Mapping
from pathlib import Path

import click

from compact.cycles import store as cycle_store
from compact.inspections import ofsted_schools
from compact.inspections import store as inspected
from compact.inspections.rules import Plan, plan
from compact.organisations import store as organisations
from compact.organisations.gias import REGISTER
from compact.web.cli import InputMistakes, database, writing

from . import again
from .inspected import look_at_inspected


@click.group()
def review() -> None:
    """The queue of returns that officers read."""


@review.command(name="look-again")
@click.argument("cycle")
def look_again(cycle: str) -> None:
    """Work out the reasons to look at the signed returns of CYCLE again, all of them or none.

    For a round that was signed before there were reasons to look, or before a rule was what it is now. What
    officers have made of a return stays as it is: begun, decided, told, and every moderated grade. Run twice,
    it changes nothing the second time.

    The last line on stdout counts the returns: looked at L, changed C.
    """
    session = writing()
    row = cycle_store.cycle_by_name(session, cycle)
    if row is None:
        raise InputMistakes([f"CYCLE: there is no cycle named {cycle}"])
    looked = again.look_again(session, row.id)
    session.commit()
    click.echo(f"looked at {looked.returns}, changed {looked.changed}")


@click.group()
def inspections() -> None:
    """What inspectorates found, as they said it."""


@inspections.command(name="import")
@click.option("--source", type=click.Choice([ofsted_schools.SOURCE]), required=True, help="Whose file it is.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def import_inspections(source: str, file: Path, dry_run: bool) -> None:
    """Bring in the results of a source's FILE for the organisations that are known.

    ofsted-schools: the management information “latest inspections” of state-funded schools, joined on the
    URN. Report cards, inspections graded without an overall grade and those with one are each kept as Ofsted
    said it, with the safeguarding line; no grade is worked out. A result without a day is left out.

    The last line on stdout counts every row: added A, changed C, unchanged U, left out L, refused R. A word
    that Ofsted never used before refuses the whole file, and all mistakes are listed. An inspection that is
    known and that the file does not hold stays, and an older report never takes the place of a newer one.
    Signed returns with which an inspection disagrees say so in the officers' queue from then on.
    """
    session = database()
    known = inspected.organisations_by_identifier(session, REGISTER)
    reading = ofsted_schools.read(file, frozenset(known))
    session = session if dry_run else writing()
    if not dry_run:
        organisations.lock_for_import(session)
    planned = plan(reading, known, inspected.known_inspections(session, source))
    if reading.undated:
        click.echo(f"left out for want of a day, with judgements: {reading.undated}", err=True)
    if dry_run:
        _show(planned, {organisation: urn for urn, organisation in known.items()})
    else:
        inspected.carry_out(session, source, planned.kept)
        look_at_inspected(session, {each.organisation_id for each in planned.kept})
        session.commit()
    click.echo(planned.counts)


def _show(planned: Plan, identifiers: Mapping[int, str]) -> None:
    """What an import would write, one inspection a line, on stderr."""
    for each in planned.kept:
        word = "would add" if each.instead_of is None else "would change"
        urn, on = identifiers[each.organisation_id], each.inspection.on
        click.echo(f"{word}: {REGISTER}:{urn} inspected on {on:%d/%m/%Y}", err=True)
    click.echo("This was a dry run: nothing was changed.", err=True)
