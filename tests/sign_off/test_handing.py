"""Before signing: the return is said to be ready, or is sent back with a reason, inside the organisation."""

import pytest
from sqlalchemy import select

from compact.access.values import Grant, Role
from compact.mail.models import OutboxMail
from compact.returns.models import Handing
from tests import making
from tests.school import School

REASON = "Standard 4 says less than we do.\n\nPlease look at “bullying” <again>."
READY = "Tell the signatories that it is ready"


@pytest.fixture
def complete(school: School) -> School:
    """A school whose return lacks nothing."""
    school.answer_all()
    return school


def test_who_wrote_tells_the_signatories_that_it_is_ready(complete: School) -> None:
    deputy = complete.deputy()

    page = deputy.send(deputy.get(complete.address("/check")))

    assert page.banner == ["Robin Head can read in a mail that the return is ready to sign."]
    said = "Sam Deputy said on 5 October 2026 at 10:30am that this return is ready to sign."
    assert said in page.text
    assert said in complete.head().get(complete.address()).text
    (mail,) = _mails(complete)
    assert (mail.recipient, mail.subject) == (
        "head@example.org",
        "The return of Larkfield School is ready to sign",
    )
    assert f"http://localhost{complete.address()}" in mail.text


def test_they_are_told_once(complete: School) -> None:
    deputy = complete.deputy()
    page = deputy.get(complete.address("/check"))
    deputy.send(page)

    again = deputy.send(page)

    assert "Sam Deputy told the signatories on 5 October 2026 at 10:30am" in again.text
    assert READY not in again.text
    assert len(_mails(complete)) == 1


def test_a_return_that_lacks_something_is_not_ready(school: School) -> None:
    deputy = school.deputy()

    assert READY not in deputy.get(school.address("/check")).text
    assert deputy.post(school.address("/ready")).h1 == "Check your answers"
    assert not _mails(school)


def test_who_can_sign_is_not_asked_to_tell_anybody(complete: School) -> None:
    page = complete.head().get(complete.address("/check"))

    assert READY not in page.text
    assert page.link("Send it back to those who wrote it")["href"] == complete.address("/send-back")


def test_a_signatory_sends_it_back_with_a_reason(complete: School) -> None:
    head, deputy = complete.head(), complete.deputy()
    deputy.send(deputy.get(complete.address("/check")))
    form = head.get(complete.address("/send-back"))

    page = head.send(form, reason=REASON)

    assert "Sam Deputy will be told in a mail" in form.text
    assert "You can enter up to 2000 characters" in form.text
    assert page.banner == ["Sam Deputy can read in a mail that you sent it back. The reason is below."]
    seen = deputy.get(complete.address())
    assert "Robin Head sent this return back on 5 October 2026 at 10:30am:" in seen.text
    assert REASON in seen.soup.get_text()
    assert "is ready to sign" not in seen.text
    assert _mails(complete)[-1].recipient == "deputy@example.org"
    assert deputy.send(deputy.get(complete.address("/check"))).banner


def test_i9_no_answer_and_no_reason_is_in_any_mail(complete: School) -> None:
    """I9: a reason may say what an answer says; it stands on the page alone."""
    head, deputy = complete.head(), complete.deputy()
    deputy.send(deputy.get(complete.address("/check")))
    head.send(head.get(complete.address("/send-back")), reason=REASON)

    for mail in _mails(complete):
        assert "bullying" not in mail.text
        assert "Standard 4" not in mail.text


def test_the_last_reason_stands_until_the_return_is_signed(complete: School) -> None:
    head = complete.head()
    for reason in ("The first reason", "The second reason"):
        head.send(head.get(complete.address("/send-back")), reason=reason)

    page = head.get(complete.address())
    assert "The second reason" in page.text
    assert "The first reason" not in page.text

    complete.sign()
    assert "The second reason" not in head.get(complete.address()).text


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (" \n", "Enter what has to be looked at again"),
        ("r" * 2_003, "The reason is 2,003 characters long; it can have 2,000. Shorten it by 3"),
    ],
)
def test_a_reason_is_given_and_fits(complete: School, reason: str, said: str) -> None:
    head = complete.head()

    page = head.send(head.get(complete.address("/send-back")), reason=reason)

    assert page.summary == [said]
    assert page.fields()["reason"] == reason.replace("\n", "\r\n") or page.fields()["reason"] == reason
    assert not _mails(complete)


def test_what_is_said_inside_an_organisation_stays_there(complete: School) -> None:
    """A6: officers and others from outside read the return, and not what its people say to each other."""
    head = complete.head()
    head.send(head.get(complete.address("/send-back")), reason=REASON)
    governor = complete.world.person("Jo Governor", Grant(Role.READER, organisation_id=complete.organisation))

    assert "sent this return back" not in complete.officer().get(complete.address()).text
    assert "sent this return back" in complete.visit(governor).get(complete.address()).text


def test_c4_a_return_that_was_signed_meanwhile_is_not_sent_back(complete: School) -> None:
    """C4: the second signatory is told, and the text is given back."""
    email = complete.world.person("Second Head", making.signatory(complete.organisation))
    second = complete.visit(email)
    form = second.get(complete.address("/send-back"))
    complete.sign()

    page = second.send(form, reason=REASON)

    assert page.status == 409
    assert "This return was signed while you were working on it" in page.text
    assert REASON in page.soup.get_text().replace("\r\n", "\n")
    assert second.get(complete.address("/send-back")).h1 == "Return signed"
    assert not _handings(complete)


def test_only_those_who_may_sign_are_told_where_two_people_sign(complete: School) -> None:
    from tests.sign_off.test_two_people import want_two_people, write_an_answer

    complete.world.person("Second Head", making.signatory(complete.organisation), email="second@example.org")
    want_two_people(complete)
    head = complete.head()
    write_an_answer(complete, head)

    page = head.send(head.get(complete.address("/check")))

    assert page.banner == ["Second Head can read in a mail that the return is ready to sign."]
    assert [mail.recipient for mail in _mails(complete)] == ["second@example.org"]


def _mails(school: School) -> list[OutboxMail]:
    with school.world.session() as session:
        return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def _handings(school: School) -> list[Handing]:
    with school.world.session() as session:
        return list(session.scalars(select(Handing)))
