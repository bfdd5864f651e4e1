"""Each reason to look: one return that has it, and one that just does not."""

from datetime import date

import pytest

from compact.inspections.rules import Judgement, Result, doubts
from compact.questionnaire.values import Indicator
from compact.returns.moves import Move
from compact.returns.rules import Answer
from compact.review import rules
from compact.review.rules import Inspected, Name, Other, Reason, Same
from compact.sign_off.looking_again import AsLastTime
from tests import making

EDITION = making.edition()
SCHOOL = EDITION.questionnaires["school"]
FIRST, SECOND, THIRD, FOURTH = SCHOOL.indicators[:4]
TODAY = date(2026, 10, 5)


def reasons(*found: Reason | None) -> list[tuple[Name, int, int, tuple[str, ...]]]:
    return [(each.name, each.count, each.of, each.keys) for each in found if each]


def test_late_is_one_day_after_the_last_day() -> None:
    assert reasons(rules.late(date(2026, 12, 19), date(2026, 12, 18))) == [(Name.LATE, 1, 0, ())]
    assert reasons(rules.late(date(2026, 12, 18), None)) == []


def test_grades_fell_where_one_that_can_be_compared_is_worse() -> None:
    moves = {"a": Move.WORSE, "b": Move.BETTER, "c": Move.SAME, "d": Move.NEW, "e": Move.ASKED_DIFFERENTLY}

    assert reasons(rules.fell(moves)) == [(Name.FELL, 1, 3, ("a",))]
    assert reasons(rules.fell({**moves, "a": Move.SAME})) == []


def graded(grade: str, *evidence: str) -> dict[str, Answer]:
    return {
        each.key: Answer(grade, evidence=text)
        for each, text in zip(SCHOOL.indicators, evidence, strict=False)
    }


THIN, ENOUGH = "x" * (rules.THIN - 1), "x" * rules.THIN


def test_all_top_with_thin_evidence_for_half_of_it() -> None:
    top, indicators = "outstanding", SCHOOL.indicators

    half = rules.all_top_thin(indicators, graded(top, THIN, ENOUGH, "", ENOUGH), EDITION.scale)
    assert reasons(half) == [(Name.ALL_TOP, 2, 4, (FIRST.key, THIRD.key))]


@pytest.mark.parametrize(
    "answers",
    [
        graded("outstanding", THIN, ENOUGH, ENOUGH),
        {**graded("outstanding", "", "", ""), FOURTH.key: Answer("good")},
        graded("outstanding", ""),
        graded("good", "", ""),
    ],
    ids=["thin for less than half", "one is good only", "one grade alone", "all good"],
)
def test_what_is_just_not_all_top_with_thin_evidence(answers: dict[str, Answer]) -> None:
    assert reasons(rules.all_top_thin(SCHOOL.indicators, answers, EDITION.scale)) == []


def test_text_equal_to_anothers_is_told_to_each_partnership_of_both() -> None:
    same = [
        Same("a", Other(7, "Oak"), 1),
        Same("b", Other(7, "Oak"), 1),
        Same("b", Other(8, "Elm"), 1),
        Same("a", Other(7, "Oak"), 2),
    ]

    found = rules.as_another(same, ("a", "b", "c"))

    assert reasons(*found) == [(Name.AS_ANOTHER, 2, 3, ("a", "b")), (Name.AS_ANOTHER, 1, 3, ("a",))]
    assert [(each.partnership, each.others) for each in found] == [
        (1, (Other(7, "Oak"), Other(8, "Elm"))),
        (2, (Other(7, "Oak"),)),
    ]
    assert rules.as_another([], ("a", "b", "c")) == ()


def test_a_text_tells_from_its_eightieth_letter_or_digit_on() -> None:
    assert rules.tells("x" * rules.LONG_ENOUGH)
    assert not rules.tells("x" * (rules.LONG_ENOUGH - 1) + " ,.-\n_" * 40)


def test_capitals_commas_and_line_ends_make_no_other_text() -> None:
    assert rules.normalised("The ﬁrst\r\n Policy, of 2026!") == rules.normalised("the first policy of 2026")
    assert rules.normalised("the policy of 2025") != rules.normalised("the policy of 2026")


def same_as_last(still: tuple[Indicator, ...] = (), other: tuple[Indicator, ...] = ()) -> AsLastTime:
    return AsLastTime(still, other)


def test_text_equal_to_last_times_is_a_reason_from_half_of_it_on() -> None:
    half = rules.as_last_time(same_as_last((FIRST,), (SECOND,)), 4)

    assert reasons(half) == [(Name.AS_LAST_TIME, 2, 4, (FIRST.key, SECOND.key))]
    assert reasons(rules.as_last_time(same_as_last((FIRST, SECOND)), 5)) == []
    assert reasons(rules.as_last_time(same_as_last(), 0)) == []


def test_the_same_words_with_another_grade_contradict_each_other() -> None:
    assert reasons(rules.regraded(same_as_last((FIRST,), (SECOND,)))) == [
        (Name.REGRADED, 1, 0, (SECOND.key,))
    ]
    assert reasons(rules.regraded(same_as_last((FIRST,)))) == []


def test_what_was_answered_contradicts_a_profile_that_leaves_it_out() -> None:
    written = {"commissioning": Answer("good"), "bullying": Answer("good")}

    found = rules.answered_not_asked(SCHOOL, {"commissions-services": False}, written)

    assert reasons(found) == [(Name.NOT_ASKED, 1, 0, ("commissioning",))]
    assert reasons(rules.answered_not_asked(SCHOOL, {"commissions-services": True}, written)) == []
    emptied = {"commissioning": Answer()}
    assert reasons(rules.answered_not_asked(SCHOOL, {"commissions-services": False}, emptied)) == []


def test_not_applicable_contradicts_a_profile_that_says_it_does_apply() -> None:
    answers = {key: Answer(None, True, "None here.") for key in ("commissioning", "bullying")}

    def found(*, commissions: bool) -> list[tuple[Name, int, int, tuple[str, ...]]]:
        facts = {"commissions-services": commissions}
        return reasons(rules.not_applicable_though(SCHOOL.indicators, facts, answers))

    assert found(commissions=True) == [(Name.DOES_APPLY, 1, 0, ("commissioning",))]
    assert found(commissions=False) == []
    graded = {**answers, "commissioning": Answer("good")}
    assert (
        reasons(rules.not_applicable_though(SCHOOL.indicators, {"commissions-services": True}, graded)) == []
    )


BEGAN = date(2026, 11, 3)


def inspected(safeguarding: str, **judgements: str) -> Inspected:
    said = [Judgement(area.replace("_", " "), word) for area, word in judgements.items()]
    return Inspected(BEGAN, doubts(safeguarding, said))


def test_an_inspection_disagrees_where_nothing_is_weak_in_what_it_speaks_of() -> None:
    led_badly = inspected("Met", Leadership_and_governance="Needs attention")

    found = rules.inspection_disagrees(led_badly, {1: Result(4, 0), 2: Result(9, 2), 3: Result(3, 0)})

    assert reasons(found) == [(Name.INSPECTION, 0, 7, ())]
    assert found is not None
    assert found.inspected == led_badly
    assert found.standards == (1, 3)
    assert reasons(rules.inspection_disagrees(inspected("Not met"), {9: Result(1, 0)})) == [
        (Name.INSPECTION, 0, 1, ())
    ]


@pytest.mark.parametrize(
    ("found", "results"),
    [
        (inspected("Met", Leadership_and_governance="Needs attention"), {1: Result(4, 0), 3: Result(3, 1)}),
        (inspected("Met", Leadership_and_governance="Needs attention"), {2: Result(4, 0)}),
        (inspected("Met", Leadership_and_governance="Expected standard"), {1: Result(4, 0)}),
        (inspected("Met", Achievement="Urgent improvement"), {1: Result(4, 0)}),
        (inspected("Not met"), {10: Result(4, 0)}),
    ],
    ids=["one is weak", "none of it graded", "found well", "no standard's", "another standard"],
)
def test_what_is_just_no_disagreement_with_an_inspection(
    found: Inspected, results: dict[int, Result]
) -> None:
    assert rules.inspection_disagrees(found, results) is None


def test_an_action_is_overdue_the_day_after_its_last() -> None:
    actions = [
        ("a", "not_started", date(2026, 10, 4)),
        ("a", "under_way", date(2026, 10, 4)),
        ("b", "under_way", TODAY),
        ("c", "done", date(2026, 1, 1)),
    ]

    assert reasons(rules.overdue(actions, TODAY)) == [(Name.OVERDUE, 2, 4, ("a",))]
    assert reasons(rules.overdue(actions[2:], TODAY)) == []


def test_every_reason_has_its_weight_and_its_words() -> None:
    assert {*rules.WEIGHTS} == {*Name}
    said = {rules.words(Reason(name, 1, 2, others=(Other(7, "Oak"), Other(8, "Elm")))) for name in Name}
    assert len(said) == len(Name)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (Reason(Name.LATE, 1), "Signed 1 day after its last day."),
        (Reason(Name.LATE, 12), "Signed 12 days after its last day."),
        (
            Reason(Name.AS_ANOTHER, 2, 9, others=(Other(7, "Oak"), Other(8, "Elm"))),
            "The evidence reads the same as that of Oak and Elm for 2 of 9 long answers.",
        ),
        (
            Reason(Name.AS_ANOTHER, 1, 1, others=tuple(Other(each, f"S{each}") for each in range(1, 6))),
            "The evidence reads the same as that of S1, S2, S3 and 2 more for 1 of 1 long answers.",
        ),
        (
            Reason(Name.INSPECTION, 0, 40, inspected=inspected("No", Leadership_and_management="3")),
            (
                "The inspection of 3 November 2026 found “Safeguarding: Not effective”; “Leadership and "
                "management: Requires improvement (3)”, and none of 40 grades of that is weak here."
            ),
        ),
        (Reason(Name.OVERDUE, 1, 3), "1 of 3 actions is overdue."),
        (Reason(Name.OVERDUE, 2, 3), "2 of 3 actions are overdue."),
    ],
)
def test_a_reason_is_said_with_its_numbers(reason: Reason, sentence: str) -> None:
    assert rules.words(reason) == sentence
