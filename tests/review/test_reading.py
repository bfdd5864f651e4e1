"""Reading a return: all of it in one place; a grade moderated, an action reviewed, a visit noted."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update

from compact.analysis.counting import grade_counts
from compact.moderation.models import Moderation
from compact.returns.models import Answer, Exception_
from compact.review.models import ActionReview, Visit
from compact.trail.models import TrailEntry
from tests import making
from tests.making import ASKED_SCHOOL_KEYS, World
from tests.pages import Page, Visitor

from .conftest import Desk, add_action


def row_of(page: Page, key: str) -> str:
    return page.one(f"#read-{key}").get_text(" ", strip=True)


def trail(world: World, *what: str) -> list[tuple[str, str, str]]:
    with world.session() as session:
        rows = session.execute(
            select(TrailEntry.what, TrailEntry.subject, TrailEntry.detail)
            .where(TrailEntry.what.in_(what))
            .order_by(TrailEntry.sequence)
        )
        return [(row.what, row.subject, row.detail) for row in rows]


def test_a_return_is_read_with_everything_beside_it(desk: Desk) -> None:
    before = desk.world.cycle(
        desk.partnership, name="Compact 2025", opens=date(2025, 9, 1), closes=date(2025, 12, 1)
    )
    desk.world.signed(before, desk.organisation, {"bullying": "outstanding"})

    page = desk.officer().get(f"/review/{desk.oak}")

    assert page.h1 == "Read the return of Oak School"
    said = row_of(page, "bullying")
    assert "Their grade Requires improvement" in said
    assert "Seen in the minutes of every term." in said
    assert "Last time Outstanding, Compact 2025" in said
    assert "1 of 2 say that it needs to improve" in said
    assert "Write a policy with the children" in page.text
    assert "There is none." in page.text


def test_the_reasons_stand_beside_the_return_with_what_they_are_about(desk: Desk) -> None:
    add_action(desk.world, desk.organisation, desk.oak, due=date(2026, 10, 4))

    assert "1 of 2 actions is overdue." in desk.officer().get(f"/review/{desk.oak}").text
    page = desk.officer().get(f"/review/{desk.elm}")
    assert "Every grade is the best one" in page.text
    assert page.link("How bullying is looked after")["href"] == "#standard-4"
    assert "and 7 more" in page.text


def test_reading_a_return_here_is_noted_as_a_read_of_it(desk: Desk) -> None:
    """The organisation sees who looked, whatever page they looked at."""
    desk.officer().get(f"/review/{desk.oak}")

    assert [each[:2] for each in trail(desk.world, "return read")] == [("return read", f"return {desk.oak}")]


def test_a_draft_is_not_under_review(desk: Desk) -> None:
    """ASVS 2.3.1: nothing that is not signed is moderated, by a direct post either."""
    draft = desk.world.started(desk.world.cycle(desk.partnership, name="Next"), desk.organisation)

    officer = desk.officer()
    assert officer.get(f"/review/{draft}").status == 404
    for rest in ("begin", "grades/bullying", f"actions/{desk.action}", "visits", "reply", "send"):
        assert officer.post(f"/review/{draft}/{rest}", {"grade": "good", "comment": "x"}).status == 404


def moderate(desk: Desk, grade: str = "inadequate", comment: str = "There is no record.") -> Page:
    officer = desk.officer()
    return officer.send(officer.get(f"/review/{desk.oak}/grades/bullying"), grade=grade, comment=comment)


def test_a_moderated_grade_stands_beside_the_self_assessed_one_and_in_no_share(desk: Desk) -> None:
    page = moderate(desk)

    said = row_of(page, "bullying")
    assert "Their grade Requires improvement" in said
    assert "Moderated grade Inadequate There is no record." in said
    assert "1 of 2 say that it needs to improve" in said
    with desk.world.session() as session:
        held = session.execute(
            select(Answer.grade).where(Answer.return_id == desk.oak, Answer.key == "bullying")
        )
        assert held.scalar_one() == "requires_improvement"
        counts = grade_counts(session, desk.cycle, desk.partnership, "school")
        assert {each.grade for each in counts if each.key == "bullying"} == {
            "requires_improvement",
            "outstanding",
        }
    assert trail(desk.world, "grade moderated") == [
        (
            "grade moderated",
            f"return {desk.oak}",
            f'{{"grade":"inadequate","key":"bullying","partnership":{desk.partnership}}}',
        )
    ]


def test_the_organisation_reads_no_moderated_grade(desk: Desk) -> None:
    moderate(desk)

    head = desk.head()
    for page in ("", "/standards/4", "/check", "/feedback"):
        assert "There is no record." not in head.get(f"/returns/{desk.oak}{page}").text


def test_a_moderated_grade_can_be_taken_back_with_a_reason(desk: Desk) -> None:
    moderate(desk)
    page = moderate(desk, "none", "They showed us the record.")

    assert "Moderated grade" not in row_of(page, "bullying")
    assert [each[0] for each in trail(desk.world, "moderation taken back")] == ["moderation taken back"]


@pytest.mark.parametrize(
    ("grade", "comment", "problems"),
    [
        ("", "", ["Choose a grade, or that there is none", "Enter the reason"]),
        ("superb", " \n", ["Choose a grade, or that there is none", "Enter the reason"]),
        ("good", "x" * 2_001, ["The reason is 2,001 characters long; it can have 2,000"]),
    ],
)
def test_a_moderated_grade_has_a_grade_and_a_reason(
    desk: Desk, grade: str, comment: str, problems: list[str]
) -> None:
    page = moderate(desk, grade, comment)

    assert page.summary == problems
    assert page.fields()["comment"].strip() == comment.strip()


def test_two_officers_who_moderate_one_grade_see_each_other(desk: Desk) -> None:
    """C2: nothing is overwritten unseen; the second compares, and saves again."""
    first, second = desk.officer(), desk.colleague()
    shown = second.get(f"/review/{desk.oak}/grades/bullying")
    first.send(first.get(shown.address), grade="inadequate", comment="There is no record.")

    page = second.send(shown, grade="good", comment="I saw the record.")

    assert page.summary == [
        "Another officer has changed this while you were typing. Compare, then save yours again"
    ]
    assert "There is no record." in page.text
    assert page.fields()["comment"].strip() == "I saw the record."
    assert "Moderated grade Good" in row_of(second.send(page), "bullying")


def test_a_second_click_moderates_once(desk: Desk) -> None:
    officer = desk.officer()
    shown = officer.get(f"/review/{desk.oak}/grades/bullying")
    for _ in range(2):
        assert officer.send(shown, grade="inadequate", comment="No record.").h1.startswith("Read the return")

    with desk.world.session() as session:
        assert session.scalars(select(Moderation.version)).all() == [1]


def test_a_grade_that_is_not_of_the_questionnaire_does_not_exist(desk: Desk) -> None:
    assert desk.officer().get(f"/review/{desk.oak}/grades/no-such-key").status == 404


def comment(desk: Desk, decision: str, words: str = "") -> Page:
    officer = desk.officer()
    return officer.send(
        officer.get(f"/review/{desk.oak}/actions/{desk.action}"), decision=decision, comment=words
    )


def test_an_action_is_accepted_or_sent_back_with_a_comment(desk: Desk) -> None:
    assert "Sent back Ellis Officer" in " ".join(comment(desk, "sent_back", "By when?").text.split())
    page = comment(desk, "accepted")

    assert "Accepted Ellis Officer" in " ".join(page.text.split())
    assert comment(desk, "sent_back", " ").summary == ["Say what has to change before you can accept it"]
    assert comment(desk, "perhaps").summary == ["Choose whether you accept the action"]


def test_two_officers_who_review_one_action_see_each_other(desk: Desk) -> None:
    """C2, C8."""
    second = desk.colleague()
    shown = second.get(f"/review/{desk.oak}/actions/{desk.action}")
    comment(desk, "sent_back", "By when?")

    page = second.send(shown, decision="accepted")

    assert page.summary[0].startswith("Another officer has changed this")
    assert "By when?" in page.text
    with desk.world.session() as session:
        assert session.scalars(select(ActionReview.accepted)).all() == [False]


def test_an_action_of_another_return_is_not_reviewed_here(desk: Desk) -> None:
    """A1: both ids are the partnership's own, and do not belong together."""
    officer = desk.officer()

    assert officer.get(f"/review/{desk.elm}/actions/{desk.action}").status == 404
    assert officer.post(f"/review/{desk.elm}/actions/{desk.action}", {"decision": "accepted"}).status == 404


def test_a_visit_is_noted_with_its_day_who_and_what(desk: Desk) -> None:
    officer = desk.officer()
    shown = officer.get(f"/review/{desk.oak}/visits")
    assert officer.send(shown, visited__on="6 10 2026").summary == [
        "The day of the visit must be today or before",
        "Enter who visited",
        "Enter what was verified",
    ]

    for _ in range(2):
        page = officer.send(shown, visited__on="5 10 2026", who="The officer", what="The record is kept.")

    assert "5 October 2026" in page.text
    assert "The record is kept." in page.text
    with desk.world.session() as session:
        assert len(session.scalars(select(Visit.id)).all()) == 1
    assert [each[0] for each in trail(desk.world, "visit noted")] == ["visit noted"]


def test_each_partnership_of_a_shared_return_sees_its_own_part_alone(
    world: World, app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """A6: exceptions, moderated grades, visits and comments of the other partnership do not show."""
    here, there = world.partnership(), world.partnership("Other Partnership", ["902"])
    body = world.organisation("Police", areas=("901", "902"), setting="hips")
    made = world.signed(
        world.cycle(here, there), body, dict.fromkeys(ASKED_SCHOOL_KEYS, "good"), setting="hips"
    )
    exception = {"return_id": made, "key": "bullying", "grade": "inadequate", "not_applicable": False}
    world.insert(Exception_, [{**exception, "partnership_id": there, "note": "No office there."}])
    add_action(world, body, made, due=date(2026, 10, 1))
    for name, partnership in (("here", here), ("there", there)):
        world.person(name, making.officer(partnership), email=f"{name}@example.org")
    theirs = visit("there@example.org")
    theirs.send(theirs.get(f"/review/{made}/grades/bullying"), grade="good", comment="We saw it.")
    theirs.send(theirs.get(f"/review/{made}/visits"), visited__on="1 10 2026", who="We", what="All seen.")

    own, other = theirs.get(f"/review/{made}"), visit("here@example.org").get(f"/review/{made}")

    for words in (
        "No office there.",
        "We saw it.",
        "All seen.",
        "Write a policy",
        "overdue",
        "Being looked at",
    ):
        assert words in own.text
        assert words not in other.text
    assert "overdue" in theirs.get("/review").text
    assert "overdue" not in visit("here@example.org").get("/review").text


def test_what_was_typed_is_shown_as_it_was_typed(desk: Desk) -> None:
    """E1, C10."""
    hostile = "<img src=x onerror=alert(1)> {{7*7}}"
    with making.changing(desk.world.engine) as connection:
        connection.execute(update(Answer).values(evidence=hostile))
    comment(desk, "sent_back", hostile)

    page = moderate(desk, "good", hostile)

    assert page.html.count("<img") == 0
    assert page.text.count(hostile) >= 3
