"""`compact export`: one moment of the database, whole or not there, in little memory, in one order."""

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text

from compact.cycles.models import EditionText
from compact.exchange.open_format import leaving
from tests import making
from tests.conftest import Ended
from tests.exchange.everything import Killed, before, entries_of, table_files
from tests.making import World


def test_an_export_is_of_one_moment_while_people_work(
    world: World, database: str, compact: Callable[..., Ended], tmp_path: Path
) -> None:
    """F9: what is written between two of its reads is in none of its tables."""
    world.partnership()
    world.organisation("Before")

    def work() -> None:
        world.organisation("Meanwhile", trust=world.trust())

    with before("SELECT organisation.id", work):
        assert compact("export", tmp_path / "during.zip").code == 0
    assert compact("export", tmp_path / "after.zip").code == 0

    during, after = (table_files(tmp_path / f"{name}.zip") for name in ("during", "after"))
    assert b"Meanwhile" not in b"".join(during.values())
    assert during["tables/trust.jsonl"] == b""
    assert b"Meanwhile" in after["tables/organisation.jsonl"]


def test_only_its_owner_can_read_the_file(compact: Callable[..., Ended], tmp_path: Path) -> None:
    assert compact("export", tmp_path / "all.zip").code == 0

    assert stat.S_IMODE((tmp_path / "all.zip").stat().st_mode) == 0o600
    with zipfile.ZipFile(tmp_path / "all.zip") as opened:
        assert {stat.S_IMODE(info.external_attr >> 16) for info in opened.infolist()} == {0o600}
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_nothing_is_overwritten(compact: Callable[..., Ended], tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_text("yesterday's")

    ended = compact("export", tmp_path / "all.zip")

    assert (ended.code, ended.out) == (1, "")
    assert f"{tmp_path / 'all.zip'} is there already" in ended.err
    assert (tmp_path / "all.zip").read_text() == "yesterday's"


def test_a_place_that_cannot_be_written_is_said(compact: Callable[..., Ended], tmp_path: Path) -> None:
    ended = compact("export", tmp_path / "none" / "all.zip")

    assert ended.code == 1
    assert ended.err.endswith("all.zip cannot be written: No such file or directory.\n")


@pytest.mark.parametrize("fault", [Killed(), OSError(28, "No space left on device")])
def test_an_export_that_breaks_off_leaves_no_file(
    compact: Callable[..., Ended], tmp_path: Path, fault: BaseException
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()

    def breaks_off() -> None:
        (part,) = folder.iterdir()
        assert part.name.endswith(".part")
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
        raise fault

    with before("SELECT person.id", breaks_off):
        if isinstance(fault, OSError):
            ended = compact("export", folder / "all.zip")
            assert (ended.code, ended.err) == (
                1,
                f"{folder / 'all.zip'} cannot be written: {fault.strerror}.\n",
            )
        else:
            with pytest.raises(Killed):
                compact("export", folder / "all.zip")
    assert list(folder.iterdir()) == []


def test_rows_stand_in_the_order_of_their_characters_whatever_the_database_sorts_by(
    world: World, engine: Engine, compact: Callable[..., Ended], tmp_path: Path
) -> None:
    """F8: PostgreSQL in an English collation would say a, B, é, z."""
    files = ["B", "Z", "a", "z", "É", "é", "\uffff", "\U0001f642"]
    rows = [{"edition": "2026", "file": file, "hash": "", "text": ""} for file in reversed(files)]
    with making.changing(engine) as connection:
        connection.execute(insert(EditionText), rows)
        if engine.dialect.name == "postgresql":
            connection.execute(
                text('ALTER TABLE edition_text ALTER COLUMN file TYPE text COLLATE "en-x-icu"')
            )

    assert compact("export", tmp_path / "all.zip").code == 0

    lines = table_files(tmp_path / "all.zip")["tables/edition_text.jsonl"].decode().split("\n")[:-1]
    assert [json.loads(line)["file"] for line in lines] == files


def test_the_same_data_is_the_same_tables_and_page(
    world: World, compact: Callable[..., Ended], tmp_path: Path
) -> None:
    world.partnership()
    for name in ("one", "two"):
        compact("export", tmp_path / f"{name}.zip")

    one, two = (entries_of(tmp_path / f"{name}.zip") for name in ("one", "two"))
    manifests = [json.loads(each.pop("manifest.json")) for each in (one, two)]
    assert one == two
    assert manifests[0].pop("made_at") < manifests[1].pop("made_at")
    assert manifests[0] == manifests[1]


def test_a_database_that_is_not_up_to_date_is_not_exported(
    engine: Engine, compact: Callable[..., Ended], tmp_path: Path
) -> None:
    with making.changing(engine) as connection:
        connection.execute(text("DELETE FROM alembic_version"))

    ended = compact("export", tmp_path / "all.zip")

    assert (ended.code, ended.err) == (1, "The database is not up to date. Run: compact db upgrade\n")
    assert list(tmp_path.glob("*.zip")) == []


def test_what_was_done_is_said_beside_the_data(compact: Callable[..., Ended], tmp_path: Path) -> None:
    ended = compact("export", tmp_path / "all.zip")

    assert (ended.out, ended.err) == (
        "",
        f"Exported 3 rows of {len(leaving())} tables to {tmp_path / 'all.zip'}\n",
    )
