"""The units of docs/systemd: systemd takes them, and what they start is there."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from compact.cli import main
from config import ROOT

FOLDER = ROOT / "docs" / "systemd"
SERVICES, TIMERS = sorted(FOLDER.glob("*.service")), sorted(FOLDER.glob("*.timer"))
COMMAND = re.compile(r"/srv/compact/\.venv/bin/compact ((?:[a-z]+ ?)+)([^']*)")
# What a service must not be able to do, whatever is wrong with the program.
HARDENING = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "CapabilityBoundingSet": "",
}


def read(unit: Path) -> configparser.ConfigParser:
    """A unit as systemd reads it: names are case sensitive, and `%` is its own."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # as its own documentation says
    parser.read_string(unit.read_text(encoding="utf-8"))
    return parser


@pytest.mark.parametrize("unit", SERVICES, ids=lambda each: each.name)
def test_a_service_starts_a_command_that_there_is_and_may_do_little_else(unit: Path) -> None:
    service = read(unit)["Service"]

    assert {name: service[name] for name in HARDENING} == HARDENING
    assert service["User"] in ("compact", "postgres")
    found = COMMAND.search(service["ExecStart"])
    if found is None:
        assert " pg_dump " in service["ExecStart"]
        return
    assert service["EnvironmentFile"] == "/etc/compact.env"
    command: click.Command = main
    for word in found[1].split():
        assert isinstance(command, click.Group)
        named = command.get_command(click.Context(command), word)
        assert named is not None, word
        command = named
    options = {name for each in command.params for name in each.opts}
    assert not isinstance(command, click.Group)
    assert set(re.findall(r"--[a-z-]+", found[2])) <= options


@pytest.mark.parametrize("unit", TIMERS, ids=lambda each: each.name)
def test_a_timer_has_a_service_and_is_switched_on_by_name(unit: Path) -> None:
    timer = read(unit)

    assert unit.with_suffix(".service") in SERVICES
    assert timer["Timer"]["OnCalendar"]
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_every_service_is_started_by_itself_or_by_its_timer() -> None:
    timed = {each.stem for each in TIMERS}
    alone = [each for each in SERVICES if each.stem not in timed]

    assert [each.name for each in alone] == ["compact.service"]
    assert read(alone[0])["Install"]["WantedBy"] == "multi-user.target"


def test_systemd_takes_every_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is missing: the units are only read as text")
    start = shutil.which("true")
    for unit in (*SERVICES, *TIMERS):
        text = unit.read_text(encoding="utf-8").replace("/srv/compact/.venv/bin/compact", str(start))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")

    ended = subprocess.run(
        [program, "verify", "--man=no", *(tmp_path / unit.name for unit in (*SERVICES, *TIMERS))],
        capture_output=True,
        text=True,
        check=False,
    )

    # The machine's own units may have faults of their own.
    said = [line for line in ended.stderr.splitlines() if str(tmp_path) in line or "compact" in line]
    assert said == []


def test_the_page_names_every_unit() -> None:
    page = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")

    assert [unit.stem for unit in SERVICES if f"[{unit.stem}" not in page] == []
