"""Which returns are more hopeful than an inspection that came after them."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from compact.access.values import Grant, Role
from compact.analysis.variance import SectorVariance, find_variance
from compact.cycles.store import cycle_by_id
from compact.inspections.rules import Doubt, Judgement, Result, came_after, doubts, more_hopeful
from tests import making
from tests.inspections.making import add_inspection
from tests.making import World
from tests.pages import Visitor

GOOD, WEAK = "good", "requires_improvement"
AFTER = date(2026, 10, 6)  # the tests' returns are signed on 5 October 2026
LED_BADLY = {"Leadership and governance": "Needs attention"}
LINE = "Leadership and governance: Needs attention"


@pytest.mark.parametrize(
    ("safeguarding", "area", "said", "standards"),
    [
        ("Met", "Leadership and governance", "Needs attention", (1, 3)),
        ("Yes", "Leadership and management", "3", (1, 3)),
        ("Yes", "Behaviour and attitudes", "4", (4,)),
        ("Met", "Attendance and behaviour", "Urgent improvement", (4, 8)),
    ],
)
def test_what_is_weak_speaks_of_standards(
    safeguarding: str, area: str, said: str, standards: tuple[int, ...]
) -> None:
    assert doubts(safeguarding, [Judgement(area, said)]) == (Doubt(area, said, standards),)


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("Leadership and governance", "Expected standard"),
        ("Leadership and management", "2"),
        ("Leadership and management", "Not judged"),
        ("Leadership and management", "9"),
        ("Overall effectiveness", "4"),
        ("Achievement", "Urgent improvement"),
    ],
)
def test_what_is_not_weak_or_is_about_no_standard_says_nothing(area: str, said: str) -> None:
    assert doubts(None, [Judgement(area, said)]) == ()


@pytest.mark.parametrize("said", ["No", "Not met"])
def test_safeguarding_that_is_not_effective_speaks_of_nine_standards(said: str) -> None:
    assert doubts(said, []) == (Doubt("Safeguarding", said, tuple(range(1, 10))),)


def test_one_weak_grade_in_any_of_the_standards_is_enough_to_agree() -> None:
    found = doubts("Met", [Judgement("Leadership and governance", "Needs attention")])
    assert more_hopeful(found, {1: Result(5, 0), 3: Result(5, 0)}) == found
    assert more_hopeful(found, {1: Result(5, 0), 3: Result(5, 1)}) == ()
    assert more_hopeful(found, {1: Result(5, 0), 4: Result(5, 5)}) == found
    assert more_hopeful(found, {1: Result(0, 0), 4: Result(5, 0)}) == (), "nothing was graded"
    assert more_hopeful(found, {}) == ()


def test_the_day_of_signing_is_not_after() -> None:
    assert came_after(date(2026, 10, 6), date(2026, 10, 5))
    assert not came_after(date(2026, 10, 5), date(2026, 10, 5))


def _round(world: World, *schools: tuple[Mapping[str, str], date, Mapping[str, str]]) -> tuple[int, int]:
    """Signed returns, each with an inspection; the round's and the partnership's ids."""
    partnership = world.partnership()
    made = [world.organisation(f"School {number}") for number in range(len(schools))]
    cycle = world.cycle(partnership)
    for organisation, (grades, on, judgements) in zip(made, schools, strict=True):
        world.signed(cycle, organisation, grades)
        with world.session() as session:
            add_inspection(session, organisation, on, judgements)
            session.commit()
    return cycle, partnership


def _schools(world: World, cycle_id: int, partnership: int) -> SectorVariance:
    with world.session() as session:
        cycle = cycle_by_id(session, cycle_id)
        assert cycle is not None
        found = find_variance(session, cycle, making.edition(), partnership)
    return next(each for each in found if each.sector == "school")


def test_a_return_is_counted_where_it_is_more_hopeful(world: World) -> None:
    found = _schools(
        world,
        *_round(
            world,
            ({"leadership": GOOD, "bullying": WEAK}, AFTER, LED_BADLY),
            ({"leadership": WEAK, "bullying": GOOD}, AFTER, LED_BADLY),
            ({"leadership": GOOD}, date(2026, 10, 5), LED_BADLY),
            ({"leadership": GOOD}, AFTER, {"Leadership and governance": "Strong standard"}),
        ),
    )
    assert [each.organisation for each in found.hopeful] == ["School 0"]
    assert (found.inspected, found.response.received, found.response.due) == (3, 4, 4)
    assert [(each.graded, each.doubted, each.hopeful) for each in found.standards[:4]] == [
        (3, 2, 1),
        (0, 0, 0),
        (0, 0, 0),
        (2, 0, 0),
    ]


def test_a_later_inspection_takes_the_place_of_an_earlier_one(world: World) -> None:
    cycle, partnership = _round(world, ({"leadership": GOOD}, AFTER, LED_BADLY))
    with world.session() as session:
        add_inspection(session, 1, date(2027, 1, 12), {"Leadership and governance": "Strong standard"})
        session.commit()
    assert _schools(world, cycle, partnership).hopeful == ()


def test_the_page_names_the_return_and_what_ofsted_said(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    cycle, partnership = _round(world, ({"leadership": GOOD}, AFTER, LED_BADLY))
    officer = visit(world.person("Ellis Officer", making.officer(partnership)))
    findings = officer.get(f"/analysis/{cycle}")
    assert f"/analysis/{cycle}/variance" in findings.html
    page = officer.get(f"/analysis/{cycle}/variance")
    assert LINE in page.text
    assert "1 of 1 have signed" in page.text
    assert 'href="/returns/1"' in page.html


def test_a_page_that_was_seen_before_shows_what_was_signed_since(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    cycle, partnership = _round(world, ({"leadership": WEAK}, AFTER, LED_BADLY))
    officer = visit(world.person("Ellis Officer", making.officer(partnership)))
    assert "0 of these are more hopeful" in officer.get(f"/analysis/{cycle}/variance").text

    world.signed(cycle, 1, {"leadership": GOOD}, number=2)

    assert "1 of these is more hopeful" in officer.get(f"/analysis/{cycle}/variance").text


def test_another_inspection_is_seen_at_once(world: World, visit: Callable[[str], Visitor]) -> None:
    cycle, partnership = _round(world, ({"leadership": GOOD}, AFTER, LED_BADLY))
    officer = visit(world.person("Ellis Officer", making.officer(partnership)))
    assert LINE in officer.get(f"/analysis/{cycle}/variance").text

    with world.session() as session:
        add_inspection(session, 1, date(2027, 1, 12), {"Attendance and behaviour": "Urgent improvement"})
        session.commit()

    assert LINE not in officer.get(f"/analysis/{cycle}/variance").text


def test_the_return_shows_the_latest_inspection_to_officers_alone(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    _, partnership = _round(world, ({"leadership": GOOD}, AFTER, LED_BADLY))
    reader = Grant(Role.READER, partnership_id=partnership)
    seen = {
        name: "What Ofsted found" in visit(world.person(name, grant)).get("/returns/1").text
        for name, grant in (
            ("Ellis Officer", making.officer(partnership)),
            ("Rae Reader", reader),
            ("Robin Head", making.signatory(1)),
        )
    }
    assert seen == {"Ellis Officer": True, "Rae Reader": False, "Robin Head": False}
