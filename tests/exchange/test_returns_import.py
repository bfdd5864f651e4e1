"""`compact returns import`: what a file without a mistake does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, update

from compact.cycles.models import Due
from compact.cycles.store import add_due
from compact.exchange import store
from compact.exchange.finished_returns import COLUMNS
from compact.organisations.models import Organisation, OrganisationArea
from compact.returns.models import Answer, AnswerHistory, Return, ReturnArea
from compact.returns.reading import partnerships_of
from compact.sign_off.models import StandardResult
from compact.sign_off.results import write_results
from compact.trail.models import TrailEntry
from tests import making
from tests.conftest import Ended
from tests.exchange.conftest import CYCLE
from tests.exchange.rows import not_applicable, row, write
from tests.exchange.tables import found, sizes
from tests.making import World

Bring = Callable[..., Ended]
ANSWER = (Answer.key, Answer.grade, Answer.not_applicable, Answer.reason, Answer.evidence)


# --- Whose return it is ---


def test_an_unknown_local_organisation_is_made_for_the_host_in_its_first_area(
    engine: Engine, host: int, cycle: int, bring: Bring
) -> None:
    ended = bring(row("local:17", name="Larkfield \n  School"), row("local:17", "induction"))

    assert (ended.code, ended.out, ended.err) == (0, "added 1, unchanged 0\n", "")
    made = (Organisation.register, Organisation.owner_id, Organisation.identifier, Organisation.name)
    assert found(engine, *made, Organisation.setting, Organisation.status) == [
        ("local", host, "17", "Larkfield School", "school", "open")
    ]
    assert found(engine, OrganisationArea.area) == [("900",)]


def test_an_unknown_four_area_body_works_in_all_areas_of_the_round(
    engine: Engine, world: World, bring: Bring
) -> None:
    first, second = world.partnership("First", ["901"]), world.partnership("Second", ["902", "903"])
    world.cycle(first, second)

    assert bring(row("local:1", setting="hips")).code == 0
    assert found(engine, OrganisationArea.area) == [("901",), ("902",), ("903",)]
    assert found(engine, ReturnArea.area) == [("901",), ("902",), ("903",)]


def test_an_unknown_organisation_of_another_setting_works_in_the_hosts_area_alone(
    engine: Engine, world: World, bring: Bring
) -> None:
    first, second = world.partnership("First", ["909"]), world.partnership("Second", ["902"])
    world.cycle(first, second)

    assert bring(row("local:1", setting="statutory")).code == 0
    assert found(engine, OrganisationArea.area) == [("909",)]


def test_registers_are_the_same_in_any_case_and_blanks_around_do_not_count(
    engine: Engine, world: World, host: int, bring: Bring
) -> None:
    school = world.organisation(identifier="116192")
    world.cycle(host)

    ended = bring(
        row("gias:116192"), row(" GiAs : 116192 ", "induction"), row("LOCAL:7"), row("local: 7", "induction")
    )

    assert ended.last_line == "added 2, unchanged 0"
    local = next(
        each
        for each, register in found(engine, Organisation.id, Organisation.register)
        if register == "local"
    )
    assert found(engine, Return.organisation_id) == sorted([(school,), (local,)], key=str)


def test_a_local_organisation_of_another_partnership_is_not_the_hosts(
    engine: Engine, world: World, host: int, cycle: int, bring: Bring
) -> None:
    other = world.partnership("Other", ["905"])
    fields = {
        "register": "local",
        "owner_id": other,
        "identifier": "17",
        "setting": "school",
        "status": "open",
    }
    world.insert(Organisation, [{**fields, "name": "Theirs"}])

    assert bring(row("local:17", name="Ours")).last_line == "added 1, unchanged 0"
    assert found(engine, Organisation.name, Organisation.owner_id) == [("Ours", host), ("Theirs", other)]


def test_the_name_of_a_known_organisation_is_not_compared(
    engine: Engine, world: World, cycle: int, bring: Bring
) -> None:
    world.organisation("Larkfield School", identifier="116192")

    assert bring(row("GIAS:116192", name="An older name")).code == 0
    assert found(engine, Organisation.name) == [("Larkfield School",)]


def test_a_closed_organisation_may_be_imported(
    engine: Engine, world: World, cycle: int, bring: Bring
) -> None:
    world.organisation(identifier="1")
    with world.session() as session:
        session.execute(update(Organisation).values(status="closed", closed_on=date(2026, 1, 31)))
        session.commit()

    assert bring(row("GIAS:1")).last_line == "added 1, unchanged 0"


def test_a_closed_cycle_takes_returns(world: World, host: int, bring: Bring) -> None:
    world.cycle(host, opens=date(2019, 1, 1), closes=date(2019, 3, 31))

    assert bring(row()).last_line == "added 1, unchanged 0"


def test_who_was_not_due_becomes_due_and_who_was_stays_so(
    engine: Engine, world: World, host: int, bring: Bring
) -> None:
    due = world.organisation(identifier="1")
    cycle = world.cycle(host)
    late = world.organisation(identifier="2")

    assert bring(row("GIAS:1"), row("GIAS:2")).code == 0
    assert found(engine, Due.cycle_id, Due.organisation_id) == sorted([(cycle, due), (cycle, late)], key=str)


def test_an_organisation_from_elsewhere_may_be_imported_once_the_round_asks_it(
    world: World, cycle: int, bring: Bring
) -> None:
    far = world.organisation(identifier="1", areas=["555"])

    ended = bring(row("GIAS:1"))

    assert ended.code == 1
    assert ended.err.endswith(":2: GIAS:1 works in none of the round's areas and is not asked in it\n")

    with world.session() as session:
        add_due(session, cycle, [far], making.NOW)
        session.commit()

    assert bring(row("GIAS:1")).code == 0


# --- What is kept of it ---


def test_it_counts_as_signed_is_marked_as_imported_and_pins_what_the_organisation_is(
    engine: Engine, world: World, cycle: int, bring: Bring
) -> None:
    trust = world.trust()
    school = world.organisation(identifier="1", areas=["900", "901"], trust=trust)
    with world.session() as session:
        session.execute(update(Organisation).values(phase="primary"))
        session.commit()

    assert bring(row("GIAS:1")).code == 0

    pinned = (Return.setting, Return.phase, Return.trust_id, Return.number, Return.status, Return.imported)
    assert found(engine, Return.organisation_id, Return.cycle_id, *pinned) == [
        (school, cycle, "school", "primary", trust, 1, "signed", True)
    ]
    assert found(engine, ReturnArea.area) == [("900",), ("901",)]


def test_answers_are_kept_with_the_first_version_of_their_history(
    engine: Engine, cycle: int, bring: Bring
) -> None:
    ended = bring(
        row(
            indicator="bullying",
            grade="inadequate",
            evidence="First line\r\nsecond",
            reason="Kept all the same",
        ),
        not_applicable(indicator="pupil-voice", reason="We have no pupils."),
    )

    assert ended.code == 0
    expected = [
        ("bullying", "inadequate", False, "Kept all the same", "First line\nsecond", 1, None),
        ("pupil-voice", None, True, "We have no pupils.", "", 1, None),
    ]
    assert found(engine, *ANSWER, Answer.version, Answer.updated_by) == expected
    in_history = tuple(getattr(AnswerHistory, column.key) for column in ANSWER)
    assert found(engine, *in_history, AnswerHistory.version, AnswerHistory.updated_by) == expected
    assert found(engine, Answer.updated_at) == found(engine, AnswerHistory.updated_at)


TEXTS = ("<script>alert(1)</script>", "{{7*7}}", "=1+1", "' OR 1=1--", "Ŵyn 校 \U0001f642", "-5", "n/a")


def test_text_is_kept_as_it_was_typed(engine: Engine, cycle: int, bring: Bring) -> None:
    assert bring(*(row(f"local:{each}", name=each, evidence=each, reason=each) for each in TEXTS)).code == 0

    expected = sorted(((each, each) for each in TEXTS), key=str)
    assert found(engine, Organisation.identifier, Organisation.name) == expected
    assert found(engine, Answer.evidence, Answer.reason) == expected


def test_an_indicator_asked_of_some_alone_may_have_a_row(engine: Engine, cycle: int, bring: Bring) -> None:
    assert bring(row(indicator="commissioning")).code == 0
    assert found(engine, Answer.key) == [("commissioning",)]


def test_evidence_and_reason_may_be_as_long_as_on_the_pages(cycle: int, bring: Bring) -> None:
    assert bring(row(evidence="e" * 20_000, reason="r" * 2_000)).code == 0


def test_columns_may_stand_in_any_order_and_the_file_be_windows_1252(
    engine: Engine, cycle: int, compact: Callable[..., Ended], tmp_path: Path
) -> None:
    file = write(tmp_path / "r.csv", [row(name="Café – Larkfield")], [*sorted(COLUMNS), "note"])
    file.write_bytes(file.read_text("utf-8").encode("cp1252"))

    assert compact("returns", "import", file, "--cycle", CYCLE).code == 0
    assert found(engine, Organisation.name) == [("Café – Larkfield",)]


def test_results_are_written_for_the_main_grades_and_each_partnership_it_works_in(
    engine: Engine, world: World, bring: Bring
) -> None:
    first, second = world.partnership("First", ["901"]), world.partnership("Second", ["902", "903"])
    third = world.partnership("Third", ["904"])
    world.partnership("Not of this round", ["555"])
    world.organisation(identifier="1", setting="hips", areas=["901", "902", "903", "555"])
    world.cycle(first, second, third)

    ended = bring(
        row("GIAS:1", "bullying", "inadequate", setting="hips"),
        row("GIAS:1", "pupil-voice", "good", setting="hips"),
        not_applicable("GIAS:1", "induction", setting="hips"),
    )

    assert ended.code == 0
    of_all = (
        StandardResult.partnership_id,
        StandardResult.standard,
        StandardResult.graded,
        StandardResult.weak,
    )
    expected = [(None, 4, 2, 1), (first, 4, 2, 1), (second, 4, 2, 1)]
    assert found(engine, *of_all) == sorted(expected, key=str)


def test_what_is_written_in_bulk_is_what_signing_would_write(
    engine: Engine, world: World, host: int, cycle: int, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BATCH", 2)
    for number in (1, 2, 3):
        world.organisation(f"School {number}", identifier=str(number), areas=["901", "900"])
    grades = ("outstanding", "good", "requires_improvement", "inadequate")
    rows = [
        row(organisation, key, grades[(place + shift) % 4])
        for shift, organisation in enumerate(("GIAS:3", "local:1", "GIAS:1", "local:2", "GIAS:2"))
        for place, key in enumerate(making.ALL_SCHOOL_KEYS[shift:])
    ]

    assert bring(*rows).last_line == "added 5, unchanged 0"

    assert len(found(engine, Return.id)) == 5
    by_name = (Organisation.identifier, Answer.key, Answer.grade)
    with engine.connect() as connection:
        kept = connection.execute(
            select(Organisation.register, *by_name)
            .join(Return, Return.organisation_id == Organisation.id)
            .join(Answer, Answer.return_id == Return.id)
        )
        assert {(f"{register}:{number}", *rest) for register, number, *rest in kept} == {
            (each["organisation"], each["indicator"], each["grade"]) for each in rows
        }
    columns = [column for column in StandardResult.__table__.columns if column.key != "id"]
    written = found(engine, *columns)
    with world.session() as session:
        for return_id in session.scalars(select(Return.id)).all():
            questionnaire = making.edition().questionnaires["school"]
            partnerships = partnerships_of(session, return_id)
            assert partnerships == (host,)
            write_results(session, return_id, making.edition(), questionnaire, partnerships)
        session.commit()
    assert found(engine, *columns) == written


def test_the_statements_do_not_grow_with_the_file(cycle: int, bring: Bring) -> None:
    rows = [
        row(f"local:{number}", key) if number % 3 else not_applicable(f"local:{number}", key)
        for number in range(60)
        for key in making.ALL_SCHOOL_KEYS
    ]
    few, many = rows[: 3 * len(making.ALL_SCHOOL_KEYS)], rows[3 * len(making.ALL_SCHOOL_KEYS) :]

    with counted_statements() as first:
        assert bring(*few).last_line == "added 3, unchanged 0"
    with counted_statements() as second:
        assert bring(*many).last_line == "added 57, unchanged 0"
    assert len(second) == len(first)


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """The statements that any engine executes meanwhile."""
    seen: list[str] = []

    def saw(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", saw)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", saw)


# --- Again, and not at all ---


def test_the_same_return_again_is_left_alone(engine: Engine, cycle: int, bring: Bring) -> None:
    rows = [
        row("local:1", "bullying", "good", evidence="Seen\tby\x0bmany"),
        not_applicable("local:1", "induction"),
        row("local:2", "bullying", "inadequate"),
    ]
    assert bring(*rows).last_line == "added 2, unchanged 0"
    before = sizes(engine)

    assert bring(*reversed(rows), row("local:3")).last_line == "added 1, unchanged 2"
    assert bring(*rows).last_line == "added 0, unchanged 2"

    after = sizes(engine)
    assert after["return"] == before["return"] + 1
    assert after["answer"] == before["answer"] + 1
    assert after["trail_entry"] == before["trail_entry"] + 1, "a run that added nothing leaves no entry"


def test_the_same_organisation_answers_in_another_cycle(
    engine: Engine,
    world: World,
    host: int,
    cycle: int,
    bring: Bring,
    compact: Callable[..., Ended],
    tmp_path: Path,
) -> None:
    world.cycle(host, name="Compact 2024")
    assert bring(row()).code == 0

    file = write(tmp_path / "earlier.csv", [row(grade="inadequate")])
    ended = compact("returns", "import", file, "--cycle", "Compact 2024")

    assert ended.last_line == "added 1, unchanged 0"
    assert len(found(engine, Organisation.id)) == 1


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(
    engine: Engine, cycle: int, bring: Bring
) -> None:
    before = sizes(engine)

    ended = bring(row("local:1"), row("local:2"), options=("--dry-run",))

    assert (ended.code, ended.out, ended.err) == (0, "added 2, unchanged 0\n", "")
    assert sizes(engine) == before


def test_a_run_leaves_one_entry_in_the_trail(engine: Engine, cycle: int, bring: Bring) -> None:
    bring(row("local:1"), row("local:2"))
    bring(row("local:1"), row("local:3"))

    entries = found(engine, TrailEntry.what, TrailEntry.subject, TrailEntry.detail, TrailEntry.person_id)
    assert entries == [
        ("returns imported", f"cycle {cycle}", '{"added":1,"unchanged":1}', None),
        ("returns imported", f"cycle {cycle}", '{"added":2,"unchanged":0}', None),
    ]


def test_an_import_that_breaks_off_leaves_nothing(
    engine: Engine, cycle: int, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sizes(engine)
    monkeypatch.setattr(store, "BATCH", 1)
    add_results = store._add_results
    calls = iter(range(10))

    def breaks_off(*arguments: Any) -> None:
        if next(calls) == 1:
            raise RuntimeError("the second batch breaks off")
        add_results(*arguments)

    monkeypatch.setattr(store, "_add_results", breaks_off)

    with pytest.raises(RuntimeError, match="breaks off"):
        bring(row("local:1"), row("local:2"))
    assert sizes(engine) == before
