"""The service of a campaign: its server, its command, its clock and its mail server, each as in real life."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from compact.serving import LIMITS
from config import ROOT
from tests.conftest import SECRET
from tests.driven.timed import AHEAD, Clock
from tests.mail.server import Post, serving

PATIENCE_SECONDS = 30
SENDER = "The Compact <compact@wexcombe.example>"


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def last_line(self) -> str:
        return self.out.strip().splitlines()[-1]


@dataclass
class Service:
    """A service that runs. `port` is where it is served, `post` has the mails that arrived."""

    database: str
    folder: Path
    clock: Clock
    port: int
    post: Post
    mail_url: str
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: object, stdin: bytes = b"") -> Said:
        """A command, as an officer of the installation gives it. What it refuses is a failure of the test."""
        said = self.start(*arguments, stdin=stdin)
        assert said.code == 0, f"{arguments}: {said.err}"
        return said

    def start(
        self, *arguments: object, stdin: bytes = b"", more: Mapping[str, str] = MappingProxyType({})
    ) -> Said:
        """A command, whatever becomes of it; `more` is in its environment besides."""
        with self.begun(*arguments, more=more) as process:
            out, err = process.communicate(stdin)
        return Said(process.returncode, out.decode(), err.decode())

    def begun(
        self, *arguments: object, more: Mapping[str, str] = MappingProxyType({})
    ) -> "subprocess.Popen[bytes]":
        """A command that is under way."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.driven.timed", *map(str, arguments)],
            env={**self.environment, **more},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def at(self, moment: datetime) -> None:
        self.clock.set(moment)


@contextmanager
def service(database: str, folder: Path, at: datetime) -> Iterator[Service]:
    """A service on an empty database, served by gunicorn with two workers behind a proxy that is believed."""
    clock, post, port = Clock(folder / "ahead"), Post(), _free_port()
    clock.set(at)
    with serving(post) as place:
        made = Service(database, folder, clock, port, post, f"smtp://{place}")
        made.environment = {
            **os.environ,
            "COMPACT_ENV": "test",  # as in production, officers need an authenticator
            "DATABASE_URL": database,
            "SECRET_KEY": SECRET,
            "BASE_URL": "http://localhost",
            "MAIL_URL": made.mail_url,
            "MAIL_FROM": SENDER,
            "PROXIES": "1",
            AHEAD: str(clock.file),
        }
        with _server(made):
            yield made


@contextmanager
def _server(made: Service) -> Iterator[None]:
    serve = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{made.port}", "--workers", "2", *LIMITS]
    with (made.folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*serve, "--no-control-socket", "tests.driven.timed:application()"],
            env=made.environment,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,
        )
        try:
            _wait_for(made.port, server)
            yield
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        assert server.poll() is None, "the server did not start"
        assert time.monotonic() < end, "the server did not answer"
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
