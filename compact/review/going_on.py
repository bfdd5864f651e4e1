"""The rules of six-month updates, on values alone: when a plan is asked about, and what came of it.

Reading a plan once a year is too late for an action that never began; six months after a partnership's reply,
or after signing where it replied nothing, each organisation with open actions is asked how they go.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

MONTHS = 6
HALF_A_YEAR = timedelta(days=181)  # it has at least so many days
# What an organisation writes so long before the day counts as its update already.
EARLY = timedelta(days=31)
# So long an organisation may take, once it is asked.
PATIENCE = timedelta(days=28)


class Stage(Enum):
    """How far a partnership is with the update of one organisation's plan."""

    OVERDUE = "overdue"
    DUE = "due"
    ASKED = "asked"
    CAME_IN = "came_in"
    LATER = "later"


STAGE_WORDS: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.OVERDUE: "Overdue",
        Stage.DUE: "To be asked",
        Stage.ASKED: "Asked",
        Stage.CAME_IN: "Came in",
        Stage.LATER: "Not due yet",
    }
)


class Going(NamedTuple):
    """What is known of one organisation's plan: the days of signing, reply, request and last update."""

    signed_on: date
    told_on: date | None
    asked_on: date | None
    updated_on: date | None

    @property
    def due_on(self) -> date:
        """The day from which it is asked."""
        return months_after(self.told_on or self.signed_on, MONTHS)

    def stage(self, today: date) -> Stage:
        """How far it is on a day. An update after the request counts, or one shortly before the day."""
        since = self.asked_on or self.due_on - EARLY
        if self.updated_on is not None and self.updated_on >= since:
            return Stage.CAME_IN
        if self.asked_on is not None:
            return Stage.OVERDUE if today > self.asked_on + PATIENCE else Stage.ASKED
        return Stage.DUE if today >= self.due_on else Stage.LATER


def last_day_due(today: date) -> date:
    """The last day of which a plan that was signed or replied to then is asked about today."""
    day = today - HALF_A_YEAR
    while months_after(day, MONTHS) > today:
        day -= timedelta(days=1)
    return day


@lru_cache(maxsize=4096)  # a thousand plans were signed on a few dozen days
def months_after(day: date, months: int) -> date:
    """The same day of a later month, or the last day of that month where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
