"""A paper return on an officer's desk: typed in bit by bit, entered as an import."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from compact.desk.rules import Stage
from compact.exchange import entering
from compact.exchange.models import PaperAnswer
from compact.exchange.paper import lacks, outcome, why_not
from compact.returns.assigning import assign
from compact.returns.handing import hand_on
from compact.returns.models import Answer as AnswerTable
from compact.returns.models import AnswerHistory, Return, ReturnArea
from compact.returns.rules import UNANSWERED, Answer, Outcome
from compact.review.models import EvidencePrint, ReasonToLook
from compact.sign_off.models import StandardResult
from compact.trail.models import TrailEntry
from tests import making
from tests.conftest import Ended
from tests.desk.conftest import SCHOOLS, Desk, head_of
from tests.exchange import rows
from tests.faults.test_signing import at_once, posting, twin
from tests.making import SCHOOL_KEYS
from tests.pages import Page

ASHFIELD, BIRCHFIELD, CEDARFIELD, *_ = SCHOOLS
EVIDENCE = (
    "The governors read our own records of bullying in June. The head read them once more in September, "
    "and in May."
)
# A whole paper: a weak grade with evidence, one that does not apply, and one that is blank.
PAPER: Mapping[str, str] = {
    **{f"{key}-grade": "good" for keys in SCHOOL_KEYS.values() for key in keys},
    "bullying-grade": "inadequate",
    "bullying-evidence": EVIDENCE,
    "disabled-children-grade": "not_applicable",
    "disabled-children-reason": "There is none here.",
    "commissioning-grade": "",
}
WRITTEN = tuple(key for keys in SCHOOL_KEYS.values() for key in keys if PAPER[f"{key}-grade"])


def type_in(desk: Desk, number: int, changes: Mapping[str, str], school: str = ASHFIELD) -> Page:
    """What an officer sees who types a standard; the names are those of the page."""
    officer = desk.officer
    page = officer.get(desk.part(school, f"/paper/{number}"))
    return officer.post(page.address, {**page.fields(), **changes})


def type_all(desk: Desk, school: str = ASHFIELD) -> None:
    """The whole paper by the pages, as an officer types it."""
    for number, keys in SCHOOL_KEYS.items():
        own = {name: text for name, text in PAPER.items() if name.rpartition("-")[0] in keys}
        type_in(desk, number, own, school)


def typed(desk: Desk, school: str = ASHFIELD) -> None:
    """The whole paper, typed by the officer already."""
    answers = {
        key: Answer(
            None if PAPER[f"{key}-grade"] == "not_applicable" else PAPER[f"{key}-grade"],
            PAPER[f"{key}-grade"] == "not_applicable",
            PAPER.get(f"{key}-reason", ""),
            PAPER.get(f"{key}-evidence", ""),
        )
        for key in WRITTEN
    }
    shown = {key: (answer, 0) for key, answer in answers.items()}
    with desk.world.session() as session:
        entering.keep(session, desk.cycle, desk.schools[school], shown, by=1, at=making.NOW)
        session.commit()


def enter(desk: Desk, school: str = ASHFIELD) -> Page:
    return desk.officer.post(desk.part(school, "/paper"), {"confirm": "yes"})


def of(desk: Desk, table: Any, school: str = ASHFIELD) -> list[tuple[Any, ...]]:
    """A school's rows of a table of returns, without ids and moments."""
    others = ("id", "return_id", "organisation_id", "updated_at", "started_at", "signed_at")
    columns = [column for column in table.__table__.columns if column.name not in others]
    joined = Return.id == (Return.id if table is Return else table.return_id)
    with desk.world.session() as session:
        found = session.execute(
            select(*columns).where(joined, Return.organisation_id == desk.schools[school])
        )
        return sorted((tuple(row) for row in found), key=repr)


def kept(desk: Desk) -> dict[str, tuple[str | None, str]]:
    with desk.world.session() as session:
        found = session.execute(select(PaperAnswer.key, PaperAnswer.grade, PaperAnswer.evidence))
        return {row.key: (row.grade, row.evidence) for row in found}


def test_a_paper_return_is_typed_and_entered_and_counts(desk: Desk) -> None:
    desk.launch()
    type_all(desk)
    assert "1 question is blank" in desk.officer.get(desk.part(ASHFIELD, "/paper")).text
    assert of(desk, Return) == []

    page = enter(desk)

    assert page.banner == [
        f"The paper return of {ASHFIELD} is entered and counts. Who signs for it is told by mail."
    ]
    assert "Signed" in page.text
    with desk.world.session() as session:
        made = session.scalars(select(Return)).one()
        assert (made.status, made.imported, made.late_after, made.number) == ("signed", True, None, 1)
        answers = {row.key: row for row in session.scalars(select(AnswerTable))}
        entry = session.scalars(select(TrailEntry).where(TrailEntry.what == "paper return entered")).one()
    assert "commissioning" not in answers
    assert (answers["bullying"].grade, answers["bullying"].evidence) == ("inadequate", EVIDENCE)
    assert answers["disabled-children"].not_applicable
    assert {row.updated_by for row in answers.values()} == {None}
    assert (entry.subject, entry.person_id) == (f"return {made.id}", 1)
    assert kept(desk) == {}
    assert "paper" in desk.visit(head_of(ASHFIELD)).get(f"/returns/{made.id}").text


def test_it_is_what_the_same_rows_are_when_they_are_imported(
    desk: Desk, compact: Callable[..., Ended], tmp_path: Path
) -> None:
    """The pages and `compact returns import` end in the same: answers, history, results, reasons to look."""
    type_all(desk)
    enter(desk)
    file = [
        rows.row(
            f"GIAS:{BIRCHFIELD}",
            key,
            PAPER[f"{key}-grade"],
            name=BIRCHFIELD,
            evidence=PAPER.get(f"{key}-evidence", ""),
            reason=PAPER.get(f"{key}-reason", ""),
        )
        for key in WRITTEN
    ]

    ended = compact("returns", "import", rows.write(tmp_path / "paper.csv", file), "--cycle", "Compact 2026")

    assert ended.out == "added 1, unchanged 0\n"
    for table in (Return, ReturnArea, AnswerTable, AnswerHistory, StandardResult, EvidencePrint):
        assert of(desk, table)
        assert of(desk, table) == of(desk, table, BIRCHFIELD), table
    reasons = {
        school: {row[1] for row in of(desk, ReasonToLook, school)} for school in (ASHFIELD, BIRCHFIELD)
    }
    assert reasons[BIRCHFIELD] == {*reasons[ASHFIELD], "as_another"}  # its evidence was read a second time
    again = [
        rows.row(
            f"GIAS:{ASHFIELD}",
            each["indicator"],
            each["grade"],
            name=ASHFIELD,
            evidence=each["evidence"],
            reason=each["reason"],
        )
        for each in file
    ]
    assert compact(
        "returns", "import", rows.write(tmp_path / "b.csv", again), "--cycle", "Compact 2026"
    ).out == ("added 0, unchanged 1\n")


def test_who_signs_is_told_by_mail_without_an_answer(desk: Desk) -> None:
    """I7, I9: and what still lay in the outbox about the round is not sent any more."""
    desk.launch()
    typed(desk)

    enter(desk)

    *launched, told = desk.mails()
    assert (told.recipient, told.subject) == (
        head_of(ASHFIELD),
        f"The paper return of {ASHFIELD} was entered",
    )
    assert "/returns/1\n" in told.text
    assert told.text.endswith(making.FOOT)
    assert not any(word in told.text.lower() for word in ("bullying", "inadequate", "good", "records"))
    waiting = {mail.recipient for mail in launched if mail.next_try_at}
    assert waiting == {head_of(each) for each in SCHOOLS[1:]}


def test_what_an_import_would_refuse_is_kept_and_named_and_not_entered(desk: Desk) -> None:
    page = type_in(desk, 4, {"bullying-grade": "not_applicable", "pupil-voice-evidence": "A survey"})

    assert page.summary == [
        "Enter why this does not apply: how bullying is looked after",
        "Choose a grade for how pupil voice is looked after",
    ]
    assert kept(desk) == {"bullying": (None, ""), "pupil-voice": (None, "A survey")}

    page = enter(desk)

    assert page.summary == ["2 answers still need something: put right what is listed"]
    assert str(page.link("Enter why this does not apply")["href"]).endswith("/paper/4#bullying-reason")
    assert of(desk, Return) == []


def test_what_is_too_long_stands_there_again_and_the_rest_is_kept(desk: Desk) -> None:
    """B6: nothing that was typed is lost to a mistake beside it."""
    long = "x" * 20_001

    page = type_in(desk, 4, {"bullying-evidence": long, "pupil-voice-grade": "good"})

    assert len(page.summary) == 1
    assert page.fields()["bullying-evidence"] == long
    assert kept(desk) == {"pupil-voice": ("good", "")}


def test_the_paper_has_to_be_signed_and_to_say_something(desk: Desk) -> None:
    assert enter(desk).summary == ["Type at least one answer before you enter the return"]
    typed(desk)

    page = desk.officer.post(desk.part(ASHFIELD, "/paper"), {})

    assert page.summary == ["Confirm that the paper was signed"]
    assert of(desk, Return) == []


def test_nothing_is_entered_over_what_a_school_typed_itself(desk: Desk) -> None:
    """No officer writes into a draft: neither page nor post, and what was typed on paper stays."""
    typed(desk)
    made = desk.started(ASHFIELD, answered=1)

    page = enter(desk)

    assert "has begun its return here, and what it typed is its own" in page.text
    assert "Enter this return" not in page.text
    with desk.world.session() as session:
        assert session.get_one(Return, made).status == "draft"
    assert len(kept(desk)) == len(making.ALL_SCHOOL_KEYS) - 1


@pytest.mark.parametrize("touch", ["shared out", "handed on"])
def test_a_draft_that_was_shared_out_or_handed_on_is_no_untouched_one(desk: Desk, touch: str) -> None:
    typed(desk)
    made = desk.world.started(desk.cycle, desk.schools[ASHFIELD])
    with desk.world.session() as session:
        if touch == "shared out":
            assign(session, made, {4: 1})
        else:
            hand_on(session, made, by=1, at=making.NOW)
        session.commit()

    assert "has begun its return here" in enter(desk).text


def test_an_untouched_draft_becomes_the_import(desk: Desk) -> None:
    """Its address goes on working, and who has it open is told that it is signed."""
    made = desk.world.started(desk.cycle, desk.schools[ASHFIELD])
    head = desk.visit(head_of(ASHFIELD))
    profile = head.get(f"/returns/{made}/profile")
    typed(desk)

    enter(desk)

    with desk.world.session() as session:
        (row,) = session.scalars(select(Return)).all()
        assert (row.id, row.status, row.imported) == (made, "signed", True)
    late = head.post(profile.address, {**profile.fields(), "commissions-services": "no"})
    assert late.status == 409


def test_a_second_press_of_the_button_enters_nothing(desk: Desk, app: Flask) -> None:
    """C5: also of six at once: one return, one entry in the trail, one mail."""
    typed(desk)
    officer = desk.officer
    data = {**officer.get(desk.part(ASHFIELD, "/paper")).fields(), "confirm": "yes"}

    at_once([posting(twin(app, officer), desk.part(ASHFIELD, "/paper"), data) for _ in range(6)])

    assert len(of(desk, Return)) == 1
    assert desk.recipients() == [head_of(ASHFIELD)]
    assert "has handed in its return for this round already" in enter(desk).text


def test_a_school_that_begins_at_the_same_moment_loses_nothing(desk: Desk, app: Flask) -> None:
    """C4: either the draft is touched and nothing is entered, or it is entered and the school is told."""
    typed(desk)
    made = desk.world.started(desk.cycle, desk.schools[ASHFIELD])
    officer, head = desk.officer, desk.visit(head_of(ASHFIELD))
    entering = {**officer.get(desk.part(ASHFIELD, "/paper")).fields(), "confirm": "yes"}
    begin = {**head.get(f"/returns/{made}/profile").fields(), "commissions-services": "no"}

    _, begun = at_once(
        [
            posting(twin(app, officer), desk.part(ASHFIELD, "/paper"), entering),
            posting(twin(app, head), f"/returns/{made}/profile", begin),
        ]
    )

    with desk.world.session() as session:
        row = session.get_one(Return, made)
    assert (row.status, begun.status_code) in {("draft", 302), ("signed", 409)}


def test_who_is_excused_is_asked_again_first(desk: Desk) -> None:
    typed(desk)
    officer = desk.officer
    officer.post(desk.part(ASHFIELD, "/excuse"), {"why": "It closes."})

    assert "is excused from this round" in enter(desk).text
    assert of(desk, Return) == []


def test_what_another_officer_typed_is_not_replaced_unseen(desk: Desk) -> None:
    """C2, C1: of different questions both are kept; of the same one, the second is told whose is there."""
    desk.world.person("Second Officer", making.officer(desk.partnership), email="second@example.org")
    second = desk.visit("second@example.org")
    page = second.get(desk.part(ASHFIELD, "/paper/4"))
    type_in(desk, 4, {"bullying-grade": "good"})

    both = second.post(page.address, {**page.fields(), "pupil-voice-grade": "good"})
    clash = second.post(page.address, {**page.fields(), "bullying-grade": "inadequate"})

    assert both.h1 == "Standard 5 on paper"
    assert clash.summary == [
        (
            "Ellis Officer typed something else for how bullying is looked after meanwhile. "
            "Save again to replace it with yours"
        )
    ]
    assert kept(desk)["bullying"] == ("good", "")
    second.post(page.address, {**clash.fields(), "then": "later"})
    assert kept(desk) == {"bullying": ("inadequate", ""), "pupil-voice": ("good", "")}


def test_what_was_typed_can_be_thrown_away(desk: Desk) -> None:
    typed(desk)
    officer = desk.officer

    officer.send(officer.get(desk.part(ASHFIELD, "/paper")), selector="form[action$='/throw-away']")

    assert kept(desk) == {}


def test_a_part_leads_to_it_while_little_is_done_there(desk: Desk) -> None:
    officer = desk.officer
    assert officer.get(desk.part(ASHFIELD)).link("Enter its paper return")
    desk.signed(BIRCHFIELD)

    assert "Enter its paper return" not in officer.get(desk.part(BIRCHFIELD)).text
    desk.started(CEDARFIELD, answered=len(making.ASKED_SCHOOL_KEYS))
    assert "Enter its paper return" not in officer.get(desk.part(CEDARFIELD)).text


def test_what_keeps_a_paper_return_out() -> None:
    def said(stage: Stage, *, has_return: bool = False, is_untouched: bool = False) -> str | None:
        return why_not(stage, has_return=has_return, is_untouched=is_untouched, organisation="It")

    assert said(Stage.NEVER_OPENED) is None
    assert said(Stage.OPENED, has_return=True, is_untouched=True) is None
    for stage in (Stage.OPENED, Stage.HALF_DONE, Stage.WAITING):
        assert said(stage, has_return=True)
    assert said(Stage.SIGNED, has_return=True)
    assert said(Stage.EXCUSED, has_return=True, is_untouched=True)


def test_a_blank_question_lacks_nothing_and_a_half_typed_one_its_grade() -> None:
    indicator = making.edition().questionnaires["school"].by_key["bullying"]

    assert lacks(indicator, UNANSWERED) is None
    assert lacks(indicator, Answer("good")) is None
    assert lacks(indicator, Answer(not_applicable=True, reason="None.")) is None
    for answer, part in ((Answer(evidence="x"), "grade"), (Answer(not_applicable=True), "reason")):
        lack = lacks(indicator, answer)
        assert lack is not None
        assert lack.part == part


@pytest.mark.parametrize(
    ("typed", "shown", "kept_now", "version", "became"),
    [
        (Answer("good"), 0, UNANSWERED, 0, Outcome.SAVE),
        (Answer("good"), 1, Answer("inadequate"), 1, Outcome.SAVE),
        (Answer("good"), 0, Answer("good"), 1, Outcome.SAME),
        (UNANSWERED, 0, Answer("good"), 1, Outcome.THEIRS),
        (Answer("good"), 0, Answer("inadequate"), 1, Outcome.CONFLICT),
        (UNANSWERED, 1, Answer("good"), 2, Outcome.CONFLICT),
    ],
)
def test_whose_typing_stays(
    typed: Answer, shown: int, kept_now: Answer, version: int, became: Outcome
) -> None:
    assert outcome(typed, shown, kept_now, version) is became
