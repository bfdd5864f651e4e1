"""A return of several partnerships: each of them may reopen it, and the others are told."""

import pytest
from sqlalchemy import select

from compact.accounts import store
from compact.mail.models import OutboxMail
from compact.returns.models import Reopening
from tests import making
from tests.areas import Body, body
from tests.pages import Page

__all__ = ["body"]

REASON = "The grade for bullying is wrong."


@pytest.fixture
def signed(body: Body) -> Body:
    """The body has signed; a second officer of Northmere is disabled."""
    body.answer_all()
    gone = body.world.person("Gone Officer", making.officer(body.partnerships["Northmere"]))
    with body.world.session() as session:
        person = store.person_by_email(session, gone)
        assert person is not None
        store.disable(session, person.id, making.NOW)
        session.commit()
    assert body.sign().h1 == "Return signed"
    return body


def reopen(body: Body, partnership: str) -> Page:
    officer = body.officer(partnership)
    return officer.send(officer.get(body.address("/reopen")), reason=REASON)


@pytest.mark.parametrize(("partnership", "other"), [("Wexcombe", "Northmere"), ("Northmere", "Wexcombe")])
def test_any_partnership_of_the_return_reopens_it_and_the_others_are_told(
    signed: Body, partnership: str, other: str
) -> None:
    """I9: the mail holds no text of the return, the reason included."""
    page = reopen(signed, partnership)

    assert page.banner == ["Number 2 is open. Vale Police can change it and has to sign it again."]
    with signed.world.session() as session:
        there = OutboxMail.recipient.like("officer@%"), OutboxMail.about == "return 2"
        mails = session.scalars(select(OutboxMail).where(*there)).all()
        assert [mail.recipient for mail in mails] == [f"officer@{other.lower()}.example"]
        assert mails[0].subject == "The return of Vale Police was reopened"
        assert f"{partnership} Officer has reopened" in mails[0].text
        assert "http://localhost/returns/2\n" in mails[0].text
        assert REASON not in mails[0].text
    seen = signed.officer(other).get("/returns/2").text
    assert REASON in seen
    assert f"by {partnership} Officer" in seen


def test_a_partnership_of_the_round_that_is_not_the_returns_reopens_nothing(signed: Body) -> None:
    """A1: and is told of nothing."""
    assert signed.officer("Saltholm").post(signed.address("/reopen"), {"reason": REASON}).status == 404

    with signed.world.session() as session:
        assert session.scalars(select(Reopening.reason)).all() == []
