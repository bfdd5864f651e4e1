"""The restore drill: the very lines of docs/installing.md, run against a full database that is then lost."""

import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, select, text
from sqlalchemy.exc import DBAPIError

from compact import create_app, db
from compact.access import scope
from compact.accounts.models import Person
from compact.demo.people import OFFICER, PASSWORD
from compact.organisations.models import Organisation
from compact.returns.models import Return
from config import ROOT, Settings
from tests import postgres
from tests.conftest import DATABASES, SECRET
from tests.exchange.everything import all_rows, edition
from tests.installing.conftest import Full
from tests.pages import Visitor

pytestmark = pytest.mark.xdist_group("everything")

PAGE = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
DATABASE = "compact"  # as the page calls it on PostgreSQL
# Who acts does not matter here: everything belongs to whoever runs the tests.
SUDO = '#!/bin/sh\n[ "$1" = -u ] && shift 2\nexec "$@"\n'
SYSTEMCTL = '#!/bin/sh\necho "$1" >> "$DRILL/systemctl"\n'


def block(name: str) -> str:
    """The lines of the page that are marked with a name."""
    found = re.findall(rf"^```sh {name}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert len(found) == 1, name
    return str(found[0])


@dataclass
class Machine:
    """A machine in a folder: the page's paths lie in it, and its programs are found before all others.

    `url` is the owner's address of the database, `served` that of the account that the application has.
    """

    folder: Path
    url: str
    served: str
    programs: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    def set_up(self) -> None:
        for each in ("bin", "var/lib/compact", "var/backups/compact", "etc"):
            (self.folder / each).mkdir(parents=True, exist_ok=True)
        settings = f"COMPACT_ENV=test\nDATABASE_URL={self.served}\n"
        (self.folder / "etc/compact.env").write_text(settings, encoding="utf-8")
        for name, script in {"sudo": SUDO, "systemctl": SYSTEMCTL, "compact": block("command")}.items():
            program = self.folder / "bin" / name
            program.write_text(self._here(script), encoding="utf-8")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def run(self, name: str) -> str:
        """Run a block of the page as somebody types it, ending at the first line that fails; its output."""
        path = ":".join(map(str, (self.folder / "bin", *self.programs, os.environ["PATH"])))
        ended = subprocess.run(
            ["/bin/bash", "-eu", "-c", self._here(block(name))],
            env={**os.environ, **self.environment, "DRILL": str(self.folder), "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def _here(self, script: str) -> str:
        script = re.sub(r"/(var/(?:lib|backups)/compact|etc/compact\.env)", rf"{self.folder}/\1", script)
        return script.replace("/srv/compact", str(ROOT))


@pytest.fixture(params=DATABASES)
def machine(request: pytest.FixtureRequest, full: Full, tmp_path: Path) -> Iterator[Machine]:
    """A machine with a full database of either kind, as the page sets it up."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/var/lib/compact/compact.db"
        made = Machine(tmp_path, url, url)
        made.set_up()
        shutil.move(full.copy("sqlite", "drill").removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))
        yield made
        return
    made = _with_two_accounts(full.copy("postgresql", DATABASE), tmp_path)
    made.set_up()
    yield made
    full.drop("postgresql", DATABASE)
    _as_owner(full.filled["postgresql"], "DROP ROLE compact_app")


def _with_two_accounts(copied: str, folder: Path) -> Machine:
    _as_owner(copied, *re.findall(r"^```sql\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
    owner, program = make_url(copied).set(drivername="postgresql"), postgres.program("pg_dump")
    assert program is not None, postgres.HOW_TO_GET_IT
    cluster = {"PGHOST": str(owner.host), "PGPORT": str(owner.port), "PGUSER": str(owner.username)}
    served = owner.set(username="compact_app")
    return Machine(folder, str(owner), str(served), (Path(program).parent,), cluster)


def _as_owner(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for each in statements:
            connection.exec_driver_sql(each)
    engine.dispose()


def test_what_is_lost_comes_back_by_the_lines_of_the_page(machine: Machine) -> None:
    before = _rows(machine)
    kind = make_url(machine.url).get_backend_name()

    machine.run(f"backup-{kind}")
    _destroy(machine)
    said = machine.run(f"restore-{kind}")

    assert re.findall(r"^sign-offs: (\d+), all as they were written$", said, re.MULTILINE) == ["63"]
    assert (machine.folder / "systemctl").read_text() == "stop\nstart\n"
    assert _rows(machine) == before
    _read_a_signed_return(machine)
    _refuse_to_change_the_trail(machine)


def test_a_restore_without_a_copy_stops_before_anything_is_started(machine: Machine) -> None:
    """The lines end at the first that fails, so that nobody serves what is not there."""
    kind = make_url(machine.url).get_backend_name()

    with pytest.raises(AssertionError, match="compact-2026-11-20"):
        machine.run(f"restore-{kind}")

    assert (machine.folder / "systemctl").read_text() == "stop\n"


@contextmanager
def _engine(machine: Machine) -> Iterator[Engine]:
    engine = db.make_engine(machine.served)
    yield engine
    engine.dispose()


def _rows(machine: Machine) -> dict[str, list[tuple[object, ...]]]:
    with _engine(machine) as engine:
        return all_rows(engine)


def _destroy(machine: Machine) -> None:
    """The disk is written over, or somebody drops what they should not have."""
    url = make_url(machine.url)
    if url.get_backend_name() == "sqlite":
        Path(str(url.database)).write_bytes(b"\0" * 4096)
        return
    _as_owner(machine.url, "DROP SCHEMA public CASCADE")


def _read_a_signed_return(machine: Machine) -> None:
    """The application starts on what came back, and an officer signs in and reads."""
    settings = Settings("demo", machine.served, SECRET, "http://localhost", ROOT / "questionnaires", 0, 8000)
    schools = Return.status == "signed", Return.setting == "school"
    with _engine(machine) as engine:
        app = create_app(settings, editions={edition().name: edition()}, engine=engine)
        with app.app_context():
            scope.everything("the test looks for a return")
            email = db.session().scalars(select(Person.email).where(Person.name == OFFICER)).one()
            signed = db.session().scalars(select(Return).where(*schools).order_by(Return.id)).first()
            assert signed is not None
            named = select(Organisation.name).where(Organisation.id == signed.organisation_id)
            address, school = f"/returns/{signed.id}/standards/1", db.session().scalars(named).one()
        visitor = Visitor(app)
        visitor.sign_in(email, PASSWORD)
        assert school in visitor.get(address).text
        assert visitor.client.get("/health").status_code == 200


def _refuse_to_change_the_trail(machine: Machine) -> None:
    """The triggers came back, and so did what the application's own account may not do."""
    for url, why in ((machine.url, "only"), (machine.served, "only|permission denied")):
        engine = create_engine(url)
        with engine.begin() as connection, pytest.raises(DBAPIError, match=why):
            connection.execute(text("UPDATE trail_entry SET what = 'nothing'"))
        engine.dispose()
