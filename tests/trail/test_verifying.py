"""`compact trail verify`: a changed character, a lost row, two swapped rows; each is named."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, Engine, delete, inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from compact.returns.models import Answer as AnswerTable
from compact.returns.rules import Answer
from compact.sign_off.models import SignOff
from compact.trail import store, verifying
from compact.trail.models import ChainHead, TrailEntry
from compact.trail.verifying import Verified, verify_trail
from tests import making
from tests.conftest import Ended
from tests.making import ASKED_SCHOOL_KEYS, World
from tests.school import School

Run = Callable[..., Ended]
MANY = 12
HEAD = update(ChainHead).where(ChainHead.chain == "trail")


@contextmanager
def behind_the_guard(engine: Engine) -> Iterator[Connection]:
    """A connection of somebody who owns the database and has put its triggers out of force."""
    with making.changing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        else:
            names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for name in names.scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection


@pytest.fixture
def trail(world: World) -> World:
    """A world in which a dozen things were done."""
    with world.session() as session:
        for number in range(1, MANY + 1):
            at = making.NOW + timedelta(minutes=number)
            store.record(
                session, "return read", f"return {number}", by=number, at=at, why=f"reason “{number}”"
            )
        session.commit()
    return world


def verified(world: World) -> Verified:
    with world.session() as session:
        return verify_trail(session)


def whole(world: World) -> int:
    """How many entries there are, all of them as they were written."""
    found = verified(world)
    assert found.broken is None
    return found.rows


def broken(world: World) -> str:
    return str(verified(world).broken)


def test_a_whole_trail_is_counted(trail: World) -> None:
    assert whole(trail) == MANY


def test_a_long_trail_is_read_in_parts(trail: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "_ENTRIES", verifying._ENTRIES.limit(5))
    assert whole(trail) == MANY


def test_a_moment_counts_in_whatever_zone_it_was_given(world: World) -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    with world.session() as session:
        store.record(session, "return read", "return 1", by=1, at=summer)
        session.commit()
    assert whole(world) == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("what", "return reads"),
        ("subject", "return 70"),
        ("detail", '{"why":"reason “8”"}'),
        ("person_id", None),
        ("at", making.NOW),
    ],
)
def test_one_changed_value_is_named(trail: World, column: str, value: object) -> None:
    with behind_the_guard(trail.engine) as connection:
        connection.execute(update(TrailEntry).where(TrailEntry.sequence == 7).values({column: value}))
    assert broken(trail) == "trail entry 7: is not what was written"
    assert verified(trail).rows == 6


def test_a_lost_row_is_named(trail: World) -> None:
    with behind_the_guard(trail.engine) as connection:
        connection.execute(delete(TrailEntry).where(TrailEntry.sequence == 7))
    assert broken(trail) == "trail entry 7: is missing"


def test_lost_rows_at_the_end_are_named(trail: World) -> None:
    with behind_the_guard(trail.engine) as connection:
        connection.execute(delete(TrailEntry).where(TrailEntry.sequence > 10))
    assert broken(trail) == "trail entry 11: is missing: the chain had 12"


def test_a_lost_head_is_named(trail: World) -> None:
    with behind_the_guard(trail.engine) as connection:
        connection.execute(delete(ChainHead).where(ChainHead.chain == "trail"))
    assert broken(trail) == "trail entry 12: the head of its chain is missing"


def test_two_swapped_rows_are_named(trail: World) -> None:
    with behind_the_guard(trail.engine) as connection:
        for old, new in ((4, 99), (5, 4), (99, 5)):
            connection.execute(update(TrailEntry).where(TrailEntry.sequence == old).values(sequence=new))
    assert broken(trail) == "trail entry 4: does not follow the entry before it"


def test_j2_a_trail_that_was_put_back_to_an_earlier_day_is_told_by_what_was_noted_since(
    trail: World, compact: Run
) -> None:
    """A backup of this morning is whole in itself: entry 10 and the head that it had then."""
    noted = compact("trail", "verify").out.splitlines()[-1].removeprefix("last entry: ")
    with behind_the_guard(trail.engine) as connection:
        connection.execute(delete(TrailEntry).where(TrailEntry.sequence > 10))
        last = connection.execute(select(TrailEntry.hash).where(TrailEntry.sequence == 10)).scalar_one()
        connection.execute(HEAD.values(sequence=10, hash=last))

    assert compact("trail", "verify").code == 0
    ended = compact("trail", "verify", "--knew", noted)
    assert (ended.code, ended.err) == (1, "trail entry 11: is missing: entry 12 was noted\n")


def test_a_trail_that_was_written_anew_is_told_by_what_was_noted_before(trail: World, compact: Run) -> None:
    with trail.session() as session:
        noted = f"{MANY}:{verify_trail(session).last}"
    assert compact("trail", "verify", "--knew", noted).code == 0
    with behind_the_guard(trail.engine) as connection:
        connection.execute(delete(TrailEntry))
        connection.execute(HEAD.values(sequence=0, hash=store.FIRST_HASH))
    with trail.session() as session:
        for number in range(1, MANY + 3):
            store.record(session, "return read", f"return {number}", by=1, at=making.NOW)
        session.commit()

    assert whole(trail) == MANY + 2
    ended = compact("trail", "verify", "--knew", noted)
    assert ended.code == 1
    assert ended.err == "trail entry 12: is not the one that was noted: this trail was written anew\n"


@pytest.mark.parametrize("noted", ["", "12", "12:", f"0:{'a' * 64}", f"12:{'A' * 64}", f"x:{'a' * 64}"])
def test_what_was_noted_is_given_as_it_was_printed(compact: Run, noted: str) -> None:
    ended = compact("trail", "verify", "--knew", noted)

    assert ended.code == 2
    assert "a number, a colon and 64 characters" in ended.err


@pytest.mark.parametrize("statement", ["UPDATE {} SET {}", "DELETE FROM {}"])
@pytest.mark.parametrize(("table", "change"), [("trail_entry", "what = 'x'"), ("sign_off", "role = 'x'")])
def test_the_database_itself_refuses_to_change_a_row(
    signed: School, trail: World, statement: str, table: str, change: str
) -> None:
    with pytest.raises(DBAPIError, match="only ever added to"), making.changing(trail.engine) as connection:
        connection.execute(text(statement.format(table, change)))
    assert signed.return_id


def test_both_tables_are_guarded_after_an_upgrade(engine: Engine) -> None:
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            found = connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
            expected = {"trail_entry_only_added_to", "sign_off_only_added_to"}
        else:
            found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            expected = {
                f"{table}_no_{deed}" for table in ("trail_entry", "sign_off") for deed in ("update", "delete")
            }
        assert set(found.scalars()) == expected
    assert inspect(engine).has_table("trail_entry")


@pytest.fixture
def signed(school: School) -> School:
    """A school that has answered everything and signed."""
    school.world.answer(school.return_id, {key: Answer("good", evidence="Seen") for key in ASKED_SCHOOL_KEYS})
    head = school.head()
    page = head.get(school.address("/sign-off"))
    assert head.send(page, **making.SIGNATURE).h1 == "Return signed"
    return school


def test_what_was_signed_is_counted_with_the_trail(signed: School, compact: Run) -> None:
    ended = compact("trail", "verify")
    assert (ended.code, ended.err) == (0, "")
    *counted, last = ended.out.splitlines()
    assert counted == ["trail entries: 1, all as they were written", "sign-offs: 1, all as they were written"]
    assert re.fullmatch("last entry: 1:[0-9a-f]{64}", last)
    assert signed.return_id


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"content": "{}"}, "the content is not what was signed"),
        ({"previous_hash": "1" * 64}, "does not follow the sign-off before it"),
        ({"person_name": "Somebody Else"}, "what is kept beside the content is not what the content says"),
        (
            {"statement": "I take no responsibility."},
            "what is kept beside the content is not what the content says",
        ),
    ],
)
def test_a_changed_sign_off_is_named(signed: School, compact: Run, change: dict[str, str], why: str) -> None:
    with behind_the_guard(signed.world.engine) as connection:
        connection.execute(update(SignOff).values(change))
    ended = compact("trail", "verify")
    assert (ended.code, ended.out, ended.err) == (1, "", f"sign-off SC-000001: {why}\n")


def test_a_lost_sign_off_is_named(signed: School, compact: Run) -> None:
    with behind_the_guard(signed.world.engine) as connection:
        connection.execute(delete(SignOff))
    assert compact("trail", "verify").err == "sign-off 1: is missing: the chain had 1\n"


def test_an_answer_that_is_not_the_signed_one_is_named(signed: School, compact: Run) -> None:
    """Findings are counted from the answers' own rows: these have to be the signed ones too."""
    with behind_the_guard(signed.world.engine) as connection:
        connection.execute(
            update(AnswerTable).where(AnswerTable.key == "bullying").values(grade="outstanding")
        )
    assert compact("trail", "verify").err == (
        "sign-off SC-000001: the answer kept for “bullying” is not the one that was signed\n"
    )
    with behind_the_guard(signed.world.engine) as connection:
        connection.execute(delete(AnswerTable).where(AnswerTable.key == "bullying"))
    assert "“bullying”" in compact("trail", "verify").err


def test_an_answer_that_nobody_signed_is_named(signed: School, compact: Run) -> None:
    signed.world.answer(signed.return_id, {"commissioning": Answer("good")})
    assert compact("trail", "verify").err == (
        "sign-off SC-000001: an answer is kept for “commissioning” that was not signed\n"
    )
