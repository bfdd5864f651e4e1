"""`compact serve` as it runs: what gunicorn takes of a request, and what the process writes down of it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import ROOT
from tests import making
from tests.conftest import SECRET, Ended, Template

# One server is asked by every test here.
pytestmark = pytest.mark.xdist_group("serving")

MARKER = "Xyzzy-marker-Xyzzy"
OURS = "compact.example.org"
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """A running `compact serve`, and the file that it writes to."""

    port: int
    written: Path

    def ask(self, line: str, *headers: str, host: str = OURS) -> str:
        """Send a request, written out by hand, and read the whole answer."""
        head = "\r\n".join([line, f"Host: {host}", "Connection: close", *headers, "", ""])
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS) as connection:
            connection.sendall(head.encode())
            parts = []
            try:
                while part := connection.recv(65_536):
                    parts.append(part)
            except ConnectionResetError:  # it answers and closes without having read all
                pass
        return b"".join(parts).decode()


@pytest.fixture(scope="module")
def served(sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Production with one worker, behind no proxy that it knows of."""
    folder = tmp_path_factory.mktemp("served")
    making.write_edition(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    settings = {
        "COMPACT_ENV": "production",
        "DATABASE_URL": sqlite_template.copy("served"),
        "SECRET_KEY": SECRET,
        "BASE_URL": f"https://{OURS}",
        "QUESTIONNAIRES": str(folder),
    }
    serve = [sys.executable, "-c", "from compact.cli import main; main()", "serve", "--workers", "1"]
    with (folder / "written").open("w") as written:
        process = subprocess.Popen(
            [*serve, "--port", str(port)],
            env={**os.environ, **settings},
            stdout=written,
            stderr=written,
            cwd=ROOT,
        )
        found = Served(port, folder / "written")
        try:
            _wait_for(process, found)
            yield found
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_SECONDS)


def _wait_for(process: "subprocess.Popen[bytes]", served: Served) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, served.written.read_text()
        try:
            if served.ask("GET /health HTTP/1.1", host="10.0.0.7").startswith("HTTP/1.1 200"):
                return
        except ConnectionRefusedError:
            time.sleep(0.05)
    pytest.fail(served.written.read_text())


def test_what_is_sent_is_not_written_down_by_anybody(served: Served) -> None:
    """M3: neither the application nor gunicorn, whether it can read the request or not."""
    asked = {
        f"GET /sign-in?token={MARKER} HTTP/1.1": "200",
        f"GET /invitations/{MARKER} HTTP/1.1": "404",
        f"POST /invitations/{MARKER} HTTP/1.1": "404",
        f"GET /invitations/{MARKER} and the rest of a broken link HTTP/1.1": "400",
        f"GET /{MARKER}{'x' * 5_000} HTTP/1.1": "414",
        f"{MARKER.upper()} /{MARKER} HTTP/1.1": "404",
        f"{MARKER} / HTTP/1.1": "400",
        f"GET / HTTP/{MARKER}": "400",
    }

    seen = {line: served.ask(line, f"Referer: /{MARKER}").split()[1] for line in asked}
    broken = served.ask("GET / HTTP/1.1", f"{MARKER} : x", f"Cookie: session={MARKER}").split()[1]

    assert (seen, broken) == (asked, "400")
    text = served.written.read_text()
    assert MARKER.lower() not in text.lower()
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert {"pages.health", "accounts.sign_in", None} == {line["endpoint"] for line in lines}
    assert "Listening at" in text
    assert "Invalid request from ip=127.0.0.1" in text


def test_more_headers_than_any_browser_sends_are_refused(served: Served) -> None:
    """E9: ten thousand headers, or one beyond all measure, as a cookie may be."""

    def status(number: int, cookie: int = 1) -> str:
        """How a request with so many headers, and a cookie of so many bytes, is answered."""
        headers = [f"X-{each}: x" for each in range(number - 3)]
        return served.ask("GET /health HTTP/1.1", *headers, f"Cookie: {'x' * cookie}").split()[1]

    assert [status(60, cookie=8_000), status(61), status(10_000), status(3, cookie=9_000)] == [
        "200",
        "431",
        "431",
        "431",
    ]


def test_nobodys_word_is_believed_of_scheme_or_place(served: Served) -> None:
    """Gunicorn would believe these of any connection from this machine; PROXIES says who is believed."""
    said = (
        "SCRIPT_NAME: /evil",
        "PATH_INFO: /sign-in",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: evil.example",
    )

    answer = served.ask("GET /privacy HTTP/1.1", *said)

    assert answer.startswith("HTTP/1.1 200")
    assert '<h1 class="govuk-heading-l">Privacy notice</h1>' in answer
    assert "evil" not in answer


def test_the_answer_has_the_headers_of_production(served: Served) -> None:
    head = served.ask("GET /sign-in HTTP/1.1").partition("\r\n\r\n")[0].lower()

    assert "strict-transport-security: max-age=31536000; includesubdomains" in head
    assert "set-cookie: __host-session=" in head
    assert "cache-control: no-store" in head
    assert "x-request-id: " in head


def test_a_start_that_is_refused_lists_everything(
    compact: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPACT_ENV", "production")
    monkeypatch.setenv("SECRET_KEY", "changeme")
    monkeypatch.setenv("BASE_URL", "http://compact.example.org")

    ended = compact("serve")

    assert (ended.code, ended.out) == (1, "")
    assert [line.split()[0] for line in ended.err.splitlines()] == [
        "SECRET_KEY",
        "BASE_URL",
        "SESSION_COOKIE_SECURE",
    ]
