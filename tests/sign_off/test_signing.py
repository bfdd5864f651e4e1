"""Checking and signing a return."""

import hashlib
import json

import pytest
from sqlalchemy import select, update

from compact.accounts.models import SignInAttempt
from compact.mail.models import OutboxMail
from compact.returns.models import Answer as AnswerTable
from compact.returns.models import Return
from compact.returns.rules import Answer
from compact.sign_off.models import SignOff, StandardResult
from compact.trail.models import ChainHead, TrailEntry
from tests import making
from tests.making import ASKED_SCHOOL_KEYS
from tests.school import School


def test_all_that_is_missing_is_listed_with_links_to_its_place(school: School) -> None:
    school.answer_all(bullying="inadequate")
    school.world.answer(school.return_id, {"commissioning": Answer("good")})
    with school.world.session() as session:
        session.execute(update(AnswerTable).where(AnswerTable.key == "conduct").values(grade=None))
        session.commit()

    page = school.head().get(school.address("/check"))

    assert "2 things are still missing" in page.text
    assert page.link("Choose a grade for how conduct")["href"] == "/returns/1/standards/2#conduct-grade"
    assert page.link("Add an action for how bullying")["href"] == "/returns/1/actions/new/bullying"


def test_a_return_that_lacks_something_cannot_be_signed_by_a_direct_post(school: School) -> None:
    head = school.head()

    page = head.post(
        school.address("/sign-off"), {**making.SIGNATURE, "return_version": "2", "statement_version": "1"}
    )

    assert page.h1 == "Check your answers"
    assert _status(school) == "draft"


def test_a_signed_return_has_a_receipt_with_number_and_hash(school: School) -> None:
    school.answer_all()
    page = school.sign()

    with school.world.session() as session:
        signed = session.scalars(select(SignOff)).one()
    assert page.h1 == "Return signed"
    assert "SC-000001" in page.text
    assert signed.content_hash in page.text
    assert "Robin Head, Headteacher" in page.text
    assert "5 October 2026 at 10:30am" in page.text


def test_what_was_signed_is_kept_whole_and_fits_its_hash(school: School) -> None:
    school.answer_all()
    school.sign()

    with school.world.session() as session:
        signed = session.scalars(select(SignOff)).one()
    content = json.loads(signed.content)
    assert hashlib.sha256(signed.content.encode()).hexdigest() == signed.content_hash
    assert [answer["key"] for answer in content["answers"]] == list(ASKED_SCHOOL_KEYS)
    assert content["statement"] == {"version": "1", "text": ["I take responsibility.", "It is true."]}
    assert content["not_asked"] == [
        {"key": "commissioning", "because": "the setting does not commission services"}
    ]
    assert content["signatory"]["name"] == "Robin Head"
    assert content["organisation"]["name"] == "Larkfield School"


def test_each_sign_off_holds_the_hash_of_the_one_before(school: School) -> None:
    school.answer_all()
    school.sign()
    other = school.world.organisation("Other School")
    cycle = school.world.cycle(1, name="Later")
    email = school.world.person("Other Head", making.signatory(other))
    other_return = school.world.started(cycle, other)
    school.world.profile(other_return, commissions_services=False)
    school.world.answer(other_return, {key: Answer("good") for key in ASKED_SCHOOL_KEYS})
    visitor = school.visit(email)
    visitor.send(visitor.get(f"/returns/{other_return}/sign-off"), **making.SIGNATURE)

    with school.world.session() as session:
        first, second = session.scalars(select(SignOff).order_by(SignOff.id)).all()
        head = session.get_one(ChainHead, "sign_off")
    assert first.previous_hash == "0" * 64
    assert json.loads(second.content)["previous_hash"] == first.content_hash == second.previous_hash
    assert (head.sequence, head.hash) == (2, second.content_hash)


def test_signing_is_on_the_trail(school: School) -> None:
    school.answer_all()
    school.sign()

    with school.world.session() as session:
        entry = session.scalars(select(TrailEntry)).one()
    assert (entry.what, entry.subject, entry.sequence) == ("return signed", "return 1", 1)


def test_results_are_kept_for_the_main_grades_and_the_partnership(school: School) -> None:
    school.answer_all()
    school.sign()

    with school.world.session() as session:
        rows = session.execute(
            select(StandardResult.partnership_id, StandardResult.graded, StandardResult.weak).where(
                StandardResult.standard == 4
            )
        ).all()
    assert sorted(map(tuple, rows), key=str) == [(1, 2, 0), (None, 2, 0)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"authority": ""}, "Choose in which capacity you sign"),
        ({"authority": "owner"}, "Choose in which capacity you sign"),
        ({"confirm": ""}, "Tick the box to confirm the statement"),
        ({"password": ""}, "Enter your password"),
        ({"password": "wrong"}, "The password is not right"),
        ({"statement_version": "0"}, "The statement has changed: read it again and confirm it"),
    ],
)
def test_nothing_is_signed_without_capacity_statement_and_password(
    school: School, changes: dict[str, str], said: str
) -> None:
    """2.3.1, J4: however long somebody has been signed in, they prove again who they are."""
    school.answer_all()
    head = school.head()

    data = {**head.get(school.address("/sign-off")).fields(), **making.SIGNATURE, **changes}
    page = head.post(school.address("/sign-off"), data)

    assert page.summary == [said]
    assert _status(school) == "draft"


def test_j4_the_password_of_a_sign_off_cannot_be_guessed_from_a_sign_in_that_was_left_open(
    school: School,
) -> None:
    school.answer_all()
    head, wrong = school.head(), {**making.SIGNATURE, "password": "wrong"}
    page = head.get(school.address("/sign-off"))
    said = [head.send(page, **wrong).summary for _ in range(61)]

    right = head.send(page, **making.SIGNATURE)

    assert said[0] == ["The password is not right"]
    assert said[-1] == right.summary == ["There were too many tries. Wait 15 minutes, then try again"]
    assert _status(school) == "draft"


def test_slips_before_the_right_password_are_forgiven(school: School) -> None:
    school.answer_all()
    head = school.head()
    page = head.get(school.address("/sign-off"))
    for _ in range(4):
        head.send(page, **{**making.SIGNATURE, "password": "wrong"})

    assert head.send(page, **making.SIGNATURE).h1 == "Return signed"
    with school.world.session() as session:
        assert session.scalars(select(SignInAttempt)).all() == []


def test_a_stale_page_cannot_sign(school: School) -> None:
    school.answer_all()
    head, deputy = school.head(), school.deputy()
    stale = head.get(school.address("/sign-off"))
    deputy.send(deputy.get(school.address("/standards/1")), leadership_evidence="Changed", then="later")

    page = head.send(stale, **making.SIGNATURE)

    assert page.h1 == "Check your answers"
    assert page.banner == ["The return changed after you opened the page. Check it again, then sign."]
    assert _status(school) == "draft"


def test_signing_twice_makes_one_sign_off(school: School) -> None:
    """C5: the second of two clicks."""
    school.answer_all()
    head = school.head()
    form = head.get(school.address("/sign-off"))

    head.send(form, **making.SIGNATURE)
    again = head.send(form, **making.SIGNATURE)

    with school.world.session() as session:
        assert len(session.scalars(select(SignOff.id)).all()) == 1
    assert again.h1 == "Return signed"


def test_a_signed_return_takes_no_more_answers_and_gives_the_text_back(school: School) -> None:
    """C4: one signs while another is typing."""
    school.answer_all()
    deputy = school.deputy()
    typing = deputy.get(school.address("/standards/4"))
    school.sign()

    page = deputy.send(typing, bullying_evidence="A long text that somebody typed", then="later")

    assert page.status == 409
    assert page.h1 == "Not saved"
    assert "A long text that somebody typed" in page.text
    assert "good" in school.head().get(school.address("/standards/4")).text.lower()


def test_answers_that_are_not_asked_any_more_are_not_signed(school: School) -> None:
    school.world.answer(school.return_id, {"commissioning": Answer("inadequate")})
    school.answer_all()
    school.sign()

    with school.world.session() as session:
        keys = session.scalars(select(AnswerTable.key)).all()
    assert sorted(keys) == sorted(ASKED_SCHOOL_KEYS)


def test_a_contributor_cannot_sign(school: School) -> None:
    school.answer_all()

    deputy = school.deputy()

    assert deputy.get(school.address("/sign-off")).status == 404
    assert "It can now be signed by the headteacher." in deputy.get(school.address("/check")).text


def test_all_answers_can_be_read_after_signing(school: School) -> None:
    school.answer_all()
    school.sign()

    page = school.officer().get(school.address("/check"))

    assert page.h1 == "All answers"
    assert not page.soup.select("main form")


def _status(school: School) -> str:
    with school.world.session() as session:
        return session.execute(select(Return.status).where(Return.id == school.return_id)).scalar_one()


def test_the_signatory_gets_the_receipt_by_mail_once_and_no_answer_in_it(school: School) -> None:
    """2.3.3, C5, I9: written in the transaction that signs; a second click writes no second one."""
    school.answer_all()
    head = school.head()
    page = head.get(school.address("/sign-off"))
    for _ in range(2):
        head.send(page, authority="own", confirm="yes", password=making.PASSWORD)

    with school.world.session() as session:
        mails = session.execute(select(OutboxMail.recipient, OutboxMail.text, OutboxMail.about)).all()

    assert [(mail.recipient, mail.about) for mail in mails] == [("head@example.org", "sign-off SC-000001")]
    assert "Receipt: SC-000001" in mails[0].text
    assert not any(word in mails[0].text for word in ("evidence", "good", "bullying"))
