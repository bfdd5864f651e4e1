"""What is worth a second look before signing is listed with the way to its place, and blocks nothing."""

from collections import Counter
from datetime import date

from compact.returns.rules import Answer
from compact.sign_off.looking_again import (
    AsLastTime,
    as_last_time,
    is_all_top,
    kept_but_not_asked,
    top_without_evidence,
)
from tests import making
from tests.making import ASKED_SCHOOL_KEYS
from tests.pages import Page, words
from tests.returns.test_whole_plan import plan
from tests.school import School

SCALE, SCHOOL = making.edition().scale, making.edition().questionnaires["school"]
FIRST, SECOND = SCHOOL.indicators[:2]


def test_the_best_grade_wants_evidence() -> None:
    answers = {FIRST.key: Answer("outstanding", evidence=" \n"), SECOND.key: Answer("good")}
    shown = {FIRST.key: Answer("outstanding", evidence="Minutes")}

    assert top_without_evidence((FIRST, SECOND), answers, SCALE) == (FIRST,)
    assert top_without_evidence((FIRST, SECOND), shown, SCALE) == ()


def test_all_grades_are_the_best_only_where_more_than_one_is() -> None:
    best, left = Answer("outstanding"), Answer(None, True, "It cannot apply.")

    assert is_all_top((FIRST, SECOND), {FIRST.key: best, SECOND.key: best}, SCALE)
    assert not is_all_top((FIRST, SECOND), {FIRST.key: best, SECOND.key: left}, SCALE)
    assert not is_all_top((FIRST, SECOND), {FIRST.key: best, SECOND.key: Answer("good")}, SCALE)


def test_evidence_is_as_last_time_word_for_word() -> None:
    answers = {FIRST.key: Answer("good", evidence="Minutes,\r\n of May"), SECOND.key: Answer("good")}

    def same(grade: str, evidence: str) -> AsLastTime:
        last = {FIRST.key: Answer(grade, evidence=evidence), SECOND.key: Answer("good")}
        return as_last_time((FIRST, SECOND), answers, last)

    assert same("good", "Minutes, of May") == AsLastTime((FIRST,), ())
    assert same("requires_improvement", "Minutes, of May") == AsLastTime((), (FIRST,))
    assert same("good", "Minutes, of June") == AsLastTime((), ())


def test_what_is_answered_and_not_asked_is_found() -> None:
    answers = {"commissioning": Answer("good"), FIRST.key: Answer("good")}

    found = kept_but_not_asked(SCHOOL, {"commissions-services": False}, answers)

    assert [(fact.key, each.key) for fact, each in found] == [("commissions-services", "commissioning")]
    assert kept_but_not_asked(SCHOOL, {"commissions-services": True}, answers) == []


def test_everything_is_listed_with_the_way_to_it_and_can_be_signed_all_the_same(school: School) -> None:
    earlier = school.world.started(
        school.world.cycle(1, name="Compact 2025", opens=date(2025, 9, 1)), school.organisation
    )
    _sign(school, earlier, dict.fromkeys(ASKED_SCHOOL_KEYS, Answer("good", evidence="Kept in the office")))
    answers = dict.fromkeys(ASKED_SCHOOL_KEYS, Answer("outstanding", evidence="New"))
    answers |= {"conduct": Answer("outstanding"), "induction": Answer("good", evidence="Kept in the office")}
    answers |= {"early-help": Answer("outstanding", evidence="Kept in the office")}
    school.world.answer(school.return_id, {**answers, "commissioning": Answer("good")})
    late = plan(school, "Train all staff", date(2026, 10, 4))

    page = school.head().get(school.address("/check"))

    assert "Look again at 5 places before you sign" in page.text
    assert _listed(page) == [
        ("How conduct is looked after", "/returns/1/standards/2#conduct-evidence"),
        ("How early help is looked after", "/returns/1/standards/8#early-help-evidence"),
        ("How induction is looked after", "/returns/1/standards/5#induction-evidence"),
        (
            "How bullying is looked after: led by Deputy head, by 4 October 2026",
            f"/returns/1/actions/{late}#due",
        ),
        (
            "How commissioning is looked after: not asked because the setting does not commission services",
            "/returns/1/profile#commissions-services",
        ),
    ]
    assert school.sign().h1 == "Return signed"


def test_many_answers_that_are_still_true_are_a_line_for_each_standard(school: School) -> None:
    """What was confirmed on purpose is told calmly: how many, and where they stand."""
    cycle = school.world.cycle(1, name="Compact 2025", opens=date(2025, 9, 1))
    answers = {key: Answer("good", evidence=f"Kept for {key}") for key in ASKED_SCHOOL_KEYS}
    _sign(school, school.world.started(cycle, school.organisation), answers)
    school.world.answer(school.return_id, answers)

    page = school.head().get(school.address("/check"))

    count = len(ASKED_SCHOOL_KEYS)
    assert f"Said to be still true, as last time: {count} of {count} answers" in page.text
    counted = Counter(each.standard for each in SCHOOL.indicators if each.key in answers)
    titles = making.edition().standards
    assert _listed(page) == [
        (f"Standard {number}: {titles[number].title} ({many})", f"/returns/1/standards/{number}")
        for number, many in sorted(counted.items())
    ]


def test_a_return_of_nothing_but_the_best_is_worth_a_talk(school: School) -> None:
    school.world.answer(
        school.return_id, dict.fromkeys(ASKED_SCHOOL_KEYS, Answer("outstanding", evidence="Minutes"))
    )

    page = school.head().get(school.address("/check"))

    assert "Every grade is outstanding" in page.text
    assert [href for _text, href in _listed(page)] == ["/returns/1"]


def test_who_reads_only_and_what_is_signed_is_given_no_advice(school: School) -> None:
    school.world.answer(school.return_id, dict.fromkeys(ASKED_SCHOOL_KEYS, Answer("outstanding")))

    assert not _listed(school.officer().get(school.address("/check")))
    school.sign()
    assert not _listed(school.head().get(school.address("/check")))


def _sign(school: School, return_id: int, answers: dict[str, Answer]) -> None:
    school.world.profile(return_id, commissions_services=False)
    school.world.answer(return_id, answers)
    head = school.head()
    head.send(head.get(f"/returns/{return_id}/sign-off"), **making.SIGNATURE)


def _listed(page: Page) -> list[tuple[str, str]]:
    return [(words(each), str(each["href"])) for each in page.soup.select("#look-again a")]
