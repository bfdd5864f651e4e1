"""Both databases for every test that asks for one, an application on it, and people who use it."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from compact import create_app, db, migrating
from config import Settings
from tests import making, postgres
from tests.making import World
from tests.pages import Visitor
from tests.school import School

DATABASES = ("sqlite", "postgresql")
SECRET = "0123456789abcdefghijklmnopqrstuvwxyz"


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

        yield Template(address, copy, drop)
        admin.dispose()


_count = iter(range(1_000_000))


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty, migrated database of the test's own."""
    kind: str = request.param
    template: Template = request.getfixturevalue(f"{'sqlite' if kind == 'sqlite' else 'postgres'}_template")
    name = f"test_{next(_count)}"
    yield template.copy(name)
    template.drop(name)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = db.make_engine(database)
    yield engine
    engine.dispose()


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    return Settings(
        environment="test",
        database_url=database,
        secret_key=SECRET,
        base_url="http://localhost",
        questionnaires=tmp_path / "questionnaires",
        proxies=0,
        port=8000,
    )


@pytest.fixture
def app(settings: Settings, engine: Engine) -> Flask:
    """The application on the test edition, at a fixed moment in October 2026."""
    app = create_app(settings, editions={making.EDITION: making.edition()}, engine=engine)
    app.config["CLOCK"] = lambda: making.NOW
    app.testing = True
    return app


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
def compact(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """Run the `compact` command on the test's database, with the test edition."""
    making.write_edition(tmp_path / "questionnaires")
    monkeypatch.setenv("COMPACT_ENV", "test")
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("QUESTIONNAIRES", str(tmp_path / "questionnaires"))

    from compact.cli import main

    def run(*arguments: object) -> Ended:
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
def school(world: World, visit: Callable[[str], Visitor]) -> School:
    """A school that has answered its profile: it does not commission services."""
    partnership = world.partnership()
    organisation = world.organisation()
    cycle = world.cycle(partnership)
    world.person("Robin Head", making.signatory(organisation), email="head@example.org")
    world.person("Sam Deputy", making.contributor(organisation), email="deputy@example.org")
    world.person("Ellis Officer", making.officer(partnership), email="officer@example.org")
    return_id = world.started(cycle, organisation)
    world.profile(return_id, commissions_services=False)
    return School(world, cycle, organisation, return_id, visit)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests ran on which database and in the browser."""
    passed = [report.nodeid for report in terminalreporter.getreports("passed") if report.when == "call"]
    in_browser = sum("tests/browser/" in each for each in passed)
    on = {name: sum(f"[{name}" in each or f"-{name}" in each for each in passed) for name in DATABASES}
    terminalreporter.write_line(
        f"Passed: {on['sqlite']} on SQLite, {on['postgresql']} on PostgreSQL, {in_browser} in the browser, "
        f"{len(passed)} in all"
    )
