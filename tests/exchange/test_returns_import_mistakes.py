"""`compact returns import`: what is refused, with its line; and that nothing is changed then."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from compact.cycles.store import cycle_by_name
from compact.exchange import store
from compact.organisations.models import Organisation
from compact.returns.store import add_return, start
from tests.conftest import Ended
from tests.exchange.conftest import CYCLE
from tests.exchange.rows import Row, not_applicable, row, write
from tests.exchange.tables import sizes
from tests.making import NOW, World

Bring = Callable[..., Ended]


def messages(ended: Ended) -> list[str]:
    """The mistakes as LINE: message, in the order they were said."""
    assert (ended.code, ended.out) == (1, "")
    return [line.rpartition("returns.csv:")[2] for line in ended.err.splitlines()]


def test_a_setting_other_than_the_known_one_is_a_mistake(world: World, cycle: int, bring: Bring) -> None:
    world.organisation(identifier="1", setting="school")

    ended = bring(row("GIAS:1", setting="statutory"), row("GIAS:1", "induction", setting="statutory"))

    assert messages(ended) == ["2: GIAS:1 is “statutory” here and is known as “school”"]


def test_rows_of_one_organisation_agree_about_its_name_and_setting(cycle: int, bring: Bring) -> None:
    ended = bring(
        row("local:1", "bullying", name="Larkfield"),
        row("local:2", "bullying", name="Elsewhere"),
        row("local:1", "induction", name="Larkfeld"),
        row("LOCAL:1", "conduct", name="Larkfield", setting="statutory"),
    )

    assert messages(ended) == [
        "4: local:1 is named “Larkfeld” here and “Larkfield” on line 2",
        "5: local:1 is “statutory” here and “school” on line 2",
    ]


def test_two_rows_for_one_answer_name_the_first_line(cycle: int, bring: Bring) -> None:
    ended = bring(row(), row(indicator="induction"), row(grade="inadequate"), row())

    assert messages(ended) == [
        "4: “bullying” of local:17 is answered on line 2 already",
        "5: “bullying” of local:17 is answered on line 2 already",
    ]


def test_every_mistake_of_the_file_is_listed_by_line(
    engine: Engine, world: World, cycle: int, compact: Callable[..., Ended], tmp_path: Path
) -> None:
    world.organisation(identifier="1", setting="statutory")
    rows = [
        row("GIAS:1"),
        row("local:5", grade="excellent", indicator="bulying"),
        row("GIAS:2", evidence="over\ntwo lines"),
        row("nothing", setting="zoo"),
    ]
    file = write(tmp_path / "returns.csv", rows)
    file.write_text(file.read_text("utf-8") + "one,cell too few\r\n", "utf-8")
    before = sizes(engine)

    listed = [each.split(":")[0] for each in messages(compact("returns", "import", file, "--cycle", CYCLE))]

    assert listed == ["2", "3", "3", "4", "6", "6", "7"]
    assert sizes(engine) == before


def test_a_dry_run_lists_the_same_mistakes(cycle: int, bring: Bring) -> None:
    rows = [row(grade="excellent"), row("GIAS:2")]

    assert bring(*rows, options=("--dry-run",)) == bring(*rows)


def test_a_message_quotes_a_cell_on_one_line_and_shortened(cycle: int, bring: Bring) -> None:
    ended = bring(row(grade="\x1b[31mred\nand " + "long " * 100))

    assert len(ended.err.splitlines()) == 1
    assert "\x1b" not in ended.err
    assert len(messages(ended)[0]) < 250


def test_a_missing_column_is_named(cycle: int, compact: Callable[..., Ended], tmp_path: Path) -> None:
    columns = ["organisation", "name", "setting", "indicator", "evidence", "reason"]
    file = write(tmp_path / "returns.csv", [row()], columns)

    ended = compact("returns", "import", file, "--cycle", CYCLE)

    assert messages(ended) == ["1: the column “grade” is missing"]


def test_there_is_no_cycle_of_that_name(compact: Callable[..., Ended], tmp_path: Path) -> None:
    ended = compact("returns", "import", write(tmp_path / "r.csv", [row()]), "--cycle", "Compact 1926")

    assert (ended.code, ended.out, ended.err) == (1, "", "--cycle: there is no cycle named Compact 1926\n")


@pytest.mark.parametrize("arguments", [(), ("--cycle", CYCLE), ("no such file", "--cycle", CYCLE)])
def test_wrong_usage_ends_with_2(compact: Callable[..., Ended], arguments: tuple[str, ...]) -> None:
    assert compact("returns", "import", *arguments).code == 2


# --- Beside a return that is there already ---


@pytest.mark.parametrize(
    "other",
    [(row(evidence="seen."), not_applicable(indicator="induction")), (row(evidence="Seen."),)],
    ids=["other evidence", "a row less"],
)
def test_another_return_of_an_organisation_is_refused(
    engine: Engine, cycle: int, bring: Bring, other: tuple[Row, ...]
) -> None:
    assert bring(row(evidence="Seen."), not_applicable(indicator="induction")).code == 0
    before = sizes(engine)

    (refused,) = messages(bring(row("local:1", name="New"), *other))

    assert refused.startswith("3: another return of local:17 was imported into this cycle before: ")
    assert sizes(engine) == before


def test_a_return_with_a_mistake_is_not_said_to_differ(
    cycle: int, bring: Bring, compact: Callable[..., Ended], tmp_path: Path
) -> None:
    assert bring(row(), row(indicator="induction")).code == 0

    wrong = messages(bring(row(), row(indicator="induction", grade="god")))
    assert [each.split(":")[0] for each in wrong] == ["3"]

    file = write(tmp_path / "returns.csv", [row()])
    file.write_text(file.read_text("utf-8") + "one,cell too few\r\n", "utf-8")
    wrong = messages(compact("returns", "import", file, "--cycle", CYCLE))
    assert [each.split(":")[0] for each in wrong] == ["3"]


def test_a_return_begun_here_is_never_imported_over(world: World, cycle: int, bring: Bring) -> None:
    world.started(cycle, world.organisation(identifier="1"))

    assert messages(bring(row("GIAS:1"))) == [
        "2: GIAS:1 has begun its return in this cycle here; nothing is imported over it"
    ]


def test_a_return_signed_here_is_never_imported_over(world: World, cycle: int, bring: Bring) -> None:
    world.signed(cycle, world.organisation(identifier="1"), {"bullying": "good"})

    assert messages(bring(row("GIAS:1"))) == [
        "2: GIAS:1 has signed its return in this cycle here; nothing is imported over it"
    ]


def test_an_imported_return_that_was_begun_anew_here_takes_no_other_import(
    engine: Engine, world: World, cycle: int, bring: Bring
) -> None:
    assert bring(row()).code == 0
    with world.session() as session:
        organisation = session.scalars(select(Organisation.id)).one()
        add_return(session, cycle, organisation, number=2, now=NOW)
        session.commit()

    assert bring(row()).last_line == "added 0, unchanged 1"
    assert messages(bring(row(grade="inadequate"))) == [
        "2: local:17 has begun its return in this cycle here; nothing is imported over it"
    ]


def test_an_import_waits_for_somebody_who_is_just_beginning_a_return(
    world: World, cycle: int, bring: Bring
) -> None:
    school = world.organisation(identifier="1")
    has_begun = threading.Event()

    def begin() -> None:
        with world.session() as session:
            start(session, cycle, school, NOW)
            has_begun.set()
            time.sleep(0.5)
            session.commit()

    begins = threading.Thread(target=begin)
    begins.start()
    has_begun.wait(10)
    ended = bring(row("GIAS:1"))
    begins.join(10)

    assert messages(ended) == [
        "2: GIAS:1 has begun its return in this cycle here; nothing is imported over it"
    ]


def test_nobody_begins_a_return_or_makes_a_local_organisation_while_an_import_decides(
    world: World, host: int, cycle: int
) -> None:
    school = world.organisation(identifier="1")
    local = {"register": "local", "owner_id": host, "identifier": "17", "name": "N", "setting": "school"}
    others = [
        threading.Thread(target=world.started, args=(cycle, school)),
        threading.Thread(target=world.insert, args=(Organisation, [{**local, "status": "open"}])),
    ]
    with world.session() as session:
        row_of_cycle = cycle_by_name(session, CYCLE)
        assert row_of_cycle is not None
        store.lock(session, row_of_cycle)
        for each in others:
            each.start()
            each.join(0.5)
        wait = [each.is_alive() for each in others]
        session.commit()
    for each in others:
        each.join(10)

    assert (wait, [each.is_alive() for each in others]) == ([True, True], [False, False])
