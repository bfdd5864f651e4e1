"""`compact report`: a sector's learning summary as a file."""

from pathlib import Path

import click
from flask import current_app, render_template

from compact.analysis.cli import the_cycle, the_partnership, the_sector
from compact.analysis.trend import earlier_rounds
from compact.cycles.store import CycleRow
from compact.web import frame
from compact.web.cli import database

from . import drawing, store
from .drafting import draft
from .papers import MADE, Paper, made, standing
from .store import Published
from .summary import Summary


@click.command()
@click.argument("cycle_name", metavar="CYCLE")
@click.argument("sector")
@click.option("--partnership", help="Whose summary; the host's by default.")
@click.option("--format", "form", type=click.Choice(["html", *MADE]), required=True)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
def report(cycle_name: str, sector: str, partnership: str | None, form: str, out: Path) -> None:
    """Write a sector's learning summary: the published one, or a draft of it when none is published."""
    cycle = the_cycle(cycle_name)
    the_sector(cycle, sector)
    of = the_partnership(cycle, partnership) if partnership else cycle.partnerships[0]
    published = store.in_force(database(), cycle.id, of, sector)
    summary = published.summary if published else _draft(cycle, of, sector)
    if not published:
        click.echo("Not published yet: this is a draft of what would be published now.", err=True)
    if form == "html":
        out.write_text(_page(summary, published), encoding="utf-8", newline="")
        return
    paper = Paper(summary, standing(published), published.foreword if published else "")
    out.write_bytes(made(paper, form))


def _draft(cycle: CycleRow, partnership: int, sector: str) -> Summary:
    session = database()
    before = earlier_rounds(session, cycle, partnership, sector)
    return draft(session, cycle, before, partnership, sector)


def _page(summary: Summary, published: Published | None) -> str:
    """A page that stands on its own: its styles are in it."""
    frame.init_app(current_app)
    drawing.init_app(current_app)
    styles = "\n".join(
        (frame.STATIC / path).read_text(encoding="utf-8") for path in (frame.GOVUK_STYLES, "compact.css")
    )
    return render_template("reports/standalone.html", summary=summary, published=published, styles=styles)
