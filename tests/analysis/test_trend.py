"""What is compared between rounds, and what is left out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from compact.analysis.cuts import Response
from compact.analysis.trend import (
    Counts,
    Round,
    RoundCounts,
    Trend,
    comparable_keys,
    earlier_rounds,
    left_out,
    trend_of,
)
from compact.analysis.trend import trends as trends_of
from compact.cycles.store import CycleRow, cycle_by_id
from compact.questionnaire.values import Change, Edition, Questionnaire
from compact.returns.models import Return
from tests import making
from tests.making import World

KEYS = making.ALL_SCHOOL_KEYS
LAST_YEAR = date(2025, 9, 1)
GOOD, WEAK = "good", "requires_improvement"


def edition_with(name: str, **changes: Change | None) -> Edition:
    """The test edition under another name; an indicator of schools is changed, or with None not there."""
    edition = making.edition()
    schools, by_name = edition.questionnaires["school"], {each.replace("-", "_"): each for each in KEYS}
    of_key = {by_name[each]: change for each, change in changes.items()}
    fields = {each: getattr(schools, each) for each in Questionnaire.model_fields}
    fields["indicators"] = tuple(
        each.model_copy(update={"changed": of_key.get(each.key)})
        for each in schools.indicators
        if of_key.get(each.key, each) is not None
    )
    common = edition.common.model_copy(update={"edition": name})
    return Edition(common, {**edition.questionnaires, "school": Questionnaire(**fields)}, {})


def changed(edition: str, *, same: bool) -> Change:
    return Change(edition=edition, what="It is asked otherwise.", same_meaning=same)


def of_round(edition: Edition, counts: Mapping[str, Counts], **standards: Counts) -> RoundCounts:
    opens = date(int(edition.name), 9, 1)
    cycle = CycleRow(1, f"Compact {edition.name}", edition.name, opens, opens, 9, (1,), ("school",))
    by_number = {int(name[1:]): each for name, each in standards.items()}
    return RoundCounts(Round(cycle, edition), Response(), by_number, counts)


def test_only_what_means_the_same_is_compared() -> None:
    """One is new, one is gone, one means something else; one was only worded anew."""
    then = edition_with("2025", pupil_voice=None)
    now = edition_with(
        "2026", conduct=None, bullying=changed("2026", same=False), equality=changed("2026", same=True)
    )
    counts = {"bullying": Counts(4, 2), "equality": Counts(4, 1), "conduct": Counts(4, 3)}

    trend = trend_of("school", of_round(now, counts), of_round(then, counts))

    assert trend.by_key["equality"].then == trend.by_key["equality"].now == Counts(4, 1)
    assert not {"bullying", "conduct", "pupil-voice"} & trend.by_key.keys()
    assert trend.left_out == 3
    assert len(trend.indicators) == len(KEYS) - 3


def test_what_changed_before_the_earlier_edition_is_compared() -> None:
    then = edition_with("2025", bullying=changed("2025", same=False))
    now = edition_with("2026", bullying=changed("2025", same=False))

    assert "bullying" in comparable_keys("school", now, then)
    assert left_out("school", now, then) == 0


def test_a_standard_is_compared_where_all_of_it_means_the_same() -> None:
    then, now = edition_with("2025", pupil_voice=None), edition_with("2026")
    counts = {"s4": Counts(5, 1), "s9": Counts(5, 2)}

    trend = trend_of("school", of_round(now, {}, **counts), of_round(then, {}, **counts))

    assert 4 not in trend.by_standard
    assert (trend.by_standard[9].then, trend.by_standard[9].flagged_then) == (Counts(5, 2), True)
    assert trend.standards_left_out == 1


def test_on_another_scale_nothing_is_compared() -> None:
    then, now = edition_with("2025"), edition_with("2026")
    grades = tuple(each.model_copy(update={"weak": each.key == "inadequate"}) for each in then.scale.grades)
    scale = then.scale.model_copy(update={"grades": grades})
    other = replace(then, common=then.common.model_copy(update={"scale": scale}))

    trend = trend_of("school", of_round(now, {}), of_round(other, {}))

    assert (trend.indicators, trend.standards) == ((), ())
    assert (trend.left_out, trend.standards_left_out) == (len(KEYS), 12)


def test_a_sector_that_the_edition_does_not_have_is_left_out_whole() -> None:
    then = edition_with("2025")
    then = replace(then, questionnaires={"school": then.questionnaires["school"]})

    assert comparable_keys("hips", making.edition(), then) == ()
    assert left_out("hips", making.edition(), then) == len(KEYS)


keys = st.sets(st.sampled_from(KEYS), max_size=5)


@given(gone=keys, new=keys, other=keys)
def test_every_indicator_is_compared_or_left_out(gone: set[str], new: set[str], other: set[str]) -> None:
    names = {each: each.replace("-", "_") for each in KEYS}
    new = new - gone
    then = edition_with("2025", **{names[each]: None for each in new})
    now = edition_with(
        "2026",
        **{
            **{names[each]: changed("2026", same=False) for each in other},
            **{names[each]: None for each in gone},
        },
    )

    compared = comparable_keys("school", now, then)

    assert set(compared) == set(KEYS) - gone - new - other
    assert len(compared) + left_out("school", now, then) == len(KEYS)


def trends(world: World, cycle: int, partnership: int = 1) -> tuple[Trend, ...]:
    with world.session() as session:
        row = cycle_by_id(session, cycle)
        assert row is not None
        earlier = earlier_rounds(session, row, partnership, "school")
        before = [Round(each, making.edition()) for each in earlier]
        return trends_of(session, Round(row, making.edition()), before, partnership, "school")


def two_rounds(world: World) -> tuple[int, int]:
    """Last time two of three schools were weak in bullying, now one of three."""
    partnership, school = world.partnership(), [world.organisation(f"School {number}") for number in range(3)]
    before, now = world.cycle(partnership, name="Compact 2025", opens=LAST_YEAR), world.cycle(partnership)
    for cycle, weak in ((before, 2), (now, 1)):
        for number, each in enumerate(school):
            world.signed(cycle, each, {"bullying": WEAK if number < weak else GOOD})
    return before, now


def test_each_earlier_round_stands_beside_this_one(world: World) -> None:
    before, now = two_rounds(world)

    (trend,) = trends(world, now)

    assert (trend.cycle_id, trend.cycle, trend.brought_in) == (before, "Compact 2025", False)
    assert (trend.by_key["bullying"].then, trend.by_key["bullying"].now) == (Counts(3, 2), Counts(3, 1))
    assert (trend.by_standard[4].then, trend.by_standard[4].now) == (Counts(3, 2), Counts(3, 1))
    assert (trend.left_out, trend.standards_left_out) == (0, 0)
    assert trends(world, before) == ()


def test_a_round_of_which_everything_was_brought_in_says_so(world: World) -> None:
    before, now = two_rounds(world)
    with world.session() as session:
        session.execute(update(Return).where(Return.cycle_id == before).values(imported=True))
        session.commit()

    assert trends(world, now)[0].brought_in

    with world.session() as session:
        session.execute(update(Return).where(Return.id == 1).values(imported=False))
        session.commit()

    assert not trends(world, now)[0].brought_in


def test_rounds_of_other_partnerships_and_of_other_sectors_are_not_beside_it(world: World) -> None:
    here, there = world.partnership(), world.partnership("Other Partnership", ["902"])
    world.cycle(there, name="Theirs", opens=LAST_YEAR)
    world.cycle(here, name="Of nurseries", settings=["early_years"], opens=LAST_YEAR)
    ours = world.cycle(here, there, name="Ours", opens=LAST_YEAR)
    now = world.cycle(here)

    assert [each.cycle_id for each in trends(world, now, here)] == [ours]
