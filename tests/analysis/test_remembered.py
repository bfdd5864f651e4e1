"""Counts are remembered for as long as the same returns count, and not a signature longer."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event

from compact.access import scope
from compact.analysis import remembered
from compact.analysis.counting import GradeCount, grade_counts
from compact.organisations.models import PartnershipArea, Succession
from compact.returns.models import Return
from tests import making
from tests.making import World

GOOD = {"bullying": "good"}


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    """Somebody opens a page: a command remembers nothing."""
    with app.test_request_context("/"):
        scope.everything("a test")
        yield


def counts(
    world: World, cycle: int, partnership: int | None = None, sector: str | None = None
) -> tuple[list[GradeCount], int]:
    """The counts, and how many statements they took."""
    said: list[str] = []

    def note(*about: object) -> None:
        said.append(str(about[2]))

    event.listen(world.engine, "before_cursor_execute", note)
    with world.session() as session:
        found = grade_counts(session, cycle, partnership, sector)
    event.remove(world.engine, "before_cursor_execute", note)
    return found, sum("answer" in each for each in said)


def test_the_same_returns_are_counted_once(world: World) -> None:
    cycle = world.cycle(world.partnership())
    world.signed(cycle, world.organisation("Oak"), GOOD)

    first, again = counts(world, cycle), counts(world, cycle)

    assert first[0] == again[0] == [GradeCount("school", "bullying", "good", 1)]
    assert (first[1] > 0, again[1]) == (True, 0)


def test_one_signature_more_is_counted_at_once(world: World) -> None:
    cycle = world.cycle(world.partnership())
    world.signed(cycle, world.organisation("Oak"), GOOD)
    counts(world, cycle)

    world.signed(cycle, world.organisation("Elm"), GOOD)

    assert counts(world, cycle)[0] == [GradeCount("school", "bullying", "good", 2)]


def test_each_round_and_each_partnership_has_counts_of_its_own(world: World) -> None:
    here, there = world.partnership(), world.partnership("Other Partnership", ["902"])
    both, other = world.cycle(here, there), world.cycle(here, name="Compact 2025")
    world.signed(both, world.organisation("Oak", areas=("901",)), GOOD)

    assert [
        len(counts(world, cycle, of)[0]) for cycle, of in ((both, here), (both, there), (other, here))
    ] == [
        1,
        0,
        0,
    ]


def test_who_takes_over_from_whom_is_seen_at_once(world: World) -> None:
    cycle = world.cycle(world.partnership())
    old, new = world.organisation("Oak"), world.organisation("Oak Academy")
    for organisation in (old, new):
        world.signed(cycle, organisation, GOOD)
    assert counts(world, cycle)[0] == [GradeCount("school", "bullying", "good", 2)]

    world.insert(Succession, [{"old_id": old, "new_id": new, "on": making.NOW.date(), "kind": "Successor"}])

    assert counts(world, cycle)[0] == [GradeCount("school", "bullying", "good", 1)]


def test_an_area_that_a_partnership_takes_on_is_seen_at_once(world: World) -> None:
    here, there = world.partnership(), world.partnership("Other Partnership", ["902"])
    cycle = world.cycle(here, there)
    world.signed(cycle, world.organisation("Oak", areas=("901", "903")), GOOD)
    assert counts(world, cycle, there)[0] == []

    world.insert(PartnershipArea, [{"partnership_id": there, "area": "903"}])

    assert counts(world, cycle, there)[0] == [GradeCount("school", "bullying", "good", 1)]


def test_a_later_number_in_another_sector_is_seen_at_once(world: World) -> None:
    cycle, organisation = world.cycle(world.partnership()), world.organisation("Oak")
    first = world.signed(cycle, organisation, GOOD)
    assert counts(world, cycle, sector="school")[0] == [GradeCount("school", "bullying", "good", 1)]

    with world.session() as session:
        row = session.get_one(Return, first)
        kept = {column.name: getattr(row, column.name) for column in Return.__table__.columns}
    later = {**kept, "id": first + 1, "number": 2, "setting": "early_years"}
    world.insert(Return, [later])

    assert counts(world, cycle, sector="school")[0] == []


def test_what_is_counted_while_somebody_signs_is_not_remembered(world: World) -> None:
    """The set of returns was read before the signature, their grades after it."""
    names: list[str] = ["one"]
    counted: list[str] = []

    def count() -> list[str]:
        names.append("one and another")
        counted.append("counted")
        return [f"time {len(counted)}"]

    with world.session() as session:
        first = remembered.remembered(session, lambda: names[-1], count)
        names.append("one")
        again = remembered.remembered(session, lambda: names[-1], count)

    assert (first, again) == (["time 1"], ["time 2"])


def test_only_so_many_sets_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "KEPT", 1)
    asked: list[str] = []

    def of(name: str) -> None:
        def count() -> list[str]:
            asked.append(name)
            return [name]

        with world.session() as session:
            assert remembered.remembered(session, lambda: name, count) == [name]

    for name in ("a", "a", "b", "a"):
        of(name)

    assert asked == ["a", "b", "a"]
