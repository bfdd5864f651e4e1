"""The open format: what leaves and what stays, and a row as a line, there and back equal."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Integer, MetaData, Table, Text

from compact.accounts.models import Person
from compact.db import Utc, stays_behind, table, why_it_stays
from compact.exchange.open_format import Leaving, leaving, staying
from tests.exchange.everything import texts

SECRET_NAMES = re.compile(
    r"(^|_)(hash|password|token|secret|codes?|pin|otp|seed|salt|key_?bytes|credentials?)($|_)"
)
# These look like secrets and are none: who has them can do nothing with them.
NOT_SECRET = {
    "chain_head.hash",  # of the last link of a chain
    "edition_text.hash",  # of a questionnaire
    "sign_off.content_hash",  # the receipt shows it
    "sign_off.previous_hash",
    "trail_entry.hash",
    "trail_entry.previous_hash",
}


def test_no_column_that_looks_like_a_secret_leaves_undecided() -> None:
    """A new one is marked with `stays_behind` where it is declared, or listed above with its reason."""
    looking = {
        f"{each.name}.{column.name}"
        for each in leaving()
        for column in each.columns
        if SECRET_NAMES.search(column.name)
    }

    assert looking == NOT_SECRET


def test_what_stays_behind_says_why() -> None:
    assert {"session", "person.password_hash"} <= set(staying())
    assert all(why.endswith(".") for why in staying().values())
    assert "session" not in {each.name for each in leaving()}


def test_every_column_is_of_a_kind_that_can_be_written() -> None:
    for each in leaving():
        assert set(each.kinds) == {column.name for column in each.columns}


def test_a_type_that_the_format_does_not_know_is_refused() -> None:
    unknown = Table("unknown", MetaData(), Column("share", Float))

    with pytest.raises(TypeError, match="share: no export knows how to write this type"):
        _ = Leaving(unknown, tuple(unknown.columns)).kinds


def test_what_stays_behind_is_not_missed_by_what_leaves() -> None:
    """No reference leads to a table that stays, and a column that stays may be empty or has a default."""
    tables = {each.name for each in leaving()}
    for each in leaving():
        assert {reference.table for reference in each.references} <= tables, each.name
        for column in each.table.columns:
            if why_it_stays(column):
                assert column.nullable or column.default is not None or column.server_default is not None
                assert not column.primary_key


def test_every_row_can_follow_the_rows_it_refers_to() -> None:
    """No table refers to itself or in a circle: an import writes one table after the other."""
    before: set[str] = set()
    for each in leaving():
        assert {reference.table for reference in each.references} <= before, each.name
        before.add(each.name)


def test_a_mark_on_a_table_or_column_is_all_it_takes() -> None:
    marked = Table("marked", MetaData(), Column("id", Integer), info=stays_behind("It is secret."))

    assert why_it_stays(marked) == "It is secret."
    assert why_it_stays(marked.c.id) is None
    assert why_it_stays(table(Person).c.password_hash)


# A row as a line.

ONE = Leaving(
    made := Table(
        "one",
        MetaData(),
        Column("id", Integer, nullable=False),
        Column("large", BigInteger),
        Column("name", Text),
        Column("on", Date),
        Column("at", Utc),
        Column("is_so", Boolean),
    ),
    tuple(made.columns),
)
rows = st.tuples(
    st.integers(-(2**31), 2**31 - 1),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | texts,
    st.none() | st.dates(),
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.none() | st.booleans(),
)


@given(rows)
def test_whatever_a_row_holds_comes_back_equal_from_one_line(row: tuple[Any, ...]) -> None:
    """E3: no character is changed, none is added, and a line ends where it ends."""
    line = ONE.line(row)
    values, mistakes = ONE.row(line)

    assert mistakes == []
    assert tuple(values.values()) == row
    assert line.index(b"\n") == len(line) - 1


@given(st.binary(max_size=60) | texts.map(str.encode))
def test_no_line_makes_it_stumble(line: bytes) -> None:
    _, mistakes = ONE.row(line)

    assert mistakes
    assert "\n" not in "".join(mistakes)


def test_a_line_is_read_by_any_program() -> None:
    at = datetime(2026, 10, 5, 9, 30, 0, 1, tzinfo=UTC)

    line = ONE.line((1, None, "Café “Zoë”", date(2026, 1, 2), at, False))

    assert line.decode() == (
        '{"id":1,"large":null,"name":"Café “Zoë”","on":"2026-01-02","at":"2026-10-05T09:30:00.000001Z",'
        '"is_so":false}\n'
    )


LINE: dict[str, Any] = {
    "id": 1,
    "large": 2**40,
    "name": "Robin",
    "on": "2026-10-05",
    "at": "2026-10-05T09:30:00Z",
    "is_so": True,
}


def _said(**changes: Any) -> str:
    """All that is said of the line with these values; `...` takes one away."""
    written = {name: value for name, value in {**LINE, **changes}.items() if value is not ...}
    return "; ".join(ONE.row(json.dumps(written).encode() + b"\n")[1])


def test_a_line_without_a_mistake_is_a_row() -> None:
    assert _said() == ""
    assert _said(large=None, name=None, on=None, at=None, is_so=None) == ""


@pytest.mark.parametrize(
    ("column", "values", "kind"),
    [
        ("id", ["1", True, 1.0, 1e3, 2**31, -(2**31) - 1, 10**19, [1], {}], "a whole number"),
        ("large", ["1", False, 2**63], "a whole number"),
        (
            "name",
            [7, True, ["Robin"], "Ro\0bin", "Ro\ud800bin", "\udc00"],
            "text (without NUL or half a char",
        ),
        (
            "on",
            [20261005, "", "5 October 2026", "20261005", "2026-W41-1", "2026-10-05T00:00:00Z"],
            "a day such as",
        ),
        ("on", ["2026-09-31", "2026-9-1", " 2026-10-05", "２026-10-05"], "a day such as"),
        ("at", [0, "", "2026-10-05", "2026-10-05T09:30:00", "2026-10-05T09:30Z"], "a moment such as"),
        ("at", ["2026-10-05 09:30:00Z", "2026-10-05T09:30:00+00:00"], "a moment such as"),
        (
            "at",
            ["2026-10-05T10:30:00+01:00", "2026-10-05T09:30:00.5Z", "2026-10-05T24:00:00Z"],
            "a moment such as",
        ),
        ("is_so", [0, 1, "true", "yes"], "true or false"),
    ],
)
def test_a_value_of_another_kind_is_refused(column: str, values: list[object], kind: str) -> None:
    for value in values:
        assert f"“{column}” is not {kind}" in _said(**{column: value}), value


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": None}, "“id” is empty"),
        ({"name": ...}, "has no “name”"),
        ({"password_hash": "$argon2"}, "“password_hash” is no column of this file"),
        (
            {"id": None, "name": ..., "on": 1},
            "has no “name”; “id” is empty; “on” is not a day such as 2026-11-03",
        ),
    ],
)
def test_a_column_too_few_or_too_many_is_refused(changes: dict[str, Any], words: str) -> None:
    assert _said(**changes) == words


def test_a_message_repeats_no_control_characters_and_no_half_ones() -> None:
    said = _said(**{"\x1b[31m\ud800\n" * 50: 1})

    assert said.isprintable()
    assert len(said) < 120


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"id":1,"id":1}', "has “id” twice"),
        (b'{"id":NaN}', "is not JSON: NaN is no number"),
        (b'{"id":' + b"9" * 5_000 + b"}", "holds a number that no export writes"),
        (b'{"id":"\xff"}', "is not text in UTF-8"),
        (b'{"id":1} {}', "is not JSON: Extra data, at character 10"),
        (b"\xef\xbb\xbf{}", "is not JSON: Expecting value, at character 1"),
        (b"", "is not JSON: Expecting value, at character 2"),
        (b"[" * 100_000, "is not JSON that any export writes: it is nested too deeply"),
        (b"[1]", "is not a row of the form {...}"),
        (b"null", "is not a row of the form {...}"),
    ],
)
def test_what_leaves_a_doubt_or_is_no_json_is_refused(line: bytes, words: str) -> None:
    """E10."""
    assert ONE.row(line + b"\n") == ({}, [words])
