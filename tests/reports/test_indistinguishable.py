"""Whatever was answered to a hidden question, everything that is published is the same, byte for byte.

Two partnerships of one round publish, more bodies sign, both publish again, and a later round is published
beside it. Then the same happens with other answers to what is hidden.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from random import Random

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from compact.access import scope
from compact.analysis.trend import earlier_rounds
from compact.cycles.store import cycle_by_id
from compact.reports import drawing, statement_store, store
from compact.reports.drafting import draft
from tests.making import NOW, World

from . import plainly, rounds
from .rounds import FAR, GRADES, KEYS, NEAR, SECTORS, Body, Grades, Places

seeds = st.integers(0, 2**32)
MADE = (Phase.explicit, Phase.generate)  # a round's number says all of it, and a smaller one is no simpler
quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]
EVERY = 2  # each second body signs late, so that many a question is answered by five only then
_numbers = count()


# In the first two what is hidden is answered by five in the second number, beside much that is shown.
@pytest.mark.parametrize(("number", "change"), [(59, 1), (70, 1), (7, 2)])
def test_nothing_published_depends_on_a_hidden_answer(
    world: World, app: Flask, number: int, change: int
) -> None:
    bodies, others = _two_worlds(number, change)
    assert others != bodies
    _same(world, app, number, bodies, others)


@pytest.mark.campaign
@given(seeds, seeds)
@settings(max_examples=30, deadline=None, phases=MADE, suppress_health_check=quiet)
def test_in_thirty_rounds_nothing_published_depends_on_a_hidden_answer(
    world: World, app: Flask, number: int, change: int
) -> None:
    bodies, others = _two_worlds(number, change)
    assume(others != bodies)
    _same(world, app, number, bodies, others)


def _two_worlds(number: int, change: int) -> tuple[list[Body], list[Body]]:
    """A round, and the same with other answers to what is hidden."""
    bodies = rounds.made_round(number)
    return bodies, _with_other_answers(bodies, Random(change))  # noqa: S311 - made up, the same every time


def _same(world: World, app: Flask, number: int, bodies: Sequence[Body], others: Sequence[Body]) -> None:
    later = rounds.made_round(number + 1)

    assert list(_published(world, app, bodies, later)) == list(_published(world, app, others, later))


def _with_other_answers(bodies: Sequence[Body], chance: Random) -> list[Body]:
    """Other answers to what is hidden in the first number; as many are hidden then as before."""
    hidden = {sector: _hidden(bodies, sector) for sector in SECTORS}
    for _ in range(20):
        made = [_other(each, hidden[each.setting], chance) for each in bodies]
        if all(_hidden(made, sector) == hidden[sector] for sector in SECTORS):
            return made
    return list(bodies)


def _hidden(bodies: Sequence[Body], sector: str) -> frozenset[str]:
    """What is hidden in every number of a round: what is too small in the first, in either view."""
    first = _before_the_late(bodies)
    own = [plainly.published(first, sector, area) for area in (NEAR, FAR)]
    return frozenset(key for each in own if each.received for key in each.hidden if key in KEYS)


def _before_the_late(bodies: Sequence[Body]) -> list[Body]:
    return [
        replace(each, signed=(), draft=None) if place % EVERY == 0 else each
        for place, each in enumerate(bodies)
    ]


def _other(body: Body, hidden: frozenset[str], chance: Random) -> Body:
    signed = tuple(_changed(grades, hidden, chance) for grades in body.signed)
    exceptions = {area: _changed(grades, hidden, chance) for area, grades in body.exceptions.items()}
    return replace(body, signed=signed, exceptions=exceptions)


def _changed(grades: Grades, hidden: frozenset[str], chance: Random) -> Grades:
    """Hidden answers fall away, become another, or come new; not that many."""
    kept = {key: grade for key, grade in grades.items() if key not in hidden}
    for key in sorted(hidden):
        if chance.random() < (0.8 if key in grades else 0.1):
            kept[key] = chance.choice((*GRADES, None))
    return {key: kept[key] for key in KEYS if key in kept}


def _published(
    world: World, app: Flask, bodies: Sequence[Body], later: Sequence[Body]
) -> Iterator[tuple[str, str]]:
    """All that leaves the desk, in its order, with what it is; names and ids that differ are taken out."""
    number = next(_numbers) % 450
    own = rounds.partnerships(world, number)
    world.person(f"Officer {number}")
    first = rounds.write(world, _before_the_late(bodies), number, own, years_ago=2)
    second = rounds.write(world, later, number, own)
    with app.app_context(), world.session() as session:
        scope.everything("a test")
        found = [*_publish(session, first, "first number")]
        for place in range(0, len(bodies), EVERY):
            _sign_late(session, first, bodies[place], first.organisations[place], own)
        found += [*_publish(session, first, "second number"), *_publish(session, second, "later round")]
    for what, text in found:
        yield what, re.sub(rf'"cycle_id":\d+|\b(Round|near|far) {number}\b', r"\1", text)


def _sign_late(
    session: Session, places: Places, body: Body, organisation: int, own: Mapping[str, int]
) -> None:
    for number, grades in enumerate(body.signed, start=1):
        is_last = number == len(body.signed)
        rounds.sign(session, places.cycle, organisation, number, body, grades, own if is_last else {})


def _publish(session: Session, places: Places, when: str) -> Iterator[tuple[str, str]]:
    """Each partnership in whose view somebody signed publishes each sector, and writes its statement."""
    row = cycle_by_id(session, places.cycle)
    assert row is not None
    for area, partnership in places.partnerships.items():
        for sector in SECTORS:
            before = earlier_rounds(session, row, partnership, sector)
            summary = draft(session, row, before, partnership, sector)
            if not summary.received:
                continue
            store.publish(session, row.id, partnership, summary, foreword="", by=1, at=NOW)
            yield f"{when}, {area}, {sector}", summary.model_dump_json()
            yield f"{when}, {area}, {sector}, CSV", drawing.as_csv(summary)
        made = statement_store.statement_of(session, row, partnership, NOW.date())
        yield f"{when}, {area}, statement", made.text
        yield f"{when}, {area}, its tables", str([(each.name, list(each.rows)) for each in made.tables])
