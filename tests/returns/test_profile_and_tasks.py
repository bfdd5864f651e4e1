"""The start of a return, its profile and its task list."""

from collections.abc import Callable
from datetime import date

from tests import making
from tests.making import World
from tests.pages import Visitor
from tests.school import School


def test_a_return_is_started_by_a_button_and_not_by_looking(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    partnership, organisation = world.partnership(), world.organisation()
    world.cycle(partnership)
    head = visit(world.person("Head", making.signatory(organisation)))

    introduction = head.get(head.get("/").link("Read what is asked")["href"])  # type: ignore[arg-type]
    again = head.get("/")
    started = head.send(introduction)

    assert again.link("Read what is asked")
    assert started.h1 == "Larkfield School"
    assert started.response.request.path == "/returns/1"


def test_a_round_that_is_not_open_yet_cannot_be_started(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    partnership, organisation = world.partnership(), world.organisation()
    cycle = world.cycle(partnership, opens=date(2026, 10, 6))
    head = visit(world.person("Head", making.signatory(organisation)))
    address = f"/cycles/{cycle}/organisations/{organisation}/start"

    assert "You can start on 6 October 2026." in head.get(address).text
    assert head.post(address).h1 == "Compact 2026"
    assert "Opens on 6 October 2026." in head.get("/").text


def test_an_organisation_that_is_not_due_has_nothing_to_start(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    cycle = world.cycle(world.partnership())
    late = world.organisation("Late School")
    head = visit(world.person("Head", making.signatory(late)))

    assert head.get(f"/cycles/{cycle}/organisations/{late}/start").status == 404


def test_a_late_return_still_counts_and_says_so(world: World, visit: Callable[[str], Visitor]) -> None:
    partnership, organisation = world.partnership(), world.organisation()
    cycle = world.cycle(partnership, closes=date(2026, 10, 4))
    return_id = world.started(cycle, organisation)
    head = visit(world.person("Head", making.signatory(organisation)))

    assert "That day has passed; a late return still counts." in head.get(f"/returns/{return_id}").text


def test_the_closing_day_counts_whole(world: World, visit: Callable[[str], Visitor]) -> None:
    partnership, organisation = world.partnership(), world.organisation()
    cycle = world.cycle(partnership, closes=date(2026, 10, 5))
    return_id = world.started(cycle, organisation)
    head = visit(world.person("Head", making.signatory(organisation)))

    assert "That day has passed" not in head.get(f"/returns/{return_id}").text


def test_the_profile_asks_for_each_fact(school: School) -> None:
    head = school.head()
    page = head.get(school.address("/profile"))

    answered = head.send(page, commissions_services="yes")
    page = head.get(school.address("/standards/12"))

    assert answered.h1 == "Larkfield School"
    assert page.h1 == "Standard 12, Commissioning"


def test_a_fact_without_an_answer_is_an_error(world: World, visit: Callable[[str], Visitor]) -> None:
    partnership, organisation = world.partnership(), world.organisation()
    return_id = world.started(world.cycle(partnership), organisation)
    head = visit(world.person("Head", making.signatory(organisation)))

    page = head.send(head.get(f"/returns/{return_id}/profile"))

    assert page.summary == ["Choose yes or no: Do you commission services?"]
    assert page.target("Choose yes or no")["name"] == "commissions-services"


def test_the_task_list_names_what_the_profile_leaves_out(school: School) -> None:
    page = school.head().get(school.address())

    assert "Not asked because the setting does not commission services" in page.text
    assert "1 question is not asked because the setting does not commission services" in page.text
    assert "How commissioning is looked after" in page.text


def test_a_questionnaire_without_facts_begins_with_its_standards(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    partnership, nursery = world.partnership(), world.organisation("Acorn", setting="early_years")
    return_id = world.started(world.cycle(partnership), nursery)
    owner = visit(world.person("Owner", making.signatory(nursery, "Owner")))

    page = owner.get(f"/returns/{return_id}")

    assert "About your setting" not in page.text
    assert "Nurseries do not commission services." in page.text
    assert owner.get(f"/returns/{return_id}/standards/1").h1.startswith("Standard 1")
