"""What Ofsted found in schools, brought in as it was said."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select

from compact import db
from compact.inspections import ofsted_schools, store
from compact.inspections.models import Inspection, InspectionJudgement
from compact.inspections.rules import Judgement, plan
from compact.inspections.store import InspectionRow
from compact.organisations.models import Organisation
from tests.conftest import Ended
from tests.inspections.files import HEAD, OEIF_ON, card, counts, graded, ofsted_file, row
from tests.making import World

Compact = Callable[..., Ended]
SAMPLE = Path(__file__).parents[2].parent / "shared" / "data" / "ofsted_sample.csv"
IMPORT = ("inspections", "import", "--source", "ofsted-schools")
WAS_GRADED = InspectionRow(
    "graded",
    date(2022, 12, 6),
    "Yes",
    (
        Judgement("Overall effectiveness", "2"),
        Judgement("Behaviour and attitudes", "1"),
        Judgement("Leadership and management", "2"),
    ),
)


@pytest.fixture
def schools(world: World, engine: Engine) -> dict[str, int]:
    """Two schools' ids by their URNs, and a pre-school with the number of one of them."""
    made = [
        world.organisation(name) for name in ("Larkfield School", "Oakfield School", "Larkfield Pre-school")
    ]
    keys = (("GIAS", "100001"), ("GIAS", "100002"), ("Ofsted", "100001"))
    with db.begin_writing(db.open_session(engine)) as session:
        for organisation, (register, identifier) in zip(made, keys, strict=True):
            known = session.get_one(Organisation, organisation)
            known.register, known.owner_id, known.identifier = register, None, identifier
        session.commit()
    return {"100001": made[0], "100002": made[1], "pre-school": made[2]}


def latest(engine: Engine, organisation: int, before: date | None = None) -> InspectionRow | None:
    with db.open_session(engine) as session:
        return store.latest_of(session, [organisation], before).get(organisation)


def everything(engine: Engine) -> list[tuple[object, ...]]:
    with db.open_session(engine) as session:
        tables = [select(Inspection.__table__), select(InspectionJudgement.__table__)]
        return sorted((tuple(found) for table in tables for found in session.execute(table)), key=str)


def test_three_kinds_of_result_are_kept_as_they_were_said(
    compact: Compact, engine: Engine, schools: Mapping[str, int], tmp_path: Path
) -> None:
    both = {**graded(), **{column: said for column, said in card().items() if said != "NULL"}}
    without = graded("100002", overall="Not judged", on="14/01/2025", leadership="04", effective="No")
    file = ofsted_file(tmp_path / "o.csv", both, without, graded("100009"))
    assert compact(*IMPORT, file).out == counts(added=2, left_out=1)
    found = latest(engine, schools["100001"])
    assert found is not None
    assert (found.framework, found.on, found.safeguarding) == ("report_card", date(2026, 2, 3), "Met")
    assert found.judgements == (
        ("Inclusion", "Strong standard"),
        ("Attendance and behaviour", "Expected standard"),
        ("Leadership and governance", "Needs attention"),
    )
    assert latest(engine, schools["100001"], before=date(2026, 2, 3)) == WAS_GRADED
    assert latest(engine, schools["100001"], before=date(2022, 12, 6)) is None
    found = latest(engine, schools["100002"])
    assert found is not None
    assert (found.framework, found.safeguarding) == ("graded_without_overall", "No")
    assert ("Overall effectiveness", "Not judged") in found.judgements
    assert ("Leadership and management", "4") in found.judgements
    assert latest(engine, schools["pre-school"]) is None, "A14: the pre-school has the same number"


def test_twice_changes_nothing(
    compact: Compact, engine: Engine, schools: Mapping[str, int], tmp_path: Path
) -> None:
    """H7"""
    file = ofsted_file(tmp_path / "o.csv", card(), graded("100002"))
    assert compact(*IMPORT, "--dry-run", file).out == counts(added=2)
    assert everything(engine) == []
    assert compact(*IMPORT, file).out == counts(added=2)
    before = everything(engine)
    assert compact(*IMPORT, file).out == counts(unchanged=2)
    assert everything(engine) == before


def test_a_dry_run_says_what_would_be_done(
    compact: Compact, schools: Mapping[str, int], tmp_path: Path
) -> None:
    """H4"""
    compact(*IMPORT, ofsted_file(tmp_path / "o.csv", graded()))
    ended = compact(
        *IMPORT, "--dry-run", ofsted_file(tmp_path / "o.csv", graded(overall="3"), card("100002"))
    )
    assert ended.out == counts(added=1, changed=1)
    assert ended.err.splitlines() == [
        "would change: GIAS:100001 inspected on 06/12/2022",
        "would add: GIAS:100002 inspected on 03/02/2026",
        "This was a dry run: nothing was changed.",
    ]


def test_unknown_words_are_all_listed_and_nothing_is_changed(
    compact: Compact, engine: Engine, schools: Mapping[str, int], tmp_path: Path
) -> None:
    """H10: a word that Ofsted never used before may mean anything."""
    file = ofsted_file(
        tmp_path / "o.csv",
        card(governance="Outstanding", safeguarding="Yes"),
        graded("100002", behaviour="5", effective="Met", on="31/02/2025"),
        graded("100009", behaviour="whatever: not a school of ours"),
    )
    ended = compact(*IMPORT, file)
    assert (ended.code, ended.out) == (1, "")
    lines = ended.err.splitlines()
    assert [line.removeprefix(f"{file}:").split(":")[0] for line in lines] == ["2", "2", "3", "3", "3"]
    for word in ("Outstanding", "Yes", "5", "Met", "31/02/2025"):
        assert any(f"“{word}” is not" in line for line in lines), word
    assert everything(engine) == []


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (graded("12a"), "the URN “12a” is not a number"),
        (card() | {OEIF_ON: "03/02/2026", "Latest OEIF overall effectiveness": "2"}, "results of two kinds"),
        (row(published="soon"), "the Publication date “soon” is not a day"),
    ],
)
def test_a_row_that_cannot_be(
    cells: dict[str, str], message: str, compact: Compact, schools: Mapping[str, int], tmp_path: Path
) -> None:
    ended = compact(*IMPORT, ofsted_file(tmp_path / "o.csv", cells))
    assert ended.code == 1
    assert ended.err.count("\n") == 1, "said once"
    assert message in ended.err


def test_a_school_that_is_there_twice(compact: Compact, schools: Mapping[str, int], tmp_path: Path) -> None:
    ended = compact(*IMPORT, ofsted_file(tmp_path / "o.csv", graded(), card()))
    assert (ended.code, ended.err) == (1, f"{tmp_path / 'o.csv'}:3: the URN is also on line 2\n")


def test_a_column_that_is_renamed_is_missed(
    compact: Compact, schools: Mapping[str, int], tmp_path: Path
) -> None:
    """H2: what a file does not hold any more would otherwise be a judgement that nobody misses."""
    head = tuple("Governance" if each == "Leadership and governance" else each for each in HEAD)
    ended = compact(*IMPORT, ofsted_file(tmp_path / "o.csv", card(), head=head))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.endswith("o.csv:1: the column “Leadership and governance” is missing\n")
    neither = ("URN", "School name")
    assert compact(*IMPORT, ofsted_file(tmp_path / "o.csv", card(), head=neither)).code == 1


def test_columns_are_found_whatever_their_case_and_blanks(
    compact: Compact, engine: Engine, schools: Mapping[str, int], tmp_path: Path
) -> None:
    """H2: Ofsted's own header holds two blanks in one place."""
    head = tuple(reversed(HEAD))
    file = ofsted_file(tmp_path / "o.csv", graded(), head=head)
    text = file.read_bytes().replace(b"Latest OEIF  safeguarding", b"latest  oeif safeguarding")
    file.write_bytes(text.replace(b'"Yes"', b'"YES\xa0"'))
    assert compact(*IMPORT, file).out == counts(added=1)
    assert latest(engine, schools["100001"]) == WAS_GRADED


def test_an_older_file_never_takes_the_place_of_a_newer_one(
    compact: Compact, engine: Engine, schools: Mapping[str, int], tmp_path: Path
) -> None:
    """H3"""
    compact(*IMPORT, ofsted_file(tmp_path / "new.csv", card(published="20/03/2026")))
    older = ofsted_file(tmp_path / "old.csv", graded())
    assert compact(*IMPORT, older).out == counts(added=1), "it happened, and the later one stays the latest"
    newest = latest(engine, schools["100001"])
    assert newest is not None
    assert newest.framework == "report_card"
    before = everything(engine)
    early = ofsted_file(tmp_path / "early.csv", card(published="19/03/2026", governance="Exceptional"))
    assert compact(*IMPORT, early).out == counts(unchanged=1)
    assert everything(engine) == before
    corrected = ofsted_file(tmp_path / "late.csv", card(published="21/03/2026", governance="Exceptional"))
    assert compact(*IMPORT, corrected).out == counts(changed=1)
    found = latest(engine, schools["100001"])
    assert found is not None
    assert found.judgements[-1] == ("Leadership and governance", "Exceptional")


def test_a_result_without_a_day_is_left_out_and_said(
    compact: Compact, engine: Engine, schools: Mapping[str, int], tmp_path: Path
) -> None:
    ended = compact(*IMPORT, ofsted_file(tmp_path / "o.csv", graded(on="NULL"), row("100002")))
    assert ended.out == counts(left_out=2)
    assert ended.err == "left out for want of a day, with judgements: 1\n"
    assert everything(engine) == []


class Killed(Exception):  # noqa: N818 - it is what happens
    pass


@contextmanager
def killed_at(engine: Engine, statement: int) -> Iterator[None]:
    """Whoever writes to the inspections is stopped before this statement, the first being 0."""
    seen = iter(range(1_000))

    def listen(_connection: object, _cursor: object, text: str, *_: object) -> None:
        if text.startswith(("INSERT", "UPDATE", "DELETE")) and next(seen) == statement:
            raise Killed

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def test_killed_half_way_changes_nothing(
    engine: Engine, schools: Mapping[str, int], tmp_path: Path, compact: Compact
) -> None:
    """H8"""
    compact(*IMPORT, ofsted_file(tmp_path / "first.csv", graded()))
    before = everything(engine)
    file = ofsted_file(tmp_path / "o.csv", graded(overall="3"), card("100002"))

    def bring() -> None:
        with db.begin_writing(db.open_session(engine)) as session:
            known = store.organisations_by_identifier(session, "GIAS")
            reading = ofsted_schools.read(file, frozenset(known))
            planned = plan(reading, known, store.known_inspections(session, ofsted_schools.SOURCE))
            store.carry_out(session, ofsted_schools.SOURCE, planned.kept)
            session.commit()

    for statement in range(4):
        with killed_at(engine, statement), pytest.raises(Killed):
            bring()
        assert everything(engine) == before, statement
    bring()
    assert everything(engine) != before


def test_the_real_sample(compact: Compact, engine: Engine) -> None:
    """Ofsted's own words for 61 schools of Portsmouth, twice."""
    if not SAMPLE.exists():
        pytest.skip(f"the real sample is not here: {SAMPLE}")
    compact("partnerships", "add", "Portsmouth", "--area", "851")
    compact("organisations", "import", "--register", "gias", SAMPLE.with_name("gias_sample.csv"))
    first = compact(*IMPORT, SAMPLE)
    assert (first.code, first.last_line) == (0, counts(added=39, left_out=22).strip())
    assert compact(*IMPORT, SAMPLE).out == counts(unchanged=39, left_out=22)
    with db.open_session(engine) as session:
        frameworks = select(Inspection.framework, func.count()).group_by(Inspection.framework)
        assert {row[0]: row[1] for row in session.execute(frameworks)} == {
            "graded": 29,
            "graded_without_overall": 10,
        }
