"""Returns that were signed and are read: two schools and a nursery of one partnership, and its officers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

import pytest
from flask import Flask
from sqlalchemy import update

from compact.access import scope
from compact.actions import store as actions
from compact.actions.rules import PlannedAction
from compact.returns.models import Answer
from compact.review import looking
from tests import making
from tests.making import ASKED_SCHOOL_KEYS, NOW, World
from tests.pages import Visitor
from tests.prepared import Prepared


@dataclass(frozen=True)
class Desk:
    """A partnership's desk: its round, the signed returns, and an action of the first."""

    world: World
    visit: Callable[[str], Visitor]
    partnership: int
    cycle: int
    oak: int
    elm: int
    nursery: int
    action: int
    organisation: int

    def officer(self) -> Visitor:
        return self.visit("officer@example.org")

    def colleague(self) -> Visitor:
        return self.visit("colleague@example.org")

    def head(self) -> Visitor:
        return self.visit("head@example.org")

    def deputy(self) -> Visitor:
        return self.visit("deputy@example.org")


def look(world: World, app: Flask, *return_ids: int) -> None:
    """Work out the reasons of returns that were signed past the pages."""
    with app.app_context(), world.session() as session:
        scope.everything("a test")
        looking.look_at(session, return_ids)
        session.commit()


@pytest.fixture
def desk(world: World, prepared: Prepared, app: Flask, visit: Callable[[str], Visitor]) -> Desk:
    made = prepared.on(world, _signed_returns, app)
    return Desk(world, cache(visit), *made)


def _signed_returns(world: World, app: Flask) -> tuple[int, int, int, int, int, int, int]:
    """The partnership, its round, the three returns, an action of the first, and its school."""
    partnership = world.partnership()
    oak = world.organisation("Oak School")
    elm, nursery = world.organisation("Elm School"), world.organisation("Ash Nursery", setting="early_years")
    cycle = world.cycle(partnership)
    grades = dict.fromkeys(ASKED_SCHOOL_KEYS, "good") | {"bullying": "requires_improvement"}
    returns = [
        world.signed(cycle, oak, grades),
        world.signed(cycle, elm, dict.fromkeys(ASKED_SCHOOL_KEYS, "outstanding")),
        world.signed(cycle, nursery, {"bullying": "good"}, setting="early_years"),
    ]
    world.person("Robin Head", making.signatory(oak), email="head@example.org")
    world.person("Sam Deputy", making.contributor(oak), email="deputy@example.org")
    world.person("Ellis Officer", making.officer(partnership), email="officer@example.org")
    world.person("Uma Officer", making.officer(partnership), email="colleague@example.org")
    with making.changing(world.engine) as connection:
        connection.execute(update(Answer).values(evidence="Seen in the minutes of every term."))
    action = add_action(world, oak, returns[0], due=date(2026, 12, 1))
    look(world, app, *returns)
    first, second, third = returns
    return partnership, cycle, first, second, third, action, oak


def add_action(
    world: World, organisation: int, return_id: int, *, due: date, status: str = "under_way"
) -> int:
    with world.session() as session:
        made = actions.add_action(
            session,
            organisation_id=organisation,
            return_id=return_id,
            key="bullying",
            planned=PlannedAction("Write a policy with the children", "The deputy head", due, status),
            by=None,
            at=NOW,
        )
        session.commit()
    return made
