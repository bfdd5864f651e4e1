"""`compact export` and `compact import`: a rich world goes out and comes back equal, on both databases."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from compact import db, migrating
from compact.accounts.models import Person
from compact.analysis.findings import SectorFindings, find
from compact.cycles.models import EditionText
from compact.cycles.store import cycle_by_name
from compact.exchange import archive
from compact.exchange.open_format import leaving, staying
from compact.organisations.store import add_partnership
from compact.tables import metadata
from compact.trail.models import TrailEntry
from config import ROOT
from tests import making
from tests.conftest import DATABASES, Template
from tests.exchange.everything import (
    FINISHED,
    FOUR_AREAS,
    NASTY,
    edition,
    entries_of,
    filled,
    leaving_rows,
    rows_of,
    run,
    table_files,
    texts,
)

# Who runs one of these has made the rich world already.
pytestmark = pytest.mark.xdist_group("everything")


@dataclass(frozen=True)
class Held:
    """A database and the export that was taken from it."""

    url: str
    engine: Engine
    file: Path


@dataclass(frozen=True)
class Worlds:
    """Rich worlds and what came of them elsewhere, each made when it is first asked for, and then kept."""

    folder: Path
    template: Callable[[str], Template]
    kept: dict[str, Held] = field(default_factory=dict)

    def source(self, kind: str) -> Held:
        """A rich world and its export."""
        if (name := f"source_{kind}") not in self.kept:
            (folder := self.folder / name).mkdir()
            self.kept[name] = self._exported(filled(self.template(kind), folder), name)
        return self.kept[name]

    def moved(self, source: Held, kind: str) -> Held:
        """What came of it in an empty database, and the export of that."""
        if (name := f"{source.engine.dialect.name}_in_{kind}") not in self.kept:
            url = self.template(kind).copy(name)
            rows = sum(map(len, leaving_rows(source.engine).values()))
            ended = run(url, "import", source.file)
            assert (ended.code, ended.err) == (0, "")
            assert ended.out == f"rows {rows}, tables {len(leaving())}\n"
            self.kept[name] = self._exported(url, name)
        return self.kept[name]

    @contextmanager
    def passing(self, kind: str) -> Iterator[str]:
        """An empty database that nobody keeps."""
        yield self.template(kind).copy("passing")
        self.template(kind).drop("passing")

    def _exported(self, url: str, name: str) -> Held:
        file = self.folder / f"{name}.zip"
        ended = run(url, "export", file)
        assert ended.code == 0, ended.err
        return Held(url, db.make_engine(url), file)


@pytest.fixture(scope="module")
def worlds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    def template(kind: str) -> Template:
        made: Template = request.getfixturevalue(f"{'sqlite' if kind == 'sqlite' else 'postgres'}_template")
        return made

    made = Worlds(tmp_path_factory.mktemp("worlds"), template)
    yield made
    for name, held in made.kept.items():
        held.engine.dispose()
        if not name.startswith("source"):
            template(held.engine.dialect.name).drop(name)


@pytest.fixture(params=DATABASES)
def source(request: pytest.FixtureRequest, worlds: Worlds) -> Held:
    return worlds.source(request.param)


@pytest.fixture(params=DATABASES)
def moved(request: pytest.FixtureRequest, worlds: Worlds, source: Held) -> Held:
    return worlds.moved(source, request.param)


def test_the_world_that_moves_is_rich(source: Held) -> None:
    """Every table that leaves holds something, so that its way out and in is tried."""
    empty = {name for name, rows in leaving_rows(source.engine).items() if not rows}

    assert empty == set()
    assert sum(NASTY * 50 in row for row in rows_of(source.engine, metadata.tables["answer"])) == 1
    assert len(rows_of(source.engine, metadata.tables["session"])) == 1


def test_every_row_is_equal(source: Held, moved: Held) -> None:
    before, after = leaving_rows(source.engine), leaving_rows(moved.engine)

    for table, rows in before.items():
        assert rows == after[table], table


def test_credentials_and_sessions_stay_behind(source: Held, moved: Held) -> None:
    assert any(_passwords(source))

    assert not any(_passwords(moved))
    assert rows_of(moved.engine, metadata.tables["session"]) == []
    everything = b"".join(table_files(source.file).values()).decode()
    assert "$argon2" not in everything
    assert json.loads(_text(source, "manifest.json"))["left_behind"] == staying()


def test_the_same_rows_are_the_same_bytes(source: Held, moved: Held) -> None:
    """F8: from whichever database they come."""
    assert table_files(source.file) == table_files(moved.file)


@given(st.lists(texts, min_size=40, max_size=80))
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_through_the_other_kind_of_database(
    worlds: Worlds, database: str, engine: Engine, tmp_path: Path, written: list[str]
) -> None:
    """E3: from one to the other and back, no character changed."""
    rows = [{"edition": "1", "file": str(n), "hash": "", "text": text} for n, text in enumerate(written)]
    file, again = tmp_path / "one.zip", tmp_path / "two.zip"
    file.unlink(missing_ok=True)
    again.unlink(missing_ok=True)
    with making.changing(engine) as connection:
        connection.execute(delete(EditionText))
        connection.execute(insert(EditionText), rows)
    assert run(database, "export", file).code == 0

    other = "sqlite" if engine.dialect.name == "postgresql" else "postgresql"
    with worlds.passing(other) as url:
        assert run(url, "import", file).code == 0
        assert run(url, "export", again).code == 0

    assert table_files(again) == table_files(file)
    lines = table_files(again)["tables/edition_text.jsonl"].splitlines()
    assert {json.loads(line)["file"]: json.loads(line)["text"] for line in lines} == {
        str(n): text for n, text in enumerate(written)
    }


def test_the_trail_and_the_sign_offs_verify(source: Held, moved: Held) -> None:
    before, after = run(source.url, "trail", "verify"), run(moved.url, "trail", "verify")

    assert (after.code, after.out) == (0, before.out)
    assert "sign-offs: 63, all as they were written" in after.out


def test_the_analysis_gives_the_same_numbers(source: Held, moved: Held) -> None:
    assert _findings(moved) == _findings(source)


def test_ids_go_on_after_the_highest(moved: Held) -> None:
    before = rows_of(moved.engine, metadata.tables["partnership"])
    with db.begin_writing(db.open_session(moved.engine)) as session:
        made = add_partnership(
            session, "One more", ["905"], contact_name="A desk", contact_email="a@b.example"
        )
        session.rollback()

    assert made == max(row[0] for row in before) + 1


def test_every_sequence_of_postgresql_has_moved_on(moved: Held) -> None:
    if moved.engine.dialect.name != "postgresql":
        return  # SQLite gives the id after the highest by itself
    with making.changing(moved.engine) as connection:
        for table in metadata.sorted_tables:
            if table.autoincrement_column is not None:
                name = f"pg_get_serial_sequence('\"{table.name}\"', '{table.autoincrement_column.name}')"
                given = connection.scalar(text(f"SELECT nextval({name})"))
                assert given > (connection.scalar(select(func.max(table.autoincrement_column))) or 0), (
                    table.name
                )


def test_the_chains_are_only_added_to(moved: Held) -> None:
    with making.changing(moved.engine) as connection, pytest.raises(DBAPIError, match="only ever added to"):
        connection.execute(update(TrailEntry).values(what="nothing"))


def test_a_sign_off_is_verified_with_the_file_alone(source: Held, tmp_path: Path) -> None:
    lines = table_files(source.file)["tables/sign_off.jsonl"].splitlines()
    (tmp_path / "one.json").write_bytes(lines[-1])

    program = ROOT / "docs" / "verify_sign_off.py"
    command = [sys.executable, "-I", str(program), str(tmp_path / "one.json")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stderr
    assert f"SC-{len(lines):06d}" in ended.stdout


def test_the_manifest_lists_what_is_there(source: Held) -> None:
    manifest, files = json.loads(_text(source, "manifest.json")), table_files(source.file)

    for listed in manifest["tables"]:
        data = files[listed["file"]]
        assert listed["rows"] == data.count(b"\n") == len(data.decode().split("\n")) - 1
        assert listed["bytes"] == len(data)
        assert listed["sha256"] == hashlib.sha256(data).hexdigest()
    assert (manifest["format"], manifest["version"]) == ("compact-export", 1)
    with source.engine.connect() as connection:
        assert manifest["revision"] == migrating.revision(connection)


def test_what_is_in_the_file_is_explained_in_it(source: Held) -> None:
    page = _text(source, archive.README)

    for each in leaving():
        assert f"{each.file}\n" in page
        for column in each.columns:
            assert f"    {column.name}: " in page
    for what, why in staying().items():
        assert f"{what}: {why}" in " ".join(page.split())
    assert max(map(len, page.splitlines())) <= 110


def _passwords(held: Held) -> list[str | None]:
    with held.engine.connect() as connection:
        return list(connection.scalars(select(Person.password_hash)))


def _text(held: Held, name: str) -> str:
    return entries_of(held.file)[name].decode()


def _findings(held: Held) -> list[tuple[SectorFindings, ...]]:
    """Both rounds, as a whole and as each partnership sees them."""
    found: list[tuple[SectorFindings, ...]] = []
    with db.open_session(held.engine) as session:
        for name in (FINISHED, FOUR_AREAS):
            cycle = cycle_by_name(session, name)
            assert cycle is not None
            of = (None, *cycle.partnerships)
            found += [find(session, cycle, edition(), partnership=partnership) for partnership in of]
    assert all(sum(each.graded for sector in sectors for each in sector.indicators) for sectors in found)
    return found
