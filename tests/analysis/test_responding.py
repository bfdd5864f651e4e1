"""The response that an officer's home remembers is the one that is counted now, whatever has changed."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Update, event, update

from compact.access import scope
from compact.analysis.cuts import Part, Response
from compact.analysis.responding import parts_remembered, responses_remembered
from compact.analysis.responses import parts_of, responses_by_cycle
from compact.cycles.models import Due, Excused
from compact.cycles.store import cycles_of_partnerships
from compact.organisations.models import Organisation, OrganisationArea, Succession, Trust
from compact.returns.models import Return
from tests.making import ASKED_SCHOOL_KEYS, NOW, World

GOOD = dict.fromkeys(ASKED_SCHOOL_KEYS, "good")
Counts = Mapping[int, Mapping[str, Response]]


def _signs(world: World, cycle: int, schools: list[int]) -> None:
    world.signed(cycle, schools[2], GOOD)


def _signs_what_was_begun(world: World, _cycle: int, _schools: list[int]) -> None:
    signed = update(Return).where(Return.status == "draft").values(status="signed", signed_at=NOW)
    _change(world, signed)


def _is_due(world: World, cycle: int, schools: list[int]) -> None:
    world.insert(Due, [{"cycle_id": cycle, "organisation_id": schools[3], "added_at": NOW}])


def _is_excused(world: World, cycle: int, schools: list[int]) -> None:
    world.insert(Excused, [{"cycle_id": cycle, "organisation_id": schools[2], "why": "It opens next year."}])


def _closes(world: World, _cycle: int, schools: list[int]) -> None:
    _change(
        world,
        update(Organisation)
        .where(Organisation.id == schools[2])
        .values(status="closed", closed_on=NOW.date()),
    )


def _is_of_another_type(world: World, _cycle: int, schools: list[int]) -> None:
    _change(world, update(Organisation).where(Organisation.id == schools[2]).values(setting="early_years"))


def _moves_away(world: World, _cycle: int, schools: list[int]) -> None:
    moved = update(OrganisationArea).where(OrganisationArea.organisation_id == schools[2])
    _change(world, moved.values(area="902"))


def _is_taken_over(world: World, _cycle: int, schools: list[int]) -> None:
    pair = {"old_id": schools[2], "new_id": schools[0]}
    world.insert(Succession, [{**pair, "on": NOW.date() - timedelta(days=1), "kind": "Successor"}])


def _change(world: World, statement: Update) -> None:
    with world.session() as session:
        session.execute(statement)
        session.commit()


def _responses(world: World, partnership: int, count: Callable[..., Counts]) -> Counts:
    with world.session() as session:
        return count(session, cycles_of_partnerships(session, [partnership]), partnership)


@pytest.mark.parametrize(
    "change",
    [
        _signs,
        _signs_what_was_begun,
        _is_due,
        _is_excused,
        _closes,
        _is_of_another_type,
        _moves_away,
        _is_taken_over,
    ],
)
def test_whatever_the_response_is_counted_from_it_is_counted_anew(
    app: Flask, world: World, change: Callable[[World, int, list[int]], None]
) -> None:
    partnership = world.partnership()
    schools = [world.organisation(name) for name in ("Ash", "Birch", "Cedar")]
    begun = world.organisation("Elm")
    cycle = world.cycle(partnership)
    for school in schools[:2]:
        world.signed(cycle, school, GOOD)
    world.started(cycle, begun)
    schools.append(world.organisation("Dale"))
    with app.test_request_context("/"):
        scope.everything("a test")
        before = _responses(world, partnership, responses_remembered)
        assert before == _responses(world, partnership, responses_by_cycle)

        change(world, cycle, schools)

        now = _responses(world, partnership, responses_remembered)
        assert now == _responses(world, partnership, responses_by_cycle)
        assert now != before


def _has_another_phase(world: World, _cycle: int, schools: list[int]) -> None:
    _change(world, update(Organisation).where(Organisation.id == schools[2]).values(phase="secondary"))


def _joins_a_trust(world: World, _cycle: int, schools: list[int]) -> None:
    trust = world.trust("Another Trust")
    _change(world, update(Organisation).where(Organisation.id == schools[2]).values(trust_id=trust))


def _its_trust_is_renamed(world: World, _cycle: int, _schools: list[int]) -> None:
    _change(world, update(Trust).values(name="The Renamed Trust"))


@pytest.mark.parametrize(
    "change", [_signs, _closes, _has_another_phase, _joins_a_trust, _its_trust_is_renamed]
)
def test_whatever_the_parts_of_a_sector_are_counted_from_they_are_counted_anew(
    app: Flask, world: World, change: Callable[[World, int, list[int]], None]
) -> None:
    partnership, trust = world.partnership(), world.trust()
    schools = [world.organisation(name, trust=trust) for name in ("Ash", "Birch", "Cedar")]
    cycle = world.cycle(partnership)

    def parts(count: Callable[..., list[Part]]) -> list[Part]:
        with world.session() as session:
            return sorted(count(session, [cycle], partnership, "school"), key=repr)

    with app.test_request_context("/"):
        scope.everything("a test")
        before = parts(parts_remembered)
        assert before == parts(parts_of)

        change(world, cycle, schools)

        now = parts(parts_remembered)
        assert now == parts(parts_of)
        assert now != before


def test_the_same_response_is_counted_once(app: Flask, world: World) -> None:
    partnership = world.partnership()
    world.cycle(partnership)
    said: list[str] = []
    with app.test_request_context("/"):
        scope.everything("a test")
        first = _responses(world, partnership, responses_remembered)
        event.listen(world.engine, "before_cursor_execute", lambda *about: said.append(str(about[2])))
        assert _responses(world, partnership, responses_remembered) == first
    assert [each for each in said if "coalesce" in each] == []
    assert said
