"""The accessibility statement is reviewed within a year: else the check fails, and the start warns."""

import runpy
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import Engine

from compact import create_app
from compact.notices.rules import ACCESSIBILITY, PRIVACY, Statement, overdue
from compact.web import clock
from config import ROOT, Settings
from tests import making

LAST_DAY = ACCESSIBILITY.reviewed.replace(year=ACCESSIBILITY.reviewed.year + 1)
TOO_LATE = (
    date(LAST_DAY.year, LAST_DAY.month + 1, 1) if LAST_DAY.month < 12 else date(LAST_DAY.year + 1, 1, 1)
)


def reviewed(day: date) -> Statement:
    return Statement(prepared=date(2020, 1, 1), reviewed=day, tested=day)


def let_it_be(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime.combine(day, time(12), UTC))


@pytest.mark.parametrize(
    ("day", "today", "is_overdue"),
    [
        (date(2026, 11, 21), date(2026, 11, 21), False),
        (date(2026, 11, 21), date(2027, 11, 21), False),
        (date(2026, 11, 21), date(2027, 11, 22), True),
        (date(2026, 11, 21), date(2031, 1, 1), True),
        (date(2028, 2, 29), date(2029, 3, 1), False),
        (date(2028, 2, 29), date(2029, 3, 2), True),
    ],
)
def test_a_review_lasts_for_a_year(day: date, today: date, is_overdue: bool) -> None:
    """D7: also from the 29th of February."""
    assert bool(overdue(reviewed(day), today)) == is_overdue


def test_what_is_overdue_says_since_when_and_what_to_do() -> None:
    said = overdue(reviewed(date(2026, 11, 3)), date(2028, 1, 1))

    assert said == (
        "The accessibility statement was last reviewed on 3 November 2026, more than a year ago. "
        "Read it against the product, then set its dates in compact/notices/rules.py."
    )


def test_the_check_fails_when_the_review_is_overdue(monkeypatch: pytest.MonkeyPatch) -> None:
    let_it_be(monkeypatch, TOO_LATE)

    with pytest.raises(SystemExit) as ended:
        runpy.run_module("compact.notices", run_name="__main__")

    assert "more than a year ago" in str(ended.value.code)  # a text goes to stderr, and the status is 1


def test_the_check_passes_while_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    let_it_be(monkeypatch, LAST_DAY)

    with pytest.raises(SystemExit) as ended:
        runpy.run_module("compact.notices", run_name="__main__")

    assert ended.value.code is None


def test_make_check_runs_it() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    check = makefile.split("\ncheck:")[1].split("\n\n")[0]

    assert "\t$(BIN)/python -m compact.notices\n" in check + "\n"


@pytest.mark.parametrize(("day", "lines"), [(TOO_LATE, 1), (LAST_DAY, 0)])
def test_the_start_warns_and_does_not_refuse(
    settings: Settings,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    day: date,
    lines: int,
) -> None:
    let_it_be(monkeypatch, day)

    app = create_app(settings, editions={making.EDITION: making.edition()}, engine=engine)

    said = [each for each in caplog.messages if "accessibility-statement-overdue" in each]
    assert len(said) == lines
    assert app.test_client().get("/accessibility").status_code == 200


def test_the_dates_are_in_an_order_that_can_be() -> None:
    assert ACCESSIBILITY.prepared <= ACCESSIBILITY.reviewed
    assert ACCESSIBILITY.tested <= ACCESSIBILITY.reviewed


def test_the_versions_of_the_privacy_notice_are_counted_and_the_newest_is_first() -> None:
    assert [each.number for each in PRIVACY] == list(range(len(PRIVACY), 0, -1))
    assert [each.since for each in PRIVACY] == sorted((each.since for each in PRIVACY), reverse=True)
