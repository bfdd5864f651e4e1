"""2.3.5: where a partnership wants two people, whoever wrote or changed an answer does not sign."""

import pytest
from sqlalchemy import delete, select, update

from compact.accounts.models import Membership, Person
from compact.db import open_session
from compact.organisations import store as organisations
from compact.returns import reading
from compact.returns import store as return_store
from compact.returns.models import Answer as AnswerTable
from compact.returns.models import Return
from tests import making
from tests.making import SIGNATURE
from tests.pages import Page, Visitor
from tests.school import School

RULE = "Two people complete this return: whoever writes or changes an answer cannot sign it."
CANNOT = "You cannot sign this return, because you wrote or changed an answer."
CAN = "You have written and changed none, so you can sign."


def want_two_people(school: School, partnership: int = 1, *, wanted: bool = True) -> None:
    with school.world.session() as session:
        organisations.set_two_people_sign(session, partnership, wanted=wanted)
        session.commit()


def write_an_answer(school: School, visitor: Visitor, evidence: str = "Seen today.") -> None:
    visitor.send(visitor.get(school.address("/standards/1")), leadership_evidence=evidence, then="later")


def signed(school: School) -> bool:
    with school.world.session() as session:
        return session.scalars(select(Return.status).where(Return.id == school.return_id)).one() == "signed"


def sent_directly(school: School, visitor: Visitor) -> Page:
    """A post from no page of ours, with the version that the return has now."""
    with school.world.session() as session:
        version = session.scalars(select(Return.version).where(Return.id == school.return_id)).one()
    data = {**SIGNATURE, "return_version": str(version), "statement_version": "1"}
    return visitor.post(school.address("/sign-off"), data)


@pytest.fixture
def complete(school: School) -> School:
    """A school whose return wants two people, with nothing missing, and nobody's answers so far."""
    school.answer_all()
    want_two_people(school)
    return school


def test_who_wrote_an_answer_cannot_sign(complete: School) -> None:
    head = complete.head()
    write_an_answer(complete, head)

    for rest in ("/check", "/sign-off"):
        page = head.get(complete.address(rest))
        assert RULE in page.text
        assert CANNOT in page.text
        assert "Nobody is left who can sign for Larkfield School." in page.text
        assert not page.soup.select("main form")
        assert not [each for each in page.soup.select("main a") if "Continue to sign" in each.get_text()]
    assert sent_directly(complete, head).h1 == "Check your answers"
    assert not signed(complete)


def test_who_wrote_none_signs(complete: School) -> None:
    write_an_answer(complete, complete.deputy())
    head = complete.head()

    for rest in ("/check", "/sign-off"):
        assert CAN in head.get(complete.address(rest)).text
    assert complete.sign().h1 == "Return signed"


def test_who_wrote_one_is_told_who_signs_instead(complete: School) -> None:
    complete.world.person("Alex Reed", making.signatory(complete.organisation))
    gone = complete.world.person("Gone Reed", making.signatory(complete.organisation))
    complete.world.person("Other Reed", making.signatory(complete.world.organisation("Oakfield School")))
    with complete.world.session() as session:
        session.execute(update(Person).where(Person.email == gone).values(disabled_at=making.NOW))
        session.commit()
    head = complete.head()
    write_an_answer(complete, head)

    assert "It can be signed by Alex Reed." in head.get(complete.address("/sign-off")).text
    assert "It can be signed by Alex Reed." in complete.deputy().get(complete.address("/check")).text


def test_who_changed_an_answer_and_had_it_overwritten_cannot_sign(complete: School) -> None:
    """Also where nothing of theirs is left: the answer's last version is somebody else's, or it is gone."""
    head = complete.head()
    write_an_answer(complete, head, "Mine")
    write_an_answer(complete, complete.deputy(), "Theirs")
    assert CANNOT in head.get(complete.address("/sign-off")).text

    with complete.world.session() as session:
        session.execute(update(AnswerTable).values(updated_by=None))
        session.commit()
    assert CANNOT in head.get(complete.address("/sign-off")).text


def test_where_one_may_do_both_nothing_is_said(school: School) -> None:
    school.answer_all()
    write_an_answer(school, school.head())

    assert RULE not in school.head().get(school.address("/check")).text
    assert school.sign().h1 == "Return signed"


def test_it_is_said_before_the_first_answer_is_typed(complete: School) -> None:
    said = "Two people complete it: whoever writes or changes an answer cannot sign."
    assert said in complete.head().get(complete.address()).text

    want_two_people(complete, wanted=False)
    assert said not in complete.head().get(complete.address()).text


def test_one_partnership_of_several_is_enough_and_one_elsewhere_is_not(school: School) -> None:
    here, there = 1, school.world.partnership("Northmoor", areas=("902",))
    body = school.world.organisation("Police", areas=("901", "902"), setting="hips")
    lone = school.world.organisation("Probation", areas=("901",), setting="hips")
    cycle = school.world.cycle(here, there, name="Both", settings=("hips",))
    returns = {each: school.world.started(cycle, each) for each in (body, lone)}

    want_two_people(school, there)

    with open_session(school.world.engine) as session:
        wanted = {each: reading.two_people_sign(session, returns[each]) for each in (body, lone)}
    assert wanted == {body: True, lone: False}


def test_a_setting_that_changes_after_the_page_was_opened_counts(school: School) -> None:
    """15.4.2: it is asked in the transaction that signs."""
    school.answer_all()
    head = school.head()
    write_an_answer(school, head)
    page = head.get(school.address("/sign-off"))
    want_two_people(school)

    after = head.send(page, **SIGNATURE)

    assert after.h1 == "Check your answers"
    assert CANNOT in after.text
    assert not signed(school)


def test_a_role_that_goes_while_signing_signs_nothing(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A8, 15.4.2: the role is asked for again behind the lock; here it goes after the guard has asked."""
    school.answer_all()
    head = school.head()
    page = head.get(school.address("/sign-off"))
    lock = return_store.lock_draft

    def role_gone(session: object, return_id: int) -> int:
        version: int = lock(session, return_id)  # type: ignore[arg-type] # handed on as it comes
        session.execute(delete(Membership).where(Membership.role == "signatory"))  # type: ignore[attr-defined]
        return version

    monkeypatch.setattr(return_store, "lock_draft", role_gone)
    head.send(page, **SIGNATURE)

    assert not signed(school)


def test_answers_of_an_earlier_number_do_not_keep_anybody_from_signing(complete: School) -> None:
    """They were signed already; what is changed in this number counts."""
    deputy = complete.world.person("Alex Reed", making.signatory(complete.organisation))
    head, other = complete.head(), complete.visit(deputy)
    write_an_answer(complete, head)
    other.send(other.get(complete.address("/sign-off")), **SIGNATURE)
    officer = complete.officer()
    task_list = officer.send(officer.get(complete.address("/reopen")), reason="A grade is wrong.")

    page = head.get(f"{task_list.address}/sign-off")
    assert CAN in page.text
    other.send(other.get(f"{task_list.address}/standards/1"), leadership_grade="outstanding", then="later")
    assert CANNOT in other.get(f"{task_list.address}/sign-off").text
