"""A summary's tables as values, once: page, PDF and spreadsheet are drawn from these, so that they agree.

What is hidden is HIDDEN in each of its cells; nothing here is counted anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from compact.analysis.rules import share
from compact.documents.sheets import Cell as SheetCell
from compact.documents.sheets import Sheet
from compact.web.texts import sentence_case

from .summary import Advice, Counts, Earlier, IndicatorRow, StandardRow, Summary, ThenRow


class Hidden(Enum):
    """What stands where a figure is kept back."""

    NOT_SHOWN = "not shown"


HIDDEN = Hidden.NOT_SHOWN
# Titles of columns that not every paper has room for.
WEAK, FLAGGED = "Requires improvement or worse", "Flagged"
ONE_ALONE, NOT_SHOWN = "One alone would flag it", "Questions not shown"


@dataclass(frozen=True)
class Counted:
    """How many found something weak, of those who graded it."""

    weak: int
    graded: int

    @property
    def share(self) -> Decimal | None:
        """In percent, two decimals; None where nobody graded it."""
        return share(self.weak, self.graded)

    @property
    def exact(self) -> Fraction:
        return Fraction(self.weak, self.graded) if self.graded else Fraction(-1)

    def __str__(self) -> str:
        percent = f" ({self.share}%)" if self.graded else ""
        return f"{self.weak:,} of {self.graded:,}{percent}"


Cell = str | int | Counted | Hidden


class Kind(Enum):
    WORDS = "words"
    PLACE = "place"  # a number that names, like a standard's
    NUMBER = "number"
    COUNTED = "counted"


@dataclass(frozen=True)
class Column:
    title: str
    kind: Kind = Kind.WORDS

    @property
    def is_number(self) -> bool:
        return self.kind in (Kind.NUMBER, Kind.COUNTED)


STANDARD = Column("Standard", Kind.PLACE)


@dataclass(frozen=True)
class Table:
    """A named table; `head` is the place of the column that names its rows."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    head: int = 0

    def without(self, *titles: str) -> "Table":
        """The same without some columns."""
        kept = [place for place, column in enumerate(self.columns) if column.title not in titles]
        return Table(
            self.name,
            tuple(self.columns[place] for place in kept),
            tuple(tuple(row[place] for place in kept) for row in self.rows),
            kept.index(self.head),
        )


def shown(cell: Cell) -> str:
    """A cell as people read it."""
    if isinstance(cell, Hidden):
        return cell.value
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def as_sheet(table: Table) -> Sheet:
    """The table for a spreadsheet: a share is three columns there, each a number."""
    header = [title for column in table.columns for title in _titles(column)]
    rows = [
        [part for column, cell in zip(table.columns, row, strict=True) for part in _parts(column, cell)]
        for row in table.rows
    ]
    return Sheet(table.name, header, rows)


def _titles(column: Column) -> Sequence[str]:
    if column.kind is not Kind.COUNTED:
        return [column.title]
    return [column.title, f"{column.title}: of those who graded it", f"{column.title}: percent"]


def _parts(column: Column, cell: Cell) -> Sequence[SheetCell]:
    if isinstance(cell, Counted):
        return [cell.weak, cell.graded, cell.share]
    kept = cell.value if isinstance(cell, Hidden) else cell
    return [kept] * len(_titles(column))


def standards(summary: Summary) -> Table:
    """The standards that were asked: those that are shown by share, the highest first, then the hidden."""
    hidden = [each for each in summary.standards if each.counts is None and each.indicators]
    rows = [
        (
            each.number,
            each.title,
            *_figures(each, summary),
            each.hidden,
        )
        for each in (*summary.shown_by_share, *hidden)
    ]
    columns = (STANDARD, Column("Title"), *_figure_columns(summary), _number(NOT_SHOWN))
    return Table("Standards", columns, tuple(rows), head=1)


def indicators(summary: Summary, standard: StandardRow | None = None) -> Table:
    """Every question in its order, or those of one standard."""
    of = summary.standards if standard is None else (standard,)
    rows = [
        (each.number, row.key, sentence_case(row.asked), *_figures(row, summary))
        for each in of
        for row in each.indicators
    ]
    columns = (STANDARD, Column("Key"), Column("Question"), *_figure_columns(summary))
    name = "Questions" if standard is None else f"Grades in standard {standard.number}, {standard.title}"
    return Table(name, columns, tuple(rows), head=2)


def _figure_columns(summary: Summary) -> Iterator[Column]:
    """What matters most stands first: on a narrow screen the grades are looked up to the right of it."""
    yield from (Column(WEAK, Kind.COUNTED), Column(FLAGGED), Column(ONE_ALONE))
    yield from (_number(grade.label) for grade in summary.scale)


def _figures(row: StandardRow | IndicatorRow, summary: Summary) -> Iterator[Cell]:
    counts = row.counts
    if counts is None:
        yield from [HIDDEN] * len(list(_figure_columns(summary)))
        return
    yield from (counted(counts), _yes(row.flagged), _yes(counts.one_alone_flags))
    yield from (counts.grades.get(grade.key, 0) for grade in summary.scale)


def counted(counts: Counts) -> Counted:
    return Counted(counts.weak, counts.graded)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def phases(summary: Summary) -> Table | None:
    """The standards by phase; None where there is one phase, or the table is withheld."""
    if not summary.phases:
        return None
    numbers = {number for row in summary.phases for number in row.standards}
    columns = [Column(phase_name(row.phase), Kind.COUNTED) for row in summary.phases]
    rows = [
        (each.number, each.title, *(_of_phase(row.standards.get(each.number)) for row in summary.phases))
        for each in summary.standards
        if each.number in numbers
    ]
    return Table("Phases", (STANDARD, Column("Title"), *columns), tuple(rows), head=1)


def _of_phase(counts: tuple[int, int] | None) -> Cell:
    graded, weak = counts or (0, 0)
    return Counted(weak, graded) if counts else HIDDEN


def changed_standards(summary: Summary, earlier: Sequence[Earlier]) -> Table:
    """The standards that can be compared with earlier rounds."""
    titles = {str(each.number): each.title for each in summary.standards}
    rows = [
        (each.cycle, int(row.key), titles[row.key], *_change(row))
        for each in earlier
        for row in each.standards
    ]
    columns = (Column("Round"), STANDARD, Column("Title"), *_CHANGE)
    return Table("Change of standards", columns, tuple(rows), head=2)


def changed_indicators(summary: Summary, earlier: Sequence[Earlier]) -> Table:
    """The questions that mean the same in an earlier round and are shown in both."""
    numbers = {row.key: each.number for each in summary.standards for row in each.indicators}
    rows = [
        (each.cycle, numbers[row.key], row.key, sentence_case(summary.rows[row.key].asked), *_change(row))
        for each in earlier
        for row in each.indicators
    ]
    columns = (Column("Round"), STANDARD, Column("Key"), Column("Question"), *_CHANGE)
    return Table("Change of questions", columns, tuple(rows), head=3)


_CHANGE = (Column("Then", Kind.COUNTED), Column("Now", Kind.COUNTED), Column("Found hard by"))


def _change(row: ThenRow) -> Iterator[Cell]:
    then, now = Counted(row.weak_then, row.graded_then), Counted(row.weak_now, row.graded_now)
    yield from (then, now)
    yield "fewer" if now.exact < then.exact else "more" if now.exact > then.exact else "the same"


def rounds(summary: Summary) -> Table:
    """The rounds that this one is compared with."""
    rows = [
        (each.cycle, _yes(each.brought_in), len(each.indicators), each.left_out) for each in summary.earlier
    ]
    columns = (
        Column("Round"),
        Column("Brought in from earlier forms"),
        _number("Questions compared"),
        _number("Questions left out"),
    )
    return Table("Earlier rounds", columns, tuple(rows))


def flagged(summary: Summary) -> Table:
    """The flagged questions with all that is said of them, the highest share first."""
    numbers = {row.key: each.number for each in summary.standards for row in each.indicators}
    rows = [
        (
            numbers[each.key],
            each.key,
            sentence_case(each.asked),
            _advised(summary, each),
            each.text,
            "\n".join(each.advice),
            each.example,
            each.practice,
            each.note,
            "\n".join(each.basis),
        )
        for each in advice_by_share(summary)
    ]
    columns = (
        STANDARD,
        Column("Key"),
        Column("Question"),
        Column(WEAK, Kind.COUNTED),
        *map(Column, ("In place it looks like this", "What helps", "An example")),
        *map(Column, ("From a setting of the sector", "From the partnership", "What it rests on")),
    )
    return Table("Flagged", columns, tuple(rows), head=2)


def advice_by_share(summary: Summary) -> list[Advice]:
    """What there is advice on, the highest share first; equal ones in the order they are asked in."""
    return sorted(summary.advice, key=lambda each: -_exact(summary, each))


def _exact(summary: Summary, advice: Advice) -> Fraction:
    counts = summary.rows[advice.key].counts
    return counted(counts).exact if counts else Fraction(-1)


def _advised(summary: Summary, advice: Advice) -> Cell:
    counts = summary.rows[advice.key].counts
    return counted(counts) if counts else HIDDEN


def phase_name(phase: str) -> str:
    """A phase as people read it: All through, Post 16."""
    return phase.replace("_", " ").capitalize()


def _number(title: str) -> Column:
    return Column(title, Kind.NUMBER)
