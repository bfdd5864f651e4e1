"""What files of an edition say together: the twelve, the scale, and keys that mean the same everywhere."""

import pytest

from compact.questionnaire.marked import Mistakes
from compact.questionnaire.reading import edition_of
from tests import making
from tests.questionnaire.faults import CARET, lines, named, sound, with_fault

TITLE_8 = "\n  title: Inter-agency working\n  about: What Inter-agency working is about.\n"

COMMON = {
    "standard twice": (
        "number: 8",
        "number: ‸7",
        "the number “7” is used twice; the first is on line 43",
    ),
    "two standards changed about": (
        f"- number: 8{TITLE_8}- number: 9",
        f"- number: 9{TITLE_8}- number: ‸8",
        "standard 8 comes after standard 9: keep them in order",
    ),
    "standard 13": (
        "number: 12",
        "number: ‸13",
        "“number” is to be the number of a standard, 1 to 12, not 13",
    ),
    "another folder's edition": ("'2026'", "‸'2027'", "says 2027, but its folder is named 2026"),
    "edition without quotes": ("'2026'", "‸2026", "“edition” is to be text: put 2026 in quotes"),
    "document's key": (
        "key: kcsie",
        "key: ‸KCSIE",
        "“key” is to be lower-case letters and digits joined by hyphens, not “KCSIE”",
    ),
    "document's link": (
        "publisher: The department",
        "publisher: The department\n  link: ‸http://example.org",
        "“link” is to be an address that begins with https://, not “http://example.org”",
    ),
    "document twice": (
        "- key: kcsie\n  title: Keeping children safe in education\n  publisher: The department\n",
        "- {key: kcsie, title: One, publisher: A}\n- {key: ‸kcsie, title: Two, publisher: B}\n",
        "the key “kcsie” is used twice; the first is on line 62",
    ),
    "misspelt documents": (
        "documents:",
        "‸documnets:",
        "unknown field “documnets”; did you mean “documents”?",
    ),
    "document without key": ("- key: kcsie\n  title", "- ‸title", "“key” is missing"),
    "grade twice": (
        "key: good",
        "key: ‸outstanding",
        "the key “outstanding” is used twice; the first is on line 5",
    ),
    "grade that is none": (
        "key: good",
        "key: ‸not_applicable",
        "“not_applicable” is no grade: it has a place of its own in the scale",
    ),
    "grade with a hyphen": (
        "key: requires_improvement",
        "key: ‸requires-improvement",
        "“key” is to be lower-case letters and digits joined by underscores, not “requires-improvement”",
    ),
    "weak in words": ("weak: true", "weak: ‸yes", "“weak” is to be true or false, not “yes”"),
    "setting in the shared file": (
        "title: Compact",
        "‸setting: school\ntitle: Compact",
        "unknown field “setting”",
    ),
}


@pytest.mark.parametrize("rule", COMMON)
def test_a_fault_of_what_all_share_is_named_once_at_its_place(rule: str) -> None:
    old, new, message = COMMON[rule]
    text = with_fault(old, new, "standards.yaml")
    assert lines({"standards.yaml": text}) == named(text, message, file="standards.yaml")


def test_a_standard_twice_is_not_also_out_of_order() -> None:
    text = with_fault("number: 1\n", "number: 3\n", "standards.yaml")
    text = text.replace("number: 3\n  title: Acc", "number: ‸3\n  title: Acc")
    message = "the number “3” is used twice; the first is on line 25"
    assert lines({"standards.yaml": text}) == named(text, message, file="standards.yaml")


def test_a_standard_that_is_missing_is_named() -> None:
    text = with_fault(f"- number: 8{TITLE_8}", "", "standards.yaml").replace("standards:", "‸standards:")
    assert lines({"standards.yaml": text}) == named(text, "standard 8 is missing", file="standards.yaml")


@pytest.mark.parametrize(("of_all", "word"), [("true", "every"), ("false", "no")])
def test_a_scale_has_weak_grades_and_others(of_all: str, word: str) -> None:
    text = (
        sound("standards.yaml")
        .replace("weak: false", f"weak: {of_all}")
        .replace("weak: true", f"weak: {of_all}")
    )
    text = text.replace("grades:", "‸grades:")
    message = f"{word} grade is weak: nothing can be found with this scale"
    assert lines({"standards.yaml": text}) == named(text, message, file="standards.yaml")


def test_a_scale_has_two_grades_at_least() -> None:
    before, after = sound("standards.yaml").split("  - key: good")
    text = f"{before}  not_applicable:{after.split('  not_applicable:')[1]}".replace(
        "  - key: out", "  ‸- key: out"
    )
    message = "“grades” needs at least 2 in its list, and has 1"
    assert lines({"standards.yaml": text}) == named(text, message, file="standards.yaml")


def test_documents_are_not_doubted_when_the_shared_file_cannot_be_read() -> None:
    text = with_fault("title: Compact", "title: ‸@Compact", "standards.yaml")
    message = "a text cannot begin with “@”: put it in quotes"
    assert lines({"standards.yaml": text}) == named(text, message, file="standards.yaml")


def test_an_edition_has_the_shared_file_and_a_questionnaire() -> None:
    texts = making.edition_texts()
    shared = {"standards.yaml": texts["standards.yaml"]}
    assert _lines_of({}) == ["editions/2026/standards.yaml:1:1: the file is missing"]
    assert _lines_of(shared) == ["editions/2026:1:1: holds no questionnaire beside standards.yaml"]
    del texts["standards.yaml"]
    assert _lines_of(texts) == ["editions/2026/standards.yaml:1:1: the file is missing"]


def test_another_standard_in_another_file_is_named_with_both_places() -> None:
    text = with_fault("key: lead-authority\n  standard: 3", "key: lead-authority\n  standard: ‸2")
    text = text.replace("indicators:", "‸indicators:")
    line = _line("key: lead-authority", "early_years.yaml") + 1
    assert lines({"school.yaml": text}) == named(
        text,
        "standard 3 has no indicator, and “not_asked” gives no reason for it",
        f"“lead-authority” has another “standard” in editions/2026/early_years.yaml on line {line}",
    )


def test_another_change_in_another_file_is_named_with_both_places() -> None:
    changed = "changed: {edition: '2025', what: More is asked., same_meaning: false}"
    bullying = _line("key: bullying", "early_years.yaml")
    text = with_fault("- key: bullying\n", f"- key: bullying\n  {changed.replace(': ', ': ‸', 1)}\n")
    assert lines({"school.yaml": text}) == named(
        text, f"“bullying” has another “changed” in editions/2026/early_years.yaml on line {bullying}"
    )


def test_a_change_that_only_one_file_lacks_is_named_there() -> None:
    changed = "  changed: {edition: '2025', what: More is asked., same_meaning: false}\n"
    files = {
        file: with_fault("- key: bullying\n", f"- key: bullying\n{changed}", file)
        for file in ("school.yaml", "statutory.yaml", "hips.yaml")
    }
    text = with_fault("- key: bullying", f"- key: {CARET}bullying", "early_years.yaml")
    line = _line("key: bullying", "school.yaml") + 1
    assert lines(files) == named(
        text,
        f"“bullying” has another “changed” in editions/2026/school.yaml on line {line}",
        file="early_years.yaml",
    )


def test_the_same_change_in_every_file_is_no_mistake() -> None:
    changed = "  changed: {edition: '2025', what: More is asked., same_meaning: false}\n"
    files = [file for file in making.edition_texts() if file != "standards.yaml"]
    assert (
        lines({file: with_fault("- key: bullying\n", f"- key: bullying\n{changed}", file) for file in files})
        == []
    )


def _line(text: str, file: str) -> int:
    return sound(file)[: sound(file).index(text)].count("\n") + 1


def _lines_of(texts: dict[str, str]) -> list[str]:
    with pytest.raises(Mistakes) as found:
        edition_of("2026", texts, where="editions/2026")
    return str(found.value).split("\n")
