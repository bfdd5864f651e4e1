"""The mapping of Ofsted's outcomes of state-funded schools: “latest inspections”, published each month.

The columns and words are Ofsted's own. Three kinds of result stand side by side: report cards (from
10 November 2025), inspections graded by area without an overall grade (from September 2024), and those
graded 1 to 4 with one. A word that is not here is a mistake: a new one may mean anything.
https://www.gov.uk/government/statistical-data-sets/monthly-management-information-ofsteds-school-inspections-outcomes
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from compact.documents.csv_reading import Mistake, Row, Sheet, read_csv, shown
from compact.organisations.gias import REGISTER, day_of
from compact.organisations.rules import Key, repeated
from compact.web.cli import InputMistakes

from .rules import GRADED, REPORT_CARD, WITHOUT_OVERALL, Inspection, Judgement, Listed, Reading

SOURCE = "ofsted-schools"
URN, PUBLISHED = "URN", "Publication date"
MISSING = frozenset({"", "NULL"})

# What Ofsted may say, each word as we keep it by its folded form.
GRADES = ("1", "2", "3", "4")
NUMBERS: Mapping[str, str] = {word.casefold(): word for word in (*GRADES, "9", "Not judged")}
CARD: Mapping[str, str] = {
    word.casefold(): word
    for word in (
        "Exceptional",
        "Strong standard",
        "Expected standard",
        "Needs attention",
        "Urgent improvement",
        "Not applicable",
    )
}
EFFECTIVE: Mapping[str, str] = {word.casefold(): word for word in ("Yes", "No", "9", "Not judged")}
MET: Mapping[str, str] = {word.casefold(): word for word in ("Met", "Not met")}

Words = Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """The columns of one kind of result: its day, its safeguarding line, and what names each area."""

    on: str
    safeguarding: str
    effective: Words
    areas: Mapping[str, str]
    grades: Words
    where_applicable: frozenset[str]

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.on, self.safeguarding, *self.areas)


OVERALL = "Overall effectiveness"
_OEIF_EARLY = "Latest OEIF early years provision (where applicable)"
_OEIF_SIXTH = "Latest OEIF sixth form provision (where applicable)"
_CARD_EARLY, _CARD_SIXTH = "Early years (where applicable)", "Post-16 provision (where applicable)"

GRADED_KIND = Kind(
    on="Inspection start date of latest OEIF graded inspection",
    safeguarding="Latest OEIF safeguarding is effective?",
    effective=EFFECTIVE,
    areas={
        "Latest OEIF overall effectiveness": OVERALL,
        "Latest OEIF quality of education": "Quality of education",
        "Latest OEIF behaviour and attitudes": "Behaviour and attitudes",
        "Latest OEIF personal development": "Personal development",
        "Latest OEIF effectiveness of leadership and management": "Leadership and management",
        _OEIF_EARLY: "Early years provision",
        _OEIF_SIXTH: "Sixth form provision",
    },
    grades=NUMBERS,
    where_applicable=frozenset({_OEIF_EARLY, _OEIF_SIXTH}),
)
CARD_KIND = Kind(
    on="Inspection start date",
    safeguarding="Safeguarding standards",
    effective=MET,
    areas={
        "Inclusion": "Inclusion",
        "Curriculum and teaching": "Curriculum and teaching",
        "Achievement": "Achievement",
        "Attendance and behaviour": "Attendance and behaviour",
        "Personal development and wellbeing": "Personal development and wellbeing",
        _CARD_EARLY: "Early years",
        _CARD_SIXTH: "Post-16 provision",
        "Leadership and governance": "Leadership and governance",
    },
    grades=CARD,
    where_applicable=frozenset({_CARD_EARLY, _CARD_SIXTH}),
)
KINDS = (CARD_KIND, GRADED_KIND)

_URN = re.compile(r"[0-9]{1,8}")


def read(path: Path, known: frozenset[str]) -> Reading:
    """What the file says of the schools with these numbers. Raises InputMistakes with all of its mistakes.

    Of another school's row only its number is looked at.
    """
    optional = [PUBLISHED, *(column for kind in KINDS for column in kind.columns)]
    sheet = read_csv(path, (URN,), optional)
    kinds = _kinds(sheet)
    mistakes = list(sheet.mistakes)
    listed: list[Listed] = []
    elsewhere = undated = 0
    for row in sheet.rows:
        urn = row.cells[URN]
        if not _URN.fullmatch(urn):
            mistakes.append(
                sheet.mistake(row.line, f"the {URN} “{shown(urn)}” is not a number of up to eight digits")
            )
        elif urn not in known:
            elsewhere += 1
        elif wrong := _wrong(row.cells, kinds) or _at_odds(row.cells, kinds):
            mistakes += [sheet.mistake(row.line, message) for message in wrong]
        else:
            found = [_inspection(row.cells, kind) for kind in kinds]
            listed.append(Listed(row.line, urn, tuple(each for each in found if each)))
            undated += any(_has_judgements(row.cells, kind) for kind in kinds) and not any(found)
    mistakes += _twice(sheet)
    if mistakes:
        raise InputMistakes(sorted(mistakes))
    return Reading(listed, elsewhere, undated)


def _kinds(sheet: Sheet) -> tuple[Kind, ...]:
    """The kinds of result that the file holds. Raises InputMistakes when a kind's columns are not whole.

    A renamed column would otherwise be a judgement that nobody misses.
    """
    there = tuple(kind for kind in KINDS if sheet.columns & {kind.safeguarding, *kind.areas})
    needed = [
        column for kind in there or KINDS for column in kind.columns if column not in kind.where_applicable
    ]
    missing = [column for column in needed if column not in sheet.columns]
    if missing:
        raise InputMistakes(Mistake(sheet.file, 1, f"the column “{column}” is missing") for column in missing)
    return there


def _wrong(cells: Mapping[str, str], kinds: Sequence[Kind]) -> list[str]:
    """What cannot be kept of a row: days that are none, words that Ofsted never used."""
    days = (PUBLISHED, *(kind.on for kind in kinds))
    wrong = [
        f"the {column} “{shown(given)}” is not a day written as 31/08/2026"
        for column in days
        if (given := _given(cells, column)) and day_of(given) is None
    ]
    for kind in kinds:
        for column in (kind.safeguarding, *kind.areas):
            given, words = _given(cells, column), _words(kind, column)
            if given and _folded(given) not in words:
                known = ", ".join(f"“{word}”" for word in words.values())
                wrong.append(f"{column}: “{shown(given)}” is not one of Ofsted's words: {known}")
    return wrong


def _at_odds(cells: Mapping[str, str], kinds: Sequence[Kind]) -> list[str]:
    """What is wrong with results that are each right: an inspection is of one kind."""
    days = [inspection.on for kind in kinds if (inspection := _inspection(cells, kind))]
    if len(set(days)) == len(days):
        return []
    return [f"the results of two kinds are both of the inspection of {days[0]:%d/%m/%Y}"]


def _inspection(cells: Mapping[str, str], kind: Kind) -> Inspection | None:
    """A row's result of one kind, which has no mistakes; None where there is none, or it has no day."""
    on = day_of(_given(cells, kind.on))
    if on is None or not _has_judgements(cells, kind):
        return None
    said = {column: kind.grades[_folded(given)] for column in kind.areas if (given := _given(cells, column))}
    safeguarding = _given(cells, kind.safeguarding)
    return Inspection(
        _framework(kind, said),
        on,
        day_of(_given(cells, PUBLISHED)),
        kind.effective[_folded(safeguarding)] if safeguarding else None,
        tuple(Judgement(kind.areas[column], word) for column, word in said.items()),
    )


def _framework(kind: Kind, said: Mapping[str, str]) -> str:
    if kind is CARD_KIND:
        return REPORT_CARD
    overall = next(
        (said[column] for column, area in kind.areas.items() if area == OVERALL and column in said), ""
    )
    return GRADED if overall in GRADES else WITHOUT_OVERALL


def _has_judgements(cells: Mapping[str, str], kind: Kind) -> bool:
    return any(_given(cells, column) for column in (kind.safeguarding, *kind.areas))


def _given(cells: Mapping[str, str], column: str) -> str:
    """What a cell says; nothing where it is empty, not there, or Ofsted's word for missing."""
    cell = cells.get(column, "")
    return "" if cell.upper() in MISSING else cell


def _words(kind: Kind, column: str) -> Words:
    return kind.effective if column == kind.safeguarding else kind.grades


def _folded(word: str) -> str:
    """A word by which it is looked up; a number is the same as 2 and as 02."""
    plain = " ".join(word.split()).casefold()
    return plain.lstrip("0") or plain if plain.isdecimal() else plain


def _twice(sheet: Sheet) -> list[Mistake]:
    rows: Sequence[Row] = sheet.rows
    twice = repeated((row.line, Key(REGISTER, None, row.cells[URN])) for row in rows if row.cells[URN])
    return [sheet.mistake(line, f"the URN is also on line {first}") for line, first in twice.items()]
