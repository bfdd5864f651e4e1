"""A learning summary as page, PDF, spreadsheet and CSV: the same figures from the same values in each."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

from hypothesis import given, settings

from compact.reports.papers import as_pdf, as_sheets, as_xlsx, made, name_of
from compact.reports.summary import Summary
from tests.documents.pdf_reading import Reading
from tests.documents.test_sheets import NS, cells_of, packed_in
from tests.documents.test_tables import FORMULAS
from tests.reports.made_up import finished, question, standard, summaries, whole
from tests.reports.read_back import (
    counts,
    expected,
    from_csv,
    from_csv_rows,
    from_page,
    from_pdf,
    from_sheets,
    page,
    page_tables,
    paper,
    parts_of,
    pdf_rows,
    pdf_tables,
    sentence,
    sheet,
    words,
)

# Every file of the same summary


@settings(max_examples=60, deadline=None)
@given(summaries())
def test_page_spreadsheet_and_csv_give_the_counts_of_the_values(summary: Summary) -> None:
    """F7: what is counted is counted the same, and what is hidden is hidden, in each of them."""
    of_questions, of_standards = expected(summary)

    assert from_csv(summary) == [*of_questions, *of_standards]
    assert from_sheets(summary) == [*of_questions, *of_standards]
    assert from_page(summary) == [*of_questions, *of_standards]


@settings(max_examples=6, deadline=None)
@given(summaries())
def test_the_pdf_gives_the_counts_of_the_values(summary: Summary) -> None:
    """F7: the same of the PDF's own tables; whatever is written in it, it can be made."""
    of_questions, of_standards = expected(summary)

    assert from_pdf(summary) == [*of_questions, *of_standards]


def test_what_is_hidden_is_a_number_nowhere() -> None:
    """The row of a question that four graded holds no figure, in any of the four."""
    summary = whole()
    row = summary.rows["standard-4-question-3"]
    assert row.counts is None
    asked = sentence(row.asked)

    line = next(each for each in from_csv_rows(summary) if each[2] == row.key)
    cells = next(each for each in sheet(summary, "Questions") if each[1] == row.key)
    of_page = next(each for each in page(summary).select("tbody tr") if words(each).startswith(asked))
    of_pdf = next(each for each in pdf_rows(summary) if each and each[0] == asked)

    assert line[4:] == ["not shown", "", "", ""]
    assert set(cells[3:]) == {"not shown"}
    assert words(of_page) == f"{asked} not shown"
    assert of_pdf == [asked, "not shown"]
    assert f"{asked}: " not in Reading(as_pdf(paper(summary))).text


def test_phases_that_are_withheld_are_said_to_be_and_no_more() -> None:
    summary = finished(whole().standards, hidden=("*phases",))
    said = "fewer than five of some phase"

    assert said in words(page(summary))
    assert said in Reading(as_pdf(paper(summary))).text
    assert said in dict(sheet(summary, "About"))["Phases"]
    assert "Phases" not in [each.name for each in as_sheets(paper(summary))]


def test_change_and_phases_are_the_same_in_page_pdf_and_spreadsheet() -> None:
    """F7: rows of standards, each counted then and now, and by phase."""
    summary = whole()
    newest = summary.earlier[0]
    expected = [
        (row.key, f"{row.weak_then} of {row.graded_then}", f"{row.weak_now} of {row.graded_now}")
        for row in newest.standards
    ]
    of_phases = [
        (
            str(number),
            *(f"{row.standards[number][1]} of {row.standards[number][0]}" for row in summary.phases),
        )
        for number in summary.phases[0].standards
    ]

    in_sheet = [row for row in sheet(summary, "Change of standards")[1:] if row[0] == newest.cycle]
    assert [(row[1], f"{row[3]} of {row[4]}", f"{row[6]} of {row[7]}") for row in in_sheet] == expected
    assert [
        (row[0], *(f"{row[at]} of {row[at + 1]}" for at in range(2, len(row), 3)))
        for row in sheet(summary, "Phases")[1:]
    ] == of_phases
    for tables in (page_tables(summary), pdf_tables(summary)):
        change = next(rows for head, rows in tables if head[:3] == ["Standard", "Title", "Then"])
        assert [(row[0], counts(row[2]), counts(row[3])) for row in change] == expected
        phases = next(rows for head, rows in tables if "Primary" in head)
        assert [(row[0], *map(counts, row[2:])) for row in phases] == of_phases


def test_the_advice_is_whole_in_page_pdf_and_spreadsheet() -> None:
    summary = whole()
    flagged = summary.advice[0]
    texts = (flagged.text, *flagged.advice, flagged.example, flagged.practice, "Call them.", *flagged.basis)
    of_sheet = next(row for row in sheet(summary, "Flagged") if row[1] == flagged.key)

    for found in (words(page(summary)), Reading(as_pdf(paper(summary))).text, " ".join(of_sheet)):
        flat = " ".join(found.split())
        assert [text for text in texts if text not in flat] == []


def test_an_old_summary_is_drawn_with_what_it_has() -> None:
    """Values that were published before there was more than standards and advice are still read."""
    before = whole().model_dump()
    for later in ("phases", "earlier", "inspected", "hidden", "opening", "actions"):
        del before[later]
    for each in before["advice"]:
        del each["note"], each["practice"]
    old = Summary.model_validate(before)

    found = words(page(old))
    assert "60 of 64 answered (94%)." in found
    assert "There are no earlier figures to compare these with." in found
    assert "From a setting of the sector" not in found
    assert "60 of 64 answered (94%)." in Reading(as_pdf(paper(old))).text
    assert [each.name for each in as_sheets(paper(old))] == ["About", "Standards", "Questions", "Flagged"]


def test_a_summary_in_which_everything_is_hidden_is_made() -> None:
    hidden = tuple(
        standard(each, "A standard", (question(f"k{each}", "how it is", 3, 1),)) for each in (1, 2)
    )
    summary = finished(hidden)

    assert "Too few of them answered" in words(page(summary))
    assert Reading(as_pdf(paper(summary))).whole.all("H1")
    assert {row[-1] for row in sheet(summary, "Questions")[1:]} == {"not shown"}


# The spreadsheet


def test_f1_no_text_becomes_a_formula_and_numbers_stay_numbers() -> None:
    """F1, F3: a sheet for each table; counts and shares are numbers, and what people wrote is text."""
    hostile = tuple(
        question(f"key-{place}", formula, 50, 20) for place, formula in enumerate(FORMULAS) if formula.strip()
    )
    summary = finished((standard(1, "=1+1", hostile),), note="=cmd()", practice="@SUM(A1)", actions="+1")
    book = packed_in(as_xlsx(paper(summary, foreword="=HYPERLINK()")))

    for name in book.namelist():
        if name.startswith("xl/worksheets/"):
            root = ET.fromstring(book.read(name))  # noqa: S314 - our own
            assert root.findall(".//m:f", NS) == []
            assert root.findall(".//m:hyperlink", NS) == []
    first = ET.fromstring(book.read("xl/worksheets/sheet3.xml")).findall(".//m:row", NS)[1]  # noqa: S314
    assert [cell.get("t", "n") for cell in first.findall("m:c", NS)] == [
        "n",
        "s",
        "s",
        *["n"] * 3,
        "s",
        "s",
        *["n"] * 4,
    ]
    assert "'=1+1" in made(paper(summary), "csv").decode("utf-8-sig")


def test_a_share_is_a_number_with_two_places() -> None:
    row = next(each for each in sheet(whole(), "Questions") if each[1] == "standard-1-question-1")

    assert row[3:6] == ["8", "59", "13.56"]


# The PDF


def test_the_pdf_is_tagged_speaks_english_and_has_a_title() -> None:
    """PDF/UA-1: language, title, headings without a step left out, tables with headers, pictures in words."""
    found = Reading(as_pdf(paper(whole(), "Thank you all.")))

    assert (found.language, found.is_tagged) == ("en-GB", True)
    assert "<pdfuaid:part>1</pdfuaid:part>" in found.metadata
    assert "Schools: what was learnt from Autumn 2026</rdf:li>" in found.metadata
    levels = [int(each.tag[1]) for each in parts_of(found.whole) if re.fullmatch("H[1-6]", each.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= level + 1 for level, later in pairwise(levels))
    tables = found.whole.all("Table")
    assert len(tables) > 10
    assert all(each.all("TH") and each.all("TD") for each in tables)


def test_every_drawing_of_the_pdf_has_its_words() -> None:
    found = Reading(as_pdf(paper(whole())))

    alts = [each.alt for each in found.whole.all("Figure")]
    assert [each.split(". ")[0] for each in alts] == [
        "Grades by standard",
        "Organisations that find something hard, by standard",
        "Standards by phase",
    ]
    assert "4. Service development and voice: 10 of 56 (17.86%), flagged: Outstanding 15, Good 31" in alts[0]
    assert "Spring 2022 (brought in) 8 of 55 (15%)" in alts[1]
    assert "Primary 3 of 30 (10%, flagged)" in alts[2]


def test_f8_the_same_summary_is_the_same_bytes() -> None:
    """F8: page, PDF, spreadsheet and CSV, made twice."""
    for form in ("pdf", "xlsx", "csv"):
        assert made(paper(whole()), form) == made(paper(whole()), form)


def test_f6_a_foreword_of_any_kind_is_printed() -> None:
    """F6: 5,000 characters, emoji and all, in a document that says what it could not print."""
    foreword = ("Thank you 🙂 all. #panic() \u202e= *x* <b> ąß \n\n" * 200)[:5_000]

    found = Reading(as_pdf(paper(whole(), foreword)))

    assert "Thank you □ all. #panic() = *x* <b> ąß" in found.text
    assert "could not be printed" in found.text
    assert cells_of(as_xlsx(paper(whole(), foreword)))


def test_names_that_the_typeface_lacks_are_drawn_too() -> None:
    """A title goes into the drawings as well, which nothing may break in the middle of a tag."""
    title = "Ελλάδα 🙂 " + "x" * 60
    summary = finished((standard(1, title, (question("key", "how it is", 40, 9),)),))

    found = Reading(as_pdf(paper(summary)))

    assert title in found.whole.all("Figure")[0].alt


# Names


def test_f5_the_file_is_named_after_what_it_is() -> None:
    """F5: a name that every system takes, whatever the round is called."""
    summary = whole().model_copy(update={"cycle": '../"Spring" 🙂\n2026'})

    assert name_of(paper(whole()), "pdf").startswith("learning-schools-autumn-2026-portsmouth-safeguarding-")
    assert name_of(paper(summary), "xlsx") == (
        "learning-schools-spring-2026-portsmouth-safeguarding-children-partnership.xlsx"
    )
