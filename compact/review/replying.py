"""The rules of a partnership's reply, on values alone: outcome, message, comments, visits, and its phrases.

Deciding and telling are two steps: a decided return can be talked over before its organisation reads of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from types import MappingProxyType

from compact.actions.rules import parse_day
from compact.web.problems import FieldProblem
from compact.web.texts import clean

MESSAGE_LIMIT = 10_000
COMMENT_LIMIT = 2_000
WHO_LIMIT = 300
LINE_LIMIT = 500

# What a partnership can make of a return; an organisation reads the words.
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "accepted": "We accept your return as it is",
        "points": "We accept your return, with points to work on",
        "talk": "We would like to talk with you about your return",
    }
)


class State(Enum):
    """How far a partnership is with a return."""

    NEW = "new"
    LOOKING = "looking"
    DECIDED = "decided"
    TOLD = "told"


STATE_WORDS: Mapping[State, str] = MappingProxyType(
    {
        State.NEW: "Not looked at",
        State.LOOKING: "Being looked at",
        State.DECIDED: "Decided",
        State.TOLD: "Told",
    }
)


def state_of(begun: bool, outcome: str | None, sent_at: datetime | None) -> State:
    """How far it is: begun, decided, told."""
    if sent_at is not None:
        return State.TOLD
    if outcome is not None:
        return State.DECIDED
    return State.LOOKING if begun else State.NEW


@dataclass(frozen=True)
class Reply:
    """A reply as it is kept. Without an outcome it is a draft of somebody who is still looking."""

    outcome: str | None
    message: str


def parse_reply(outcome: str, message: str, *, to_send: bool) -> Reply | tuple[FieldProblem, ...]:
    """The reply that was typed. A draft may be without anything; one to be sent has an outcome and words."""
    text, problems = clean(message).strip(), []
    if (to_send or outcome) and outcome not in OUTCOMES:
        problems.append(FieldProblem("outcome", "Choose what you make of the return"))
    if to_send and not text:
        problems.append(FieldProblem("message", "Write the reply before you send it"))
    problems += _too_long("message", "The reply", text, MESSAGE_LIMIT)
    return tuple(problems) or Reply(outcome or None, text)


@dataclass(frozen=True)
class Comment:
    """What a partnership says of an action."""

    accepted: bool
    comment: str


def parse_comment(decision: str, comment: str) -> Comment | tuple[FieldProblem, ...]:
    """What was typed about an action. Who sends one back says what has to change."""
    text, problems = clean(comment).strip(), []
    if decision not in ("accepted", "sent_back"):
        problems.append(FieldProblem("decision", "Choose whether you accept the action"))
    if decision == "sent_back" and not text:
        problems.append(FieldProblem("comment", "Say what has to change before you can accept it"))
    problems += _too_long("comment", "The comment", text, COMMENT_LIMIT)
    return tuple(problems) or Comment(decision == "accepted", text)


@dataclass(frozen=True)
class Visited:
    """A visit: its day, who went, and what was verified."""

    on: date
    who: str
    what: str


def parse_visit(on: str, who: str, what: str, today: date) -> Visited | tuple[FieldProblem, ...]:
    """The visit that was typed, which has been made already."""
    day, people, text = parse_day(on), " ".join(clean(who).split()), clean(what).strip()
    problems = []
    if day is None:
        problems.append(FieldProblem("visited_on", "Enter the day of the visit, such as 31 3 2027"))
    elif day > today:
        problems.append(FieldProblem("visited_on", "The day of the visit must be today or before"))
    if not people:
        problems.append(FieldProblem("who", "Enter who visited"))
    problems += _too_long("who", "Who visited", people, WHO_LIMIT)
    if not text:
        problems.append(FieldProblem("what", "Enter what was verified"))
    problems += _too_long("what", "What was verified", text, COMMENT_LIMIT)
    return tuple(problems) if problems or day is None else Visited(day, people, text)


@dataclass(frozen=True)
class SaidAndDid:
    """One line of “you said, we did”."""

    said: str
    did: str


def parse_line(said: str, did: str) -> SaidAndDid | tuple[FieldProblem, ...]:
    """The line that was typed; each half stands on one line."""
    line, problems = SaidAndDid(" ".join(clean(said).split()), " ".join(clean(did).split())), []
    for name, text, missing in (
        ("said", line.said, "Enter what you were told"),
        ("did", line.did, "Enter what was done"),
    ):
        if not text:
            problems.append(FieldProblem(name, missing))
        problems += _too_long(name, "This", text, LINE_LIMIT)
    return tuple(problems) or line


def _too_long(field: str, what: str, text: str, limit: int) -> list[FieldProblem]:
    if len(text) <= limit:
        return []
    return [FieldProblem(field, f"{what} is {len(text):,} characters long; it can have {limit:,}")]
