"""`compact analyse` and `compact cycles show`: the findings as tables."""

import json
from collections.abc import Sequence

import click

from compact.cycles import editions
from compact.cycles import store as cycle_store
from compact.cycles.store import CycleRow
from compact.documents.tables import Cell, as_table, to_csv
from compact.organisations import store as organisations
from compact.web.cli import InputMistakes, database

from .findings import IndicatorFinding, SectorFindings, StandardFinding, find
from .responses import response_by_sector
from .rules import share

HEAD = ("sector", "standard", "indicator", "title", "graded", "weak", "share", "flagged")
RESPONSE_HEAD = ("sector", "due", "received", "rate")


@click.command()
@click.argument("cycle_name", metavar="CYCLE")
@click.option("--partnership", help="As this partnership sees it, with its exceptions.")
@click.option("--sector", help="One sector only.")
@click.option("--by", type=click.Choice(["indicator", "standard"]), default="indicator", show_default=True)
@click.option("--threshold", type=click.IntRange(0, 99), help="Instead of the cycle's own.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
def analyse(
    cycle_name: str, partnership: str | None, sector: str | None, by: str, threshold: int | None, form: str
) -> None:
    """What each sector of a cycle reports: weak of graded, the share, and whether it is flagged."""
    cycle = the_cycle(cycle_name)
    found = find(
        database(),
        cycle,
        editions.edition(cycle.edition),
        partnership=the_partnership(cycle, partnership) if partnership else None,
        sector=the_sector(cycle, sector) if sector else None,
        threshold=threshold,
    )
    rows = [_row(each) for findings in found for each in _findings(findings, by)]
    _print(HEAD, rows, form)


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
    _print(RESPONSE_HEAD, rows, form)


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


def _print(head: Sequence[str], rows: Sequence[Sequence[Cell]], form: str) -> None:
    if form == "csv":
        click.echo(to_csv(head, rows).replace("\r\n", "\n"), nl=False)
    elif form == "json":
        click.echo(
            json.dumps([dict(zip(head, row, strict=True)) for row in rows], ensure_ascii=False, indent=1)
        )
    else:
        click.echo(as_table(head, rows))
