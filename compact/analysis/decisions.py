"""The rules of a committee's decision, on values alone: what was decided, who does it, by when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from compact.actions.rules import parse_day
from compact.web.problems import FieldProblem
from compact.web.texts import clean

DECIDED_LIMIT = 2_000
WHO_LIMIT = 200


@dataclass(frozen=True)
class About:
    """What a decision is about: a sector's standard, written `school-4` in a form."""

    sector: str
    standard: int

    def __str__(self) -> str:
        return f"{self.sector}-{self.standard}"


@dataclass(frozen=True)
class TypedDecision:
    about: str = ""
    decided: str = ""
    who: str = ""
    due: str = ""


@dataclass(frozen=True)
class Decided:
    """A decision that can be kept, or as it was kept."""

    about: About
    decided: str
    who: str
    due: date


def parse_decision(typed: TypedDecision, flagged: Collection[About]) -> Decided | tuple[FieldProblem, ...]:
    """The decision that was typed, or all that keeps it from being one. It is about a flagged standard."""
    about = next((each for each in flagged if str(each) == typed.about), None)
    decided, who = clean(typed.decided).strip(), " ".join(clean(typed.who).split())
    due = parse_day(typed.due)
    problems = []
    if about is None:
        problems.append(FieldProblem("about", "Choose the standard that the decision is about"))
    problems += _text("decided", decided, "Enter what was decided", DECIDED_LIMIT)
    problems += _text("who", who, "Enter who does it", WHO_LIMIT)
    if not typed.due.strip():
        problems.append(FieldProblem("due", "Enter the day it is to be done by"))
    elif due is None:
        problems.append(FieldProblem("due", "The day must be a real one, such as 31 3 2027"))
    if problems or about is None or due is None:
        return tuple(problems)
    return Decided(about, decided, who, due)


def _text(field: str, text: str, missing: str, limit: int) -> list[FieldProblem]:
    if not text:
        return [FieldProblem(field, missing)]
    if len(text) <= limit:
        return []
    return [FieldProblem(field, f"This is {len(text):,} characters long; it can have {limit:,}")]
