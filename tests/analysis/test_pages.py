"""The pages of findings say what was counted, of a whole sector or of a cut of it."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest
from sqlalchemy import update

from compact.analysis.beside import Apart, apart
from compact.analysis.rules import band
from compact.moderation.models import Moderation
from compact.organisations.models import Organisation
from compact.returns.models import Exception_, ProfileFact, Return
from tests import making
from tests.making import World
from tests.pages import Page, Visitor
from tests.web.test_queries import counted

GOOD, WEAK, WORSE = "good", "requires_improvement", "inadequate"
MOST_QUESTIONS = 11  # as `make bench` has it
LAST_YEAR = date(2025, 9, 1)
Visit = Callable[[str], Visitor]


def rows_of(page: Page, region: str) -> dict[str, list[str]]:
    """The cells of a table's rows by their heading, without what is drawn in it."""
    found = {}
    for row in page.soup.select(f'div[aria-label="{region}"] tbody tr'):
        assert row.th is not None
        heading = " ".join("".join(row.th.find_all(string=True, recursive=False)).split())
        found[heading] = [" ".join(td.get_text(" ").split()) for td in row.select("td")]
    return found


def made(world: World, *schools: tuple[str | None, str | None]) -> tuple[int, list[int]]:
    """A round in which schools of these phases signed with these grades for bullying; None: none did."""
    partnership, trust = world.partnership(), world.trust()
    ids = [world.organisation(f"School {number}", trust=trust) for number in range(len(schools))]
    with world.session() as session:
        for each, (phase, _) in zip(ids, schools, strict=True):
            session.execute(update(Organisation).where(Organisation.id == each).values(phase=phase))
        session.commit()
    cycle = world.cycle(partnership)
    world.person("Ellis Officer", making.officer(partnership), email="officer@example.org")
    signed = [
        world.signed(cycle, each, {"bullying": grade})
        for each, (_, grade) in zip(ids, schools, strict=True)
        if grade is not None
    ]
    return cycle, signed


def test_the_heat_map_has_shares_counts_and_flags_without_colour(world: World, visit: Visit) -> None:
    cycle, _ = made(world, ("primary", WEAK), ("primary", GOOD), ("secondary", GOOD), ("secondary", None))

    page = visit("officer@example.org").get(f"/analysis/{cycle}")

    assert rows_of(page, "Standards by sector")["4. Service development and voice"][0] == (
        "33.33% 1 of 3 Flagged (one alone)"
    )
    phases = rows_of(page, "Schools by phase")
    assert phases["Signed, of those due"] == ["2 of 2", "1 of 2"]
    assert phases["4. Service development and voice"] == ["50.00% 1 of 2 Flagged (one alone)", "0.00% 0 of 1"]
    nurseries = rows_of(page, "Standards by sector")["12. Commissioning"][1]
    assert nurseries == "not asked"


def test_a_phase_moves_to_no_other_when_the_school_does(world: World, visit: Visit) -> None:
    """The phase is the one that was pinned at signing."""
    cycle, _ = made(world, ("primary", WEAK), ("secondary", GOOD))
    with world.session() as session:
        session.execute(update(Organisation).where(Organisation.id == 1).values(phase="secondary"))
        session.commit()

    page = visit("officer@example.org").get(f"/analysis/{cycle}/school?phase=primary")

    standards = rows_of(page, "Standards, the highest share first")
    assert standards["4. Service development and voice"][:2] == ["1 of 1", "100.00%"]
    assert "Only: Primary." in page.text


def test_a_trust_cuts_as_well_and_stays_in_the_addresses(world: World, visit: Visit) -> None:
    cycle, signed = made(world, ("primary", WEAK), ("primary", GOOD))
    with world.session() as session:
        session.execute(update(Return).where(Return.id == signed[1]).values(trust_id=None))
        session.commit()

    page = visit("officer@example.org").get(f"/analysis/{cycle}/school?trust=1")

    standards = rows_of(page, "Standards, the highest share first")
    assert standards["4. Service development and voice"][:2] == ["1 of 1", "100.00%"]
    assert f"/analysis/{cycle}/school/indicators?partnership=1&trust=1" in page.html.replace("&amp;", "&")


@pytest.mark.parametrize("cut", ["phase=special", "trust=7", "trust=x", "phase=%00"])
def test_a_cut_that_nobody_has_is_not_there(world: World, visit: Visit, cut: str) -> None:
    cycle, _ = made(world, ("primary", WEAK))
    officer = visit("officer@example.org")

    for page in ("", "/indicators", "/rounds"):
        assert officer.get(f"/analysis/{cycle}/school{page}?{cut}").status == 404


@pytest.mark.parametrize("page", ["", "/indicators", "/rounds", "/returns"])
def test_a_sector_that_the_round_does_not_ask_is_not_there(world: World, visit: Visit, page: str) -> None:
    cycle, _ = made(world)

    assert visit("officer@example.org").get(f"/analysis/{cycle}/voluntary{page}").status == 404


def test_one_organisation_alone_is_named_where_it_would_flag(world: World, visit: Visit) -> None:
    cycle, _ = made(world, *[("primary", WEAK)], *[("primary", GOOD)] * 10)

    page = visit("officer@example.org").get(f"/analysis/{cycle}/school")

    assert rows_of(page, "Flagged indicators") == {
        "How bullying is looked after": ["4", "1 of 11", "9.09%", "One organisation alone flags this"]
    }


def test_not_applicable_not_asked_and_unanswered_stand_apart(world: World, visit: Visit) -> None:
    cycle, signed = made(world, ("primary", WEAK), ("primary", GOOD), ("primary", GOOD))
    world.insert(
        ProfileFact,
        [
            {"return_id": each, "fact": "commissions-services", "answer": answer}
            for each, answer in zip(signed[:2], (True, False), strict=True)
        ],
    )
    with world.session() as session:
        session.execute(update(Return).where(Return.id == signed[2]).values(imported=True))
        session.commit()

    rows = rows_of(visit("officer@example.org").get(f"/analysis/{cycle}/school/indicators"), INDICATORS)

    bullying = rows["4. How bullying is looked after"]
    assert (bullying[0], bullying[2:]) == ("1 of 3 33.33%", ["0", "2", "1", "0", "0", "0", "0"])
    assert rows["12. How commissioning is looked after"][-3:] == ["0", "1", "2"]


INDICATORS = "Indicators, in the order asked"


def test_whoever_was_not_asked_left_nothing_unanswered() -> None:
    class Given:
        indicator = making.edition().questionnaires["school"].by_key["commissioning"]
        graded, not_applicable = 3, 1

    assert apart([Given()], 9, 8, {"commissions-services": 5}) == {  # type: ignore[list-item]
        "commissioning": Apart(not_asked=3, unanswered=2)
    }


def test_moderated_grades_stand_beside_their_own_and_in_no_share(world: World, visit: Visit) -> None:
    cycle, signed = made(world, ("primary", GOOD), ("primary", GOOD), ("primary", WEAK), ("primary", GOOD))
    grades = dict(zip(signed, (WEAK, GOOD, GOOD, None), strict=True))
    world.insert(Moderation, [_moderated(each, grade) for each, grade in grades.items()])

    page = visit("officer@example.org").get(f"/analysis/{cycle}/school")

    assert rows_of(page, "Moderated grades beside their own") == {
        "4. Service development and voice": ["3", "1", "1", "1"]
    }
    standards = rows_of(page, "Standards, the highest share first")
    assert standards["4. Service development and voice"][:2] == ["1 of 4", "25.00%"]


def test_a_bodys_grade_for_this_partnership_is_its_own(world: World, visit: Visit) -> None:
    """A6: the exception for one partnership is counted there, and no number tells another of it."""
    here, there = world.partnership(), world.partnership("Other Partnership", ["902"])
    police = world.organisation("Police", areas=["901", "902"], setting="hips")
    cycle = world.cycle(here, there, settings=["hips"])
    signed = world.signed(cycle, police, {"bullying": GOOD}, setting="hips")
    exception = {"return_id": signed, "key": "bullying", "not_applicable": False, "note": "Fewer people."}
    world.insert(Exception_, [{**exception, "partnership_id": there, "grade": WORSE}])
    for name, partnership in (("here", here), ("there", there)):
        world.person(name, making.officer(partnership), email=f"{name}@example.org")
    world.insert(Moderation, [_moderated(signed, WEAK, partnership) for partnership in (here, there)])
    beside = "Moderated grades beside their own"

    ours, theirs = (visit(f"{name}@example.org").get(f"/analysis/{cycle}/hips") for name in ("here", "there"))

    assert "1 exception of 1 body is in force for Other Partnership" in theirs.text
    assert "in force" not in ours.text
    assert rows_of(ours, beside)["4. Service development and voice"] == ["1", "1", "0", "0"]
    assert rows_of(theirs, beside)["4. Service development and voice"] == ["1", "0", "0", "1"]


def test_earlier_rounds_stand_beside_it(world: World, visit: Visit) -> None:
    cycle, _ = made(world, ("primary", WEAK), ("primary", GOOD))
    earlier = world.cycle(1, name="Compact 2025", opens=LAST_YEAR, closes=date(2025, 12, 18))
    brought_in = world.signed(earlier, 1, {"bullying": WEAK})
    with world.session() as session:
        session.execute(update(Return).where(Return.id == brought_in).values(imported=True))
        session.commit()
    officer = visit("officer@example.org")

    page = officer.get(f"/analysis/{cycle}/school")
    indicators = officer.get(f"/analysis/{cycle}/school/rounds")

    standards = rows_of(page, "Standards over the rounds")
    assert standards["4. Service development and voice"] == ["50.00% (1 of 2)", "100.00% (1 of 1)"]
    assert "Compact 2025 brought in" in " ".join(page.text.split())
    rows = rows_of(indicators, "Indicators over the rounds")
    assert rows["4. How bullying is looked after"] == ["50.00% (1 of 2)", "100.00% (1 of 1)"]
    assert "no indicators left out" in indicators.text


@pytest.mark.parametrize("page", ["", "/rounds"])
def test_more_earlier_rounds_ask_no_more_questions(world: World, visit: Visit, page: str) -> None:
    """Once each round is counted, whoever opens the page again asks as many questions as a desk page may."""
    cycle, _ = made(world, ("primary", WEAK))
    officer, asked = visit("officer@example.org"), []
    for year in (2025, 2024, 2023):
        earlier = world.cycle(1, name=f"Compact {year}", opens=date(year, 9, 1))
        world.signed(earlier, 1, {"bullying": GOOD})
        officer.get(f"/analysis/{cycle}/school{page}")
        with counted(world.engine) as statements:
            assert officer.get(f"/analysis/{cycle}/school{page}").text.count(f"Compact {year}")
        asked.append(len(statements))

    assert asked == [asked[0]] * 3
    assert asked[0] <= MOST_QUESTIONS


def test_the_bands_are_of_the_exact_share() -> None:
    shares: Mapping[tuple[int, int], int] = {
        (0, 5): 0,
        (1, 100): 1,
        (9, 100): 2,
        (901, 10_000): 3,
        (18, 100): 3,
        (36, 100): 4,
        (37, 100): 5,
    }
    assert {place: band(*place, 9) for place in shares} == shares


def _moderated(return_id: int, grade: str | None, partnership: int = 1) -> Mapping[str, object]:
    return {
        "return_id": return_id,
        "partnership_id": partnership,
        "key": "bullying",
        "grade": grade,
        "comment": "We saw the record.",
        "by_id": 1,
        "at": making.NOW,
        "version": 1,
    }
