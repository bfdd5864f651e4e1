"""B5, C3: processes save at random while the server is killed: what was acknowledged is there, and once."""

import http.client
import json
import os
import random
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from gunicorn.app.wsgiapp import run
from sqlalchemy import Engine, select

from compact.returns.models import Answer, AnswerHistory
from compact.serving import LIMITS
from config import ROOT
from tests import making
from tests.conftest import SECRET
from tests.faults import at_once
from tests.making import ALL_SCHOOL_KEYS, World
from tests.pages import Visitor

# One process begins those of every test here: it takes in the application once.
pytestmark = pytest.mark.xdist_group("at once")

PATIENCE_SECONDS = 60
KEYS = tuple(key for key in ALL_SCHOOL_KEYS if key != "commissioning")


@dataclass(frozen=True)
class Door:
    """A return, and what its writer's browser sends with every request."""

    return_id: int
    cookie: str
    token: str


@dataclass(frozen=True)
class Acknowledged:
    """What the server said it had kept."""

    return_id: int
    key: str
    version: int
    text: str


@dataclass(frozen=True)
class Campaign:
    """How many returns, processes and saves, and how often the server is killed."""

    returns: int
    processes: int
    saves: int
    kills: int


@pytest.fixture
def doors(world: World, app: Flask) -> Callable[[int], list[Door]]:
    """Schools whose returns are answered, and the sign-ins of those who do it."""

    def doors(returns: int) -> list[Door]:
        app.config["CLOCK"] = lambda: datetime.now(UTC)  # the server that is killed has no other
        partnership = world.partnership()
        schools = [world.organisation(f"School {number}") for number in range(returns)]
        cycle, made = world.cycle(partnership), []
        for number, school in enumerate(schools):
            return_id = world.started(cycle, school)
            world.profile(return_id, commissions_services=False)
            visitor = Visitor(app)
            visitor.enter(world.person(f"Writer {number}", making.contributor(school)))
            token, cookie = visitor.token(), visitor.client.get_cookie("session")
            assert cookie is not None
            made.append(Door(return_id, f"session={cookie.value}", token))
        return made

    return doors


def test_what_was_acknowledged_survives_a_killed_server(
    doors: Callable[[int], list[Door]], engine: Engine, database: str, tmp_path: Path
) -> None:
    _hold(Campaign(returns=2, processes=2, saves=40, kills=1), doors, engine, database, tmp_path)


@pytest.mark.campaign
def test_five_thousand_saves_through_five_kills(
    doors: Callable[[int], list[Door]], engine: Engine, database: str, tmp_path: Path
) -> None:
    campaign = Campaign(returns=50, processes=8, saves=5_000, kills=5)
    told = _hold(campaign, doors, engine, database, tmp_path)
    print(f"\n{engine.dialect.name}: {told}")


def _hold(
    campaign: Campaign,
    doors: Callable[[int], list[Door]],
    engine: Engine,
    database: str,
    folder: Path,
) -> str:
    """Run it, and hold the database against the ledger; what happened, in words."""
    opened = doors(campaign.returns)
    engine.dispose()
    acknowledged, failed = _run(campaign, opened, database, folder)
    with engine.connect() as connection:
        history = {
            (row.return_id, row.key, row.version): row.evidence
            for row in connection.execute(
                select(
                    AnswerHistory.return_id, AnswerHistory.key, AnswerHistory.version, AnswerHistory.evidence
                )
            )
        }
        kept = connection.execute(select(Answer.return_id, Answer.key, Answer.version, Answer.evidence)).all()
    lost = [
        each for each in acknowledged if history.get((each.return_id, each.key, each.version)) != each.text
    ]
    doubled = [text for text, times in Counter(history.values()).items() if times > 1]
    assert (lost, doubled) == ([], [])
    assert len(acknowledged) == campaign.saves
    for row in kept:  # the answer is its last version, and no version is missing
        assert history[row.return_id, row.key, row.version] == row.evidence
        assert all((row.return_id, row.key, version) in history for version in range(1, row.version + 1))
    return (
        f"{campaign.saves} saves to {campaign.returns} returns by {campaign.processes} processes through "
        f"{campaign.kills} kills: {len(lost)} lost, {len(doubled)} doubled, {failed} asked again after a kill"
    )


def _run(
    campaign: Campaign, doors: list[Door], database: str, folder: Path
) -> tuple[list[Acknowledged], int]:
    """Let every process save its share, and kill the server again and again meanwhile."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    making.write_edition(folder / "editions")
    context = at_once.context()
    said, done = context.Queue(), context.Value("i", 0)
    share = campaign.saves // campaign.processes
    writers = [
        context.Process(target=_write, args=(number, share, doors, port, done, said.put))
        for number in range(campaign.processes)
    ]
    killed = 0
    with _server(port, database, folder) as restart:
        for writer in writers:
            writer.start()
        for kill in range(1, campaign.kills + 1):
            _wait_for(campaign.saves * kill / (campaign.kills + 1), done, writers)
            restart()
            killed += 1
        _wait_for(share * campaign.processes, done, writers)
        told = [said.get(timeout=PATIENCE_SECONDS) for _ in writers]
        for writer in writers:
            writer.join()
    assert killed == campaign.kills
    return [each for acknowledged, _ in told for each in acknowledged], sum(failed for _, failed in told)


@contextmanager
def _server(port: int, database: str, folder: Path) -> Iterator[Callable[[], None]]:
    """What `compact serve` serves, by two workers; what it yields kills all of it and starts it anew."""
    settings = {
        "COMPACT_ENV": "test",
        "DATABASE_URL": database,
        "SECRET_KEY": SECRET,
        "BASE_URL": "http://localhost",
        "QUESTIONNAIRES": str(folder / "editions"),
        "MAIL_URL": "console",
    }
    running = [_started(port, settings)]

    def restart() -> None:
        _kill(running[-1])
        running.append(_started(port, settings))

    try:
        yield restart
    finally:
        _kill(running[-1])


def _started(port: int, settings: dict[str, str]) -> ForkServerProcess:
    """A server that leads a group of processes, and has taken in the application, which takes longest."""
    server = at_once.context().Process(target=_serve, args=(port, settings))
    server.start()
    while os.getpgid(server.pid or 0) != server.pid:
        time.sleep(0.01)
    return server


def _serve(port: int, settings: dict[str, str]) -> None:
    os.setsid()
    os.environ.update(settings)
    os.chdir(ROOT)
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(silence, stream.fileno())
    workers = ["--bind", f"127.0.0.1:{port}", "--workers", "2"]
    sys.argv = ["gunicorn", *workers, *LIMITS, "--no-control-socket", "wsgi:app"]
    run()


def _kill(server: ForkServerProcess) -> None:
    os.killpg(server.pid or 0, signal.SIGKILL)
    server.join()


def _wait_for(saves: float, done: Any, writers: list[ForkServerProcess]) -> None:
    """Wait until so many are acknowledged by all writers together."""
    end = time.monotonic() + 5 * PATIENCE_SECONDS
    while done.value < saves:
        assert time.monotonic() < end, "nobody saved anything more"
        assert all(each.exitcode in (None, 0) for each in writers), "a writer gave up"
        time.sleep(0.02)


def _write(
    number: int,
    share: int,
    doors: list[Door],
    port: int,
    done: Any,
    report: Callable[[tuple[list[Acknowledged], int]], None],
) -> None:
    """One browser in a process: save random answers as the page’s script does, until all are acknowledged."""
    chance, page = random.Random(number), f"{number:016x}"  # noqa: S311 - which answer comes next is no secret
    seen: dict[tuple[int, str], int] = {}
    acknowledged: list[Acknowledged] = []
    failed = sequence = 0
    while len(acknowledged) < share:
        door, key = chance.choice(doors), chance.choice(KEYS)
        place, told, attempt = (door.return_id, key), None, 0
        while told is None:
            sequence += 1
            text = f"Process {number}, save {len(acknowledged)}, decision {attempt}"
            fields = {"grade": "good", "evidence": text, "reason": "", "version": str(seen.get(place, 0))}
            fields |= {"page": page, "sequence": str(sequence), "csrf_token": door.token}
            try:
                status, reply = _post(port, f"/returns/{door.return_id}/answers/{key}", door.cookie, fields)
            except (OSError, http.client.HTTPException):
                failed += 1
                time.sleep(0.05)  # the server is gone: the same is asked again
                continue
            if status == 200:
                told = seen[place] = reply["version"]
            elif status == 409:  # somebody else's is newer: seen, and knowingly written over
                seen[place], attempt = reply["theirs"]["version"], attempt + 1
            else:
                raise AssertionError(f"{status}: {reply}")
        acknowledged.append(Acknowledged(door.return_id, key, told, text))
        with done.get_lock():
            done.value += 1
    report((acknowledged, failed))


def _post(port: int, path: str, cookie: str, fields: dict[str, str]) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Host": "localhost"}
    try:
        connection.request("POST", path, urlencode(fields), headers)
        reply = connection.getresponse()
        body = reply.read()
        is_json = reply.headers.get_content_type() == "application/json"
        return reply.status, json.loads(body) if is_json else None
    finally:
        connection.close()
