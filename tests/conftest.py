"""Both databases for every test that asks for one, an application on it, and people who use it."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import settings as examples
from sqlalchemy import Engine, create_engine, make_url, text

from compact import create_app, db, migrating
from compact.access import scope
from compact.documents import typeset
from config import Settings
from tests import choosing, making, once, postgres
from tests.databases import MovingEngine, PassedOn, new_name
from tests.making import World
from tests.pages import Visitor
from tests.prepared import Prepared
from tests.school import School

DATABASES = choosing.DATABASES
pytest_collection_modifyitems = choosing.pytest_collection_modifyitems
typeset_once, compiled_once, editions_read_once = (
    once.typeset_once,
    once.compiled_once,
    once.editions_read_once,
)
SECRET = "0123456789abcdefghijklmnopqrstuvwxyz"
EDITIONS = {making.EDITION: making.edition()}
examples.register_profile("no clock", deadline=None)  # how long a case takes is a matter of the machine
examples.load_profile("no clock")


MEMORY = Path("/dev/shm")  # noqa: S108 # folders in it are made with names that nobody guesses
ROOM_GIB = 4


def pytest_configure() -> None:
    """Keep what the tests write in memory, where the machine has the room: a disk takes five times as long.

    What is killed here are processes, not machines, so that nothing depends on a disk.
    """
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM_GIB * 2**30:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def pytest_collection_finish() -> None:
    """Thousands of tests stay in memory: looking again and again whether they are rubbish takes a while."""
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that needs a database once on each."""
    if "database" in metafunc.fixturenames:
        metafunc.parametrize("database", DATABASES, indirect=True)


@dataclass
class Template:
    """A migrated database that each test gets a copy of."""

    url: str
    copy: Callable[[str], str]
    drop: Callable[[str], None]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("sqlite")
    original = folder / "template.db"
    _migrate(f"sqlite:///{original}")

    def copy(name: str) -> str:
        shutil.copyfile(original, folder / f"{name}.db")
        return f"sqlite:///{folder / name}.db"

    def drop(name: str) -> None:
        for file in folder.glob(f"{name}.db*"):
            file.unlink()

    return Template(str(original), copy, drop)


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[Template]:
    if not postgres.is_there():
        if os.environ.get("CI") == "true":
            pytest.fail(postgres.HOW_TO_GET_IT)
        pytest.skip(postgres.HOW_TO_GET_IT)
    with postgres.cluster() as address:
        admin = create_engine(f"{address}/postgres", isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("CREATE DATABASE template_compact"))
        _migrate(f"{address}/template_compact")

        def copy(name: str) -> str:
            with admin.connect() as connection:
                # Copying the template's files takes a fifth of the time of writing them through the log.
                connection.execute(
                    text(f'CREATE DATABASE "{name}" TEMPLATE template_compact STRATEGY FILE_COPY')
                )
            return f"{address}/{name}"

        def drop(name: str) -> None:
            with admin.connect() as connection:
                connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))

        yield Template(f"{address}/template_compact", copy, drop)
        admin.dispose()


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty, migrated database of the test's own."""
    kind: str = request.param
    if kind == "postgresql":
        passed_on: PassedOn = request.getfixturevalue("passed_on")
        engines: dict[str, MovingEngine] = request.getfixturevalue("engines")
        yield (url := passed_on.take())
        passed_on.give_back(url, spared=engines[kind].resting if kind in engines else 0)
        return
    template: Template = request.getfixturevalue("sqlite_template")
    name = new_name()
    yield template.copy(name)
    template.drop(name)


@pytest.fixture(scope="session")
def passed_on(postgres_template: Template) -> Iterator[PassedOn]:
    passed_on = PassedOn(postgres_template.url, postgres_template.copy, postgres_template.drop)
    yield passed_on
    passed_on.close()


@pytest.fixture(scope="session")
def engines() -> Iterator[dict[str, MovingEngine]]:
    found: dict[str, MovingEngine] = {}
    yield found
    for each in found.values():
        each.dispose()


@pytest.fixture
def engine(database: str, engines: dict[str, MovingEngine]) -> Iterator[Engine]:
    kind = make_url(database).get_backend_name()
    if kind not in engines:
        engines[kind] = MovingEngine(database)
    yield engines[kind].to(database)
    engines[kind].rest()


@pytest.fixture
def own_engine(database: str) -> Iterator[Engine]:
    """An engine that nobody else uses, for a test that listens to how it connects."""
    engine = db.make_engine(database)
    yield engine
    engine.dispose()


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


@pytest.fixture(scope="session")
def prepared_once(
    request: pytest.FixtureRequest, sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Prepared:
    def emptying() -> postgres.Emptying:
        passed_on: PassedOn = request.getfixturevalue("passed_on")
        return passed_on.emptying

    return Prepared(tmp_path_factory.mktemp("prepared"), Path(sqlite_template.url), emptying)


@pytest.fixture
def prepared(prepared_once: Prepared, database: str) -> Prepared:
    """What puts into the test's database, before anything else, what other tests begin with as well."""
    return prepared_once.to(database)


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    return settings_of(database, tmp_path)


def settings_of(database: str, folder: Path) -> Settings:
    return Settings(
        environment="test",
        database_url=database,
        secret_key=SECRET,
        base_url="http://localhost",
        questionnaires=folder / "questionnaires",
        proxies=0,
        port=8000,
    )


@pytest.fixture(scope="session")
def application(sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for every test of a process: to make one costs more than most tests."""
    url = sqlite_template.copy("application")
    made = create_app(settings_of(url, tmp_path_factory.mktemp("editions")), editions=EDITIONS)
    made.extensions["compact.engine"].dispose()
    made.testing = True
    return made


@pytest.fixture
def app(application: Flask, settings: Settings, engine: Engine) -> Iterator[Flask]:
    """The application on the test's own database and the test edition, at a fixed moment in October 2026.

    What a test sets in its config, extensions and views is forgotten after it. A test that adds a route or
    a hook takes `own_app`.
    """
    shared: list[dict[str, Any]] = [application.config, application.extensions, application.view_functions]
    before = [dict(each) for each in shared]
    _furnish(application, settings, engine)
    yield application
    for each, kept in zip(shared, before, strict=True):
        each.clear()
        each.update(kept)


@pytest.fixture
def own_app(settings: Settings, engine: Engine) -> Flask:
    """An application that nobody else uses, like `app`."""
    made = create_app(settings, editions=EDITIONS, engine=engine)
    made.testing = True
    _furnish(made, settings, engine)
    return made


def _furnish(app: Flask, settings: Settings, engine: Engine) -> None:
    app.extensions["compact.settings"] = settings
    app.extensions["compact.engine"] = engine
    app.config["CLOCK"] = lambda: making.NOW
    scope.init_app(app)


@pytest.fixture
def visit(app: Flask) -> Callable[[str], Visitor]:
    """Somebody who signs in with an e-mail address, or a stranger for an empty one."""

    def visit(email: str = "") -> Visitor:
        visitor = Visitor(app)
        if email:
            visitor.enter(email)
        return visitor

    return visit


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def last_line(self) -> str:
        return self.out.strip().splitlines()[-1]


@pytest.fixture
def compact(
    database: str, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ended]:
    """Run the `compact` command on the test's database, by the test's engine, with the test edition."""
    making.write_edition(tmp_path / "questionnaires")
    monkeypatch.setenv("COMPACT_ENV", "test")
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("QUESTIONNAIRES", str(tmp_path / "questionnaires"))

    from compact.cli import main

    make_engine = db.make_engine

    def engine_of(url: str) -> Engine:
        return engine.execution_options() if url == database else make_engine(url)

    def run(*arguments: object) -> Ended:
        with patch.object(db, "make_engine", engine_of):
            result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run


def _migrate(url: str) -> None:
    engine = db.make_engine(url)
    migrating.upgrade(engine)
    engine.dispose()


@pytest.fixture
def school(world: World, prepared: Prepared, visit: Callable[[str], Visitor]) -> School:
    """A school that has answered its profile: it does not commission services."""
    return School(world, *prepared.on(world, school_begun), visit)


def school_begun(world: World) -> tuple[int, int, int]:
    partnership = world.partnership()
    organisation = world.organisation()
    cycle = world.cycle(partnership)
    world.person("Robin Head", making.signatory(organisation), email="head@example.org")
    world.person("Sam Deputy", making.contributor(organisation), email="deputy@example.org")
    world.person("Ellis Officer", making.officer(partnership), email="officer@example.org")
    return_id = world.started(cycle, organisation)
    world.profile(return_id, commissions_services=False)
    return cycle, organisation, return_id


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What goes to the typesetter, which goes on typesetting."""
    seen: list[dict[str, Any]] = []
    pdf = typeset.pdf

    def note(template: str, data: dict[str, Any]) -> bytes:
        seen.append(data)
        return pdf(template, data)

    monkeypatch.setattr(typeset, "pdf", note)
    return seen


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the campaign found, and how many tests ran on which database and in the browser."""
    reports = [report for report in terminalreporter.getreports("passed") if report.when == "call"]
    if terminalreporter.config.option.markexpr == "campaign":
        for report in reports:
            terminalreporter.write(report.capstdout)
    passed = [report.nodeid for report in reports]
    in_browser = sum("tests/browser/" in each for each in passed)
    on = {name: sum(f"[{name}" in each or f"-{name}" in each for each in passed) for name in DATABASES}
    terminalreporter.write_line(
        f"Passed: {on['sqlite']} on SQLite, {on['postgresql']} on PostgreSQL, {in_browser} in the browser, "
        f"{len(passed)} in all"
    )
