"""When a return is reopened, the organisation's people who complete or sign it are told by mail."""

from sqlalchemy import select

from compact.access.values import Grant, Role
from compact.accounts import store
from compact.mail.models import OutboxMail
from tests import making
from tests.school import School

REASON = "The grade for bullying is wrong."


def reopened(school: School) -> list[OutboxMail]:
    """The mails of a return that was answered, signed and reopened."""
    school.answer_all()
    school.sign()
    officer = school.officer()
    page = officer.get(school.address("/reopen"))
    officer.send(page, reason=REASON)
    officer.send(page, reason=REASON)  # the second click
    with school.world.session() as session:
        about = select(OutboxMail).where(OutboxMail.about == "return 2").order_by(OutboxMail.recipient)
        return list(session.scalars(about))


def test_who_completes_and_who_signs_is_told_once_and_reads_no_answer(school: School) -> None:
    """I9: no answer and no reason; readers of the organisation and people of others are not told."""
    world, other = school.world, school.world.organisation("Oakfield School")
    world.person(
        "Chair Reader", Grant(Role.READER, organisation_id=school.organisation), email="chair@example.org"
    )
    world.person("Ash Oak", making.signatory(other), email="oak@example.org")
    both = world.person("Both Roles", making.contributor(school.organisation), email="both@example.org")
    gone = world.person("Gone Deputy", making.contributor(school.organisation), email="gone@example.org")
    with world.session() as session:
        person, left = (store.person_by_email(session, email) for email in (both, gone))
        assert person is not None
        assert left is not None
        store.add_membership(session, person.id, making.signatory(school.organisation))
        store.disable(session, left.id, making.NOW)
        session.commit()

    mails = reopened(school)

    assert [mail.recipient for mail in mails] == [
        "both@example.org",
        "deputy@example.org",
        "head@example.org",
    ]
    for mail in mails:
        assert mail.subject == "The return of Larkfield School is open again"
        assert "Ellis Officer from your partnership has opened" in mail.text
        assert "Number 2 is a draft" in mail.text
        assert "http://localhost/returns/2\n" in mail.text
        assert REASON not in mail.text
        assert mail.text.endswith(making.FOOT)
        assert "All is well" not in mail.text


def test_a_refused_reopening_tells_nobody(school: School) -> None:
    officer = school.officer()
    officer.post(school.address("/reopen"), {"reason": REASON})

    with school.world.session() as session:
        assert session.scalars(select(OutboxMail)).all() == []
