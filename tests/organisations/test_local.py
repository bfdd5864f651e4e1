"""The mapping of a partnership's own list."""

from collections.abc import Callable
from pathlib import Path

import pytest

from compact.organisations import local
from compact.organisations.rules import Key, Listed, Reading
from compact.web.cli import InputMistakes

SETTINGS = ("school", "early_years", "statutory", "hips", "voluntary")
WEXCOMBE, NORTHMERE = 7, 8
PARTNERSHIP_OF = {"901": WEXCOMBE, "902": NORTHMERE}
HEAD = "identifier,name,setting,areas"
Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(*rows: str, head: str = HEAD, wanted: tuple[str, ...] = ("901", "902")) -> Reading:
        file = tmp_path / "f.csv"
        file.write_text("\n".join((head, *rows)), encoding="utf-8")
        return local.read(
            str(file), file.read_bytes(), local.Place(frozenset(wanted), PARTNERSHIP_OF, SETTINGS)
        )

    return read


def mistakes(read: Read, *rows: str, head: str = HEAD) -> list[str]:
    with pytest.raises(InputMistakes) as refused:
        read(*rows, head=head)
    return [line.partition("f.csv:")[2] for line in refused.value.lines]


def one(reading: Reading) -> Listed:
    (entry,) = reading.entries
    assert isinstance(entry, Listed)
    return entry


def test_the_shortest_row(read: Read) -> None:
    entry = one(read("17,Tuesday Craft Circle,voluntary,901"))
    assert entry.key == Key("local", WEXCOMBE, "17")
    assert entry.says == {"name": "Tuesday Craft Circle", "setting": "voluntary", "areas": {"901"}}


def test_the_longest_row(read: Read) -> None:
    head = f"{HEAD},register,phase,trust,postcode,contact"
    entry = one(read("17,A,school,901,GIAS,All-through,The Trust,PO1 1AA,head@a.example", head=head))
    assert entry.key == Key("GIAS", None, "17")
    assert entry.says == {
        "name": "A",
        "setting": "school",
        "areas": {"901"},
        "phase": "all_through",
        "trust": "The Trust",
        "postcode": "PO1 1AA",
        "contact_email": "head@a.example",
    }


def test_empty_cells_of_the_longest_row(read: Read) -> None:
    head = f"{HEAD},register,phase,trust,postcode,contact"
    says = one(read("17,A,school,901,,,,,", head=head)).says
    assert (says["phase"], says["trust"], says["postcode"]) == (None, None, None)
    assert "contact_email" not in says, "an empty contact must not forget one that was collected by hand"


@pytest.mark.parametrize(
    ("areas", "owner"),
    [("901", WEXCOMBE), ("902|901", NORTHMERE), ("850|902|901", NORTHMERE), (" 901 | 850 ", WEXCOMBE)],
)
def test_a_local_organisation_belongs_to_its_first_area_with_a_partnership(
    read: Read, areas: str, owner: int
) -> None:
    entry = one(read(f"17,A,hips,{areas}|999"))
    assert entry.key.owner_id == owner
    assert {"999"} < entry.says["areas"], "areas that nobody answers for yet are kept beside the others"


@pytest.mark.parametrize(
    ("written", "register", "owner"),
    [
        ("", "local", WEXCOMBE),
        ("Local", "local", WEXCOMBE),
        ("ods", "ODS", None),
        ("gias", "GIAS", None),
        ("police", "police", None),
        ("Charity Commission-2", "Charity Commission-2", None),
    ],
)
def test_registers(read: Read, written: str, register: str, owner: int | None) -> None:
    key = one(read(f"17,A,statutory,901,{written}", head=f"{HEAD},register")).key
    assert key == Key(register, owner, "17")


@pytest.mark.parametrize("written", ["early_years", "Early years", "early-years", "EARLY  YEARS"])
def test_settings_as_people_write_them(read: Read, written: str) -> None:
    assert one(read(f"17,A,{written},901")).says["setting"] == "early_years"


def test_rows_elsewhere_are_left_out_unread(read: Read) -> None:
    reading = read(
        "1,A,school,901", "2,,wrong,850", "2,,wrong,852|850", "3,C,school,850|902", wanted=("901",)
    )
    assert [entry.key.identifier for entry in reading.entries] == ["1"]
    assert reading.left_out == 3


def test_the_same_identifier_in_two_partnerships_is_two_organisations(read: Read) -> None:
    assert len(read("17,A,school,901", "17,B,school,902").entries) == 2


def test_the_same_organisation_twice_names_both_lines(read: Read) -> None:
    head = f"{HEAD},register"
    assert mistakes(
        read,
        "17,A,school,901,",
        "RHU,B,hips,901|902,ODS",
        "17,C,school,901,local",
        "RHU,D,hips,902|901,ods",
        head=head,
    ) == [
        "4: the same register and identifier are on line 2",
        "5: the same register and identifier are on line 3",
    ]


def test_mistakes_are_all_listed_with_their_lines(read: Read) -> None:
    rows = (
        "1,A,shcool,901,,,",
        "2,B,,901,,,",
        "3,C,hips,901|901,,,",
        "4,D,school,,,,",
        "5,E,school,901|Portsmouth|9010,,,",
        ",,school,901,,,",
        '6,F,school,901,"a:b",,',
        f"7,G,school,901,{'r' * 41},,",
        "8,H,school,901,,Secundary,",
        "9,I,school,901,,,Mrs Head",
        f"{'i' * 101},J,school,901,,,",
        "10,K,tennis,901,,,",
        "11,L,school",
    )
    assert mistakes(read, *rows, head=f"{HEAD},register,phase,contact") == [
        "2: there is no setting type “shcool”: did you mean “school”?",
        "3: setting is empty",
        "4: hips is for bodies that work in two or more areas; this row has 901 alone",
        "5: areas is empty: give three-digit codes, such as 850|851",
        "6: the area “9010” is not a three-digit code",
        "6: the area “Portsmouth” is not a three-digit code",
        "7: identifier is empty",
        "7: name is empty",
        "8: the register “a:b” is not up to 40 letters, digits, spaces and hyphens",
        f"9: the register “{'r' * 41}” is not up to 40 letters, digits, spaces and hyphens",
        "10: there is no phase “Secundary”: did you mean “secondary”?",
        "11: the contact “Mrs Head” is not an e-mail address",
        "12: the identifier has 101 characters; at most 100 fit",
        "13: there is no setting type “tennis”: use one of school, early_years, statutory, hips, voluntary",
        "14: the row has 3 cells, the header has 7 cells",
    ]


def test_a_local_organisation_needs_a_partnership(read: Read) -> None:
    with pytest.raises(InputMistakes, match="no partnership answers for 850 or 852: a local organisation"):
        read("17,A,hips,850|852", wanted=("850",))
    reading = read("17,A,hips,850|852,ODS", head=f"{HEAD},register", wanted=("850",))
    assert one(reading).key == Key("ODS", None, "17")


@pytest.mark.parametrize(
    "contact",
    ["a@b", "a b@c.example", "a@b.example\nBcc: x@y.example", "@b.example", "a@b.example,c@d.example"],
)
def test_what_is_no_address(read: Read, contact: str) -> None:
    assert len(mistakes(read, f'17,A,school,901,"{contact}"', head=f"{HEAD},contact")) == 1
