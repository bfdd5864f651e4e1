"""Reading CSV files: which bytes, columns and rows are taken, and how each other one is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from compact.documents.csv_reading import Sheet, did_you_mean, read_csv, shown
from compact.web.cli import InputMistakes

Read = Callable[..., Sheet]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    monkeypatch.chdir(tmp_path)

    def read(
        data: bytes | str,
        required: tuple[str | tuple[str, ...], ...] = ("name", "area"),
        optional: tuple[str, ...] = ("postcode",),
    ) -> Sheet:
        Path("f.csv").write_bytes(data.encode() if isinstance(data, str) else data)
        return read_csv(Path("f.csv"), required, optional)

    return read


def refusal(read: Read, data: bytes | str, **more: tuple[str, ...]) -> list[str]:
    with pytest.raises(InputMistakes) as refused:
        read(data, **more)
    return refused.value.lines


def test_rows_with_lines_and_asked_cells(read: Read) -> None:
    sheet = read("name,area,other\nLarkfield,901,x\n\nTansy Hill,902,y\n")
    assert [(row.line, dict(row.cells)) for row in sheet.rows] == [
        (2, {"name": "Larkfield", "area": "901"}),
        (4, {"name": "Tansy Hill", "area": "902"}),
    ]
    assert sheet.columns == {"name", "area"}
    assert not sheet.mistakes


@pytest.mark.parametrize(
    "data",
    [
        "name,area\nÉcole “Ŵen” – Łódź,901\n".encode(),
        b"\xef\xbb\xbf" + "name,area\nÉcole “Ŵen” – Łódź,901\n".encode(),
    ],
    ids=["utf8", "utf8-with-mark"],
)
def test_utf8(read: Read, data: bytes) -> None:
    assert read(data).rows[0].cells["name"] == "École “Ŵen” – Łódź"


def test_windows_1252(read: Read) -> None:
    data = "name,area\r\nÉcole “Æsc” – Père’s €,901\r\n".encode("cp1252")
    assert read(data).rows[0].cells["name"] == "École “Æsc” – Père’s €"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_line_ends(read: Read, line_end: str) -> None:
    assert [row.line for row in read(f"name,area{line_end}a,1{line_end}b,2").rows] == [2, 3]


def test_text_that_is_neither_is_refused_with_its_line(read: Read) -> None:
    (message,) = refusal(read, b"name,area\ncaf\xe9,1\n\x81,2\n")
    assert message == (
        "f.csv:3: the byte 0x81 is not Windows-1252, "
        "and the file is not UTF-8 either (line 2): save it as UTF-8"
    )


def test_a_wrong_mark_is_refused_with_its_line(read: Read) -> None:
    (message,) = refusal(read, b"\xef\xbb\xbfname,area\na,1\ncaf\xe9,1\n")
    assert message == "f.csv:3: the byte 0xE9 is not UTF-8, although the file is marked as UTF-8"


@pytest.mark.parametrize(
    "text",
    ["École", "Père", "à la", "£5", "St Mary’s", "“so”", "Łódź", "Ŵen", "naïve – so", "�", "😀"],
)
def test_a_wrong_guess_is_refused_with_its_line(read: Read, text: str) -> None:
    wrong = text.encode().decode("cp1252", errors="replace")
    (message,) = refusal(read, f"name,area\nfine,1\n{wrong},1\nfine,2\n")
    assert message.startswith("f.csv:3: “")


def test_bytes_of_two_encodings_are_refused_where_they_show(read: Read) -> None:
    """A file in UTF-8 with one line of Windows-1252 is read as the latter, and its UTF-8 gives it away."""
    messages = refusal(read, "name,area\nPère,1\n".encode() + b"caf\xe9,2\n" + "Noël,3\n".encode())
    assert [message.split(": ")[0] for message in messages] == ["f.csv:2", "f.csv:4"]


@pytest.mark.parametrize(
    "text",
    ["CAFÉ’S", "«CAFÉ»", "VÄ“", "Å–", "São Paulo", "ÂME", "IRMÃ", "Ångström", "ﬁ \u202e \u200b", "日本"],
)
def test_unusual_but_right_text_is_taken(read: Read, text: str) -> None:
    assert read(f"name,area\n{text},1\n").rows[0].cells["name"] == text.strip()


@pytest.mark.parametrize("sign", ["\x00", "\x80", "\x9d", "\ufffd"])
def test_signs_of_damage_are_refused_with_their_lines(read: Read, sign: str) -> None:
    messages = refusal(read, f"name,area\na{sign},1\nfine,1\nb{sign},2\n")
    assert [message.split(": ")[0] for message in messages] == ["f.csv:2", "f.csv:4"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "f.csv:1: the file is empty"),
        (b"\xef\xbb\xbf", "f.csv:1: the file is empty"),
        (b"\r\n\r\n , \r\n", "f.csv:1: the file is empty"),
        (b"name,area\r\n", "f.csv:1: the file has a header and no rows"),
        (b"\nname,area\r\n,,\r\n", "f.csv:2: the file has a header and no rows"),
        (b"<!DOCTYPE html>\n<p>Sign in", "f.csv:1: the file is a web page, not CSV: download it again"),
        (b"\n  <HTML lang=en>", "f.csv:1: the file is a web page, not CSV: download it again"),
        (b"PK\x03\x04...", "f.csv:1: the file is a workbook: save it as CSV"),
        ("name,area\na,1".encode("utf-16"), "f.csv:1: the file is UTF-16: save it as CSV in UTF-8"),
        (b"name;area\na;1\n", "f.csv:1: the columns are parted by semicolons: save it with commas"),
        (b"name\tarea\na\t1\n", "f.csv:1: the columns are parted by tabs: save it with commas"),
    ],
)
def test_what_is_no_such_file(read: Read, data: bytes, said: str) -> None:
    assert refusal(read, data) == [said]


def test_columns_are_found_by_name_in_any_order_and_writing(read: Read) -> None:
    sheet = read("Post  Code,AREA,\u00a0Name ,Other,Other\nPO1,901,Larkfield,,\n", optional=("post code",))
    assert dict(sheet.rows[0].cells) == {"name": "Larkfield", "area": "901", "post code": "PO1"}


def test_missing_and_repeated_columns_are_all_named(read: Read) -> None:
    messages = refusal(read, "nmae,postcode,Postcode\na,b,c\n")
    assert messages == [
        "f.csv:1: the column “name” is missing: did you mean “nmae”?",
        "f.csv:1: the column “area” is missing",
        "f.csv:1: the column “postcode” is there twice",
    ]


def test_one_of_several_columns_is_enough(read: Read) -> None:
    required = ("name", ("kind (name)", "kind (code)"))
    assert dict(read("name,kind (code)\na,7\n", required).rows[0].cells) == {"name": "a", "kind (code)": "7"}
    with pytest.raises(InputMistakes, match="the column “kind \\(name\\)” or “kind \\(code\\)” is missing"):
        read("name,x\na,7\n", required)


def test_rows_of_another_width_are_mistakes_beside_the_good_ones(read: Read) -> None:
    sheet = read("name,area\na,1\nb\nc,3\nd,4,\n")
    assert [row.cells["name"] for row in sheet.rows] == ["a", "c"]
    assert [str(mistake) for mistake in sheet.mistakes] == [
        "f.csv:3: the row has 1 cell, the header has 2 cells",
        "f.csv:5: the row has 3 cells, the header has 2 cells",
    ]


def test_blank_rows_by_the_thousand(read: Read) -> None:
    sheet = read("name,area\na,1\n" + ",\n" * 10_000 + "\n" * 10_000 + " ,\u00a0,,,\n")
    assert len(sheet.rows) == 1
    assert not sheet.mistakes


def test_cells_lose_their_outer_blanks_alone(read: Read) -> None:
    row = read('name,area\n"\u00a0 St  Mary\u00a0\n",\t901 \n').rows[0]
    assert row.cells == {"name": "St  Mary", "area": "901"}


def test_a_cell_of_several_lines_counts_them(read: Read) -> None:
    sheet = read('name,area\n"one\n\ntwo, ""three""",1\nb,2\n')
    assert [(row.line, row.cells["name"]) for row in sheet.rows] == [(2, 'one\n\ntwo, "three"'), (5, "b")]


@pytest.mark.parametrize(
    ("row", "said"), [('"never closed,1', "never closed"), ('"clo"sed,1', "without being doubled")]
)
def test_broken_quotation_is_a_mistake_where_it_begins(read: Read, row: str, said: str) -> None:
    sheet = read(f"name,area\na,1\n{row}\nb,2\n")
    assert [row.line for row in sheet.rows] == [2]
    (mistake,) = sheet.mistakes
    assert mistake.line == 3
    assert said in mistake.message


def test_broken_quotation_in_the_header(read: Read) -> None:
    (message,) = refusal(read, 'name,"area\na,1\n')
    assert message.startswith("f.csv:1: a quotation mark is opened in this row and never closed")


def test_formulas_and_markup_are_only_text(read: Read) -> None:
    names = ["=1+1", "<script>alert(1)</script>", "{{7*7}}", "'; DROP TABLE organisation;--"]
    sheet = read("name,area\n" + "".join(f"{name},1\n" for name in names))
    assert [row.cells["name"] for row in sheet.rows] == names


def test_what_messages_show_of_a_cell() -> None:
    assert shown("a\nb\x1b[31m\u202e") == "a b [31m "
    assert len(shown("x" * 1000)) == 60
    assert did_you_mean("Secondry", ["Primary", "Secondary"]) == ": did you mean “Secondary”?"
    assert did_you_mean("zzz", ["Primary", "Secondary"]) == ""
