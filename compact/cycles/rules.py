"""The rules of a round's days. A deadline is the end of a local day, Europe/London."""

from datetime import date
from enum import Enum

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


def is_late(signed_on: date, last_day: date) -> bool:
    """Whether a return that was signed on a local day is late. Until the last day is over it is not."""
    return signed_on > last_day
