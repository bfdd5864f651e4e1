"""What the desk's pages cost over 1,000 organisations in five rounds: queries, and CPU against the floor."""

import statistics
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import event
from werkzeug.test import Client

import config
from compact import create_app, db

from . import serving
from .desk_loading import OFFICER, ORGANISATIONS, Desk, load
from .loading import PASSWORD
from .pages import backends_of, cost_of_floor, ratio
from .serving import Server, ask, cpu_of, get
from .table import Row

QUERIES, TARGET = 12, 60  # fewer queries than that, and at most so many times the floor
WARM_UP, REQUESTS, TURNS = 24, 10, 5
LAST_PAGE = ORGANISATIONS // 50

PAGES: Mapping[str, str] = {
    "home of an officer": "/",
    "organisations": "/organisations",
    "organisations, the last page": f"/organisations?page={LAST_PAGE}",
    "organisations, a search": "/organisations?q=number+9",
    "rounds": "/cycles",
    "a round": "/cycles/{running}",
    "the check before launch": "/cycles/{running}/check",
    "the chase desk": "/cycles/{running}/chase",
    "the chase desk, the last page": f"/cycles/{{running}}/chase?page={LAST_PAGE}",
    "writing to a stage": "/cycles/{running}/write?show=never_opened",
    "more time for several": "/cycles/{running}/more-time?show=opened",
    "an organisation in a round": "/cycles/{running}/organisations/8",
    "returns to read": "/review?cycle={over}",
    "returns to read, the last page": f"/review?cycle={{over}}&page={LAST_PAGE}",
    "a return that is read": "/review/{a_return}",
    "the reply": "/review/{a_return}/reply",
    "six-month updates": "/cycles/{over}/updates",
    "six-month updates, overdue": "/cycles/{over}/updates?stage=due&page=5",
    "inspections beside returns": "/analysis/{over}/variance",
    "the committee's page": "/committee/{over}",
    "findings of a round": "/analysis/{over}",
    "findings of a sector": "/analysis/{over}/school",
    "every indicator of a sector": "/analysis/{over}/school/indicators",
    "every indicator over the rounds": "/analysis/{over}/school/rounds",
    "returns of a sector": "/analysis/{over}/school/returns",
}


@dataclass
class Visit:
    """The officer signed in to a server, and what the pages have cost so far, in milliseconds."""

    server: Server
    desk: Desk
    cookie: str
    backends: tuple[int, ...] = ()
    cost: dict[str, list[float]] = field(default_factory=dict)
    database_cost: dict[str, list[float]] = field(default_factory=dict)

    def send(self, name: str) -> None:
        ask(self.server.port, get(address(self.desk, name), self.cookie))

    def measure(self, name: str) -> None:
        before, database_before = self.server.cpu(), cpu_of(self.backends)
        for _ in range(REQUESTS):
            self.send(name)
        spent, database_spent = self.server.cpu() - before, cpu_of(self.backends) - database_before
        self.cost.setdefault(name, []).append(spent / REQUESTS * 1000)
        self.database_cost.setdefault(name, []).append(database_spent / REQUESTS * 1000)


def measure(desks: Mapping[str, Desk]) -> Iterator[Row]:
    """The rows of the table: each page of the desk on each database."""
    asked = {name: count(desk) for name, desk in desks.items()}
    with ExitStack() as stack:
        floor = stack.enter_context(serving.serving("bench.floor:app", {}))
        visits = {
            name: _visit(stack.enter_context(serving.serving("wsgi:app", environment(desk))), desk)
            for name, desk in desks.items()
        }
        floors: dict[tuple[str, str], list[float]] = {}
        for _ in range(TURNS):
            for name, visit in visits.items():
                for page in PAGES:
                    floors.setdefault((name, page), []).append(cost_of_floor(floor))
                    visit.measure(page)
    for name, visit in visits.items():
        for page in PAGES:
            yield from _rows(name, page, visit, floors[name, page], asked[name][page])


def environment(desk: Desk) -> dict[str, str]:
    """The demo's own way to start: there the officer needs no second factor."""
    settings = {"DATABASE_URL": desk.url, "QUESTIONNAIRES": str(desk.editions)}
    return {**serving.ENVIRONMENT, **settings, "COMPACT_ENV": "demo"}


def address(desk: Desk, name: str) -> str:
    return PAGES[name].format(running=desk.running, over=desk.over, a_return=desk.a_return)


def count(desk: Desk) -> dict[str, int]:
    """The number of queries of each page, by its name; a read that is noted has been noted before."""
    engine = db.make_engine(desk.url)
    client = create_app(config.from_environment(environment(desk)), engine=engine).test_client()
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *said: seen.append(said[2]))
    _sign_in(client)
    found = {}
    for name in PAGES:
        client.get(address(desk, name))
        seen.clear()
        assert client.get(address(desk, name)).status_code == 200, name
        # SQLite is told that a transaction begins by a statement, PostgreSQL is not.
        found[name] = sum(not each.startswith("BEGIN") for each in seen)
    engine.dispose()
    return found


def _sign_in(client: Client) -> None:
    token = serving.token_in(client.get("/sign-in").data)
    fields = {"csrf_token": token, "email": OFFICER, "password": PASSWORD}
    assert client.post("/sign-in", data=fields).status_code == 302


def _visit(server: Server, desk: Desk) -> Visit:
    visit = Visit(server, desk, serving.sign_in(server.port, OFFICER))
    for name in PAGES:
        for _ in range(WARM_UP):
            visit.send(name)
    visit.backends = backends_of(desk.url)
    return visit


def _rows(name: str, page: str, visit: Visit, floors: list[float], queries: int) -> Iterator[Row]:
    own, database = visit.cost[page], visit.database_cost[page]
    measured = f"{statistics.median(own):.1f} ms, floor {statistics.median(floors):.2f} ms"
    if visit.backends:
        measured += f", PostgreSQL itself {statistics.median(database):.1f} ms"
    yield Row(f"{page}, {name}", ratio(own, floors), TARGET, "× floor", measured)
    yield Row(f"{page}, {name}", queries, QUERIES - 1, "queries", "")


def main() -> None:
    """The desk alone, on SQLite, in a folder that is kept: for whoever makes a page faster."""
    from . import edition
    from .table import printed

    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder / 'desk.db'}"
    there = (folder / "desk.db").exists()
    editions = folder / "questionnaires" if there else edition.write(folder / "questionnaires")
    desk = Desk(url, editions, 4, 5, 1) if there else load(url, editions)
    print(printed(list(measure({"SQLite": desk}))))


if __name__ == "__main__":
    main()
