"""D1 to D3: deadlines are local days, moments are UTC, and both are shown as people in England write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from flask import Flask

from compact.web.clock import end_of, now, shown_day, shown_moment, start_of, today


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc] # year, month and so on, in order


@pytest.mark.parametrize(
    ("day", "over_at"),
    [
        (date(2026, 12, 18), utc(2026, 12, 19, 0, 0)),  # winter: local time is UTC
        (date(2026, 6, 30), utc(2026, 6, 30, 23, 0)),  # summer: an hour before midnight UTC
        (date(2027, 3, 27), utc(2027, 3, 28, 0, 0)),  # the night on which the clocks go forward
        (date(2027, 3, 28), utc(2027, 3, 28, 23, 0)),  # a day of 23 hours
        (date(2027, 10, 30), utc(2027, 10, 30, 23, 0)),
        (date(2027, 10, 31), utc(2027, 11, 1, 0, 0)),  # a day of 25 hours
        (date(2028, 2, 29), utc(2028, 3, 1, 0, 0)),
        (date(2026, 12, 31), utc(2027, 1, 1, 0, 0)),
    ],
)
def test_a_day_is_over_at_local_midnight(day: date, over_at: datetime) -> None:
    assert end_of(day) == over_at
    assert start_of(day + timedelta(days=1)) == over_at


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (utc(2026, 6, 30, 22, 59, 59), date(2026, 6, 30)),
        (utc(2026, 6, 30, 23, 0), date(2026, 7, 1)),
        (utc(2026, 12, 18, 23, 59, 59), date(2026, 12, 18)),
        (utc(2026, 12, 19, 0, 0), date(2026, 12, 19)),
    ],
)
def test_today_is_the_day_in_england(app: Flask, moment: datetime, day: date) -> None:
    app.config["CLOCK"] = lambda: moment
    with app.app_context():
        assert today() == day
        assert now() == moment


def test_without_a_clock_of_its_own_the_time_is_utc() -> None:
    assert now().tzinfo is UTC
    assert abs(datetime.now(UTC) - now()) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("day", "shown"),
    [(date(2026, 11, 3), "3 November 2026"), (date(2027, 1, 31), "31 January 2027")],
)
def test_a_day_is_shown_as_people_write_it(day: date, shown: str) -> None:
    assert shown_day(day) == shown


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (utc(2026, 11, 3, 14, 5), "3 November 2026 at 2:05pm"),
        (utc(2026, 7, 1, 11, 0), "1 July 2026 at 12:00pm"),
        (utc(2026, 6, 30, 23, 0), "1 July 2026 at 12:00am"),
        (utc(2026, 11, 3, 0, 30), "3 November 2026 at 12:30am"),
        (utc(2026, 11, 3, 11, 59, 59), "3 November 2026 at 11:59am"),
        (utc(2027, 10, 31, 0, 30), "31 October 2027 at 1:30am"),
        (utc(2027, 10, 31, 1, 30), "31 October 2027 at 1:30am"),  # half past one comes twice that night
        (datetime(2026, 11, 3, 14, 5, tzinfo=timezone(timedelta(hours=9))), "3 November 2026 at 5:05am"),
    ],
)
def test_a_moment_is_shown_in_local_time(moment: datetime, shown: str) -> None:
    assert shown_moment(moment) == shown
