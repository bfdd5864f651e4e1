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
from sqlalchemy.orm import Session

from compact.analysis.counting import grade_counts, standard_counts
from compact.analysis.cuts import WHOLE, Cut
from compact.analysis.findings import SectorFindings, find
from compact.analysis.recompute import differences, recount
from compact.cycles.store import CycleRow, cycle_by_id
from compact.organisations.models import Succession
from compact.organisations.store import partnerships
from compact.returns.models import Exception_, ProfileFact, Return
from compact.returns.reading import Kept, partnerships_of
from compact.returns.rules import Answer
from compact.returns.store import add_return, write_answers
from compact.sign_off.results import write_results
from tests import making
from tests.making import World
from tests.reports.rounds import exception_rows

KEYS = ("leadership", "bullying", "pupil-voice", "commissioning")
GRADES = ("outstanding", "good", "requires_improvement", "inadequate", None)
WEAK = ("requires_improvement", "inadequate")
AREAS = ("901", "902")
STANDARD = {"leadership": 1, "bullying": 4, "pupil-voice": 4, "commissioning": 12}

Grades = Mapping[str, str | None]


@dataclass(frozen=True)
class Body:
    """An organisation: its areas, what it signed number by number, its exceptions, whom it succeeds.

    `phase` and whether it is in a trust are pinned to what it signed.
    """

    areas: frozenset[str]
    signed: tuple[Grades, ...]
    draft: Grades | None
    exceptions: Mapping[str, Grades] = field(default_factory=dict)
    succeeds_the_one_before: bool = False
    phase: str | None = None
    in_trust: bool = False
    imported: bool = False

    def is_in(self, cut: Cut) -> bool:
        return cut.phase in (None, self.phase) and (cut.trust is None or self.in_trust)


grades = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(GRADES), max_size=len(KEYS))
bodies = st.builds(
    Body,
    areas=st.sets(st.sampled_from(AREAS), min_size=1).map(frozenset),
    signed=st.lists(grades, max_size=2).map(tuple),
    draft=st.none() | grades,
    exceptions=st.dictionaries(st.sampled_from(AREAS), grades, max_size=2),
    succeeds_the_one_before=st.booleans(),
    phase=st.sampled_from((None, "primary", "secondary")),
    in_trust=st.booleans(),
    imported=st.booleans(),
)
worlds = st.lists(bodies, min_size=1, max_size=12)
quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
_numbers = count()


@given(worlds)
@settings(max_examples=5, deadline=None, suppress_health_check=quiet)
def test_the_findings_are_what_plain_counting_gives(world: World, made: list[Body]) -> None:
    _agrees(world, made)


@pytest.mark.campaign
@given(worlds)
@settings(max_examples=150, deadline=None, suppress_health_check=quiet)
def test_a_hundred_and_fifty_worlds_give_what_plain_counting_gives(world: World, made: list[Body]) -> None:
    _agrees(world, made)


def _agrees(world: World, made: list[Body]) -> None:
    cycle, partnerships, trust = _write(world, made)
    for area in (None, *AREAS):
        for cut in (WHOLE, Cut(phase="primary"), Cut(trust=trust), Cut("secondary", trust)):
            seen_from = partnerships[area] if area else None
            _holds(_found(world, cycle, seen_from, cut), _counted(made, area, cut))
            assert _differences(world, cycle, seen_from, cut) == []


def _holds(found: SectorFindings, counted: list[Grades]) -> None:
    for key in KEYS:
        finding = next(each for each in found.indicators if each.indicator.key == key)
        weak, graded = _indicator(counted, key)
        assert (finding.weak, finding.graded) == (weak, graded), key
        assert finding.is_flagged == (graded > 0 and Fraction(weak, graded) > Fraction(9, 100))
    for number in set(STANDARD.values()):
        standard = found.standards[number - 1]
        assert (standard.weak, standard.graded) == _standard(counted, number), number


def _counted(made: list[Body], area: str | None, cut: Cut) -> list[Grades]:
    """The grades that count for an area (None: for the whole round), one mapping for each organisation."""
    counted = []
    for place, body in enumerate(made):
        successor = made[place + 1] if place + 1 < len(made) else None
        gives_way = successor is not None and successor.succeeds_the_one_before and bool(successor.signed)
        if not body.signed or gives_way or (area is not None and area not in body.areas):
            continue
        if not body.is_in(cut):
            continue
        exceptions = body.exceptions.get(area, {}) if area in body.areas else {}
        counted.append({**body.signed[-1], **exceptions} if area else body.signed[-1])
    return counted


def _indicator(counted: list[Grades], key: str) -> tuple[int, int]:
    given = [grades[key] for grades in counted if grades.get(key)]
    return sum(grade in WEAK for grade in given), len(given)


def _standard(counted: list[Grades], number: int) -> tuple[int, int]:
    given = [
        [grade for key, grade in grades.items() if STANDARD[key] == number and grade] for grades in counted
    ]
    return sum(any(grade in WEAK for grade in each) for each in given), sum(bool(each) for each in given)


def _write(world: World, made: list[Body]) -> tuple[int, dict[str, int], int]:
    """A round of its own with these organisations, the partnership of each area, and a trust."""
    number = next(_numbers)
    with world.session() as session:
        known = {row.areas[0]: row.id for row in partnerships(session)}
    ids = {area: known[area] if area in known else world.partnership(area, [area]) for area in AREAS}
    cycle = world.cycle(*ids.values(), name=f"Round {number}", settings=["hips"])
    trust = world.trust(f"Trust {number}")
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
            return_id = _sign(
                world, cycle, organisation, returned, grades, body.exceptions if last else {}, ids
            )
            _pin(world, return_id, body, trust)
        if body.draft is not None:
            _draft(world, cycle, organisation, len(body.signed) + 1, body.draft)
    return cycle, ids, trust


def _pin(world: World, return_id: int, body: Body, trust: int) -> None:
    """The phase and trust that were the body's when it signed here, or was brought in from elsewhere."""
    with world.session() as session:
        pinned = update(Return).where(Return.id == return_id)
        session.execute(
            pinned.values(phase=body.phase, trust_id=trust if body.in_trust else None, imported=body.imported)
        )
        session.commit()
    if not body.imported:
        world.insert(ProfileFact, [{"return_id": return_id, "fact": "commissions-services", "answer": True}])


def _sign(
    world: World,
    cycle: int,
    organisation: int,
    number: int,
    grades: Grades,
    exceptions: Mapping[str, Grades],
    ids: Mapping[str, int],
) -> int:
    return_id = _draft(world, cycle, organisation, number, grades)
    rows = exception_rows(return_id, exceptions, ids)
    if rows:
        world.insert(Exception_, rows)
    with world.session() as session:
        signed = update(Return).where(Return.id == return_id)
        session.execute(signed.values(status="signed", signed_at=making.NOW))
        edition = making.edition()
        own = partnerships_of(session, return_id)
        write_results(session, return_id, edition, edition.questionnaires["hips"], own)
        session.commit()
    return return_id


def _draft(world: World, cycle: int, organisation: int, number: int, grades: Grades) -> int:
    with world.session() as session:
        return_id = add_return(session, cycle, organisation, number=number, now=making.NOW)
        answers = {key: Answer(grade, grade is None, "" if grade else "No.") for key, grade in grades.items()}
        kept = [(key, Kept(answer, 1, None, making.NOW)) for key, answer in answers.items()]
        write_answers(session, return_id, kept)
        session.commit()
    return return_id


def _found(world: World, cycle: int, partnership: int | None, cut: Cut) -> SectorFindings:
    with world.session() as session:
        return find(session, _row(session, cycle), making.edition(), partnership=partnership, cut=cut)[0]


def _differences(world: World, cycle: int, partnership: int | None, cut: Cut) -> list[str]:
    """Where the raw answers, counted in plain Python by the program itself, say something else."""
    with world.session() as session:
        recounted = recount(session, _row(session, cycle), making.edition(), partnership, cut=cut)
        grades = grade_counts(session, cycle, partnership, cut=cut)
        standards = standard_counts(session, cycle, partnership, cut=cut)
    return differences(making.edition(), grades, standards, recounted)


def _row(session: Session, cycle: int) -> CycleRow:
    row = cycle_by_id(session, cycle)
    assert row is not None
    return row
