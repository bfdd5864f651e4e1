"""The rules of six-month updates: from which day, since when, for how long."""

from datetime import date, timedelta

import pytest

from compact.review.going_on import MONTHS, STAGE_WORDS, Going, Stage, last_day_due, months_after


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 3, 31), date(2026, 9, 30)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 7, 1), date(2027, 1, 1)),
        (date(2026, 6, 30), date(2026, 12, 30)),
    ],
)
def test_six_months_later_is_a_real_day(day: date, later: date) -> None:
    """D7."""
    assert months_after(day, 6) == later


SIGNED, TOLD, ASKED = date(2026, 1, 10), date(2026, 2, 10), date(2026, 8, 20)


@pytest.mark.parametrize(
    ("told", "asked", "updated", "today", "stage"),
    [
        (None, None, None, date(2026, 7, 9), Stage.LATER),
        (None, None, None, date(2026, 7, 10), Stage.DUE),
        (TOLD, None, None, date(2026, 8, 9), Stage.LATER),
        (TOLD, None, None, date(2026, 8, 10), Stage.DUE),
        (TOLD, None, date(2026, 7, 9), date(2026, 8, 10), Stage.DUE),
        (TOLD, None, date(2026, 7, 10), date(2026, 8, 10), Stage.CAME_IN),
        (TOLD, ASKED, date(2026, 8, 19), date(2026, 9, 17), Stage.ASKED),
        (TOLD, ASKED, None, date(2026, 9, 18), Stage.OVERDUE),
        (TOLD, ASKED, ASKED, date(2026, 9, 18), Stage.CAME_IN),
    ],
)
def test_how_far_an_update_is(
    told: date | None, asked: date | None, updated: date | None, today: date, stage: Stage
) -> None:
    assert Going(SIGNED, told, asked, updated).stage(today) is stage


def test_every_stage_has_its_words() -> None:
    assert {*STAGE_WORDS} == {*Stage}


def test_the_last_day_that_is_due_is_the_last() -> None:
    """D7: on each day of two years, a leap day among them, what was told a day later is not due."""
    for number in range(731):
        today = date(2027, 3, 1) + timedelta(days=number)
        last = last_day_due(today)
        assert months_after(last, MONTHS) <= today < months_after(last + timedelta(days=1), MONTHS)
