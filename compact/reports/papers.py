"""A learning summary to take away: PDF, spreadsheet and CSV, drawn from the published values alone.

Whoever shows a number of a summary makes a Paper of it, and of that what is asked for::

    made(Paper(published.summary, standing(published), published.foreword), "pdf")
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from compact.documents import sheets, typeset
from compact.documents.file_names import file_name
from compact.documents.printable import Printable, paragraphs
from compact.documents.sheets import Cell, Sheet, to_xlsx
from compact.documents.svg import Drawing
from compact.web.clock import shown_moment

from . import tables, words
from .drawing import as_csv
from .store import Published
from .summary import Summary
from .tables import Hidden, Table, as_sheet, shown
from .told import Advised, Told, tell

TEMPLATE = "reports/summary.typ"
Part = dict[str, Any]


@dataclass(frozen=True)
class Paper:
    """A summary and what it is: `standing` says when it was published, or that it is none yet."""

    summary: Summary
    standing: str
    foreword: str = ""

    @property
    def title(self) -> str:
        return f"{self.summary.sector_title}: what was learnt from {self.summary.cycle}"


def as_pdf(paper: Paper) -> bytes:
    printable = Printable()
    told = tell(paper.summary)
    data = printable.data(_data(paper, told))
    drawings = {
        "standards": _drawn(told.standards_drawn),
        "change": _drawn(told.change_drawn),
        "phases": _drawn(told.phases_drawn),
    }
    return typeset.pdf(TEMPLATE, {**data, "drawings": drawings, "unprintable": printable.told()})


def as_xlsx(paper: Paper) -> bytes:
    """A sheet for each table that there is, the first about the summary itself."""
    return to_xlsx(list(as_sheets(paper)))


def as_sheets(paper: Paper) -> Iterator[Sheet]:
    summary = paper.summary
    yield Sheet("About", ("What", "Value"), list(_about(paper)))
    yield as_sheet(tables.standards(summary))
    yield as_sheet(tables.indicators(summary))
    yield as_sheet(tables.flagged(summary))
    if by_phase := tables.phases(summary):
        yield as_sheet(by_phase)
    if summary.earlier:
        yield as_sheet(tables.rounds(summary))
        yield as_sheet(tables.changed_standards(summary, summary.earlier))
        yield as_sheet(tables.changed_indicators(summary, summary.earlier))


def _csv(paper: Paper) -> bytes:
    """With a mark, by which spreadsheets know that it is UTF-8."""
    return as_csv(paper.summary).encode("utf-8-sig")


def standing(published: Published | None) -> str:
    """What a summary is, in a sentence."""
    if published is None:
        return "A draft: not published."
    number = f"Number {published.number}, published" if published.number > 1 else "Published"
    return f"{number} on {shown_moment(published.published_at)}."


MADE: Mapping[str, tuple[str, Callable[[Paper], bytes]]] = MappingProxyType(
    {
        "pdf": ("application/pdf", as_pdf),
        "xlsx": (sheets.MIMETYPE, as_xlsx),
        "csv": ("text/csv", _csv),
    }
)


def made(paper: Paper, form: str) -> bytes:
    """The file in one of the forms of MADE."""
    return MADE[form][1](paper)


def name_of(paper: Paper, form: str) -> str:
    """A name for the file under which its reader finds it again."""
    summary = paper.summary
    return file_name("learning", summary.sector_title, summary.cycle, summary.partnership, ending=form)


def _about(paper: Paper) -> Iterator[tuple[Cell, Cell]]:
    summary = paper.summary
    yield "Learning summary", paper.title
    yield "Partnership", summary.partnership
    yield "Standing", paper.standing
    yield "Round", summary.cycle
    yield "Edition of the questions", summary.edition
    yield "Sector", summary.sector_title
    yield "Returns due", summary.due
    yield "Returns signed", summary.received
    yield "Of these brought in from earlier forms", summary.imported
    yield "Flagged above (percent)", summary.threshold
    yield "Phases", "shown" if summary.phases else words.by_phase(summary) or "There is one phase."
    if found := summary.inspected:
        yield "Returns that were inspected after signing", found.returns
        yield "Of these more hopeful than the inspectors", found.hopeful
    for name, texts in (
        ("What everyone should know", words.in_short(summary)),
        ("Foreword", paragraphs(paper.foreword)),
        ("What the partnership will do", paragraphs(summary.actions)),
        ("How the figures were made", words.method(summary)),
    ):
        yield from ((name, text) for text in texts)


def _data(paper: Paper, told: Told) -> Part:
    return {
        "title": paper.title,
        "subtitle": f"{told.summary.partnership}. {paper.standing}",
        "publisher": told.summary.partnership,
        "footer": f"{told.summary.partnership}. {told.summary.sector_title}, {told.summary.cycle}",
        "headings": told.headings,
        "in_short": told.in_short,
        "foreword": paragraphs(paper.foreword),
        "standards": {"words": told.standards_words, "table": _table(told.standards)},
        "change": {"words": told.change, "rounds": _rounds(told)},
        "difficult": {"words": told.found_hard, "advised": [_advised(each, told) for each in told.advised]},
        "phases": {"words": told.by_phase, "table": _table(told.phases)},
        "trust": told.trust,
        "actions": told.actions,
        "details": [
            {"heading": each.heading, "words": each.words, "table": _table(each.questions)}
            for each in told.details
        ],
        "then": _table(told.questions_then),
        "method": told.method,
    }


def _rounds(told: Told) -> list[Part]:
    return [
        {
            "heading": f"Since {each.earlier.cycle}",
            "words": each.words,
            "improved": each.improved,
            "harder": each.harder,
            "table": _table(each.standards),
        }
        for each in told.changes
    ]


def _advised(each: Advised, told: Told) -> Part:
    advice = each.advice
    beside = (
        ("From a setting of the sector", advice.practice),
        (f"From {told.summary.partnership}", advice.note),
    )
    return {
        "heading": each.heading,
        "anchor": f"advice-{advice.key}",
        "counted": str(each.counted),
        "words": each.words,
        "text": advice.text,
        "steps": advice.advice,
        "example": advice.example,
        "beside": [(name, paragraphs(said)) for name, said in beside if said],
        "basis": "; ".join(advice.basis),
    }


def _drawn(drawn: Drawing | None) -> Part | None:
    """A drawing for the paper, whose labels stand in its tables too: what is lost of them is told there. Its
    words are for screen readers, which know every character."""
    return {**drawn.as_data, "svg": Printable().unbroken(str(drawn.svg))} if drawn else None


def _table(table: Table | None) -> Part | None:
    """A table for the paper: cells that are kept back are one cell to the end of their row."""
    if table is None or not table.rows:
        return None
    return {
        "columns": [{"title": each.title, "kind": each.kind.value} for each in table.columns],
        "head": table.head,
        "rows": [list(_cells(row)) for row in table.rows],
    }


def _cells(row: tuple[tables.Cell, ...]) -> Iterator[Part]:
    hidden = sum(isinstance(each, Hidden) for each in row)
    for place, cell in enumerate(row):
        if not isinstance(cell, Hidden):
            yield {"words": shown(cell), "over": 1}
        elif place == 0 or not isinstance(row[place - 1], Hidden):
            yield {"words": shown(cell), "over": hidden}
