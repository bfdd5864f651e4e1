"""What stops an import before it harms: many that would close (H4), a file older than the one before (H3)."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from compact.organisations.rules import (
    Change,
    Key,
    Known,
    Plan,
    State,
    older_areas,
    too_many_close,
)
from tests.conftest import Ended
from tests.making import World
from tests.organisations.files import HEAD, counts, gias_file, known, school

Compact = Callable[..., Ended]
DATED = (*HEAD, "LastChangedDate")


@pytest.fixture
def bring(compact: Compact, world: World, tmp_path: Path) -> Callable[..., Ended]:
    world.partnership(areas=("901", "902"))

    def bring(*rows: dict[str, str], options: tuple[str, ...] = ()) -> Ended:
        file = gias_file(tmp_path / "gias.csv", *rows, head=DATED)
        return compact("organisations", "import", "--register", "gias", file, *options)

    return bring


def schools(many: int, closed: int = 0, **changes: str) -> list[dict[str, str]]:
    """So many schools, of which the first are closed."""
    return [
        school(urn=str(100_001 + number), status="Closed" if number < closed else "Open", **changes)
        for number in range(many)
    ]


def test_more_than_five_in_a_hundred_do_not_close_by_themselves(
    bring: Callable[..., Ended], engine: Engine
) -> None:
    """H4: 2 of 40 are 5 in 100 and close; 3 of them stop the import, also its dry run, and change nothing."""
    bring(*schools(40))
    before = known(engine)
    dry = bring(*schools(40, closed=3), options=("--dry-run",))
    assert (dry.code, dry.last_line) == (1, counts(closed=3, unchanged=37).strip())
    assert dry.err.count("would close: GIAS") == 3
    ended = bring(*schools(40, closed=3))
    assert (ended.code, ended.out) == (1, "")
    assert "3 of 40 open organisations of GIAS in area 901 would close: give --close-many if so" in ended.err
    assert known(engine) == before
    assert bring(*schools(40, closed=2)).out == counts(closed=2, unchanged=38)
    assert bring(*schools(40, closed=5), options=("--close-many",)).out == counts(closed=3, unchanged=37)


def _closing(area: str, number: int, register: str = "GIAS") -> Change:
    state = State("A school", "school", frozenset({area}))
    there = Known(number, Key(register, None, str(number)), state)
    return Change(there, State("A school", "school", frozenset({area}), closed_on=date(2026, 1, 1)))


def test_each_register_and_area_is_looked_at_by_itself() -> None:
    many = [_closing("901", number) for number in range(100)]
    few = [_closing("902", number) for number in range(100, 110)]
    childcare = [_closing("902", number, "Ofsted") for number in range(110, 150)]
    everybody = [each.organisation for each in (*many, *few, *childcare)]

    def stops(*closing: Change) -> list[str]:
        return too_many_close(Plan([], [], closing, 0, 0), everybody)

    assert stops(*many[:5], *childcare[:2]) == []
    assert stops(few[0]) == [], "one is no sign of a wrong file, however small the area"
    assert stops(*many[:5], *few[:2]) == ["2 of 10 open organisations of GIAS in area 902 would close"]
    assert len(stops(*many[:6], *few[:2], *childcare[:3])) == 3


def test_a_file_older_than_the_one_before_is_refused(bring: Callable[..., Ended], engine: Engine) -> None:
    """H3: by the day on which an area's rows were last changed. What is there stays."""
    new = {**school(), "LastChangedDate": "14-07-2026"}
    old = {**school(name="Its old name"), "LastChangedDate": "13-07-2026"}
    other = {**school(urn="100002", area="902"), "LastChangedDate": "01-02-2020"}
    assert bring(old, other).out == counts(added=2)
    assert bring(new).out == counts(changed=1)
    before = known(engine)
    for options in ((), ("--dry-run",)):
        ended = bring(old, other, options=options)
        assert ended.code == 1
        assert (
            "area 901 was last changed on 13-07-2026 in this file, on 14-07-2026 in the one before"
            in ended.err
        )
    assert known(engine) == before
    assert bring(other).out == counts(unchanged=1), "of the other area it knows as much as before"
    assert bring({**school(), "LastChangedDate": ""}).out == counts(unchanged=1), "it does not tell"
    assert bring(old, options=("--older",)).out == counts(changed=1)
    assert bring(old).out == counts(unchanged=1)


def test_an_area_that_is_new_is_not_older() -> None:
    assert older_areas({"901": date(2026, 1, 1)}, {"902": date(2026, 2, 1)}) == []
