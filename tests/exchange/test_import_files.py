"""`compact import` refuses a file that is damaged or no export, and a database that is not empty."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event, insert, text, update
from sqlalchemy.exc import DBAPIError

from compact import db
from compact.organisations.models import Trust
from compact.trail.store import sha256
from tests import making
from tests.exchange.everything import (
    Killed,
    all_rows,
    before,
    entries_of,
    forged,
    lines_changed,
    row_changed,
    run,
    with_manifest,
    write,
)
from tests.making import World

Bytes = Callable[[bytes], bytes]
Refused = Callable[..., str]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("cut", "is no ZIP file, or is cut off"),
        ("flipped", "README.txt: is damaged"),
        ("foreign", "holds ../../evil, which no export holds"),
        ("revision", "was written at database revision 0000"),
    ],
)
def test_a_file_that_is_not_whole_and_ours_is_refused(
    whole: Path, refused: Refused, tmp_path: Path, wrong: str, words: str
) -> None:
    """Each way in which a file is wrong is tried without a database: see the tests of the archive."""
    file, data = tmp_path / "wrong.zip", whole.read_bytes()
    if wrong == "cut":
        file.write_bytes(data[:-30])
    elif wrong == "flipped":
        file.write_bytes(data[:900] + bytes([data[900] ^ 1]) + data[901:])
    elif wrong == "foreign":
        write(file, {**entries_of(whole), "../../evil": b""})
    else:
        manifest = json.loads(entries_of(whole)["manifest.json"])
        with_manifest(whole, file, {**manifest, "revision": "0000"})

    assert words in refused(file)


def test_a_missing_line_is_found_by_the_number_of_rows(whole: Path, refused: Refused, tmp_path: Path) -> None:
    file = forged(whole, tmp_path / "one.zip", "membership", lines_changed(lambda lines: lines[1:]))
    manifest = json.loads(entries_of(file)["manifest.json"])
    next(each for each in manifest["tables"] if each["table"] == "membership")["rows"] += 1

    said = refused(with_manifest(file, tmp_path / "two.zip", manifest))

    assert said == "tables/membership.jsonl: has 1 rows where the manifest says 2\n"


# The database it goes into.


def test_an_import_goes_into_an_empty_database_alone(whole: Path, refused: Refused, world: World) -> None:
    world.trust()
    world.partnership()

    assert refused(whole) == (
        "The database is not empty: it holds rows of partnership, partnership_area, trust. An import goes "
        "into an empty one alone, made with: compact db upgrade. Nothing was changed.\n"
    )


def test_a_database_that_was_changed_since_its_first_migration_is_not_empty(
    whole: Path, refused: Refused, engine: Engine
) -> None:
    with making.changing(engine) as connection:
        connection.execute(update(db.Installation).values(is_demo=True))

    assert "it holds rows of installation. " in refused(whole)


def test_production_refuses_an_export_of_the_demo(whole: Path, refused: Refused, tmp_path: Path) -> None:
    file = forged(whole, tmp_path / "demo.zip", "installation", row_changed(is_demo=True))

    assert "holds the demo, whose people everyone knows" in refused(file, environment="production")


def test_elsewhere_the_demo_is_taken_in(whole: Path, tmp_path: Path, database: str, engine: Engine) -> None:
    file = forged(whole, tmp_path / "demo.zip", "installation", row_changed(is_demo=True))

    assert run(database, "import", file, environment="demo").code == 0
    assert all_rows(engine)["installation"][0][1] is True


def test_production_takes_in_what_is_no_demo(whole: Path, database: str) -> None:
    assert run(database, "import", whole, environment="production").code == 0


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("trail_entry", row_changed(what="nothing"), "trail entry 1: is not what was written"),
        ("chain_head", row_changed(sequence=5), "sign-off 2: is missing: the chain had 5"),
        (
            "answer",
            row_changed(grade="inadequate"),
            "sign-off SC-000001: the answer kept for “allegations” is not",
        ),
        ("sign_off", row_changed(content="{}"), "sign-off SC-000001: the content is not what was signed"),
    ],
)
def test_a_chain_that_does_not_verify_is_refused_unless_it_is_wanted(
    whole: Path, refused: Refused, tmp_path: Path, database: str, table: str, change: Bytes, words: str
) -> None:
    """Whoever changed a row and made the manifest fit has not made the chains fit."""
    file = forged(whole, tmp_path / "forged.zip", table, change)
    assert refused(file).startswith(words)

    ended = run(database, "import", file, "--accept-broken")

    assert (ended.code, ended.err.startswith(words)) == (0, True)
    assert run(database, "trail", "verify").code == 1


@pytest.mark.parametrize("content", ["[]", "{}", "nothing", "[" * 100_000])
def test_a_sign_off_of_another_kind_is_refused(
    whole: Path, refused: Refused, tmp_path: Path, content: str
) -> None:
    """With the right hash."""
    changed = row_changed(content=content, content_hash=sha256(content))
    file = forged(whole, tmp_path / "forged.zip", "sign_off", changed)

    assert refused(file).startswith("a sign-off: its content is none that this release has written\n")


def test_nobody_else_writes_while_it_is_taken_in(whole: Path, database: str, engine: Engine) -> None:
    """What somebody began meanwhile would come into a database that is not empty any more."""

    def write_too() -> None:
        with other.connect() as connection:
            connection.execute(text(impatient))
            with pytest.raises(DBAPIError, match="lock"):
                connection.execute(insert(Trust).values(name="Meanwhile"))

    other = create_engine(database)
    impatient = (
        "PRAGMA busy_timeout = 100" if other.dialect.name == "sqlite" else "SET LOCAL lock_timeout = 100"
    )
    with before("DELETE", write_too):
        assert run(database, "import", whole).code == 0
    other.dispose()


def test_an_account_that_owns_nothing_is_told_so(whole: Path, database: str, engine: Engine) -> None:
    """Of PostgreSQL: the account of an application that may only add to the chains."""
    if engine.dialect.name != "postgresql":
        return
    rights = (
        "CREATE ROLE import_app LOGIN",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO import_app",
        "REVOKE UPDATE, DELETE ON trail_entry, sign_off FROM import_app",
    )
    with making.changing(engine) as connection:
        for statement in rights:
            connection.execute(text(statement))
    try:
        ended = run(database.replace("//compact@", "//import_app@"), "import", whole)
    finally:
        with making.changing(engine) as connection:
            connection.execute(text("DROP OWNED BY import_app"))
            connection.execute(text("DROP ROLE import_app"))

    assert ended.code == 1
    assert "import with the one that owns the tables. Nothing was changed." in ended.err


def test_killed_between_two_statements_nothing_was_taken_in(
    whole: Path, database: str, engine: Engine
) -> None:
    """H8: after any number of tables, and after the last."""
    empty, statements = all_rows(engine), _statements(database, whole)
    assert statements > 20

    for last in range(1, statements, 5):
        with _killed_after(last), pytest.raises(Killed):
            run(database, "import", whole)
        assert all_rows(engine) == empty

    assert run(database, "import", whole).code == 0


def _statements(database: str, file: Path) -> int:
    """How many statements that write an import executes."""
    with _killed_after(10_000) as seen:
        assert run(database, "import", file, "--dry-run").code == 0
    return len(seen)


@contextmanager
def _killed_after(statements: int) -> Iterator[list[str]]:
    seen: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("INSERT", "DELETE")):
            if len(seen) == statements:
                raise Killed
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", count)
