"""Every rule of the reader: what is wrong, where it is named, in which words, and nothing besides."""

import pytest

from tests.questionnaire.faults import lines, named, with_fault

TEXT = "  text: All is well with leadership."
GOOD = "  good:\n  - A record of leadership can be seen."
DATE = "    in_force: '2025-09-01'"
STATEMENT = "statement:\n  version: '1'\n  text:\n  - I take responsibility.\n  - It is true.\n"
LAST = "  asked_when: commissions-services"
UNSEEN = "a character that has no place in a text"
NUMBER = "“standard” is to be the number of a standard, 1 to 12, not"
NOT_ASKED = "- {standard: 11, why: It is not.}"

FIELDS = {
    "unknown field": (TEXT, "  ‸txet: x", "unknown field “txet”; did you mean “text”?"),
    "unknown field, nothing near": (TEXT, f"{TEXT}\n  ‸zzz: x", "unknown field “zzz”"),
    "unknown field of the file": ("duty: ", "‸dutey: ", "unknown field “dutey”; did you mean “duty”?"),
    "unknown field of a part": (
        "    held_by: headteacher",
        "    ‸held-by: headteacher",
        "unknown field “held-by”; did you mean “held_by”?",
    ),
    "misspelt indicators": (
        "indicators:",
        "‸indicatros:",
        "unknown field “indicatros”; did you mean “indicators”?",
    ),
    "misspelt profile": ("profile:", "‸profil:", "unknown field “profil”; did you mean “profile”?"),
    "misspelt asked_when": (
        LAST,
        "  ‸asked_wen: commissions-services",
        "unknown field “asked_wen”; did you mean “asked_when”?",
    ),
    "missing field": ("- key: leadership\n  standard", "- ‸standard", "“key” is missing"),
    "missing field of the file": ("setting: school\n", "‸", "“setting” is missing"),
    "missing version": ("  version: '1'\n  text:", "  ‸text:", "“version” is missing"),
    "version without quotes": ("'1'", "‸1", "“version” is to be text: put 1 in quotes"),
    "empty statement": (
        "  text:\n  - I take responsibility.\n  - It is true.",
        "  text: ‸[]",
        "“text” needs at least 1 in its list, and has 0",
    ),
}

TEXTS = {
    "empty text": (TEXT, "  text: ‸''", "“text” is empty"),
    "blank text": (TEXT, "  text: ‸'  '", "“text” is empty"),
    "nothing after the colon": (TEXT, "  ‸text:", "“text” is empty"),
    "null": (TEXT, "  ‸text: null", "“text” is empty"),
    "tilde": (TEXT, "  ‸text: ~", "“text” is empty"),
    "empty reference": (LAST, "  ‸asked_when:", "“asked_when” is empty"),
    "number for text": (TEXT, "  text: ‸12", "“text” is to be text: put 12 in quotes"),
    "true for text": (TEXT, "  text: ‸true", "“text” is to be text: put true in quotes"),
    "list for text": (TEXT, "  text: ‸[a, b]", "“text” is to be text, but is a list"),
    "list below for text": (TEXT, "  text:\n  ‸- a", "“text” is to be text, but is a list"),
    "mapping for text": (TEXT, "  text: ‸{a: b}", "“text” is to be text, but is a mapping of fields"),
    "stray space": (TEXT, "  text: ‸' a'", "“text” begins or ends with a space"),
    "block with |": (TEXT, "  text: ‸|\n    a", "“text” ends with a line break: write it without | or >"),
    "block with >": (TEXT, "  text: ‸>\n    a", "“text” ends with a line break: write it without | or >"),
    "two paragraphs": (
        TEXT,
        "  text: ‸one\n\n    two",
        "“text” holds a line break: write one paragraph",
    ),
    "escaped tab": (TEXT, '  text: ‸"a\\tb"', f"“text” holds U+0009, {UNSEEN}"),
    "tab": (TEXT, "  text: ‸a\tb", f"“text” holds U+0009, {UNSEEN}"),
    "escaped bell": (TEXT, '  text: ‸"a\\ab"', f"“text” holds U+0007, {UNSEEN}"),
    "escaped direction": (TEXT, '  text: ‸"a\\u202eb"', f"“text” holds U+202E, {UNSEEN}"),
    "escaped zero": (TEXT, '  text: ‸"a\\0b"', f"“text” holds U+0000, {UNSEEN}"),
    "bell": (TEXT, "  text: é a‸\x07b", f"holds U+0007, {UNSEEN}"),
    "line separator": (TEXT, "  text: a‸\u2028b", f"holds U+2028, {UNSEEN}"),
    "next line": (TEXT, "  text: 😀 a‸\x85b", f"holds U+0085, {UNSEEN}"),
    "lost character": (TEXT, "  text: a ‸\ufffd b", f"holds U+FFFD, {UNSEEN}"),
    "wrong encoding": (
        TEXT,
        "  text: a school‸â€™s",
        "holds “â€™”: the file was once read in a wrong encoding",
    ),
}

LISTS = {
    "text for a list": (GOOD, "  good: ‸A record.", "“good” is to be a list, but is text"),
    "mapping for a list": (GOOD, "  good: ‸{a: b}", "“good” is to be a list, but is a mapping of fields"),
    "empty list": (GOOD, "  good: ‸[]", "“good” needs at least 1 in its list, and has 0"),
    "empty text in a list": (GOOD, "  good:\n  - A\n  - ‸''", "an item of “good” is empty"),
    "number in a list": (GOOD, "  good:\n  - A\n  - ‸3", "an item of “good” is to be text: put 3 in quotes"),
    "nothing in a list": (GOOD, "  good:\n  - A\n  -‸", "“good” is empty"),
    "text for a mapping": (
        STATEMENT,
        "statement: ‸yes\n",
        "“statement” is to be a mapping of fields, but is text",
    ),
    "text in a list of mappings": (
        "  - show: The record of leadership\n    held_by: headteacher",
        "  - ‸The record",
        "an item of “evidence” is to be a mapping of fields, but is text",
    ),
    "mapping for the profile": (
        "profile:\n- key",
        "profile:\n  ‸key",
        "“profile” is to be a list, but is a mapping of fields",
    ),
    "text for the indicators": (
        "signed_by:",
        "not_asked: ‸none\nsigned_by:",
        "“not_asked” is to be a list, but is text",
    ),
}

KEYS = {
    "capital in a key": (
        "key: leadership",
        "key: ‸Leadership",
        "“key” is to be lower-case letters and digits joined by hyphens, not “Leadership”",
    ),
    "underscore in a key": (
        "key: leadership",
        "key: ‸leader_ship",
        "“key” is to be lower-case letters and digits joined by hyphens, not “leader_ship”",
    ),
    "hyphen in a setting": (
        "setting: school",
        "setting: ‸all-schools",
        "“setting” is to be lower-case letters and digits joined by underscores, not “all-schools”",
    ),
    "long key": (
        "key: leadership",
        f"key: ‸{'a' * 61}",
        "“key” is longer than 60 characters",
    ),
    "indicator's key twice": (
        "key: conduct",
        "key: ‸leadership",
        "the key “leadership” is used twice; the first is on line 18",
    ),
    "fact's key twice": (
        "indicators:",
        "- {key: ‸commissions-services, question: Do you?, otherwise: you do not}\nindicators:",
        "the key “commissions-services” is used twice; the first is on line 14",
    ),
    "field twice": (TEXT, f"{TEXT}\n  ‸text: Again.", "“text” is here twice; the first is on line 20"),
    "field twice, both empty": (
        TEXT,
        "  text: ''\n  ‸text: Again.",
        "“text” is here twice; the first is on line 20",
    ),
    "another file's setting": (
        "setting: school",
        "setting: ‸academy",
        "says academy, but the file is school.yaml",
    ),
}

NUMBERS = {
    "standard 13": ("standard: 2", "standard: ‸13", f"{NUMBER} 13"),
    "standard 0": ("standard: 2", "standard: ‸0", f"{NUMBER} 0"),
    "standard -1": ("standard: 2", "standard: ‸-1", f"{NUMBER} -1"),
    "standard in words": ("standard: 2", "standard: ‸two", "“standard” is to be a whole number, not “two”"),
    "standard in quotes": (
        "standard: 2",
        "standard: ‸'2'",
        "“standard” is to be a whole number, not “2”: take the quotes away",
    ),
    "standard 02": ("standard: 2", "standard: ‸02", "“standard” is to be a whole number, not “02”"),
    "standard 2.0": ("standard: 2", "standard: ‸2.0", "“standard” is to be a whole number, not “2.0”"),
    "standard true": ("standard: 2", "standard: ‸true", "“standard” is to be a whole number, not true"),
    "standard missing": ("- key: conduct\n  standard: 2\n", "- ‸key: conduct\n", "“standard” is missing"),
    "yes for a boolean": (
        LAST,
        f"{LAST}\n  changed: {{edition: '2026', what: All., same_meaning: ‸yes}}",
        "“same_meaning” is to be true or false, not “yes”",
    ),
    "true in quotes": (
        LAST,
        f"{LAST}\n  changed: {{edition: '2026', what: All., same_meaning: ‸'true'}}",
        "“same_meaning” is to be true or false, not “true”: take the quotes away",
    ),
    "day that is none": (DATE, "    in_force: ‸2025-02-30", "“in_force” is not a date written as 2026-09-01"),
    "date in words": (DATE, "    in_force: ‸1 May 2025", "“in_force” is not a date written as 2026-09-01"),
    "date without strokes": (
        DATE,
        "    in_force: ‸20250901",
        "“in_force” is not a date written as 2026-09-01",
    ),
    "week": (DATE, "    in_force: ‸2025-W01-1", "“in_force” is not a date written as 2026-09-01"),
    "date and time": (
        DATE,
        "    in_force: ‸2025-09-01T09:30",
        "“in_force” is not a date written as 2026-09-01",
    ),
    "other digits": (DATE, "    in_force: ‸２０２５-09-01", "“in_force” is not a date written as 2026-09-01"),
}

REFERENCES = {
    "unknown fact": (
        LAST,
        "  asked_when: ‸commission-services",
        "unknown profile fact “commission-services”; did you mean “commissions-services”?",
    ),
    "fact that is no key": (
        LAST,
        "  asked_when: ‸Commissions Services",
        "unknown profile fact “Commissions Services”; did you mean “commissions-services”?",
    ),
    "unused fact": (
        "indicators:",
        "- {key: ‸has-staff, question: Have you?, otherwise: you have none}\nindicators:",
        "no indicator has “has-staff” as its “asked_when”: the fact would be asked for nothing",
    ),
    "unknown document": (
        "document: kcsie",
        "document: ‸kcsei",
        "unknown document “kcsei”; did you mean “kcsie”?",
    ),
    "unknown document, nothing near": ("document: kcsie", "document: ‸zzz", "unknown document “zzz”"),
    "asked with a capital": (
        "asked: how leadership",
        "asked: ‸How leadership",
        "“asked” begins with a capital; it is read inside a sentence",
    ),
    "asked with a full stop": (
        "asked: how leadership is looked after",
        "asked: ‸how it is looked after.",
        "“asked” ends with a full stop; it is read inside a sentence",
    ),
    "asked with both": (
        "asked: how leadership is looked after",
        "asked: ‸How it is looked after.",
        "“asked” begins with a capital and ends with a full stop; it is read inside a sentence",
    ),
    "left out and asked": (
        "signed_by:",
        f"not_asked:\n{NOT_ASKED.replace('standard: ', 'standard: ‸')}\nsigned_by:",
        "standard 11 is said not to be asked, but it has indicators",
    ),
    "left out twice": (
        "profile:",
        "not_asked:\n- {standard: ‸11, why: No.}\n- {standard: ‸11, why: No.}\nprofile:",
        "standard 11 is said not to be asked, but it has indicators",
        "the standard “11” is used twice; the first is on line 14",
    ),
    "left out without why": (
        "signed_by:",
        "not_asked:\n- ‸{standard: ‸11}\nsigned_by:",
        "“why” is missing",
        "standard 11 is said not to be asked, but it has indicators",
    ),
}

RULES = {**FIELDS, **TEXTS, **LISTS, **KEYS, **NUMBERS, **REFERENCES}


@pytest.mark.parametrize("rule", RULES)
def test_a_fault_is_named_once_at_its_place(rule: str) -> None:
    old, new, *messages = RULES[rule]
    text = with_fault(old, new)
    assert lines({"school.yaml": text}, alone=True) == named(text, *messages)


def test_a_whole_part_that_is_missing_is_named_at_the_beginning() -> None:
    text = with_fault(STATEMENT, "").replace("setting", "‸setting", 1)
    assert lines({"school.yaml": text}) == named(text, "“statement” is missing")


def test_the_edition_of_these_tests_is_sound() -> None:
    assert lines() == []
