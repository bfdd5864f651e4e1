"""The desk's rules on values alone: stages, marks, reminders, calls, a round as it is typed."""

from datetime import date, timedelta

import pytest

from compact.desk.rules import (
    LATE_FOR,
    MARKS,
    Kind,
    Note,
    Place,
    PlannedRound,
    Stage,
    TypedRound,
    filled,
    occasion_of,
    parse_note,
    parse_round,
    parse_wording,
    reminder_due,
    stage_of_draft,
)
from compact.desk.wordings import KIND_NAMES, OWN, WHEN_SENT
from compact.mail.rules import Written, refuse_broken

PLACE = Place(
    "Larkfield {link} School", "Compact 2026", "18 December 2026", "https://x.example/1", "Wexcombe"
)
LAST = date(2026, 12, 18)
LAUNCHED = date(2026, 9, 1)
EDITIONS = {"2026": ("school", "early_years")}


@pytest.mark.parametrize(
    ("answered", "is_ready", "stage"),
    [
        (0, False, Stage.OPENED),
        (4, False, Stage.OPENED),
        (5, False, Stage.HALF_DONE),
        (9, False, Stage.HALF_DONE),
        (10, False, Stage.WAITING),
        (4, True, Stage.WAITING),
    ],
)
def test_a_draft_is_as_far_as_its_answers_say(answered: int, is_ready: bool, stage: Stage) -> None:
    assert stage_of_draft(answered, 10, is_ready=is_ready) is stage


@pytest.mark.parametrize("kind", Kind)
def test_the_services_own_wordings_are_good_mails(kind: Kind) -> None:
    assert parse_wording(*OWN[kind]) == OWN[kind]
    sent = filled(OWN[kind], PLACE, "Robin Head")
    refuse_broken("head@example.org", sent.subject, sent.text, None, "round 1 2")
    assert PLACE.link in sent.text
    assert set(Kind) == set(KIND_NAMES) == set(WHEN_SENT)


@pytest.mark.parametrize(
    "mark", ["child", "secret", "name ", "", "0", "organisation.__class__", "7*7", "{x}"]
)
def test_an_unknown_mark_is_refused_by_its_name(mark: str) -> None:
    """1.3.7: what looks like a template is no mark, and is not taken for one."""
    found = parse_wording("A subject", f"Dear {{{mark}}},")

    assert not isinstance(found, Written)
    assert found[0].field == "text"
    assert f"There is no mark {{{mark.strip('{}') if mark == '{x}' else mark}}}" in found[0].text
    assert all(f"{{{known}}}" in found[0].text for known in MARKS)


def test_a_mark_in_a_name_stays_a_name() -> None:
    """1.3.7: marks are replaced once, in what the partnership wrote."""
    sent = filled(Written("{organisation}", "{organisation} {name}"), PLACE, "{{ 7 * 7 }} {secret}")

    assert sent.subject == "Larkfield {link} School"
    assert sent.text == "Larkfield {link} School {{ 7 * 7 }} {\u2060secret}\n"


def test_a_subject_stays_one_line_however_long_a_name_is() -> None:
    place = Place("x" * 300, "y" * 300, "", "", "")

    sent = filled(Written("{organisation} {round}", "{round}"), place, "")

    refuse_broken("head@example.org", sent.subject, sent.text, None, "")


@pytest.mark.parametrize(
    ("subject", "text", "fields"),
    [
        ("", "", ["subject", "text"]),
        ("x" * 151, "x" * 5_001, ["subject", "text"]),
        ("\n \n", "Good.", ["subject"]),
    ],
)
def test_a_wording_has_a_subject_and_a_text_that_fit(subject: str, text: str, fields: list[str]) -> None:
    found = parse_wording(subject, text)

    assert not isinstance(found, Written)
    assert [each.field for each in found] == fields


@pytest.mark.parametrize(
    ("before", "reminder"),
    [
        (31, None),
        (30, "30"),
        (29, "30"),
        (8, "30"),
        (7, "7"),
        (2, "7"),
        (1, "1"),
        (0, "1"),
        (-1, "late"),
        (-LATE_FOR.days, "late"),
        (-LATE_FOR.days - 1, None),
    ],
)
def test_a_reminder_is_due_by_its_day_and_the_latest_one_alone(before: int, reminder: str | None) -> None:
    """D9: a run that comes late sends what is of use, not all that it missed."""
    assert reminder_due(LAST, LAUNCHED, LAST - timedelta(days=before)) == reminder


@pytest.mark.parametrize(
    ("launched_before", "today_before", "reminder"),
    [
        (31, 30, "30"),
        (30, 29, None),
        (10, 9, None),
        (10, 7, "7"),
        (7, 5, None),
        (0, -1, "late"),
        (-1, -2, None),
    ],
)
def test_nobody_is_reminded_of_what_the_launch_has_just_said(
    launched_before: int, today_before: int, reminder: str | None
) -> None:
    launched = LAST - timedelta(days=launched_before)

    assert reminder_due(LAST, launched, LAST - timedelta(days=today_before)) == reminder


def test_a_new_last_day_is_another_occasion() -> None:
    assert occasion_of("7", LAST) == "7 2026-12-18"
    assert occasion_of("7", LAST) != occasion_of("7", LAST + timedelta(days=1))


def test_a_call_is_a_line_of_a_day_that_has_come() -> None:
    assert parse_note(" the  office ", LAST, "They\nbegin  on Monday.", today=LAST) == Note(
        "the office", LAST, "They begin on Monday."
    )
    wrong = parse_note("", None, "", today=LAST)
    assert isinstance(wrong, tuple)
    assert [each.field for each in wrong] == ["whom", "on", "said"]
    wrong = parse_note("x" * 201, LAST + timedelta(days=1), "x" * 501, today=LAST)
    assert isinstance(wrong, tuple)
    assert [each.field for each in wrong] == ["whom", "on", "said"]


def test_a_round_is_planned_as_it_was_typed() -> None:
    typed = TypedRound(" Compact  2027 ", "2026", LAUNCHED, LAST, " 9 % ", ("early_years", "school", "odd"))

    assert parse_round(typed, EDITIONS, 9) == PlannedRound(
        "Compact 2027", "2026", LAUNCHED, LAST, 9, ("school", "early_years")
    )


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        (
            TypedRound("", "1999", None, None, "many", ()),
            ["name", "edition", "opens", "closes", "threshold", "setting"],
        ),
        (
            TypedRound("x" * 101, "2026", LAST, LAUNCHED, "100", ("odd",)),
            ["name", "closes", "threshold", "setting"],
        ),
        (TypedRound("x", "2026", LAST, LAST, "-1", ("school",)), ["threshold"]),
        (TypedRound("x", "2026", LAST, LAST, "²", ("school",)), ["threshold"]),
    ],
)
def test_all_that_is_wrong_with_a_round_is_said_at_once(typed: TypedRound, fields: list[str]) -> None:
    found = parse_round(typed, EDITIONS, 9)

    assert isinstance(found, tuple)
    assert [each.field for each in found] == fields


def test_a_round_without_a_threshold_takes_its_partnerships() -> None:
    planned = parse_round(TypedRound("x", "2026", LAUNCHED, LAST, " ", ("school",)), EDITIONS, 12)

    assert isinstance(planned, PlannedRound)
    assert planned.threshold == 12
