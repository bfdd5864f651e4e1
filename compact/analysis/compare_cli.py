"""`compact compare`: two rounds beside each other, indicator by indicator."""

import click

from compact.cycles import editions
from compact.cycles.store import CycleRow
from compact.documents.tables import Cell
from compact.web.cli import InputMistakes, database

from .cli import print_rows, the_cycle, the_partnership, the_sector
from .trend import IndicatorTrend, Round, Trend, trends

HEAD = ("sector", "standard", "indicator", "graded_then", "weak_then", "graded_now", "weak_now")


@click.command()
@click.argument("cycle_name", metavar="CYCLE")
@click.argument("earlier_name", metavar="EARLIER")
@click.option("--partnership", help="As this partnership sees both, with its exceptions.")
@click.option("--sector", help="One sector only.")
@click.option("--format", "form", type=click.Choice(["table", "csv"]), default="table", show_default=True)
def compare(
    cycle_name: str, earlier_name: str, partnership: str | None, sector: str | None, form: str
) -> None:
    """Weak of graded in a cycle and in an earlier one, for indicators that mean the same in both.

    How many were left out is said on stderr, sector by sector.
    """
    cycle, earlier = the_cycle(cycle_name), the_cycle(earlier_name)
    if earlier.opens > cycle.opens:
        raise InputMistakes([f"EARLIER: {earlier.name} opened after {cycle.name}"])
    of = None
    if partnership:
        of = the_partnership(cycle, partnership)
        the_partnership(earlier, partnership)
    asked = [the_sector(cycle, sector)] if sector else _sectors(cycle)
    if sector:
        the_sector(earlier, sector)
    rounds = _round(cycle), [_round(earlier)]
    rows = []
    for each in asked:
        if each not in earlier.settings:
            click.echo(f"{each}: {earlier.name} did not ask this sector", err=True)
            continue
        (trend,) = trends(database(), *rounds, of, each)
        rows += [(each, *_row(indicator)) for indicator in trend.indicators]
        click.echo(_said(each, trend), err=True)
    print_rows(HEAD, rows, form)


def _sectors(cycle: CycleRow) -> list[str]:
    """The sectors of a cycle in the order of its edition."""
    return [each for each in editions.edition(cycle.edition).settings if each in cycle.settings]


def _round(cycle: CycleRow) -> Round:
    return Round(cycle, editions.edition(cycle.edition))


def _row(trend: IndicatorTrend) -> tuple[Cell, ...]:
    then, now = trend.then, trend.now
    return trend.standard, trend.key, then.graded, then.weak, now.graded, now.weak


def _said(sector: str, trend: Trend) -> str:
    """How many were left out, and whether the earlier returns were brought in."""
    indicators = "1 indicator" if trend.left_out == 1 else f"{trend.left_out} indicators"
    brought_in = f"; its returns in {trend.cycle} were brought in" if trend.brought_in else ""
    return f"{sector}: {indicators} left out, new, gone or of another meaning{brought_in}"
