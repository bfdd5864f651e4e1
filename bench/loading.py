"""A database with as many signed returns as wanted, and one draft to be worked on through the pages."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from compact import db, migrating
from compact.access.values import Grant, Role
from compact.accounts import store as accounts
from compact.accounts.passwords import hashed
from compact.cycles import editions as cycle_editions
from compact.cycles import store as cycles
from compact.organisations import store as organisations
from compact.organisations.models import Organisation, OrganisationArea
from compact.questionnaire.reading import read_edition
from compact.returns import store as returns
from compact.returns.reading import Kept
from compact.returns.rules import Answer

from . import edition

AREA = "851"
CYCLE = "Measured round"
EMAIL = "head@measured.example"
PASSWORD = "a made-up password"
NOW = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
NOW_TEXT = "2026-10-05 09:30:00.000000"  # as SQLAlchemy writes it on SQLite; PostgreSQL reads it too

Row = tuple[Any, ...]
Given = tuple[str | None, ...]

_RETURN_COLUMNS = "id,cycle_id,organisation_id,number,setting,status,imported,version,started_at,signed_at"
_ANSWER_COLUMNS = "return_id,key,grade,not_applicable,reason,evidence,version,updated_at"
PATTERNS = 97  # so many different sets of 80 grades take turns


@dataclass(frozen=True)
class Size:
    """How many signed returns, and how long the evidence of each of their answers."""

    returns: int
    evidence: tuple[int, int]
    history: bool = True

    @property
    def name(self) -> str:
        return f"returns_{self.returns}_evidence_{self.evidence[1]}"


@dataclass(frozen=True)
class Loaded:
    """A database that was filled: its address, its edition's folder, and the draft to work on."""

    url: str
    editions: Path
    size: Size
    cycle_id: int
    partnership_id: int
    draft_id: int


def load(url: str, editions: Path, size: Size) -> Loaded:
    """Migrate an empty database and fill it."""
    engine = db.make_engine(url)
    migrating.upgrade(engine)
    partnership_id, cycle_id = _open(engine, editions)
    for table, columns, rows in _tables(cycle_id, partnership_id, size):
        write_rows(engine, table, columns, rows)
    renumber(engine, ("organisation", "return", "standard_result"))
    draft_id = _draft(engine, cycle_id)
    gather_statistics(engine)
    engine.dispose()
    return Loaded(url, editions, size, cycle_id, partnership_id, draft_id)


def expected(size: Size) -> dict[tuple[str, str], tuple[int, int]]:
    """(sector, key) -> (graded, weak) as they were loaded, for holding findings against."""
    sets = patterns()
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for number in range(1, size.returns + 1):
        setting = setting_of(number)
        for key, grade in zip(edition.KEYS, sets[number % PATTERNS], strict=True):
            if grade is not None:
                graded, weak = counts.get((setting, key), (0, 0))
                counts[setting, key] = (graded + 1, weak + (grade in edition.WEAK))
    return counts


def _open(engine: Engine, editions: Path) -> tuple[int, int]:
    """The partnership and its round, before anyone is due in it."""
    with db.begin_writing(db.open_session(engine)) as session:
        partnership_id = organisations.add_partnership(
            session,
            "Measured Partnership",
            (AREA,),
            contact_name="The officers",
            contact_email="officers@measured.example",
            contact_phone="01632 960000",
        )
        used = read_edition(editions / edition.EDITION)
        cycle_editions.store_texts(session, used)
        opens, closes = date(2026, 9, 1), date(2099, 12, 18)
        new = cycles.NewCycle(
            CYCLE, edition.EDITION, opens, closes, 9, (partnership_id,), list(edition.SETTINGS)
        )
        cycle_id = cycles.open_cycle(session, new, NOW)
        session.commit()
    return partnership_id, cycle_id


def _tables(cycle_id: int, partnership_id: int, size: Size) -> Iterator[tuple[str, str, Iterable[Row]]]:
    """Each table's name, columns and rows, in an order that foreign keys allow."""
    numbers = range(1, size.returns + 1)
    yield (
        "organisation",
        "id,register,identifier,name,setting,status",
        (
            (each, "GIAS", f"{100_000 + each}", f"Organisation number {each}", setting_of(each), "open")
            for each in numbers
        ),
    )
    yield "organisation_area", "organisation_id,area", ((each, AREA) for each in numbers)
    yield "due", "cycle_id,organisation_id,added_at", ((cycle_id, each, NOW_TEXT) for each in numbers)
    yield (
        "return",
        _RETURN_COLUMNS,
        (
            (each, cycle_id, each, 1, setting_of(each), "signed", False, 2, NOW_TEXT, NOW_TEXT)
            for each in numbers
        ),
    )
    yield "return_area", "return_id,area", ((each, AREA) for each in numbers)
    yield "profile_fact", "return_id,fact,answer", ((each, edition.FACT, True) for each in numbers)
    yield "answer", _ANSWER_COLUMNS, _answers(size)
    if size.history:
        yield "answer_history", _ANSWER_COLUMNS, _answers(size)
    yield (
        "standard_result",
        "id,return_id,partnership_id,standard,graded,weak",
        _results(partnership_id, size),
    )


def _answers(size: Size) -> Iterator[Row]:
    """Eighty answers for each return, with evidence of changing length out of one long text."""
    chance = edition.chance_of(3)
    text = edition.sentence(chance, 20_000)
    shortest, longest = size.evidence
    sets = patterns()
    place = 0
    for number in range(1, size.returns + 1):
        for key, grade in zip(edition.KEYS, sets[number % PATTERNS], strict=True):
            place = (place + 7919) % 19_000
            length = shortest + place % (longest - shortest + 1)
            evidence = text[place : place + length]
            no_grade = grade is None
            reason = "It cannot arise in a setting like ours." if no_grade else ""
            yield number, key, grade, no_grade, reason, evidence, 1, NOW_TEXT


def _results(partnership_id: int, size: Size) -> Iterator[Row]:
    results = [by_standard(pattern) for pattern in patterns()]
    row = 0
    for number in range(1, size.returns + 1):
        for partnership in (None, partnership_id):
            for standard, (graded, weak) in results[number % PATTERNS].items():
                row += 1
                yield row, number, partnership, standard, graded, weak


def by_standard(pattern: Given) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for key, grade in zip(edition.KEYS, pattern, strict=True):
        graded, weak = found.get(edition.standard_of(key), (0, 0))
        given = grade is not None
        found[edition.standard_of(key)] = (graded + given, weak + (given and grade in edition.WEAK))
    return found


def patterns() -> Sequence[Given]:
    """Sets of 80 grades, about one in five weak and one in twelve not applicable (None)."""
    chance = edition.chance_of(2)
    choices, weights = (*edition.GRADES, None), (25, 45, 18, 4, 8)
    return [tuple(chance.choices(choices, weights, k=len(edition.KEYS))) for _ in range(PATTERNS)]


def setting_of(number: int) -> str:
    """Of ten organisations five are schools, three nurseries, two statutory bodies."""
    return edition.SETTINGS[(0, 0, 0, 0, 0, 1, 1, 1, 2, 2)[number % 10]]


def write_rows(engine: Engine, table: str, columns: str, rows: Iterable[Row]) -> None:
    """Write many rows the fastest way there is: COPY, or one transaction of executemany."""
    with engine.execution_options(**db.to_write(engine.dialect)).begin() as connection:
        driver: Any = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            marks = ",".join("?" * len(columns.split(",")))
            driver.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows)  # noqa: S608
        else:
            with driver.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")  # the rows fit: spare the checks
                with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
                cursor.execute("SET session_replication_role = DEFAULT")


def renumber(engine: Engine, tables: Sequence[str]) -> None:
    """Let PostgreSQL count on from the ids that were written."""
    if engine.dialect.name != "postgresql":
        return
    with engine.execution_options(**db.to_write(engine.dialect)).begin() as connection:
        for table in tables:
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), max(id)) FROM \"{table}\""  # noqa: S608
            )


def _draft(engine: Engine, cycle_id: int) -> int:
    """A draft with every indicator answered, of an organisation whose head can sign in."""
    with db.begin_writing(db.open_session(engine)) as session:
        place = Organisation(
            register="GIAS", identifier="999999", name="Larkfield School", setting="school", status="open"
        )
        session.add(place)
        session.flush()
        session.add(OrganisationArea(organisation_id=place.id, area=AREA))
        cycles.add_due(session, cycle_id, [place.id], NOW)
        person = accounts.add_person(session, EMAIL, "Alex Measured", hashed(PASSWORD), NOW)
        accounts.add_membership(
            session, person, Grant(Role.SIGNATORY, organisation_id=place.id, job_title="Headteacher")
        )
        draft_id = returns.start(session, cycle_id, place.id, NOW)
        returns.save_profile(session, draft_id, {edition.FACT: True})
        evidence = edition.sentence(edition.chance_of(4), 400)[:400]
        grades = (edition.GRADES[place % 2] for place in range(len(edition.KEYS)))
        answers = {
            key: Answer(grade, False, "", evidence) for key, grade in zip(edition.KEYS, grades, strict=True)
        }
        returns.write_answers(
            session, draft_id, [(key, Kept(answer, 1, person, NOW)) for key, answer in answers.items()]
        )
        session.commit()
    return draft_id


def gather_statistics(engine: Engine) -> None:
    """What both databases do by themselves after a while, so that the planner knows the tables."""
    raw = engine.raw_connection()
    driver: Any = raw.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.execute("ANALYZE")
    else:
        driver.autocommit = True  # VACUUM refuses to run inside a transaction
        driver.execute("VACUUM ANALYZE")
    raw.close()
