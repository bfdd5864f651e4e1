"""Exceptions: where a body of several areas answers otherwise for one of its partnerships."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from compact.actions.models import Action
from compact.organisations.store import set_two_people_sign
from compact.returns.exceptions import GivenException, TypedException, parse_exception
from compact.returns.limits import NOTE_LIMIT
from compact.returns.models import Exception_, ExceptionHistory, Return
from compact.returns.rules import UNANSWERED, Answer
from compact.sign_off.models import StandardResult
from tests import making
from tests.areas import Body, body
from tests.pages import Page
from tests.school import School

__all__ = ["body"]

SCALE = making.edition().scale
MISSING = "Add an action for how bullying is looked after, weak in Northmere"


def test_an_exception_needs_another_grade_and_a_note() -> None:
    given = parse_exception(SCALE, Answer("good"), TypedException("inadequate", " One team.\r\n"))
    absent = parse_exception(SCALE, UNANSWERED, TypedException("not_applicable", "No school there."))

    assert given == GivenException("inadequate", " One team.\n")
    assert absent == GivenException(None, "No school there.")


@pytest.mark.parametrize(
    ("main", "grade", "note", "fields"),
    [
        (Answer("good"), "", "", ["grade", "note"]),
        (Answer("good"), "splendid", "Only there.", ["grade"]),
        (Answer("good"), "good", "The same.", ["grade"]),
        (Answer(None, True, "Why"), "not_applicable", "The same.", ["grade"]),
        (Answer("good"), "inadequate", " \n", ["note"]),
        (Answer("good"), "inadequate", "x" * (NOTE_LIMIT + 1), ["note"]),
    ],
)
def test_what_is_no_exception_is_refused(main: Answer, grade: str, note: str, fields: list[str]) -> None:
    problems = parse_exception(SCALE, main, TypedException(grade, note))

    assert isinstance(problems, tuple)
    assert [problem.field for problem in problems] == fields


def test_an_exception_is_noted_changed_and_removed(body: Body) -> None:
    body.answer_all()
    deputy = body.deputy()

    choice = deputy.get(body.exception("Northmere"))
    form = deputy.get(str(choice.link("How bullying")["href"]))
    noted = deputy.send(form, grade="outstanding", note="A team of its own.\n\nSince May.")
    again = deputy.get(str(noted.link("Change")["href"]))
    changed = deputy.send(again, grade="not_applicable", note="No school there.")
    removed = deputy.send(
        deputy.get(body.exception("Northmere", "bullying")), selector="form[action$=remove]"
    )

    assert "Your answer for all areas Good" in form.text
    assert noted.banner == ["The exception for Northmere is saved: how bullying is looked after."]
    assert "Outstanding instead of “good” A team of its own. Since May." in noted.text
    assert again.fields()["note"] == "A team of its own.\n\nSince May."
    assert "Not applicable instead of “good” No school there." in changed.text
    assert removed.banner == ["There is no exception for Northmere to how bullying is looked after."]
    assert "No school there." not in removed.text
    with body.world.session() as session:
        history = select(ExceptionHistory.version, ExceptionHistory.grade, ExceptionHistory.updated_by)
        assert session.execute(history.order_by(ExceptionHistory.version)).all() == [
            (1, "outstanding", 2),
            (2, None, 2),
            (3, None, 2),
        ]


def test_a_mistake_shows_exactly_what_was_typed(body: Body) -> None:
    text = "é" * (NOTE_LIMIT + 1)

    page = body.note("Northmere", "bullying", "", text)

    assert page.summary == [
        "Choose the grade there, or that it does not apply there",
        "The note is 2,001 characters long; it can have 2,000. Shorten it by 1",
    ]
    assert page.fields()["note"] == text
    assert page.target("The note is")["id"] == "note"


def test_what_a_child_could_be_known_by_is_asked_about(body: Body) -> None:
    body.answer_all()

    saved = body.note("Northmere", "bullying", "outstanding", "The plan of 943 476 5919")

    assert any("seems to hold an NHS number" in line for line in saved.banner)
    check = body.chief().get(body.address("/check"))
    assert "The exception for Northmere, how bullying is looked after, seems to hold" in check.text


def test_two_changes_of_one_exception_show_both(body: Body) -> None:
    """C2: nobody's text is overwritten unseen, and both stand in the history."""
    deputy, chief = body.deputy(), body.chief()
    stale = chief.get(body.exception("Northmere", "bullying"))
    body.note("Northmere", "bullying", "outstanding", "<img onerror=alert(1)> The deputy’s note.")

    page = chief.send(stale, grade="good", note="The chief’s note.")

    assert page.summary == ["Somebody else changed this exception meanwhile. Compare, then save yours again"]
    assert "<img onerror=alert(1)> The deputy’s note." in page.text
    assert page.fields()["note"] == "The chief’s note."
    assert "The chief’s note." in chief.send(page).text
    assert "The chief’s note." in deputy.get(body.address("/exceptions")).text
    with body.world.session() as session:
        notes = session.scalars(select(ExceptionHistory.note).order_by(ExceptionHistory.version)).all()
    assert [note[-12:] for note in notes] == ["puty’s note.", "hief’s note."]


def test_an_exception_that_somebody_else_removed_is_not_changed_unseen(body: Body) -> None:
    """C8: its text stays on the page of whoever was changing it."""
    body.note("Northmere", "bullying", "outstanding")
    deputy, chief = body.deputy(), body.chief()
    form = deputy.get(body.exception("Northmere", "bullying"))
    chief.send(chief.get(body.exception("Northmere", "bullying")), selector="form[action$=remove]")

    page = deputy.send(form, note="It is so since May.")

    assert page.summary == ["Somebody else changed this exception meanwhile. Compare, then save yours again"]
    assert "They removed it" in page.text
    assert "It is so since May." in deputy.send(page).text


def test_an_exception_that_somebody_else_changed_is_not_removed_unseen(body: Body) -> None:
    """C8: who removes it sees first what it says now."""
    body.note("Northmere", "bullying", "outstanding")
    chief = body.chief()
    form = chief.get(body.exception("Northmere", "bullying"))
    body.note("Northmere", "bullying", "inadequate", "The deputy’s new note.")

    page = chief.send(form, selector="form[action$=remove]")

    assert page.summary == ["Somebody else changed this exception meanwhile. Read it, then remove it again"]
    assert page.fields()["note"] == "The deputy’s new note."
    assert "The deputy’s" not in chief.send(page, selector="form[action$=remove]").text


def test_an_exception_makes_an_open_page_too_old_to_sign(body: Body) -> None:
    """2.3.3: what is signed is exactly what the page showed."""
    body.answer_all()
    chief = body.chief()
    page = chief.get(body.address("/sign-off"))
    body.note("Northmere", "bullying", "outstanding")

    stale = chief.send(page, **making.SIGNATURE)

    assert stale.h1 == "Check your answers"
    assert body.sign().h1 == "Return signed"


def test_a_signed_return_takes_no_exception(body: Body) -> None:
    """C4: what was typed is shown to whoever typed it."""
    body.answer_all()
    deputy = body.deputy()
    form = deputy.get(body.exception("Northmere", "bullying"))
    body.sign()

    page = deputy.send(form, grade="outstanding", note="Too late.")

    assert page.status == 409
    assert "Too late." in page.text
    assert deputy.get(body.exception("Northmere", "bullying")).h1 == "Where an area differs"
    assert deputy.get(body.exception("Northmere")).h1 == "Where an area differs"


def test_a_weak_exception_asks_for_an_action(body: Body) -> None:
    body.answer_all()

    plan = body.note("Northmere", "bullying", "inadequate")

    assert plan.h1 == "Actions for what needs to improve"
    assert "Standard 4, weak by an exception for Northmere" in plan.text
    chief = body.chief()
    check = chief.get(body.address("/check"))
    assert check.link(MISSING)["href"] == body.address("/actions/new/bullying")
    assert "1 to add" in chief.get(body.address()).text
    assert chief.get(body.address("/sign-off")).h1 == "Check your answers"
    body.plan("bullying")
    assert MISSING not in chief.get(body.address("/check")).text
    assert body.sign().h1 == "Return signed"


def test_a_weak_exception_without_an_action_is_not_signed_by_a_direct_post(body: Body) -> None:
    """2.3.1: the page that signs was opened before the exception was noted, and its version is made up."""
    body.answer_all()
    chief = body.chief()
    page = chief.get(body.address("/sign-off"))
    body.note("Northmere", "bullying", "inadequate")
    with body.world.session() as session:
        version = session.scalars(select(Return.version)).one()

    chief.send(page, **making.SIGNATURE, return__version=str(version))

    with body.world.session() as session:
        assert session.scalars(select(Return.status)).one() == "draft"


def test_a_partnership_sees_its_own_exceptions_only(body: Body) -> None:
    """A6: on every page of the return; the organisation sees all of them."""
    body.answer_all()
    body.note("Northmere", "bullying", "inadequate", "Northmere has no team.")
    body.note("Wexcombe", "induction", "outstanding", "Wexcombe leads the way.")
    pages = ("", "/exceptions", "/check", "/actions", "/standards/4", "/readers")

    def seen(email: str) -> str:
        return " ".join(body.visit(email).get(body.address(rest)).text for rest in pages)

    wexcombe, northmere = (seen(f"officer@{name}.example") for name in ("wexcombe", "northmere"))
    assert "Wexcombe leads the way." in wexcombe
    assert "Northmere" not in wexcombe
    assert "how bullying is looked after, weak" not in wexcombe
    assert "to add" not in wexcombe
    assert "Northmere has no team." in northmere
    assert MISSING in northmere
    assert "Wexcombe leads" not in northmere
    for email in ("chief@example.org", "deputy@example.org", "reader@example.org"):
        everything = seen(email)
        assert "Northmere has no team." in everything
        assert "Wexcombe leads the way." in everything


def test_an_action_for_another_partnerships_exception_alone_is_not_seen(body: Body) -> None:
    """A6: the plan would tell of it."""
    body.answer_all(induction="inadequate")
    body.note("Northmere", "bullying", "inadequate")
    body.plan("bullying", "Build a team in the north.")
    body.plan("induction", "Train everybody.")

    for rest in ("/actions", "/check"):
        wexcombe, northmere, chief = (
            visitor.get(body.address(rest)).text
            for visitor in (body.officer("Wexcombe"), body.officer("Northmere"), body.chief())
        )
        assert "Build a team" not in wexcombe
        assert "Train everybody." in wexcombe
        assert "Build a team" in northmere
        assert "Build a team" in chief


def test_nor_in_the_whole_plan_its_spreadsheet_and_the_copies(body: Body) -> None:
    """A6, A2: wherever else the organisation's actions are told."""
    body.answer_all(induction="inadequate")
    body.note("Northmere", "bullying", "inadequate")
    body.plan("bullying", "Build a team in the north.")
    body.plan("induction", "Train everybody.")
    with body.world.session() as session:
        organisation = session.scalars(select(Return.organisation_id)).one()
        own = session.scalars(select(Action.id).where(Action.key == "bullying")).one()
    whole = f"/organisations/{organisation}/actions"
    for visitor, is_seen in (
        (body.officer("Wexcombe"), False),
        (body.officer("Northmere"), True),
        (body.chief(), True),
    ):
        sheets = [
            sheet_text(visitor.client.get(address).data)
            for address in (f"{whole}.xlsx", body.address(".xlsx"))
        ]
        for shown in (visitor.get(whole).text, *sheets):
            assert ("Build a team" in shown) is is_seen
            assert "Train everybody." in shown
        assert visitor.get(f"{whole}/{own}").status == (200 if is_seen else 404)


def sheet_text(xlsx: bytes) -> str:
    """Every text of a spreadsheet."""
    with ZipFile(BytesIO(xlsx)) as file:
        return file.read("xl/sharedStrings.xml").decode()


def test_a_partnership_of_the_round_that_is_not_the_bodys_sees_nothing(body: Body) -> None:
    assert body.officer("Saltholm").get(body.address("/exceptions")).status == 404
    assert body.deputy().get(body.exception("Saltholm", "bullying")).status == 404
    assert body.deputy().post(body.exception("Saltholm", "bullying")).status == 404


@pytest.mark.parametrize("email", ["officer@northmere.example", "reader@example.org"])
def test_who_only_reads_writes_no_exception(body: Body, email: str) -> None:
    visitor = body.visit(email)
    given = {"grade": "outstanding", "note": "Not mine to say.", "version": "0"}

    assert visitor.get(body.exception("Northmere", "bullying")).status == 404
    assert visitor.post(body.exception("Northmere", "bullying"), given).status == 404
    assert visitor.post(body.exception("Northmere", "bullying") + "/remove", given).status == 404


def test_only_a_question_that_is_asked_takes_an_exception(body: Body) -> None:
    assert body.deputy().get(body.exception("Northmere", "commissioning")).status == 404
    assert body.deputy().post(body.exception("Northmere", "nothing-such")).status == 404
    assert "ommissioning" not in body.deputy().get(body.exception("Northmere")).text.split("11.")[1]


def test_an_exception_to_what_is_not_asked_any_more_neither_stays_nor_counts(body: Body) -> None:
    body.world.profile(body.return_id, commissions_services=True)
    body.note("Northmere", "commissioning", "inadequate", "Nobody looks there.")
    assert "Nobody looks there." in body.chief().get(body.address("/exceptions")).text
    body.world.profile(body.return_id, commissions_services=False)
    body.answer_all()

    for rest in ("/exceptions", "/check", "/actions"):
        page = body.chief().get(body.address(rest)).text
        assert "Nobody looks there." not in page
        assert "weak by an exception" not in page
    assert "None" in _line(body.chief().get(body.address()), "Exceptions for one partnership")
    assert body.sign().h1 == "Return signed"

    with body.world.session() as session:
        assert session.scalars(select(Exception_.key)).all() == []
        assert session.scalars(select(ExceptionHistory.key)).all() == ["commissioning"]
        assert (
            session.scalars(select(StandardResult.standard).where(StandardResult.standard == 12)).all() == []
        )


def test_who_noted_an_exception_has_written_an_answer(body: Body) -> None:
    """2.3.5: where two people are wanted, whoever noted or removed an exception does not sign."""
    body.answer_all()
    chief = body.chief()
    chief.send(chief.get(body.exception("Northmere", "bullying")), grade="outstanding", note="There.")
    chief.send(chief.get(body.exception("Northmere", "bullying")), selector="form[action$=remove]")
    page = chief.get(body.address("/sign-off"))
    with body.world.session() as session:
        set_two_people_sign(session, body.partnerships["Wexcombe"], wanted=True)
        session.commit()

    chief.send(page, **making.SIGNATURE)

    with body.world.session() as session:
        assert session.scalars(select(Return.status)).one() == "draft"


def test_a_body_of_one_partnership_has_no_exceptions(school: School) -> None:
    head = school.head()

    assert "Exceptions for one" not in head.get(school.address()).text
    assert "differs" not in head.get(school.address("/standards/4")).text
    assert head.get(school.address("/exceptions")).status == 404
    assert head.get(school.address("/exceptions/1/bullying")).status == 404


def _line(page: Page, title: str) -> str:
    """The line of a task list with this title."""
    return next(
        each.get_text(" ") for each in page.soup.select(".govuk-task-list__item") if title in each.get_text()
    )
