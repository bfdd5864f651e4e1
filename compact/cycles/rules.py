"""The rules of a round's days. A deadline is the end of a local day, Europe/London."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from compact.web.problems import FieldProblem
from compact.web.texts import clean

WHY_LIMIT = 2_000


class Stage(Enum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


def stage(opens: date, closes: date, today: date) -> Stage:
    """Where a round stands on a local day. On its closing day it is still open."""
    if today < opens:
        return Stage.PLANNED
    return Stage.OPEN if today <= closes else Stage.CLOSED


def last_day(closes: date, until: date | None) -> date:
    """An organisation's own last day in a round: the round's, or the one it was given more time until."""
    return max(closes, until) if until else closes


def could_answer(added_on: date, last_day: date) -> bool:
    """Whether an organisation was put into a round before its time there was over. A round that was brought
    in, or put together afterwards, waits for nobody.
    """
    return added_on <= last_day


def is_late(signed_on: date, last_day: date) -> bool:
    """Whether a return that was signed on a local day is late. Until the last day is over it is not."""
    return signed_on > last_day


def missed_day(signed_on: date, last_day: date, *, was_in_time: bool) -> date | None:
    """The last day that a signature missed, as it stood when the return was signed; None where it is in time.

    `was_in_time`: an earlier number of the return was, so that a number that was opened again is not late.
    """
    return last_day if is_late(signed_on, last_day) and not was_in_time else None


@dataclass(frozen=True)
class MoreTime:
    """The last day that one organisation is given instead of the round's, and why."""

    until: date
    why: str


def parse_more_time(
    until: date | None, why: str, *, closes: date, today: date
) -> MoreTime | tuple[FieldProblem, ...]:
    """The time that is given, or all that is wrong with it; `until` is None where no day was typed."""
    why = clean(why)
    problems = []
    if until is None:
        problems.append(FieldProblem("until", "Enter the new last day, such as 31 3 2027"))
    elif until <= closes:
        problems.append(FieldProblem("until", "The new last day must be later than the round’s own"))
    elif until < today:
        problems.append(FieldProblem("until", "The new last day must be today or later"))
    problems += _why_problems(why, "Enter why more time is given")
    if problems or until is None:
        return tuple(problems)
    return MoreTime(until, why)


def parse_withdrawal(why: str) -> str | FieldProblem:
    """Why an organisation's time is withdrawn, or what is wrong with what was typed."""
    why = clean(why)
    problems = _why_problems(why, "Enter why the time is withdrawn")
    return problems[0] if problems else why


def _why_problems(why: str, missing: str) -> list[FieldProblem]:
    if not why:
        return [FieldProblem("why", missing)]
    if len(why) <= WHY_LIMIT:
        return []
    message = f"The reason is {len(why):,} characters long; it can have {WHY_LIMIT:,}. "
    return [FieldProblem("why", message + f"Shorten it by {len(why) - WHY_LIMIT:,}")]
