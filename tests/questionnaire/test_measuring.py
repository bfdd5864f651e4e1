"""How much there is to read and to answer."""

import csv
import io
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from compact.questionnaire.measuring import Measure, measure, sentences, shared_keys, words
from tests import making
from tests.conftest import Ended

Run = Callable[..., Ended]


def test_sentences_end_at_a_full_stop_a_question_or_a_quotation() -> None:
    text = "Staff ask “Are you safe?” each week. In Part 1.2 they write it down. 30 did."
    assert sentences(text) == [
        "Staff ask “Are you safe?” each week.",
        "In Part 1.2 they write it down.",
        "30 did.",
    ]
    assert sentences("She said “Go home.” They went.") == ["She said “Go home.", "They went."]


@given(st.lists(st.sampled_from(["One more.", "Is it so?", "Say “no”.", "It has 1.5 of them."]), max_size=8))
def test_no_sentence_is_lost_or_made_up(said: list[str]) -> None:
    assert sentences(" ".join(said)) == said


def test_a_set_is_measured_by_what_has_to_be_read() -> None:
    school = making.edition().questionnaires["school"]
    found = measure(school)
    first = school.indicators[0]
    read = [first.text, *first.good, first.improve, first.evidence[0].show, first.evidence[0].held_by]
    assert found.indicators == 13
    assert found.words > sum(map(words, read))
    assert 3 < found.mean_sentence < 9


def test_the_hours_hold_reading_and_answering() -> None:
    assert Measure(0, 0, 1.0).hours == 1
    assert Measure(60, 12_000, 15.0).minutes_to_read == 60
    assert Measure(60, 12_000, 15.0).hours == 4


def test_keys_are_shared_when_two_sets_have_them() -> None:
    edition = making.edition()
    school, nursery = (edition.questionnaires[each] for each in ("school", "early_years"))
    assert shared_keys([school, nursery]) == frozenset(nursery.by_key)
    assert shared_keys([school]) == frozenset()


def test_the_figures_of_an_edition_are_a_table_and_csv(run: Run) -> None:
    ended = run("figures", "2026", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert [row["setting"] for row in rows] == ["school", "early_years", "statutory", "hips"]
    for row in rows:
        assert sum(int(row[str(number)]) for number in range(1, 13)) == int(row["indicators"])
    assert (rows[0]["indicators"], rows[1]["12"], rows[1]["shared"]) == ("13", "0", "11")
    table = run("figures", "2026").out.splitlines()
    assert table[0].split()[:3] == ["setting", "1", "2"]
    assert len(table) == 5
