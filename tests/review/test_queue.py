"""The queue of a round's signed returns: in which order, which of them, how many at a time."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, update

from compact.organisations.models import Succession
from compact.returns.models import Answer, Return
from compact.review import queue
from compact.review.models import ReasonToLook
from tests import making
from tests.making import NOW, World
from tests.pages import Page, Visitor

from .conftest import Desk, add_action, look


def listed(page: Page) -> list[str]:
    return [each.get_text(strip=True) for each in page.soup.select("tbody th a")]


def test_the_weightiest_reasons_come_first_and_are_said_with_their_numbers(desk: Desk) -> None:
    page = desk.officer().get("/review")

    assert listed(page) == ["Elm School", "Oak School", "Ash Nursery"]
    row = page.soup.select("tbody tr")[0].get_text(" ", strip=True)
    assert "Every grade is the best one, and the evidence is thin for 12 of 12." in row
    assert "Not looked at" in row


def test_returns_without_a_reason_come_in_the_order_of_their_signing(desk: Desk) -> None:
    desk.world.clear(ReasonToLook)
    with making.changing(desk.world.engine) as connection:
        earlier = update(Return).where(Return.id == desk.nursery)
        connection.execute(earlier.values(signed_at=making.NOW - timedelta(days=1)))

    assert listed(desk.officer().get("/review")) == ["Ash Nursery", "Oak School", "Elm School"]


def test_an_action_that_is_overdue_today_weighs_too(desk: Desk) -> None:
    desk.world.clear(ReasonToLook)
    add_action(desk.world, 3, desk.nursery, due=date(2026, 10, 4))
    add_action(desk.world, 2, desk.elm, due=date(2026, 10, 5))
    add_action(desk.world, 2, desk.elm, due=date(2026, 10, 4), status="done")

    page = desk.officer().get("/review")

    assert listed(page)[0] == "Ash Nursery"
    assert page.text.count("overdue") == 1
    assert "1 action is overdue." in page.text


def test_an_overdue_action_of_a_school_that_was_taken_over_weighs_with_its_successor(desk: Desk) -> None:
    """H5: it is in the plan of the successor, from the day on which that took over."""
    desk.world.clear(ReasonToLook)
    before = desk.world.organisation("Yew School")
    add_action(desk.world, before, desk.nursery, due=date(2026, 10, 4))

    def takes_over(on: date) -> Page:
        desk.world.clear(Succession)
        desk.world.insert(Succession, [{"old_id": before, "new_id": 3, "on": on, "kind": "Successor"}])
        return desk.officer().get("/review")

    assert "overdue" not in takes_over(NOW.date() + timedelta(days=1)).text
    page = takes_over(NOW.date())
    assert listed(page)[0] == "Ash Nursery"
    assert "1 action is overdue." in page.text


def test_a_sector_and_a_state_leave_out_the_others(desk: Desk) -> None:
    officer = desk.officer()
    officer.post(f"/review/{desk.elm}/begin")

    assert listed(officer.get("/review?sector=early_years")) == ["Ash Nursery"]
    assert listed(officer.get("/review?state=looking")) == ["Elm School"]
    assert listed(officer.get("/review?state=new&sector=school")) == ["Oak School"]
    page = officer.get("/review?state=told")
    assert "No signed return is here" in page.text
    assert [each.get_text() for each in page.soup.select("nav li") if "(" in each.get_text()] == [
        "All (3)",
        "Not looked at (2)",
        "Being looked at (1)",
        "Decided (0)",
        "Told (0)",
    ]


@pytest.mark.parametrize("rest", ["sector=' OR 1=1--", "state=x", "page=0", "page=999", "page=x", "page=%00"])
def test_what_no_link_of_ours_says_is_passed_by(desk: Desk, rest: str) -> None:
    """E2: filters take what is on their list, and nothing else."""
    assert len(listed(desk.officer().get(f"/review?{rest}"))) == 3


def test_a_newer_round_in_which_nobody_has_signed_is_not_what_opens(desk: Desk) -> None:
    later = desk.world.cycle(desk.partnership, name="Compact 2027", opens=date(2026, 10, 1))
    officer = desk.officer()

    assert listed(officer.get("/review")) == listed(officer.get(f"/review?cycle={desk.cycle}")) != []
    assert listed(officer.get(f"/review?cycle={later}")) == []


def test_a_reopened_return_is_listed_once_with_its_last_number(desk: Desk) -> None:
    desk.world.signed(desk.cycle, desk.organisation, {"bullying": "good"}, number=2)

    page = desk.officer().get("/review")

    assert sorted(listed(page)) == ["Ash Nursery", "Elm School", "Oak School"]
    assert "number 2" in page.text


def test_fifty_are_on_a_page_with_a_bounded_number_of_queries(
    desk: Desk, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE", 2)
    officer = desk.officer()
    said: list[str] = []
    event.listen(desk.world.engine, "before_cursor_execute", lambda *a: said.append(a[2]))

    first = officer.get("/review")
    queries = len([each for each in said if each.startswith(("SELECT", "WITH"))])
    second = officer.get("/review?page=2")

    assert [*listed(first), *listed(second)] == ["Elm School", "Oak School", "Ash Nursery"]
    assert "3 to 3 of 3" in second.text
    assert queries <= 12


def test_another_partnership_sees_nothing_of_it(
    desk: Desk, world: World, app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """A1, A6: its desk has its own rounds alone, and the other one's return does not exist."""
    other = world.partnership("Other Partnership", ["902"])
    world.person("Omar Other", making.officer(other), email="other@example.org")
    stranger = visit("other@example.org")

    assert "There is no round yet" in stranger.get("/review").text
    assert stranger.get(f"/review?cycle={desk.cycle}").status == 404
    assert stranger.get(f"/review?partnership={desk.partnership}").status == 404
    assert stranger.get(f"/review/{desk.oak}").status == 404


def test_a_shared_round_shows_each_partnership_what_concerns_it(
    world: World, app: Flask, visit: Callable[[str], Visitor]
) -> None:
    """A6: a body of two areas is in both queues; a reason that concerns one partnership is in one."""
    here, there = world.partnership(), world.partnership("Other Partnership", ["902"])
    both = world.organisation("Police", areas=("901", "902"), setting="hips")
    one = world.organisation("Probation", areas=("902",), setting="hips")
    cycle = world.cycle(here, there)
    returns = [world.signed(cycle, each, {"bullying": "good"}, setting="hips") for each in (one, both)]
    long = "The board reads the record of every term and asks what has changed for children. " * 2
    with making.changing(world.engine) as connection:
        connection.execute(update(Answer).values(evidence=long))
    look(world, app, *returns)
    for name, partnership in (("here", here), ("there", there)):
        world.person(name, making.officer(partnership), email=f"{name}@example.org")

    pages = {name: visit(f"{name}@example.org").get("/review") for name in ("here", "there")}

    assert (listed(pages["here"]), sorted(listed(pages["there"]))) == (["Police"], ["Police", "Probation"])
    assert "reads the same" not in pages["here"].text
    assert "reads the same as that of Probation" in pages["there"].text
