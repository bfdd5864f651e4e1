"""The open format: which tables and columns leave, and how a row is one line of JSON, there and back equal.

It follows the tables as they are declared, so that a further one needs nothing here.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Table, Text
from sqlalchemy.types import TypeEngine

from compact.db import Utc, why_it_stays
from compact.documents.csv_reading import shown
from compact.tables import metadata

Values = dict[str, Any]

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_IN_NO_DATABASE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL takes no NUL; half a surrogate pair is no text
_MOST_DIGITS = 20  # the largest number of 64 bits and its sign


@dataclass(frozen=True)
class Kind:
    """A kind of value: its name for people, how it is written in JSON, and how it is read again, strictly.

    `written` is None when the value goes into JSON as it is. `read` raises ValueError for anything that no
    export writes.
    """

    name: str
    written: Callable[[Any], Any] | None
    read: Callable[[Any], Any]


def _whole_number(bits: int) -> Callable[[Any], int]:
    """Numbers that both databases hold in a column of that many bits."""
    end = 1 << (bits - 1)

    def read(value: Any) -> int:
        if type(value) is not int or not -end <= value < end:  # true is an int to isinstance
            raise ValueError
        return value

    return read


def _read_truth(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError
    return value


def _read_text(value: Any) -> str:
    """Text as it is: nothing is normalised."""
    if type(value) is not str or _IN_NO_DATABASE.search(value):
        raise ValueError
    return value


def _read_day(value: Any) -> date:
    day = date.fromisoformat(_read_text(value))
    if day.isoformat() != value:
        raise ValueError
    return day


def written_moment(moment: datetime) -> str:
    """A moment that is in UTC."""
    return moment.isoformat().removesuffix("+00:00") + "Z"


def _read_moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_read_text(value))
    if written_moment(moment) != value:
        raise ValueError
    return moment


# A large number is a whole number to SQLAlchemy too: the first that fits is taken.
_KINDS: Mapping[type[TypeEngine[Any]], Kind] = {
    BigInteger: Kind("a whole number", None, _whole_number(64)),
    Integer: Kind("a whole number", None, _whole_number(32)),
    Boolean: Kind("true or false", None, _read_truth),
    Text: Kind("text (without NUL or half a character)", None, _read_text),
    Date: Kind("a day such as 2026-11-03", date.isoformat, _read_day),
    Utc: Kind("a moment such as 2026-11-03T14:05:00Z", written_moment, _read_moment),
}


def kind_of(column: Column[Any]) -> Kind:
    """Raises TypeError for a type of column that the format does not know yet."""
    for declared, kind in _KINDS.items():
        if isinstance(column.type, declared):
            return kind
    raise TypeError(f"{column.table.name}.{column.name}: no export knows how to write this type.")


@dataclass(frozen=True)
class Reference:
    """Columns of a table whose values stand in columns of another one."""

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...]


@dataclass(frozen=True)
class Leaving:
    """A table that leaves, with the columns that do, in the order they are declared."""

    table: Table
    columns: Sequence[Column[Any]]

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def file(self) -> str:
        return f"tables/{self.name}.jsonl"

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        return {column.name: kind_of(column) for column in self.columns}

    @cached_property
    def references(self) -> Sequence[Reference]:
        """In the order of their columns, whatever order the constraints come in."""
        found = (
            Reference(
                tuple(each.parent.name for each in constraint.elements),
                constraint.referred_table.name,
                tuple(each.column.name for each in constraint.elements),
            )
            for constraint in self.table.foreign_key_constraints
        )
        return sorted(found, key=lambda reference: (reference.columns, reference.table))

    @cached_property
    def _written(self) -> Sequence[tuple[str, Callable[[Any], Any]]]:
        return [(name, kind.written) for name, kind in self.kinds.items() if kind.written]

    @cached_property
    def _read(self) -> Sequence[tuple[str, Kind, bool]]:
        return [(column.name, self.kinds[column.name], bool(column.nullable)) for column in self.columns]

    def line(self, row: Sequence[Any]) -> bytes:
        """A row, its values in the order of the columns, as a line of the table's file."""
        values = dict(zip(self.kinds, row, strict=True))
        for name, written in self._written:
            if values[name] is not None:
                values[name] = written(values[name])
        return (_ENCODER.encode(values) + "\n").encode()

    def row(self, line: bytes) -> tuple[Values, list[str]]:
        """A line as values for the database, and every mistake in it."""
        try:
            written = read_json(line)
        except ValueError as error:
            return {}, [str(error)]
        if type(written) is not dict:
            return {}, ["is not a row of the form {...}"]
        values: Values = {}
        mistakes = [f"has no “{name}”" for name in self.kinds if name not in written]
        mistakes += [
            f"“{shown(name)}” is no column of this file" for name in written if name not in self.kinds
        ]
        for name, kind, may_be_null in self._read:
            value = written.get(name)
            if value is None:
                values[name] = None
                if not may_be_null and name in written:
                    mistakes.append(f"“{name}” is empty")
                continue
            try:
                values[name] = kind.read(value)
            except ValueError:
                mistakes.append(f"“{name}” is not {kind.name}")
        return values, mistakes


@cache
def leaving() -> Sequence[Leaving]:
    """Every table that leaves, each after those it refers to."""
    return [
        Leaving(table, tuple(column for column in table.columns if why_it_stays(column) is None))
        for table in metadata.sorted_tables
        if why_it_stays(table) is None
    ]


def staying() -> Mapping[str, str]:
    """What stays behind, a table by its name or a column as `table.column`, and why."""
    parts = {table.name: why_it_stays(table) for table in metadata.sorted_tables}
    parts |= {
        f"{each.name}.{column.name}": why_it_stays(column)
        for each in leaving()
        for column in each.table.columns
    }
    return {name: why for name, why in parts.items() if why}


def read_json(text: bytes) -> Any:
    """A JSON value in UTF-8. Raises ValueError, saying what is wrong, where JSON leaves a doubt."""
    try:
        return _DECODER.decode(text.decode())
    except UnicodeDecodeError:
        raise ValueError("is not text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg}, at character {error.pos + 1}") from None
    except RecursionError:
        raise ValueError("is not JSON that any export writes: it is nested too deeply") from None


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"has “{shown(name)}” twice")
        found[name] = value
    return found


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("holds a number that no export writes")
    return int(digits)


def _no_number(word: str) -> Any:
    raise ValueError(f"is not JSON: {word} is no number")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_int=_whole, parse_constant=_no_number)
