"""The rules of the desk: how far an organisation is, what a mail may hold, and when one is reminded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from compact.mail.rules import LONGEST_SUBJECT, Written, named
from compact.web.problems import FieldProblem
from compact.web.texts import clean

SUBJECT_LIMIT = 150
TEXT_LIMIT = 5_000
NOTE_LIMIT = 500
WHOM_LIMIT = 200
NAME_LIMIT = 100
WHY_LIMIT = 2_000


class Stage(StrEnum):
    """How far an organisation is in a round; it is at exactly one stage."""

    NEVER_OPENED = "never_opened"
    OPENED = "opened"
    HALF_DONE = "half_done"
    WAITING = "waiting"
    SIGNED = "signed"
    EXCUSED = "excused"


STAGE_NAMES: Mapping[Stage, str] = {
    Stage.NEVER_OPENED: "Never opened",
    Stage.OPENED: "Opened",
    Stage.HALF_DONE: "Half done",
    Stage.WAITING: "Waiting for sign-off",
    Stage.SIGNED: "Signed",
    Stage.EXCUSED: "Excused",
}
# Who can be written to and given more time: nothing is due any more from the others.
UNSIGNED = (Stage.NEVER_OPENED, Stage.OPENED, Stage.HALF_DONE, Stage.WAITING)


def stage_of_draft(answered: int, asked: int, *, is_ready: bool) -> Stage:
    """How far a return in progress is, by the questions that its profile leaves to be asked.

    It waits for its signature once each of them has an answer, or somebody there said that it is ready.
    """
    if is_ready or answered >= asked:
        return Stage.WAITING
    return Stage.HALF_DONE if answered * 2 >= asked else Stage.OPENED


class Kind(StrEnum):
    """The kinds of mail that a partnership can word for itself."""

    LAUNCH = "launch"
    REMINDER = "reminder"
    LATE = "late"
    NEVER_OPENED = "never_opened"
    OPENED = "opened"
    HALF_DONE = "half_done"
    WAITING = "waiting"
    MESSAGE = "message"


MARKS: Mapping[str, str] = {
    "name": "who reads the mail",
    "organisation": "the organisation’s name",
    "round": "the round’s name",
    "last_day": "the organisation’s last day, such as 18 December 2026",
    "link": "the address of its self-assessment",
    "partnership": "your partnership’s name",
}
_MARK = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True)
class Place:
    """What the marks of a mail stand for."""

    organisation: str
    round: str
    last_day: str
    link: str
    partnership: str


def parse_wording(subject: str, text: str) -> Written | tuple[FieldProblem, ...]:
    """A wording as it is kept, or all that is wrong with it: an unknown mark is refused by its name."""
    subject, text = " ".join(clean(subject).split()), clean(text).strip()
    problems = [
        *_text_problems("subject", "subject", subject, SUBJECT_LIMIT),
        *_text_problems("text", "text", text, TEXT_LIMIT),
    ]
    for field, given in (("subject", subject), ("text", text)):
        unknown = dict.fromkeys(mark for mark in _MARK.findall(given) if mark not in MARKS)
        known = ", ".join(f"{{{mark}}}" for mark in MARKS)
        problems += [
            FieldProblem(field, f"There is no mark {{{mark}}}. The marks are {known}") for mark in unknown
        ]
    return tuple(problems) or Written(subject, text)


def _text_problems(field: str, what: str, text: str, limit: int) -> list[FieldProblem]:
    if not text:
        return [FieldProblem(field, f"Enter the {what} of the mail")]
    if len(text) > limit:
        return [FieldProblem(field, f"The {what} is {len(text):,} characters long; it can have {limit:,}")]
    return []


def filled(wording: Written, place: Place, reader: str) -> Written:
    """A wording with what its marks stand for. A mark that somebody typed into a name stays a name."""
    values = {
        "name": reader,
        "organisation": place.organisation,
        "round": place.round,
        "last_day": place.last_day,
        "link": place.link,
        "partnership": place.partnership,
    }
    subject, text = (
        _MARK.sub(lambda mark: named(values[mark[1]]), part) for part in (wording.subject, wording.text)
    )
    return Written(" ".join(subject.split())[:LONGEST_SUBJECT].rstrip(), f"{text}\n")


# Replies are sent and updates come in for so long after a round's last day.
WORKED_ON_FOR = timedelta(days=366)


def is_worked_on(closes: date, today: date) -> bool:
    """Whether something of a round may still wait for its officers."""
    return today <= closes + WORKED_ON_FOR


# So many days before its last day an organisation is reminded, and once when that day is over.
DAYS_BEFORE = (30, 7, 1)
LATE = "late"
LATE_FOR = timedelta(days=28)  # nobody is called late by a mail that comes months afterwards


def reminder_due(last_day: date, launched_on: date, today: date) -> str | None:
    """Which reminder an organisation should have had by today, "30", "7", "1" or "late"; None for none.

    Of several that were missed only the latest is of use. One whose day was over when the round was launched,
    or was that very day, is left out: the launch had just said it.
    """
    if today > last_day:
        return LATE if today - last_day <= LATE_FOR and launched_on <= last_day else None
    for days in reversed(DAYS_BEFORE):
        if today >= last_day - timedelta(days=days):
            return str(days) if launched_on < last_day - timedelta(days=days) else None
    return None


def occasion_of(reminder: str, last_day: date) -> str:
    """What makes a reminder the only one of its kind. A new last day is reminded of anew."""
    return f"{reminder} {last_day.isoformat()}"


@dataclass(frozen=True)
class Note:
    """A call as it is noted."""

    whom: str
    on: date
    said: str


def parse_note(whom: str, on: date | None, said: str, *, today: date) -> Note | tuple[FieldProblem, ...]:
    """A call, or all that is wrong with what was typed; `on` is None where it is no day."""
    whom, said = (" ".join(clean(each).split()) for each in (whom, said))
    problems = []
    if not whom:
        problems.append(FieldProblem("whom", "Enter who was spoken to"))
    elif len(whom) > WHOM_LIMIT:
        problems.append(FieldProblem("whom", f"Who was spoken to can have {WHOM_LIMIT} characters"))
    if on is None:
        problems.append(FieldProblem("on", "Enter the day of the call, such as 3 11 2026"))
    elif on > today:
        problems.append(FieldProblem("on", "The day of the call must be today or earlier"))
    if not said:
        problems.append(FieldProblem("said", "Enter what was said, in a line"))
    elif len(said) > NOTE_LIMIT:
        message = f"What was said is {len(said):,} characters long; it can have {NOTE_LIMIT}"
        problems.append(FieldProblem("said", message))
    if problems or on is None:
        return tuple(problems)
    return Note(whom, on, said)


def parse_why(why: str, missing: str) -> str | FieldProblem:
    """A reason as it is kept, or what is wrong with it."""
    why = clean(why)
    if not why:
        return FieldProblem("why", missing)
    if len(why) > WHY_LIMIT:
        message = f"The reason is {len(why):,} characters long; it can have {WHY_LIMIT:,}"
        return FieldProblem("why", message)
    return why


@dataclass(frozen=True)
class TypedRound:
    """A round as an officer typed it; a day is None where what was typed is none."""

    name: str
    edition: str
    opens: date | None
    closes: date | None
    threshold: str
    settings: tuple[str, ...]


@dataclass(frozen=True)
class PlannedRound:
    name: str
    edition: str
    opens: date
    closes: date
    threshold: int
    settings: tuple[str, ...]


def parse_round(
    typed: TypedRound, editions: Mapping[str, tuple[str, ...]], usual_threshold: int
) -> PlannedRound | tuple[FieldProblem, ...]:
    """A round to open, or all that is wrong with it. `editions` has each one's setting types.

    `usual_threshold` is its partnership's, for a round that was given none.
    """
    name, threshold = " ".join(clean(typed.name).split()), typed.threshold.strip().removesuffix("%").strip()
    threshold = threshold or str(usual_threshold)
    problems = []
    if not name:
        problems.append(FieldProblem("name", "Enter the name of the round"))
    elif len(name) > NAME_LIMIT:
        problems.append(FieldProblem("name", f"The name can have {NAME_LIMIT} characters"))
    if typed.edition not in editions:
        problems.append(FieldProblem("edition", "Choose the edition of the questionnaires"))
    if typed.opens is None:
        problems.append(FieldProblem("opens", "Enter the first day, such as 1 9 2026"))
    if typed.closes is None:
        problems.append(FieldProblem("closes", "Enter the last day, such as 18 12 2026"))
    elif typed.opens is not None and typed.closes < typed.opens:
        problems.append(FieldProblem("closes", "The last day must not be before the first day"))
    if not (threshold.isascii() and threshold.isdigit() and len(threshold) <= 2):
        problems.append(FieldProblem("threshold", "Enter a whole number of percent from 0 to 99"))
    known = editions.get(typed.edition, ())
    settings = tuple(each for each in known if each in typed.settings)
    if not settings:
        problems.append(FieldProblem("setting", "Choose who is asked"))
    if problems or typed.opens is None or typed.closes is None:
        return tuple(problems)
    return PlannedRound(name, typed.edition, typed.opens, typed.closes, int(threshold), settings)


def parse_change(
    typed: TypedRound, was: PlannedRound, *, has_begun: bool, today: date
) -> PlannedRound | tuple[FieldProblem, ...]:
    """A round as it is corrected, or all that is wrong with it.

    Its questionnaires and setting types stay. Once it has begun only its last day can change, and not to a
    day that is over: nobody is made late afterwards, and no threshold is chosen by what it would flag.
    """
    if has_begun:
        typed = replace(typed, name=was.name, opens=was.opens, threshold=str(was.threshold))
    typed = replace(typed, edition=was.edition, settings=was.settings)
    changed = parse_round(typed, {was.edition: was.settings}, was.threshold)
    if isinstance(changed, PlannedRound) and changed.closes < today and changed.closes != was.closes:
        return (FieldProblem("closes", "The last day must be today or later"),)
    return changed
