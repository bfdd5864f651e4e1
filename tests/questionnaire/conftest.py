"""A folder of editions that a test may spoil, and the command on it, without a database."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from compact.cli import main
from tests import making
from tests.conftest import Ended


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of editions, with the test edition in it; the commands' working folder is above it."""
    making.write_edition(tmp_path / "questionnaires")
    monkeypatch.setenv("COMPACT_ENV", "test")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    monkeypatch.setenv("QUESTIONNAIRES", "questionnaires")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "questionnaires"


@pytest.fixture
def run(root: Path) -> Callable[..., Ended]:
    """Run `compact questionnaires ...`. These commands read files alone: there is no database."""

    def run(*arguments: object) -> Ended:
        result = CliRunner().invoke(main, ["questionnaires", *(str(each) for each in arguments)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run
