"""`compact cycles`: opening a round."""

from collections.abc import Container, Iterable
from datetime import date, datetime

import click

from compact.organisations import store as organisations
from compact.organisations.settings_store import thresholds_of
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
    help="Flag what more than so many percent report; by default what the host has set, 9 where it has not.",
)
def open_cycle(
    name: str,
    partnerships: tuple[str, ...],
    settings: tuple[str, ...],
    edition_name: str,
    opens: datetime,
    closes: datetime,
    threshold: int | None,
) -> None:
    """Open a round. Sends no mail. Its edition's text is kept from now on and may no longer change."""
    session = writing()
    edition = editions.editions().get(edition_name)
    known = {row.name: row.id for row in organisations.partnerships(session)}
    mistakes = [
        *_wrong_name(name, taken=store.cycle_by_name(session, name) is not None),
        *_unknown("--partnership", "there is no partnership named", partnerships, known),
        *_wrong_days(opens.date(), closes.date()),
    ]
    if edition is None:
        raise InputMistakes([*mistakes, f"--edition: there is no edition {edition_name}"])
    mistakes += _unknown(
        "--setting", f"edition {edition_name} has no setting", settings, edition.questionnaires
    )
    if mistakes:
        raise InputMistakes(mistakes)
    ids = [known[each] for each in dict.fromkeys(partnerships)]
    asked = [each for each in edition.settings if not settings or each in settings]
    editions.store_texts(session, edition)
    if threshold is None:
        threshold = thresholds_of(session, ids)[ids[0]]
    new = NewCycle(name, edition_name, opens.date(), closes.date(), threshold, ids, asked)
    due = store.count_due(session, store.open_cycle(session, new, now()))
    session.commit()
    click.echo(f"{name}: open from {opens:%Y-%m-%d} to {closes:%Y-%m-%d}, {due} organisations due", err=True)


def _unknown(option: str, said: str, given: Iterable[str], known: Container[str]) -> list[str]:
    return [f"{option}: {said} {each}" for each in given if each not in known]


def _wrong_name(name: str, *, taken: bool) -> list[str]:
    if not name.strip():
        return ["NAME: give the cycle a name"]
    return [f"NAME: there is a cycle named {name} already"] if taken else []


def _wrong_days(opens: date, closes: date) -> list[str]:
    return [] if opens <= closes else ["--closes: the round would close before it opens"]
