"""Everything out: each table's rows streamed into one ZIP file, with its manifest and an explanation."""

import hashlib
import json
import zipfile
from datetime import datetime
from typing import IO, Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Text, func, select

from compact import migrating

from . import manifest
from .archive import README, Tell, entry
from .explanation import explanation
from .manifest import Manifest, TableFile
from .open_format import Leaving, leaving, staying, written_moment

AT_ONCE = 100
"""How many rows are held in memory: a sign-off holds a whole return."""


def size(connection: Connection) -> int:
    """How many rows leave."""
    return sum(connection.scalar(select(func.count()).select_from(each.table)) or 0 for each in leaving())


def export(connection: Connection, file: IO[bytes], made_at: datetime, tell: Tell) -> Manifest:
    """Write everything that the connection sees, which has to be one moment of a database up to date."""
    revision = migrating.revision(connection)
    assert revision is not None  # noqa: S101 - the database is up to date
    release = manifest.release()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(entry(README), explanation(leaving(), staying(), release, revision))
        made = Manifest(
            format=manifest.FORMAT,
            version=manifest.FORMAT_VERSION,
            made_by=release,
            made_at=written_moment(made_at),
            revision=revision,
            tables=[_write(archive, connection, each, tell) for each in leaving()],
            left_behind=dict(staying()),
        )
        text = json.dumps(made.model_dump(), ensure_ascii=False, indent=1)
        archive.writestr(entry(manifest.FILE), f"{text}\n")
    return made


def _write(archive: zipfile.ZipFile, connection: Connection, leaves: Leaving, tell: Tell) -> TableFile:
    digest, rows, written = hashlib.sha256(), 0, 0
    found = connection.execute(
        _rows(leaves, connection.dialect.name), execution_options={"yield_per": AT_ONCE}
    )
    # How large it gets is not known before: ZIP64 holds more than 4 GB.
    with archive.open(entry(leaves.file), "w", force_zip64=True) as opened:
        for part in found.partitions():
            lines = b"".join(map(leaves.line, part))
            digest.update(lines)
            opened.write(lines)
            rows, written = rows + len(part), written + len(lines)
            tell(len(part))
    return TableFile(table=leaves.name, file=leaves.file, rows=rows, bytes=written, sha256=digest.hexdigest())


def _rows(leaves: Leaving, dialect: str) -> Select[Any]:
    keys = leaves.table.primary_key.columns
    return select(*leaves.columns).order_by(*(_in_one_order(key, dialect) for key in keys))


def _in_one_order(column: Column[Any], dialect: str) -> ColumnElement[Any]:
    """Text in the order of its characters' numbers: SQLite's own, and not that of PostgreSQL's language."""
    is_text = isinstance(column.type, Text)
    return column.collate("C") if is_text and dialect == "postgresql" else column
