"""An answer that saves itself: what is kept, what is told, and nothing that arrives out of turn."""

from typing import Any

import pytest
from sqlalchemy import select

from compact.returns.models import Answer, AnswerHistory, Return
from tests.pages import Visitor
from tests.school import School

PAGE, OTHER_PAGE = "0123456789abcdef", "fedcba9876543210"
TEXT = "Our records, <b>word for word</b>.\nA second line."


def post(visitor: Visitor, school: School, key: str = "bullying", **fields: object) -> tuple[int, Any]:
    """Save as the page's script does; the status and the JSON."""
    typed = {"grade": "good", "evidence": "", "reason": "", "version": 0, "page": PAGE, **fields}
    data = {name: str(value) for name, value in typed.items()}
    response = visitor.client.post(
        school.address(f"/answers/{key}"), data={**data, "csrf_token": visitor.token()}
    )
    return response.status_code, response.json


def kept(school: School) -> Answer:
    with school.world.session() as session:
        return session.scalars(select(Answer)).one()


def version(school: School) -> int:
    """How often the return has changed."""
    with school.world.session() as session:
        return session.scalars(select(Return.version).where(Return.id == school.return_id)).one()


def test_an_answer_is_kept_and_its_moment_and_version_are_told(school: School) -> None:
    status, told = post(school.head(), school, evidence=TEXT, sequence=1)

    assert (status, told) == (200, {"saved": "2026-10-05T09:30:00+00:00", "at": "10:30", "version": 1})
    answer = kept(school)
    assert (answer.key, answer.grade, answer.evidence, answer.version) == ("bullying", "good", TEXT, 1)
    assert school.head().get(school.address("/standards/4")).fields()["bullying-evidence"] == TEXT


def test_every_version_is_in_the_history_and_a_stale_page_cannot_sign(school: School) -> None:
    head = school.head()
    for number in range(3):
        assert post(head, school, evidence=f"Draft {number}", version=number, sequence=number + 1)[0] == 200

    with school.world.session() as session:
        texts = session.scalars(select(AnswerHistory.evidence).order_by(AnswerHistory.version)).all()
        assert session.get(Return, school.return_id).version > 3  # type: ignore[union-attr] # it is there
    assert texts == ["Draft 0", "Draft 1", "Draft 2"]


def test_a_save_that_changes_nothing_does_not_make_a_page_that_signs_stale(school: School) -> None:
    head = school.head()
    post(head, school, evidence=TEXT, sequence=1)
    before = version(school)

    status, told = post(head, school, evidence=TEXT, version=1, sequence=2)

    assert (status, told["version"]) == (200, 1)
    assert version(school) == before


def test_b3_the_same_once_more_after_a_reply_that_was_lost_is_kept_once(school: School) -> None:
    head = school.head()
    first = post(head, school, evidence=TEXT, sequence=1)
    again = post(head, school, evidence=TEXT, sequence=2)

    assert first == again
    with school.world.session() as session:
        assert len(session.scalars(select(AnswerHistory)).all()) == 1


def test_b8_what_the_same_page_sent_before_never_replaces_what_it_sent_after(school: School) -> None:
    """The reply to neither had come back: both were typed over version 0, and the second arrived first."""
    head = school.head()
    later = post(head, school, evidence="The whole sentence.", sequence=2)
    earlier = post(head, school, evidence="The who", sequence=1)

    assert (later[0], earlier[0]) == (200, 200)
    assert earlier[1]["version"] == later[1]["version"] == 1
    assert kept(school).evidence == "The whole sentence."


def test_b8_what_the_page_sends_later_goes_over_what_it_sent_before(school: School) -> None:
    head = school.head()
    post(head, school, evidence="The who", sequence=1)
    status, told = post(head, school, evidence="The whole sentence.", sequence=2)

    assert (status, told["version"], kept(school).evidence) == (200, 2, "The whole sentence.")


def test_b8_the_pages_own_button_goes_over_what_saved_itself_meanwhile(school: School) -> None:
    """The page is posted while an answer of it is on its way, and the other way round."""
    head = school.head()
    page = head.get(school.address("/standards/4"))
    post(head, school, evidence="The who", sequence=1)

    fields = {**page.fields(), "bullying-evidence": "The whole.", "page": PAGE, "sequence": "2"}
    assert head.post(school.address("/standards/4"), {**fields, "then": "later"}).banner
    late = post(head, school, evidence="The wh", sequence=1)

    assert kept(school).evidence == "The whole."
    assert late[0] == 200


@pytest.mark.parametrize("page", ["", OTHER_PAGE, "x", "'; --"])
def test_another_page_is_another_person(school: School, page: str) -> None:
    """Two tabs of one person are two pages: neither goes over the other unseen."""
    head = school.head()
    post(head, school, evidence="In one tab", sequence=9)
    status, told = post(head, school, evidence="In another", page=page, sequence=10)

    assert (status, told["theirs"]["evidence"], told["theirs"]["by"]) == (409, "In one tab", "Robin Head")
    assert kept(school).evidence == "In one tab"


def test_c2_a_colleagues_newer_answer_is_shown_and_stays(school: School) -> None:
    post(school.deputy(), school, evidence="The deputy’s text", grade="inadequate", sequence=1)
    status, told = post(school.head(), school, evidence="The head’s", page=OTHER_PAGE, sequence=1)

    assert status == 409
    assert told["theirs"] == {
        "grade": "inadequate",
        "evidence": "The deputy’s text",
        "reason": "",
        "version": 1,
        "by": "Sam Deputy",
        "at": "5 October 2026 at 10:30am",
    }
    assert kept(school).evidence == "The deputy’s text"


def test_c2_who_has_seen_it_may_go_over_it(school: School) -> None:
    post(school.deputy(), school, evidence="The deputy’s text", sequence=1)
    head = school.head()
    seen = post(head, school, evidence="The head’s", page=OTHER_PAGE, sequence=1)[1]["theirs"]["version"]

    status, _ = post(head, school, evidence="Both of ours", version=seen, page=OTHER_PAGE, sequence=2)

    assert (status, kept(school).evidence) == (200, "Both of ours")


def test_c10_the_part_of_the_page_that_shows_it_is_inert(school: School) -> None:
    post(school.deputy(), school, evidence="<img src=x onerror=alert(1)>", sequence=1)
    told = post(school.head(), school, evidence="<script>alert(2)</script>", page=OTHER_PAGE, sequence=1)[1]

    assert "<img" not in told["panel"]
    assert "&lt;img src=x onerror=alert(1)&gt;" in told["panel"]


def test_c4_who_types_while_it_is_signed_is_told_and_nothing_is_written(school: School) -> None:
    school.answer_all()
    head, deputy = school.head(), school.deputy()
    school.sign()
    before = [(each.key, each.version) for each in answers(school)]

    status, told = post(deputy, school, evidence="One thing more", sequence=1)

    assert (status, list(told)) == (409, ["signed"])
    assert [(each.key, each.version) for each in answers(school)] == before
    assert head.get(school.address("/receipt")).status == 200


def answers(school: School) -> list[Answer]:
    with school.world.session() as session:
        return list(session.scalars(select(Answer).order_by(Answer.key)))


def test_what_cannot_be_kept_is_told_in_words(school: School) -> None:
    status, told = post(school.head(), school, evidence="x" * 20_001, sequence=1)

    assert status == 422
    assert told == {
        "problem": "The evidence for how bullying is looked after is 20,001 characters long; it can have "
        "20,000. Shorten it by 1"
    }
    assert answers(school) == []


@pytest.mark.parametrize("key", ["nothing", "commissioning", "bullying-grade", "%00", "..%2Fx"])
def test_only_what_is_asked_can_be_answered(school: School, key: str) -> None:
    """`commissioning` is not asked of a school that commissions nothing."""
    assert post(school.head(), school, key, sequence=1)[0] == 404
    assert answers(school) == []


def test_b1_after_the_sign_in_has_ended_nothing_is_kept_and_the_status_says_why(school: School) -> None:
    head = school.head()
    token = head.token()
    head.post("/sign-out")

    response = head.client.post(
        school.address("/answers/bullying"), data={"evidence": TEXT, "csrf_token": token}
    )

    assert response.status_code in (400, 401)
    assert answers(school) == []


@pytest.mark.parametrize("version", ["", "-1", "1e3", "x", "9" * 12])
def test_e5_a_version_that_no_page_holds_counts_as_none(school: School, version: str) -> None:
    post(school.deputy(), school, evidence="The deputy’s text", sequence=1)

    assert post(school.head(), school, evidence="x", version=version, page=OTHER_PAGE, sequence=1)[0] == 409
