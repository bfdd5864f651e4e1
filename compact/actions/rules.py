"""The rules of an action: what, who leads, by when, how far it is, and how it goes on."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from compact.web.texts import clean

WHAT_LIMIT = 2_000
LEAD_LIMIT = 200
NOTE_LIMIT = 2_000
IMPACT_LIMIT = 2_000

NOT_STARTED, UNDER_WAY, DONE, EMBEDDED = "not_started", "under_way", "done", "embedded"
STATUSES: Mapping[str, str] = MappingProxyType(
    {
        NOT_STARTED: "Not started",
        UNDER_WAY: "Under way",
        DONE: "Done",
        EMBEDDED: "Embedded",
    }
)
# What is done is not due any more; what is embedded is not carried into the next round either.
FINISHED = frozenset({DONE, EMBEDDED})

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[\s./-]+([0-9]{1,2}|[a-z]{3,9})[\s./,-]+([0-9]{4})", re.IGNORECASE)


@dataclass(frozen=True)
class TypedAction:
    """An action as it was typed."""

    what: str = ""
    lead: str = ""
    due: str = ""
    status: str = NOT_STARTED
    impact: str = ""


@dataclass(frozen=True)
class PlannedAction:
    """An action that can be kept. `impact` is what changed for children, once something did."""

    what: str
    lead: str
    due: date
    status: str
    impact: str = ""


@dataclass(frozen=True)
class ActionProblem:
    """`part` is what, lead, due, status, impact or note."""

    part: str
    text: str


def parse_action(typed: TypedAction) -> PlannedAction | tuple[ActionProblem, ...]:
    """The action that was typed, or everything that keeps it from being one."""
    what, lead = clean(typed.what).strip(), " ".join(clean(typed.lead).split())
    due, impact = parse_day(typed.due), clean(typed.impact).strip()
    problems = [
        *_text_problems("what", what, "Enter what will be done", WHAT_LIMIT),
        *_text_problems("lead", lead, "Enter who leads this action", LEAD_LIMIT),
    ]
    if not typed.due.strip():
        problems.append(ActionProblem("due", "Enter the date it will be done by"))
    elif due is None:
        problems.append(ActionProblem("due", "The date must be a real date, such as 31 3 2027"))
    problems += _status_problems(typed.status)
    problems += _length_problems("impact", impact, IMPACT_LIMIT)
    if problems or due is None:
        return tuple(problems)
    return PlannedAction(what, lead, due, typed.status, impact)


@dataclass(frozen=True)
class TypedUpdate:
    """How an action goes on, as it was typed."""

    status: str
    impact: str = ""
    note: str = ""


@dataclass(frozen=True)
class Update:
    """An action as it goes on, and the note of it; an empty one where the rest says enough."""

    planned: PlannedAction
    note: str


def parse_update(typed: TypedUpdate, now: PlannedAction) -> Update | tuple[ActionProblem, ...]:
    """What becomes of an action that is `now` so, or everything that keeps the update from being one.

    What, who and by when stay: those are planned in a return.
    """
    note, impact = clean(typed.note).strip(), clean(typed.impact).strip()
    update = Update(replace(now, status=typed.status, impact=impact), note)
    problems = [*_length_problems("note", note, NOTE_LIMIT), *_status_problems(typed.status)]
    problems += _length_problems("impact", impact, IMPACT_LIMIT)
    if not problems and not note and update.planned == now:
        problems = [ActionProblem("note", "Write how it goes, or change how far the action is")]
    return tuple(problems) or update


def settle_update(mine: Update, shown: PlannedAction, theirs: PlannedAction) -> Update | None:
    """My update of an action that was `shown` to me, over what others left meanwhile; None where we disagree.

    A note alone disagrees with nothing, and is added to whatever the action has become.
    """
    parts = {}
    for part in ("status", "impact"):
        typed, before, now = (getattr(each, part) for each in (mine.planned, shown, theirs))
        if before not in (typed, now) and typed != now:
            return None
        parts[part] = now if typed == before else typed
    return Update(replace(theirs, **parts), mine.note)


def wants_impact(planned: PlannedAction) -> bool:
    """Whether to ask what changed for children: something should have, and nobody has said what."""
    return planned.status in FINISHED and not planned.impact


def is_overdue(status: str, due: date, today: date) -> bool:
    """Whether the last day of an action is over and it is not done."""
    return status not in FINISHED and due < today


PARTS: Mapping[str, str] = MappingProxyType(
    {
        "what": "What will be done",
        "lead": "Who leads",
        "due": "By when",
        "status": "How far",
        "impact": "What changed for children",
    }
)


@dataclass(frozen=True)
class Change:
    """A part of an action that an update changed; `part` is one of PARTS."""

    part: str
    before: str | date
    after: str | date


def changes(before: PlannedAction, after: PlannedAction) -> tuple[Change, ...]:
    """What an update changed, in the order of the page."""
    pairs = ((part, getattr(before, part), getattr(after, part)) for part in PARTS)
    return tuple(Change(part, old, new) for part, old, new in pairs if old != new)


def counts(statuses: Iterable[str]) -> dict[str, int]:
    """How many actions there are of each status, in the order of the scale."""
    given = list(statuses)
    return {status: given.count(status) for status in STATUSES}


def parse_day(text: str) -> date | None:
    """A day as people write it: 31 3 2027, 31/03/2027, 31 March 2027 or 2027-03-31."""
    text = text.strip()[:40]
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return _sensible(date.fromisoformat(text))
        match = _DAY_FIRST.fullmatch(text)
        if match is None:
            return None
        day, month, year = match.groups()
        number = int(month) if month.isdigit() else _MONTHS.index(month.lower()[:3]) + 1
        return _sensible(date(int(year), number, int(day)))
    except ValueError:
        return None


def _sensible(day: date) -> date | None:
    return day if 2000 <= day.year <= 2100 else None


def _status_problems(status: str) -> list[ActionProblem]:
    return [] if status in STATUSES else [ActionProblem("status", "Choose how far the action is")]


def _text_problems(part: str, text: str, missing: str, limit: int) -> list[ActionProblem]:
    return _length_problems(part, text, limit) if text else [ActionProblem(part, missing)]


def _length_problems(part: str, text: str, limit: int) -> list[ActionProblem]:
    if len(text) <= limit:
        return []
    return [ActionProblem(part, f"This is {len(text):,} characters long; it can have {limit:,}")]
