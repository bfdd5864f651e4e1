"""What page, PDF, spreadsheet and CSV of a summary say, each read back by itself.

A Row is (standard, title, graded, weak, flagged), with None for figures that are hidden.
"""

import csv
import io
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace

from bs4 import BeautifulSoup, Tag
from flask import Flask, render_template

from compact.documents.tables import as_text
from compact.reports import drawing
from compact.reports.papers import Paper, as_pdf, as_sheets, as_xlsx, made
from compact.reports.summary import IndicatorRow, StandardRow, Summary
from compact.reports.tables import WEAK
from compact.web import frame
from compact.web.clock import now
from compact.web.texts import clean
from tests.documents.pdf_reading import Part, Reading
from tests.documents.test_sheets import cells_of

STANDING = "Published on 3 November 2026 at 2:05pm."


def paper(summary: Summary, foreword: str = "") -> Paper:
    return Paper(summary, STANDING, foreword)


Row = tuple[str, str, int | None, int | None, str]


def expected(summary: Summary) -> tuple[list[Row], list[Row]]:
    """The values themselves: questions in their order, then the standards that were asked in theirs."""
    standards = [value(str(each.number), each.title, each) for each in summary.standards if each.indicators]
    questions = [
        value(str(each.number), sentence(row.asked), row)
        for each in summary.standards
        for row in each.indicators
    ]
    return questions, standards


def value(place: str, title: str, row: StandardRow | IndicatorRow) -> Row:
    if row.counts is None:
        return place, flat(title), None, None, ""
    return place, flat(title), row.counts.graded, row.counts.weak, "yes" if row.flagged else "no"


def from_csv_rows(summary: Summary) -> list[list[str]]:
    text = made(paper(summary), "csv").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def from_csv(summary: Summary) -> list[Row]:
    titles = {as_text(each.title): each.title for each in summary.standards}
    asked = {as_text(row.asked): row.asked for row in summary.rows.values()}
    of_standards: list[Row] = []
    of_questions: list[Row] = []
    for row in from_csv_rows(summary)[1:]:
        into = of_questions if row[2] else of_standards
        title = sentence(asked[row[3]]) if row[2] else titles[row[3]]
        hidden = row[4] == "not shown"
        figures = (None, None, "") if hidden else (int(row[4]), int(row[5]), row[7])
        into.append((row[1], flat(title), *figures))
    unasked = {str(each.number) for each in summary.standards if not each.indicators}
    return [*of_questions, *(row for row in of_standards if row[0] not in unasked)]


def sheet(summary: Summary, name: str) -> list[list[str]]:
    names = [each.name for each in as_sheets(paper(summary))]
    return cells_of(as_xlsx(paper(summary)), names.index(name) + 1)


def from_sheets(summary: Summary) -> list[Row]:
    def read(row: list[str], title: int) -> Row:
        at = row.index("not shown") if "not shown" in row[title + 1 :] else None
        if at is not None:
            assert set(row[title + 1 : title + 10]) == {"not shown"}
            return row[0], flat(row[title]), None, None, ""
        weak, graded = int(row[title + 1]), int(row[title + 2])
        assert sum(map(int, row[title + 6 : title + 10])) == graded
        return row[0], flat(row[title]), graded, weak, row[title + 4]

    questions = [read(row, 2) for row in sheet(summary, "Questions")[1:]]
    standards = [read(row, 1) for row in sheet(summary, "Standards")[1:]]
    return [*questions, *sorted(standards, key=lambda row: int(row[0]))]


def page(summary: Summary) -> Tag:
    """The page as the command writes it."""
    with pages().test_request_context():
        html = render_template(
            "reports/standalone.html",
            summary=summary,
            published=SimpleNamespace(published_at=now(), foreword="A foreword"),
            styles="",
        )
    body = BeautifulSoup(html, "lxml").main
    assert body is not None
    return body


@cache
def pages() -> Flask:
    app = Flask("compact", template_folder=str(frame.STATIC.parent.parent / "templates"))
    frame.init_app(app)
    drawing.init_app(app)
    return app


Rows = list[list[str]]


def page_tables(summary: Summary) -> list[tuple[list[str], Rows]]:
    return [
        (
            [words(each) for each in table.select("thead th")],
            [[words(cell) for cell in row.select("th, td")] for row in table.select("tbody tr")],
        )
        for table in page(summary).select("table")
    ]


def from_page(summary: Summary) -> list[Row]:
    return from_tables(summary, page_tables(summary))


def pdf_tables(summary: Summary) -> list[tuple[list[str], Rows]]:
    return [
        (
            [flat(each.text) for each in table.all("TH")],
            [[flat(cell.text) for cell in row.all("TD")] for row in table.all("TR") if row.all("TD")],
        )
        for table in Reading(as_pdf(paper(summary))).whole.all("Table")
    ]


def pdf_rows(summary: Summary) -> Rows:
    return [row for _, rows in pdf_tables(summary) for row in rows]


def from_pdf(summary: Summary) -> list[Row]:
    return from_tables(summary, pdf_tables(summary), printed=True)


def from_tables(
    summary: Summary, tables: list[tuple[list[str], Rows]], *, printed: bool = False
) -> list[Row]:
    """The standards and the questions of a page's or a paper's tables.

    What the typeface lacks is another character on paper: there texts are taken from the values.
    """
    of_questions = [rows for head, rows in tables if head[0] == "Question" and "Flagged" in head]
    of_standards = next((rows for head, rows in tables if head[:3:2] == ["Standard", WEAK]), [])
    asked = [each for each in summary.standards if each.indicators]
    assert [len(rows) for rows in of_questions] == [len(each.indicators) for each in asked]
    questions = [
        (str(each.number), flat(sentence(row.asked) if printed else cells[0]), *figures(cells[1:]))
        for each, rows in zip(asked, of_questions, strict=True)
        for row, cells in zip(each.indicators, rows, strict=True)
    ]
    titles = {str(each.number): each.title for each in summary.standards}
    standards = [
        (row[0], flat(titles[row[0]] if printed else row[1]), *figures(row[2:])) for row in of_standards
    ]
    return [*questions, *sorted(standards, key=lambda row: int(row[0]))]


def figures(cells: list[str]) -> tuple[int | None, int | None, str]:
    if cells == ["not shown"]:
        return None, None, ""
    weak, graded = (int(each.replace(",", "")) for each in counts(cells[0]).split(" of "))
    assert sum(map(int, cells[2:])) == graded
    return graded, weak, {"Flagged": "yes"}.get(cells[1], cells[1])


def counts(cell: str) -> str:
    return cell.partition(" (")[0]


def parts_of(part: Part) -> Iterator[Part]:
    yield part
    for each in part.parts:
        yield from parts_of(each)


def words(tag: Tag) -> str:
    return flat(tag.get_text(" "))


def flat(text: str) -> str:
    return " ".join(clean(text).split())


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
