"""The time: one clock for the house, and the local days that deadlines are written in."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import current_app, has_app_context

LOCAL = ZoneInfo("Europe/London")


def now() -> datetime:
    """This moment in UTC. A test sets the app's CLOCK."""
    if has_app_context():
        clock: Callable[[], datetime] | None = current_app.config.get("CLOCK")
        if clock is not None:
            return clock()
    return datetime.now(UTC)


def today() -> date:
    """The day it is in England now."""
    return local_day(now())


def local_day(moment: datetime) -> date:
    """The day it was in England at a moment."""
    return moment.astimezone(LOCAL).date()


def local_days(moments: Iterable[datetime]) -> list[date]:
    """The days of moments, in their order: each day is looked up once, however many moments are of it."""
    ordered, days = sorted(moments), list[date]()
    while len(days) < len(ordered):
        day = local_day(ordered[len(days)])
        days += [day] * (bisect_left(ordered, end_of(day)) - len(days))
    return days


def start_of(day: date) -> datetime:
    """The moment a local day begins, in UTC."""
    return datetime.combine(day, time(0), LOCAL).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The moment a local day is over, in UTC: a deadline on that day is still met before it."""
    return start_of(day + timedelta(days=1))


@lru_cache(4096)  # a page of a thousand moments is of a few dozen days
def shown_day(day: date) -> str:
    """A day as people write it: 3 November 2026."""
    return f"{day.day} {day:%B %Y}"


def shown_month(moment: datetime) -> str:
    """The month of a moment in England: November 2026."""
    return f"{moment.astimezone(LOCAL):%B %Y}"


def shown_time(moment: datetime) -> str:
    """The time of day of a moment in England: 14:05."""
    return f"{moment.astimezone(LOCAL):%H:%M}"


@lru_cache(4096)  # a list of a thousand returns shows the same moments each time
def shown_moment(moment: datetime) -> str:
    """A moment as people in England read it: 3 November 2026 at 2:05pm."""
    local = moment.astimezone(LOCAL)
    hour = local.hour % 12 or 12
    return f"{shown_day(local.date())} at {hour}:{local.minute:02}{'am' if local.hour < 12 else 'pm'}"
