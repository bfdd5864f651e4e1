"""`compact organisations import` on a database: what comes in, what stays, and that it is all or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from compact import db
from compact.organisations import gias, store
from compact.organisations.models import Organisation, OrganisationArea, Trust
from compact.organisations.rules import Key, Reading, plan
from compact.web.clock import now, today
from tests.conftest import Ended
from tests.making import World
from tests.organisations.files import counts, gias_file, known, school

Compact = Callable[..., Ended]
Bring = Callable[..., Ended]
HEAD = "identifier,name,setting,areas,register,phase,trust,postcode,contact"


@pytest.fixture
def partnership(world: World) -> int:
    return world.partnership(areas=("901", "902"))


@pytest.fixture
def bring_gias(compact: Compact, partnership: int, tmp_path: Path) -> Bring:
    def bring(*rows: dict[str, str], options: tuple[str, ...] = ()) -> Ended:
        file = gias_file(tmp_path / "gias.csv", *rows)
        return compact("organisations", "import", "--register", "gias", file, *options)

    return bring


@pytest.fixture
def bring_local(compact: Compact, partnership: int, tmp_path: Path) -> Bring:
    def bring(*rows: str, head: str = HEAD, options: tuple[str, ...] = ()) -> Ended:
        file = tmp_path / "local.csv"
        file.write_text("\n".join((head, *rows)), encoding="utf-8")
        return compact("organisations", "import", "--register", "local", file, *options)

    return bring


# The register of schools


def test_schools_come_in_and_a_second_time_nothing_changes(bring_gias: Bring, engine: Engine) -> None:
    rows = (
        school(postcode="WX1 1AA", trust="Larkfield Trust"),
        school(urn="100002", area="902", status="Open, but proposed to close", trust="Larkfield Trust"),
        school(urn="100003", status="Proposed to open"),
        school(urn="100004", status="Closed", closed="31-08-2020"),
        school(urn="100005", area="903"),
        school(urn="100006", type="Children's centre"),
    )
    assert bring_gias(*rows) == Ended(0, counts(added=2, left_out=4), "")
    first = known(engine)
    assert set(first) == {"100001", "100002"}
    assert first["100001"].key == Key("GIAS", None, "100001")
    state = first["100001"].state
    assert (state.name, state.setting, state.phase) == ("Larkfield School", "school", "primary")
    assert state.areas == {"901"}
    assert (state.trust, state.postcode) == ("Larkfield Trust", "WX1 1AA")
    assert bring_gias(*rows).out == counts(unchanged=2, left_out=4)
    assert known(engine) == first
    with db.open_session(engine) as session:
        assert session.scalars(select(Trust.name)).all() == ["Larkfield Trust"]


def test_what_changes_is_counted_and_the_contact_stays(bring_gias: Bring, engine: Engine) -> None:
    rows = [school(urn=str(100001 + number), trust="Old Trust") for number in range(7)]
    bring_gias(*rows)
    with db.begin_writing(db.open_session(engine)) as session:
        session.execute(update(Organisation).values(contact_email="collected@by.example"))
        session.commit()
    again = (
        school(urn="100001", trust="Old Trust", name="Larkfield Academy"),
        school(urn="100002", trust="Old Trust", phase="Secondary", phase_code="4"),
        school(urn="100003", trust="New Trust"),
        school(urn="100004", trust="Old Trust", postcode="WX2 2BB"),
        school(urn="100005", trust="Old Trust", area="902"),
        school(urn="100006", trust=""),
        school(urn="100007", trust="OLD  trust"),
    )
    assert bring_gias(*again).out == counts(changed=6, unchanged=1)
    after = {identifier: each.state for identifier, each in known(engine).items()}
    assert after["100001"].name == "Larkfield Academy"
    assert after["100002"].phase == "secondary"
    assert after["100003"].trust == "New Trust"
    assert after["100004"].postcode == "WX2 2BB"
    assert after["100005"].areas == {"902"}
    assert after["100006"].trust is None
    assert after["100007"].trust == "Old Trust"
    assert {state.contact_email for state in after.values()} == {"collected@by.example"}
    assert bring_gias(*again).out == counts(unchanged=7)


def test_closing_and_reopening(bring_gias: Bring, engine: Engine) -> None:
    bring_gias(school(), school(urn="100002"))
    closing = (
        school(status="Closed", closed="31-08-2026"),
        school(urn="100002", status="Closed"),
        school(urn="100003", status="Closed"),
    )
    before = today()
    assert bring_gias(*closing, options=("--close-many",)).out == counts(closed=2, left_out=1)
    found = known(engine)
    assert found["100001"].state.closed_on == date(2026, 8, 31)
    assert found["100002"].state.closed_on in (before, today()), "without a day it is the day of the import"
    with db.open_session(engine) as session:
        assert set(session.scalars(select(Organisation.status))) == {"closed"}
    assert bring_gias(*closing).out == counts(unchanged=2, left_out=1)
    assert bring_gias(school()).out == counts(changed=1)
    assert known(engine)["100001"].state.closed_on is None


def test_a_row_that_is_missing_closes_nothing(bring_gias: Bring, engine: Engine) -> None:
    bring_gias(school(), school(urn="100002"))
    assert bring_gias(school()).out == counts(unchanged=1)
    assert known(engine)["100002"].state.closed_on is None


def test_a_setting_that_the_partnership_chose_stays(
    bring_gias: Bring, bring_local: Bring, engine: Engine
) -> None:
    bring_local("100001,Larkfield,early_years,901,GIAS,,,,")
    assert bring_gias(school()).out == counts(changed=1)
    state = known(engine)["100001"].state
    assert (state.name, state.setting) == ("Larkfield School", "early_years")


def test_the_same_number_in_another_register_is_another_organisation(
    bring_gias: Bring, bring_local: Bring, engine: Engine
) -> None:
    bring_gias(school())
    bring_local("100001,Acorn Nook,early_years,901,Ofsted,,,,", "100001,Craft Circle,statutory,901,,,,,")
    assert bring_gias(school()).out == counts(unchanged=1)
    with db.open_session(engine) as session:
        assert len(session.scalars(select(Organisation.id)).all()) == 3


def test_who_moved_away_is_left_and_named(bring_gias: Bring, engine: Engine) -> None:
    bring_gias(school())
    ended = bring_gias(school(area="903"))
    assert ended.out == counts(left_out=1)
    assert ended.err == (
        "GIAS:100001 Larkfield School: left as it is, although the file lists it in another area\n"
    )
    assert known(engine)["100001"].state.areas == {"901"}


def test_a_new_type_is_said_on_stderr(bring_gias: Bring) -> None:
    ended = bring_gias(school(type="Floating school", type_code=""))
    assert ended.out == counts(added=1)
    assert "“Floating school”: not known here, in 1 of the rows taken" in ended.err


# Areas


def test_the_areas_that_are_asked_for(bring_gias: Bring, engine: Engine) -> None:
    rows = (school(), school(urn="100002", area="902"), school(urn="100003", area="903"))
    assert bring_gias(*rows, options=("--area", "902")).out == counts(added=1, left_out=2)
    assert set(known(engine)) == {"100002"}
    assert bring_gias(*rows, options=("--area", "903", "--area", "902")).out == counts(
        added=1, unchanged=1, left_out=1
    )
    assert bring_gias(*rows).out == counts(added=1, unchanged=1, left_out=1)


def test_a_wrong_area(bring_gias: Bring) -> None:
    ended = bring_gias(school(), options=("--area", "90", "--area", "Vale"))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines() == [
        "--area: “90” is not a three-digit code, such as 851",
        "--area: “Vale” is not a three-digit code, such as 851",
    ]


def test_without_a_partnership_an_area_is_needed(compact: Compact, tmp_path: Path) -> None:
    file = gias_file(tmp_path / "gias.csv", school())
    ended = compact("organisations", "import", "--register", "gias", file)
    assert (ended.code, ended.out) == (1, "")
    assert "add one with compact partnerships add" in ended.err
    ended = compact("organisations", "import", "--register", "gias", file, "--area", "901")
    assert ended.out == counts(added=1)


# A partnership's own list


def test_a_local_list_comes_in_and_a_second_time_nothing_changes(
    bring_local: Bring, engine: Engine, partnership: int
) -> None:
    rows = (
        "17,Craft Circle,statutory,901,,,,WX1 1AA,a@b.example",
        "RHU,The Hospital,hips,902|901|850,ODS,,,,",
        "18,Elsewhere,statutory,850,,,,,",
    )
    assert bring_local(*rows) == Ended(0, counts(added=2, left_out=1), "")
    first = known(engine)
    assert first["17"].key == Key("local", partnership, "17")
    assert first["17"].state.contact_email == "a@b.example"
    assert first["RHU"].key == Key("ODS", None, "RHU")
    assert first["RHU"].state.areas == {"902", "901", "850"}
    assert bring_local(*rows).out == counts(unchanged=2, left_out=1)
    assert known(engine) == first


def test_what_a_local_list_changes(bring_local: Bring, engine: Engine) -> None:
    bring_local("17,Craft Circle,statutory,901,,,,WX1 1AA,a@b.example")
    assert bring_local("17,Craft Square,hips,901|902,,,A Trust,,").out == counts(changed=1)
    state = known(engine)["17"].state
    assert (state.name, state.setting) == ("Craft Square", "hips")
    assert state.areas == {"901", "902"}
    assert (state.trust, state.postcode, state.contact_email) == ("A Trust", None, "a@b.example")
    assert bring_local("17,Craft Square,hips,901|902", head="identifier,name,setting,areas").out == counts(
        unchanged=1
    )
    assert bring_local("17,Craft Square,hips,901|902,,,A Trust,,c@d.example").out == counts(changed=1)
    assert known(engine)["17"].state.contact_email == "c@d.example"


def test_a_local_list_does_not_reopen(bring_gias: Bring, bring_local: Bring, engine: Engine) -> None:
    bring_gias(school())
    bring_gias(school(status="Closed"))
    assert bring_local("100001,Larkfield School,school,901,GIAS,primary,,,").out == counts(unchanged=1)
    assert known(engine)["100001"].state.closed_on is not None


def test_a_local_organisation_of_another_partnership_is_another_one(
    bring_local: Bring, world: World, engine: Engine
) -> None:
    world.partnership("Northmere Partnership", areas=("850",))
    bring_local("17,Craft Circle,statutory,901,,,,,")
    assert bring_local("17,Boxing Club,statutory,850,,,,,").out == counts(added=1)
    with db.open_session(engine) as session:
        assert len(session.scalars(select(Organisation.id)).all()) == 2


def test_settings_are_those_of_the_editions(bring_local: Bring) -> None:
    ended = bring_local("17,Craft Circle,voluntary,901,,,,,")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.endswith(
        "local.csv:2: there is no setting type “voluntary”: use one of school, early_years, statutory, hips\n"
    )


def test_names_are_stored_as_they_are(bring_local: Bring, bring_gias: Bring, engine: Engine) -> None:
    names = [
        "=HYPERLINK('x')",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "Ysgol Ŵen 😀",
        "' OR 1=1--",
        "50%_\\",
    ]
    bring_local(*(f'{number},"{name}",school,901,ODS,,,,' for number, name in enumerate(names)))
    assert [known(engine)[str(number)].state.name for number in range(len(names))] == names
    bring_gias(school(name="=1+1", trust="<b>Trust</b>"))
    state = known(engine)["100001"].state
    assert (state.name, state.trust) == ("=1+1", "<b>Trust</b>")


# All or nothing


def test_one_mistake_refuses_the_whole_file(bring_gias: Bring, engine: Engine) -> None:
    bring_gias(school())
    before = known(engine)
    ended = bring_gias(
        school(name="Changed"),
        school(urn="100002"),
        school(urn="x"),
        school(urn="100004", name=""),
        school(urn="x"),
    )
    assert (ended.code, ended.out) == (1, "")
    places = [line.partition("gias.csv:")[2].partition(": ")[0] for line in ended.err.splitlines()]
    assert places == ["4", "5", "6", "6"], "each mistake with its line, a repeated number too"
    assert known(engine) == before


def test_a_failure_on_the_way_leaves_everything_as_it_was(
    bring_gias: Bring, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_gias(school())
    before = known(engine)

    def fail(*_: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(store, "_add_areas", fail)
    with pytest.raises(RuntimeError, match="the power went"):
        bring_gias(school(name="Changed"), school(urn="100002", trust="New Trust"))
    assert known(engine) == before
    with db.open_session(engine) as session:
        assert session.scalars(select(Trust.name)).all() == []


def test_the_file_is_read_before_the_lock_is_taken(
    bring_gias: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def read(file: str, data: bytes, wanted: frozenset[str]) -> Reading:
        order.append("read")
        return real_read(file, data, wanted)

    def begin(session: Session) -> Session:
        order.append("write")
        return real_begin(session)

    real_read, real_begin = gias.read, db.begin_writing
    monkeypatch.setattr(gias, "read", read)
    monkeypatch.setattr(db, "begin_writing", begin)
    bring_gias(school())
    assert order == ["read", "write"]


def test_a_dry_run_says_the_same_and_changes_nothing(bring_gias: Bring, engine: Engine) -> None:
    bring_gias(school(), school(urn="100002"))
    before = known(engine)
    rows = (
        school(name="Changed"),
        school(urn="100002", status="Closed"),
        school(urn="100003", trust="New Trust"),
    )
    ended = bring_gias(*rows, options=("--dry-run",))
    assert (ended.code, ended.out) == (0, counts(added=1, changed=1, closed=1))
    assert ended.err.splitlines() == [
        "would change: GIAS:100001 Larkfield School (name)",
        "would close: GIAS:100002 Larkfield School (closed on)",
        "This was a dry run: nothing was changed.",
    ]
    assert known(engine) == before
    with db.open_session(engine) as session:
        assert session.scalars(select(Trust.name)).all() == []
    assert bring_gias(*rows).out == ended.out


def test_a_dry_run_lists_mistakes_too(bring_gias: Bring) -> None:
    ended = bring_gias(school(urn="x"), options=("--dry-run",))
    assert (ended.code, ended.out) == (1, "")
    assert "is not a number" in ended.err


@pytest.mark.parametrize("data", [b"", b"<!DOCTYPE html>", b"URN\n", b"URN,x\n\x81,\n"])
def test_files_that_are_none(compact: Compact, partnership: int, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "f.csv"
    file.write_bytes(data)
    for register in ("gias", "local"):
        ended = compact("organisations", "import", "--register", register, file)
        assert (ended.code, ended.out) == (1, "")
        assert ended.err.startswith(f"{file}:")


def test_wrong_usage(compact: Compact, tmp_path: Path) -> None:
    file = gias_file(tmp_path / "gias.csv", school())
    assert compact("organisations", "import", file).code == 2
    assert compact("organisations", "import", "--register", "gias", tmp_path / "none.csv").code == 2
    assert compact("organisations", "import", "--register", "edubase", file).code == 2


# Many rows


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def listen(_c: object, _u: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    yield said
    event.remove(engine, "before_cursor_execute", listen)


def test_the_number_of_statements_does_not_grow_with_the_file(engine: Engine, tmp_path: Path) -> None:
    def bring(first: int, many: int, **changes: str) -> int:
        rows = [school(urn=str(first + number), **changes) for number in range(many)]
        with statements(engine) as said, db.begin_writing(db.open_session(engine)) as session:
            file = gias_file(tmp_path / "f.csv", *rows)
            reading = gias.read(str(file), file.read_bytes(), frozenset({"901", "902"}))
            planned = plan(reading, store.known_organisations(session, {"GIAS"}), today())
            store.carry_out(session, planned, now())
            session.commit()
        return len(said)

    assert bring(100_000, 400, trust="A") == bring(200_000, 4, trust="B")
    changed = {"trust": "C", "name": "Changed", "area": "902"}
    bring(300_000, 1, **changed)  # so that the trust is there for both
    assert bring(100_000, 400, **changed) == bring(200_000, 4, **changed)
    with db.open_session(engine) as session:
        assert set(session.scalars(select(OrganisationArea.area))) == {"902"}
