"""The action plan of a return."""

from compact.returns.rules import Answer
from tests import making
from tests.pages import Page, Visitor
from tests.school import School

ACTIONS = "/actions"
NEW = "/actions/new/bullying"


def test_an_action_is_kept_with_who_and_when(school: School) -> None:
    page = _with_action(school)

    assert page.banner == ["The action for how bullying is looked after is saved."]
    assert "Train all staff" in page.text
    assert "31 March 2027" in page.text


def test_everything_an_action_lacks_is_said_at_once(school: School) -> None:
    head = _weak(school)

    page = head.send(head.get(school.address(NEW)), due="31 February 2027")

    assert page.summary == [
        "Enter what will be done",
        "Enter who leads this action",
        "The date must be a real date, such as 31 3 2027",
    ]
    assert page.fields()["due"] == "31 February 2027"


def test_an_action_can_be_changed(school: School) -> None:
    _with_action(school)
    head = school.head()
    form = head.get(school.address("/actions/1"))

    page = head.send(form, what="Train all staff twice", status="under--way")

    assert form.fields()["due"] == "31 March 2027"
    assert "Train all staff twice" in page.text


def test_two_changes_of_one_action_show_both_texts(school: School) -> None:
    _with_action(school)
    head, deputy = school.head(), school.deputy()
    stale = head.get(school.address("/actions/1"))
    deputy.send(deputy.get(school.address("/actions/1")), what="The deputy’s plan")

    page = head.send(stale, what="The head’s plan")

    assert page.summary == ["Somebody else changed this action meanwhile. Compare, then save yours again"]
    assert "The deputy’s plan" in page.text
    assert page.fields()["what"] == "The head’s plan"
    assert "The head’s plan" in head.send(page).text


def test_an_action_of_this_return_can_be_removed(school: School) -> None:
    _with_action(school)
    head = school.head()

    page = head.send(head.get(school.address("/actions/1")), selector="form[action$=remove]")

    assert page.banner == ["The action is removed."]
    assert "Train all staff" not in page.text


def test_an_action_of_an_earlier_return_stays(school: School) -> None:
    _with_action(school)
    later = school.world.started(school.world.cycle(1, name="Later"), school.organisation)
    head = school.head()

    head.post(f"/returns/{later}/actions/1/remove")

    assert "Train all staff" in head.get(school.address(ACTIONS)).text


def test_only_a_weak_indicator_takes_an_action(school: School) -> None:
    assert school.head().get(school.address("/actions/new/pupil-voice")).status == 404
    assert school.head().get(school.address("/actions/new/nothing-such")).status == 404


def test_another_organisations_action_does_not_exist(school: School) -> None:
    _with_action(school)
    other = school.world.organisation("Other School")
    school.world.cycle(1, name="Later")
    email = school.world.person("Other", making.signatory(other))
    other_return = school.world.started(2, other)

    assert school.visit(email).get(f"/returns/{other_return}/actions/1").status == 404


def _weak(school: School) -> Visitor:
    school.world.answer(school.return_id, {"bullying": Answer("requires_improvement")})
    return school.head()


def _with_action(school: School) -> Page:
    head = _weak(school)
    page = head.get(school.address(NEW))
    return head.send(page, what="Train all staff", lead="Designated safeguarding lead", due="31 March 2027")
