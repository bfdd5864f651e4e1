"""An officer's home page: what waits today in each round, and where it is done."""

from collections.abc import Callable
from datetime import date

from flask import Flask

from compact.access.values import Grant, Role
from compact.cycles.models import Due
from tests import making
from tests.making import NOW, World
from tests.pages import Page, Visitor, words

from .conftest import Desk


def waits(page: Page) -> dict[str, str]:
    """What waits in the one round of the page: the words of each link, with what stands beside it."""
    items = page.soup.select(".govuk-task-list__item")
    found = [(words(each.select("a")[0]), words(each.select("[id$=status]")[0])) for each in items]
    return {link.partition("(")[0].strip(): beside for link, beside in found}


def test_a_round_that_is_not_launched_says_so_and_who_signed_waits_to_be_read(desk: Desk) -> None:
    home = desk.officer().get("/")

    assert "3 of 3 organisations have signed. The last day is 18 December 2026." in home.text
    assert waits(home) == {"Check and launch the round": "To do", "Read the signed returns": "3 new"}
    assert desk.officer().get(str(home.link("Check and launch")["href"])).h1 == "Check and launch"
    assert desk.officer().get(str(home.link("Read the signed")["href"])).h1 == "Returns to read"


def test_what_was_launched_waits_for_those_who_have_not_signed(desk: Desk) -> None:
    late = desk.world.organisation("Yew School")
    desk.world.insert(Due, [{"cycle_id": desk.cycle, "organisation_id": late, "added_at": NOW}])
    officer = desk.officer()
    officer.send(officer.get(f"/cycles/{desk.cycle}/check"))

    home = officer.get("/")

    assert waits(home)["See who has not signed, and write to them"] == "1"
    assert "Check and launch the round" not in waits(home)
    assert "Yew School" in officer.get(str(home.link("See who has not")["href"])).text


def test_a_reply_that_is_decided_waits_to_be_sent_and_then_does_not(desk: Desk) -> None:
    """Deciding and telling are two steps: what is left between them is not forgotten."""
    officer = desk.officer()
    officer.post(f"/review/{desk.elm}/begin")
    page = officer.get(f"/review/{desk.oak}/reply")
    page = officer.send(page, selector="#write", outcome="accepted", message="Thank you.", do="save")

    found = waits(officer.get("/"))
    assert found["Read the signed returns"] == "1 new, 1 begun"
    assert found["Send the replies that are decided"] == "1"

    officer.send(page, selector="#send")
    assert "Send the replies that are decided" not in waits(officer.get("/"))


def test_plans_are_to_be_asked_about_on_the_day_and_are_overdue_28_days_after(
    desk: Desk, app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """The return was signed on 5 October: half a year is over on 5 April."""

    def home_on(day: date) -> dict[str, str]:
        app.config["CLOCK"] = lambda: NOW + (day - NOW.date())
        return waits(visit("officer@example.org").get("/"))

    ask, overdue = "Ask how the plans are going", "See whose update is overdue"
    assert ask not in home_on(date(2027, 4, 4))
    assert home_on(date(2027, 4, 5))[ask] == "1"
    visit("officer@example.org").post(f"/cycles/{desk.cycle}/updates")
    assert not {ask, overdue} & {*home_on(date(2027, 5, 3))}
    assert home_on(date(2027, 5, 4))[overdue] == "1"
    link = visit("officer@example.org").get("/").link("See whose update")
    assert "Oak School" in visit("officer@example.org").get(str(link["href"])).text


def test_a_round_that_is_long_over_is_listed_below_and_nothing_of_it_is_counted(
    desk: Desk, app: Flask, visit: Callable[[str], Visitor]
) -> None:
    app.config["CLOCK"] = lambda: NOW.replace(year=2027, month=12, day=19)
    assert waits(visit("officer@example.org").get("/"))
    app.config["CLOCK"] = lambda: NOW.replace(year=2027, month=12, day=20)

    home = visit("officer@example.org").get("/")

    assert waits(home) == {}
    assert "Earlier rounds Compact 2026 3 of 3 organisations have signed." in home.text


def test_nothing_waits_in_a_round_where_all_is_done(desk: Desk) -> None:
    officer = desk.officer()
    officer.send(officer.get(f"/cycles/{desk.cycle}/check"))
    for each in (desk.oak, desk.elm, desk.nursery):
        page = officer.get(f"/review/{each}/reply")
        page = officer.send(page, selector="#write", outcome="accepted", message="Thank you.", do="save")
        officer.send(page, selector="#send")

    assert "Nothing waits for you in it today." in officer.get("/").text


def test_a_reader_of_the_partnership_has_nothing_to_do_and_no_way_to_do_it(
    desk: Desk, visit: Callable[[str], Visitor]
) -> None:
    desk.world.person(
        "Reg Reader", Grant(Role.READER, partnership_id=desk.partnership), email="reader@example.org"
    )

    home = visit("reader@example.org").get("/")

    assert "3 of 3 organisations have signed." in home.text
    assert waits(home) == {}
    assert not home.soup.select("main a[href*='/cycles/'], main a[href^='/review']")


def test_a_neighbours_returns_wait_for_the_neighbour_alone(
    desk: Desk, world: World, visit: Callable[[str], Visitor]
) -> None:
    """A6: of a round that several run, each sees what waits in its own area."""
    there = world.partnership("Saltholm Partnership", ["903"])
    school = world.organisation("Sea School", areas=["903"])
    cycle = world.cycle(desk.partnership, there, name="Shared")
    world.signed(cycle, school, {"bullying": "good"})
    world.person("Nia Neighbour", making.officer(there), email="neighbour@example.org")

    assert waits(visit("neighbour@example.org").get("/"))["Read the signed returns"] == "1 new"
    assert waits(desk.officer().get("/"))["Read the signed returns"] == "3 new"


def test_a_body_of_several_areas_waits_for_each_until_its_own_officers_look(
    desk: Desk, world: World, visit: Callable[[str], Visitor]
) -> None:
    """What one partnership has begun, another has not."""
    there = world.partnership("Saltholm Partnership", ["903"])
    police = world.organisation("Coast Police", areas=["901", "903"], setting="hips")
    cycle = world.cycle(there, desk.partnership, name="Shared", settings=["hips"])
    signed = world.signed(cycle, police, {"bullying": "good"}, setting="hips")
    world.person("Nia Neighbour", making.officer(there), email="neighbour@example.org")

    desk.officer().post(f"/review/{signed}/begin")

    assert waits(visit("neighbour@example.org").get("/"))["Read the signed returns"] == "1 new"
    section = desk.officer().get("/").soup.select("section.app-round")[0]
    assert "1 begun" in words(section)
