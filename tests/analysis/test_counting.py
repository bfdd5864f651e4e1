"""What counts in the findings, and for whom."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import update

from compact.analysis.findings import IndicatorFinding, StandardFinding, find
from compact.analysis.responses import response_by_sector
from compact.cycles.models import Due, Excused
from compact.cycles.store import cycle_by_id
from compact.organisations.models import Organisation, Succession
from compact.returns.models import Exception_, Return
from compact.returns.reading import partnerships_of
from compact.returns.rules import Answer
from compact.returns.store import add_return
from compact.sign_off.results import write_results
from tests import making
from tests.making import World

GOOD, WEAK = "good", "requires_improvement"


def test_not_applicable_leaves_the_denominator_and_is_counted_apart(world: World) -> None:
    cycle = _round(world, [{"bullying": WEAK}, {"bullying": GOOD}, {"bullying": None}])

    finding = _indicator(world, cycle, "bullying")

    assert (finding.weak, finding.graded, finding.not_applicable) == (1, 2, 1)


def test_unanswered_is_in_neither(world: World) -> None:
    cycle = _round(world, [{"bullying": WEAK}, {"conduct": GOOD}])

    assert (_indicator(world, cycle, "bullying").graded, _indicator(world, cycle, "bullying").weak) == (1, 1)


def test_a_draft_counts_nowhere(world: World) -> None:
    cycle = _round(world, [{"bullying": GOOD}, {}])
    with world.session() as session:
        session.execute(update(Return).where(Return.id == 2).values(status="draft", signed_at=None))
        session.commit()

    world.answer(2, {"bullying": Answer(WEAK)})

    assert (_indicator(world, cycle, "bullying").weak, _standard(world, cycle, 4).weak) == (0, 0)


def test_a_reopened_return_counts_as_last_signed(world: World) -> None:
    partnership, school = world.partnership(), world.organisation()
    cycle = world.cycle(partnership)
    world.signed(cycle, school, {"bullying": WEAK})
    with world.session() as session:
        add_return(session, cycle, school, number=2, now=making.NOW)
        session.commit()

    assert _indicator(world, cycle, "bullying").weak == 1


def test_the_highest_signed_number_counts_alone(world: World) -> None:
    partnership, school = world.partnership(), world.organisation()
    cycle = world.cycle(partnership)
    world.signed(cycle, school, {"bullying": WEAK}, number=1)
    world.signed(cycle, school, {"bullying": GOOD}, number=2)

    finding, standard = _indicator(world, cycle, "bullying"), _standard(world, cycle, 4)

    assert (finding.weak, finding.graded) == (0, 1)
    assert (standard.weak, standard.graded) == (0, 1)


def test_of_a_school_and_its_successor_one_return_counts(world: World) -> None:
    partnership = world.partnership()
    old, new = world.organisation("Old School"), world.organisation("New Academy")
    cycle = world.cycle(partnership)
    world.insert(Succession, [{"old_id": old, "new_id": new, "on": date(2026, 9, 1), "kind": "academy"}])
    world.signed(cycle, old, {"bullying": WEAK})

    assert _indicator(world, cycle, "bullying").weak == 1

    world.signed(cycle, new, {"bullying": GOOD})

    assert (_indicator(world, cycle, "bullying").weak, _indicator(world, cycle, "bullying").graded) == (0, 1)


def test_a_four_area_body_counts_in_each_partnership_with_its_exception(world: World) -> None:
    first = world.partnership("First", ["901"])
    second = world.partnership("Second", ["902"])
    police = world.organisation("Police", areas=["901", "902"], setting="hips")
    cycle = world.cycle(first, second, settings=["hips"])
    with world.session() as session:
        return_id = add_return(session, cycle, police, number=1, now=making.NOW)
        session.commit()
    world.insert(
        Exception_,
        [_exception(return_id, second, "bullying", WEAK), _exception(return_id, second, "conduct", None)],
    )
    _sign(world, return_id, {"bullying": GOOD, "conduct": GOOD, "pupil-voice": GOOD})

    seen = [
        (_indicator(world, cycle, "bullying", each).weak, _standard(world, cycle, 4, each).weak)
        for each in (None, first, second)
    ]
    assert seen == [(0, 0), (0, 0), (1, 1)]
    conduct = _indicator(world, cycle, "conduct", second)
    assert (conduct.graded, conduct.not_applicable) == (0, 1)
    assert _standard(world, cycle, 2, second).graded == 0
    assert _standard(world, cycle, 2, first).graded == 1


def test_a_partnership_sees_its_own_area_alone(world: World) -> None:
    first, second = world.partnership("First", ["901"]), world.partnership("Second", ["902"])
    here, there = world.organisation("Here"), world.organisation("There", areas=["902"])
    cycle = world.cycle(first, second)
    world.signed(cycle, here, {"bullying": WEAK})
    world.signed(cycle, there, {"bullying": GOOD})

    graded = [_indicator(world, cycle, "bullying", each).graded for each in (None, first, second)]

    assert graded == [2, 1, 1]


def test_two_areas_of_one_partnership_count_once(world: World) -> None:
    partnership = world.partnership("Both", ["901", "902"])
    school = world.organisation(areas=["901", "902"])
    cycle = world.cycle(partnership)
    world.signed(cycle, school, {"bullying": WEAK})

    assert _indicator(world, cycle, "bullying", partnership).graded == 1
    assert _standard(world, cycle, 4, partnership).graded == 1


def test_a_standard_is_weak_with_one_weak_indicator_and_names_it(world: World) -> None:
    cycle = _round(world, [{"bullying": GOOD, "pupil-voice": WEAK}, {"bullying": GOOD, "pupil-voice": GOOD}])

    standard = _standard(world, cycle, 4)

    assert (standard.weak, standard.graded) == (1, 2)
    assert [each.indicator.key for each in standard.carried_by] == ["pupil-voice"]


def test_due_leaves_out_the_excused_and_those_closed_before_signing(world: World) -> None:
    partnership = world.partnership()
    schools = [world.organisation(f"School {number}") for number in range(5)]
    cycle = world.cycle(partnership)
    late = world.organisation("Late School")
    world.insert(Due, [{"cycle_id": cycle, "organisation_id": late, "added_at": making.NOW}])
    world.insert(Excused, [{"cycle_id": cycle, "organisation_id": schools[0], "why": "Flood"}])
    world.signed(cycle, schools[1], {"bullying": GOOD})
    with world.session() as session:
        closed = update(Organisation).where(Organisation.id.in_(schools[1:3]))
        session.execute(closed.values(status="closed", closed_on=date(2026, 10, 1)))
        session.commit()

        row = cycle_by_id(session, cycle)
        assert row is not None
        response = response_by_sector(session, row, None)["school"]
    assert (response.due, response.received) == (4, 1)


def _round(world: World, grades: list[Mapping[str, str | None]]) -> int:
    """A round of one partnership in which one school after another signs with these grades."""
    partnership = world.partnership()
    schools = [world.organisation(f"School {number}") for number in range(len(grades))]
    cycle = world.cycle(partnership)
    for school, given in zip(schools, grades, strict=True):
        world.signed(cycle, school, given)
    return cycle


def _sign(world: World, return_id: int, grades: Mapping[str, str]) -> None:

    world.answer(return_id, {key: Answer(grade) for key, grade in grades.items()})
    with world.session() as session:
        session.execute(
            update(Return).where(Return.id == return_id).values(status="signed", signed_at=making.NOW)
        )
        edition = making.edition()
        write_results(
            session, return_id, edition, edition.questionnaires["hips"], partnerships_of(session, return_id)
        )
        session.commit()


def _exception(return_id: int, partnership: int, key: str, grade: str | None) -> dict[str, object]:
    return {
        "return_id": return_id,
        "partnership_id": partnership,
        "key": key,
        "grade": grade,
        "not_applicable": grade is None,
        "note": "It differs here.",
    }


def _findings(world: World, cycle: int, partnership: int | None) -> list[IndicatorFinding | StandardFinding]:
    with world.session() as session:
        row = cycle_by_id(session, cycle)
        assert row is not None
        found = find(session, row, making.edition(), partnership=partnership)
    sector = next(each for each in found if each.response.received or each.sector == "hips")
    return [*sector.indicators, *sector.standards]


def _indicator(world: World, cycle: int, key: str, partnership: int | None = None) -> IndicatorFinding:
    return next(
        each
        for each in _findings(world, cycle, partnership)
        if isinstance(each, IndicatorFinding) and each.indicator.key == key
    )


def _standard(world: World, cycle: int, number: int, partnership: int | None = None) -> StandardFinding:
    return next(
        each
        for each in _findings(world, cycle, partnership)
        if isinstance(each, StandardFinding) and each.standard == number
    )
