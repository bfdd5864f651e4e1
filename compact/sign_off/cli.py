"""`compact trail`: whether what must stand for years still stands."""

import re

import click

from compact.trail.verifying import Noted, verify_trail
from compact.web.cli import InputMistakes, database

from .verifying import verify_sign_offs

NOTED = re.compile(r"([1-9]\d{0,17}):([0-9a-f]{64})")


@click.group()
def trail() -> None:
    """Who did what, and what was signed."""


def _noted(_context: click.Context, _option: click.Parameter, typed: str | None) -> Noted | None:
    if typed is None:
        return None
    if not (found := NOTED.fullmatch(typed.strip())):
        raise click.BadParameter("give it as it was printed: a number, a colon and 64 characters")
    return Noted(int(found[1]), found[2])


@trail.command()
@click.option(
    "--knew",
    "noted",
    metavar="NUMBER:HASH",
    callback=_noted,
    help="The last entry as an earlier run printed it: tells a trail that was written anew or put back.",
)
def verify(noted: Noted | None) -> None:
    """Work out every hash of the trail and of the sign-offs again.

    Names the first entry of either that is not what was written. A sign-off is also held against the answers
    that are kept for its return. Prints the trail's last entry, to be noted on another machine.
    """
    session = database()
    entries = verify_trail(session, noted)
    found = {"trail entries": entries, "sign-offs": verify_sign_offs(session)}
    if broken := [each.broken for each in found.values() if each.broken]:
        raise InputMistakes(broken)
    for name, verified in found.items():
        click.echo(f"{name}: {verified.rows:,}, all as they were written")
    if entries.rows:
        click.echo(f"last entry: {entries.rows}:{entries.last}")
