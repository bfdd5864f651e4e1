"""The mapping of Ofsted's register of childcare: the list of providers in its management information.

Titles may stand above the header, and the headers drift from one release to the next. An area is known by
its name. Childminders and others who work at home have their names redacted: theirs is made from their
number. A status that is not here is a mistake; a type that is not here comes in all the same.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from compact.documents.csv_reading import Row, did_you_mean, read_sheet, shown
from compact.web.cli import InputMistakes

from .local_authorities import area_named
from .rules import (
    LONGEST_NAME,
    LONGEST_POSTCODE,
    OFSTED,
    Closed,
    Key,
    Listed,
    Reading,
    ofsted_number,
    one_line,
    repeated,
    wrong_text,
)

SETTING = "early_years"
URN, TYPE, NAME, AREA = "Provider URN", "Provider type", "Provider name", "Local authority"
STATUS, POSTCODES = "Provider status", ("Postcode", "Provider postcode")
REQUIRED = (URN, TYPE, NAME, AREA)
OPTIONAL = (STATUS, *POSTCODES)

CHILDMINDER = "childminder"
OPEN, CLOSED, PROPOSED = "open", "closed", "proposed"
STATUSES: Mapping[str, str] = {
    "": OPEN,
    "active": OPEN,
    "registered": OPEN,
    "suspended": OPEN,  # for at most a few weeks, and it still answers for its safeguarding
    "proposed": PROPOSED,
    "resigned": CLOSED,
    "cancelled": CLOSED,
    "closed": CLOSED,
    "inactive": CLOSED,
}
# What stands in a cell that says nothing.
NOTHING = frozenset({"", "-", "redacted", "null", "n/a"})


def read(file: str, data: bytes, wanted: frozenset[str], only: Collection[str] = ()) -> Reading:
    """What the file says of the wanted areas: all but childminders, or the types in `only` alone.

    Raises InputMistakes with all of the file's mistakes. Of a row elsewhere only its number is looked at.
    """
    sheet = read_sheet(file, data, REQUIRED, OPTIONAL, header_holds=URN)
    mistakes = [*sheet.mistakes]
    if unknown_types := _not_there(only, sheet.rows):
        raise InputMistakes(f"--only: {message}" for message in unknown_types)
    entries: list[Listed | Closed] = []
    elsewhere: set[Key] = set()
    strange: dict[str, int] = {}
    for row in sheet.rows:
        area = area_named(row.cells[AREA])
        if area not in wanted:
            if area is None:
                strange[row.cells[AREA]] = strange.get(row.cells[AREA], 0) + 1
            elsewhere.add(_key(row))
            continue
        wrong = list(_wrong(row.cells))
        mistakes += [sheet.mistake(row.line, message) for message in wrong]
        if not wrong and _takes_part(row.cells, only) and (entry := _entry(row, area)):
            entries.append(entry)
    twice = repeated((row.line, _key(row)) for row in sheet.rows if row.cells[URN])
    mistakes += [sheet.mistake(line, f"the {URN} is also on line {first}") for line, first in twice.items()]
    if mistakes:
        raise InputMistakes(sorted(mistakes))
    notes = [f"{AREA} “{shown(name)}”: not known here, in {count} rows" for name, count in strange.items()]
    return Reading(entries, len(sheet.rows) - len(entries), frozenset(elsewhere), notes)


def _entry(row: Row, area: str) -> Listed | Closed | None:
    """What a row without mistakes says; None when the provider is not registered yet."""
    cells, key = row.cells, _key(row)
    status = STATUSES[_said(cells.get(STATUS, "")).casefold()]
    if status == CLOSED:
        return Closed(row.line, key, None)
    if status == PROPOSED:
        return None
    says: dict[str, Any] = {"areas": frozenset({area}), "closed_on": None}
    at_first: dict[str, Any] = {"setting": SETTING}
    if name := _said(cells[NAME]):
        says["name"] = name
    else:
        at_first["name"] = f"{_said(cells[TYPE]) or 'Provider'} {key.identifier}"
    if postcode := next((said for each in POSTCODES if (said := _said(cells.get(each, "")))), None):
        says["postcode"] = postcode
    return Listed(row.line, key, says, at_first)


def _takes_part(cells: Mapping[str, str], only: Collection[str]) -> bool:
    kind = _type(cells)
    return kind in {_folded(each) for each in only} if only else not kind.startswith(CHILDMINDER)


def _not_there(only: Collection[str], rows: Collection[Row]) -> list[str]:
    """What is wrong with the types that are asked for: the file has no provider of that type."""
    if not only:
        return []
    types = {_type(row.cells): _said(row.cells[TYPE]) for row in rows}
    return [
        f"no provider of the file is of the type “{shown(each)}”"
        + (
            did_you_mean(each, types.values())
            or f": there is {', '.join(sorted(filter(None, types.values())))}"
        )
        for each in only
        if _folded(each) not in types
    ]


def _wrong(cells: Mapping[str, str]) -> Iterator[str]:
    if ofsted_number(cells[URN]) is None:
        yield (
            f"the {URN} “{shown(cells[URN])}” is not six or seven digits, or EY or VC and six digits, "
            "such as EY123456"
        )
    for column, longest in ((NAME, LONGEST_NAME), *((each, LONGEST_POSTCODE) for each in POSTCODES)):
        if wrong := wrong_text(column, one_line(cells.get(column, "")), longest):
            yield wrong
    status = _said(cells.get(STATUS, ""))
    if status.casefold() not in STATUSES:
        known = ", ".join(f"“{word}”" for word in STATUSES if word)
        yield f"the status “{shown(status)}” is not known here: {known}"


def _key(row: Row) -> Key:
    return Key(OFSTED, None, ofsted_number(row.cells[URN]) or row.cells[URN])


def _said(cell: str) -> str:
    """A cell's words; empty where the register writes that it says nothing."""
    words = one_line(cell)
    return "" if words.casefold() in NOTHING else words


def _type(cells: Mapping[str, str]) -> str:
    return _folded(_said(cells[TYPE]))


def _folded(text: str) -> str:
    return one_line(text).casefold().replace("-", " ")
