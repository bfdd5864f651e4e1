"""`compact analyse` and `compact cycles show`: the findings as tables."""

import json
from collections.abc import Sequence

import click
from sqlalchemy.orm import Session

from compact import db
from compact.cycles import editions
from compact.cycles import store as cycle_store
from compact.cycles.store import CycleRow
from compact.documents.tables import Cell, as_table, to_csv
from compact.organisations import store as organisations
from compact.organisations.rules import PHASES
from compact.web.cli import InputMistakes, database

from .counting import grade_counts, standard_counts
from .cuts import WHOLE, Cut, phases_in
from .findings import IndicatorFinding, SectorFindings, StandardFinding, find, findings_of
from .recompute import differences, recount
from .responses import parts_of, response_by_sector
from .rules import share

HEAD = ("sector", "standard", "indicator", "title", "graded", "weak", "share", "flagged")
SectorCut = tuple[str | None, Cut]  # of a round: a sector, or all of them, and a cut of it
Found = tuple[tuple[SectorFindings, ...], list[str]]
RESPONSE_HEAD = ("sector", "due", "received", "rate")


@click.command()
@click.argument("cycle_name", metavar="CYCLE")
@click.option("--partnership", help="As this partnership sees it, with its exceptions.")
@click.option("--sector", help="One sector only.")
@click.option("--phase", help="Schools of one phase only.")
@click.option("--by", type=click.Choice(["indicator", "standard"]), default="indicator", show_default=True)
@click.option("--threshold", type=click.IntRange(0, 99), help="Instead of the cycle's own.")
@click.option("--recompute", is_flag=True, help="From the raw answers; ends with 1 where results differ.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
def analyse(
    cycle_name: str,
    partnership: str | None,
    sector: str | None,
    phase: str | None,
    by: str,
    threshold: int | None,
    recompute: bool,
    form: str,
) -> None:
    """What each sector of a cycle reports: weak of graded, the share, and whether it is flagged.

    With --recompute it prints what the raw answers give, counted once more; each count that the results kept
    at sign-off have otherwise is a line on stderr.
    """
    cycle = the_cycle(cycle_name)
    of = the_partnership(cycle, partnership) if partnership else None
    part = the_part(cycle, of, sector, phase)
    work_out = _recomputed if recompute else _kept
    found, differing = work_out(cycle, of, threshold, part)
    print_rows(HEAD, [_row(each) for findings in found for each in _findings(findings, by)], form)
    if differing:
        raise InputMistakes(differing)


def _kept(cycle: CycleRow, partnership: int | None, threshold: int | None, part: SectorCut) -> Found:
    """The findings; nothing is held against them."""
    sector, cut = part
    edition = editions.edition(cycle.edition)
    found = find(
        database(), cycle, edition, partnership=partnership, sector=sector, threshold=threshold, cut=cut
    )
    return found, []


def _recomputed(cycle: CycleRow, partnership: int | None, threshold: int | None, part: SectorCut) -> Found:
    """The findings from the raw answers, and where the counts are others; all of one moment."""
    database()
    edition = editions.edition(cycle.edition)
    with db.at_one_moment(db.engine()) as connection, Session(connection) as session:
        counts = grade_counts(session, cycle.id, partnership, *part)
        standards = standard_counts(session, cycle.id, partnership, *part)
        responses = response_by_sector(session, cycle, partnership, part[1])
        recounted = recount(session, cycle, edition, partnership, *part)
    found = findings_of(
        cycle,
        edition,
        recounted.grades,
        recounted.standards,
        responses,
        sector=part[0],
        threshold=threshold,
    )
    return found, differences(edition, counts, standards, recounted)


@click.command(name="show")
@click.argument("cycle_name", metavar="NAME")
@click.option("--format", "form", type=click.Choice(["table", "csv"]), default="table", show_default=True)
def show_cycle(cycle_name: str, form: str) -> None:
    """How many of each sector were due and have signed."""
    cycle = the_cycle(cycle_name)
    responses = response_by_sector(database(), cycle, None)
    rows = [
        (setting, response.due, response.received, _text(share(response.received, response.due)))
        for setting in editions.edition(cycle.edition).settings
        if (response := responses.get(setting)) is not None
    ]
    print_rows(RESPONSE_HEAD, rows, form)


def the_cycle(name: str) -> CycleRow:
    """The cycle of that name. Raises InputMistakes."""
    cycle = cycle_store.cycle_by_name(database(), name)
    if cycle is None:
        raise InputMistakes([f"CYCLE: there is no cycle named {name}"])
    return cycle


def the_partnership(cycle: CycleRow, name: str) -> int:
    """The id of a partnership that runs the cycle. Raises InputMistakes."""
    row = organisations.partnership_by_name(database(), name)
    if row is None or row.id not in cycle.partnerships:
        raise InputMistakes([f"--partnership: no partnership named {name} runs {cycle.name}"])
    return row.id


def the_sector(cycle: CycleRow, sector: str) -> str:
    """The sector, if the cycle asks it. Raises InputMistakes."""
    if sector not in cycle.settings:
        raise InputMistakes(
            [f"SECTOR: {cycle.name} does not ask {sector}; it asks {', '.join(cycle.settings)}"]
        )
    return sector


def the_part(cycle: CycleRow, partnership: int | None, sector: str | None, phase: str | None) -> SectorCut:
    """The sector, and of it the phase, if there are any such. Raises InputMistakes."""
    one = the_sector(cycle, sector) if sector else None
    if phase is None:
        return one, WHOLE
    parts = parts_of(database(), [cycle.id], partnership, one)
    having = sorted({each.sector for each in parts if each.phase == phase})
    if not having:
        known = ", ".join(phases_in(parts, PHASES)) or "none"
        raise InputMistakes(
            [f"--phase: nobody that {cycle.name} asks has the phase {phase}; the phases are: {known}"]
        )
    return having[0], Cut(phase=phase)


def _findings(findings: SectorFindings, by: str) -> Sequence[IndicatorFinding | StandardFinding]:
    return findings.indicators if by == "indicator" else findings.standards


def _row(finding: IndicatorFinding | StandardFinding) -> tuple[Cell, ...]:
    if isinstance(finding, IndicatorFinding):
        key, title = finding.indicator.key, finding.indicator.asked
    else:
        key, title = "", finding.title
    counts = (finding.graded, finding.weak, _text(finding.share), "yes" if finding.is_flagged else "no")
    return (finding.sector, finding.standard, key, title, *counts)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def print_rows(head: Sequence[str], rows: Sequence[Sequence[Cell]], form: str) -> None:
    if form == "csv":
        click.echo(to_csv(head, rows).replace("\r\n", "\n"), nl=False)
    elif form == "json":
        click.echo(
            json.dumps([dict(zip(head, row, strict=True)) for row in rows], ensure_ascii=False, indent=1)
        )
    else:
        click.echo(as_table(head, rows))
