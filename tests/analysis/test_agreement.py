"""The findings agree with a recomputation in plain Python over whatever people may have returned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from compact.analysis.findings import SectorFindings, find
from compact.cycles.store import cycle_by_id
from compact.organisations.models import Succession
from compact.organisations.store import partnerships
from compact.returns.models import Exception_, Return
from compact.returns.reading import Kept, partnerships_of
from compact.returns.rules import Answer
from compact.returns.store import add_return, write_answers
from compact.sign_off.results import write_results
from tests import making
from tests.making import World

KEYS = ("leadership", "bullying", "pupil-voice", "commissioning")
GRADES = ("outstanding", "good", "requires_improvement", "inadequate", None)
WEAK = ("requires_improvement", "inadequate")
AREAS = ("901", "902")
STANDARD = {"leadership": 1, "bullying": 4, "pupil-voice": 4, "commissioning": 12}

Grades = Mapping[str, str | None]


@dataclass(frozen=True)
class Body:
    """An organisation: its areas, what it signed number by number, its exceptions, whom it succeeds."""

    areas: frozenset[str]
    signed: tuple[Grades, ...]
    draft: Grades | None
    exceptions: Mapping[str, Grades] = field(default_factory=dict)
    succeeds_the_one_before: bool = False


grades = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(GRADES), max_size=len(KEYS))
bodies = st.builds(
    Body,
    areas=st.sets(st.sampled_from(AREAS), min_size=1).map(frozenset),
    signed=st.lists(grades, max_size=2).map(tuple),
    draft=st.none() | grades,
    exceptions=st.dictionaries(st.sampled_from(AREAS), grades, max_size=2),
    succeeds_the_one_before=st.booleans(),
)
worlds = st.lists(bodies, min_size=1, max_size=12)
quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
_numbers = count()


@given(worlds)
@settings(max_examples=12, deadline=None, suppress_health_check=quiet)
def test_the_findings_are_what_plain_counting_gives(world: World, made: list[Body]) -> None:
    _agrees(world, made)


@pytest.mark.campaign
@given(worlds)
@settings(max_examples=150, deadline=None, suppress_health_check=quiet)
def test_a_hundred_and_fifty_worlds_give_what_plain_counting_gives(world: World, made: list[Body]) -> None:
    _agrees(world, made)


def _agrees(world: World, made: list[Body]) -> None:
    cycle, partnerships = _write(world, made)
    for area in (None, *AREAS):
        found = _found(world, cycle, partnerships[area] if area else None)
        for key in KEYS:
            finding = next(each for each in found.indicators if each.indicator.key == key)
            weak, graded = _indicator(made, area, key)
            assert (finding.weak, finding.graded) == (weak, graded), (area, key)
            assert finding.is_flagged == (graded > 0 and Fraction(weak, graded) > Fraction(9, 100))
        for number in set(STANDARD.values()):
            standard = found.standards[number - 1]
            assert (standard.weak, standard.graded) == _standard(made, area, number), (area, number)


def _counted(made: list[Body], area: str | None) -> list[Grades]:
    """The grades that count for an area (None: for the whole round), one mapping for each organisation."""
    counted = []
    for place, body in enumerate(made):
        successor = made[place + 1] if place + 1 < len(made) else None
        gives_way = successor is not None and successor.succeeds_the_one_before and bool(successor.signed)
        if not body.signed or gives_way or (area is not None and area not in body.areas):
            continue
        exceptions = body.exceptions.get(area, {}) if area in body.areas else {}
        counted.append({**body.signed[-1], **exceptions} if area else body.signed[-1])
    return counted


def _indicator(made: list[Body], area: str | None, key: str) -> tuple[int, int]:
    given = [grades[key] for grades in _counted(made, area) if grades.get(key)]
    return sum(grade in WEAK for grade in given), len(given)


def _standard(made: list[Body], area: str | None, number: int) -> tuple[int, int]:
    given = [
        [grade for key, grade in grades.items() if STANDARD[key] == number and grade]
        for grades in _counted(made, area)
    ]
    return sum(any(grade in WEAK for grade in each) for each in given), sum(bool(each) for each in given)


def _write(world: World, made: list[Body]) -> tuple[int, dict[str, int]]:
    """A round of its own with these organisations, and the partnership of each area."""
    number = next(_numbers)
    with world.session() as session:
        known = {row.areas[0]: row.id for row in partnerships(session)}
    ids = {area: known[area] if area in known else world.partnership(area, [area]) for area in AREAS}
    cycle = world.cycle(*ids.values(), name=f"Round {number}", settings=["hips"])
    before = None
    for place, body in enumerate(made):
        name = f"Body {number}-{place}"
        organisation = world.organisation(name, areas=sorted(body.areas), setting="hips")
        if body.succeeds_the_one_before and before is not None:
            row = {"old_id": before, "new_id": organisation, "on": date(2026, 9, 1), "kind": "merger"}
            world.insert(Succession, [row])
        before = organisation
        for returned, grades in enumerate(body.signed, start=1):
            last = returned == len(body.signed)
            _sign(world, cycle, organisation, returned, grades, body.exceptions if last else {}, ids)
        if body.draft is not None:
            _draft(world, cycle, organisation, len(body.signed) + 1, body.draft)
    return cycle, ids


def _sign(
    world: World,
    cycle: int,
    organisation: int,
    number: int,
    grades: Grades,
    exceptions: Mapping[str, Grades],
    ids: Mapping[str, int],
) -> None:
    return_id = _draft(world, cycle, organisation, number, grades)
    rows = [
        {
            "return_id": return_id,
            "partnership_id": ids[area],
            "key": key,
            "grade": grade,
            "not_applicable": grade is None,
            "note": "It differs here.",
        }
        for area, other in exceptions.items()
        for key, grade in other.items()
    ]
    if rows:
        world.insert(Exception_, rows)
    with world.session() as session:
        signed = update(Return).where(Return.id == return_id)
        session.execute(signed.values(status="signed", signed_at=making.NOW))
        edition = making.edition()
        own = partnerships_of(session, return_id)
        write_results(session, return_id, edition, edition.questionnaires["hips"], own)
        session.commit()


def _draft(world: World, cycle: int, organisation: int, number: int, grades: Grades) -> int:
    with world.session() as session:
        return_id = add_return(session, cycle, organisation, number=number, now=making.NOW)
        answers = {key: Answer(grade, grade is None, "" if grade else "No.") for key, grade in grades.items()}
        kept = [(key, Kept(answer, 1, None, making.NOW)) for key, answer in answers.items()]
        write_answers(session, return_id, kept)
        session.commit()
    return return_id


def _found(world: World, cycle: int, partnership: int | None) -> SectorFindings:
    with world.session() as session:
        row = cycle_by_id(session, cycle)
        assert row is not None
        return find(session, row, making.edition(), partnership=partnership)[0]
