"""What the findings of many returns cost an officer when nothing of them is remembered.

A worker remembers its counts until somebody signs. So somebody signs before each time that a page is asked
for. On SQLite all the work is in the worker, and its CPU time is taken; PostgreSQL works in processes of its
own, and there it is the time on the clock, the least of several. The memory is that of a worker which has
answered both pages.
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from compact import db
from compact.access.values import Grant, Role
from compact.accounts import store as accounts
from compact.accounts.passwords import hashed
from compact.returns.models import Return

from . import edition, serving
from .desk_loading import OFFICER
from .loading import NOW, PASSWORD, Loaded, Size, load
from .serving import ask, get
from .table import Row, printed

TIMES = 6
A_SCHOOL = 10  # see `loading.setting_of`
STANDARDS_SECONDS, INDICATORS_SECONDS, MEGABYTES = 0.25, 0.35, 180.0
GROWN = 2.2  # times itself, from half as many returns: in proportion, with the noise of a page
STANDARDS, INDICATORS = "/analysis/{}", "/analysis/{}/school/indicators"
SMALL, HALF, WHOLE = (Size(number, (0, 20), history=False) for number in (4_000, 10_000, 20_000))


def measure(database: str, small: Loaded, half: Loaded, whole: Loaded) -> Iterator[Row]:
    """The rows of the table for one kind of database."""
    for loaded in (small, half, whole):
        _add_officer(loaded)
    standards = {each: _cold(database, each, STANDARDS) for each in (half, whole)}
    least = min(standards[whole])
    what = f"standards of {whole.size.returns:,} returns, nothing remembered, {database}"
    yield Row(what, least / STANDARDS_SECONDS, 1, f"× {STANDARDS_SECONDS} s", _said(standards[whole]))
    grown = least / min(standards[half])
    yield Row(f"{what}, from half as many", grown, GROWN, "× itself", _said(standards[half]))
    indicators = _cold(database, small, INDICATORS)
    what = f"indicators of a sector of {small.size.returns:,} returns, nothing remembered, {database}"
    yield Row(what, min(indicators) / INDICATORS_SECONDS, 1, f"× {INDICATORS_SECONDS} s", _said(indicators))
    peak = _memory(whole)
    what = f"a worker's memory after both of {whole.size.returns:,} returns, {database}"
    yield Row(what, peak / MEGABYTES, 1, f"× {MEGABYTES:g} MB", f"{peak:.0f} MB")


def _said(seconds: Sequence[float]) -> str:
    return f"{min(seconds):.3f} s at least, {max(seconds):.3f} s at most"


def _add_officer(loaded: Loaded) -> None:
    engine = db.make_engine(loaded.url)
    with db.begin_writing(db.open_session(engine)) as session:
        person = accounts.add_person(session, OFFICER, "Ellis Measured", hashed(PASSWORD), NOW)
        accounts.add_membership(session, person, Grant(Role.OFFICER, partnership_id=loaded.partnership_id))
        session.commit()
    engine.dispose()


def _cold(database: str, loaded: Loaded, page: str) -> list[float]:
    """How long the page took each time, of a worker that has shown it before and has to count anew."""
    taken = []
    with serving.serving("wsgi:app", _environment(loaded), workers=1) as server:
        cookie = serving.sign_in(server.port, OFFICER)
        request = get(page.format(loaded.cycle_id), cookie)
        for time_ in range(TIMES + 1):
            _sign_one_more(loaded, time_)
            began, cpu_began = time.perf_counter(), server.cpu()
            ask(server.port, request)
            spent = server.cpu() - cpu_began if database == "SQLite" else time.perf_counter() - began
            taken.append(spent)
    return taken[1:]  # the first one of a worker also reads its templates


def _sign_one_more(loaded: Loaded, minutes: int) -> None:
    """A school that has signed signs again: so many minutes later."""
    engine = db.make_engine(loaded.url)
    with db.begin_writing(db.open_session(engine)) as session:
        at = NOW + timedelta(minutes=minutes + 1)
        session.execute(update(Return).where(Return.id == A_SCHOOL).values(signed_at=at))
        session.commit()
    engine.dispose()


def _memory(loaded: Loaded) -> float:
    """What a worker holds, in megabytes, after it answered both pages."""
    with serving.serving("wsgi:app", _environment(loaded), workers=1) as server:
        cookie = serving.sign_in(server.port, OFFICER)
        for page in (STANDARDS, INDICATORS):
            ask(server.port, get(page.format(loaded.cycle_id), cookie))
        status = (Path("/proc") / str(server.workers[0]) / "status").read_text(encoding="ascii")
    held = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(held) / 1024


def _environment(loaded: Loaded) -> dict[str, str]:
    """The demo's own way to start: there the officer needs no second factor."""
    return {**serving.environment(loaded), "COMPACT_ENV": "demo"}


def main() -> None:
    """The findings alone, on one database: `python -m bench.findings [ADDRESS]`, on SQLite without one.

    The address is that of a PostgreSQL with three empty databases small, half and whole.
    """
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        editions = edition.write(folder / "questionnaires")
        server = sys.argv[1] if len(sys.argv) > 1 else ""
        sizes = {"small": SMALL, "half": HALF, "whole": WHOLE}
        loaded = [
            load(f"{server}/{name}" if server else f"sqlite:///{folder / name}.db", editions, size)
            for name, size in sizes.items()
        ]
        print(printed([*measure("PostgreSQL" if server else "SQLite", *loaded)]))


if __name__ == "__main__":
    main()
