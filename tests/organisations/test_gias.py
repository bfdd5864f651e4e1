"""The mapping of the register of schools: types, phases, statuses, days."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from compact.organisations import gias
from compact.organisations.rules import PHASES, Closed, Key, Listed, Reading
from compact.web.cli import InputMistakes
from tests.organisations.files import HEAD, gias_file, school

STATUSES = "“Open”, “Closed”, “Open, but proposed to close”, “Proposed to open”"
Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(*rows: dict[str, str], wanted: Sequence[str] = ("901",), head: Sequence[str] = HEAD) -> Reading:
        file = gias_file(tmp_path / "f.csv", *rows, head=head)
        return gias.read(str(file), file.read_bytes(), frozenset(wanted))

    return read


def mistakes(read: Read, *rows: dict[str, str]) -> list[str]:
    with pytest.raises(InputMistakes) as refused:
        read(*rows)
    return [line.partition("f.csv:")[2] for line in refused.value.lines]


def says(reading: Reading) -> dict[str, object]:
    (entry,) = reading.entries
    assert isinstance(entry, Listed)
    return dict(entry.says)


def test_a_school(read: Read) -> None:
    reading = read(school(name=" St Mary’s\u00a0 School ", postcode="PO1  1AA", trust="Larkfield Trust"))
    (entry,) = reading.entries
    assert entry.key == Key("GIAS", None, "100001")
    assert entry.line == 2
    assert says(reading) == {
        "name": "St Mary’s School",
        "areas": {"901"},
        "phase": "primary",
        "closed_on": None,
        "postcode": "PO1 1AA",
        "trust": "Larkfield Trust",
    }
    assert isinstance(entry, Listed)
    assert entry.at_first == {"setting": "school"}


@pytest.mark.parametrize(("code", "name", "kind"), gias.TYPES)
def test_every_type_by_name_and_by_code(read: Read, code: str, name: str, kind: str) -> None:
    by_name = read(school(type=name, type_code=""))
    by_code = read(school(type="", type_code=code.zfill(2)))
    assert by_name.entries == by_code.entries
    assert by_name.notes == by_code.notes == []
    if kind == gias.OUTSIDE:
        assert (by_name.entries, by_name.left_out) == ([], 1)
    else:
        assert says(by_name)["phase"] == ("primary" if kind == gias.BY_PHASE else kind)


@pytest.mark.parametrize(
    ("name", "phase"),
    [
        ("Community special school", "special"),
        ("Non-maintained special school", "special"),
        ("Other independent special school", "special"),
        ("Academy special converter", "special"),
        ("Free schools special", "special"),
        ("Pupil referral unit", "alternative_provision"),
        ("Free schools alternative provision", "alternative_provision"),
        ("Academy alternative provision sponsor led", "alternative_provision"),
        ("Other independent school", "independent"),
        ("Local authority nursery school", "nursery"),
        ("Further education", "post_16"),
        ("Sixth form centres", "post_16"),
        ("Academy 16 to 19 converter", "post_16"),
        ("ACADEMY 16-19 SPONSOR LED", "post_16"),
        ("University technical college", "secondary"),
    ],
)
def test_the_type_goes_before_the_phase(read: Read, name: str, phase: str) -> None:
    assert says(read(school(type=name, phase="Secondary", phase_code="4")))["phase"] == phase


@pytest.mark.parametrize(
    ("name", "phase"),
    [
        ("Nursery", "nursery"),
        ("Primary", "primary"),
        ("Middle deemed primary", "primary"),
        ("Secondary", "secondary"),
        ("Middle deemed secondary", "secondary"),
        ("16 plus", "post_16"),
        ("All-through", "all_through"),
        ("All through", "all_through"),
        ("Not applicable", None),
        ("", None),
    ],
)
def test_the_phase_of_education(read: Read, name: str, phase: str | None) -> None:
    reading = read(school(phase=name, phase_code=""))
    assert says(reading)["phase"] == phase
    assert reading.notes == []


def test_the_tables_know_our_phases_alone() -> None:
    phases = {kind for _, _, kind in gias.TYPES} | {phase for _, _, phase in gias.PHASES}
    assert phases - {gias.BY_PHASE, gias.OUTSIDE, None} <= set(PHASES)


@pytest.mark.parametrize(
    "outside", ["Children's centre", "Children’s centre linked site", "Offshore schools"]
)
def test_what_is_no_school_here_is_left_out(read: Read, outside: str) -> None:
    assert read(school(type=outside)).left_out == 1


def test_a_new_type_comes_in_with_a_note(read: Read) -> None:
    reading = read(
        school(type="Floating school", type_code="99"), school(urn="100002", type="Floating school")
    )
    assert [entry.key.identifier for entry in reading.entries] == ["100001", "100002"]
    assert reading.notes == [
        "TypeOfEstablishment (name) “Floating school”: not known here, in 1 of the rows taken"
    ]


@pytest.mark.parametrize(
    ("name", "code", "comes_in"),
    [
        ("Open", "", True),
        ("Open, but proposed to close", "", True),
        ("open  but proposed to close", "", True),
        ("", "3", True),
        ("", "03", True),
        ("Proposed to open", "4", False),
        ("", "4", False),
    ],
)
def test_statuses(read: Read, name: str, code: str, comes_in: bool) -> None:
    reading = read(school(status=name, status_code=code))
    assert (len(reading.entries), reading.left_out) == ((1, 0) if comes_in else (0, 1))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("31-08-2026", date(2026, 8, 31)),
        ("1/9/2026", date(2026, 9, 1)),
        ("29-02-2028", date(2028, 2, 29)),
        ("", None),
    ],
)
def test_closed_schools(read: Read, written: str, day: date | None) -> None:
    reading = read(school(status="Closed", status_code="2", closed=written, type="Offshore schools"))
    assert reading.entries == [Closed(2, Key("GIAS", None, "100001"), day)]


def test_rows_elsewhere_are_left_out_unread(read: Read) -> None:
    reading = read(
        school(),
        school(urn="100002", area="902", status="?", name="", closed="?"),
        school(urn="100003", area="2"),
    )
    assert len(reading.entries) == 1
    assert reading.left_out == 2
    assert {key.identifier for key in reading.elsewhere} == {"100002", "100003"}


def test_codes_that_lost_their_zeros(read: Read) -> None:
    assert len(read(school(area="2"), school(urn="100002", area="002"), wanted=("002",)).entries) == 2


def test_mistakes_are_all_listed_with_their_lines(read: Read) -> None:
    assert mistakes(
        read,
        school(),
        school(urn="EY123"),
        school(urn="100003", area="Portsmouth", name=""),
        school(urn="100004", status="Opne"),
        school(urn="100005", status="", status_code="9"),
        school(urn="100006", closed="31-02-2026"),
        school(urn="100007", name="a\x07b"),
        school(urn="100008", name="n" * 301),
        school(urn="100001", area="902"),
    ) == [
        "3: the URN “EY123” is not a number of up to eight digits",
        "4: the EstablishmentName is empty",
        "4: the LA (code) “Portsmouth” is not a number of up to three digits",
        f"5: the status “Opne” is not one of the register: {STATUSES}",
        f"6: the status “9” is not one of the register: {STATUSES}",
        "7: the CloseDate “31-02-2026” is not a day written as 31-08-2026",
        "8: the EstablishmentName holds a control character",
        "9: the EstablishmentName has 301 characters; at most 300 fit",
        "10: the URN is also on line 2",
    ]


def test_columns_in_another_order_and_writing(read: Read) -> None:
    row = {"urn": "1", "PHASEOFEDUCATION  (name)": "Primary", "la (code)": "901", "establishmentname": "A"}
    row |= {"typeofestablishment (code)": "1", "EstablishmentStatus  (Name)": "Open"}
    reading = read(row, head=tuple(row))
    assert "trust" not in says(reading), "what the file has no column for, it says nothing about"
    assert says(reading)["phase"] == "primary"


@pytest.mark.parametrize("column", ["URN", "LA (code)", "EstablishmentName"])
def test_a_missing_column_is_named(read: Read, column: str) -> None:
    head = [f"{each}s" if each == column else each for each in HEAD]
    with pytest.raises(InputMistakes) as refused:
        read(school(), head=head)
    (message,) = refused.value.lines
    assert message.endswith(f"f.csv:1: the column “{column}” is missing: did you mean “{column}s”?")


def test_a_repeated_column_is_named(read: Read) -> None:
    with pytest.raises(InputMistakes, match="the column “URN” is there twice"):
        read(school(), head=(*HEAD, "urn"))
