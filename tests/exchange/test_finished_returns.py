"""Finished returns in a file, as values: the rules of a row, of an organisation, and of the same again."""

from collections.abc import Mapping

import pytest

from compact.documents.csv_reading import Row
from compact.exchange.finished_returns import (
    FinishedReturn,
    Reference,
    areas_of_new,
    differs,
    read_returns,
    wrong_organisation,
)
from compact.returns.rules import Answer
from tests import making
from tests.exchange.rows import not_applicable, row

SETTINGS = ("early_years", "school", "statutory")


def judged(*rows: Mapping[str, str]) -> tuple[list[FinishedReturn], list[str]]:
    """The returns of a file whose first row is on line 2, and its mistakes where nobody is known."""
    sheet = [Row(line, cells) for line, cells in enumerate(rows, start=2)]
    returns, found = read_returns(sheet, making.edition(), SETTINGS)
    found += [(each.line, message) for each in returns if (message := wrong_organisation(each, {}, SETTINGS))]
    return returns, [f"{line}: {message}" for line, message in found]


def too_long(part: str, length: str, limit: str, over: int) -> str:
    what = f"The {part} for how bullying is looked after is {length} characters long"
    return f"{what}; it can have {limit}. Shorten it by {over}"


NOT_MADE = "and only those of the register local are made here"
GRADES = "outstanding, good, requires_improvement, inadequate, not_applicable"
WRONG: dict[str, tuple[Mapping[str, str], str]] = {
    "no organisation": (
        row("116192"),
        "“116192” is no organisation: write register:identifier, such as GIAS:100000 or local:17",
    ),
    "no identifier": (
        row("local:"),
        "“local:” is no organisation: write register:identifier, such as GIAS:100000 or local:17",
    ),
    "no register": (
        row(":17"),
        "“:17” is no organisation: write register:identifier, such as GIAS:100000 or local:17",
    ),
    "an unseen character": (row("local:1\u200b7"), "“local:1 7” holds a character that cannot be seen"),
    "a long identifier": (
        row("local:" + "7" * 101),
        "the identifier has 101 characters; at most 100 fit",
    ),
    "unknown in a national register": (
        row("GIAS:999999"),
        f"there is no organisation GIAS:999999, {NOT_MADE}",
    ),
    "a register misspelt": (
        row("locl:17"),
        f"there is no organisation locl:17, {NOT_MADE}: did you mean “local”?",
    ),
    "no name": (row(name=""), "local:17 is not known yet: give its name"),
    "a long name": (row(name="n" * 301), "the name has 301 characters; at most 300 fit"),
    "setting misspelt": (row(setting="shool"), "there is no setting “shool”: did you mean “school”?"),
    "setting unknown": (
        row(setting="zoo"),
        "there is no setting “zoo”; this cycle asks early_years, school, statutory",
    ),
    "setting not asked": (
        row(setting="hips"),
        "this cycle does not ask hips; it asks early_years, school, statutory",
    ),
    "indicator misspelt": (
        row(indicator="bulying"),
        "there is no indicator “bulying” for school: did you mean “bullying”?",
    ),
    "no indicator": (row(indicator=""), "there is no indicator “” for school"),
    "another setting's indicator": (
        row(setting="early_years", indicator="pupil-voice"),
        "there is no indicator “pupil-voice” for early_years",
    ),
    "grade misspelt": (row(grade="Good"), "there is no grade “Good”: did you mean “good”?"),
    "grade unknown": (row(grade="7"), f"there is no grade “7”; use one of {GRADES}"),
    "no grade": (row(grade=""), f"the grade is missing; use one of {GRADES}"),
    "not applicable without a reason": (
        not_applicable(reason=""),
        "Enter why this does not apply: how bullying is looked after",
    ),
    "long evidence": (
        row(evidence="e" * 20_001),
        too_long("evidence", "20,001", "20,000", 1),
    ),
    "long reason": (
        row(reason="r" * 2_002),
        too_long("reason", "2,002", "2,000", 2),
    ),
}


@pytest.mark.parametrize(("wrong", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_named_with_its_line(wrong: Mapping[str, str], message: str) -> None:
    _, messages = judged(row("local:1"), wrong)

    assert messages == [f"3: {message}"]


def test_every_mistake_of_a_row_is_named() -> None:
    _, messages = judged(row("nothing", "bulying", "god", setting="statutory"), row("", "", "", setting=""))

    assert len(messages) == 3 + 3


def test_a_return_with_a_mistake_is_not_whole_and_the_others_are() -> None:
    returns, _ = judged(row("local:1"), row("local:2"), row("local:2", "induction", "god"))

    assert [(str(each.reference), each.is_whole) for each in returns] == [
        ("local:1", True),
        ("local:2", False),
    ]


def test_rows_of_an_organisation_need_not_stand_together() -> None:
    returns, messages = judged(row("local:1"), row("local:2"), row("Local: 1", "induction"))

    assert messages == []
    assert [(each.line, list(each.answers)) for each in returns] == [
        (2, ["bullying", "induction"]),
        (3, ["bullying"]),
    ]


def test_an_identifier_may_hold_a_colon_and_blanks() -> None:
    (only,), messages = judged(row("local:a: b 1"))

    assert (only.reference, messages) == (Reference("local", "a: b 1"), [])


def test_one_that_is_made_works_in_the_hosts_first_area_or_for_four_area_bodies_in_all() -> None:
    assert areas_of_new("school", ["852", "850"], ["852", "850", "851"]) == ("850",)
    assert areas_of_new("hips", ["852"], ["852", "850", "851"]) == ("850", "851", "852")


HELD = {"bullying": Answer("good", False, "Why.", "Seen."), "induction": Answer(None, True, "None here.")}
CHANGES: dict[str, tuple[dict[str, Answer], str]] = {
    "another grade": ({"bullying": Answer("inadequate", False, "Why.", "Seen.")}, "bullying differ"),
    "another reason": ({"bullying": Answer("good", False, "why.", "Seen.")}, "bullying differ"),
    "other evidence": ({"bullying": Answer("good", False, "Why.", "")}, "bullying differ"),
    "a grade instead of not applicable": (
        {"induction": Answer("good", False, "None here.")},
        "induction differ",
    ),
    "one more": ({"conduct": Answer("good")}, "conduct differ"),
    "several": ({"conduct": Answer("good"), "bullying": Answer("good")}, "bullying and 1 more differ"),
}


@pytest.mark.parametrize(("change", "what"), CHANGES.values(), ids=CHANGES.keys())
def test_a_return_differs_with_any_part_of_an_answer(change: dict[str, Answer], what: str) -> None:
    message = differs(Reference("local", "17"), HELD, {**HELD, **change})

    assert message == f"another return of local:17 was imported into this cycle before: {what}"


def test_a_return_differs_with_an_answer_less_and_not_with_its_order() -> None:
    less = {"bullying": HELD["bullying"]}

    assert differs(Reference("local", "17"), HELD, less) is not None
    assert differs(Reference("local", "17"), HELD, dict(reversed(HELD.items()))) is None
