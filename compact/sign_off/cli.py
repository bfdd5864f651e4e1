"""`compact trail`: whether what must stand for years still stands."""

import click

from compact.trail.verifying import verify_trail
from compact.web.cli import InputMistakes, database

from .verifying import verify_sign_offs


@click.group()
def trail() -> None:
    """Who did what, and what was signed."""


@trail.command()
def verify() -> None:
    """Work out every hash of the trail and of the sign-offs again.

    Names the first entry of either that is not what was written. A sign-off is also held against the answers
    that are kept for its return.
    """
    session = database()
    found = {"trail entries": verify_trail(session), "sign-offs": verify_sign_offs(session)}
    if broken := [each.broken for each in found.values() if each.broken]:
        raise InputMistakes(broken)
    for name, verified in found.items():
        click.echo(f"{name}: {verified.rows:,}, all as they were written")
