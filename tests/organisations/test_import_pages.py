"""Importing a register's file in the browser: shown, then done just so, for one's own areas alone."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select

from compact import db
from compact.organisations import import_views, store
from compact.organisations.models import RegisterUpload
from compact.trail.models import TrailEntry
from tests import making
from tests.making import World, officer
from tests.organisations.files import gias_file, known, school
from tests.pages import Page, Visitor

Visit = Callable[[str], Visitor]
LIST = "identifier,name,setting,areas\n"


@pytest.fixture
def place(world: World) -> int:
    here = world.partnership()
    world.partnership("Northmoor", areas=("902",))
    return here


@pytest.fixture
def ellis(world: World, place: int, visit: Visit) -> Visitor:
    return visit(world.person("Ellis Officer", officer(place)))


@pytest.fixture
def gias(tmp_path: Path) -> Callable[..., bytes]:
    return lambda *rows: gias_file(tmp_path / "g.csv", *rows).read_bytes()


def send(visitor: Visitor, data: bytes, register: str = "gias", **more: str) -> Page:
    """Choose a file and look at what it would do."""
    fields = {"register": register, "file": (io.BytesIO(data), "Chosen.csv"), **more}
    return visitor.post("/organisations/import", fields)


def row_of_counts(page: Page) -> list[str]:
    return [each.get_text(strip=True) for each in page.soup.select(".govuk-summary-list__value")]


def waiting(engine: Engine) -> int:
    with db.open_session(engine) as session:
        return session.scalar(select(func.count()).select_from(RegisterUpload)) or 0


def test_a_file_is_shown_then_imported_just_so(
    ellis: Visitor, engine: Engine, gias: Callable[..., bytes]
) -> None:
    first = send(
        ellis, gias(school(), school(urn="100002", postcode="WX1 1AA"), school(urn="100003", area="902"))
    )
    assert row_of_counts(first) == ["2", "0", "0", "0", "1"]
    assert known(engine) == {}, "nothing is done before it is said"
    done = ellis.send(first)
    assert done.banner == ["Imported: added 2, changed 0, closed 0, unchanged 0, left out 1, refused 0."]
    assert set(known(engine)) == {"100001", "100002"}
    assert waiting(engine) == 0
    second = send(ellis, gias(school(name="Larkfield Academy"), school(urn="100002", status="Closed")))
    assert row_of_counts(second) == ["0", "1", "1", "0", "0"]
    assert "name: Larkfield School → Larkfield Academy" in second.text
    assert "GIAS 100002" in second.text
    ellis.send(second)
    assert known(engine)["100001"].state.name == "Larkfield Academy"
    assert known(engine)["100002"].state.closed_on is not None
    third = send(ellis, gias(school(name="Larkfield Academy")))
    assert "There is nothing to import." in third.text
    with db.open_session(engine) as session:
        entries = session.execute(select(TrailEntry.what, TrailEntry.subject, TrailEntry.detail)).all()
    assert [each[:2] for each in entries] == [("organisations imported", "register gias")] * 2
    assert "changed 1, closed 1" in entries[1].detail


def test_a_file_with_mistakes_is_refused_with_its_lines(ellis: Visitor, engine: Engine) -> None:
    rows = LIST + "1,Club,shool,901\n2,,school,901\n"
    page = send(ellis, rows.encode(), "local")
    assert page.summary == ["The file has 2 mistakes. Nothing was imported"]
    assert "Line 2: there is no setting type “shool”" in page.text
    assert "Line 3: name is empty" in page.text
    assert waiting(engine) == 0
    assert "web page" in send(ellis, b"<html>", "local").text
    assert "Line 1: the file is empty" in send(ellis, b"").text
    assert ellis.post("/organisations/import").summary == ["Choose whose file it is", "Choose a file"]


def test_a_file_that_is_too_large_is_not_read(ellis: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_views, "LARGEST_FILE", 100)
    page = send(ellis, b"x" * 101)
    assert page.summary[0].startswith("The file is larger than 10 MB")


def test_what_changed_meanwhile_is_shown_and_not_done(
    ellis: Visitor, engine: Engine, gias: Callable[..., bytes], world: World
) -> None:
    shown = send(ellis, gias(school(), school(urn="100002")))
    world.organisation("Somebody was faster", identifier="100002")
    again = ellis.send(shown)
    assert again.summary == [import_views.MEANWHILE]
    assert row_of_counts(again) == ["1", "1", "0", "0", "0"]
    assert set(known(engine)) == {"100002"}
    assert "Imported: added 1, changed 1" in ellis.send(again).banner[0]


def test_many_that_would_close_must_be_looked_at(
    ellis: Visitor, engine: Engine, gias: Callable[..., bytes]
) -> None:
    """H4"""
    rows = [school(urn=str(100_001 + number)) for number in range(10)]
    ellis.send(send(ellis, gias(*rows)))
    shown = send(ellis, gias(*({**each, "EstablishmentStatus (name)": "Closed"} for each in rows[:2])))
    assert "2 of 10 open organisations of GIAS in area 901 would close." in shown.text
    refused = ellis.send(shown)
    assert refused.summary == [import_views.LOOK_FIRST]
    assert {each.state.closed_on for each in known(engine).values()} == {None}
    assert "closed 2" in ellis.send(refused, close__many="yes").banner[0]


def test_a_fault_half_way_changes_nothing(
    ellis: Visitor, engine: Engine, gias: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    """H8"""
    shown = send(ellis, gias(school(), school(urn="100002")))
    monkeypatch.setattr(store, "keep_register_days", lambda *_: 1 / 0)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert ellis.send(shown).status == 500
    assert known(engine) == {}
    assert waiting(engine) == 1


def test_a_file_is_its_officers_alone_for_an_hour(
    world: World,
    place: int,
    ellis: Visitor,
    visit: Visit,
    app: Flask,
    gias: Callable[..., bytes],
    engine: Engine,
) -> None:
    shown = send(ellis, gias(school()))
    colleague = visit(world.person("Another Officer", officer(place)))
    assert colleague.get(shown.address).status == 404
    app.config["CLOCK"] = lambda: making.NOW + timedelta(minutes=59)
    assert ellis.get(shown.address).status == 200
    app.config["CLOCK"] = lambda: making.NOW + timedelta(minutes=60)
    late = visit("ellis.officer@example.org")
    assert late.get(shown.address).status == 404
    send(visit("another.officer@example.org"), gias(school()))
    assert waiting(engine) == 1, "what is an hour old is erased"
    used = visit("another.officer@example.org")
    page = send(used, gias(school()))
    used.send(page)
    assert used.get(page.address).status == 404


def test_a_file_takes_nothing_from_another_partnership(
    world: World, place: int, ellis: Visitor, engine: Engine, gias: Callable[..., bytes]
) -> None:
    """A1: whoever writes a file could otherwise move another area's school, and its returns, to their own."""
    for number in ("100009", "100011", "100012"):
        world.organisation(f"Far School {number}", identifier=number, areas=("902",))
    both = world.organisation("Body of both", identifier="100010", areas=("901", "902"))
    before = known(engine)
    rows = (
        school(urn="100009", name="Mine now"),
        school(urn="100010", name="Without the others"),
        school(urn="100011", status="Closed"),
    )
    page = send(ellis, gias(*rows))
    assert row_of_counts(page) == ["0", "0", "0", "0", "3"]
    assert "GIAS 100009" in page.text
    listed = LIST.replace("\n", ",register\n") + (
        "1,Theirs,school,902|901,local\n100010,Body,school,901|902,GIAS\n100012,Both,school,901|902,GIAS\n"
    )
    page = send(ellis, listed.encode(), "local")
    assert row_of_counts(page) == ["0", "1", "0", "0", "2"]
    ellis.send(page)
    after = known(engine)
    for number in ("100009", "100011", "100012"):
        assert after[number] == before[number]
    assert after["100010"].state.areas == {"901", "902"}
    assert (after["100010"].id, after["100010"].state.name) == (both, "Body")
    assert "1" not in after


def test_childcare_by_type(world: World, visit: Visit, engine: Engine) -> None:
    portsmouth = visit(world.person("Pat", officer(world.partnership("Portsmouth", areas=("851",)))))
    text = (
        "Title,,,\nProvider URN,Provider type,Provider name,Local authority\n"
        "EY100001,Childminder,REDACTED,Portsmouth\nEY100002,Nursery,Fern,Portsmouth\n"
    )
    assert "Fern" in send(portsmouth, text.encode(), "ofsted-childcare").text
    page = send(portsmouth, text.encode(), "ofsted-childcare", only="childminder")
    assert "Childminder EY100001" in page.text
    portsmouth.send(page)
    assert set(known(engine)) == {"EY100001"}
    wrong = send(portsmouth, text.encode(), "ofsted-childcare", only="childmindr")
    assert "did you mean “Childminder”?" in wrong.text
