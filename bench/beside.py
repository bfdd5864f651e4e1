"""How long people wait for a page while others have documents made: five at once, again and again."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from . import serving
from .loading import Loaded
from .pages import STANDARD
from .serving import Server, ask, get, sign_in
from .table import Row

DOCUMENTS_AT_ONCE = 5
PAGES = 200
PATIENCE_MS = 50.0


def measure(name: str, loaded: Loaded) -> Iterator[Row]:
    """The row of the table for one kind of database: the 95th percentile of what people wait for a page."""
    with serving.serving("wsgi:app", serving.environment(loaded), "--threads", "4") as server:
        cookie = sign_in(server.port)
        draft = f"/returns/{loaded.draft_id}"
        with _documents(server, f"{draft}.pdf", cookie) as made:
            waited = sorted(_wait(server, f"{draft}/standards/{STANDARD}", cookie) for _ in range(PAGES))
        p95, half = waited[int(PAGES * 0.95)], waited[PAGES // 2]
    what = f"95 of 100 pages while {DOCUMENTS_AT_ONCE} PDFs are made, {name}"
    measured = f"{p95:.0f} ms, half of them {half:.0f} ms; {len(made)} PDFs meanwhile"
    yield Row(what, p95 / PATIENCE_MS, 1, f"× {PATIENCE_MS:g} ms", measured)


@contextmanager
def _documents(server: Server, path: str, cookie: str) -> Iterator[list[int]]:
    """Have documents made while the block runs; yields their sizes."""
    made: list[int] = []
    over = threading.Event()

    def make() -> None:
        while not over.is_set():
            made.append(len(ask(server.port, get(path, cookie))))

    makers = [threading.Thread(target=make) for _ in range(DOCUMENTS_AT_ONCE)]
    for each in makers:
        each.start()
    try:
        yield made
    finally:
        over.set()
        for each in makers:
            each.join()


def _wait(server: Server, path: str, cookie: str) -> float:
    began = time.perf_counter()
    ask(server.port, get(path, cookie))
    return (time.perf_counter() - began) * 1000
