"""`make bench`: load databases small and large, measure pages and analysis, print one table.

Ends with 1 when something is slower than it may be.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine

from tests import postgres

from . import analysis, beside, desk, desk_loading, edition, pages, papers, queries, trail
from .loading import Loaded, Size, load
from .table import Row, printed

FEW = Size(100, (200, 400))
MANY = Size(20_000, (200, 400))
MANY_SHORT = Size(20_000, (0, 20), history=False)


_BEGAN = time.monotonic()


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="compact-bench-"))
    try:
        editions = edition.write(folder / "questionnaires")
        with _addresses(folder) as addresses:
            loaded = {name: _load(name, address, editions) for name, address in addresses.items()}
            desks = {name: _load_desk(name, address, editions) for name, address in addresses.items()}
            rows = _measure(loaded)
            _tell("the desk")
            rows += desk.measure(desks)
            _tell("papers")
            rows.append(papers.measure())
    finally:
        shutil.rmtree(folder)
    print(printed(rows))
    missed = sum(not row.holds for row in rows)
    print(f"\n{missed} of {len(rows)} missed; {time.monotonic() - _BEGAN:.0f} s in all")
    return 1 if missed else 0


def _measure(loaded: dict[str, tuple[Loaded, Loaded, Loaded]]) -> list[Row]:
    asked = {
        (name, page): number
        for name, (few, _, _) in loaded.items()
        for page, number in queries.count(few).items()
    }
    _tell("pages")
    rows = pages.measure({name: (few, many) for name, (few, many, _) in loaded.items()}, asked)
    for name, (few, _, _) in loaded.items():
        _tell(f"pages beside documents, {name}")
        rows += beside.measure(name, few)
    for name, (_, many, short) in loaded.items():
        _tell(f"analysis, {name}")
        rows += analysis.measure(name, many, short)
        _tell(f"the trail, {name}")
        rows += trail.measure(name, many)
    return rows


def _load(name: str, address: Callable[[str], str], editions: Path) -> tuple[Loaded, Loaded, Loaded]:
    loaded = []
    for size in (FEW, MANY, MANY_SHORT):
        _tell(f"loading {size.returns:,} returns into {name}")
        loaded.append(load(address(size.name), editions, size))
    return loaded[0], loaded[1], loaded[2]


def _load_desk(name: str, address: Callable[[str], str], editions: Path) -> desk_loading.Desk:
    _tell(f"loading the desk of {desk_loading.ORGANISATIONS:,} organisations into {name}")
    return desk_loading.load(address("desk"), editions)


@contextmanager
def _addresses(folder: Path) -> Iterator[dict[str, Callable[[str], str]]]:
    """For each kind of database, from a name to the address of an empty one."""
    kinds: dict[str, Callable[[str], str]] = {"SQLite": lambda name: f"sqlite:///{folder / name}.db"}
    if not postgres.is_there():
        _tell(f"measuring SQLite alone. {postgres.HOW_TO_GET_IT}")
        yield kinds
        return
    with postgres.cluster() as server:
        admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")

        def create(name: str) -> str:
            with admin.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
            return f"{server}/{name}"

        yield {**kinds, "PostgreSQL": create}
        admin.dispose()


def _tell(text: str) -> None:
    print(f"bench: {time.monotonic() - _BEGAN:4.0f} s, {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
