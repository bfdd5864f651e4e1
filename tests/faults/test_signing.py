"""Signing and reopening under fire: many posts at once make one; a fault anywhere leaves all or nothing."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from unittest.mock import patch

from flask import Flask
from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.pool import PoolProxiedConnection
from werkzeug.test import TestResponse

from compact.returns.models import Reopening, Return
from compact.sign_off.models import SignOff
from compact.tables import metadata
from compact.trail.models import TrailEntry
from tests import making
from tests.making import SIGNATURE
from tests.pages import Visitor
from tests.school import School

REASON = "A grade is wrong."
# Sign-ins note that somebody is there; a try to sign is counted before it is made, whatever comes of it.
NOT_SIGNED = {"session", "sign_in_attempt"}
# More than enough: signing takes some twenty statements.
MANY = 60

Act = Callable[[], TestResponse]


class Struck(Exception):  # noqa: N818 - it says what happened
    """The fault that is thrown in."""


def at_once(acts: list[Act]) -> list[TestResponse]:
    """The answers to posts that begin at the same moment, each in a thread of its own."""
    together = Barrier(len(acts))

    def wait_and(act: Act) -> TestResponse:
        together.wait(timeout=60)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(wait_and, acts))


def twin(app: Flask, visitor: Visitor) -> Visitor:
    """Another window of the same person: the same cookie, in a client of its own."""
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    another = Visitor(app)
    another.client.set_cookie("session", cookie.value)
    return another


def posting(visitor: Visitor, address: str, data: Mapping[str, str]) -> Act:
    return lambda: visitor.client.post(address, data=dict(data))


def test_fifty_posts_at_once_make_one_sign_off(school: School, app: Flask) -> None:
    """C5: a double click, two tabs, two signatories: one sign-off, one receipt number, one entry."""
    school.answer_all()
    other = school.visit(school.world.person("Alex Reed", making.signatory(school.organisation)))
    address, acts = school.address("/sign-off"), []
    for visitor in (school.head(), other):
        data = {**visitor.get(address).fields(), **SIGNATURE}
        acts += [posting(twin(app, visitor), address, data) for _ in range(25)]

    answers = at_once(acts)

    assert {(each.status_code, each.location) for each in answers} == {(302, school.address("/receipt"))}
    with school.world.session() as session:
        assert session.scalars(select(SignOff.receipt)).all() == ["SC-000001"]
        assert session.scalars(select(TrailEntry.what)).all() == ["return signed"]


def test_twenty_posts_at_once_open_one_number(school: School, app: Flask) -> None:
    """Two officers at once: one draft; the other is told, and gets the reason back."""
    school.answer_all()
    school.sign()
    other = school.visit(school.world.person("Other Officer", making.officer(1)))
    reasons, acts = {"Mine, the first": school.officer(), "Theirs, the other": other}, []
    for reason, visitor in reasons.items():
        data = {**visitor.get(school.address("/reopen")).fields(), "reason": reason}
        acts += [posting(twin(app, visitor), school.address("/reopen"), data) for _ in range(10)]

    answers = at_once(acts)

    with school.world.session() as session:
        states = session.execute(select(Return.number, Return.status).order_by(Return.number)).all()
        kept = session.scalars(select(Reopening.reason)).one()
        entries = session.scalars(select(TrailEntry.what).where(TrailEntry.what == "return reopened")).all()
    assert [tuple(each) for each in states] == [(1, "signed"), (2, "draft")]
    assert len(entries) == 1
    told = [each for each in answers if each.status_code == 409]
    assert {each.location for each in answers if each not in told} == {"/returns/2"}
    (lost,) = reasons.keys() - {kept}
    assert len(told) == 10
    assert all(lost in each.text for each in told)


@contextmanager
def striking(engine: Engine, place: int, statements: list[str]) -> Iterator[None]:
    """Throw a fault at the statement in this place of each writing transaction, or at its commit.

    `statements` are those that were let through.
    """

    def strike(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if not _writes(connection) or statement.startswith("BEGIN"):
            return
        if len(statements) == place:
            raise Struck(statement)
        statements.append(statement)

    def commit(connection: PoolProxiedConnection) -> None:
        if len(statements) == place:
            connection.rollback()  # as a database does that refuses a commit
            raise Struck("COMMIT")
        committing(connection)

    committing = engine.dialect.do_commit
    event.listen(engine, "before_cursor_execute", strike)
    with patch.object(engine.dialect, "do_commit", commit):
        yield
    event.remove(engine, "before_cursor_execute", strike)


def _writes(connection: Connection) -> bool:
    options = connection.get_execution_options()
    return bool(options.get("compact_writing")) or options.get("isolation_level") == "READ COMMITTED"


def stored(school: School) -> dict[str, list[tuple[object, ...]]]:
    """Every row, as the driver gives it."""
    with school.world.engine.connect() as connection:
        return {
            name: sorted(map(tuple, connection.exec_driver_sql(f'SELECT * FROM "{name}"')), key=repr)  # noqa: S608
            for name in metadata.tables.keys() - NOT_SIGNED
        }


def all_or_nothing(school: School, act: Act) -> tuple[set[str], list[str]]:
    """Strike in every place, the commit included; then let it through.

    The tables that the whole of it changed, and where it was struck.
    """
    before, struck = stored(school), []
    for place in range(MANY):
        with striking(school.world.engine, place, []):
            try:
                act()
                break
            except Struck as fault:
                struck.append(str(fault))
        assert stored(school) == before, f"struck at {struck[-1]}"
    after = stored(school)
    return {name for name in after if after[name] != before[name]}, struck


def test_a_fault_at_any_statement_of_signing_leaves_nothing_signed(school: School) -> None:
    """J1, 2.3.3: all or nothing, whichever statement is the last that arrives."""
    school.answer_all()
    head, address = school.head(), school.address("/sign-off")
    data = {**head.get(address).fields(), **SIGNATURE}

    changed, struck = all_or_nothing(school, posting(head, address, data))

    assert changed == {"return", "sign_off", "standard_result", "trail_entry", "chain_head", "outbox"}
    assert len(struck) > 15
    assert struck[-1] == "COMMIT"
    assert head.get(school.address("/receipt")).h1 == "Return signed"


def test_a_fault_at_any_statement_of_reopening_leaves_no_draft(school: School) -> None:
    """J1."""
    school.answer_all()
    school.sign()
    officer, address = school.officer(), school.address("/reopen")
    data = {**officer.get(address).fields(), "reason": REASON}

    changed, struck = all_or_nothing(school, posting(officer, address, data))

    copied = {"return", "return_area", "profile_fact", "answer", "answer_history"}
    assert changed == copied | {"reopening", "trail_entry", "chain_head", "outbox"}
    assert len(struck) > 10
    assert struck[-1] == "COMMIT"
