"""What YAML cannot read, or reads otherwise than it looks, is named in an author's words where it begins."""

import pytest

from compact.questionnaire.marked import DEEPEST, read_marked
from tests.questionnaire.faults import CARET, lines, named, with_fault

TEXT = "  text: All is well with leadership."
LAST = "  asked_when: commissions-services"
INDENTATION = "does not fit in here: hold its indentation against the lines above it, and its quotation marks"
BRACKET = "a bracket that is not closed: put a text that begins with [ or { in quotes"
TAB = "a tab: use spaces to indent"

FAULTS = {
    "colon in a text": (
        "  text: One‸: two",
        "a colon with a space after it begins a field: put the text in quotes",
    ),
    "quotes that end too early": ("  text: 'One' ‸and two", INDENTATION),
    "apostrophe in quotes": ("  text: 'One'‸s own'", INDENTATION),
    "no colon": (
        f"{TEXT}\n  ‸improve all",
        "is no field and continues no text: is a colon missing, or the indentation?",
    ),
    "indented too little": (f"{TEXT}\n ‸improve: all", INDENTATION),
    "open bracket": ("  text: ‸[see below", BRACKET),
    "open brace": ("  text: ‸{see: below", BRACKET),
    "at sign": ("  text: ‸@one", "a text cannot begin with “@”: put it in quotes"),
    "percent sign": ("  text: ‸%one", "a text cannot begin with “%”: put it in quotes"),
    "backtick": ("  text: ‸`one`", "a text cannot begin with “`”: put it in quotes"),
    "tab at the beginning": ("‸\ttext: One", TAB),
    "tab after spaces": ("  ‸\ttext: One", TAB),
    "backslash": ('  text: "One ‸\\d"', "a backslash inside double quotes: use single quotes"),
    "dash in a text": (
        "  text: ‸- one",
        "a list begins on a line of its own: put a text that begins with a dash in quotes",
    ),
    "list indented too far": (
        f"{TEXT}\n  extra:\n  - one\n    ‸- two",
        "this dash is text: indent it like the list, or put the text in quotes",
    ),
    "hash in a text": (
        "  text: The ‸#1 rule",
        "this # begins a comment: put the text in quotes, or a space after the #",
    ),
    "anchor": ("  text: ‸&all One", "“&all” is not understood here: write the text out, or put it in quotes"),
    "alias of nothing": (
        "  text: ‸*all",
        "“*all” is not understood here: write the text out, or put it in quotes",
    ),
    "text that begins with a star": (
        "  text: ‸*all* of it",
        "a text cannot begin with * or &: put it in quotes",
    ),
    "text that begins with a reference": (
        "  text: ‸*all of it",
        "“*all” is not understood here: write the text out, or put it in quotes",
    ),
    "tag": (
        "  text: ‸!important",
        "“!important” is not understood here: put a text that begins with ! in quotes",
    ),
    "tag of another language": (
        "  text: ‸!!python/object:os.system ls",
        "“!!python/object:os.system” is not understood here: put a text that begins with ! in quotes",
    ),
    "a list as a name": (f"{TEXT}\n  ? ‸[a, b]\n  : c", "the name of a field is to be a word"),
    "no name": (f"{TEXT}\n  ‸'': c", "the name of a field is to be a word"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_yaml_is_named_once_at_its_place(fault: str) -> None:
    new, message = FAULTS[fault]
    text = with_fault(TEXT, new)
    found = [line for line in lines({"school.yaml": text}) if "“extra”" not in line]
    assert found == named(text, message)


def test_a_quotation_mark_that_is_never_closed_is_named_where_it_opens() -> None:
    text = with_fault(LAST, '  asked_when: ‸"commissions-services')
    assert lines({"school.yaml": text}) == named(text, "a quotation mark that is never closed")


def test_what_stands_before_a_fault_of_yaml_is_read_all_the_same() -> None:
    text = with_fault(TEXT, "  ‸txet: One").replace(
        "  text: All is well with allegations.", "  text: One‸: two"
    )
    assert lines({"school.yaml": text}) == named(
        text,
        "unknown field “txet”; did you mean “text”?",
        "a colon with a space after it begins a field: put the text in quotes",
    )


def test_a_broken_file_does_not_hide_the_mistakes_of_the_others() -> None:
    school = with_fault(TEXT, "  text: One‸: two")
    hips = with_fault("document: kcsie", "document: ‸kcsei", "hips.yaml")
    assert lines({"school.yaml": school, "hips.yaml": hips}) == [
        *named(hips, "unknown document “kcsei”; did you mean “kcsie”?", file="hips.yaml"),
        *named(school, "a colon with a space after it begins a field: put the text in quotes"),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n", "---\n", "null\n", "~\n", "---\n...\n"])
def test_an_empty_file_is_said_to_be_empty(text: str) -> None:
    assert lines({"school.yaml": text}) == ["editions/2026/school.yaml:1:1: the file is empty"]


@pytest.mark.parametrize(("text", "kind"), [("hello", "text"), ("- a\n- b\n", "a list"), ("12", "a number")])
def test_a_file_that_is_no_mapping_is_said_to_be_none(text: str, kind: str) -> None:
    message = f"the file is to be a mapping of fields, but is {kind}"
    assert lines({"school.yaml": text}) == [f"editions/2026/school.yaml:1:1: {message}"]


def test_a_second_document_is_named_where_it_begins() -> None:
    text = with_fault("", "") + f"{CARET}---\nsetting: school\n"
    assert lines({"school.yaml": text}) == named(text, "a second document begins here: a file holds one")


def test_a_mark_before_the_first_document_is_no_second_one() -> None:
    assert lines({"school.yaml": "# The schools\n---\n" + with_fault("", "")}) == []


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_ends_the_reading_at_once(opening: str) -> None:
    (mistake,) = read_marked("deep.yaml", opening * 200_000).mistakes
    assert mistake.line == 1
    assert mistake.column == DEEPEST * len(opening) + 1
    assert mistake.message == f"is more than {DEEPEST} levels deep"


def test_a_file_of_another_encoding_is_one_mistake_and_not_thousands() -> None:
    text = with_fault("", "").encode("utf-16-le").decode("utf-8")
    assert lines({"school.yaml": text}) == [
        "editions/2026/school.yaml:1:2: is not text: save the file as UTF-8"
    ]


def test_a_message_stays_in_one_line_and_in_bounds() -> None:
    text = with_fault("setting: school", 'setting: "a\\nb"') + f'"{"x" * 1000}\\n": 1\n'
    found = lines({"school.yaml": text}, alone=True)
    assert len(found) == 2
    assert all(line.startswith("editions/2026/school.yaml:") for line in found)
    assert max(map(len, found)) < 400
