"""H7, H8: an import that is killed half-way changes nothing, whichever register; nor does one done twice."""

import os
import re
import signal
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.accounts.factors import everything
from tests.conftest import Ended
from tests.faults import at_once
from tests.inspections.files import card, graded, ofsted_file
from tests.making import World
from tests.organisations.files import gias_file, school
from tests.organisations.test_ofsted_childcare import file_of, provider

# One process begins those of every test here: it takes in the application once.
pytestmark = pytest.mark.xdist_group("at once")

Compact = Callable[..., Ended]
MANY, FEW = 300, 8  # rows of a file; so many of them are changed, closed or new in the next one
AREA = "851"
WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Register:
    """What is imported, and two files of it: in the second some rows are changed, some closed, some new."""

    command: tuple[str, ...]
    before: Callable[[Path], Path]
    after: Callable[[Path], Path]


def _schools(file: Path, changed: Iterable[int] = (), closed: Iterable[int] = (), new: int = 0) -> Path:
    rows = [
        school(
            urn=str(100_000 + number),
            area=AREA,
            name=f"Made-up School {number}{' as it is called now' if number in set(changed) else ''}",
            status="Closed" if number in set(closed) else "Open",
            trust="Larkfield Trust" if number in set(changed) else "",
        )
        for number in range(MANY + new)
    ]
    return gias_file(file, *rows)


def _providers(file: Path, changed: Iterable[int] = (), closed: Iterable[int] = (), new: int = 0) -> Path:
    rows = [
        provider(
            urn=str(100_000 + number),  # the numbers of the schools: they stay other organisations (A14)
            name=f"Made-up Nursery {number}{' as it is called now' if number in set(changed) else ''}",
            status="Resigned" if number in set(closed) else "Active",
        )
        for number in range(MANY + new)
    ]
    file.write_text(file_of(*rows), encoding="utf-8")
    return file


def _bodies(file: Path, changed: Iterable[int] = (), new: int = 0) -> Path:
    rows = [
        f"{number},Made-up Body {number}{' now' if number in set(changed) else ''},statutory,{AREA}"
        for number in range(MANY + new)
    ]
    file.write_text("\n".join(("identifier,name,setting,areas", *rows)), encoding="utf-8")
    return file


def _links(file: Path, many: int) -> Path:
    rows = [f"{100_000 + n},{100_001 + n},Next,Successor,01-09-2026" for n in range(0, 2 * many, 2)]
    head = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate"
    file.write_text("\r\n".join((head, *rows)), encoding="cp1252")
    return file


def _inspections(file: Path, many: int, overall: str) -> Path:
    rows = [
        graded(str(100_000 + number), overall=overall) if number % 2 else card(str(100_000 + number))
        for number in range(many)
    ]
    return ofsted_file(file, *rows)


CHANGED, CLOSED = range(FEW), range(FEW, 2 * FEW)
REGISTERS: Mapping[str, Register] = {
    "gias": Register(
        ("organisations", "import", "--register", "gias"),
        _schools,
        lambda file: _schools(file, CHANGED, CLOSED, FEW),
    ),
    "childcare": Register(
        ("organisations", "import", "--register", "ofsted-childcare"),
        _providers,
        lambda file: _providers(file, CHANGED, CLOSED, FEW),
    ),
    "local": Register(
        ("organisations", "import", "--register", "local"), _bodies, lambda file: _bodies(file, CHANGED, FEW)
    ),
    "links": Register(
        ("organisations", "link", "--register", "gias"),
        lambda file: _links(file, 1),
        lambda file: _links(file, 3),
    ),
    "inspections": Register(
        ("inspections", "import", "--source", "ofsted-schools"),
        lambda file: _inspections(file, MANY // 2, "2"),
        lambda file: _inspections(file, MANY, "3"),
    ),
}


@pytest.mark.campaign
@pytest.mark.parametrize("name", REGISTERS)
def test_h8_an_import_killed_at_any_write_changes_nothing(
    name: str, world: World, compact: Compact, tmp_path: Path, engine: Engine
) -> None:
    """H8, as J1: kill -9 before each statement that writes and each commit of a run, one after another."""
    register = REGISTERS[name]
    compact("partnerships", "add", "Wexcombe Partnership", "--area", AREA)
    compact("organisations", "import", "--register", "gias", _schools(tmp_path / "schools.csv"))
    first = compact(*register.command, register.before(tmp_path / "before.csv"))
    assert first.code == 0, first.err
    before, file = everything(world), register.after(tmp_path / "after.csv")

    point = 0
    while (code := _import(point, *register.command, str(file))) == -signal.SIGKILL:
        assert everything(world) == before, f"killed at {point}"
        point += 1

    assert (code, point > 1) == (0, True)
    after = everything(world)
    assert after != before
    again = compact(*register.command, file)
    assert re.match("added 0, changed 0, (closed 0, )?unchanged [1-9]", again.last_line)
    assert everything(world) == after
    print(
        f"\n{engine.dialect.name}, {name}: killed at {point} points, nothing changed; then {again.last_line}"
    )


def _import(point: int, *command: str) -> int | None:
    """Let a process import, and kill it before a write or a commit, counted from 0; how it ended."""
    names = ("COMPACT_ENV", "DATABASE_URL", "QUESTIONNAIRES")
    settings = {name: os.environ[name] for name in names}
    process = at_once.context().Process(target=_killed_at, args=(point, settings, command))
    process.start()
    process.join()
    return process.exitcode


def _killed_at(point: int, settings: Mapping[str, str], command: tuple[str, ...]) -> None:
    os.environ.update(settings)
    from compact.cli import main

    left = point

    def count(*arguments: object) -> None:
        nonlocal left
        statement = arguments[2] if len(arguments) > 2 else WRITES[0]
        if str(statement).lstrip().startswith(WRITES):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    main(list(command), standalone_mode=False)
