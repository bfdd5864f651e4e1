"""E5, A7: fields that no page of ours sends are ignored, and what they mean to change stays as it is."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from compact.returns.models import Answer as AnswerTable
from compact.returns.models import Return
from compact.returns.rules import Answer
from tests.pages import Page, Visitor
from tests.publishing import publish
from tests.school import School

from .conftest import Stored

MASS = {
    "status": "signed",
    "version": "99",
    "organisation_id": "2",
    "organisation": "2",
    "return_id": "2",
    "id": "2",
    "number": "7",
    "signed_at": "2026-01-01",
    "signed_by": "1",
    "imported": "true",
    "moderated_grade": "outstanding",
    "updated_by": "2",
    "created_by": "2",
    "raised_in": "2",
    "role": "administrator",
    "is_admin": "1",
}


def save(visitor: Visitor, school: School, data: Any, number: int = 4) -> Page:
    """Post a standard's fields as given, "later", with the session's token."""
    sent = MultiDict(data)
    sent.update({"csrf_token": visitor.token(), "then": "later"})
    address = school.address(f"/standards/{number}")
    return visitor.open(address, "POST", data=sent)


def answers(school: School) -> dict[str, tuple[str | None, str]]:
    with school.world.session() as session:
        rows = session.execute(select(AnswerTable.key, AnswerTable.grade, AnswerTable.evidence))
        return {row.key: (row.grade, row.evidence) for row in rows}


def the_return(school: School) -> tuple[object, ...]:
    with school.world.session() as session:
        columns = (Return.organisation_id, Return.number, Return.status, Return.imported, Return.signed_at)
        return tuple(session.execute(select(*columns)).one())


def test_a_grade_that_is_not_in_the_scale_is_an_error_and_is_not_kept(school: School) -> None:
    head = school.head()
    for grade in (
        "excellent",
        "Good",
        "0",
        "-1",
        "NaN",
        "1e9",
        "0x10",
        "٣",
        "good\0",
        "__class__",
        "<b>",
        "😀",
    ):
        page = save(head, school, {"bullying-grade": grade, "pupil-voice-grade": "good"})

        assert page.summary == ["Choose one of the grades shown for how bullying is looked after"]
        assert page.target("Choose one of the grades")["name"] == "bullying-grade"
    assert answers(school) == {"pupil-voice": ("good", "")}


def test_blanks_around_a_grade_do_not_matter(school: School) -> None:
    save(school.head(), school, {"bullying-grade": " good \n"})

    assert answers(school)["bullying"] == ("good", "")


def test_an_answer_to_a_key_of_another_standard_or_questionnaire_is_ignored(school: School) -> None:
    """Keys: of another standard, asked only of others, of nobody, and in other spellings."""
    others = ("leadership", "commissioning", "no-such-key", "Bullying", "bullying ", "bullying\0", "", "-")

    save(school.head(), school, {f"{key}-grade": "inadequate" for key in others})

    assert answers(school) == {}


def test_what_is_not_asked_of_this_setting_cannot_be_answered(school: School) -> None:
    """Standard 12 is for those who commission services; this school does not."""
    head = school.head()

    assert save(head, school, {"commissioning-grade": "good"}, number=12).status == 404
    assert answers(school) == {}


def test_of_a_field_that_comes_twice_the_first_counts(school: School) -> None:
    twice = [("bullying-grade", "good"), ("bullying-grade", "inadequate"), ("bullying-evidence", "one")]

    save(school.head(), school, [*twice, ("bullying-evidence", "two")])

    assert answers(school)["bullying"] == ("good", "one")


def test_a_list_in_the_place_of_a_text_is_another_field(school: School) -> None:
    save(
        school.head(),
        school,
        {"bullying-grade[]": "good", "bullying-evidence[0]": "x", "bullying[grade]": "good"},
    )

    assert answers(school) == {}


def test_mass_assignment_to_a_standard_changes_nothing(school: School) -> None:
    before = the_return(school)

    save(school.head(), school, {**MASS, "bullying-grade": "good", "bullying-updated_by": "2"})

    assert the_return(school) == before
    assert answers(school)["bullying"] == ("good", "")


def test_mass_assignment_to_an_action_changes_nothing(school: School) -> None:
    school.world.answer(school.return_id, {"bullying": Answer("inadequate")})
    other = school.world.organisation("Oakfield School")
    head = school.head()
    typed = {"key": "bullying", "what": "Ask", "lead": "Head", "due": "1 3 2027"}

    head.post(school.address("/actions"), {**MASS, **typed, "status": "done", "organisation_id": str(other)})

    page = head.get(school.address("/actions"))
    assert "Ask" in page.text
    assert "Done" in page.text
    assert the_return(school)[0] == school.organisation


def test_mass_assignment_to_the_profile_and_to_a_summary_changes_nothing(
    school: School, stored: Callable[[], Stored]
) -> None:
    before = stored()
    school.head().post(school.address("/profile"), {**MASS, "commissions-services": "no"})
    publish(school.officer(), school.cycle, **MASS, threshold="0", values="{}")
    after = stored()

    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"return", "learning_summary", "trail_entry", "chain_head"}
    assert the_return(school)[2] == "draft"


def test_a_version_that_is_no_number_counts_as_not_seen(school: School) -> None:
    """Nobody's answer is overwritten by a made-up version."""
    school.world.answer(school.return_id, {"bullying": Answer("good", evidence="Kept")})
    head = school.head()
    for version in ("", "x", "-1", "1.0", "٣", "9" * 400, "2", "\0"):
        typed = {"bullying-grade": "inadequate", "bullying-evidence": "Mine", "bullying-version": version}
        page = save(head, school, typed)

        assert page.summary[0].startswith("Choose which answer stays"), version
    assert answers(school)["bullying"] == ("good", "Kept")


def test_posting_to_somebody_elses_return_changes_nothing(
    school: School, stored: Callable[[], Stored]
) -> None:
    cycle = school.world.cycle(school.world.partnership("Next", areas=("905",)), name="Next")
    theirs = school.world.started(cycle, school.world.organisation("Oakfield School"))
    head = school.head()
    before = stored()

    for rest, data in (
        ("/standards/4", {"bullying-grade": "good"}),
        ("/profile", {"commissions-services": "yes"}),
        ("/actions", {"key": "bullying", "what": "x", "lead": "x", "due": "1 3 2027"}),
        ("/sign-off", {"confirm": "yes"}),
    ):
        assert head.post(f"/returns/{theirs}{rest}", data).status == 404
    assert stored() == before
