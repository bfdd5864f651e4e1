"""The page that a committee reads, and the log of what it decided."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from compact.access.values import Grant, Role
from compact.actions import store as actions
from compact.actions.rules import PlannedAction
from compact.analysis.committee import CommitteePage, Plans, committee_page, round_before
from compact.analysis.decisions import DECIDED_LIMIT, WHO_LIMIT, About, Decided, TypedDecision, parse_decision
from compact.analysis.trend import Round, can_compare
from compact.cycles.store import cycle_by_id
from compact.questionnaire.values import Change, Edition, Grade, Questionnaire
from compact.returns.models import Exception_
from compact.trail.models import TrailEntry
from tests import making
from tests.making import NOW, World
from tests.pages import Visitor

GOOD, WEAK = "good", "requires_improvement"
BULLYING = About("school", 4)
Visit = Callable[[str], Visitor]
DECISION = {
    "about": "school-4",
    "decided": "A day of training\non bullying.",
    "who": "Training lead",
    "due": "31 3 2027",
}


def two_rounds(world: World) -> tuple[int, int]:
    """Last time 2 of 4 schools were weak in standard 4, this time 1 of 3; one of four has not signed."""
    partnership = world.partnership()
    schools = [world.organisation(f"School {number}") for number in range(4)]
    before = world.cycle(partnership, name="Compact 2025", opens=date(2025, 9, 1), closes=date(2025, 12, 18))
    now = world.cycle(partnership)
    for number, school in enumerate(schools):
        world.signed(before, school, {"bullying": WEAK if number < 2 else GOOD, "conduct": GOOD})
        if number < 3:
            world.signed(now, school, {"bullying": WEAK if number < 1 else GOOD, "conduct": GOOD})
    return before, now


def page_of(world: World, cycle_id: int, partnership: int = 1) -> CommitteePage:
    with world.session() as session:
        cycle = cycle_by_id(session, cycle_id)
        assert cycle is not None
        before = round_before(session, cycle, partnership)
        rounds = Round(cycle, making.edition()), Round(before, making.edition()) if before else None
        return committee_page(session, *rounds, partnership, date(2026, 11, 1))


def test_the_figures_stand_beside_those_of_the_round_before(world: World) -> None:
    before, now = two_rounds(world)
    page = page_of(world, now)
    (stands,) = page.flagged
    assert stands.about == BULLYING
    assert (stands.now.weak, stands.now.graded) == (1, 3)
    assert stands.then is not None
    assert (stands.then.weak, stands.then.graded) == (2, 4)
    schools = page.sectors[0]
    assert schools.response_then is not None
    assert (schools.response.received, schools.response.due) == (3, 4)
    assert (schools.response_then.received, schools.response_then.due) == (4, 4)
    assert page_of(world, before).flagged[0].then is None, "there is no round before"


def test_the_page_says_it_in_words(world: World, visit: Visit) -> None:
    _, now = two_rounds(world)
    reader = visit(world.person("Rae Reader", Grant(Role.READER, partnership_id=1)))
    page = reader.get(f"/committee/{now}")
    assert "3 of 4 organisations have signed their self-assessment. 1 standard is flagged." in page.text
    assert (
        "1 of 3 (33.33%) require improvement in some part of it, less than 2 of 4 (50.00%) last time"
        in page.text
    )
    assert "3 of 4 have signed; last time 4 of 4." in page.text
    assert "Note a decision" not in page.text
    assert f"/committee/{now}" in reader.get("/").html


def with_indicator(edition: Edition, key: str, **update: object) -> Edition:
    """The edition with one indicator of the schools' questionnaire changed, or left out (`gone`)."""
    school = edition.questionnaires["school"]
    indicators = tuple(
        each.model_copy(update=update) if each.key == key else each
        for each in school.indicators
        if each.key != key or "gone" not in update
    )
    whole = {name: getattr(school, name) for name in type(school).model_fields}
    changed = Questionnaire(**{**whole, "indicators": indicators})
    return replace(edition, questionnaires={**edition.questionnaires, "school": changed})


@pytest.mark.parametrize(("same_meaning", "expected"), [(True, True), (False, False)])
def test_a_standard_is_compared_where_its_questions_mean_the_same(same_meaning: bool, expected: bool) -> None:
    then = making.edition()
    change = Change(edition="2028", what="Other words.", same_meaning=same_meaning)
    now = with_indicator(then, "bullying", changed=change)
    assert can_compare(BULLYING, now, then) is expected
    assert can_compare(About("school", 1), now, then)


def test_a_standard_that_asks_more_or_less_is_not_compared() -> None:
    whole = making.edition()
    less = with_indicator(whole, "bullying", gone=True)
    assert can_compare(BULLYING, whole, whole)
    assert not can_compare(BULLYING, less, whole)
    assert not can_compare(BULLYING, whole, less)
    without = replace(whole, questionnaires={"hips": whole.questionnaires["hips"]})
    assert not can_compare(BULLYING, whole, without)


def test_grades_on_another_scale_are_not_compared() -> None:
    whole = making.edition()
    grades = tuple(
        Grade(key=each.key, label=each.label, meaning=each.meaning, weak=each.key == "inadequate")
        for each in whole.scale.grades
    )
    scale = whole.scale.model_copy(update={"grades": grades})
    other = replace(whole, common=whole.common.model_copy(update={"scale": scale}))
    assert not can_compare(BULLYING, other, whole)


def plan(world: World, return_id: int, organisation: int, status: str, due: date) -> None:
    with world.session() as session:
        actions.add_action(
            session,
            organisation_id=organisation,
            return_id=return_id,
            key="bullying",
            planned=PlannedAction("Train", "Head", due, status),
            by=None,
            at=NOW,
        )
        session.commit()


def test_actions_are_open_overdue_or_done(world: World) -> None:
    """The last day counts whole: what is due today is open."""
    partnership, school = world.partnership(), world.organisation()
    cycle = world.cycle(partnership)
    made = world.signed(cycle, school, {"bullying": WEAK})
    today, yesterday = date(2026, 11, 1), date(2026, 10, 31)
    for status, due in (
        ("not_started", today),
        ("under_way", yesterday),
        ("not_started", yesterday),
        ("done", yesterday),
        ("embedded", yesterday),
        ("done", today),
    ):
        plan(world, made, school, status, due)
    assert page_of(world, cycle).plans == Plans(open=1, overdue=2, done=3)
    assert page_of(world, cycle).sectors[0].plans.all == 6


def test_a6_what_is_planned_for_another_partnership_is_not_counted(world: World) -> None:
    here, there = world.partnership(), world.partnership("Northmoor", areas=("902",))
    body = world.organisation("Police", setting="hips", areas=("901", "902"))
    cycle = world.cycle(here, there)
    made = world.signed(cycle, body, {"bullying": GOOD})
    place = {"return_id": made, "partnership_id": there, "key": "bullying"}
    world.insert(Exception_, [{**place, "grade": WEAK, "not_applicable": False, "note": "Only there."}])
    plan(world, made, body, "not_started", date(2027, 3, 31))

    assert page_of(world, cycle, here).plans == Plans()
    assert page_of(world, cycle, there).plans == Plans(open=1)


def test_what_was_decided_stands_in_the_log_and_beside_the_next_round(world: World, visit: Visit) -> None:
    before, now = two_rounds(world)
    ellis = visit(world.person("Ellis Officer", making.officer(1)))
    form = ellis.get(f"/committee/{before}/decisions/new?about=school-4")
    assert form.one("option[selected]")["value"] == "school-4"
    page = ellis.send(form, **DECISION)
    assert page.address.startswith(f"/committee/{before}")
    assert "A day of training\non bullying." in page.html
    assert "Training lead" in page.text
    reader = visit(world.person("Rae Reader", Grant(Role.READER, partnership_id=1)))
    table = reader.get(f"/committee/{now}").one("div[aria-label='Decisions after Compact 2025']")
    assert "31 March 2027" in table.get_text()
    assert "2 of 4 (50.00%)" in table.get_text()
    assert "1 of 3 (33.33%)" in table.get_text()
    with world.session() as session:
        entry = session.scalars(select(TrailEntry).where(TrailEntry.what == "decision noted")).one()
        assert (entry.subject, entry.detail) == (f"cycle {before}", '{"about":"school-4","partnership":1}')


def test_another_partnership_of_the_round_has_a_log_of_its_own(world: World, visit: Visit) -> None:
    """A6"""
    here, there = world.partnership(), world.partnership("Northmoor", areas=("902",))
    body = world.organisation("Vale Police", areas=("901", "902"), setting="hips")
    cycle = world.cycle(here, there, settings=("hips",))
    world.signed(cycle, body, {"bullying": WEAK}, setting="hips")
    ellis = visit(world.person("Ellis Officer", making.officer(here)))
    ellis.post(f"/committee/{cycle}/decisions", {**DECISION, "about": "hips-4"})
    assert "Training lead" in ellis.get(f"/committee/{cycle}").text
    ashley = visit(world.person("Ashley Officer", making.officer(there)))
    assert "Training lead" not in ashley.get(f"/committee/{cycle}").text


def test_what_is_missing_is_said_and_nothing_is_kept(world: World, visit: Visit) -> None:
    before, _ = two_rounds(world)
    ellis = visit(world.person("Ellis Officer", making.officer(1)))
    form = ellis.get(f"/committee/{before}/decisions/new")
    page = ellis.send(form, **{**DECISION, "about": "", "due": "soon"})
    assert page.title.startswith("Error:")
    assert page.summary == [
        "Choose the standard that the decision is about",
        "The day must be a real one, such as 31 3 2027",
    ]
    assert page.fields()["who"] == "Training lead"
    assert page_of(world, before).decided == ()


def decide(**changes: str) -> tuple[str, ...] | Decided:
    typed: Mapping[str, str] = {**DECISION, **changes}
    found = parse_decision(TypedDecision(**typed), [BULLYING])
    return tuple(each.field for each in found) if isinstance(found, tuple) else found


def test_a_decision_is_about_a_flagged_standard_and_has_all_its_parts() -> None:
    assert decide() == Decided(
        BULLYING, "A day of training\non bullying.", "Training lead", date(2027, 3, 31)
    )
    assert decide(about="school-5") == ("about",)
    assert decide(decided=" ", who="\t", due="") == ("decided", "who", "due")
    assert decide(decided="x" * (DECIDED_LIMIT + 1), who="y" * (WHO_LIMIT + 1)) == ("decided", "who")
    assert isinstance(decide(decided="x" * DECIDED_LIMIT, who="y" * WHO_LIMIT), Decided)
