"""All returns of a round as one spreadsheet and one CSV, as one partnership sees them."""

import csv
import io
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from compact import db
from compact.analysis import all_returns
from compact.analysis.all_returns import HEADER, all_rows, sheets_of
from compact.analysis.findings import find
from compact.cycles.store import CycleRow, cycle_by_id
from compact.documents.sheets import MIMETYPE, Cell, Sheet, to_xlsx, write_xlsx
from compact.documents.tables import csv_lines
from compact.returns.models import Answer, Exception_, Return, ReturnArea
from compact.returns.reading import partnerships_of
from compact.sign_off.results import write_results
from compact.trail.models import TrailEntry
from tests import making
from tests.making import ALL_SCHOOL_KEYS, NOW, World
from tests.pages import Visitor
from tests.prepared import Prepared

GOOD, WEAK = "good", "requires_improvement"
NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
Visit = Callable[[str], Visitor]


@pytest.fixture
def cycle(world: World, prepared: Prepared) -> int:
    """Two schools that have signed, one of them late; Larkfield graded bullying weak."""
    return prepared.on(world, _two_schools)


def _two_schools(world: World) -> int:
    partnership = world.partnership()
    larkfield, oakfield = (
        world.organisation("Larkfield School", identifier="000123"),
        world.organisation("Oakfield School"),
    )
    cycle = world.cycle(partnership)
    world.signed(cycle, larkfield, {"bullying": WEAK, "conduct": GOOD, "equality": None})
    late = world.signed(cycle, oakfield, {"bullying": GOOD})
    with world.session() as session:
        session.execute(update(Return).where(Return.id == late).values(late_after=date(2026, 10, 1)))
        session.execute(
            update(Answer).where(Answer.return_id == 1, Answer.key == "bullying").values(evidence="=1+1")
        )
        session.commit()
    return cycle


@pytest.fixture
def afterwards(app: Flask) -> None:
    """The returns are signed already: that is an hour after the tests' moment."""
    app.config["CLOCK"] = lambda: NOW + timedelta(hours=2)


def row_of(session: Session, cycle_id: int) -> CycleRow:
    cycle = cycle_by_id(session, cycle_id)
    assert cycle is not None
    return cycle


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    with db.at_one_moment(engine) as connection, Session(connection) as session:
        yield session


def read_csv(visitor: Visitor, address: str) -> list[dict[str, str]]:
    page = visitor.client.get(address, buffered=True)
    assert (page.status_code, page.mimetype) == (200, "text/csv")
    text = page.get_data().decode("utf-8-sig")
    assert text.splitlines()[0] == ",".join(HEADER)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def officer(world: World, visit: Visit, partnership: int = 1, name: str = "Ellis Officer") -> Visitor:
    return visit(world.person(name, making.officer(partnership)))


def test_a_row_for_each_organisation_and_indicator(world: World, visit: Visit, cycle: int) -> None:
    rows = read_csv(officer(world, visit), f"/cycles/{cycle}/returns.csv")
    assert [row["Key"] for row in rows] == [*ALL_SCHOOL_KEYS, *ALL_SCHOOL_KEYS]
    by_place = {(row["Organisation"], row["Key"]): row for row in rows}
    weak = by_place["Larkfield School", "bullying"]
    assert {name: weak[name] for name in HEADER[:14]} == {
        "Organisation": "Larkfield School",
        "Register and identifier": "GIAS:000123",
        "Setting": "school",
        "Phase": "",
        "Signed": "2026-10-05",
        "Late": "no",
        "Brought in": "no",
        "Standard": "4",
        "Key": "bullying",
        "Question": "how bullying is looked after",
        "Grade": "Requires improvement",
        "Not applicable": "no",
        "Reason": "",
        "Evidence": "'=1+1",
    }, "F1: what begins like a formula is text"
    left_out = by_place["Larkfield School", "equality"]
    assert (left_out["Grade"], left_out["Not applicable"]) == ("", "yes")
    assert left_out["Reason"] == "It cannot apply."
    assert by_place["Oakfield School", "bullying"]["Late"] == "yes"
    assert by_place["Oakfield School", "conduct"]["Grade"] == "", "unanswered"


def test_the_spreadsheet_has_a_summary_and_a_sheet_for_each_sector(
    world: World, visit: Visit, cycle: int
) -> None:
    page = officer(world, visit).client.get(f"/cycles/{cycle}/returns.xlsx", buffered=True)
    assert page.mimetype == MIMETYPE
    assert page.headers["Content-Disposition"] == (
        "attachment; filename=returns-compact-2026-wexcombe-partnership.xlsx"
    )
    book = zipfile.ZipFile(io.BytesIO(page.get_data()))
    names = [
        each.get("name")
        for each in ET.fromstring(book.read("xl/workbook.xml")).findall(".//m:sheet", NS)  # noqa: S314
    ]
    assert names == ["Summary", "Schools", "Nurseries", "Statutory bodies", "Four-area bodies"]
    assert _cells(book, 1)[:2] == [
        [*all_returns.SUMMARY_HEADER],
        ["Compact 2026", "Wexcombe Partnership", "Schools", "2", "2", "1", "0"],
    ]
    schools = _cells(book, 2)
    assert len(schools) == 1 + 2 * len(ALL_SCHOOL_KEYS)
    bullying = next(row for row in schools if row[8] == "bullying")
    assert (bullying[1], bullying[10], bullying[13]) == ("GIAS:000123", "Requires improvement", "=1+1")
    assert bullying[4] == str((date(2026, 10, 5) - date(1899, 12, 30)).days), "D11: a day is a day"
    assert len(_cells(book, 3)) == 1
    assert b"<f>" not in book.read("xl/worksheets/sheet2.xml"), "F1"


def test_f1_f8_a_book_that_is_written_row_by_row_says_what_one_in_memory_says() -> None:
    """F1, F3, F8: only where the texts stand is another; the same values are the same bytes."""
    rows: list[list[Cell]] = [["=1", 7, date(2027, 3, 31), None], ["a" * 40_000, 8, "000123", "x\0y"]]

    def written() -> bytes:
        with tempfile.TemporaryFile() as file:
            write_xlsx(file, [Sheet("Sheet", ["A", "B", "C", "D"], rows)])
            file.seek(0)
            return file.read()

    first = written()
    assert written() == first
    in_memory = zipfile.ZipFile(io.BytesIO(to_xlsx([Sheet("Sheet", ["A", "B", "C", "D"], rows)])))
    assert _cells(zipfile.ZipFile(io.BytesIO(first)), 1) == _cells(in_memory, 1)


def test_f7_the_rows_add_up_to_the_findings(world: World, cycle: int) -> None:
    """F7: weak and graded, by indicator, as the pages have them."""
    with reading(world.engine) as session:
        rows = list(all_rows(session, row_of(session, cycle), making.edition(), 1))
        found = find(session, row_of(session, cycle), making.edition(), partnership=1, sector="school")[0]
    labels = {grade.label: grade.weak for grade in making.edition().scale.grades}
    for each in found.indicators:
        grades = [row[10] for row in rows if row[8] == each.indicator.key and row[10]]
        assert (len(grades), sum(labels[str(grade)] for grade in grades)) == (each.graded, each.weak)


def test_a6_a_partnership_sees_a_shared_return_with_its_own_exceptions_only(
    world: World, visit: Visit
) -> None:
    """A6"""
    here, there = world.partnership(), world.partnership("Northmoor", areas=("902",))
    body = world.organisation("Vale Police", areas=("901", "902"), setting="hips")
    cycle = world.cycle(here, there, settings=("hips",))
    made = world.signed(cycle, body, {"bullying": GOOD, "conduct": GOOD}, setting="hips")
    notes = {here: ("bullying", WEAK, "Only one post here"), there: ("conduct", None, "None of theirs")}
    with world.session() as session:
        session.add_all(
            Exception_(
                return_id=made,
                partnership_id=partnership,
                key=key,
                grade=grade,
                not_applicable=grade is None,
                note=note,
            )
            for partnership, (key, grade, note) in notes.items()
        )
        session.commit()
    seen = {}
    for partnership, name in ((here, "Ellis Officer"), (there, "Ashley Officer")):
        rows = read_csv(officer(world, visit, partnership, name), f"/cycles/{cycle}/returns.csv")
        seen[partnership] = {row["Key"]: row for row in rows}
    columns = ("Grade", "Not applicable", "Grade elsewhere", "What is different here")
    assert [seen[here]["bullying"][each] for each in columns] == [
        "Requires improvement",
        "no",
        "Good",
        "Only one post here",
    ]
    assert [seen[there]["bullying"][each] for each in columns] == ["Good", "no", "", ""]
    assert [seen[there]["conduct"][each] for each in columns] == ["", "yes", "Good", "None of theirs"]
    assert "None of theirs" not in str(seen[here])


def test_a_school_of_a_neighbour_is_not_in_the_file(world: World, visit: Visit) -> None:
    """A6"""
    here, there = world.partnership(), world.partnership("Northmoor", areas=("902",))
    ours, theirs = world.organisation("Ours"), world.organisation("Theirs", areas=("902",))
    cycle = world.cycle(here, there)
    for each in (ours, theirs):
        world.signed(cycle, each, {"bullying": GOOD})
    rows = read_csv(officer(world, visit, here), f"/cycles/{cycle}/returns.csv")
    assert {row["Organisation"] for row in rows} == {"Ours"}


def test_f9_the_file_is_of_one_moment(world: World, cycle: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """F9: what is signed or changed while the file is written is in the next one."""
    monkeypatch.setattr(all_returns, "AT_ONCE", 1)
    with reading(world.engine) as session:
        rows = all_rows(session, row_of(session, cycle), making.edition(), 1)
        first = next(rows)
        with world.session() as writing:
            writing.execute(update(Answer).where(Answer.key == "bullying").values(grade="inadequate"))
            writing.commit()
        grades = [row[10] for row in (first, *rows) if row[8] == "bullying"]
    assert grades == ["Requires improvement", "Good"]


@pytest.mark.usefixtures("afterwards")
def test_f10_the_trail_says_who_took_the_returns_and_each_organisation_sees_it(
    world: World, visit: Visit, cycle: int
) -> None:
    """F10: a reader of the partnership gets nothing, and nothing is written of that."""
    head = visit(world.person("Robin Head", making.signatory(1)))
    assert "All returns of the round" not in head.get("/returns/1/readers").text
    ellis = officer(world, visit)
    for form in ("xlsx", "csv"):
        ellis.client.get(f"/cycles/{cycle}/returns.{form}", buffered=True)
    with world.session() as session:
        entries = session.scalars(select(TrailEntry).where(TrailEntry.what == "returns taken")).all()
        assert [(each.subject, each.detail) for each in entries] == [
            (f"cycle {cycle}", '{"form":"xlsx","partnership":1}'),
            (f"cycle {cycle}", '{"form":"csv","partnership":1}'),
        ]
    assert head.get("/returns/1/readers").text.count("All returns of the round") == 2


@pytest.mark.usefixtures("afterwards")
def test_f10_a_return_that_was_not_among_them_says_nothing_of_it(
    world: World, visit: Visit, cycle: int
) -> None:
    """F10: one that was signed later, and one of a neighbour."""
    officer(world, visit).client.get(f"/cycles/{cycle}/returns.csv", buffered=True)
    with world.session() as session:
        later = update(Return).where(Return.id == 1).values(signed_at=NOW + timedelta(days=1))
        session.execute(later)
        session.commit()
    head = visit(world.person("Robin Head", making.signatory(1)))
    assert "All returns of the round" not in head.get("/returns/1/readers").text
    other = visit(world.person("Sam Head", making.signatory(2)))
    assert "All returns of the round" in other.get("/returns/2/readers").text


MANY, LONG = 60, "It is written down. " * 1_000


@pytest.fixture
def large(world: World) -> int:
    """A round whose evidence, 14 MB, is many times what is read at once."""
    partnership = world.partnership()
    made = [world.organisation(f"School {number:02}") for number in range(MANY)]
    cycle = world.cycle(partnership)
    with world.session() as session:
        for organisation in made:
            one = Return(
                cycle_id=cycle,
                organisation_id=organisation,
                number=1,
                setting="school",
                status="signed",
                imported=False,
                version=1,
                started_at=NOW,
                signed_at=NOW,
            )
            session.add(one)
            session.flush()
            session.add(ReturnArea(return_id=one.id, area="901"))
            answer = {"return_id": one.id, "grade": GOOD, "not_applicable": False, "reason": "", "version": 1}
            rows = [{**answer, "key": key, "evidence": LONG, "updated_at": NOW} for key in ALL_SCHOOL_KEYS]
            session.execute(insert(Answer), rows)
            write_results(
                session,
                one.id,
                making.edition(),
                making.edition().questionnaires["school"],
                partnerships_of(session, one.id),
            )
        session.commit()
    return cycle


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_round(
    world: World, large: int, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(all_returns, "AT_ONCE", 5)
    with reading(world.engine) as session, tempfile.TemporaryFile() as file:
        cycle = row_of(session, large)
        tracemalloc.start()
        if form == "xlsx":
            write_xlsx(file, sheets_of(session, cycle, making.edition(), 1, "Wexcombe"))
        else:
            for line in csv_lines(HEADER, all_rows(session, cycle, making.edition(), 1)):  # type: ignore[arg-type] # a day is written as ISO
                file.write(line.encode())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < MANY * len(ALL_SCHOOL_KEYS) * len(LONG) / 3


def _cells(book: zipfile.ZipFile, sheet: int) -> list[list[str]]:
    """The cells of a sheet, each as its text, wherever that stands in the file."""
    shared = []
    if "xl/sharedStrings.xml" in book.namelist():
        strings = ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - our own
        shared = ["".join(each.itertext()) for each in strings.findall("m:si", NS)]
    page = ET.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))  # noqa: S314 - our own
    rows = []
    for row in page.findall(".//m:row", NS):
        cells = {}
        for cell in row.findall("m:c", NS):
            text = "".join(cell.itertext())
            column = ord(cell.get("r", "A")[0]) - ord("A")
            cells[column] = shared[int(text)] if cell.get("t") == "s" else text
        rows.append([cells.get(column, "") for column in range(max(cells, default=-1) + 1)])
    return rows


@pytest.mark.usefixtures("afterwards")
def test_a_round_that_no_spreadsheet_can_hold_is_offered_as_csv(
    world: World, visit: Visit, cycle: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F3: more rows than a sheet can hold are refused, in words that say what to do."""
    monkeypatch.setattr("compact.documents.sheets.ROW_LIMIT", 3)
    world.person("Ellis Officer", making.officer(1), email="officer@example.org")
    officer = visit("officer@example.org")

    page = officer.get(f"/cycles/{cycle}/returns.xlsx")

    assert page.h1.startswith("Findings")
    assert "This round has more rows than a spreadsheet can hold. Take it as CSV." in page.text
    assert page.soup.select(f"a[href*='/cycles/{cycle}/returns.csv']")
    assert read_csv(officer, f"/cycles/{cycle}/returns.csv")
