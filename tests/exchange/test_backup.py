"""`compact backup`: a copy of SQLite while it is in use; elsewhere the way to another program."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from compact import db, migrating
from compact.cli import main
from compact.exchange import cli
from compact.organisations.models import Organisation
from tests.conftest import Ended, Template
from tests.exchange.tables import found
from tests.making import World


@pytest.fixture
def in_use(sqlite_template: Template, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A SQLite database with an organisation, which the command works on."""
    url = sqlite_template.copy("in_use")
    engine = db.make_engine(url)
    World(engine).organisation("Larkfield School")
    monkeypatch.setenv("COMPACT_ENV", "test")
    monkeypatch.setenv("DATABASE_URL", url)
    yield engine
    engine.dispose()
    sqlite_template.drop("in_use")


def backup(file: Path) -> Ended:
    result = CliRunner().invoke(main, ["backup", str(file)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


def names_in(file: Path) -> list[tuple[object, ...]]:
    """The organisations of a backup, opened as the database of the house."""
    engine = db.make_engine(f"sqlite:///{file}")
    assert migrating.is_current(engine)
    names = found(engine, Organisation.name)
    engine.dispose()
    return names


def test_sqlite_is_copied_and_for_postgresql_pg_dump_is_named(
    engine: Engine, compact: Callable[..., Ended], tmp_path: Path
) -> None:
    is_sqlite = engine.dialect.name == "sqlite"

    ended = compact("backup", tmp_path / "copy.db")

    assert (ended.code, ended.out) == (0 if is_sqlite else 2, "")
    assert (tmp_path / "copy.db").exists() is is_sqlite
    assert ("pg_dump" in ended.err) is not is_sqlite


def test_a_backup_opens_and_holds_the_rows_in_a_file_that_others_cannot_read(
    in_use: Engine, tmp_path: Path
) -> None:
    assert backup(tmp_path / "copy.db").code == 0

    assert [each.name for each in tmp_path.iterdir()] == ["copy.db"]
    assert (tmp_path / "copy.db").stat().st_mode & 0o077 == 0
    assert names_in(tmp_path / "copy.db") == [("Larkfield School",)]


def test_a_backup_holds_what_is_committed_while_another_one_writes(in_use: Engine, tmp_path: Path) -> None:
    fields = {"register": "GIAS", "identifier": "2", "setting": "school", "status": "open"}
    with db.begin_writing(db.open_session(in_use)) as session:
        session.add(Organisation(name="Not yet", **fields))
        session.flush()
        assert backup(tmp_path / "during.db").code == 0
        session.commit()
    assert backup(tmp_path / "after.db").code == 0

    assert names_in(tmp_path / "during.db") == [("Larkfield School",)]
    assert names_in(tmp_path / "after.db") == [("Larkfield School",), ("Not yet",)]


def test_nothing_is_overwritten(in_use: Engine, tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    file.write_text("yesterday's")

    ended = backup(file)

    assert (ended.code, ended.out) == (1, "")
    assert f"{file} is there already" in ended.err
    assert file.read_text() == "yesterday's"


def test_a_folder_that_is_not_there_is_said(in_use: Engine, tmp_path: Path) -> None:
    ended = backup(tmp_path / "none" / "copy.db")

    assert ended.code == 1
    assert ended.err.endswith("copy.db cannot be written: No such file or directory.\n")


def test_without_a_database_none_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPACT_ENV", "test")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")

    ended = backup(tmp_path / "copy.db")

    assert ended.code == 1
    assert "There is no database" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_breaks_off_leaves_no_file(
    in_use: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks_off(_database: str, file: Path) -> None:
        file.write_text("half")
        raise sqlite3.OperationalError("disk is full")

    monkeypatch.setattr(cli, "_copy", breaks_off)

    with pytest.raises(sqlite3.OperationalError):
        backup(tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []
