"""Importing finished returns in a test: a round, and the command on rows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ended
from tests.exchange.rows import Row, write
from tests.making import World

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
