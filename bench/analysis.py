"""What the findings of 20,000 returns cost: inside a process, and as a whole command.

On SQLite all the work is in the process, and its CPU time is taken. PostgreSQL works in processes of its own:
there the time on the clock is taken, the least of several.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from compact import db
from compact.analysis.findings import SectorFindings, find
from compact.cycles import store as cycle_store
from compact.questionnaire.reading import read_edition

from . import edition, loading, serving
from .loading import Loaded, Size
from .table import Row

TIMES = 5
FIND_SECONDS = {"SQLite": 1.5, "PostgreSQL": 0.6}
COMMAND_SECONDS = 3.0
COMMAND_MEGABYTES = 160.0


def measure(database: str, long: Loaded, short: Loaded) -> Iterator[Row]:
    """The rows of the table for one kind of database."""
    seconds = FIND_SECONDS[database]
    for loaded, seen, words in (
        (short, None, "short evidence"),
        (long, None, "long evidence"),
        (long, long.partnership_id, "long evidence, as a partnership sees it"),
    ):
        taken, measured = _said(database, _found(loaded, seen))
        what = f"findings of {loaded.size.returns:,} × {len(edition.KEYS)}, {database}, {words}"
        yield Row(what, taken / seconds, 1, f"× {seconds} s", measured)
    runs = [_command(long) for _ in range(3)]
    taken, measured = _said(database, runs)
    what = f"compact analyse --format csv, {database}, long evidence"
    yield Row(what, taken / COMMAND_SECONDS, 1, f"× {COMMAND_SECONDS:g} s", measured)
    peak = max(run["megabytes"] for run in runs)
    yield Row(
        f"its memory, {database}",
        peak / COMMAND_MEGABYTES,
        1,
        f"× {COMMAND_MEGABYTES:g} MB",
        f"{peak:.0f} MB",
    )


def _said(database: str, runs: list[dict[str, float]]) -> tuple[float, str]:
    """The seconds that count, and all of them in words."""
    cpu, wall = statistics.median(run["cpu"] for run in runs), min(run["wall"] for run in runs)
    return cpu if database == "SQLite" else wall, f"{cpu:.2f} s CPU here, {wall:.2f} s on the clock at least"


def _found(loaded: Loaded, seen_from: int | None) -> list[dict[str, float]]:
    """How long finding took each time, in a process that has imported everything."""
    seen = "" if seen_from is None else str(seen_from)
    arguments = [loaded.url, str(loaded.editions), str(loaded.size.returns), seen]
    times: list[dict[str, float]] = _json_of([sys.executable, "-m", "bench.analysis", *arguments])
    return times


def _command(loaded: Loaded) -> dict[str, float]:
    """What one run of the command used."""
    command = [str(Path(sys.executable).with_name("compact")), "analyse", loading.CYCLE, "--format", "csv"]
    used: dict[str, float] = _json_of(
        [sys.executable, "-m", "bench.command", *command], serving.environment(loaded)
    )
    return used


def _json_of(command: list[str], settings: dict[str, str] | None = None) -> Any:
    ended = subprocess.run(
        command, cwd=serving.ROOT, env={**os.environ, **(settings or {})}, stdout=subprocess.PIPE, check=True
    )
    return json.loads(ended.stdout)


def main() -> None:
    """Find again and again, and print the seconds of each time. What is found has to be what was loaded."""
    url, editions, returns, seen = sys.argv[1:]
    engine = db.make_engine(url)
    used = read_edition(Path(editions) / edition.EDITION)
    times = []
    for _ in range(TIMES):
        with db.open_session(engine) as session:
            cycle = cycle_store.cycle_by_name(session, loading.CYCLE)
            assert cycle is not None
            began, cpu_began = time.perf_counter(), time.process_time()
            found = find(session, cycle, used, partnership=int(seen) if seen else None)
            times.append({"wall": time.perf_counter() - began, "cpu": time.process_time() - cpu_began})
    _hold_against_what_was_loaded(found, int(returns))
    print(json.dumps(times))


def _hold_against_what_was_loaded(found: tuple[SectorFindings, ...], returns: int) -> None:
    counts = {
        (each.sector, each.indicator.key): (each.graded, each.weak)
        for sector in found
        for each in sector.indicators
    }
    assert counts == loading.expected(Size(returns, (0, 0))), "the findings are wrong"


if __name__ == "__main__":
    main()
