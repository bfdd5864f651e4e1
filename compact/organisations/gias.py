"""The mapping of the register of schools: the extract of Get Information About Schools.

The words and codes are the register's own. A status that is not here is a mistake. A type or phase that is
not here still comes in, with a note: a new kind of school must not keep all the others out.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from compact.documents.csv_reading import Row, read_sheet, shown
from compact.web.cli import InputMistakes

from .rules import (
    LONGEST_NAME,
    LONGEST_POSTCODE,
    Closed,
    Key,
    Listed,
    Reading,
    area_of,
    one_line,
    repeated,
    wrong_text,
)

REGISTER = "GIAS"
SETTING = "school"

AREA, NAME, URN = "LA (code)", "EstablishmentName", "URN"
TYPE, TYPE_CODE = "TypeOfEstablishment (name)", "TypeOfEstablishment (code)"
STATUS, STATUS_CODE = "EstablishmentStatus (name)", "EstablishmentStatus (code)"
PHASE, PHASE_CODE = "PhaseOfEducation (name)", "PhaseOfEducation (code)"
CLOSE_DATE, POSTCODE, TRUST = "CloseDate", "Postcode", "Trusts (name)"
LAST_CHANGED = "LastChangedDate"
REQUIRED = (URN, AREA, NAME, (TYPE, TYPE_CODE), (STATUS, STATUS_CODE), (PHASE, PHASE_CODE))
OPTIONAL = (CLOSE_DATE, POSTCODE, TRUST, LAST_CHANGED)

# A table's rows: the register's code, its name, and what we make of it.
Table = tuple[tuple[str, str, str | None], ...]

OPEN, CLOSED, PROPOSED = "open", "closed", "proposed"
STATUSES: Table = (
    ("1", "Open", OPEN),
    ("2", "Closed", CLOSED),
    ("3", "Open, but proposed to close", OPEN),
    ("4", "Proposed to open", PROPOSED),
)

# The phase that the type alone tells; BY_PHASE, where the phase of education tells it; or OUTSIDE, what is
# no school or college in England that answers for its safeguarding under section 175 or 157.
BY_PHASE, OUTSIDE = "by phase", "outside"
TYPES: Table = (
    ("1", "Community school", BY_PHASE),
    ("2", "Voluntary aided school", BY_PHASE),
    ("3", "Voluntary controlled school", BY_PHASE),
    ("5", "Foundation school", BY_PHASE),
    ("6", "City technology college", BY_PHASE),
    ("7", "Community special school", "special"),
    ("8", "Non-maintained special school", "special"),
    ("10", "Other independent special school", "special"),
    ("11", "Other independent school", "independent"),
    ("12", "Foundation special school", "special"),
    ("14", "Pupil referral unit", "alternative_provision"),
    ("15", "Local authority nursery school", "nursery"),
    ("18", "Further education", "post_16"),
    ("24", "Secure units", BY_PHASE),
    ("25", "Offshore schools", OUTSIDE),
    ("26", "Service children's education", OUTSIDE),
    ("27", "Miscellaneous", BY_PHASE),
    ("28", "Academy sponsor led", BY_PHASE),
    ("29", "Higher education institutions", OUTSIDE),
    ("30", "Welsh establishment", OUTSIDE),
    ("31", "Sixth form centres", "post_16"),
    ("32", "Special post 16 institution", "post_16"),
    ("33", "Academy special sponsor led", "special"),
    ("34", "Academy converter", BY_PHASE),
    ("35", "Free schools", BY_PHASE),
    ("36", "Free schools special", "special"),
    ("37", "British schools overseas", OUTSIDE),
    ("38", "Free schools alternative provision", "alternative_provision"),
    ("39", "Free schools 16 to 19", "post_16"),
    ("40", "University technical college", BY_PHASE),
    ("41", "Studio schools", BY_PHASE),
    ("42", "Academy alternative provision converter", "alternative_provision"),
    ("43", "Academy alternative provision sponsor led", "alternative_provision"),
    ("44", "Academy special converter", "special"),
    ("45", "Academy 16-19 converter", "post_16"),
    ("46", "Academy 16 to 19 sponsor led", "post_16"),
    ("47", "Children's centre", OUTSIDE),
    ("48", "Children's centre linked site", OUTSIDE),
    ("49", "Online provider", OUTSIDE),
    ("56", "Institution funded by other government department", BY_PHASE),
    ("57", "Academy secure 16 to 19", "post_16"),
)

PHASES: Table = (
    ("0", "Not applicable", None),
    ("1", "Nursery", "nursery"),
    ("2", "Primary", "primary"),
    ("3", "Middle deemed primary", "primary"),
    ("4", "Secondary", "secondary"),
    ("5", "Middle deemed secondary", "secondary"),
    ("6", "16 plus", "post_16"),
    ("7", "All-through", "all_through"),
)

_URN = re.compile(r"[0-9]{1,8}")
_DAY = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})")
_RANGE = re.compile(r"([0-9])\s*(?:-|–|to)\s*([0-9])")


def read(file: str, data: bytes, wanted: frozenset[str]) -> Reading:
    """What the extract says of the wanted areas. Raises InputMistakes with all of the file's mistakes.

    Of a row elsewhere only its number and area are looked at.
    """
    sheet = read_sheet(file, data, REQUIRED, OPTIONAL)
    mistakes = list(sheet.mistakes)
    entries: list[Listed | Closed] = []
    elsewhere: set[Key] = set()
    unknown: dict[str, int] = {}
    as_of: dict[str, date] = {}
    for row in sheet.rows:
        area = area_of(row.cells[AREA])
        if area is not None and area not in wanted:
            elsewhere.add(_key(row))
            continue
        wrong = list(_wrong(row.cells, area))
        if wrong or area is None:
            mistakes += [sheet.mistake(row.line, message) for message in wrong]
            continue
        if changed := day_of(row.cells.get(LAST_CHANGED, "")):
            as_of[area] = max(changed, as_of.get(area, changed))
        for word in _unknown(row.cells):
            unknown[word] = unknown.get(word, 0) + 1
        entry = _entry(row, area)
        if entry is not None:
            entries.append(entry)
    twice = repeated((row.line, _key(row)) for row in sheet.rows if row.cells[URN])
    mistakes += [sheet.mistake(line, f"the URN is also on line {first}") for line, first in twice.items()]
    if mistakes:
        raise InputMistakes(sorted(mistakes))
    notes = [f"{word}: not known here, in {count} of the rows taken" for word, count in unknown.items()]
    return Reading(entries, len(sheet.rows) - len(entries), frozenset(elsewhere), notes, as_of)


def is_urn(text: str) -> bool:
    return _URN.fullmatch(text) is not None


def phase_of(cells: Mapping[str, str]) -> str | None:
    """A school's phase: from its type where that tells, otherwise from its phase of education."""
    kind = _kind(cells)
    if kind not in (None, BY_PHASE):
        return kind
    word = _word(_PHASES, cells, PHASE, PHASE_CODE)
    return _PHASES[word] if word else None


def day_of(text: str) -> date | None:
    """A day as the register writes it, 31-08-2026, or as a spreadsheet makes of it, 31/08/2026."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    day, month, year = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _entry(row: Row, area: str) -> Listed | Closed | None:
    """What a row without mistakes says; None when it does not take part."""
    cells = row.cells
    status = _status(cells)
    if status == CLOSED:
        return Closed(row.line, _key(row), day_of(cells.get(CLOSE_DATE, "")))
    if status == PROPOSED or _kind(cells) == OUTSIDE:
        return None
    says: dict[str, Any] = {
        "name": one_line(cells[NAME]),
        "areas": frozenset({area}),
        "phase": phase_of(cells),
        "closed_on": None,
    }
    for field, column in (("postcode", POSTCODE), ("trust", TRUST)):
        if column in cells:
            says[field] = one_line(cells[column]) or None
    # A partnership may have moved a school to another questionnaire: only a new one is given its setting.
    return Listed(row.line, _key(row), says, {"setting": SETTING})


def _wrong(cells: Mapping[str, str], area: str | None) -> Iterator[str]:
    if area is None:
        yield f"the {AREA} “{shown(cells[AREA])}” is not a number of up to three digits"
    if not is_urn(cells[URN]):
        yield f"the {URN} “{shown(cells[URN])}” is not a number of up to eight digits"
    if not cells[NAME]:
        yield f"the {NAME} is empty"
    for column, longest in ((NAME, LONGEST_NAME), (TRUST, LONGEST_NAME), (POSTCODE, LONGEST_POSTCODE)):
        wrong = wrong_text(column, one_line(cells.get(column, "")), longest)
        if wrong:
            yield wrong
    if _status(cells) is None:
        given = cells.get(STATUS) or cells.get(STATUS_CODE, "")
        known = ", ".join(f"“{name}”" for _, name, _ in STATUSES)
        yield f"the status “{shown(given)}” is not one of the register: {known}"
    closes = cells.get(CLOSE_DATE, "")
    if closes and day_of(closes) is None:
        yield f"the {CLOSE_DATE} “{shown(closes)}” is not a day written as 31-08-2026"


def _unknown(cells: Mapping[str, str]) -> Iterator[str]:
    """The row's words for type and phase that are not in the tables above."""
    for table, name, code in ((_TYPES, TYPE, TYPE_CODE), (_PHASES, PHASE, PHASE_CODE)):
        given = cells.get(name) or cells.get(code)
        if given and _word(table, cells, name, code) is None:
            yield f"{name} “{shown(given)}”"


def _key(row: Row) -> Key:
    return Key(REGISTER, None, row.cells[URN])


@lru_cache(maxsize=4096)  # a file of 50,000 rows holds a few dozen words
def _folded(word: str) -> str:
    return _RANGE.sub(r"\1-\2", one_line(word).casefold().replace("’", "'").replace(",", ""))


def _index(table: Table) -> dict[str, str | None]:
    """A table's meanings by code and by folded name."""
    return {key: meaning for code, name, meaning in table for key in (code, _folded(name))}


_STATUSES, _TYPES, _PHASES = _index(STATUSES), _index(TYPES), _index(PHASES)
_PHASES["all through"] = "all_through"


def _word(table: Mapping[str, str | None], cells: Mapping[str, str], name: str, code: str) -> str | None:
    """The row's word as the table has it: by name, or by code where the name is empty or new."""
    number = cells.get(code, "")
    words = (_folded(cells.get(name, "")), number.lstrip("0") or number[:1])  # codes come as 2 or 02
    return next((word for word in words if word in table), None)


def _status(cells: Mapping[str, str]) -> str | None:
    """The status; None for a new name, whatever its code: it decides who is asked at all."""
    if cells.get(STATUS) and _folded(cells[STATUS]) not in _STATUSES:
        return None
    word = _word(_STATUSES, cells, STATUS, STATUS_CODE)
    return _STATUSES[word] if word else None


def _kind(cells: Mapping[str, str]) -> str | None:
    word = _word(_TYPES, cells, TYPE, TYPE_CODE)
    return _TYPES[word] if word else None
