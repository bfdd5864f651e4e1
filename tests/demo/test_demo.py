"""The demo: made-up people sign in, one round of each kind is finished, one is open."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select

from compact import create_app
from compact.demo.people import PASSWORD, PEOPLE
from compact.returns.models import Return
from config import ROOT, Refused, Settings
from tests.conftest import Ended
from tests.pages import Visitor


@pytest.fixture
def demo(compact: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """The command on an empty database, with the real questionnaires."""
    monkeypatch.setenv("QUESTIONNAIRES", str(ROOT / "questionnaires"))
    return compact


def test_every_demo_person_signs_in(demo: Callable[..., Ended], engine: Engine, settings: Settings) -> None:
    demo("demo")
    app = _app(settings, engine)

    arrived = {
        person.name: Visitor(app).sign_in(person.email, PASSWORD).response.request.path for person in PEOPLE
    }

    assert set(arrived.values()) == {"/"}


def test_the_people_are_printed_as_csv(demo: Callable[..., Ended]) -> None:
    rows = list(csv.DictReader(demo("demo", "--people").out.splitlines()))

    assert list(rows[0]) == ["role", "organisation", "email", "password"]
    assert {row["role"] for row in rows} == {
        "signatory",
        "contributor",
        "reader",
        "trust_lead",
        "officer",
        "administrator",
    }


def test_a_finished_round_is_signed_and_an_open_one_is_not(
    demo: Callable[..., Ended], engine: Engine
) -> None:
    demo("demo")

    with engine.connect() as connection:
        rows = connection.execute(select(Return.status, func.count()).group_by(Return.status)).all()
    counts = {row[0]: row[1] for row in rows}
    assert counts["signed"] > 40
    assert counts["draft"] == 2


def test_the_demo_goes_into_an_empty_database_only(demo: Callable[..., Ended]) -> None:
    demo("demo")

    again, if_empty = demo("demo"), demo("demo", "--if-empty")

    assert (again.code, again.err.strip()) == (1, "The database is not empty. Nothing was changed.")
    assert if_empty.code == 0


def test_production_refuses_the_demo_and_its_database(
    demo: Callable[..., Ended], engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo("demo")
    monkeypatch.setenv("COMPACT_ENV", "production")

    assert demo("demo").code == 1
    with pytest.raises(Refused, match="holds the demo"):
        _app(settings, engine, environment="production")


def test_the_finished_round_has_findings_to_read(demo: Callable[..., Ended]) -> None:
    demo("demo")

    rows = list(csv.DictReader(demo("analyse", "Compact, spring 2026", "--format", "csv").out.splitlines()))

    assert {row["sector"] for row in rows} == {"school", "early_years", "statutory", "voluntary"}
    assert {row["flagged"] for row in rows} == {"yes", "no"}


def _app(settings: Settings, engine: Engine, environment: str = "demo") -> Flask:
    real = Settings(
        environment,
        settings.database_url,
        settings.secret_key,
        settings.base_url,
        Path(ROOT / "questionnaires"),
        0,
        8000,
    )
    return create_app(real, engine=engine)


def test_what_the_demo_signed_verifies(demo: Callable[..., Ended]) -> None:
    """Its rounds ended in summer: a moment in summer time is kept, and read again, in UTC."""
    demo("demo")

    ended = demo("trail", "verify")

    assert (ended.code, ended.err) == (0, "")
    assert "sign-offs: 52, all as they were written" in ended.out
