"""Everything in again: every row of an export checked and written, in the order of their references.

What the tables' own rules say, the database says: uniqueness, and the conditions that are declared.
"""

import zipfile
from collections.abc import Iterator, Sequence

from sqlalchemy import insert
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from compact.sign_off.verifying import verify_sign_offs
from compact.trail.verifying import verify_trail

from .archive import LONGEST_LINE, Tell, lines
from .manifest import Manifest
from .open_format import Leaving, Reference, Values, leaving

MOST_MISTAKES = 1_000
"""So many are listed: a file with more is not put right by hand."""
ROWS_AT_ONCE = 1_000
BYTES_AT_ONCE = 4 * 1024 * 1024

Numbered = tuple[int, Values]
"""A row with the line it stands on."""


def bring_in(session: Session, archive: zipfile.ZipFile, listed: Manifest, tell: Tell) -> list[str]:
    """Write every row into the empty tables. Every mistake; after the first, rows are checked alone.

    Flushes, never commits: where there is a mistake, whoever began the transaction gives it up.
    """
    mistakes: list[str] = []
    expected = {each.table: each.rows for each in listed.tables}
    ids = Ids(leaving())
    for leaves in leaving():
        rows = 0
        for part in _parts(archive, leaves.file):
            found, read = _read(leaves, part, rows + 1, ids)
            if not (mistakes or found):
                found = _write(session, leaves, read)
            mistakes += [f"{leaves.file}:{line}: {what}" for line, what in found]
            rows += len(part)
            tell(len(part))
            if len(mistakes) >= MOST_MISTAKES:
                return [
                    *mistakes[:MOST_MISTAKES],
                    f"There may be more: these are the first {MOST_MISTAKES:,}.",
                ]
        if rows != expected[leaves.name]:
            mistakes.append(
                f"{leaves.file}: has {rows:,} rows where the manifest says {expected[leaves.name]:,}"
            )
    return mistakes


def broken_chains(session: Session) -> list[str]:
    """What `compact trail verify` would say of what was written."""
    try:
        chains = (verify_trail(session), verify_sign_offs(session))
    except (LookupError, RecursionError, TypeError, ValueError):
        return ["a sign-off: its content is none that this release has written"]
    return [str(chain.broken) for chain in chains if chain.broken]


class Ids:
    """The values that other tables refer to, gathered while their own rows pass by."""

    def __init__(self, tables: Sequence[Leaving]) -> None:
        references = [reference for each in tables for reference in each.references]
        self._found: dict[tuple[str, tuple[str, ...]], set[object]] = {
            (reference.table, reference.target): set() for reference in references
        }
        self._of = {
            each.name: [target for table, target in self._found if table == each.name] for each in tables
        }

    def gather(self, leaves: Leaving, row: Values) -> None:
        for target in self._of[leaves.name]:
            self._found[leaves.name, target].add(_value(row, target))

    def lacks(self, reference: Reference, row: Values) -> bool:
        """Whether a row refers to one that is not there. Where a part is null it refers to none."""
        if _value(row, reference.columns) in self._found[reference.table, reference.target]:
            return False
        return all(row.get(column) is not None for column in reference.columns)


def _value(row: Values, columns: tuple[str, ...]) -> object:
    """One value without a tuple around it: there may be a million."""
    return row.get(columns[0]) if len(columns) == 1 else tuple(row.get(column) for column in columns)


def _parts(archive: zipfile.ZipFile, file: str) -> Iterator[list[bytes]]:
    """The lines of a file, so many at a time as memory bears."""
    part: list[bytes] = []
    size = 0
    for line in lines(archive, file):
        part.append(line)
        size += len(line)
        if len(part) == ROWS_AT_ONCE or size >= BYTES_AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part


def _read(
    leaves: Leaving, part: Sequence[bytes], first: int, ids: Ids
) -> tuple[list[tuple[int, str]], list[Numbered]]:
    """The mistakes of some lines, and their rows."""
    mistakes: list[tuple[int, str]] = []
    rows: list[Numbered] = []
    for number, line in enumerate(part, start=first):
        row, found = leaves.row(line) if len(line) <= LONGEST_LINE else ({}, ["is longer than any row"])
        found += [
            f"refers to a row of {reference.table} that is not there, by “{'”, “'.join(reference.columns)}”"
            for reference in leaves.references
            if ids.lacks(reference, row)
        ]
        ids.gather(leaves, row)
        mistakes += [(number, what) for what in found]
        rows.append((number, row))
    return mistakes, rows


def _write(session: Session, leaves: Leaving, rows: Sequence[Numbered]) -> list[tuple[int, str]]:
    """Write some rows; the first that the database refuses, and why. Then none of them is written."""
    try:
        with session.begin_nested():
            session.execute(insert(leaves.table), [row for _, row in rows])
    except (IntegrityError, DataError) as error:
        if len(rows) == 1:
            why = str(error.orig).partition("\n")[0]  # what follows would repeat the row
            return [(rows[0][0], f"the database refuses it: {why}")]
        half = len(rows) // 2
        return _write(session, leaves, rows[:half]) or _write(session, leaves, rows[half:])
    return []
