"""The day on which the governing body ratified a return: signed with it, or said afterwards beside it."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from compact.mail.models import OutboxMail
from compact.sign_off.models import Ratification, SignOff
from compact.trail.models import TrailEntry
from tests.pages import Page, words
from tests.school import School

SIGNED, NOTED = "1 October 2026, as it was signed", "2 October 2026, as Robin Head noted on 5 October 2026"


@pytest.fixture
def complete(school: School) -> School:
    school.answer_all()
    return school


def test_a_day_that_is_given_at_signing_is_signed(complete: School) -> None:
    """D11: ISO inside the content, words on the pages."""
    page = complete.sign(ratified__on="1/10/2026")

    assert _content(complete)["ratified_on"] == "2026-10-01"
    assert SIGNED in page.text
    assert SIGNED in complete.officer().get(complete.address("/verify")).text
    assert not page.soup.select("main form")
    complete.head().post(complete.address("/ratified"), {"ratified_on": "2 10 2026"})
    assert SIGNED in complete.head().get(complete.address("/receipt")).text
    with complete.world.session() as session:
        assert not session.scalars(select(Ratification)).all()


def test_without_a_day_the_signed_content_is_as_it_always_was(complete: School) -> None:
    page = complete.sign(ratified__on="  ")

    assert "ratified_on" not in _content(complete)
    assert "No date is given" in page.text


def test_a_day_can_be_given_on_the_receipt_and_put_right(complete: School) -> None:
    complete.sign()
    before, head = _content(complete), complete.head()

    head.send(head.get(complete.address("/receipt")), ratified__on="3 October 2026")
    page = head.send(head.get(complete.address("/receipt")), ratified__on="2 10 2026")

    assert page.banner == ["The date of ratification is noted. What was signed stays as it was."]
    assert NOTED in page.text
    assert NOTED in head.get(complete.address("/verify")).text
    assert "Yes. It was worked out again" in head.get(complete.address("/verify")).text
    assert _content(complete) == before
    with complete.world.session() as session:
        noted = session.scalars(select(TrailEntry).where(TrailEntry.what == "ratification noted")).all()
        assert [json.loads(each.detail) for each in noted] == [
            {"ratified_on": "2026-10-03"},
            {"ratified_on": "2026-10-02"},
        ]
        assert len(session.scalars(select(Ratification)).all()) == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the date of ratification"),
        ("31 2 2026", "The date must be a real date, such as 31 3 2027"),
        ("6 October 2026", "The date must be today or in the past"),
    ],
)
def test_a_day_that_cannot_be_is_said_on_both_pages(complete: School, typed: str, said: str) -> None:
    if typed:
        page = complete.sign(ratified__on=typed)
        assert page.summary == [said]
        assert page.fields()["ratified_on"] == typed
    complete.sign()
    head = complete.head()

    page = head.send(head.get(complete.address("/receipt")), ratified__on=typed)

    assert page.summary == [said]
    assert page.fields()["ratified_on"] == typed


def test_only_signatories_give_a_day(complete: School) -> None:
    complete.sign()

    assert not complete.deputy().get(complete.address("/receipt")).soup.select("main form")
    assert complete.deputy().post(complete.address("/ratified"), {"ratified_on": "1 10 2026"}).status == 404


def test_the_receipt_says_what_happens_next(complete: School) -> None:
    page = complete.sign()

    assert [words(each).split(" :")[0] for each in page.soup.select("main ol li")] == [
        "Your partnership reads the return and its plan, and replies.",
        "You go on with your plan",
        "Within six months your partnership asks for progress on your actions.",
        (
            "When the round is over, after 18 December 2026, you find on your home page what your whole "
            "sector learnt."
        ),
    ]
    assert page.link("your plan")["href"] == f"/organisations/{complete.organisation}/actions"


def test_the_receipt_says_whether_it_was_mailed(complete: School) -> None:
    assert "The receipt is on its way to head@example.org." in complete.sign().text

    sent = datetime(2026, 10, 5, 9, 40, tzinfo=UTC)
    assert "The receipt was mailed to head@example.org on 5 October 2026 at 10:40am." in (
        _mailed(complete, sent_at=sent).text
    )
    assert "could not be mailed to head@example.org" in _mailed(complete, sent_at=None, failed_at=sent).text
    assert "mailed to" not in complete.officer().get(complete.address("/receipt")).text


def _mailed(school: School, **became: datetime | None) -> Page:
    with school.world.session() as session:
        session.execute(update(OutboxMail).values(next_try_at=None, **became))
        session.commit()
    return school.head().get(school.address("/receipt"))


def _content(school: School) -> dict[str, object]:
    with school.world.session() as session:
        text = session.scalars(select(SignOff.content).where(SignOff.return_id == school.return_id)).one()
    content: dict[str, object] = json.loads(text)
    return content
