"""`compact organisations link`: who took over from whom, and what that gives to whom."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from compact import db
from compact.desk import links_cli
from compact.organisations import links, succession_store
from compact.organisations.links import THROUGH, Succeeded
from compact.organisations.models import Organisation
from compact.trail.models import TrailEntry
from compact.web.cli import InputMistakes
from tests import making
from tests.conftest import Ended
from tests.making import World, signatory
from tests.organisations.files import counts
from tests.pages import Visitor

Compact = Callable[..., Ended]
HEAD = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate"
AUTUMN = date(2026, 9, 1)


@pytest.fixture
def schools(world: World) -> Mapping[str, int]:
    """Four schools by their numbers: the first became the second, as far as the tests go."""
    world.partnership()
    return {
        urn: world.organisation(f"School {urn}", identifier=urn) for urn in ("1001", "1002", "1003", "1004")
    }


@pytest.fixture
def link(
    compact: Compact, tmp_path: Path, schools: Mapping[str, int], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ended]:
    """The command, on the day of the tests."""
    monkeypatch.setattr(links_cli, "today", making.NOW.date)
    monkeypatch.setattr(links_cli, "now", lambda: making.NOW)

    def link(*rows: str, options: tuple[str, ...] = ()) -> Ended:
        file = tmp_path / "links.csv"
        file.write_text("\r\n".join((HEAD, *rows)), encoding="cp1252")
        return compact("organisations", "link", "--register", "gias", file, *options)

    return link


def kept(engine: Engine, schools: Mapping[str, int]) -> dict[tuple[str, str], Succeeded]:
    urn_of = {made: urn for urn, made in schools.items()}
    with db.open_session(engine) as session:
        found = succession_store.successions(session)
    return {(urn_of[old], urn_of[new]): each for (old, new), each in found.items()}


def test_predecessors_and_successors_are_the_same_from_two_ends(
    link: Callable[..., Ended], engine: Engine, schools: Mapping[str, int]
) -> None:
    ended = link(
        "1002,1001,School 1001,Predecessor,01-09-2026",
        "1001,1002,School 1002,Successor - amalgamated,01-09-2026",
        "1003,1004,School 1004,Successor,02-09-2026",
        "1002,9999,Unknown,Predecessor,01-09-2020",
        "1001,1003,School 1003,Merged - change in age range,01-09-2020",
    )
    assert (ended.code, ended.out) == (0, counts(added=2, unchanged=1, left_out=2))
    assert "“Merged - change in age range” is no succession: 1 left out" in ended.err
    assert kept(engine, schools) == {
        ("1001", "1002"): Succeeded(AUTUMN, "Predecessor"),
        ("1003", "1004"): Succeeded(date(2026, 9, 2), "Successor"),
    }


def test_the_same_file_again_changes_nothing_and_a_new_day_is_a_change(
    link: Callable[..., Ended], engine: Engine, schools: Mapping[str, int]
) -> None:
    """H7. A dry run says the same and keeps nothing; a link without a day keeps the one it has."""
    row = "1002,1001,School 1001,Predecessor,01-09-2026"
    assert link(row, options=("--dry-run",)).out == counts(added=1)
    assert kept(engine, schools) == {}
    assert link(row).out == counts(added=1)
    before = kept(engine, schools)
    assert link(row).out == counts(unchanged=1)
    assert link("1002,1001,,Predecessor,").out == counts(unchanged=1)
    assert kept(engine, schools) == before
    assert link("1002,1001,,Predecessor,02-09-2026").out == counts(changed=1)
    assert kept(engine, schools)[("1001", "1002")].on == date(2026, 9, 2)
    with db.open_session(engine) as session:
        told = session.scalars(select(TrailEntry.subject).order_by(TrailEntry.sequence)).all()
    assert told == [f"organisation {schools['1001']}"] * 2


def test_without_a_day_it_counts_from_the_day_the_old_one_closed(
    link: Callable[..., Ended], engine: Engine, schools: Mapping[str, int]
) -> None:
    closed = {"status": "closed", "closed_on": date(2026, 8, 31)}
    with db.begin_writing(db.open_session(engine)) as session:
        session.execute(update(Organisation).where(Organisation.id == schools["1001"]).values(**closed))
        session.commit()
    link("1002,1001,,Predecessor,")
    assert kept(engine, schools)[("1001", "1002")].on == date(2026, 8, 31)


def test_a_chain_is_kept_whole(
    link: Callable[..., Ended], engine: Engine, schools: Mapping[str, int]
) -> None:
    link("1002,1001,,Predecessor,01-09-2020", "1003,1002,,Predecessor,01-09-2026")
    assert kept(engine, schools)[("1001", "1003")] == Succeeded(AUTUMN, THROUGH)
    link("1003,1002,,Predecessor,01-10-2026")
    assert kept(engine, schools)[("1001", "1003")] == Succeeded(date(2026, 10, 1), THROUGH)


def test_nobody_takes_over_from_itself(
    link: Callable[..., Ended], engine: Engine, schools: Mapping[str, int]
) -> None:
    link("1002,1001,,Predecessor,01-09-2020")
    before = kept(engine, schools)
    ended = link("1003,1002,,Predecessor,01-09-2021", "1001,1003,,Predecessor,01-09-2022")
    assert (ended.code, ended.out) == (1, "")
    assert "1003 and 1001 would take over from each other" in ended.err
    assert kept(engine, schools) == before


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x,1001,,Predecessor,", "the URN “x” is not a number"),
        ("1001,,,Predecessor,", "the LinkURN “” is not a number"),
        ("1001,1001,,Predecessor,", "linked to itself"),
        ("1002,1001,,Predecessor,31-02-2026", "is not a day"),
    ],
)
def test_mistakes_are_named_with_their_lines(row: str, message: str) -> None:
    with pytest.raises(InputMistakes) as raised:
        links.read("l.csv", f"{HEAD}\n{row}".encode())
    assert raised.value.lines[0].startswith("l.csv:2: ")
    assert message in raised.value.lines[0]


def test_a_file_without_its_columns_is_refused() -> None:
    with pytest.raises(InputMistakes, match="LinkURN"):
        links.read("l.csv", b"URN,LinkType\n1,Predecessor\n")


def test_an_academy_keeps_what_the_school_had(
    link: Callable[..., Ended], world: World, schools: Mapping[str, int], visit: Callable[[str], Visitor]
) -> None:
    """H5: its returns, signed and begun, and its plan, from the day on which it took over."""
    school, academy, other = schools["1001"], schools["1002"], schools["1003"]
    signed = world.signed(world.cycle(1), school, {"bullying": "inadequate"})
    begun = world.started(world.cycle(1, name="Compact 2027"), school)
    visitors = {
        name: visit(world.person(name, signatory(place), email=f"{name}@example.org"))
        for name, place in (("academy", academy), ("other", other), ("school", school))
    }
    addresses = (f"/returns/{signed}", f"/returns/{begun}/profile", f"/organisations/{school}/actions")

    def statuses(name: str) -> list[int]:
        return [visitors[name].get(address).status for address in addresses]

    assert statuses("academy") == [404] * 3
    day_after = date.fromordinal(making.NOW.date().toordinal() + 1)
    link(f"1002,1001,,Predecessor,{day_after:%d-%m-%Y}")
    assert statuses("academy") == [404] * 3, "it has not taken over yet"
    link(f"1002,1001,,Predecessor,{making.NOW:%d-%m-%Y}")
    assert statuses("academy") == [200] * 3
    assert statuses("other") == [404] * 3
    assert statuses("school") == [200] * 3
    assert "School 1001" in visitors["academy"].get("/").text
    page = visitors["academy"].get(addresses[1])
    assert visitors["academy"].send(page, commissions_services="no").status == 200


def test_who_has_two_organisations_acts_for_one_with_what_it_took_over(
    link: Callable[..., Ended], world: World, schools: Mapping[str, int], visit: Callable[[str], Visitor]
) -> None:
    school, academy, other = schools["1001"], schools["1002"], schools["1003"]
    begun = world.signed(world.cycle(1), school, {})
    both = visit(world.person("Both", signatory(academy), signatory(other)))
    link(f"1002,1001,,Predecessor,{making.NOW:%d-%m-%Y}")
    page = both.get("/acting-for")
    assert [label.get_text(strip=True) for label in page.soup.select("main label")] == [
        "School 1002",
        "School 1003",
    ]
    both.send(page, organisation=str(other))
    assert both.get(f"/returns/{begun}").status == 404
    both.send(both.get("/acting-for"), organisation=str(academy))
    assert both.get(f"/returns/{begun}").status == 200
    assert both.get("/").one(".compact-header__link").get_text().startswith("School 1002")
