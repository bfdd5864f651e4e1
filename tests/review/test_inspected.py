"""What inspectors found beside what was signed: whichever of the two came first, the queue says so."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from compact.inspections.rules import Doubt
from compact.organisations.models import Organisation
from compact.review.inspected import look_at_inspected
from compact.review.models import ReasonToLook
from compact.review.rules import Inspected, Name, Reason
from tests import making
from tests.conftest import Ended
from tests.inspections.files import card, ofsted_file
from tests.inspections.making import add_inspection
from tests.making import ASKED_SCHOOL_KEYS, World
from tests.review.conftest import Desk, look
from tests.review.test_looking import answered, names, reasons
from tests.school import School

LED_BADLY = {"Leadership and governance": "Needs attention"}
DOUBT = Doubt("Leadership and governance", "Needs attention", (1, 3))
BEFORE, AFTER = date(2026, 3, 3), date(2026, 12, 1)


URN = "100002"


@pytest.fixture
def elm(desk: Desk) -> int:
    """Elm School, which graded everything as outstanding, under the number that Ofsted knows it by."""
    with making.changing(desk.world.engine) as connection:
        of_elm = Organisation.name == "Elm School"
        connection.execute(update(Organisation).where(of_elm).values(identifier=URN))
        return connection.execute(select(Organisation.id).where(of_elm)).scalar_one()


def inspect(world: World, organisation: int, on: date, **said: str) -> None:
    """Ofsted's result becomes known, as an import makes it known."""
    with world.session() as session:
        add_inspection(session, organisation, on, said or LED_BADLY)
        look_at_inspected(session, [organisation])
        session.commit()


def test_an_inspection_that_came_first_is_held_against_what_is_signed(school: School) -> None:
    answered(school.world, school.return_id)
    inspect(school.world, school.organisation, BEFORE)

    school.sign()

    found = reasons(school.world, school.return_id)
    assert [(each.name, each.count) for each in found] == [(Name.INSPECTION, 0)]
    assert found[0].inspected == Inspected(BEFORE, (DOUBT,))


@pytest.mark.parametrize(
    ("weak", "expected"),
    [("lead-authority", []), ("bullying", [Name.INSPECTION])],
    ids=["there", "elsewhere"],
)
def test_one_weak_grade_in_what_an_inspection_speaks_of_is_enough_to_agree(
    world: World, app: Flask, weak: str, expected: list[Name]
) -> None:
    """Standard 3 is what leadership is about, standard 4 is not."""
    school, cycle = world.organisation(), world.cycle(world.partnership())
    inspect(world, school, BEFORE)
    signed = world.signed(cycle, school, dict.fromkeys(ASKED_SCHOOL_KEYS, "good") | {weak: "inadequate"})

    look(world, app, signed)

    assert names(world, signed) == expected


def imported(compact: Callable[..., Ended], path: Path, urn: str, **says: str) -> Ended:
    file = ofsted_file(path / "latest.csv", card(urn, **{"card_on": f"{AFTER:%d/%m/%Y}", **says}))
    return compact("inspections", "import", "--source", "ofsted-schools", str(file))


@pytest.mark.usefixtures("elm")
def test_an_inspection_that_comes_later_is_shown_by_the_queue(
    desk: Desk, compact: Callable[..., Ended], tmp_path: Path
) -> None:
    page = desk.officer().get("/review")
    assert "The inspection of" not in page.text

    imported(compact, tmp_path, URN)

    page = desk.officer().get("/review")
    assert page.text.count("The inspection of 1 December 2026") == 1
    first = page.soup.select_one(".app-queue tbody tr")
    assert first is not None
    assert "Elm School" in first.get_text()
    read = desk.officer().get(f"/review/{desk.elm}")
    assert "“Leadership and governance: Needs attention”" in read.text
    assert "What Ofsted found" in read.text


def test_other_reasons_stay_as_they_were_when_an_inspection_comes(desk: Desk, elm: int) -> None:
    """Nothing else is worked out anew: what an officer has read stays what they read."""
    before = reasons(desk.world, desk.elm)

    inspect(desk.world, elm, AFTER)

    assert before
    assert [each for each in reasons(desk.world, desk.elm) if each.name is not Name.INSPECTION] == before


@pytest.mark.usefixtures("elm")
def test_a_result_that_is_corrected_takes_the_reason_away(
    desk: Desk, compact: Callable[..., Ended], tmp_path: Path
) -> None:
    imported(compact, tmp_path, URN)
    assert Name.INSPECTION in names(desk.world, desk.elm)

    imported(compact, tmp_path, URN, governance="Expected standard", published="01/04/2026")

    assert Name.INSPECTION not in names(desk.world, desk.elm)


@pytest.mark.usefixtures("elm")
def test_an_import_that_is_refused_leaves_the_queue_alone(
    desk: Desk, compact: Callable[..., Ended], tmp_path: Path
) -> None:
    """H10: a word that Ofsted never used refuses the whole file."""
    ended = imported(compact, tmp_path, URN, inclusion="Splendid")

    assert ended.code == 1
    assert Name.INSPECTION not in names(desk.world, desk.elm)


def two_rounds(world: World) -> tuple[int, int, int]:
    """A school that signed last year and this year; its id, and its two returns."""
    partnership, school = world.partnership(), world.organisation()
    old = world.cycle(partnership, name="Compact 2025", opens=date(2025, 9, 1), closes=date(2025, 12, 18))
    new = world.cycle(partnership)
    grades = dict.fromkeys(ASKED_SCHOOL_KEYS, "good")
    return school, world.signed(old, school, grades), world.signed(new, school, grades)


@pytest.mark.parametrize(
    ("on", "against"), [(BEFORE, (True, True)), (AFTER, (False, True))], ids=["between the two", "after both"]
)
def test_an_inspection_is_held_against_what_stood_at_its_time(
    world: World, on: date, against: tuple[bool, bool]
) -> None:
    """A return that was followed by another before the inspection says nothing any more."""
    school, *returns = two_rounds(world)

    inspect(world, school, on)

    assert tuple(names(world, each) == [Name.INSPECTION] for each in returns) == against


def test_of_several_inspections_the_latest_counts(world: World) -> None:
    school, _, signed = two_rounds(world)
    inspect(world, school, BEFORE)

    inspect(world, school, AFTER, **{"Leadership and governance": "Strong standard"})

    assert names(world, signed) == []


def test_signing_and_importing_keep_the_same(desk: Desk, app: Flask, elm: int) -> None:
    """It is all one which of the two comes first."""
    inspect(desk.world, elm, AFTER)
    later = reasons(desk.world, desk.elm)

    look(desk.world, app, desk.elm)

    assert Name.INSPECTION in [each.name for each in later]
    assert reasons(desk.world, desk.elm) == later


def test_a_reason_that_was_kept_before_inspections_were_held_against_returns_is_read(desk: Desk) -> None:
    old = '{"count":4,"keys":[],"of":0,"others":[]}'
    desk.world.insert(
        ReasonToLook,
        [{"return_id": desk.nursery, "partnership_id": None, "name": "late", "weight": 1, "about": old}],
    )

    assert Reason(Name.LATE, 4) in reasons(desk.world, desk.nursery)
