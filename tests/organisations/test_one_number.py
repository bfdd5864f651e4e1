"""A14: a school and a pre-school of one number stay two organisations, whatever names them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from compact import db
from compact.accounts.models import Invitation
from compact.inspections.models import Inspection
from compact.organisations.models import Organisation, Partnership, Succession
from compact.returns.models import Return
from tests import making
from tests.conftest import Ended
from tests.inspections.files import graded, ofsted_file
from tests.making import World
from tests.organisations.files import gias_file, school
from tests.organisations.test_ofsted_childcare import file_of, provider
from tests.pages import Visitor

Compact = Callable[..., Ended]
Visit = Callable[[str], Visitor]
NUMBER, NEXT = "131556", "131557"
SCHOOL, PRE_SCHOOL = "Larkfield School", "Larkfield Pre-School"


@pytest.fixture
def both(world: World, compact: Compact, tmp_path: Path) -> dict[str, int]:
    """The two, from the registers' own files, and a school that takes over from the school; by register."""
    world.partnership(areas=("851",))
    rows = (
        school(urn=NUMBER, area="851", name=SCHOOL),
        school(urn=NEXT, area="851", name="Larkfield Academy"),
    )
    childcare = tmp_path / "childcare.csv"
    childcare.write_text(file_of(provider(urn=NUMBER, name=PRE_SCHOOL)), encoding="utf-8")
    compact("organisations", "import", "--register", "gias", gias_file(tmp_path / "gias.csv", *rows))
    compact("organisations", "import", "--register", "ofsted-childcare", childcare)
    found = _organisations(world.engine)
    assert {register: name for register, (_id, name) in found.items()} == {
        "GIAS": SCHOOL,
        "Ofsted": PRE_SCHOOL,
    }
    return {register: number for register, (number, _name) in found.items()}


def _organisations(engine: Engine) -> dict[str, tuple[int, str]]:
    """Those that have the number, by register."""
    with db.open_session(engine) as session:
        rows = session.execute(
            select(Organisation.register, Organisation.id, Organisation.name).where(
                Organisation.identifier == NUMBER
            )
        )
        return {row.register: (row.id, row.name) for row in rows}


def _import(compact: Compact, file: Path, text: str, *command: str) -> None:
    file.write_text(text, encoding="utf-8")
    ended = compact(*command[:2], file, *command[2:])
    assert ended.code == 0, ended.err


def test_a14_a_list_of_our_own_corrects_the_one_that_it_names(
    both: dict[str, int], compact: Compact, tmp_path: Path, engine: Engine
) -> None:
    text = f"identifier,name,setting,areas,register\n{NUMBER},Renamed,early_years,851,Ofsted\n"
    text += f"{NUMBER},Of our own,statutory,851,\n"
    _import(compact, tmp_path / "own.csv", text, "organisations", "import", "--register", "local")

    found = _organisations(engine)
    assert {register: name for register, (_id, name) in found.items()} == {
        "GIAS": SCHOOL,
        "Ofsted": "Renamed",
        "local": "Of our own",
    }
    assert {register: found[register][0] for register in both} == both


def test_a14_links_and_inspections_are_the_schools(
    both: dict[str, int], compact: Compact, tmp_path: Path, engine: Engine
) -> None:
    links = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n"
    links += f"{NUMBER},{NEXT},Larkfield Academy,Successor,01-09-2026\n"
    _import(compact, tmp_path / "links.csv", links, "organisations", "link", "--register", "gias")
    results = ofsted_file(tmp_path / "results.csv", graded(NUMBER))
    assert compact("inspections", "import", "--source", "ofsted-schools", results).code == 0

    with db.open_session(engine) as session:
        assert session.scalars(select(Succession.old_id)).all() == [both["GIAS"]]
        assert session.scalars(select(Inspection.organisation_id)).all() == [both["GIAS"]]


def test_a14_people_and_returns_go_to_the_one_that_is_named(
    both: dict[str, int], world: World, compact: Compact, tmp_path: Path, engine: Engine
) -> None:
    text = "organisation,email,name,role\n"
    text += f"GIAS:{NUMBER},head@example.org,Robin Head,signatory\n"
    text += f"Ofsted:{NUMBER},manager@example.org,Sam Manager,signatory\n"
    _import(
        compact, tmp_path / "people.csv", text, "people", "import", "--partnership", "Wexcombe Partnership"
    )
    days = ("--opens", "2026-09-01", "--closes", f"{date(2026, 12, 18)}")
    host = ("--partnership", "Wexcombe Partnership", "--edition", making.EDITION)
    assert compact("cycles", "open", "Compact 2026", *host, *days).code == 0
    text = "organisation,name,setting,indicator,grade,evidence,reason\n"
    text += f"Ofsted:{NUMBER},{PRE_SCHOOL},early_years,leadership,good,Minutes,\n"
    _import(compact, tmp_path / "returns.csv", text, "returns", "import", "--cycle", "Compact 2026")

    with db.open_session(engine) as session:
        invited = session.execute(select(Invitation.email, Invitation.organisation_id)).all()
        assert dict(invited) == {"head@example.org": both["GIAS"], "manager@example.org": both["Ofsted"]}
        assert session.scalars(select(Return.organisation_id)).all() == [both["Ofsted"]]


def test_a14_pages_show_two(both: dict[str, int], world: World, visit: Visit) -> None:
    """The list finds both by the number; who signs for one sees the other nowhere."""
    with world.session() as session:
        partnership = session.scalars(select(Partnership.id)).one()
    officer = visit(world.person("Ellis Officer", making.officer(partnership)))
    listed = officer.get(f"/organisations?q={NUMBER}").text
    assert SCHOOL in listed
    assert PRE_SCHOOL in listed
    cycle = world.cycle(partnership, settings=("school", "early_years"))
    head = visit(world.person("Robin Head", making.signatory(both["GIAS"])))
    home = head.get("/").text
    assert SCHOOL in home
    assert PRE_SCHOOL not in home
    other = f"/cycles/{cycle}/organisations/{both['Ofsted']}/start"
    assert head.get(other).status == 404
    assert head.get(f"/cycles/{cycle}/organisations/{both['GIAS']}/start").status == 200
