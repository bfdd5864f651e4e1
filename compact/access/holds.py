"""What holds a statement to somebody's rows: worked out from its expression, once for each statement.

A table of tenants (`TENANTS` in its model) is held where one of its columns that refers to a return, an
organisation or a round is compared with a parameter, by `==` or `IN`, and the condition is true of every row
that the statement touches: it stands in the WHERE or the ON, joined by AND to the rest. What is joined to a
held table by such a column is held as well. The names of parameters do not matter.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Delete,
    Insert,
    Join,
    ScalarSelect,
    Select,
    Update,
)
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BooleanClauseList,
    ColumnClause,
    Grouping,
    Label,
    TextClause,
)
from sqlalchemy.sql.selectable import AliasedReturnsRows, FromClause

from compact.db import Base, is_tenants

# The tables whose ids a scope holds, each with its name there.
KINDS: Mapping[str, str] = {"return": "returns", "organisation": "organisations", "cycle": "cycles"}
# What still holds a table that is joined by such an id to one that it holds: every return of a held
# organisation is held, but not every return of the round that a held return is in.
CARRIED: Mapping[str, frozenset[str]] = {
    "returns": frozenset({"returns", "organisations", "cycles"}),
    "organisations": frozenset({"returns", "organisations"}),
    "cycles": frozenset({"cycles"}),
}
# The columns that say whose a row is; a round is of many.
OWNERS = ("returns", "organisations")


class Hold(NamedTuple):
    """The ids that hold a table: their kind, and the parameter that gives them."""

    kind: str
    parameter: str


Holds = frozenset[Hold]
Held = Mapping[FromClause, Holds]
NOTHING: Holds = frozenset()


@dataclass(frozen=True)
class Named:
    """A table of tenants that a statement names. One hold whose ids all lie in the scope is enough."""

    table: str
    holds: Holds


class Condition(NamedTuple):
    """That a table's id of a kind equals something, or is in it; so it is in every row of these tables."""

    table: Any
    kind: str
    equals: Any
    in_rows_of: Collection[FromClause]


def named_by(compiled: SQLCompiler) -> frozenset[Named]:
    """The tables of tenants that a statement names, as often as it does with other holds."""
    statement = compiled.statement
    if not isinstance(statement, Select | CompoundSelect | Insert | Update | Delete):
        return named_in(compiled.string)
    reader = _Reader({bind.key: name for bind, name in compiled.bind_names.items()})
    reader.read(statement)
    seen = {each.table for each in reader.named}
    unseen = {name for name in _places().findall(compiled.string) if name not in seen}
    in_texts = (named_in(text) for text in _texts(statement))
    return frozenset(reader.named).union(map(Named, unseen, repeat(NOTHING)), *in_texts)


def named_in(text: str) -> frozenset[Named]:
    """The same of a statement that is mere text: nothing can be said of what holds it."""
    return frozenset(Named(name, NOTHING) for name in _words().findall(text))


@cache
def _words() -> re.Pattern[str]:
    names = sorted(table.name for table in Base.metadata.tables.values() if is_tenants(table))
    return re.compile(rf"\b({'|'.join(names)})\b")


@cache
def _places() -> re.Pattern[str]:
    """A name where a table stands; a column may be called the same."""
    return re.compile(rf'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?{_words().pattern}')


class _Reader:
    """Reads one statement with all that stands in it; `named` gathers what it names."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self.named: list[Named] = []
        self._parameters = parameters  # their names by the keys that they have in the expression
        self._within: dict[Select[Any], Held] = {}

    def read(self, statement: Any) -> None:
        if isinstance(statement, Insert):
            self._insert(statement)
        elif isinstance(statement, Update | Delete):
            self._change(statement)
        elif isinstance(statement, Select):
            self._alone(statement)
        else:
            for each in _selects(statement):
                self._alone(each)

    def _alone(self, select: Select[Any]) -> Held:
        """Read a SELECT that sees no other one's tables, such as one that stands in FROM."""
        if select not in self._within:
            self._within[select] = {}  # a recursive one finds itself
            self._within[select] = self._select(select, {})
        return self._within[select]

    def _select(self, select: Select[Any], around: Held) -> Held:
        """Read a SELECT within another one; what holds its own tables. What it shares is the other one's."""
        froms = select.get_final_froms()
        if len(froms) > 1 and select._auto_correlate:  # as SQLAlchemy has it; otherwise all are its own
            froms = [each for each in froms if each not in around]
        tables, conditions = _taken_apart(froms)
        return self._hold(select, tables, [*conditions, *_conditions(select.whereclause, tables)], around)

    def _change(self, statement: Update | Delete) -> None:
        found = list(_conditions(statement.whereclause, ()))
        tables = list(dict.fromkeys([statement.table, *(each.table for each in found)]))
        self._hold(statement, tables, [each._replace(in_rows_of=tables) for each in found], {})
        if isinstance(statement, Update) and is_tenants(statement.table):
            self._written(statement.table)

    def _insert(self, statement: Insert) -> None:
        """Read an INSERT. Its rows must say whose they are, each of them."""
        for each in _selects(statement):
            self._alone(each)
        table, select = statement.table, statement.select
        if not is_tenants(table):
            return
        if isinstance(select, Select):
            given = dict(zip(statement._select_names or (), select.selected_columns, strict=True))
            for kind, column in _owners(table):
                holds = self._equal(kind, given.get(column.key), self._alone(select))
                self.named.append(Named(table.name, holds))
        elif not self._written(table):
            self.named.append(Named(table.name, NOTHING))

    def _written(self, table: Any) -> bool:
        """Note what a statement's own values say of whose the rows are; whether they say it."""
        given = [
            Named(table.name, frozenset({Hold(kind, name)}))
            for kind, column in _owners(table)
            for name in self._parameters.values()
            if re.fullmatch(rf"{column.key}(_m\d+)?", name)  # with a number where VALUES has several rows
        ]
        self.named += given
        return bool(given)

    def _hold(
        self, statement: Any, tables: Sequence[FromClause], conditions: Sequence[Condition], around: Held
    ) -> Held:
        """Work out what holds each table, note it, and read what stands inside."""
        held: dict[FromClause, Holds] = {**around, **dict.fromkeys(tables, NOTHING)}
        grows = True
        while grows:
            grows = False
            for table, kind, equals, in_rows_of in conditions:
                if table in in_rows_of:
                    new = self._equal(kind, equals, held) - held[table]
                    held[table] |= new
                    grows = grows or bool(new)
        own = {table: held[table] for table in tables}
        for table, holds in own.items():
            self._note(table, holds)
        for select in _selects(statement):
            if select not in self._within:
                self._select(select, own)
        return own

    def _note(self, table: Any, holds: Holds) -> None:
        if not isinstance(table, AliasedReturnsRows):
            if is_tenants(table):
                self.named.append(Named(table.name, holds))
        elif isinstance(table.element, FromClause):
            self._note(table.element, holds)
        else:
            self.read(table.element)

    def _equal(self, kind: str, other: Any, held: Held) -> Holds:
        """What holds a column of this kind that equals another expression."""
        if isinstance(other, Grouping | Label | ScalarSelect):
            return self._equal(kind, other.element, held)
        if isinstance(other, BindParameter):
            name = self._parameters.get(other.key)
            return NOTHING if name is None else frozenset({Hold(kind, name)})
        if isinstance(other, Select):
            return self._equal(kind, next(iter(other.selected_columns)), self._alone(other))
        if not isinstance(other, ColumnClause) or _kind(other) != kind:
            return NOTHING
        table: Any = other.table
        carried = frozenset(hold for hold in held.get(table, NOTHING) if hold.kind in CARRIED[kind])
        inside = getattr(table, "element", None)
        if isinstance(inside, Select):
            carried |= self._equal(kind, inside.selected_columns.get(other.key), self._alone(inside))
        return carried


def _taken_apart(froms: Sequence[Any]) -> tuple[list[FromClause], list[Condition]]:
    """The tables of a FROM, and the conditions of its joins. An outer join leaves out no row of its left."""
    tables: list[FromClause] = []
    conditions: list[Condition] = []
    for each in froms:
        if not isinstance(each, Join):
            tables.append(each)
            continue
        left, of_left = _taken_apart([each.left])
        right, of_right = _taken_apart([each.right])
        joined = [] if each.full else right if each.isouter else left + right
        tables += left + right
        conditions += [*of_left, *of_right, *_conditions(each.onclause, joined)]
    return tables, conditions


def _conditions(clause: Any, in_rows_of: Collection[FromClause]) -> Iterator[Condition]:
    """The conditions on ids in a clause that is one condition, or several joined by AND."""
    if isinstance(clause, Grouping):
        yield from _conditions(clause.element, in_rows_of)
    elif isinstance(clause, BooleanClauseList) and clause.operator is operators.and_:
        for each in clause.clauses:
            yield from _conditions(each, in_rows_of)
    elif isinstance(clause, BinaryExpression) and clause.operator in (operators.eq, operators.in_op):
        sides = [(clause.left, clause.right), (clause.right, clause.left)]
        for column, other in sides if clause.operator is operators.eq else sides[:1]:
            if isinstance(column, ColumnClause) and (kind := _kind(column)):
                yield Condition(column.table, kind, other, in_rows_of)


def _selects(element: Any) -> Iterator[Select[Any]]:
    """The SELECTs that stand in an expression, but for those in its FROM."""
    for child in element.get_children():
        if isinstance(child, Select):
            yield child
        elif isinstance(child, Join) or not isinstance(child, FromClause):
            yield from _selects(child)


def _texts(statement: Any) -> Iterator[str]:
    """The mere text that stands in a statement."""
    for each in visitors.iterate(statement):
        if isinstance(each, TextClause):
            yield each.text
        elif isinstance(each, ColumnClause) and each.is_literal:
            yield each.name


def _owners(table: Any) -> Iterator[tuple[str, ColumnClause[Any]]]:
    return ((kind, column) for column in table.columns if (kind := _kind(column)) in OWNERS)


def _kind(column: ColumnClause[Any]) -> str | None:
    """Which ids a column holds: those that it refers to, or its own table's."""
    for base in column.base_columns:
        for key in base.foreign_keys:
            return KINDS.get(key.target_fullname.split(".")[0])
        if base.primary_key:
            return KINDS.get(base.table.name)
    return None
