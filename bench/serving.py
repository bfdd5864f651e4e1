"""gunicorn as it serves in real use, the CPU time of processes, and a browser that costs next to nothing."""

import os
import re
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlencode

from . import loading

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
LAST_LINES = 50
HOST = "localhost"
SECRET = "what the bench signs its cookies with, and nobody else"

ENVIRONMENT: Mapping[str, str] = {
    "COMPACT_ENV": "production",
    "SECRET_KEY": SECRET,
    # As behind a web server that speaks TLS: production starts with nothing less.
    "BASE_URL": f"https://{HOST}",
}


@dataclass(frozen=True)
class Server:
    """A gunicorn that answers on a port of this machine, and the ids of its workers."""

    port: int
    workers: tuple[int, ...]

    def cpu(self) -> float:
        return cpu_of(self.workers)


def environment(loaded: loading.Loaded) -> dict[str, str]:
    """What a process needs in its environment to run the application on a loaded database."""
    return {**ENVIRONMENT, "DATABASE_URL": loaded.url, "QUESTIONNAIRES": str(loaded.editions)}


@contextmanager
def serving(
    application: str, settings: Mapping[str, str], *more: str, workers: int = WORKERS
) -> Iterator[Server]:
    """Serve `module:name`, with two workers as a rule, while the block runs; its lines go to a file.

    They are sync workers, which cost the least, unless gunicorn is told `more`.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--workers", str(workers), "--log-level", "error"]
    with TemporaryFile("w+") as written:
        process = subprocess.Popen(
            [*command, *more, "--bind", f"127.0.0.1:{port}", application],
            cwd=ROOT,
            env={**os.environ, **settings},
            stderr=written,
        )
        try:
            yield Server(port, _workers_of(process, port, workers))
        except BaseException:
            written.seek(0)
            sys.stderr.writelines(deque(written, maxlen=LAST_LINES))
            raise
        finally:
            process.terminate()
            process.wait(timeout=30)


def cpu_of(processes: Iterable[int]) -> float:
    """The CPU seconds, user and system, that these processes have used so far."""
    return sum(map(_cpu_of_process, processes))


def get(path: str, cookie: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()


def post(path: str, fields: Mapping[str, str], cookie: str) -> bytes:
    body = urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def ask(port: int, request: bytes, status: int = 200) -> bytes:
    """Send a request and read the whole answer, on a connection of its own; another status is a failure."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request)
        parts = []
        while part := connection.recv(262_144):
            parts.append(part)
    answer = b"".join(parts)
    if not answer.startswith(b"HTTP/1.1 %d " % status):
        raise RuntimeError(f"{request[:60]!r} was answered with {answer[:200]!r}")
    return answer


def sign_in(port: int, email: str = loading.EMAIL) -> str:
    """The cookie of somebody, by default the draft's head, signed in through the real page."""
    page = ask(port, get("/sign-in"))
    fields = {"csrf_token": token_in(page), "email": email, "password": loading.PASSWORD}
    return cookie_in(ask(port, post("/sign-in", fields, cookie_in(page)), 302))


def token_in(page: bytes) -> str:
    found = re.search(rb'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found, "the page has no token"
    return found[1].decode()


def version_in(page: bytes) -> int:
    """The version of the answers that a standard's page was shown with; all eight are saved together."""
    found = re.search(rb'-version" value="(\d+)"', page)
    assert found, "the page shows no answers"
    return int(found[1])


def cookie_in(answer: bytes) -> str:
    found = re.search(rb"^Set-Cookie: (__Host-session=[^;]+)", answer, re.MULTILINE | re.IGNORECASE)
    assert found, "the answer sets no cookie"
    return found[1].decode()


def _workers_of(process: "subprocess.Popen[bytes]", port: int, number: int) -> tuple[int, ...]:
    """Wait until all workers are there and one of them answers."""
    for _ in range(600):
        assert process.poll() is None, "the server did not start"
        workers = _children_of(process.pid)
        if len(workers) == number and _answers(port):
            return workers
        time.sleep(0.1)
    raise RuntimeError("the server did not answer within a minute")


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _children_of(parent: int) -> tuple[int, ...]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return tuple(sorted(found))


def _cpu_of_process(process: int) -> float:
    """From `schedstat`, in nanoseconds; where a kernel has none, from `stat`, in its ticks."""
    folder = Path("/proc") / str(process)
    try:
        return int((folder / "schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
