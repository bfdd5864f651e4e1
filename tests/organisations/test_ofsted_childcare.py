"""The mapping of Ofsted's childcare file, on made-up providers in its format; and its import."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine

from compact import db
from compact.organisations import ofsted_childcare, store
from compact.organisations.local_authorities import area_named
from compact.organisations.rules import Closed, Key, Listed, Reading
from compact.web.cli import InputMistakes
from tests.conftest import Ended
from tests.making import World
from tests.organisations.files import counts, gias_file, known, school

Compact = Callable[..., Ended]

PROVIDER = {
    "Web link": "-",
    "Provider URN": "EY123456",
    "Provider type": "Childcare on non-domestic premises",
    "Provider subtype": "Full day care",
    "Provider status": "Active",
    "Provider name": "Fernhill Pre-School",
    "Postcode": "PO0 1AA",
    "Local authority": "Portsmouth",
}
SHORT = {
    "urn": "Provider URN",
    "type": "Provider type",
    "status": "Provider status",
    "name": "Provider name",
    "postcode": "Postcode",
    "area": "Local authority",
}
MINDER = {"type": "Childminder", "name": "REDACTED", "postcode": "REDACTED"}


def provider(**changes: str) -> dict[str, str]:
    return {**PROVIDER, **{SHORT[name]: value for name, value in changes.items()}}


def file_of(
    *rows: Mapping[str, str], head: Mapping[str, str] | None = None, above: str = "", below: str = ""
) -> str:
    """A file with these rows; `head` has other names for columns, `above` and `below` what stands around."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((head or {}).get(column, column) for column in PROVIDER)
    writer.writerows([row[column] for column in PROVIDER] for row in rows)
    return above + out.getvalue() + below


def read(text: str, *only: str, encoding: str = "utf-8") -> Reading:
    return ofsted_childcare.read("f.csv", text.encode(encoding), frozenset({"851"}), only)


def mistakes(text: str, *only: str) -> list[str]:
    with pytest.raises(InputMistakes) as raised:
        read(text, *only)
    return raised.value.lines


def listed(reading: Reading) -> dict[str, Listed]:
    return {each.key.identifier: each for each in reading.entries if isinstance(each, Listed)}


def test_a_provider_comes_in() -> None:
    reading = read(file_of(provider()))
    assert list(reading.entries) == [
        Listed(
            2,
            Key("Ofsted", None, "EY123456"),
            {
                "areas": frozenset({"851"}),
                "closed_on": None,
                "name": "Fernhill Pre-School",
                "postcode": "PO0 1AA",
            },
            {"setting": "early_years"},
        )
    ]


@pytest.mark.parametrize("given", ["EY123456", "ey123456", " EY 123456 ", "ey\u00a0123456"])
def test_a_number_is_kept_in_one_form(given: str) -> None:
    assert list(listed(read(file_of(provider(urn=given))))) == ["EY123456"]


def test_the_four_shapes_of_numbers_are_four_providers() -> None:
    shapes = ("EY123456", "2123456", "123456", "VC123456")
    assert tuple(listed(read(file_of(*(provider(urn=each) for each in shapes))))) == shapes


@pytest.mark.parametrize("given", ["", "12345", "12345678", "EY1234567", "VC12345", "RP123456", "EY12345X"])
def test_what_is_no_number_of_a_provider_is_a_mistake(given: str) -> None:
    assert "such as EY123456" in mistakes(file_of(provider(urn=given)))[0]


def test_one_provider_twice_in_two_forms_is_a_mistake() -> None:
    twice = file_of(provider(), provider(urn="ey 123456", name="Fernhill"))
    assert mistakes(twice) == ["f.csv:3: the Provider URN is also on line 2"]


def test_titles_above_the_header_and_empty_rows_below_are_passed_over() -> None:
    """H2: title rows above, drifting headers, a thousand empty rows below."""
    above = (
        '"Childcare providers and inspections, as at 31 August 2026",,,,,,,\r\n,,,,,,,\r\nTable 1,,,,,,,\r\n'
    )
    drifted = {"Provider URN": "provider  urn", "Local authority": " Local Authority\u00a0"}
    reading = read(file_of(provider(), head=drifted, above=above, below=",,,\u00a0,,,,\r\n" * 1000))
    assert [(each.line, each.key.identifier) for each in reading.entries] == [(5, "EY123456")]
    assert reading.left_out == 0


def test_a_file_without_the_header_is_refused() -> None:
    """H2, H3: a required column is missing, the file is empty, or is a web page."""
    renamed = mistakes(file_of(provider(), head={"Provider URN": "URN of provider"}, above="Title\r\n"))
    assert "f.csv:1: the column “Provider URN” is missing" in renamed
    assert mistakes(file_of(provider(), head={"Local authority": "Authority"}))[0].startswith(
        "f.csv:1: the col"
    )
    assert mistakes("") == ["f.csv:1: the file is empty"]
    assert mistakes(file_of()) == ["f.csv:1: the file has a header and no rows"]
    assert "web page" in mistakes("<!DOCTYPE html><title>Sorry</title>")[0]


def test_a_file_that_broke_off_is_refused() -> None:
    """H3: a download that ended in the middle of a row."""
    whole = file_of(provider(), provider(urn="EY123457"))
    assert "f.csv:3: the row has" in mistakes(whole[: whole.index("EY123457") + 12])[0]


def test_both_encodings_are_read_and_a_wrong_guess_is_found() -> None:
    """H1: Windows-1252, UTF-8 with and without its mark; what was read wrongly before does not pass."""
    named = file_of(provider(name="Café des Enfants – day"))
    names = [
        listed(read(named, encoding=encoding))["EY123456"].says["name"]
        for encoding in ("utf-8", "utf-8-sig", "cp1252")
    ]
    assert names == ["Café des Enfants – day"] * 3
    assert "wrong encoding" in mistakes(file_of(provider(name="CafÃ© des Enfants")))[0]


def test_childminders_stay_out_unless_they_are_asked_for() -> None:
    text = file_of(provider(), provider(urn="EY123457", **MINDER), provider(urn="EY123458", type="Nanny"))
    assert list(listed(read(text))) == ["EY123456", "EY123458"]
    assert read(text).left_out == 1
    minders = listed(read(text, "childminder"))
    assert list(minders) == ["EY123457"]
    assert minders["EY123457"].at_first["name"] == "Childminder EY123457"
    assert {"name", "postcode"}.isdisjoint(minders["EY123457"].says), "what is redacted says nothing"
    assert list(listed(read(text, "NANNY", "Childcare on non domestic premises"))) == ["EY123456", "EY123458"]
    assert mistakes(text, "Childminders") == [
        "--only: no provider of the file is of the type “Childminders”: did you mean “Childminder”?"
    ]


@pytest.mark.parametrize("word", ["-", "REDACTED", "NULL", "", " ", "redacted"])
def test_words_for_nothing_say_nothing(word: str) -> None:
    only = listed(read(file_of(provider(postcode=word))))["EY123456"]
    assert "postcode" not in only.says


def test_a_status_closes_or_leaves_out_and_an_unknown_one_is_a_mistake() -> None:
    text = file_of(
        provider(status="Suspended"),
        provider(urn="EY123457", status="Resigned"),
        provider(urn="EY123458", status="Proposed"),
    )
    reading = read(text)
    assert [type(each) for each in reading.entries] == [Listed, Closed]
    assert reading.left_out == 1
    assert mistakes(file_of(provider(status="Paused")))[0].startswith(
        "f.csv:2: the status “Paused” is not known"
    )


def test_an_area_is_known_by_its_name() -> None:
    text = file_of(
        provider(),
        provider(urn="EY123457", area="Isle of Wight"),
        provider(urn="EY123458", area="Camelot"),
        provider(urn="EY123459", area="PORTSMOUTH "),
    )
    reading = read(text)
    assert list(listed(reading)) == ["EY123456", "EY123459"]
    assert {key.identifier for key in reading.elsewhere} == {"EY123457", "EY123458"}
    assert reading.notes == ["Local authority “Camelot”: not known here, in 1 rows"]
    assert area_named("Bristol, City of") == area_named("Bristol") == "801"
    assert area_named("Kingston upon Hull, City of") == "810"
    assert area_named("Southend on Sea") == area_named("Southend-on-Sea") == "882"
    assert area_named("City of London") == "201"


@pytest.fixture
def bring(compact: Compact, world: World, tmp_path: Path) -> Callable[..., Ended]:
    world.partnership(areas=("851",))

    def bring(*rows: Mapping[str, str], options: tuple[str, ...] = ()) -> Ended:
        file = tmp_path / "childcare.csv"
        file.write_bytes(file_of(*rows).encode("cp1252"))
        return compact("organisations", "import", "--register", "ofsted-childcare", file, *options)

    return bring


def test_a_second_import_changes_nothing(bring: Callable[..., Ended], engine: Engine) -> None:
    """H7: the same file again; and a name given by hand to a redacted childminder stays."""
    rows = (provider(), provider(urn="123457", **MINDER), provider(urn="VC123458", area="Southampton"))
    assert bring(*rows, options=("--dry-run",)).out == counts(added=1, left_out=2)
    assert known(engine) == {}
    assert bring(*rows).out == counts(added=1, left_out=2)
    before = known(engine)
    assert before["EY123456"].state.setting == "early_years"
    assert before["EY123456"].state.areas == {"851"}
    assert bring(*rows).out == counts(unchanged=1, left_out=2)
    assert known(engine) == before
    assert bring(*rows, options=("--only", "childminder")).out == counts(added=1, left_out=2)
    again = bring(*rows, options=("--only", "childminder"))
    assert (again.code, again.out) == (0, counts(unchanged=1, left_out=2))


def test_a_mistake_keeps_everything_as_it_was(bring: Callable[..., Ended], engine: Engine) -> None:
    bring(provider())
    before = known(engine)
    ended = bring(provider(name="Another name"), provider(urn="EY9"), provider(urn="EY123459", status="?"))
    assert (ended.code, ended.out) == (1, "")
    assert len(ended.err.splitlines()) == 2
    assert known(engine) == before


def test_a_school_and_a_pre_school_of_one_number_stay_two(
    bring: Callable[..., Ended], compact: Compact, engine: Engine, tmp_path: Path
) -> None:
    """A14: school 131556 and pre-school 131556."""
    file = gias_file(tmp_path / "gias.csv", school(urn="131556", area="851"))
    compact("organisations", "import", "--register", "gias", file)
    assert bring(provider(urn="131556")).out == counts(added=1)
    assert compact("organisations", "import", "--register", "gias", file).out == counts(unchanged=1)
    assert bring(provider(urn="131556", status="Resigned"), options=()).out == counts(closed=1)
    with db.open_session(engine) as session:
        there = store.known_organisations(session, ["GIAS", "Ofsted"])
    assert {key.register: each.state.closed_on is None for key, each in there.items()} == {
        "GIAS": True,
        "Ofsted": False,
    }


def test_only_is_for_childcare(compact: Compact, world: World, tmp_path: Path) -> None:
    file = gias_file(tmp_path / "gias.csv", school())
    assert compact("organisations", "import", "--register", "gias", file, "--only", "x").code == 2
