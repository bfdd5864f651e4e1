"""`compact cycles`: opening a round."""

from datetime import date, datetime

import click

from compact.organisations import store as organisations
from compact.web.cli import InputMistakes, writing
from compact.web.clock import now

from . import editions, store
from .store import NewCycle

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def cycles() -> None:
    """Audit rounds."""


@cycles.command(name="open")
@click.argument("name")
@click.option("--partnership", "partnerships", multiple=True, required=True, help="By name; the first hosts.")
@click.option("--setting", "settings", multiple=True, help="A setting type; all of the edition by default.")
@click.option("--edition", "edition_name", required=True, help="The edition of the questionnaires.")
@click.option("--opens", type=DAY, required=True, help="The first day, such as 2026-09-01.")
@click.option("--closes", type=DAY, required=True, help="The last day; it counts whole.")
@click.option(
    "--threshold",
    type=click.IntRange(0, 99),
    default=9,
    show_default=True,
    help="Flag what more than so many percent report.",
)
def open_cycle(
    name: str,
    partnerships: tuple[str, ...],
    settings: tuple[str, ...],
    edition_name: str,
    opens: datetime,
    closes: datetime,
    threshold: int,
) -> None:
    """Open a round. Sends no mail. Its edition's text is kept from now on and may no longer change."""
    session = writing()
    known = {row.name: row for row in organisations.partnerships(session)}
    mistakes = [
        f"--partnership: there is no partnership named {each}" for each in partnerships if each not in known
    ]
    edition = editions.editions().get(edition_name)
    if edition is None:
        mistakes.append(f"--edition: there is no edition {edition_name}")
    else:
        mistakes += [
            f"--setting: edition {edition_name} has no setting {each}"
            for each in settings
            if each not in edition.settings
        ]
    mistakes += _wrong_days(opens.date(), closes.date())
    if store.cycle_by_name(session, name) is not None:
        mistakes.append(f"NAME: there is a cycle named {name} already")
    if not name.strip():
        mistakes.append("NAME: give the cycle a name")
    if mistakes or edition is None:
        raise InputMistakes(mistakes)
    editions.store_texts(session, edition)
    new = NewCycle(
        name,
        edition_name,
        opens.date(),
        closes.date(),
        threshold,
        [known[each].id for each in dict.fromkeys(partnerships)],
        [each for each in edition.settings if not settings or each in settings],
    )
    cycle_id = store.open_cycle(session, new, now())
    due = store.count_due(session, cycle_id)
    session.commit()
    click.echo(f"{name}: open from {opens:%Y-%m-%d} to {closes:%Y-%m-%d}, {due} organisations due", err=True)


def _wrong_days(opens: date, closes: date) -> list[str]:
    return [] if opens <= closes else ["--closes: the round would close before it opens"]
