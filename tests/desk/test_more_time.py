"""More time for many at once: one day, one reason, a mail to each that gets it."""

from datetime import date

from sqlalchemy import select

from compact.cycles.models import Extension
from compact.trail.models import TrailEntry
from tests.desk.conftest import SCHOOLS, Desk, head_of
from tests.pages import Page

ASHFIELD, BIRCHFIELD, CEDARFIELD, *_ = SCHOOLS
WHY = "The roads are flooded."


def give(desk: Desk, *schools: str, until: str = "15 1 2027", why: str = WHY) -> Page:
    officer = desk.officer
    page = officer.get(desk.address("/more-time"))
    typed = {**page.fields(), "until": until, "why": why}
    ticked = [str(desk.schools[each]) for each in schools]
    return officer.post(desk.address("/more-time"), {**typed, "organisation": ticked})


def lasts(desk: Desk) -> dict[int, date | None]:
    with desk.world.session() as session:
        rows = session.execute(select(Extension.organisation_id, Extension.until))
        return {row.organisation_id: row.until for row in rows}


def test_those_that_are_ticked_get_it_and_one_mail_each(desk: Desk) -> None:
    """D8: nobody else gets a day longer."""
    page = give(desk, ASHFIELD, BIRCHFIELD)

    assert page.banner == ["2 organisations have until the end of 15 January 2027."]
    assert lasts(desk) == dict.fromkeys(
        [desk.schools[each] for each in (ASHFIELD, BIRCHFIELD)], date(2027, 1, 15)
    )
    assert desk.recipients() == [head_of(ASHFIELD), head_of(BIRCHFIELD)]
    with desk.world.session() as session:
        assert session.scalars(select(TrailEntry.what)).all().count("more time given") == 2


def test_a_second_press_changes_nothing(desk: Desk) -> None:
    give(desk, ASHFIELD)

    page = give(desk, ASHFIELD)

    assert page.banner[0].startswith("Nothing was changed")
    assert len(desk.mails()) == 1


def test_nobody_loses_time_that_they_have(desk: Desk) -> None:
    give(desk, ASHFIELD, until="29 1 2027")

    give(desk, ASHFIELD, BIRCHFIELD, until="15 1 2027")

    assert lasts(desk) == {
        desk.schools[ASHFIELD]: date(2027, 1, 29),
        desk.schools[BIRCHFIELD]: date(2027, 1, 15),
    }


def test_who_has_signed_gets_none_whatever_is_posted(desk: Desk) -> None:
    desk.signed(ASHFIELD)

    assert ASHFIELD not in desk.officer.get(desk.address("/more-time")).text
    give(desk, ASHFIELD)

    assert lasts(desk) == {}
    assert desk.mails() == []


def test_one_of_another_area_gets_none_whatever_is_posted(desk: Desk) -> None:
    """A1, A6: the ids of others are nobody's here."""
    other = desk.world.partnership("Northmoor", areas=("902",))
    desk.schools["Far School"] = desk.world.organisation("Far School", areas=("902",))
    desk.cycle = desk.world.cycle(desk.partnership, other, name="Shared", settings=("school",))

    give(desk, "Far School")

    assert lasts(desk) == {}


def test_all_mistakes_are_said_at_once_and_the_ticks_stay(desk: Desk) -> None:
    nobody = give(desk, until="1 1 2020", why="")
    somebody = give(desk, CEDARFIELD, until="")

    assert nobody.summary == [
        "Tick the organisations that get more time",
        "The new last day must be later than the round’s own",
        "Enter why more time is given",
    ]
    ticked = somebody.soup.select("input[name=organisation][checked]")
    assert [each["value"] for each in ticked] == [str(desk.schools[CEDARFIELD])]
    assert lasts(desk) == {}
