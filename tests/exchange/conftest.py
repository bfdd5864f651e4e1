"""Importing in a test: finished returns into a round, and a small export that is whole."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from compact import db
from compact.cycles import editions
from compact.demo.answering import sign_all
from compact.returns.rules import Answer
from tests import making
from tests.conftest import Ended, Template
from tests.exchange.everything import all_rows, run
from tests.exchange.rows import Row, write
from tests.making import ASKED_SCHOOL_KEYS, NOW, World

CYCLE = "Compact 2026"


@pytest.fixture
def host(world: World) -> int:
    return world.partnership(areas=("901", "900"))


@pytest.fixture
def cycle(world: World, host: int) -> int:
    """A round of one partnership that asks schools, nurseries, statutory and four-area bodies."""
    return world.cycle(host, name=CYCLE)


@pytest.fixture
def bring(compact: Callable[..., Ended], tmp_path: Path) -> Callable[..., Ended]:
    """Write rows to a file and import it into the round."""

    def bring(*rows: Row, options: tuple[str, ...] = ()) -> Ended:
        file = write(tmp_path / "returns.csv", rows)
        return compact("returns", "import", file, "--cycle", CYCLE, *options)

    return bring


@pytest.fixture(scope="session")
def whole(sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The export of two schools, one of which has signed."""
    url = sqlite_template.copy("small")
    engine = db.make_engine(url)
    world = World(engine)
    partnership, trust = world.partnership(), world.trust()
    school = world.organisation(trust=trust)
    world.organisation("Other School")
    cycle = world.cycle(partnership)
    world.person("Robin Head", making.signatory(school), email="head@example.org")
    world.person("Ellis Officer", making.officer(partnership), email="officer@example.org")
    _sign(world, school, world.started(cycle, school))
    file = tmp_path_factory.mktemp("whole") / "all.zip"
    assert run(url, "export", file).code == 0
    yield file
    engine.dispose()
    sqlite_template.drop("small")


def _sign(world: World, organisation: int, return_id: int) -> None:
    """Its first person signs it, as on the pages."""
    world.profile(return_id, commissions_services=False)
    world.answer(return_id, {key: Answer("good", evidence="Seen") for key in ASKED_SCHOOL_KEYS})
    app = Flask(__name__)
    editions.init_app(app, {making.EDITION: making.edition()})
    with app.app_context(), world.session() as session:
        sign_all(session, [return_id], {organisation: 1}, NOW)
        session.commit()


@pytest.fixture
def refused(database: str, engine: Engine) -> Callable[..., str]:
    """Import a file that is refused, dry and in earnest; what is said."""

    def refused(file: Path, environment: str = "test") -> str:
        before = all_rows(engine)
        dry = run(database, "import", file, "--dry-run", environment=environment)
        ended = run(database, "import", file, environment=environment)
        assert (ended.code, ended.out) == (1, "")
        assert (dry.code, dry.out, dry.err) == (1, "", ended.err)
        assert all_rows(engine) == before
        return ended.err

    return refused
