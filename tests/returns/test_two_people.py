"""Two people on one return: nobody's text is overwritten unseen."""

from sqlalchemy import select

from compact.returns.models import AnswerHistory
from tests.pages import Page, Visitor
from tests.school import School

FOUR = "/standards/4"
CLASH = (
    "Choose which answer stays for how bullying is looked after: "
    "somebody else changed it while you were typing"
)


def test_different_answers_of_one_page_are_both_kept(school: School) -> None:
    head, deputy = school.head(), school.deputy()
    heads, deputys = head.get(school.address(FOUR)), deputy.get(school.address(FOUR))

    head.send(heads, bullying_grade="good", then="later")
    deputy.send(deputys, pupil_voice_grade="inadequate", then="later")

    fields = head.get(school.address(FOUR)).fields()
    assert (fields["bullying-grade"], fields["pupil-voice-grade"]) == ("good", "inadequate")


def test_the_second_of_two_sees_both_texts(school: School) -> None:
    _, page = _both_wrote(school)

    assert page.title.startswith("Error: ")
    assert page.summary == [CLASH]
    assert "The deputy’s text" in page.text
    assert "Sam Deputy changed this answer while you were typing" in page.text
    assert page.fields()["bullying-evidence"] == "The head’s text"


def test_nothing_is_overwritten_until_the_second_has_chosen(school: School) -> None:
    _both_wrote(school)

    assert school.deputy().get(school.address(FOUR)).fields()["bullying-evidence"] == "The deputy’s text"


def test_saving_again_keeps_ones_own_knowingly(school: School) -> None:
    head, page = _both_wrote(school)

    head.send(page, then="later")

    assert head.get(school.address(FOUR)).fields()["bullying-evidence"] == "The head’s text"


def test_the_other_answer_can_be_kept_instead(school: School) -> None:
    head, page = _both_wrote(school)

    head.send(page, keep_theirs="bullying", pupil_voice_evidence="Also typed")

    fields = head.get(school.address(FOUR)).fields()
    assert fields["bullying-evidence"] == "The deputy’s text"
    assert fields["pupil-voice-evidence"] == "Also typed"


def test_somebody_who_changed_nothing_does_not_undo_the_other(school: School) -> None:
    head, deputy = school.head(), school.deputy()
    stale = head.get(school.address(FOUR))
    deputy.send(deputy.get(school.address(FOUR)), bullying_evidence="The deputy’s text", then="later")

    page = head.send(stale, pupil_voice_grade="good", then="later")

    assert page.banner == ["Your answers are saved. You can come back to them at any time."]
    assert head.get(school.address(FOUR)).fields()["bullying-evidence"] == "The deputy’s text"


def test_markup_in_both_texts_stays_text(school: School) -> None:
    _, page = _both_wrote(school, mine="<img src=x onerror=alert(1)>", theirs="<script>alert(2)</script>")

    assert not page.soup.select("main img, main script")


def test_every_version_of_an_answer_stays_in_its_history(school: School) -> None:
    head, page = _both_wrote(school)
    head.send(page, then="later")

    with school.world.session() as session:
        rows = session.execute(
            select(AnswerHistory.version, AnswerHistory.evidence)
            .where(AnswerHistory.key == "bullying")
            .order_by(AnswerHistory.version)
        ).all()
    assert [tuple(row) for row in rows] == [(1, "The deputy’s text"), (2, "The head’s text")]


def _both_wrote(
    school: School, mine: str = "The head’s text", theirs: str = "The deputy’s text"
) -> tuple[Visitor, Page]:
    head, deputy = school.head(), school.deputy()
    stale = head.get(school.address(FOUR))
    deputy.send(deputy.get(school.address(FOUR)), bullying_evidence=theirs, then="later")
    return head, head.send(stale, bullying_evidence=mine, then="later")
