"""`compact import` refuses a row that is not right, with its file and line, and changes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from compact.exchange import archive, importing
from tests.exchange.everything import all_rows, forged, lines_changed, row_changed, run

Bytes = Callable[[bytes], bytes]
Refused = Callable[..., str]


def test_the_export_itself_is_taken_in_and_a_dry_run_takes_it_back(
    whole: Path, database: str, engine: Engine
) -> None:
    before = all_rows(engine)
    dry = run(database, "import", whole, "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert all_rows(engine) == before

    ended = run(database, "import", whole)

    assert (ended.code, ended.out) == (0, dry.out)
    assert len(all_rows(engine)["organisation"]) == 2


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("person", row_changed(name=7), "“name” is not text"),
        ("person", row_changed(password_hash="$argon2"), "“password_hash” is no column of this file"),
        (
            "membership",
            row_changed(person_id=77),
            "refers to a row of person that is not there, by “person_id”",
        ),
        (
            "organisation",
            row_changed(trust_id=2),
            "refers to a row of trust that is not there, by “trust_id”",
        ),
        ("person", row_changed(email="Head@example.org"), "the database refuses it: "),
    ],
)
def test_a_row_is_refused_with_its_line(
    whole: Path, refused: Refused, tmp_path: Path, table: str, change: Bytes, words: str
) -> None:
    said = refused(forged(whole, tmp_path / "forged.zip", table, change))

    assert said.startswith(f"tables/{table}.jsonl:1: {words}")
    assert said.count("\n") == 1


def test_the_second_of_two_that_may_be_there_once_is_named(
    whole: Path, refused: Refused, tmp_path: Path
) -> None:
    twice = lines_changed(lambda lines: [*lines, lines[0]])

    said = refused(forged(whole, tmp_path / "forged.zip", "person", twice))

    assert said.startswith("tables/person.jsonl:3: the database refuses it: ")
    assert "Robin" not in said
    assert said.count("\n") == 1


def test_all_mistakes_of_all_tables_are_listed(whole: Path, refused: Refused, tmp_path: Path) -> None:
    file = forged(whole, tmp_path / "one.zip", "person", row_changed(name=7, email=...))
    file = forged(file, tmp_path / "two.zip", "return", row_changed(cycle_id=9, number=None))

    assert refused(file).splitlines() == [
        "tables/person.jsonl:1: has no “email”",
        "tables/person.jsonl:1: “name” is not text (without NUL or half a character)",
        "tables/return.jsonl:1: “number” is empty",
        "tables/return.jsonl:1: refers to a row of cycle that is not there, by “cycle_id”",
    ]


def test_no_end_of_mistakes_is_listed(
    whole: Path, refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MOST_MISTAKES", 3)

    said = refused(forged(whole, tmp_path / "forged.zip", "person", lambda _: b"?\n" * 5_000))

    assert said.splitlines()[2:] == [
        "tables/person.jsonl:3: is not JSON: Expecting value, at character 1",
        "There may be more: these are the first 3.",
    ]


def test_a_line_without_end_is_not_read(
    whole: Path, refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LONGEST_LINE", 5_000)
    monkeypatch.setattr(importing, "LONGEST_LINE", 5_000)

    said = refused(forged(whole, tmp_path / "forged.zip", "person", lambda data: b" " * 20_000 + data))

    assert "tables/person.jsonl:1: is longer than any row\n" in said
