"""The application on PostgreSQL with an account that owns nothing, as the installer's page makes it."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from compact import create_app, db
from compact.access.values import Grant, Role
from compact.returns.rules import Answer
from compact.sign_off.verifying import verify_sign_offs
from compact.trail.verifying import verify_trail
from config import ROOT, Settings
from tests import making
from tests.conftest import SECRET, Template
from tests.making import World
from tests.pages import Visitor

DATABASE = "test_second_account"
DOES_NOTHING = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
REFUSED = (
    "UPDATE trail_entry SET what = 'nothing'",
    "DELETE FROM trail_entry",
    "TRUNCATE trail_entry",
    "UPDATE sign_off SET content = ''",
    "DELETE FROM sign_off",
    "TRUNCATE sign_off CASCADE",
    "ALTER TABLE trail_entry DISABLE TRIGGER ALL",
    "ALTER TABLE sign_off DISABLE TRIGGER sign_off_only_added_to",
    "DROP TRIGGER trail_entry_only_added_to ON trail_entry",
    f"CREATE OR REPLACE FUNCTION only_added_to() {DOES_NOTHING}",
    f"CREATE FUNCTION other() {DOES_NOTHING}",
    "DROP FUNCTION only_added_to() CASCADE",
    "SET session_replication_role = replica",
    "ALTER TABLE trail_entry OWNER TO compact_app",
    "DROP TABLE trail_entry CASCADE",
    "CREATE RULE nothing AS ON INSERT TO trail_entry DO INSTEAD NOTHING",
    "SET ROLE compact",
    "UPDATE alembic_version SET version_num = '0001'",
)


@pytest.fixture
def owner(postgres_template: Template) -> Iterator[Engine]:
    """A database of its own, with the account of the page; the owner's engine."""
    engine = create_engine(postgres_template.copy(DATABASE), isolation_level="AUTOCOMMIT")
    page = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
    with engine.connect() as connection:
        for block in re.findall(r"^```sql\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
            connection.exec_driver_sql(block)
    yield engine
    with engine.connect() as connection:
        connection.execute(text("DROP OWNED BY compact_app"))
        connection.execute(text("DROP ROLE compact_app"))
    engine.dispose()
    postgres_template.drop(DATABASE)


@pytest.fixture
def app(owner: Engine, tmp_path: Path) -> Iterator[Flask]:
    """The application on the account that owns nothing."""
    url = owner.url.set(username="compact_app").render_as_string(hide_password=False)
    engine = db.make_engine(url)
    settings = Settings("test", url, SECRET, "http://localhost", tmp_path / "none", 0, 8000)
    app = create_app(settings, editions={making.EDITION: making.edition()}, engine=engine)
    app.config["CLOCK"] = lambda: making.NOW
    app.testing = True
    yield app
    engine.dispose()


def test_the_application_works_with_an_account_that_owns_nothing(app: Flask) -> None:
    """A sign-in, an invitation taken up, a round, a return signed and read from outside: all is written."""
    engine: Engine = app.extensions["compact.engine"]
    _sign(app, World(engine))

    with db.open_session(engine) as session:
        assert verify_trail(session).rows >= 3
        assert verify_trail(session).broken is None
        assert verify_sign_offs(session).rows == 1
        assert session.scalar(text("SELECT current_user")) == "compact_app"


def test_j3_the_account_cannot_change_what_stands(app: Flask, owner: Engine) -> None:
    """J3: who takes the application over rewrites neither the trail nor a sign-off, nor lifts the guard."""
    engine: Engine = app.extensions["compact.engine"]
    for statement in REFUSED:
        with pytest.raises(DBAPIError) as refused, making.changing(engine) as connection:
            connection.exec_driver_sql(statement)
        assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege), statement

    enabled = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE '%only_added_to' AND tgenabled = 'O'"
    with owner.connect() as connection:
        assert connection.scalar(text(enabled)) == 2


def _sign(app: Flask, world: World) -> None:
    partnership, organisation = world.partnership(), world.organisation()
    cycle = world.cycle(partnership)
    world.person("Robin Head", making.signatory(organisation), email="head@example.org")
    world.person(
        "Ellis Officer", Grant(Role.OFFICER, partnership_id=partnership), email="officer@example.org"
    )
    return_id = world.started(cycle, organisation)
    world.profile(return_id, commissions_services=False)
    world.answer(return_id, dict.fromkeys(making.ASKED_SCHOOL_KEYS, Answer("good")))
    head, officer = Visitor(app), Visitor(app)
    head.sign_in("head@example.org", making.PASSWORD)
    invited = {"email": "new@example.org", "name": "New", "role": "reader"}
    assert head.post(f"/organisations/{organisation}/people", invited).banner
    signed = head.send(
        head.get(f"/returns/{return_id}/sign-off"), authority="own", confirm="yes", password=making.PASSWORD
    )
    assert signed.h1 == "Return signed"
    officer.enter("officer@example.org")
    assert officer.get(f"/returns/{return_id}").status == 200
