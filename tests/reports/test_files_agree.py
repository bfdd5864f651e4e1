"""F7: whatever schools return, every file of a summary gives what plain Python counts in their grades."""

from collections.abc import Mapping, Sequence
from itertools import count

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compact import db
from compact.access import scope
from compact.cycles.store import cycle_by_id
from compact.reports.drafting import draft
from compact.reports.summary import Summary
from tests import making
from tests.making import World
from tests.reports.read_back import Row, from_csv, from_page, from_pdf, from_sheets, sentence

GRADES = ("outstanding", "good", "requires_improvement", "inadequate", None)
WEAK = ("requires_improvement", "inadequate")
QUESTIONNAIRE = making.edition().questionnaires["school"]
KEYS = tuple(each.key for each in QUESTIONNAIRE.indicators)

Grades = Mapping[str, str | None]

quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
# Rounds in which most questions are graded by some more or some fewer than five.
rounds = st.lists(
    st.fixed_dictionaries({}, optional={key: st.sampled_from(GRADES) for key in KEYS}),
    min_size=5,
    max_size=16,
)
_numbers = count()


@given(rounds)
@settings(max_examples=5, deadline=None, suppress_health_check=quiet)
def test_the_documents_of_a_round_are_what_plain_counting_gives(
    world: World, app: Flask, made: list[Grades]
) -> None:
    summary = _summary(world, app, made)
    expected = _plain(made)

    assert from_csv(summary) == expected
    assert from_sheets(summary) == expected
    assert from_page(summary) == expected
    assert from_pdf(summary) == expected


def _plain(made: Sequence[Grades]) -> list[Row]:
    """The questions, then the standards over those that are shown: five have to have graded a question."""
    given = {key: [grades[key] for grades in made if grades.get(key)] for key in KEYS}
    seen = {key for key in KEYS if len(given[key]) >= 5}
    titles = {each.number: each.title for each in making.edition().common.standards}
    rows = [
        _row(str(each.standard), sentence(each.asked), given[each.key], each.key in seen)
        for each in QUESTIONNAIRE.indicators
    ]
    for number in sorted({each.standard for each in QUESTIONNAIRE.indicators}):
        own = [each.key for each in QUESTIONNAIRE.indicators if each.standard == number and each.key in seen]
        graded = [[grades[key] for key in own if grades.get(key)] for grades in made]
        worst = ["inadequate" if set(WEAK) & set(each) else "good" for each in graded if each]
        rows.append(_row(str(number), titles[number], worst, bool(own)))
    return rows


def _row(place: str, title: str, given: Sequence[str | None], is_shown: bool) -> Row:
    if not is_shown:
        return place, title, None, None, ""
    weak = sum(grade in WEAK for grade in given)
    return place, title, len(given), weak, "yes" if weak * 100 > 9 * len(given) else "no"


def _summary(world: World, app: Flask, made: Sequence[Grades]) -> Summary:
    """What would be published of a round of its own, in an area of its own, with these returns."""
    number = next(_numbers)
    partnership = world.partnership(f"Partnership {number}", [f"{number + 100}"])
    schools = [
        world.organisation(f"{number}-{place}", areas=[f"{number + 100}"]) for place in range(len(made))
    ]
    cycle = world.cycle(partnership, name=f"Round {number}")
    for school, grades in zip(schools, made, strict=True):
        world.signed(cycle, school, dict(grades))
    with app.app_context():
        scope.everything("as a test")
        session = db.session()
        row = cycle_by_id(session, cycle)
        assert row is not None
        return draft(session, row, (), partnership, "school")
