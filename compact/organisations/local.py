"""The mapping of a partnership's own list: the local CSV, `identifier,name,setting,areas` and more.

It may also hold bodies of national registers that have no importer: its column `register` names them.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compact.documents.csv_reading import did_you_mean, read_sheet, shown
from compact.web.cli import InputMistakes

from .rules import (
    LOCAL,
    LONGEST_IDENTIFIER,
    LONGEST_NAME,
    LONGEST_POSTCODE,
    OFSTED,
    PHASES,
    Key,
    Listed,
    Reading,
    area_of,
    is_email,
    ofsted_number,
    one_line,
    repeated,
    wrong_text,
)

REQUIRED = ("identifier", "name", "setting", "areas")
OPTIONAL = ("register", "phase", "trust", "postcode", "contact")
HIPS = "hips"
# Registers that people write in many ways; any other is kept as it is written.
REGISTERS = ("GIAS", OFSTED, "ODS", "ONS", LOCAL)

_REGISTER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,39}")
_REGISTER_BY_FOLDED = {register.casefold(): register for register in REGISTERS}


@dataclass(frozen=True)
class Place:
    """What a row is read against: the wanted areas, whose an area is, and the editions' setting types."""

    wanted: frozenset[str]
    partnership_of: Mapping[str, int]
    settings: Collection[str]


def read(file: str, data: bytes, place: Place) -> Reading:
    """What the list says of the wanted areas. Raises InputMistakes with all of the file's mistakes.

    Of a row elsewhere only its areas, register and identifier are looked at.
    """
    sheet = read_sheet(file, data, REQUIRED, OPTIONAL)
    mistakes = list(sheet.mistakes)
    entries: list[Listed] = []
    elsewhere: set[Key] = set()
    keys: list[tuple[int, Key]] = []
    for row in sheet.rows:
        areas, wrong = _areas(row.cells["areas"])
        key = _key(row.cells, areas, place)
        if key.identifier and (key.register != LOCAL or key.owner_id is not None):
            keys.append((row.line, key))
        if not wrong and not place.wanted.intersection(areas):
            elsewhere.add(key)
            continue
        wrong += _wrong(row.cells, areas, key, place)
        mistakes += [sheet.mistake(row.line, message) for message in wrong]
        if not wrong:
            entries.append(Listed(row.line, key, _says(row.cells, areas)))
    for line, first in repeated(keys).items():
        mistakes.append(sheet.mistake(line, f"the same register and identifier are on line {first}"))
    if mistakes:
        raise InputMistakes(sorted(mistakes))
    return Reading(entries, len(sheet.rows) - len(entries), frozenset(elsewhere))


def _areas(cell: str) -> tuple[tuple[str, ...], list[str]]:
    """The areas of a row in its order, each once, and what is wrong with them."""
    if not cell:
        return (), ["areas is empty: give three-digit codes, such as 850|851"]
    parts = {part.strip(): area_of(part.strip()) for part in cell.split("|")}
    areas = tuple(dict.fromkeys(area for area in parts.values() if area is not None))
    wrong = [
        f"the area “{shown(part)}” is not a three-digit code" for part, area in parts.items() if area is None
    ]
    return areas, wrong


def _key(cells: Mapping[str, str], areas: Sequence[str], place: Place) -> Key:
    """Who the row is about. A local organisation belongs to the first of its areas that has a partnership."""
    given = one_line(cells.get("register", "")) or LOCAL
    register = _REGISTER_BY_FOLDED.get(given.casefold(), given)
    owners = (place.partnership_of[area] for area in areas if area in place.partnership_of)
    identifier = one_line(cells["identifier"])
    if register == OFSTED:
        identifier = ofsted_number(identifier) or identifier
    return Key(register, next(owners, None) if register == LOCAL else None, identifier)


def _says(cells: Mapping[str, str], areas: Sequence[str]) -> dict[str, Any]:
    """A row without mistakes as fields. An empty contact says nothing: it may have been collected by hand."""
    says: dict[str, Any] = {
        "name": one_line(cells["name"]),
        "setting": _word(cells["setting"]),
        "areas": frozenset(areas),
    }
    for field in ("trust", "postcode"):
        if field in cells:
            says[field] = one_line(cells[field]) or None
    if "phase" in cells:
        says["phase"] = _word(cells["phase"]) or None
    if cells.get("contact"):
        says["contact_email"] = cells["contact"]
    return says


def _wrong(cells: Mapping[str, str], areas: Sequence[str], key: Key, place: Place) -> Iterator[str]:
    yield from _wrong_texts(cells, key)
    if key.register == LOCAL and areas and key.owner_id is None:
        yield f"no partnership answers for {' or '.join(areas)}: a local organisation belongs to one"
    setting, phase, contact = _word(cells["setting"]), _word(cells.get("phase", "")), cells.get("contact", "")
    if not setting:
        yield "setting is empty"
    elif setting not in place.settings:
        yield f"there is no setting type {_unknown(cells['setting'], place.settings)}"
    if setting == HIPS and len(areas) == 1:
        yield f"{HIPS} is for bodies that work in two or more areas; this row has {areas[0]} alone"
    if phase and phase not in PHASES:
        yield f"there is no phase {_unknown(cells['phase'], PHASES)}"
    if contact and not is_email(contact):
        yield f"the contact “{shown(contact)}” is not an e-mail address"


def _wrong_texts(cells: Mapping[str, str], key: Key) -> Iterator[str]:
    for column, longest in (
        ("identifier", LONGEST_IDENTIFIER),
        ("name", LONGEST_NAME),
        ("trust", LONGEST_NAME),
        ("postcode", LONGEST_POSTCODE),
    ):
        text = one_line(cells.get(column, ""))
        wrong = wrong_text(column, text, longest)
        if wrong:
            yield wrong
        elif not text and column in REQUIRED:
            yield f"{column} is empty"
    if not _REGISTER.fullmatch(key.register):
        yield f"the register “{shown(key.register)}” is not up to 40 letters, digits, spaces and hyphens"


def _unknown(given: str, known: Collection[str]) -> str:
    near = did_you_mean(given, known) or f": use one of {', '.join(known)}"
    return f"“{shown(given)}”{near}"


def _word(text: str) -> str:
    """A word of ours from how people write it: Early years, post-16."""
    return one_line(text).casefold().replace(" ", "_").replace("-", "_")
