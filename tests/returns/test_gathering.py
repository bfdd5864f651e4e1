"""What to gather before answering, by the person to ask, and the whole set as a page."""

import pytest

from compact.cycles.models import Due
from compact.questionnaire.gathering import by_person, minutes
from compact.questionnaire.measuring import MINUTES_TO_ANSWER, WORDS_A_MINUTE
from compact.questionnaire.values import Evidence, Indicator
from tests import making
from tests.pages import Page
from tests.school import School

DEPENDS = "A few facts about your setting decide which questions are asked."


def held_by(key: str, *people: str) -> Indicator:
    """The test edition's indicator, with its evidence with these people."""
    indicator = making.edition().questionnaires["school"].by_key[key]
    evidence = tuple(Evidence(show=f"Shown for {key}", held_by=each) for each in people)
    return indicator.model_copy(update={"evidence": evidence})


def test_who_has_the_most_to_show_is_asked_first() -> None:
    asked = held_by("leadership", "clerk"), held_by("conduct", "head", "clerk"), held_by("bullying", "bursar")

    held = by_person(asked)

    assert [(each.who, each.pieces) for each in held] == [("clerk", 2), ("bursar", 1), ("head", 1)]
    assert [(number, shown[0].show) for number, shown in held[0].by_standard.items()] == [
        (1, "Shown for leadership"),
        (2, "Shown for conduct"),
    ]


def test_minutes_grow_with_what_is_asked() -> None:
    asked = held_by("leadership", "clerk"), held_by("conduct", "clerk")

    assert minutes(()) == 1
    assert minutes(asked[:1]) == MINUTES_TO_ANSWER
    assert minutes(asked) == 2 * MINUTES_TO_ANSWER
    long = asked[0].model_copy(update={"improve": "word " * 2 * WORDS_A_MINUTE})
    assert minutes([long]) == MINUTES_TO_ANSWER + 2


def test_only_what_is_asked_of_the_setting_is_to_be_gathered(school: School) -> None:
    page = school.head().get(school.address("/evidence"))

    assert "commissioning" not in page.text.lower()
    assert "because the setting does not commission services" in page.text
    assert DEPENDS not in page.text


def test_everything_is_there_until_the_profile_is_answered(school: School) -> None:
    world = school.world
    organisation = world.organisation("Second School")
    cycle = world.cycle(world.partnership("Next door", areas=("902",)), name="Another")
    world.insert(Due, [{"cycle_id": cycle, "organisation_id": organisation, "added_at": making.NOW}])
    head = school.visit(world.person("Alex Oak", making.signatory(organisation)))

    page = head.get(f"/returns/{world.started(cycle, organisation)}/evidence")

    assert DEPENDS in page.text
    assert "12. Commissioning" in page.text


@pytest.mark.parametrize("rest", ["evidence", "questions"])
def test_it_can_be_read_before_the_return_is_started(school: School, rest: str) -> None:
    world = school.world
    organisation = world.organisation("Second School")
    cycle = world.cycle(world.partnership("Next door", areas=("902",)), name="Another")
    world.insert(Due, [{"cycle_id": cycle, "organisation_id": organisation, "added_at": making.NOW}])
    head = school.visit(world.person("Alex Oak", making.signatory(organisation)))
    start = head.get(f"/cycles/{cycle}/organisations/{organisation}/start")
    links = [str(a["href"]) for a in start.soup.select("main a") if str(a["href"]).endswith(f"/{rest}")]

    page = head.get(links[0])

    assert page.status == 200
    assert "12. Commissioning" in page.text


def test_the_pages_and_the_papers_lead_to_each_other(school: School) -> None:
    head = school.head()
    tasks = head.get(school.address())
    evidence = head.get(_leads_to(tasks, "/evidence"))
    questions = head.get(_leads_to(evidence, "/questions"))

    assert _leads_to(questions, "/evidence") == school.address("/evidence")
    for page in (evidence, questions):
        paper = next(str(a["href"]) for a in page.soup.select("main a") if "questions.pdf" in str(a["href"]))
        assert head.client.get(paper).data.startswith(b"%PDF-")


def test_every_question_that_is_asked_is_on_the_page_with_what_good_looks_like(school: School) -> None:
    page = school.head().get(school.address("/questions"))

    for indicator in making.edition().questionnaires["school"].indicators:
        assert (indicator.text in page.text) == (indicator.key in making.ASKED_SCHOOL_KEYS)
    assert page.text.count("What good looks like") == len(making.ASKED_SCHOOL_KEYS)


def _leads_to(page: Page, end: str) -> str:
    return next(str(a["href"]) for a in page.soup.select("main a") if str(a["href"]).endswith(end))
