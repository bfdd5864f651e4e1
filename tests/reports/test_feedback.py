"""What comes back: how a return moved, its grades beside its sector's, and a paper for governors."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from compact.actions import store as actions
from compact.actions.rules import PlannedAction
from compact.organisations.models import OrganisationArea
from compact.questionnaire.values import Change, Scale
from compact.returns.models import Exception_
from compact.returns.moves import Move, means_the_same, move
from compact.returns.rules import Answer
from tests import making
from tests.making import World
from tests.pages import Visitor
from tests.publishing import publish
from tests.school import School

GOOD, WEAK, WORST = "good", "requires_improvement", "inadequate"
Visit = Callable[[str], Visitor]
EARLIER = {"name": "Compact 2024", "opens": date(2024, 9, 1), "closes": date(2024, 12, 18)}


def moved(
    now: str | None, before: str | None, *, key: str = "bullying", change: Change | None = None
) -> object:
    edition = making.edition()
    asked = edition.questionnaires["school"]
    indicator = making.edition().questionnaires["school"].by_key["bullying"]
    shown = indicator.model_copy(update={"changed": change, "key": key})
    return move(shown, Answer(now), edition.scale, Answer(before), edition, asked)


def test_a_grade_is_better_the_same_or_worse_than_last_time() -> None:
    assert moved("outstanding", GOOD) is Move.BETTER
    assert moved(GOOD, GOOD) is Move.SAME
    assert moved(WORST, WEAK) is Move.WORSE
    assert moved(None, GOOD) is None


def test_what_was_not_graded_last_time_is_new() -> None:
    assert moved(GOOD, None) is Move.NEW
    assert moved(GOOD, GOOD, key="not-there-then") is Move.NEW


def test_only_what_still_means_the_same_is_compared() -> None:
    other = Change(edition="2028", what="Asked of all staff now.", same_meaning=False)
    wording = Change(edition="2028", what="Put more plainly.", same_meaning=True)
    long_ago = Change(edition="2026", what="Asked of all staff now.", same_meaning=False)

    assert moved(GOOD, WEAK, change=other) is Move.ASKED_DIFFERENTLY
    assert moved(GOOD, WEAK, change=wording) is Move.BETTER
    assert moved(GOOD, WEAK, change=long_ago) is Move.BETTER
    indicator = making.edition().questionnaires["school"].by_key["bullying"]
    changed = indicator.model_copy(update={"changed": other})
    assert [means_the_same(changed, edition) for edition in ("2026", "2028")] == [False, True]


def test_where_the_grades_are_others_none_is_compared() -> None:
    edition = making.edition()
    asked = edition.questionnaires["school"]
    three = Scale(grades=edition.scale.grades[:3], not_applicable=edition.scale.not_applicable)
    then = replace(edition, common=edition.common.model_copy(update={"scale": three}))

    how = move(asked.by_key["bullying"], Answer(GOOD), edition.scale, Answer(WEAK), then, asked)

    assert how is Move.ASKED_DIFFERENTLY


def published(world: World, visit: Visit, grades: list[dict[str, Any]]) -> int:
    """The first school's return, after an officer published the summary of all."""
    partnership = world.partnership()
    schools = [world.organisation(f"School {number}") for number in range(len(grades))]
    earlier, cycle = world.cycle(partnership, **EARLIER), world.cycle(partnership)  # type: ignore[arg-type]
    world.signed(earlier, schools[0], {"bullying": "outstanding", "conduct": WEAK, "leadership": GOOD})
    first, *_ = [world.signed(cycle, school, given) for school, given in zip(schools, grades, strict=True)]
    world.person("Head", making.signatory(schools[0]))
    world.person("Officer", making.officer(partnership))
    officer = visit("officer@example.org")
    publish(officer, cycle)
    return first


def test_own_grades_stand_beside_what_was_published(world: World, visit: Visit) -> None:
    own: dict[str, Any] = {"bullying": WEAK, "conduct": GOOD, "equality": None, "pupil-voice": GOOD}
    grades = [own, *[{"bullying": WEAK, "conduct": GOOD, "equality": GOOD}] * 2, *[{"bullying": GOOD}] * 4]
    first = published(world, visit, grades)

    page = visit("head@example.org").get(f"/returns/{first}/feedback")

    assert "You said “requires improvement”; 3 of 7 schools said it needs to improve." in page.text
    assert "How conduct is looked after. You said “good”; what others said is not shown" in page.text
    assert "You said that it does not apply; what others said is not shown" in page.text
    assert "from the returns of 7 schools" in page.text
    advice = page.link("Advice")["href"]
    assert str(advice).endswith("#advice-bullying")
    assert visit("head@example.org").get(str(advice).split("#")[0]).one("#advice-bullying")


def test_what_is_beside_is_what_was_published_and_never_what_came_later(world: World, visit: Visit) -> None:
    first = published(world, visit, [{"bullying": GOOD}] * 5)
    world.signed(2, world.organisation("Late School"), {"bullying": WEAK})

    page = visit("head@example.org").get(f"/returns/{first}/feedback")

    assert "You said “good”; 0 of 5 said it needs to improve." in page.text


def test_what_changed_since_last_time_is_told(world: World, visit: Visit) -> None:
    first = published(
        world, visit, [{"bullying": WEAK, "conduct": GOOD, "leadership": GOOD, "induction": GOOD}]
    )

    page = visit("head@example.org").get(f"/returns/{first}/feedback")

    assert "Since Compact 2024: 1 better, 1 worse, 1 the same." in page.text
    assert "1 of 4 grades is left out: 1 not graded last time." in page.text
    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select(".govuk-summary-list__row")]
    assert rows == [
        "How bullying is looked after From “outstanding” to “requires improvement”",
        "How conduct is looked after From “requires improvement” to “good”",
    ]


def test_before_anything_is_published_it_says_when_to_expect_it(school: School) -> None:
    page = school.head().get(school.address("/feedback"))

    assert "Nothing is published yet for schools. The round closes on 18 December 2026" in page.text
    assert "There is no earlier return" in page.text
    assert "This return is a draft." in page.text


def test_after_a_withdrawal_it_says_when_and_why(world: World, visit: Visit) -> None:
    first = published(world, visit, [{"bullying": GOOD}] * 5)
    officer = visit("officer@example.org")
    officer.send(officer.get("/learning/2/school/withdraw"), why="A school was counted twice.")

    page = visit("head@example.org").get(f"/returns/{first}/feedback")

    assert "The learning summary of schools was withdrawn on 5 October 2026 at 10:30am, because:" in page.text
    assert "A school was counted twice." in page.text
    assert "Nothing is published yet" not in page.text


def test_an_earlier_return_that_is_not_theirs_is_not_compared(world: World, visit: Visit) -> None:
    """A6: a school that moved area keeps what it said elsewhere."""
    first = published(world, visit, [{"bullying": WEAK}] * 5)
    elsewhere = world.partnership("Elsewhere", ["902"])
    world.person("Far", making.officer(elsewhere))
    world.clear(OrganisationArea)
    world.insert(OrganisationArea, [{"organisation_id": 1, "area": "902"}])
    later = world.cycle(elsewhere, name="Compact 2028", opens=date(2028, 9, 1), closes=date(2028, 12, 1))
    there = world.signed(later, 1, {"bullying": GOOD})

    own = visit("head@example.org").get(f"/returns/{there}/feedback")
    far = visit("far@example.org").get(f"/returns/{there}/feedback")

    assert "Since Compact 2026: 1 better" in own.text
    assert "There is no earlier return" in far.text
    assert visit("far@example.org").get(f"/returns/{first}/feedback").status == 404


def test_whoever_compares_from_outside_has_read_both_returns(world: World, visit: Visit) -> None:
    first = published(world, visit, [{"bullying": WEAK}] * 5)

    page = visit("officer@example.org").get(f"/returns/{first}/feedback")

    assert "They said “requires improvement”" in page.text
    for each in (1, first):
        assert "Officer" in visit("head@example.org").get(f"/returns/{each}/readers").one("main").get_text()


def test_a_four_area_body_is_shown_what_it_answered_each_partnership(world: World, visit: Visit) -> None:
    """A6: an officer sees what was answered their own partnership, and its summary only."""
    here, there = world.partnership("Northmere", ["911"]), world.partnership("Southmere", ["912"])
    bodies = [world.organisation(f"Body {each}", areas=("911", "912"), setting="hips") for each in range(5)]
    cycle = world.cycle(here, there)
    returns = [world.signed(cycle, each, {"bullying": GOOD}, setting="hips") for each in bodies]
    columns = {"return_id": returns[0], "key": "bullying", "not_applicable": False}
    world.insert(
        Exception_,
        [
            {**columns, "partnership_id": here, "grade": WORST, "note": "North."},
            {**columns, "partnership_id": there, "grade": WEAK, "note": "South."},
        ],
    )
    world.person("North", making.officer(here))
    world.person("South", making.officer(there))
    world.person("Chief", making.signatory(bodies[0]))
    for officer in (visit("north@example.org"), visit("south@example.org")):
        publish(officer, cycle, "hips")
    address = f"/returns/{returns[0]}/feedback"

    north = visit("north@example.org").get(address)
    chief = visit("chief@example.org").get(address)
    south = visit("chief@example.org").get(address + str(chief.link("Southmere")["href"]))

    assert "They said “inadequate”" in north.text
    assert "Southmere" not in north.text
    assert visit("north@example.org").get(f"{address}?partnership={there}").status == 404
    assert "You said “inadequate”" in chief.text
    assert "You said “requires improvement”" in south.text


def test_the_receipt_the_task_list_and_the_page_lead_on(school: School) -> None:
    school.answer_all()
    receipt = school.sign()
    tasks, feedback = school.head().get(school.address()), school.head().get(school.address("/feedback"))

    for page in (receipt, tasks):
        assert str(page.link("See the feedback on this return")["href"]) == school.address("/feedback")
    for page in (receipt, tasks, feedback):
        paper = school.head().client.get(str(page.link("Download a paper for governors")["href"]))
        assert paper.data.startswith(b"%PDF-")
        name = r'attachment; filename="governors-[0-9]+-number-1-larkfield-school\.pdf"'
        assert re.fullmatch(name, paper.headers["Content-Disposition"])


def test_governors_read_first_what_changed_and_what_to_do(
    world: World, visit: Visit, printed: list[dict[str, Any]]
) -> None:
    first = published(world, visit, [{"bullying": WEAK, "conduct": GOOD}, *[{"bullying": GOOD}] * 4])

    visit("head@example.org").client.get(f"/returns/{first}/governors.pdf")
    data = printed[-1]

    assert data["changed"] == [
        "2 of 12 questions are graded: 0 outstanding, 1 good, 1 requires improvement, 0 inadequate.",
        "Since Compact 2024: 1 better, 1 worse, 0 the same; 0 cannot be compared.",
        "Worse: how bullying is looked after (outstanding to requires improvement).",
        "Better: how conduct is looked after (requires improvement to good).",
    ]
    assert any("see the evidence named below" in each for each in data["tasks"])
    assert data["weak"] == [
        {
            "heading": "How bullying is looked after: requires improvement",
            "others": "1 of 5 schools said that it needs to improve.",
            "ask": "Ask to see: The record of bullying (headteacher).",
        }
    ]


def test_governors_are_told_which_actions_are_open_and_overdue(
    school: School, printed: list[dict[str, Any]]
) -> None:
    school.answer_all(bullying=WORST)
    head = school.head()
    for what, due, status in (
        ("Done already.", "1 9 2026", "done"),
        ("Late by now.", "2 9 2026", "under_way"),
        ("Still to come.", "1 2 2027", "not_started"),
    ):
        action = {"key": "bullying", "what": what, "lead": "the head", "due": due, "status": status}
        head.post(school.address("/actions"), action)

    head.client.get(school.address("/governors.pdf"))

    assert [(each["what"], each["due"]) for each in printed[-1]["actions"]] == [
        ("Late by now.", "2 September 2026, overdue"),
        ("Still to come.", "1 February 2027"),
    ]
    assert "1 of 2 is overdue." in repr(printed[-1]["tasks"])
    assert "before the headteacher signs by 18 December 2026" in repr(printed[-1]["tasks"])


def test_the_paper_for_governors_has_two_pages_at_most(school: School) -> None:
    """F6: however much is weak and however long what is planned; any character can be in it."""
    school.answer_all(**{key.replace("-", "_"): WORST for key in making.ASKED_SCHOOL_KEYS})
    with school.world.session() as session:
        for number in range(60):
            actions.add_action(
                session,
                organisation_id=school.organisation,
                return_id=school.return_id,
                key="bullying",
                planned=PlannedAction(
                    f"{'Words ' * 300}\U0001f642",
                    "W" * 200,
                    date(2026, 12, 1 + number // 2),
                    ("done", "under_way")[number % 2],
                ),
                by=None,
                at=making.NOW,
            )
        session.commit()

    paper = school.head().client.get(school.address("/governors.pdf")).data

    assert 1 <= len(re.findall(rb"/Type ?/Page\b", paper)) <= 2


def test_an_answer_that_is_not_there_is_said_to_be_nothing(world: World, visit: Visit) -> None:
    first = published(world, visit, [{"conduct": GOOD}, *[{"bullying": GOOD}] * 5])

    page = visit("head@example.org").get(f"/returns/{first}/feedback")

    assert "How bullying is looked after. You gave no grade; 0 of 5 said it needs to improve." in page.text
