"""The importers on real files, where they are at hand: ../shared/data, which the project does not carry."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import Ended
from tests.organisations.files import counts, known

Compact = Callable[..., Ended]
SAMPLES = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture
def sample() -> Path:
    file = SAMPLES / "gias_sample.csv"
    if not file.exists():
        pytest.skip(f"the real sample is not here: {file}")
    return file


def test_the_real_sample(compact: Compact, engine: Engine, sample: Path) -> None:
    compact("partnerships", "add", "Portsmouth", "--area", "851")
    portsmouth = ("organisations", "import", "--register", "gias", sample, "--area", "851")
    assert compact(*portsmouth).out == counts(added=65, left_out=741)
    assert compact(*portsmouth).out == counts(unchanged=65, left_out=741)
    assert compact(*portsmouth[:-2]).out == counts(unchanged=65, left_out=741)
    compact("partnerships", "add", "The others", "--area", "850", "--area", "852", "--area", "921")
    ended = compact(*portsmouth[:-2])
    assert ended.last_line == "added 741, changed 0, closed 0, unchanged 65, left out 0, refused 0"
    phases = [each.state.phase for each in known(engine).values()]
    assert {phase: phases.count(phase) for phase in set(phases)} == {
        "nursery": 4,
        "primary": 558,
        "secondary": 95,
        "all_through": 5,
        "special": 77,
        "alternative_provision": 10,
        "independent": 48,
        None: 9,
    }


def test_the_real_bodies(compact: Compact, engine: Engine, sample: Path) -> None:
    file = sample.with_name("statutory_bodies.csv")
    compact("partnerships", "add", "Portsmouth", "--area", "851")
    assert compact("organisations", "import", "--register", "local", file).out == counts(added=7, left_out=7)
    compact("partnerships", "add", "Hampshire", "--area", "850", "--area", "852", "--area", "921")
    ended = compact("organisations", "import", "--register", "local", file)
    assert ended.out == counts(added=7, unchanged=7), "the one local body stays Portsmouth's"
    assert compact("organisations", "import", "--register", "local", file).out == counts(unchanged=14)


def test_the_real_childcare(compact: Compact, engine: Engine, sample: Path) -> None:
    """201 providers of Portsmouth: 87 childminders stay out unless they are asked for."""
    file = sample.with_name("ofsted_ey_2021_sample.csv")
    compact("partnerships", "add", "Portsmouth", "--area", "851")
    childcare = ("organisations", "import", "--register", "ofsted-childcare", file)
    assert compact(*childcare).out == counts(added=114, left_out=87)
    assert compact(*childcare).out == counts(unchanged=114, left_out=87)
    assert compact(*childcare, "--only", "Childminder").out == counts(added=87, left_out=114)
    shapes = {re.sub("[0-9]", "9", identifier) for identifier in known(engine)}
    assert shapes == {"EY999999", "999999", "9999999"}


def test_the_real_links(compact: Compact, sample: Path) -> None:
    """None of the predecessors is among the schools: all are left out, and every row is counted."""
    compact(
        "partnerships", "add", "The area", "--area", "850", "--area", "851", "--area", "852", "--area", "921"
    )
    compact("organisations", "import", "--register", "gias", sample)
    file = sample.with_name("gias_links_sample.csv")
    ended = compact("organisations", "link", "--register", "gias", file)
    assert (ended.code, ended.out) == (0, counts(left_out=257))
