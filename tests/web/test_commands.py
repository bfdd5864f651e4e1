"""How every command ends: 0 done, 1 with the mistakes on stderr and nothing changed, 2 wrong usage."""

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, insert, select, text

from compact import create_bare_app
from compact.accounts.models import Person
from compact.cli import main
from compact.web.cli import Commands, InputMistakes, database, writing
from config import Refused, Settings
from tests import making
from tests.making import World


def ended(command: click.Command, *arguments: str) -> Result:
    """How a group with that one command ends."""
    group = Commands("compact", commands={"run": command})
    return CliRunner().invoke(group, ["run", *arguments])


@click.command()
@click.option("--count", type=int)
def done(count: int | None) -> None:
    click.echo("data")
    click.echo("progress", err=True)


@click.command()
def mistaken() -> None:
    raise InputMistakes(["file.csv:2: no grade", "file.csv:9: no name"])


@click.command()
def refused() -> None:
    raise Refused("The database is not up to date. Run: compact db upgrade")


@click.command()
def broken() -> None:
    raise RuntimeError("a fault of ours")


def test_a_command_that_is_done_ends_with_0_and_its_data_alone_on_stdout() -> None:
    result = ended(done)

    assert (result.exit_code, result.stdout, result.stderr) == (0, "data\n", "progress\n")


def test_mistakes_end_with_1_each_on_its_own_line_of_stderr() -> None:
    result = ended(mistaken)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "file.csv:2: no grade\nfile.csv:9: no name\n"


def test_a_refusal_ends_with_1_and_the_cure() -> None:
    result = ended(refused)

    assert (result.exit_code, result.stderr) == (
        1,
        "The database is not up to date. Run: compact db upgrade\n",
    )


@pytest.mark.parametrize("arguments", [("--count", "x"), ("--no-such-option",), ("surplus",)])
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...]) -> None:
    result = ended(done, *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage:" in result.stderr


def test_a_fault_of_ours_is_not_dressed_up_as_a_mistake_of_theirs() -> None:
    assert isinstance(ended(broken).exception, RuntimeError)


def test_a_command_refuses_a_database_that_is_behind(settings: Settings, engine: Engine) -> None:
    with making.changing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'earlier'"))

    with create_bare_app(settings, engine=engine).app_context():
        for needs_it in (database, writing):
            with pytest.raises(Refused, match=r"Run: compact db upgrade$"):
                needs_it()


def test_what_a_command_did_not_commit_is_not_kept(settings: Settings, engine: Engine, world: World) -> None:
    row = {"email": "a@example.org", "name": "A", "created_at": making.NOW}
    app = create_bare_app(settings, engine=engine)

    with app.app_context():
        writing().execute(insert(Person).values(row))
    with app.app_context():
        assert database().execute(select(Person.id)).all() == []


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("sqlite:////nowhere/at/all/compact.db", "unable to open database file"),
        ("postgresql+psycopg://compact:secret-word@127.0.0.1:1/compact", "connection"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_two_lines_without_its_password(
    address: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPACT_ENV", "test")
    monkeypatch.setenv("DATABASE_URL", address)

    result = CliRunner().invoke(main, ["analyse", "Compact 2026"])

    told, where = result.stderr.splitlines()
    assert result.exit_code == 1
    assert told.startswith("The database cannot be used now: ")
    assert why in told
    assert where == f"DATABASE_URL says {address.replace('secret-word', '***')}"
