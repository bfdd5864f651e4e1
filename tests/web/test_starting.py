"""The application does not start on what would be unsafe or half done, and says the cure."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text, update

from compact import create_app, create_bare_app, db
from compact.questionnaire.marked import Mistakes
from config import Refused, Settings
from tests import making

from .conftest import in_production

EDITIONS = {making.EDITION: making.edition()}


def build(settings: Settings, engine: Engine) -> Flask:
    return create_app(settings, editions=EDITIONS, engine=engine)


def mark_as_demo(engine: Engine, is_demo: bool) -> None:
    with making.changing(engine) as connection:
        connection.execute(update(db.Installation).values(is_demo=is_demo))


def test_production_refuses_a_database_that_holds_the_demo(settings: Settings, engine: Engine) -> None:
    mark_as_demo(engine, is_demo=True)

    with pytest.raises(Refused, match=r"This database holds the demo.*Set DATABASE_URL.*COMPACT_ENV=demo"):
        build(in_production(settings), engine)


@pytest.mark.parametrize("environment", ["demo", "development", "test"])
def test_the_demo_starts_where_it_is_allowed(settings: Settings, engine: Engine, environment: str) -> None:
    mark_as_demo(engine, is_demo=True)

    app = build(replace(settings, environment=environment), engine)

    assert app.test_client().get("/sign-in").status_code == 200


def test_production_starts_on_a_database_of_its_own(settings: Settings, engine: Engine) -> None:
    mark_as_demo(engine, is_demo=False)

    app = build(in_production(settings), engine)

    assert app.test_client().get("/sign-in").status_code == 200


def test_a_database_that_is_behind_is_refused_with_the_cure(settings: Settings, engine: Engine) -> None:
    with making.changing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'earlier'"))

    with pytest.raises(Refused, match=r"not up to date\. Run: compact db upgrade$"):
        build(settings, engine)


def test_an_empty_database_is_refused_with_the_cure(settings: Settings, tmp_path: Path) -> None:
    empty = db.make_engine(f"sqlite:///{tmp_path / 'empty.db'}")

    with pytest.raises(Refused, match=r"Run: compact db upgrade$"):
        build(settings, empty)
    empty.dispose()


def test_questionnaires_with_mistakes_are_refused(settings: Settings, engine: Engine) -> None:
    folder = making.write_edition(settings.questionnaires)
    (folder / "school.yaml").write_text("setting: school\n", encoding="utf-8")

    with pytest.raises(Mistakes, match=r"school\.yaml"):
        create_app(settings, engine=engine)


def test_each_process_without_a_secret_still_signs_its_cookies(settings: Settings, engine: Engine) -> None:
    app = create_bare_app(replace(settings, secret_key=""), engine=engine)

    assert app.config["SECRET_KEY"]


def test_templates_refuse_a_name_that_nobody_gave(app: Flask) -> None:
    from jinja2 import StrictUndefined

    assert app.jinja_env.undefined is StrictUndefined
    assert app.jinja_env.autoescape
