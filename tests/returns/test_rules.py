"""The rules of answering, on values alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compact.returns.rules import (
    NOT_APPLICABLE,
    UNANSWERED,
    Answer,
    Outcome,
    Problem,
    Typed,
    asked,
    left_out,
    missing,
    missing_action,
    parse,
    progress,
    settle,
)
from compact.web.texts import clean
from tests import making

QUESTIONNAIRE = making.edition().questionnaires["school"]
SCALE = making.edition().scale
BULLYING = QUESTIONNAIRE.by_key["bullying"]
COMMISSIONING = QUESTIONNAIRE.by_key["commissioning"]

texts = st.text(max_size=50)
answers = st.builds(
    Answer,
    grade=st.sampled_from([None, "good", "inadequate"]),
    not_applicable=st.just(value=False),
    evidence=st.sampled_from(["", "a", "b"]),
)


def test_a_grade_with_evidence_is_an_answer() -> None:
    assert parse(BULLYING, SCALE, Typed("good", "A log.")) == Answer("good", False, "", "A log.")


def test_evidence_without_a_grade_is_kept_and_still_unanswered() -> None:
    answer = parse(BULLYING, SCALE, Typed("", "A log."))

    assert isinstance(answer, Answer)
    assert answer.evidence == "A log."
    assert not answer.is_given


def test_a_grade_that_is_not_of_the_scale_is_refused_in_words() -> None:
    assert parse(BULLYING, SCALE, Typed("excellent")) == Problem(
        "bullying", "grade", "Choose one of the grades shown for how bullying is looked after"
    )


@pytest.mark.parametrize(("part", "limit"), [("evidence", 20_000), ("reason", 2_000)])
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(part: str, limit: int) -> None:
    fits = parse(BULLYING, SCALE, Typed("good", **{part: "é" * limit}))
    too_long = parse(BULLYING, SCALE, Typed("good", **{part: "é" * (limit + 1)}))

    assert isinstance(fits, Answer)
    assert isinstance(too_long, Problem)
    assert too_long.part == part
    assert f"{limit:,}" in too_long.text


def test_a_line_end_counts_as_one_character_whatever_the_browser_sends() -> None:
    assert isinstance(parse(BULLYING, SCALE, Typed("good", "\r\n" * 19_999 + "x")), Answer)


def test_not_applicable_needs_a_reason() -> None:
    answer = parse(BULLYING, SCALE, Typed(NOT_APPLICABLE, reason=" \n "))

    assert isinstance(answer, Answer)
    assert missing(BULLYING, answer) == Problem(
        "bullying", "reason", "Enter why this does not apply: how bullying is looked after"
    )


def test_a_missing_grade_is_named_by_its_noun_phrase() -> None:
    assert missing(BULLYING, UNANSWERED) == Problem(
        "bullying", "grade", "Choose a grade for how bullying is looked after"
    )


@pytest.mark.parametrize(
    ("grade", "with_action", "lacks"),
    [
        ("requires_improvement", (), True),
        ("inadequate", (), True),
        ("inadequate", ("bullying",), False),
        ("good", (), False),
        (None, (), False),
    ],
)
def test_a_weak_grade_needs_an_action(grade: str | None, with_action: tuple[str, ...], lacks: bool) -> None:
    lack = missing_action(BULLYING, Answer(grade), SCALE.weak_keys, with_action)

    assert (lack is not None) == lacks


@pytest.mark.parametrize("facts", [{}, {"commissions-services": False}])
def test_an_indicator_is_asked_only_when_its_fact_is_yes(facts: dict[str, bool]) -> None:
    assert COMMISSIONING not in asked(QUESTIONNAIRE.indicators, facts)
    assert COMMISSIONING in asked(QUESTIONNAIRE.indicators, {"commissions-services": True})


def test_what_a_no_leaves_out_is_named_with_its_reason() -> None:
    [(fact, out)] = left_out(QUESTIONNAIRE, {"commissions-services": False})

    assert fact.otherwise == "the setting does not commission services"
    assert out == (COMMISSIONING,)
    assert left_out(QUESTIONNAIRE, {"commissions-services": True}) == ()


def test_progress_counts_only_answers_that_count() -> None:
    pair = QUESTIONNAIRE.by_standard[4]
    answers = {"bullying": Answer("good"), "pupil-voice": Answer(None, True, "")}

    assert (progress(pair, answers).answered, progress(pair, answers).asked) == (1, 2)


@given(texts)
def test_a_cleaned_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(texts)
def test_a_cleaned_text_holds_no_control_characters(text: str) -> None:
    assert not [c for c in clean(text) if ord(c) < 32 and c not in "\t\n"]


def test_nul_is_shown_as_a_replacement_and_words_line_breaks_are_kept() -> None:
    assert clean("a\x00b\x0bc\rd") == "a\ufffdb\nc\nd"


@given(
    typed=answers,
    shown=answers,
    kept=answers,
    shown_version=st.integers(0, 3),
    kept_version=st.integers(0, 3),
)
def test_nothing_unseen_is_ever_overwritten(
    typed: Answer, shown: Answer, kept: Answer, shown_version: int, kept_version: int
) -> None:
    outcome = settle(typed, shown, shown_version, kept, kept_version)

    if outcome is Outcome.SAVE:
        assert shown_version == kept_version
    if outcome is Outcome.SAME:
        assert typed == kept
    if outcome is Outcome.THEIRS:
        assert typed == shown, "only somebody who changed nothing gives way silently"


@given(typed=answers, kept=answers, version=st.integers(0, 3))
def test_somebody_alone_never_meets_a_conflict(typed: Answer, kept: Answer, version: int) -> None:
    assert settle(typed, kept, version, kept, version) in (Outcome.SAVE, Outcome.SAME)


def test_two_people_who_typed_the_same_do_not_clash() -> None:
    same = Answer("good", False, "", "A log.")

    assert settle(same, UNANSWERED, 0, same, 1) is Outcome.SAME
