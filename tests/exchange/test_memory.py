"""A large database goes out and in through little memory."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from compact.cycles.models import EditionText
from compact.db import SQLITE_CACHE_KB
from config import ROOT
from tests import making
from tests.conftest import Template
from tests.exchange.everything import table_files

# A process of its own whose peak the kernel keeps: what a driver holds is not in Python's own count.
PROGRAM = """
import sys
from pathlib import Path
from compact import db, migrating
from compact.exchange import archive, exporting, importing, target
from compact.exchange.open_format import leaving
from compact.web.clock import now

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))

def out_and_in(source, into, file):
    with db.at_one_moment(db.make_engine(source)) as connection, file.open("wb") as opened:
        exporting.export(connection, opened, now(), lambda _: None)
    with db.begin_writing(db.open_session(db.make_engine(into))) as session, archive.opened(file) as opened:
        target.make_ready(session)
        listed = archive.contents(opened, leaving(), migrating.revision(session.connection()))
        assert not archive.damage(opened, listed.tables, lambda _: None)
        assert not importing.bring_in(session, opened, listed, lambda _: None)

large, empty, folder = sys.argv[1:]
out_and_in(empty, empty, Path(folder, "empty.zip"))
before = peak()
out_and_in(large, empty, Path(folder, "large.zip"))
print(peak() - before)
"""


@pytest.fixture
def empty(request: pytest.FixtureRequest, engine: Engine) -> Iterator[str]:
    """Another database of the same kind."""
    kind = engine.dialect.name
    template: Template = request.getfixturevalue(
        "postgres_template" if kind == "postgresql" else "sqlite_template"
    )
    yield template.copy("memory")
    template.drop("memory")


@pytest.mark.parametrize("rows", [5_000, pytest.param(300_000, marks=pytest.mark.campaign)])
def test_rows_are_not_gathered_in_memory(
    engine: Engine, database: str, empty: str, tmp_path: Path, rows: int
) -> None:
    """At the least forty million bytes go through fewer than twenty-four, beside the pages that SQLite keeps
    of both databases. No row refers to these."""
    length = max(40_000_000 // rows, 200)
    with making.changing(engine) as connection:
        for first in range(0, rows, 500):
            texts = [
                {"edition": "2026", "file": str(number), "hash": "", "text": "x" * length}
                for number in range(first, first + 500)
            ]
            connection.execute(insert(EditionText), texts)

    command = [sys.executable, "-c", PROGRAM, database, empty, str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)

    assert len(table_files(tmp_path / "large.zip")["tables/edition_text.jsonl"]) > 40_000_000
    kept = 2 * SQLITE_CACHE_KB * 1024 if engine.dialect.name == "sqlite" else 0
    assert int(ended.stdout) < 24_000_000 + kept
