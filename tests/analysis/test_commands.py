"""`compact analyse --phase`, `--recompute` and `compact compare`."""

import csv
from collections.abc import Callable
from datetime import date

from sqlalchemy import delete, update

from compact.returns.models import Answer, ProfileFact, Return
from compact.sign_off.models import StandardResult
from tests.conftest import Ended
from tests.making import World

LAST_YEAR = date(2025, 9, 1)
GOOD, WEAK = "good", "requires_improvement"
CYCLE, EARLIER = "Compact 2026", "Compact 2025"
Compact = Callable[..., Ended]


def rows_of(ended: Ended) -> list[dict[str, str]]:
    return list(csv.DictReader(ended.out.splitlines()))


def pin(world: World, return_id: int, **values: object) -> None:
    with world.session() as session:
        session.execute(update(Return).where(Return.id == return_id).values(**values))
        session.commit()


def schools(world: World) -> int:
    """Two primary schools, of which one is weak in bullying, and a secondary school that is not."""
    partnership = world.partnership()
    made = [world.organisation(f"School {number}") for number in range(3)]
    cycle = world.cycle(partnership)
    pinned = (("primary", WEAK), ("primary", GOOD), ("secondary", GOOD))
    for school, (phase, grade) in zip(made, pinned, strict=True):
        pin(world, world.signed(cycle, school, {"bullying": grade}), phase=phase)
    return cycle


def test_a_phase_is_counted_as_it_was_pinned(world: World, compact: Compact) -> None:
    schools(world)

    ended = compact("analyse", CYCLE, "--phase", "primary", "--by", "standard", "--format", "csv")

    rows = rows_of(ended)
    assert {each["sector"] for each in rows} == {"school"}
    assert [(each["graded"], each["weak"], each["share"]) for each in rows if each["standard"] == "4"] == [
        ("2", "1", "50.00")
    ]


def test_a_phase_that_nobody_has_is_a_mistake_that_names_the_others(world: World, compact: Compact) -> None:
    schools(world)

    ended = compact("analyse", CYCLE, "--phase", "sixth form")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err.strip() == (
        "--phase: nobody that Compact 2026 asks has the phase sixth form; the phases are: primary, secondary"
    )


def test_what_is_recomputed_is_printed_as_the_results_are(world: World, compact: Compact) -> None:
    schools(world)

    for by in ("indicator", "standard"):
        kept = compact("analyse", CYCLE, "--by", by, "--format", "csv")
        recomputed = compact("analyse", CYCLE, "--by", by, "--format", "csv", "--recompute")
        assert (recomputed.code, recomputed.err, recomputed.out) == (0, "", kept.out)


def test_a_result_that_was_changed_is_named_with_both_counts(world: World, compact: Compact) -> None:
    schools(world)
    with world.session() as session:
        session.execute(update(StandardResult).where(StandardResult.return_id == 1).values(weak=0))
        session.commit()

    ended = compact("analyse", CYCLE, "--by", "standard", "--format", "csv", "--recompute")

    assert ended.code == 1
    assert ended.err.strip() == "school, standard 4: kept at sign-off 0 weak of 3, recomputed 1 weak of 3"
    assert next(each for each in rows_of(ended) if each["standard"] == "4")["weak"] == "1"


def test_results_that_are_gone_are_named(world: World, compact: Compact) -> None:
    schools(world)
    with world.session() as session:
        session.execute(delete(StandardResult))
        session.commit()

    ended = compact("analyse", CYCLE, "--partnership", "Wexcombe Partnership", "--recompute")

    assert ended.err.strip() == "school, standard 4: kept at sign-off 0 weak of 0, recomputed 1 weak of 3"


def test_an_answer_that_was_not_asked_is_named(world: World, compact: Compact) -> None:
    """Sign-off leaves such answers out. One that is there all the same was put there past it."""
    cycle = world.cycle(world.partnership())
    signed = world.signed(cycle, world.organisation(), {"commissioning": WEAK})
    world.insert(ProfileFact, [{"return_id": signed, "fact": "commissions-services", "answer": False}])

    ended = compact("analyse", CYCLE, "--recompute")

    assert ended.code == 1
    assert ended.err.splitlines() == [
        "school, standard 12: commissioning, requires_improvement: counted 1, recomputed 0",
        "school, standard 12: kept at sign-off 1 weak of 1, recomputed 0 weak of 0",
    ]


def test_an_answer_that_was_taken_away_is_named(world: World, compact: Compact) -> None:
    schools(world)
    with world.session() as session:
        session.execute(delete(Answer).where(Answer.return_id == 1))
        session.commit()

    ended = compact("analyse", CYCLE, "--recompute")

    assert ended.err.strip() == "school, standard 4: kept at sign-off 1 weak of 3, recomputed 0 weak of 2"


def test_two_rounds_are_compared_with_how_many_were_left_out(world: World, compact: Compact) -> None:
    partnership = world.partnership()
    school = world.organisation()
    before = world.cycle(partnership, name=EARLIER, settings=["school", "statutory"], opens=LAST_YEAR)
    now = world.cycle(partnership, settings=["school", "early_years"])
    pin(world, world.signed(before, school, {"bullying": WEAK}), imported=True)
    world.signed(now, school, {"bullying": GOOD, "conduct": WEAK})

    ended = compact("compare", CYCLE, EARLIER, "--format", "csv")

    assert ended.code == 0
    assert ended.out.splitlines()[:3] == [
        "sector,standard,indicator,graded_then,weak_then,graded_now,weak_now",
        "school,1,leadership,0,0,0,0",
        "school,2,conduct,0,0,1,1",
    ]
    assert "school,4,bullying,1,1,1,0" in ended.out.splitlines()
    brought_in = "its returns in Compact 2025 were brought in"
    assert ended.err.splitlines() == [
        f"school: 0 indicators left out, new, gone or of another meaning; {brought_in}",
        "early_years: Compact 2025 did not ask this sector",
    ]


def test_rounds_the_wrong_way_round_are_a_mistake(world: World, compact: Compact) -> None:
    partnership = world.partnership()
    world.cycle(partnership, name=EARLIER, opens=LAST_YEAR)
    world.cycle(partnership)

    ended = compact("compare", EARLIER, CYCLE)

    assert (ended.code, ended.err.strip()) == (1, "EARLIER: Compact 2026 opened after Compact 2025")


def test_a_sector_that_the_earlier_round_did_not_ask_is_a_mistake(world: World, compact: Compact) -> None:
    partnership = world.partnership()
    world.cycle(partnership, name=EARLIER, opens=LAST_YEAR, settings=["school"])
    world.cycle(partnership)

    ended = compact("compare", CYCLE, EARLIER, "--sector", "hips")

    assert (ended.code, ended.err.strip()) == (1, "SECTOR: Compact 2025 does not ask hips; it asks school")
