"""Reopening: the next number as a draft with everything in it, while the signed one stands and counts."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from compact.analysis.findings import find
from compact.analysis.responses import response_by_sector
from compact.cycles.store import cycle_by_id
from compact.returns.models import (
    Answer,
    AnswerHistory,
    Exception_,
    ProfileFact,
    Reopening,
    Return,
    ReturnArea,
)
from compact.sign_off.models import SignOff, StandardResult
from compact.trail.models import TrailEntry
from tests import making
from tests.conftest import Ended, school_begun
from tests.making import SIGNATURE, World
from tests.pages import Page, Visitor
from tests.prepared import Prepared
from tests.school import School

Visit = Callable[[str], Visitor]

REASON = "Two grades are wrong.\nThe head asked for it."


@pytest.fixture
def signed(world: World, prepared: Prepared, visit: Visit) -> School:
    """A school that has signed; the deputy wrote one of its answers, which is weak and has an action."""
    return School(world, *prepared.on(world, _signed, visit), visit)


@pytest.fixture
def reopened(world: World, prepared: Prepared, visit: Visit) -> School:
    """The same school, seen from number 2 of its return."""
    return School(world, *prepared.on(world, _reopened, visit), visit)


def _signed(world: World, visit: Visit) -> tuple[int, int, int]:
    begun = school_begun(world)
    school = School(world, *begun, visit)
    school.answer_all()
    deputy = school.deputy()
    deputy.send(deputy.get(school.address("/standards/4")), bullying_grade="inadequate", then="later")
    action = {"key": "bullying", "what": "Ask the pupils", "lead": "Head", "due": "31 3 2027"}
    deputy.post(school.address("/actions"), {**action, "status": "not_started"})
    place = {"return_id": school.return_id, "partnership_id": 1, "key": "conduct", "grade": "good"}
    school.world.insert(Exception_, [{**place, "not_applicable": False, "note": "Only there."}])
    assert school.sign().h1 == "Return signed"
    return begun


def _reopened(world: World, visit: Visit) -> tuple[int, int, int]:
    cycle, organisation, return_id = _signed(world, visit)
    return cycle, organisation, number_two(reopen(School(world, cycle, organisation, return_id, visit)))


def reopen(school: School, reason: str = REASON) -> Page:
    officer = school.officer()
    return officer.send(officer.get(school.address("/reopen")), reason=reason)


def number_two(page: Page) -> int:
    return int(page.address.rsplit("/", maxsplit=1)[-1])


def rows(school: School, model: type, return_id: int) -> list[tuple[object, ...]]:
    """What a table holds of a return, but for the return's id, in order."""
    columns = [column for column in model.__table__.columns if column.name != "return_id"]  # type: ignore[attr-defined]
    with school.world.session() as session:
        found = session.execute(select(*columns).where(model.__table__.c.return_id == return_id))  # type: ignore[attr-defined]
        return sorted((tuple(row) for row in found), key=repr)


def test_an_officer_reopens_a_signed_return_with_a_reason(signed: School) -> None:
    officer = signed.officer()
    task_list = officer.get(signed.address())

    form = officer.get(str(task_list.link("Reopen this return")["href"]))
    page = officer.send(form, reason=REASON)

    assert page.banner == ["Number 2 is open. Larkfield School can change it and has to sign it again."]
    assert (
        "This is number 2. It was opened on 5 October 2026 at 10:30am by Ellis Officer, because:" in page.text
    )
    assert "Two grades are wrong. The head asked for it." in page.text
    assert not page.soup.select("main form")


def test_nobody_else_is_shown_the_way(signed: School) -> None:
    for visitor in (signed.head(), signed.deputy()):
        assert "Reopen" not in visitor.get(signed.address()).text
        assert visitor.get(signed.address("/reopen")).status == 404
        assert visitor.post(signed.address("/reopen"), {"reason": REASON}).status == 404


def test_the_draft_holds_everything_and_no_result(reopened: School) -> None:
    for model in (ReturnArea, ProfileFact, Exception_):
        assert rows(reopened, model, 2) == rows(reopened, model, 1) != []
    with reopened.world.session() as session:
        old, new = session.get_one(Return, 1), session.get_one(Return, 2)
        results = session.scalar(select(func.count()).where(StandardResult.return_id == 2))
    assert (new.number, new.status, new.imported, new.version) == (2, "draft", False, 1)
    same = ("cycle_id", "organisation_id", "setting", "phase", "trust_id")
    assert [getattr(new, name) for name in same] == [getattr(old, name) for name in same]
    assert results == 0


def test_answers_come_with_their_authors_and_begin_a_history_of_their_own(reopened: School) -> None:
    def answers(return_id: int) -> dict[str, tuple[object, ...]]:
        with reopened.world.session() as session:
            kept = session.scalars(select(Answer).where(Answer.return_id == return_id)).all()
        return {row.key: (row.grade, row.evidence, row.updated_by, row.updated_at) for row in kept}

    with reopened.world.session() as session:
        versions = set(session.scalars(select(Answer.version).where(Answer.return_id == 2)))
        history = session.execute(
            select(AnswerHistory.version, AnswerHistory.updated_by)
            .where(AnswerHistory.return_id == 2)
            .distinct()
        ).all()
    assert answers(2) == answers(1)
    assert answers(2)["bullying"][2] is not None
    assert versions == {1}
    assert [tuple(row) for row in history] == [(1, None)]


def test_two_people_can_clash_on_a_copied_answer(reopened: School) -> None:
    """The copied version is in the history: who changed nothing is shown what somebody else changed."""
    head, deputy, address = reopened.head(), reopened.deputy(), reopened.address("/standards/4")
    seen = head.get(address)
    deputy.send(deputy.get(address), bullying_evidence="Theirs", then="later")

    page = head.send(seen, pupil__voice_evidence="Mine", then="later")

    assert page.banner == ["Your answers are saved. You can come back to them at any time."]
    assert head.get(address).fields()["bullying-evidence"] == "Theirs"


def test_the_actions_are_the_organisations_and_stay(reopened: School) -> None:
    page = reopened.head().get(reopened.address("/actions"))

    assert "Ask the pupils" in page.text
    assert "Change" in page.text


def test_the_draft_can_be_changed_and_signed(reopened: School) -> None:
    deputy = reopened.deputy()
    deputy.send(deputy.get(reopened.address("/standards/4")), bullying_grade="good", then="later")

    page = reopened.sign()

    assert page.h1 == "Return signed"
    assert "SC-000002" in page.text
    assert "Compact 2026, number 2" in page.text
    with reopened.world.session() as session:
        contents = session.scalars(select(SignOff.content).order_by(SignOff.id)).all()
    assert [json.loads(each)["return"]["number"] for each in contents] == [1, 2]


def test_what_was_signed_verifies_before_and_after_the_next_number(
    reopened: School, compact: Callable[..., Ended]
) -> None:
    head = reopened.head()
    assert "Yes. It was worked out again" in head.get("/returns/1/verify").text
    deputy = reopened.deputy()
    deputy.send(deputy.get(reopened.address("/standards/4")), bullying_grade="good", then="later")
    reopened.sign()

    for return_id in (1, 2):
        assert "Yes. It was worked out again" in head.get(f"/returns/{return_id}/verify").text
    ended = compact("trail", "verify")
    assert (ended.code, ended.err) == (0, "")
    assert "sign-offs: 2, all as they were written" in ended.out


def test_the_signed_number_counts_until_the_next_is_signed(reopened: School) -> None:
    def counts() -> tuple[int, int, int, int]:
        with reopened.world.session() as session:
            cycle = cycle_by_id(session, reopened.cycle)
            assert cycle is not None
            findings = find(session, cycle, making.edition(), partnership=1, sector="school")
            indicator = next(each for each in findings[0].indicators if each.indicator.key == "bullying")
            response = response_by_sector(session, cycle, 1)["school"]
        return indicator.weak, indicator.graded, response.due, response.received

    assert counts() == (1, 1, 1, 1)
    deputy = reopened.deputy()
    deputy.send(deputy.get(reopened.address("/standards/4")), bullying_grade="good", then="later")
    assert counts() == (1, 1, 1, 1)
    reopened.sign()
    assert counts() == (0, 1, 1, 1)


def test_it_is_on_the_trail_with_its_reason(reopened: School) -> None:
    with reopened.world.session() as session:
        entry = session.scalars(select(TrailEntry).where(TrailEntry.what == "return reopened")).one()
    assert entry.subject == "return 1"
    assert entry.person_id == 3
    assert json.loads(entry.detail) == {"number": 2, "opened": "return 2", "reason": REASON}


def test_each_number_says_which_it_is_and_leads_to_the_other(reopened: School) -> None:
    head = reopened.head()
    old, new, receipt = (head.get(address) for address in ("/returns/1", "/returns/2", "/returns/1/receipt"))

    assert "Number 1 counts until this one is signed." in new.text
    assert new.link("See number 1")["href"] == "/returns/1"
    for page in (old, receipt):
        assert (
            "This is number 1. Number 2 was opened on 5 October 2026 at 10:30am by Ellis Officer" in page.text
        )
        assert "Two grades are wrong." in page.text
        assert "This number counts until number 2 is signed." in page.text
        assert page.link("Number 2")["href"] == "/returns/2"

    reopened.sign()
    old, new = head.get("/returns/1"), head.get("/returns/2")
    assert "Number 2 counts." in old.text
    assert "This number counts. See number 1 , which was signed on" in new.text


def test_the_home_page_and_the_findings_name_the_number(reopened: School) -> None:
    home = reopened.head().get("/")
    listed = reopened.officer().get(f"/analysis/{reopened.cycle}/school/returns")

    assert "Your partnership reopened this return: number 2 is in progress." in home.text
    assert "Number 1 , signed on 5 October 2026 at 10:30am, counts until number 2 is signed." in home.text
    assert home.link("Number 1")["href"] == "/returns/1"
    assert home.link("Continue")["href"] == "/returns/2"
    assert "number 2 in progress; number 1 counts" in listed.text

    reopened.sign()
    assert "Number 2 was signed on" in reopened.head().get("/").text


def test_a_third_number_stands_between_its_neighbours(reopened: School) -> None:
    reopened.sign()
    officer = reopened.officer()
    page = officer.send(officer.get("/returns/2/reopen"), reason="Once more.")

    second = officer.get("/returns/2")
    assert "This is number 3." in page.text
    assert (second.link("See number 1")["href"], second.link("Number 3")["href"]) == (
        "/returns/1",
        "/returns/3",
    )
    assert "Number 2 counts." in officer.get("/returns/1").text


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "Enter why the return is reopened"),
        (" \r\n ", "Enter why the return is reopened"),
        ("x" * 2_001, "The reason is 2,001 characters long; it can have 2,000. Shorten it by 1"),
    ],
)
def test_without_a_reason_that_fits_nothing_is_reopened(signed: School, reason: str, said: str) -> None:
    page = reopen(signed, reason)

    assert page.summary == [said]
    assert page.target(said)["name"] == "reason"
    assert page.fields()["reason"].strip() == reason.strip()
    assert numbers(signed) == [(1, "signed")]


def test_the_longest_reason_is_kept_and_shown_as_typed(signed: School) -> None:
    """E1, E3."""
    typed = "<b>Why</b> {{ 7*7 }} \0 \u202e 🙂\r\n" + "x" * 1_960

    page = reopen(signed, typed)

    with signed.world.session() as session:
        kept = session.scalars(select(Reopening.reason)).one()
    assert kept == typed.replace("\r\n", "\n").replace("\0", "\ufffd")
    assert [each.get_text() for each in page.soup.select("main .compact-typed")] == [kept]


def test_a_draft_cannot_be_reopened(school: School) -> None:
    officer = school.officer()

    assert officer.get(school.address("/reopen")).address == school.address()
    assert officer.post(school.address("/reopen"), {"reason": REASON}).address == school.address()
    assert numbers(school) == [(1, "draft")]


def test_only_the_highest_number_can_be_reopened(reopened: School) -> None:
    """C5: whoever comes second is told, and gets back what they typed."""
    other = reopened.visit(reopened.world.person("Other Officer", making.officer(1)))

    assert other.get("/returns/1/reopen").address == "/returns/1"
    assert "Reopen" not in other.get("/returns/1").text
    page = other.post("/returns/1/reopen", {"reason": "I found a mistake too."})

    assert (page.status, page.h1) == (409, "Not saved")
    assert "This return was reopened already" in page.text
    assert [each.get_text() for each in page.soup.select("main .compact-typed")] == ["I found a mistake too."]
    assert page.link("See who reopened it")["href"] == "/returns/1"
    assert numbers(reopened) == [(1, "signed"), (2, "draft")]


def test_the_second_of_two_clicks_leads_to_the_one_draft(signed: School) -> None:
    officer = signed.officer()
    form = officer.get(signed.address("/reopen"))

    first, second = officer.send(form, reason=REASON), officer.send(form, reason=REASON)

    assert first.address == second.address == "/returns/2"
    assert numbers(signed) == [(1, "signed"), (2, "draft")]


def test_a_return_can_be_reopened_after_the_round_has_closed(signed: School, app: Flask) -> None:
    """Late returns count."""
    app.config["CLOCK"] = lambda: making.NOW + timedelta(days=120)

    form = signed.officer().get(signed.address("/reopen"))
    page = reopen(signed)

    assert "The round closed on 18 December 2026. A return that is signed later still counts." in form.text
    assert "a late return still counts" in page.text


def test_what_was_brought_in_can_be_reopened_and_then_signed_here(school: School) -> None:
    """It counts as signed; this is how the organisation takes it over and puts it right."""
    cycle = school.world.cycle(1, name="Earlier")
    grades = dict.fromkeys(making.ALL_SCHOOL_KEYS, "good")
    brought_in = school.world.signed(cycle, school.organisation, grades)
    with school.world.session() as session:
        session.get_one(Return, brought_in).imported = True
        session.commit()
    officer, head = school.officer(), school.head()

    form = officer.get(f"/returns/{brought_in}/reopen")
    page = officer.send(form, reason=REASON)

    assert "number 1 stays as it was brought in" in form.text
    assert "See number 1 , which was brought in on" in page.text
    head.post(f"{page.address}/profile", {"commissions-services": "no"})
    assert head.send(head.get(f"{page.address}/sign-off"), **SIGNATURE).h1 == "Return signed"


def test_an_officer_of_a_partnership_of_the_return_alone_reopens(signed: School) -> None:
    elsewhere = signed.world.partnership("Northmoor", areas=("902",))
    other: Visitor = signed.visit(signed.world.person("Other Officer", making.officer(elsewhere)))

    assert other.post(signed.address("/reopen"), {"reason": REASON}).status == 404
    assert numbers(signed) == [(1, "signed")]


def test_a_page_of_the_earlier_number_cannot_sign_the_next(reopened: School) -> None:
    """A stale page: number 1 is signed already, so that its receipt is all there is."""
    head = reopened.head()

    page = head.post("/returns/1/sign-off", {**SIGNATURE, "return_version": "1", "statement_version": "1"})

    assert page.address == "/returns/1/receipt"
    assert numbers(reopened) == [(1, "signed"), (2, "draft")]


def numbers(school: School) -> list[tuple[int, str]]:
    with school.world.session() as session:
        found = session.execute(
            select(Return.number, Return.status)
            .where(Return.cycle_id == school.cycle, Return.organisation_id == school.organisation)
            .order_by(Return.number)
        )
        return [(row.number, row.status) for row in found]
