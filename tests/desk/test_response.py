"""How the response came in: counted by local days from the last day, beside the round before."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from sqlalchemy import update

from compact.cycles.models import Excused
from compact.cycles.store import cycle_by_id
from compact.desk.last_round import round_before
from compact.desk.response import AFTER, Signed, over_time
from compact.organisations.models import Organisation
from compact.returns.models import Return
from tests.desk.conftest import SCHOOLS, Desk

CLOSES = date(2026, 12, 18)
BEGINS = date(2026, 12, 1)
NOW = Signed("Compact 2026", CLOSES, 4, [date(2026, 12, 4), date(2026, 12, 11), date(2026, 12, 20)])
BEFORE = Signed("Compact 2025", date(2025, 12, 12), 2, [date(2025, 12, 5)])
ASHFIELD, BIRCHFIELD, CEDARFIELD, *_ = SCHOOLS


def test_a_signature_counts_from_its_own_day() -> None:
    assert [NOW.by(place) for place in (-15, -14, -8, -7, 1, 2)] == [0, 1, 1, 2, 2, 3]


def test_the_line_ends_today_and_the_one_before_goes_on() -> None:
    shown = over_time(NOW, BEGINS, date(2026, 12, 12), BEFORE)
    assert shown is not None
    assert (shown.first, shown.known, shown.last) == (-17, -6, 0)
    assert shown.steps == [(0, Fraction(0)), (3, Fraction(1, 4)), (10, Fraction(1, 2))]
    assert shown.steps_before == [(0, Fraction(0)), (10, Fraction(1, 2))]
    assert [(row.place, row.signed, row.before) for row in shown.weeks] == [
        (-14, 1, Fraction(0)),
        (-7, 2, Fraction(1, 2)),
        (-6, 2, Fraction(1, 2)),
    ]
    assert shown.latest.on == date(2026, 12, 12)


@pytest.mark.parametrize(
    ("today", "known", "last"),
    [(CLOSES, 0, 0), (date(2026, 12, 19), 1, 1), (date(2027, 3, 1), AFTER, AFTER)],
)
def test_late_ones_are_shown_for_four_weeks(today: date, known: int, last: int) -> None:
    shown = over_time(NOW, BEGINS, today, None)
    assert shown is not None
    assert (shown.known, shown.last) == (known, last)
    assert (shown.latest.on, shown.weeks[-1]) == (today, shown.latest)


def test_who_signed_before_the_line_begins_is_in_its_first_day() -> None:
    assert NOW.steps(-10, 1) == [(0, Fraction(1, 4)), (3, Fraction(1, 2))]
    assert NOW.steps(-7, 2) == [(0, Fraction(1, 2)), (9, Fraction(3, 4))]


def test_nothing_is_shown_before_it_begins_or_of_nobody() -> None:
    assert over_time(NOW, BEGINS, date(2026, 11, 30), None) is None
    assert over_time(Signed("Compact 2026", CLOSES, 0, []), BEGINS, CLOSES, None) is None
    shown = over_time(NOW, BEGINS, CLOSES, Signed("Nobody was asked", CLOSES, 0, []))
    assert shown is not None
    assert shown.before is None


def on(desk: Desk, return_id: int, *moment: int) -> None:
    """Say that a return was signed at this moment."""
    with desk.world.session() as session:
        at = datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type] # year to minute
        session.execute(update(Return).where(Return.id == return_id).values(signed_at=at))
        session.commit()


def test_the_desk_shows_this_round_beside_the_last(desk: Desk) -> None:
    """One was signed at 23.30 UTC in summer, which is the next day here; one of the last round is excused."""
    world = desk.world
    last = world.cycle(1, name="Compact 2025", opens=date(2025, 9, 1), closes=date(2025, 12, 12))
    world.cycle(
        1, name="Nurseries", settings=("early_years",), opens=date(2026, 1, 1), closes=date(2026, 2, 1)
    )
    for name, day in ((ASHFIELD, 5), (BIRCHFIELD, 11)):
        made = world.signed(last, desk.schools[name], {"bullying": "good"})
        on(desk, made, 2025, 9, day, 12, 0)
    world.insert(
        Excused, [{"cycle_id": last, "organisation_id": desk.schools[CEDARFIELD], "why": "It is closing."}]
    )
    on(desk, desk.signed(ASHFIELD), 2026, 9, 9, 23, 30)

    page = desk.officer.get(desk.address("/chase"))

    # 5 October is 74 days before 18 December, as 29 September was before 12 December.
    says = (
        "1 of 5 had signed by 5 October 2026, 74 days before the last day (20%). "
        "In Compact 2025 it was 50% at that point"
    )
    assert f"{says}." in page.text
    assert page.one("svg.app-drawing--curves")["aria-label"] == says
    table = page.soup.select("details table")[0]
    rows = [[each.get_text() for each in row.select("th, td")] for row in table.select("tbody tr")]
    assert rows[0] == ["4 September 2026", "105 days before the last day", "0", "0%", "0%"]
    assert rows[1] == ["11 September 2026", "98 days before the last day", "1", "20%", "25%"]
    with_sector = desk.officer.get(desk.address("/chase?sector=school"))
    assert with_sector.soup.select("svg.app-drawing--curves") == []


def test_of_the_last_round_who_has_closed_counts_only_if_it_had_signed(desk: Desk) -> None:
    world = desk.world
    last = world.cycle(1, name="Compact 2025", opens=date(2025, 9, 1), closes=date(2025, 12, 12))
    world.signed(last, desk.schools[ASHFIELD], {"bullying": "good"})
    closed = [desk.schools[each] for each in (ASHFIELD, BIRCHFIELD)]
    with world.session() as session:
        gone = update(Organisation).where(Organisation.id.in_(closed))
        session.execute(gone.values(status="closed", closed_on=CLOSES))
        this = cycle_by_id(session, desk.cycle)
        assert this is not None
        before = round_before(session, this, 1)

    assert before is not None
    assert (before.due, len(before.days)) == (len(desk.schools) - 1, 1)


def test_without_a_round_before_it_stands_alone(desk: Desk) -> None:
    page = desk.officer.get(desk.address("/chase"))
    assert "0 of 5 had signed by 5 October 2026" in page.text
    assert "at that point" not in page.text


def test_a_round_for_others_is_not_the_one_before(desk: Desk) -> None:
    world = desk.world
    world.organisation("Acorn Nursery", setting="early_years")
    only = ("early_years",)
    world.cycle(1, name="Nurseries", settings=only, opens=date(2026, 1, 1), closes=date(2026, 2, 1))
    schools = world.cycle(1, name="Schools", settings=("school",), opens=date(2026, 9, 2))
    assert "at that point" not in desk.officer.get(f"/cycles/{schools}/chase").text
    again = world.cycle(1, name="Nurseries again", settings=only, opens=date(2026, 9, 3))
    assert "In Nurseries it was 0% at that point" in desk.officer.get(f"/cycles/{again}/chase").text
