"""Command, page, PDF, spreadsheet, CSV and annual statement tell what plain counting gives, and no more."""

import csv
import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask

from tests import making
from tests.conftest import Ended
from tests.making import SCHOOL_KEYS, World
from tests.pages import Page, Visitor

from . import plainly, rounds
from .past_pages import publish
from .plainly import Figures, Plain
from .rounds import KEYS, NEAR, STANDARD, Body

SECTOR = "school"
FIGURES = re.compile(r"([\d,]+) of ([\d,]+)\s+\((\d+\.\d\d)%\)")
HIDDEN = "not shown"
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LABELS = ("Outstanding", "Good", "Requires improvement", "Inadequate")
WEAK_COLUMN = "Requires improvement or worse"


def _telling(number: int) -> bool:
    """Whether a round shows some questions and hides others, and has figures to compare and phases."""
    now, then = (plainly.published(rounds.made_round(each), SECTOR, NEAR) for each in (number, number + 1))
    return 2 <= len(now.rows) <= 3 and bool(now.phases) and bool(plainly.compared(now, then)[0])


TELLING = [each for each in range(400) if _telling(each)][:5]
PAIRS = [TELLING[0], *(pytest.param(each, marks=pytest.mark.campaign) for each in TELLING)]


@dataclass(frozen=True)
class Told:
    """A round that is published, in the database and in plain values."""

    bodies: Sequence[Body]
    cycle: int
    own: Mapping[str, int]
    now: Plain
    then: Plain

    @property
    def figures(self) -> set[Figures]:
        """Every pair of counts that may be told."""
        keys, standards = plainly.compared(self.now, self.then)
        return {
            *(self.now.figures(key) for key in self.now.rows),
            *self.now.standards.values(),
            *(each for row in self.now.phases.values() for each in row.values()),
            *(each for pair in (*keys.values(), *standards.values()) for each in pair),
        }


@pytest.fixture(params=PAIRS)
def told(request: pytest.FixtureRequest, world: World, app: Flask) -> Told:
    own = rounds.partnerships(world, 0)
    head_school = world.organisation("Head School", areas=["100"], setting="statutory")
    world.person("Head", making.signatory(head_school))
    world.person("Officer", making.officer(own[NEAR]))
    now, then = (rounds.made_round(each) for each in (request.param, request.param + 1))
    before = rounds.write(world, then, 0, own, years_ago=2)
    publish(world, app, before.cycle, own[NEAR])
    places = rounds.write(world, now, 0, own)
    publish(world, app, places.cycle, own[NEAR])
    plain = [plainly.published(each, SECTOR, NEAR) for each in (now, then)]
    return Told(now, places.cycle, own, *plain)


def test_every_document_tells_the_same(
    told: Told, visit: Callable[[str], Visitor], compact: Callable[..., Ended], tmp_path: Path
) -> None:
    head, address = visit("head@example.org"), f"/learning/{told.cycle}/{SECTOR}"
    files = {ending: head.get(f"{address}.{ending}").response.get_data() for ending in ("pdf", "xlsx", "csv")}

    _the_page(head.get(address), told)
    _the_pdf(_text_of(files["pdf"], tmp_path), told)
    _the_spreadsheet(files["xlsx"], told)
    _the_csv(files["csv"].decode("utf-8-sig"), told)
    _the_command(compact, told, files["csv"], tmp_path)
    _the_statement(visit("officer@example.org").get(f"/analysis/{told.cycle}/statement"), told)


def _the_page(page: Page, told: Told) -> None:
    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select("tbody tr")]
    assert f"{told.now.received:,} of {told.now.due:,} schools" in page.text
    for key in _all_keys():
        own = [row for row in rows if row.startswith(_question(key))]
        assert own, key
        for row in own if key in told.now.rows else ():
            assert _in_words(told.now.figures(key)) in row
        assert any(_grades_end(row, told.now.rows[key]) for row in own) if key in told.now.rows else True
        if key not in told.now.rows:
            assert all(row == f"{_question(key)} {HIDDEN}" for row in own)
    _tells_nothing_else(page.text, told)


def _the_pdf(text: str, told: Told) -> None:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert any(f"{told.now.received:,} of {told.now.due:,} schools" in line for line in lines)
    for key in _all_keys():
        own = [line for line in lines if line.startswith(_question(key)[:30])]
        if key in told.now.rows:
            wanted = _in_words(told.now.figures(key))
            assert any(wanted in line and _grades_end(line, told.now.rows[key]) for line in own), key
        else:
            assert all(line.endswith(HIDDEN) for line in own), key
            assert own
    for number, figures in told.now.standards.items():
        assert any(line.startswith(f"{number} ") and _in_words(figures) in line for line in lines)
    _tells_nothing_else(text, told)


def _the_spreadsheet(file: bytes, told: Told) -> None:
    sheets = _sheets(file)
    questions = {row["Key"]: row for row in sheets["Questions"]}
    assert questions.keys() == set(_all_keys())
    for key, row in questions.items():
        if key in told.now.rows:
            _has_figures(row, told.now.figures(key))
            grades = [row[label] for label in LABELS]
            assert grades == [str(told.now.rows[key][grade]) for grade in rounds.GRADES]
        else:
            assert {row[name] for name in (WEAK_COLUMN, *LABELS, "Flagged")} == {HIDDEN}
    for row in sheets["Standards"]:
        number = int(row["Standard"])
        if number in told.now.standards:
            _has_figures(row, told.now.standards[number])
        else:
            assert row[WEAK_COLUMN] == HIDDEN
    phases = {
        (name, int(row["Standard"])): (int(row[name]), int(row[f"{name}: of those who graded it"]))
        for row in sheets["Phases"]
        for name in ("Primary", "Secondary")
    }
    wanted = {(p.capitalize(), n): each for p, row in told.now.phases.items() for n, each in row.items()}
    assert phases == wanted
    then = {row["Key"]: int(row["Then: of those who graded it"]) for row in sheets["Change of questions"]}
    assert then == {key: graded for key, ((_, graded), _) in plainly.compared(told.now, told.then)[0].items()}


def _has_figures(row: Mapping[str, str], figures: Figures) -> None:
    weak, graded = figures
    told = (row[WEAK_COLUMN], row[f"{WEAK_COLUMN}: of those who graded it"], row["Flagged"])
    assert told == (str(weak), str(graded), "yes" if plainly.stands_out(figures) else "no")
    assert f"{float(row[f'{WEAK_COLUMN}: percent']):.2f}" == plainly.percent(figures)


def _the_csv(text: str, told: Told) -> None:
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        number, key = int(row["standard"]), row["indicator"]
        is_shown = key in told.now.rows if key else number in told.now.standards
        counts = [row[name] for name in ("graded", "weak", "share", "flagged")]
        if not is_shown:
            assert counts == [HIDDEN, "", "", ""]
            continue
        weak, graded = figures = told.now.figures(key) if key else told.now.standards[number]
        flagged = "yes" if plainly.stands_out(figures) else "no"
        assert counts == [str(graded), str(weak), plainly.percent(figures), flagged]
    assert {row["indicator"] for row in rows if row["indicator"]} == set(_all_keys())


def _the_command(compact: Callable[..., Ended], told: Told, published: bytes, folder: Path) -> None:
    """The command tells the desk's counts of everything, and writes the published file as it is."""
    name, partnership = "Round 0 of 2026", "near 0"
    options = ("--partnership", partnership, "--sector", SECTOR, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(compact("analyse", name, *options).out)))
    for key in KEYS:
        row = next(each for each in rows if each["indicator"] == key)
        figures = plainly.figures_at_the_desk(told.bodies, SECTOR, NEAR, [key])
        assert (int(row["weak"]), int(row["graded"])) == figures
    by_standard = list(
        csv.DictReader(io.StringIO(compact("analyse", name, *options, "--by", "standard").out))
    )
    for number in set(STANDARD.values()):
        row = next(each for each in by_standard if each["standard"] == str(number))
        keys = [key for key in KEYS if STANDARD[key] == number]
        figures = plainly.figures_at_the_desk(told.bodies, SECTOR, NEAR, keys)
        assert (int(row["weak"]), int(row["graded"])) == figures
    out = folder / "summary.csv"
    ended = compact("report", name, SECTOR, "--partnership", partnership, "--format", "csv", "--out", out)
    assert (ended.code, out.read_bytes()) == (0, published)


def _the_statement(page: Page, told: Told) -> None:
    tables = {each.caption.get_text(): each for each in page.soup.select("table") if each.caption}
    rows = [
        [cell.get_text() for cell in row.select("th, td")] for row in tables["Standards"].select("tbody tr")
    ]
    for row in rows:
        number = int(row[1])
        if number in told.now.standards:
            weak, graded = figures = told.now.standards[number]
            flagged = "yes" if plainly.stands_out(figures) else "no"
            assert row[3:7] == [str(weak), str(graded), plainly.percent(figures), flagged]
            assert (f"({weak} of {graded})" in page.fields()["text"]) or flagged == "no"
        else:
            assert set(row[3:8]) == {HIDDEN}
    told_in_words = {
        (int(weak), int(of)) for weak, of in re.findall(r"\((\d+) of (\d+)\)", page.fields()["text"])
    }
    assert told_in_words <= told.figures


def _all_keys() -> list[str]:
    return [key for keys in SCHOOL_KEYS.values() for key in keys]


def _question(key: str) -> str:
    return f"How {key.replace('-', ' ')} is looked after"


def _in_words(figures: Figures) -> str:
    return f"{figures[0]} of {figures[1]} ({plainly.percent(figures)}%)"


def _grades_end(row: str, grades: Mapping[str, int]) -> bool:
    return row.endswith(" ".join(str(grades[each]) for each in rounds.GRADES))


def _tells_nothing_else(text: str, told: Told) -> None:
    """No pair of counts stands there but those that may be told; each share is its own."""
    found = FIGURES.findall(text)
    assert found
    for weak, graded, share in found:
        figures = int(weak.replace(",", "")), int(graded.replace(",", ""))
        assert figures in told.figures
        assert share == plainly.percent(figures)


def _text_of(pdf: bytes, folder: Path) -> str:
    file = folder / "summary.pdf"
    file.write_bytes(pdf)
    command = ["pdftotext", "-layout", str(file), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _sheets(file: bytes) -> dict[str, list[dict[str, str]]]:
    """The sheets by name, each row by its header, read from the XML itself."""
    with zipfile.ZipFile(io.BytesIO(file)) as book:
        texts = [
            "".join(part.text or "" for part in each.iter(f"{SPREADSHEET}t"))
            for each in ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - our own
        ]
        names = [
            each.attrib["name"]
            for each in ET.fromstring(book.read("xl/workbook.xml")).iter(f"{SPREADSHEET}sheet")  # noqa: S314
        ]
        pages = [book.read(f"xl/worksheets/sheet{number}.xml") for number in range(1, len(names) + 1)]
    found = {}
    for name, page in zip(names, pages, strict=True):
        header, *rows = [_cells(row, texts) for row in ET.fromstring(page).iter(f"{SPREADSHEET}row")]  # noqa: S314
        found[name] = [{title: row.get(column, "") for column, title in header.items()} for row in rows]
    return found


def _cells(row: ET.Element, texts: Sequence[str]) -> dict[str, str]:
    """The cells of a row by the letter of their column."""
    cells = {}
    for cell in row.iter(f"{SPREADSHEET}c"):
        value = cell.find(f"{SPREADSHEET}v")
        if value is not None and value.text is not None:
            text = texts[int(value.text)] if cell.attrib.get("t") == "s" else value.text
            cells[cell.attrib["r"].rstrip("0123456789")] = text
    return cells
