"""Carried forward: last time's answers beside the questions, and none counts before somebody says so."""

from datetime import date

import pytest
from flask import Flask

from compact.cycles import editions
from compact.questionnaire.reading import edition_of
from compact.questionnaire.values import Edition
from compact.returns.rules import Answer
from tests import making
from tests.making import ASKED_SCHOOL_KEYS, World
from tests.pages import Page, Visitor
from tests.school import School

LATER = "2028"
WHAT = "It now asks about bullying online as well."
FOUR = "/standards/4"


def changed(*, same_meaning: bool) -> dict[str, object]:
    return {"edition": LATER, "what": WHAT, "same_meaning": same_meaning}


def edition_2028() -> Edition:
    """Bullying means something else now, induction has other words, and a question is new."""
    fields = making.questionnaire()
    for each in fields["indicators"]:
        if each["key"] == "bullying":
            each["changed"] = changed(same_meaning=False)
        if each["key"] == "induction":
            each["changed"] = changed(same_meaning=True)
    fields["indicators"].insert(5, making.indicator("online-safety", 4))
    texts = making.edition_texts(school=fields)
    later = {name: text.replace("edition: '2026'", "edition: '2028'") for name, text in texts.items()}
    return edition_of(LATER, later, where="tests")


@pytest.fixture
def next_round(world: World, school: School, app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the school's return of the round after the one that it signed."""
    school.answer_all()
    school.sign()
    found = {making.EDITION: making.edition(), LATER: edition_2028()}
    editions.init_app(app, found)
    monkeypatch.setattr(making, "EDITION", LATER)
    monkeypatch.setattr(making, "edition", lambda: found[LATER])
    cycle = world.cycle(1, name="Compact 2028", opens=date(2026, 10, 1), closes=date(2027, 1, 31))
    return f"/returns/{world.started(cycle, school.organisation)}"


def answered(head: Visitor, address: str) -> str:
    return str(head.get(address).one(".govuk-body-l").get_text())


def with_facts(head: Visitor, address: str) -> Visitor:
    head.send(head.get(f"{address}/profile"), as_last_time="yes")
    return head


def test_the_facts_of_last_time_are_shown_and_taken_over_with_one_button(
    school: School, next_round: str
) -> None:
    head = school.head()
    page = head.get(f"{next_round}/profile")
    assert "Last time: No." in page.text
    assert "commissions-services" not in page.fields()

    after = head.send(page, as_last_time="yes")

    assert after.h1 == "Larkfield School"
    assert head.get(f"{next_round}/profile").fields()["commissions-services"] == "no"


def test_a_fact_that_is_chosen_anew_stays_so(school: School, next_round: str) -> None:
    head = school.head()
    head.send(head.get(f"{next_round}/profile"), commissions_services="yes", as_last_time="yes")

    assert head.get(f"{next_round}/profile").fields()["commissions-services"] == "yes"


def test_nothing_counts_before_somebody_says_so(school: School, next_round: str) -> None:
    head = with_facts(school.head(), next_round)

    assert "0 of 13 questions are answered" in answered(head, next_round)
    assert "Your answers of Compact 2026 are shown beside the questions." in head.get(next_round).text
    assert "3 questions are new or have changed since" in head.get(next_round).text
    assert head.get(f"{next_round}/standards/1").fields().get("leadership-grade") is None


def offered(page: Page, key: str) -> str:
    return page.one(f"section[data-key={key}] .app-earlier").get_text(" ", strip=True)


def test_an_answer_is_shown_with_its_month_and_its_author(school: School, next_round: str) -> None:
    shown = offered(with_facts(school.head(), next_round).get(f"{next_round}/standards/1"), "leadership")

    assert shown.startswith("From October 2026")
    assert "Good" in shown


def test_still_true_takes_it_over_and_saves_the_rest_of_the_page(school: School, next_round: str) -> None:
    head = with_facts(school.head(), next_round)
    page = head.get(f"{next_round}{FOUR}")

    after = head.send(page, still_true="pupil-voice", bullying_evidence="Typed meanwhile")

    assert after.fields()["pupil-voice-grade"] == "good"
    assert after.fields()["bullying-evidence"] == "Typed meanwhile"
    assert not after.soup.select("section[data-key=pupil-voice] .app-earlier")
    assert "1 of 13 questions are answered" in answered(head, next_round)


def test_what_was_typed_anew_is_not_undone_by_it(school: School, next_round: str) -> None:
    head = with_facts(school.head(), next_round)
    page = head.get(f"{next_round}{FOUR}")

    after = head.send(page, still_true="pupil-voice", pupil_voice_evidence="Of this year")

    assert after.fields()["pupil-voice-evidence"] == "Of this year"
    assert after.fields()["pupil-voice-grade"] == "good"


def test_a_question_that_means_something_else_now_refuses_the_old_answer_and_says_why(
    school: School, next_round: str
) -> None:
    head = with_facts(school.head(), next_round)
    page = head.get(f"{next_round}{FOUR}")
    shown = offered(page, "bullying")
    assert WHAT in shown
    assert "does not fit this question any more" in shown
    assert "Good" not in shown

    after = head.send(page, still_true="bullying")

    assert after.fields().get("bullying-grade") is None


def test_other_words_of_the_same_meaning_are_told_and_the_answer_fits(
    school: School, next_round: str
) -> None:
    shown = offered(with_facts(school.head(), next_round).get(f"{next_round}/standards/5"), "induction")

    assert WHAT in shown
    assert "Still true" in shown


def test_new_and_changed_questions_come_first(school: School, next_round: str) -> None:
    page = with_facts(school.head(), next_round).get(f"{next_round}{FOUR}")

    assert [each["data-key"] for each in page.soup.select("section[data-key]")] == [
        "bullying",
        "online-safety",
        "pupil-voice",
    ]
    assert offered(page, "online-safety") == "New This was not asked last time."


def test_nobody_else_is_offered_anything_and_an_outsider_sees_no_old_answer(
    school: School, next_round: str
) -> None:
    with_facts(school.head(), next_round)
    page = school.officer().get(f"{next_round}{FOUR}")

    assert page.status == 200
    assert not page.soup.select(".app-earlier")


def test_without_an_earlier_return_nothing_is_said(school: School) -> None:
    page = school.head().get(school.address(FOUR))

    assert not page.soup.select(".app-earlier")
    assert "last time" not in school.head().get(school.address("/profile")).text.lower()


def test_a_return_of_the_same_or_a_later_round_is_no_last_time(world: World, school: School) -> None:
    """Its own earlier number, and the round after it."""
    later = world.cycle(1, name="Later", opens=date(2027, 9, 1), closes=date(2027, 12, 1))
    world.signed(later, school.organisation, dict.fromkeys(ASKED_SCHOOL_KEYS, "good"))

    assert not school.head().get(school.address(FOUR)).soup.select(".app-earlier")


def test_an_answer_without_a_grade_then_offers_nothing(world: World, school: School) -> None:
    before = world.cycle(1, name="Before", opens=date(2024, 9, 1), closes=date(2024, 12, 1))
    first = world.signed(before, school.organisation, {"bullying": "good"})
    world.answer(first, {"pupil-voice": Answer(evidence="Only words")})
    page = school.head().get(school.address(FOUR))

    assert page.soup.select("section[data-key=bullying] .app-earlier")
    assert not page.soup.select("section[data-key=pupil-voice] .app-earlier")


def test_a_new_edition_changes_nothing_of_what_is_signed(world: World, school: School, app: Flask) -> None:
    """E12: its pages, what was signed and its fingerprint stay as they were, to the byte."""
    school.answer_all()
    school.sign()
    head = school.head()
    pages = [school.address(rest) for rest in ("/check", "/receipt", "/verify", FOUR, "/profile")]

    def seen() -> tuple[list[str], bytes]:
        shown = []
        for page in pages:
            main = head.get(page).one("main")
            for token in main.select("input[name=csrf_token]"):
                token.decompose()  # every page has another one
            shown.append(str(main))
        return shown, head.client.get(school.address("/signed.json")).data

    before = seen()
    editions.init_app(app, {making.EDITION: making.edition(), LATER: edition_2028()})
    world.cycle(1, name="Compact 2027", opens=date(2027, 9, 1), closes=date(2027, 12, 1))

    assert seen() == before
    assert b'"content_hash"' in before[1]
