"""What a page costs: CPU time per request of the server's workers, against the floor of the same round."""

import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from sqlalchemy import create_engine, text

from . import edition, serving
from .loading import Loaded
from .serving import Server, ask, cookie_in, cpu_of, get, post, sign_in, token_in, version_in
from .table import Row

WARM_UP = 60
REQUESTS = 100
ROUNDS = 7
STANDARD = 4
# Growth that is no growth: what two measurements of the same thing may differ by.
SAME = 1.15


@dataclass
class Visit:
    """Somebody signed in to a server, and what their requests have cost so far, in milliseconds."""

    server: Server
    loaded: Loaded
    cookie: str
    token: str
    versions: dict[str, int]
    backends: tuple[int, ...] = ()
    cost: dict[str, list[float]] = field(default_factory=dict)
    database_cost: dict[str, list[float]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"/returns/{self.loaded.draft_id}"

    def send(self, page: "Page") -> None:
        """One request to a page; a save goes over the version that the one before it made."""
        path = f"{self.address}{page.path}"
        if page.fields is None:
            ask(self.server.port, get(path, self.cookie), page.status)
        else:
            version = self.versions[page.path]
            ask(self.server.port, post(path, page.fields(version, self.token), self.cookie), page.status)
            self.versions[page.path] = version + 1

    def measure(self, page: "Page") -> None:
        before, database_before = self.server.cpu(), cpu_of(self.backends)
        for _ in range(REQUESTS):
            self.send(page)
        spent, database_spent = self.server.cpu() - before, cpu_of(self.backends) - database_before
        self.cost.setdefault(page.name, []).append(spent / REQUESTS * 1000)
        self.database_cost.setdefault(page.name, []).append(database_spent / REQUESTS * 1000)


def fields_of_save(version: int, token: str) -> dict[str, str]:
    """A post of a standard's page that changes all eight answers, over the version given."""
    fields = {"csrf_token": token, "then": "continue"}
    evidence = edition.sentence(edition.chance_of(version), 400)[:400]
    for place, key in enumerate(each for each in edition.KEYS if edition.standard_of(each) == STANDARD):
        # Seven of eight are well, one wants an action, as is usual.
        grade = edition.GRADES[2 + version % 2 if place == 0 else version % 2]
        fields |= {
            f"{key}-grade": grade,
            f"{key}-evidence": evidence,
            f"{key}-reason": "",
            f"{key}-version": str(version),
        }
    return fields


def fields_of_autosave(version: int, token: str) -> dict[str, str]:
    """What the page's script sends of one answer, whose 400 characters of evidence were changed."""
    evidence = edition.sentence(edition.chance_of(version), 400)[:400]
    typed = {"grade": edition.GRADES[version % 2], "evidence": evidence, "reason": ""}
    sent = {"version": str(version), "sequence": str(version), "page": "0123456789abcdef"}
    return {**typed, **sent, "csrf_token": token}


@dataclass(frozen=True)
class Page:
    """A page to measure, how many times the floor it may cost, and what is sent to it."""

    name: str
    target: float
    path: str
    fields: Callable[[int, str], dict[str, str]] | None = None
    status: int = 200


SAVED_ALONE = next(key for key in edition.KEYS if edition.standard_of(key) == STANDARD + 1)
PAGES = (
    Page("a standard's page", 9, f"/standards/{STANDARD}"),
    Page("saving it", 12, f"/standards/{STANDARD}", fields_of_save, 302),
    Page("an answer that saves itself", 8, f"/answers/{SAVED_ALONE}", fields_of_autosave),
    Page("the task list", 9, ""),
)


def measure(databases: dict[str, tuple[Loaded, Loaded]], queries: dict[tuple[str, str], int]) -> list[Row]:
    """The rows of the table: each page on each database, with few and with many returns stored."""
    with ExitStack() as stack:
        floor = stack.enter_context(serving.serving("bench.floor:app", {}))
        visits = {
            name: [
                _visit(stack.enter_context(serving.serving("wsgi:app", serving.environment(each))), each)
                for each in pair
            ]
            for name, pair in databases.items()
        }
        floors = _rounds(floor, visits)
        return [
            row
            for name, (few, many) in visits.items()
            for page in PAGES
            for row in _rows(name, page, few, many, floors[name, page.name], queries)
        ]


def _visit(server: Server, loaded: Loaded) -> Visit:
    cookie = sign_in(server.port)
    page, other = (
        ask(server.port, get(f"/returns/{loaded.draft_id}/standards/{number}", cookie))
        for number in (STANDARD, STANDARD + 1)
    )
    versions = {
        f"/standards/{STANDARD}": version_in(page),
        f"/answers/{SAVED_ALONE}": version_in(other),
    }
    visit = Visit(server, loaded, cookie_in(page), token_in(page), versions)
    for each in PAGES:
        for _ in range(WARM_UP):
            visit.send(each)
    visit.backends = backends_of(loaded.url)
    return visit


def _rounds(floor: Server, visits: dict[str, list[Visit]]) -> dict[tuple[str, str], list[float]]:
    """Measure floor, few and many in turn, several times over; the floor's cost in each round."""
    floors: dict[tuple[str, str], list[float]] = {}
    for _ in range(ROUNDS):
        for name, pair in visits.items():
            for page in PAGES:
                floors.setdefault((name, page.name), []).append(cost_of_floor(floor))
                for visit in pair:
                    visit.measure(page)
    return floors


def cost_of_floor(floor: Server) -> float:
    before = floor.cpu()
    for _ in range(REQUESTS):
        ask(floor.port, get("/"))
    return (floor.cpu() - before) / REQUESTS * 1000


def _rows(
    name: str,
    page: Page,
    few: Visit,
    many: Visit,
    floors: list[float],
    queries: dict[tuple[str, str], int],
) -> Iterator[Row]:
    for visit in (few, many):
        own, database = visit.cost[page.name], visit.database_cost[page.name]
        measured = f"{statistics.median(own):.2f} ms, floor {statistics.median(floors):.2f} ms"
        if visit.backends:
            measured += f", PostgreSQL itself {statistics.median(database):.2f} ms"
        measured += f"; {queries[name, page.name]} queries"
        times = ratio(own, floors)
        stored = f"{page.name}, {name}, {visit.loaded.size.returns:,} returns stored"
        yield Row(stored, times, page.target, "× floor", measured)
    grown = ratio(_whole(many, page), _whole(few, page))
    few_returns, many_returns = few.loaded.size.returns, many.loaded.size.returns
    yield Row(f"{page.name}, {name}, from {few_returns:,} to {many_returns:,}", grown, SAME, "× itself", "")


def _whole(visit: Visit, page: Page) -> list[float]:
    """The cost with the database's own, so that growth shows wherever it is."""
    return [a + b for a, b in zip(visit.cost[page.name], visit.database_cost[page.name], strict=True)]


def ratio(above: list[float], below: list[float]) -> float:
    """The median of the rounds' ratios: a busy moment of the machine slows both of a round alike."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def backends_of(url: str) -> tuple[int, ...]:
    """The processes of PostgreSQL that serve this database's workers."""
    if not url.startswith("postgresql"):
        return ()
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT pid FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        backends = tuple(found.scalars())
    engine.dispose()
    return backends
