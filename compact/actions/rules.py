"""The rules of an action: what, who leads, by when, and how far it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from compact.web.texts import clean

WHAT_LIMIT = 2_000
LEAD_LIMIT = 200

STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "not_started": "Not started",
        "under_way": "Under way",
        "done": "Done",
        "embedded": "Embedded",
    }
)

# Nothing is left to be done about these.
FINISHED = frozenset({"done", "embedded"})

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[\s./-]+([0-9]{1,2}|[a-z]{3,9})[\s./,-]+([0-9]{4})", re.IGNORECASE)


@dataclass(frozen=True)
class TypedAction:
    """An action as it was typed."""

    what: str = ""
    lead: str = ""
    due: str = ""
    status: str = "not_started"


@dataclass(frozen=True)
class PlannedAction:
    """An action that can be kept."""

    what: str
    lead: str
    due: date
    status: str


@dataclass(frozen=True)
class ActionProblem:
    """`part` is what, lead, due or status."""

    part: str
    text: str


def parse_action(typed: TypedAction) -> PlannedAction | tuple[ActionProblem, ...]:
    """The action that was typed, or everything that keeps it from being one."""
    what, lead = clean(typed.what).strip(), " ".join(clean(typed.lead).split())
    due = parse_day(typed.due)
    problems = [
        *_text_problems("what", what, "Enter what will be done", WHAT_LIMIT),
        *_text_problems("lead", lead, "Enter who leads this action", LEAD_LIMIT),
    ]
    if not typed.due.strip():
        problems.append(ActionProblem("due", "Enter the date it will be done by"))
    elif due is None:
        problems.append(ActionProblem("due", "The date must be a real date, such as 31 3 2027"))
    if typed.status not in STATUSES:
        problems.append(ActionProblem("status", "Choose how far the action is"))
    if problems or due is None:
        return tuple(problems)
    return PlannedAction(what, lead, due, typed.status)


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


def _text_problems(part: str, text: str, missing: str, limit: int) -> list[ActionProblem]:
    if not text:
        return [ActionProblem(part, missing)]
    if len(text) > limit:
        return [ActionProblem(part, f"This is {len(text):,} characters long; it can have {limit:,}")]
    return []
