"""A text that seems to hold what a child could be recognised by is pointed out, and saved all the same."""

from bs4 import Tag

from compact.returns.rules import Answer
from tests import making
from tests.pages import Page, words
from tests.school import School

FOUR = "/standards/4"
NHS_NUMBER, UPN, BORN = "943 476 5919", "B801200005001", "born on 3 April 2012"
A_UPN = "a unique pupil number (UPN)"
GO_BACK = "Go back to it and describe people by their role."
VOICE = "how pupil voice is looked after"
EVIDENCE = f"The plan for pupil {UPN} and for {NHS_NUMBER}"


def test_a_saved_text_is_pointed_out_beside_its_box_whenever_the_page_is_shown(school: School) -> None:
    head = school.head()
    head.send(head.get(school.address(FOUR)), bullying_evidence=EVIDENCE, then="later")

    page = head.get(school.address(FOUR))

    assert page.fields()["bullying-evidence"] == EVIDENCE
    assert words(_warning(page, "bullying-evidence")).startswith(
        "There seems to be an NHS number and a unique pupil number (UPN) here."
    )
    assert _warned(page) == ["bullying-evidence"]


def test_what_is_seen_is_never_quoted(school: School) -> None:
    head = school.head()
    saved = head.send(head.get(school.address(FOUR)), bullying_evidence=EVIDENCE, then="later")
    shown = head.get(school.address(FOUR))

    for text in (words(_warning(shown, "bullying-evidence")), *saved.banner):
        assert UPN not in text
        assert NHS_NUMBER not in text


def test_it_is_no_error_and_the_box_is_described_by_it(school: School) -> None:
    head = school.head()
    head.send(head.get(school.address(FOUR)), bullying_evidence=EVIDENCE, then="later")

    page = head.get(school.address(FOUR))

    assert page.title == "Standard 4, Service development and voice"
    assert page.summary == []
    assert page.one("#bullying-evidence")["aria-describedby"] == (
        "bullying-evidence-hint bullying-evidence-warning"
    )
    assert page.soup.select(".govuk-form-group--error") == []


def test_errors_are_shown_beside_it_as_ever(school: School) -> None:
    head = school.head()

    page = head.send(head.get(school.address(FOUR)), bullying_evidence=EVIDENCE, then="continue")

    assert page.summary == [
        "Choose a grade for how bullying is looked after",
        "Choose a grade for how pupil voice is looked after",
    ]
    assert _warned(page) == ["bullying-evidence"]


def test_a_reason_is_pointed_out_and_its_box_stays_open(school: School) -> None:
    head = school.head()
    head.send(
        head.get(school.address(FOUR)),
        bullying_grade="good",
        bullying_reason=f"No pupil was {BORN}",
        then="later",
    )

    page = head.get(school.address(FOUR))

    assert "a date of birth" in words(_warning(page, "bullying-reason"))
    assert _warning(page, "bullying-reason").find_parent(class_="app-reason--open")


def test_the_task_list_names_the_standard_and_leads_back_to_the_box(school: School) -> None:
    head = school.head()

    page = head.send(
        head.get(school.address(FOUR)),
        bullying_grade="good",
        pupil_voice_grade="good",
        pupil_voice_evidence=EVIDENCE,
        bullying_reason=BORN,
        then="continue",
    )

    assert page.h1 == "Larkfield School"
    assert page.banner == [
        "Standard 4 is saved.",
        f"Standard 4 seems to hold an NHS number, a unique pupil number (UPN) and a date of birth. {GO_BACK}",
    ]
    assert page.link("Go back to it")["href"] == school.address(FOUR) + "#bullying-reason"
    assert len(head.get(school.address()).banner) == 0


def test_the_plan_says_so_too_where_a_weak_grade_leads_there(school: School) -> None:
    head = school.head()

    page = head.send(
        head.get(school.address(FOUR)),
        bullying_grade="inadequate",
        bullying_evidence=EVIDENCE,
        pupil_voice_grade="good",
        then="continue",
    )

    assert page.h1 == "Actions for what needs to improve"
    assert page.link("Go back to it")["href"] == school.address(FOUR) + "#bullying-evidence"


def test_an_ordinary_text_says_nothing(school: School) -> None:
    head = school.head()

    saved = head.send(
        head.get(school.address(FOUR)),
        bullying_grade="good",
        bullying_evidence="Minutes of 3 March 2025. Telephone 023 9200 1234, URN 116192",
        pupil_voice_grade="good",
        then="continue",
    )

    assert saved.banner == ["Standard 4 is saved."]
    assert _warned(head.get(school.address(FOUR))) == []
    assert "Look again" not in head.get(school.address("/check")).text


def test_an_action_is_pointed_out_in_each_of_its_texts(school: School) -> None:
    page = _with_action(school, what=f"Meet the family of {NHS_NUMBER}", lead=f"Form tutor of {UPN}")

    assert page.banner == [
        "The action for how bullying is looked after is saved.",
        f"The action for how bullying is looked after seems to hold an NHS number and {A_UPN}. {GO_BACK}",
    ]
    assert page.link("Go back to it")["href"] == school.address("/actions/1") + "#what"
    shown = school.head().get(school.address("/actions/1"))
    assert "an NHS number here" in words(_warning(shown, "what"))
    assert "a unique pupil number (UPN) here" in words(_warning(shown, "lead"))
    assert shown.one("#lead")["aria-describedby"] == "lead-hint lead-warning"


def test_a_changed_action_is_pointed_out_and_a_put_right_one_is_not(school: School) -> None:
    _with_action(school, what="Meet the family")
    head = school.head()

    wrong = head.send(head.get(school.address("/actions/1")), what=f"A pupil {BORN}")
    right = head.send(head.get(school.address("/actions/1")), what="A pupil of year 4")

    assert len(wrong.banner) == 2
    assert right.banner == ["The action for how bullying is looked after is saved."]


def test_before_signing_every_such_text_is_listed_with_a_way_to_it(school: School) -> None:
    _with_action(school, what=f"A pupil {BORN}", lead=f"Tutor of {UPN}")
    school.world.answer(
        school.return_id, {"pupil-voice": Answer(None, True, f"Only {NHS_NUMBER}", f"Asked {UPN}")}
    )
    head = school.head()

    listed = head.get(school.address("/check")).soup.select("#look-again a")

    assert [(words(each), each["href"]) for each in listed] == [
        ("An action for how bullying is looked after seems to hold a date of birth", _at("/actions/1#what")),
        (
            "Who leads an action for how bullying is looked after seems to hold a unique pupil number (UPN)",
            _at("/actions/1#lead"),
        ),
        (
            "The evidence for how pupil voice is looked after seems to hold a unique pupil number (UPN)",
            _at("/standards/4#pupil-voice-evidence"),
        ),
        (
            f"The reason why this does not apply to you, {VOICE}, seems to hold an NHS number",
            _at("/standards/4#pupil-voice-reason"),
        ),
    ]
    for each in listed:
        address, box = str(each["href"]).split("#")
        assert head.get(address).one(f"[id='{box}']")


def test_the_list_keeps_nobody_from_signing(school: School) -> None:
    grades = {key: Answer("good", False, "", EVIDENCE) for key in making.ASKED_SCHOOL_KEYS}
    school.world.answer(school.return_id, grades)
    head = school.head()

    check = head.get(school.address("/check"))

    assert "Look again at 12 places before you sign" in check.text
    assert "Nothing is missing." in check.text
    assert head.get(school.address("/sign-off")).h1 == "Sign the return"


def test_only_those_who_can_change_a_text_are_told(school: School) -> None:
    school.world.answer(school.return_id, {"bullying": Answer("good", False, "", EVIDENCE)})

    officer = school.officer()

    assert "Look again" not in officer.get(school.address("/check")).text
    assert "There seems to be" not in officer.get(school.address(FOUR)).text
    assert "Look again at 1 place before it is signed" in school.deputy().get(school.address("/check")).text


def _with_action(school: School, **typed: str) -> Page:
    school.world.answer(school.return_id, {"bullying": Answer("requires_improvement")})
    head = school.head()
    form = {"lead": "Designated safeguarding lead", "due": "31 March 2027", **typed}
    return head.send(head.get(school.address("/actions/new/bullying")), **form)


def _warning(page: Page, box: str) -> Tag:
    return page.one(f"[id='{box}-warning']")


def _warned(page: Page) -> list[str]:
    return [str(each["id"]).removesuffix("-warning") for each in page.soup.select(".compact-warning")]


def _at(rest: str) -> str:
    return f"/returns/1{rest}"
