"""Opening, checking and launching a round, and who takes part in it."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from compact.cycles.models import Cycle, CyclePartnership, Due
from compact.desk.models import Launch, RoundMail
from compact.organisations.models import Organisation
from compact.trail.models import TrailEntry
from tests import making
from tests.desk.conftest import SCHOOLS, Desk, head_of
from tests.faults.test_signing import at_once, posting, twin
from tests.pages import Page

TYPED = {
    "name": "Compact 2027",
    "edition": "2026",
    "opens": "1 10 2026",
    "closes": "18 12 2026",
    "threshold": "9",
}


def opened(desk: Desk, **changes: str) -> Page:
    officer = desk.officer
    return officer.post(
        "/cycles/open", {"host": str(desk.partnership), "setting": "school", **TYPED, **changes}
    )


def test_an_officer_opens_a_round_and_nobody_is_told(desk: Desk) -> None:
    page = opened(desk)

    assert page.h1 == "Check and launch"
    assert "5 organisations are asked. 5 of them" in page.text
    with desk.world.session() as session:
        made = session.scalars(select(Cycle).where(Cycle.name == "Compact 2027")).one()
        assert (made.opens, made.closes, made.threshold) == (date(2026, 10, 1), date(2026, 12, 18), 9)
        assert session.scalars(select(TrailEntry.what)).all()[-1] == "round opened"
    assert desk.mails() == []


def test_what_was_typed_stands_there_again_with_all_mistakes(desk: Desk) -> None:
    page = opened(desk, name="Compact 2026 b", opens="31 2 2027", threshold="many", setting="none")

    assert page.summary == [
        "Enter the first day, such as 1 9 2026",
        "Enter a whole number of percent from 0 to 99",
        "Choose who is asked",
    ]
    assert page.fields()["name"] == "Compact 2026 b"
    assert page.fields()["opens"] == "31 2 2027"


def test_a_name_is_given_once(desk: Desk) -> None:
    page = opened(desk, name="Compact 2026")

    assert page.summary == ["There is a round named Compact 2026 already: choose another name"]


def test_nobody_opens_a_round_for_another_partnership(desk: Desk) -> None:
    """A7: the partnership is chosen among the officer's own, whatever is posted."""
    other = desk.world.partnership("Northmoor", areas=("902",))

    opened(desk, host=str(other))
    with desk.world.session() as session:
        assert set(session.scalars(select(CyclePartnership.partnership_id))) == {desk.partnership}
    third = desk.world.partnership("Saltholm", areas=("903",))
    desk.world.person(
        "Both", making.officer(desk.partnership), making.officer(third), email="both@example.org"
    )
    both = desk.visit("both@example.org")
    page = both.send(both.get("/cycles/open"), **{**TYPED, "name": "Another", "host": str(other)})

    assert page.summary == ["Choose the partnership that runs the round"]
    assert both.send(page, host=str(third)).h1 == "Check and launch"


def test_launching_tells_everybody_who_signs_once(desk: Desk) -> None:
    page = desk.launch()
    again = desk.launch()

    assert page.banner == ["5 mails were written."]
    assert "Launched on 5 October 2026 at 10:30am by Ellis Officer" in page.text
    assert again.banner == ["Everybody who signs has been told already."]
    assert desk.recipients() == [head_of(name) for name in SCHOOLS]
    first = desk.mails()[0]
    assert first.subject == "Compact 2026 is open: the self-assessment of Ashfield School"
    assert (
        f"http://localhost/cycles/{desk.cycle}/organisations/{desk.schools['Ashfield School']}/start"
        in first.text
    )
    assert "18 December 2026" in first.text


def test_d9_a_launch_that_is_pressed_at_once_tells_each_once(desk: Desk, app: Flask) -> None:
    """C5, D9: many clicks at the same moment are one launch."""
    officer = desk.officer
    data = officer.get(desk.address("/check")).fields()
    acts = [posting(twin(app, officer), desk.address("/launch"), data) for _ in range(6)]

    answers = at_once(acts)

    assert {each.status_code for each in answers} == {302}
    assert desk.recipients() == [head_of(name) for name in SCHOOLS]
    with desk.world.session() as session:
        assert len(session.scalars(select(Launch.cycle_id)).all()) == 1
        assert session.scalars(select(TrailEntry.what)).all().count("round launched") == 1


def test_i7_who_has_signed_or_is_excused_is_not_told_at_launch(desk: Desk) -> None:
    """I7: nothing is due from them any more."""
    desk.signed(SCHOOLS[0])
    officer = desk.officer
    form = "form[action$='/excuse']"
    officer.send(officer.get(desk.part(SCHOOLS[1])), selector=form, why="It merges.")

    desk.launch()

    assert desk.recipients() == [head_of(name) for name in SCHOOLS[2:]]


def test_whoever_signs_later_is_told_by_the_same_button(desk: Desk) -> None:
    desk.launch()
    desk.world.person("New Head", making.signatory(desk.schools["Ashfield School"]), email="new@example.org")

    desk.launch()

    assert desk.recipients() == [*(head_of(name) for name in SCHOOLS), "new@example.org"]


@pytest.mark.parametrize(
    "day", [datetime(2026, 8, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 19, 0, tzinfo=UTC)]
)
def test_a_round_is_launched_on_its_own_days(desk: Desk, app: Flask, day: datetime) -> None:
    app.config["CLOCK"] = lambda: day
    officer = desk.officer

    assert officer.get(desk.address("/check")).soup.select("main form") == []
    officer.post(desk.address("/launch"))
    assert desk.mails() == []


def test_the_host_launches_a_round_of_several_for_all(desk: Desk) -> None:
    world = desk.world
    other = world.partnership("Northmoor", areas=("902",))
    there = world.organisation("Far Police", setting="hips", areas=("902",))
    world.person("Far Chief", making.signatory(there), email="chief@example.org")
    world.person("Far Officer", making.officer(other), email="far@example.org")
    desk.cycle = world.cycle(desk.partnership, other, name="Four areas", settings=("hips",))
    guest = desk.visit("far@example.org")

    assert "hosts this round" in guest.get(desk.address("/check")).text
    guest.post(desk.address("/launch"))
    assert desk.mails() == []
    desk.launch()
    assert desk.recipients() == ["chief@example.org"]
    guest.post(desk.address("/launch"))
    assert desk.recipients() == ["chief@example.org"]


def test_the_check_finds_what_would_go_wrong(desk: Desk) -> None:
    world = desk.world
    silent = world.organisation("Fernfield School")
    known = world.organisation("Gorsefield School")
    twice = [world.organisation("Ashfield  school", identifier=each) for each in ("1", "2")]
    world.organisation("A lighthouse", setting="lighthouse")
    with world.session() as session:
        rows = [{"cycle_id": desk.cycle, "organisation_id": each} for each in (silent, known, *twice)]
        for row in rows:
            session.add(Due(**row, added_at=making.NOW))
        session.execute(
            update(Organisation).where(Organisation.id == known).values(contact_email="office@example.org")
        )
        session.commit()

    page = desk.officer.get(desk.address("/check"))

    assert "9 organisations are asked. 5 of them have somebody" in page.text
    assert "No address (3)" in page.text
    assert "Nobody signs yet (1)" in page.text
    assert "only office@example.org is known" in page.text
    assert "Two of one name (1)" in page.text
    assert "A lighthouse (A lighthouse): lighthouse" in page.text
    links = {str(each["href"]) for each in page.soup.select("main a")}
    assert f"/organisations/{silent}/people" in links
    assert f"/cycles/{desk.cycle}/organisations/{twice[0]}" in links


def test_one_more_organisation_is_asked_once(desk: Desk) -> None:
    late = desk.world.organisation("Fernfield School")
    desk.world.organisation("Far School", areas=("902",))
    officer = desk.officer
    page = officer.get(desk.address("/add?name=FERN"))

    assert "Far School" not in officer.get(desk.address("/add")).text
    assert "Ashfield School" not in officer.get(desk.address("/add")).text
    asked = officer.send(page, selector="form[action*='/add']")
    officer.send(page, selector="form[action*='/add']")

    assert asked.banner[0].startswith("Fernfield School is asked from now on.")
    with desk.world.session() as session:
        assert session.scalars(select(Due.cycle_id).where(Due.organisation_id == late)).all() == [desk.cycle]


def test_the_rounds_page_shows_response(desk: Desk) -> None:
    desk.signed("Ashfield School")
    officer = desk.officer

    page = officer.get(desk.address())

    assert "Not launched" in page.text
    assert "Schools 5 1 20.00%" in page.text
    assert "1 of 5 had signed" in officer.get(str(page.link("How the response came in")["href"])).text
    assert (
        "Compact 2026 Open 1 September 2026 to 18 December 2026 Not launched 5 1 20.00%"
        in officer.get("/cycles").text
    )


def test_nobody_else_sees_the_desk(desk: Desk) -> None:
    """A1, A6: neither those who answer nor another partnership's officers."""
    other = desk.world.partnership("Northmoor", areas=("902",))
    desk.world.person("Far Officer", making.officer(other), email="far@example.org")

    for visitor in (desk.visit("far@example.org"), desk.visit(head_of("Ashfield School"))):
        for rest in ("", "/check", "/chase", "/write", "/more-time", "/add"):
            assert visitor.get(desk.address(rest)).status == 404
    with desk.world.session() as session:
        assert session.scalars(select(RoundMail.id)).all() == []
