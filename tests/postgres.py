"""A PostgreSQL of the tests' own: its programs, a cluster in a temporary folder, a database a test."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOW_TO_GET_IT = "PostgreSQL's programs are missing: run `make tools`, or apt-get install postgresql"


def program(name: str) -> str | None:
    """The path of one of PostgreSQL's programs: on the PATH, or where Debian keeps them."""
    found = shutil.which(name)
    if found and Path(found).resolve().parent.name == "bin":
        return str(Path(found).resolve())
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(kept[0]) if kept else found


def is_there() -> bool:
    return program("initdb") is not None and program("postgres") is not None


@contextmanager
def cluster() -> Iterator[str]:
    """A running cluster that forgets everything; yields the address that databases' names are added to."""
    initdb, postgres = program("initdb"), program("postgres")
    assert initdb is not None
    assert postgres is not None, HOW_TO_GET_IT
    user = "postgres" if os.getuid() == 0 else None  # they refuse to run as root
    folder = Path(tempfile.mkdtemp(prefix="compact-postgres-"))
    if user:
        shutil.chown(folder, user)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    data = folder / "data"
    subprocess.run(
        [initdb, "-D", data, "-U", "compact", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True,
        user=user,
        **quiet,  # type: ignore[call-overload] # the three arguments fit
    )
    port = _free_port()
    options = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    options += [
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        f"port={port}",
        "-c",
        f"unix_socket_directories={data}",
    ]
    server = subprocess.Popen([postgres, "-D", data, *options], user=user, **quiet)  # type: ignore[call-overload]
    try:
        _wait_for(port, server)
        yield f"postgresql+psycopg://compact@127.0.0.1:{port}"
    finally:
        server.send_signal(2)
        server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    import psycopg

    for _ in range(300):
        assert server.poll() is None, "PostgreSQL did not start"
        try:
            psycopg.connect(f"postgresql://compact@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("PostgreSQL did not answer within 30 seconds")
