"""A round is corrected by its host: wholly while nobody knows of it, and then in its last day alone."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from compact.cycles.models import Cycle, CyclePartnership, Due, EditionText
from compact.desk.rules import PlannedRound, TypedRound, parse_change
from compact.trail.models import TrailEntry
from compact.web.problems import FieldProblem
from tests import making
from tests.desk.conftest import SCHOOLS, Desk
from tests.pages import Page

WAS = PlannedRound("Compact 2026", "2026", date(2026, 9, 1), date(2026, 12, 18), 9, ("school",))
TODAY = date(2026, 10, 5)


def typed(**changes: object) -> TypedRound:
    values = {"name": "Compact 2026", "opens": date(2026, 9, 1), "closes": date(2026, 12, 18)}
    return TypedRound(**{"edition": "", "threshold": "9", "settings": (), **values, **changes})  # type: ignore[arg-type]


def test_who_is_asked_what_stays_and_the_rest_changes() -> None:
    new = typed(name="Compact  2027", opens=date(2026, 9, 2), closes=date(2026, 12, 1), threshold="12")

    assert parse_change(new, WAS, has_begun=False, today=TODAY) == PlannedRound(
        "Compact 2027", "2026", date(2026, 9, 2), date(2026, 12, 1), 12, ("school",)
    )


def test_once_it_has_begun_only_its_last_day_changes() -> None:
    """A7: whatever else is posted, changes nothing."""
    new = typed(name="Another", opens=date(2025, 9, 2), closes=date(2026, 12, 1), threshold="90")

    changed = parse_change(new, WAS, has_begun=True, today=TODAY)

    assert changed == PlannedRound("Compact 2026", "2026", WAS.opens, date(2026, 12, 1), 9, ("school",))


@pytest.mark.parametrize(
    ("closes", "is_refused"), [(TODAY, False), (TODAY - timedelta(days=1), True), (WAS.closes, False)]
)
def test_nobody_is_made_late_afterwards(closes: date, is_refused: bool) -> None:
    changed = parse_change(typed(closes=closes), WAS, has_begun=True, today=TODAY)

    refusal = (FieldProblem("closes", "The last day must be today or later"),)
    assert (changed == refusal) is is_refused


def test_the_last_day_of_a_round_that_is_over_may_stay() -> None:
    over = WAS.closes + timedelta(days=9)
    assert parse_change(typed(), WAS, has_begun=True, today=over) == WAS


def changed(desk: Desk, **changes: str) -> Page:
    officer = desk.officer
    return officer.send(officer.get(desk.address("/change")), **changes)


def round_of(desk: Desk) -> tuple[str, date, date, int]:
    with desk.world.session() as session:
        row = session.get_one(Cycle, desk.cycle)
        return row.name, row.opens, row.closes, row.threshold


def entries(desk: Desk, what: str) -> list[TrailEntry]:
    with desk.world.session() as session:
        return list(session.scalars(select(TrailEntry).where(TrailEntry.what == what)))


def test_a_round_that_nobody_knows_of_is_corrected(desk: Desk) -> None:
    page = changed(desk, name="Compact 2026/27", opens="2 9 2026", closes="31 1 2027", threshold="10")

    assert page.h1 == "Compact 2026/27"
    assert page.banner == [
        "The round’s last day is 31 January 2027. Nobody was told by mail: write to them if they should know."
    ]
    assert round_of(desk) == ("Compact 2026/27", date(2026, 9, 2), date(2027, 1, 31), 10)
    (entry,) = entries(desk, "round changed")
    assert "2026-12-18 -> 2027-01-31" in str(entry.detail)


def test_a_round_that_was_launched_keeps_all_but_its_last_day(desk: Desk) -> None:
    desk.launch()
    officer = desk.officer
    assert set(officer.get(desk.address("/change")).fields()) == {"csrf_token", "was", "closes", "why"}

    without_reason = changed(desk, closes="31 1 2027")
    assert without_reason.summary == ["Enter why the last day changes"]
    assert without_reason.fields()["closes"] == "31 1 2027"
    changed(desk, closes="31 1 2027", why="The snow.", name="Another", opens="2 9 2026", threshold="50")

    assert round_of(desk) == ("Compact 2026", date(2026, 9, 1), date(2027, 1, 31), 9)
    assert "The snow." in str(entries(desk, "round changed")[0].detail)


def test_what_was_typed_stands_there_again_with_what_is_wrong(desk: Desk) -> None:
    desk.world.cycle(desk.partnership, name="Compact 2027")

    page = changed(desk, name="", opens="31 2 2027", threshold="x")
    assert page.summary == [
        "Enter the name of the round",
        "Enter the first day, such as 1 9 2026",
        "Enter a whole number of percent from 0 to 99",
    ]
    assert page.fields()["opens"] == "31 2 2027"
    taken = changed(desk, name="Compact 2027")
    assert taken.summary == ["There is a round named Compact 2027 already: choose another name"]
    assert changed(desk).h1 == "Compact 2026"


def test_c2_of_two_officers_none_overwrites_the_other(desk: Desk) -> None:
    desk.world.person("Another", making.officer(desk.partnership), email="another@example.org")
    officer, other = desk.officer, desk.visit("another@example.org")
    page = other.get(desk.address("/change"))
    officer.send(officer.get(desk.address("/change")), closes="31 1 2027")

    refused = other.send(page, closes="28 2 2027")

    assert refused.summary[0].startswith("Another officer changed the round meanwhile.")
    assert refused.fields()["closes"] == "28 2 2027"
    assert "31 January 2027" in refused.text
    assert round_of(desk)[2] == date(2027, 1, 31)
    other.send(refused)
    assert round_of(desk)[2] == date(2027, 2, 28)


def test_a_round_that_was_opened_by_mistake_is_removed(desk: Desk) -> None:
    officer = desk.officer
    excuse = "form[action$='/excuse']"
    officer.send(officer.get(desk.part(SCHOOLS[0])), selector=excuse, why="It merges.")

    page = officer.send(officer.get(desk.address("/remove")))

    assert page.banner == ["Compact 2026 is removed."]
    assert officer.get(desk.address()).status == 404
    with desk.world.session() as session:
        for model in (Cycle, CyclePartnership, Due, EditionText):
            assert session.execute(select(model)).first() is None, model
    assert len(entries(desk, "round removed")) == 1


def test_an_edition_that_another_round_uses_stays_as_it_is(desk: Desk) -> None:
    desk.world.cycle(desk.partnership, name="Compact 2027")
    officer = desk.officer

    officer.send(officer.get(desk.address("/remove")))

    with desk.world.session() as session:
        assert session.execute(select(EditionText)).first() is not None


@pytest.mark.parametrize("begun", ["launched", "started"])
def test_a_round_that_has_begun_is_never_removed(desk: Desk, begun: str) -> None:
    officer = desk.officer
    page = officer.get(desk.address("/remove"))
    desk.launch() if begun == "launched" else desk.started(SCHOOLS[0])

    assert officer.send(page).h1 == "Change the round"
    assert officer.get(desk.address("/remove")).h1 == "Change the round"
    assert round_of(desk)[0] == "Compact 2026"


def test_a_partnership_that_does_not_host_the_round_changes_nothing(desk: Desk, app: Flask) -> None:
    """A1: it sees the round, and neither the link nor the page."""
    other = desk.world.partnership("Northmoor", areas=("902",))
    shared = desk.world.cycle(desk.partnership, other, name="Shared")
    desk.world.person("Guest", making.officer(other), email="guest@example.org")
    guest = desk.visit("guest@example.org")

    page = guest.get(f"/cycles/{shared}")

    assert not page.soup.select("a[href$='/change']")
    assert desk.officer.get(f"/cycles/{shared}").soup.select("a[href$='/change']")
    for rest in ("/change", "/remove"):
        assert guest.get(f"/cycles/{shared}{rest}").status == 404
        assert guest.post(f"/cycles/{shared}{rest}", {"closes": "31 1 2027"}).status == 404
