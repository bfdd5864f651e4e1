"""`compact reminders queue`: by calendar, calm, each once."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from itertools import chain, repeat
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from compact.cli import main
from compact.desk import cli
from compact.desk.models import RoundMail
from tests import making
from tests.conftest import Ended
from tests.desk.conftest import SCHOOLS, Desk, head_of, round_begun
from tests.making import World
from tests.pages import Visitor
from tests.prepared import Prepared

Compact = Callable[..., Ended]
EVERYBODY = [head_of(name) for name in SCHOOLS]
ASHFIELD, BIRCHFIELD, *_ = SCHOOLS


@pytest.fixture
def on(compact: Compact, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], str]:
    """What the command says on a day of the winter 2026 to 2027."""

    def run(month: int, day: int) -> str:
        set_clock(monkeypatch, month, day)
        ended = compact("reminders", "queue")
        assert ended.code == 0, ended.err
        return ended.last_line

    return run


def set_clock(monkeypatch: pytest.MonkeyPatch, month: int, day: int) -> None:
    moment = datetime(2026 if month > 8 else 2027, month, day, 8, tzinfo=UTC)
    monkeypatch.setattr(cli, "now", lambda: moment)
    monkeypatch.setattr(cli, "today", moment.date)


@pytest.fixture
def launched(world: World, prepared: Prepared, visit: Callable[[str], Visitor]) -> Desk:
    """A round that was launched on 5 October and closes on 18 December; its launch mails are forgotten."""
    partnership, cycle, schools = prepared.on(world, _launched, visit)
    return Desk(world, visit, partnership, cycle, dict(schools))


def _launched(world: World, visit: Callable[[str], Visitor]) -> tuple[int, int, Mapping[str, int]]:
    partnership, cycle, schools = begun = round_begun(world)
    desk = Desk(world, visit, partnership, cycle, dict(schools))
    desk.launch()
    desk.forget_mails()
    return begun


def test_a_round_that_was_not_launched_is_silent(desk: Desk, on: Callable[[int, int], str]) -> None:
    assert on(12, 11) == "queued 0"
    assert desk.mails() == []


def test_d9_each_reminder_goes_out_once_on_its_day(launched: Desk, on: Callable[[int, int], str]) -> None:
    """D9: the timer runs each day, and twice on some."""
    days = [
        (11, 17),
        (11, 18),
        (11, 18),
        (11, 19),
        (12, 10),
        (12, 11),
        (12, 16),
        (12, 17),
        (12, 18),
        (12, 19),
        (12, 20),
    ]

    said = [int(on(*day).split()[1]) for day in days]

    assert said == [0, 5, 0, 0, 0, 5, 0, 5, 0, 5, 0]
    assert launched.recipients() == sorted(EVERYBODY * 4)
    with launched.world.session() as session:
        occasions = session.scalars(select(RoundMail.occasion).distinct().order_by(RoundMail.occasion)).all()
    assert occasions == ["1 2026-12-18", "30 2026-12-18", "7 2026-12-18", "late 2026-12-18", "launch"]
    assert launched.mails()[-1].subject == "The last day has passed: the self-assessment of Elmfield School"


def test_d9_a_run_that_comes_late_sends_the_latest_alone(
    launched: Desk, on: Callable[[int, int], str]
) -> None:
    """D9: a machine that was off for weeks does not make up for each of them."""
    assert on(12, 14) == "queued 5"
    assert on(12, 18) == "queued 5"
    assert len(launched.mails()) == 10


def test_d9_a_run_that_spans_midnight_and_the_next_remind_each_once(
    launched: Desk, on: Callable[[int, int], str], compact: Compact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D9: the seventh day before the last begins while the run is among the schools."""
    on(11, 18)
    launched.forget_mails()
    set_clock(monkeypatch, 12, 10)
    # It is asked for who took over, for the round, and then for each school.
    days = chain([date(2026, 12, 10)] * 4, repeat(date(2026, 12, 11)))
    monkeypatch.setattr(cli, "today", lambda: next(days))

    said = [compact("reminders", "queue").last_line, on(12, 11), on(12, 11)]

    assert said == ["queued 3", "queued 2", "queued 0"]
    assert launched.recipients() == EVERYBODY


def test_d9_two_processes_at_once_write_each_once(
    launched: Desk, on: Callable[[int, int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """D9: two timers, or one that starts again before the other is done."""
    set_clock(monkeypatch, 12, 11)
    together = Barrier(4)

    def run() -> None:
        together.wait()
        main(["reminders", "queue"], standalone_mode=False)

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert launched.recipients() == EVERYBODY


def test_i7_who_has_signed_or_is_excused_is_not_reminded(
    launched: Desk, on: Callable[[int, int], str]
) -> None:
    launched.signed(ASHFIELD)
    officer = launched.officer
    form = "form[action$='/excuse']"
    officer.send(officer.get(launched.part(BIRCHFIELD)), selector=form, why="It merges.")

    assert on(12, 11) == "queued 3"
    assert launched.recipients() == EVERYBODY[2:]


def test_d8_more_time_is_reminded_of_by_its_own_day(launched: Desk, on: Callable[[int, int], str]) -> None:
    """D8: one has until 15 January; the others' days stay."""
    on(12, 11)
    officer = launched.officer
    officer.send(officer.get(launched.part(ASHFIELD, "/extension")), until="15 1 2027", why="A new head.")
    launched.forget_mails()

    assert on(12, 19) == "queued 5"
    late = {mail.recipient for mail in launched.mails() if mail.subject.startswith("The last day has passed")}
    assert late == set(EVERYBODY[1:])
    launched.forget_mails()
    assert on(1, 8) == "queued 1"
    assert launched.mails()[0].recipient == EVERYBODY[0]
    assert "15 January 2027" in launched.mails()[0].text


def test_a_round_of_four_partnerships_reminds_once_in_the_hosts_words(
    desk: Desk, on: Callable[[int, int], str]
) -> None:
    """D9: however many partnerships run the round."""
    world = desk.world
    guests = [world.partnership(f"Guest {area}", areas=(area,)) for area in ("902", "903", "904")]
    police = world.organisation("Vale Police", setting="hips", areas=("901", "902", "903", "904"))
    world.person("Chief", making.signatory(police), email="chief@example.org")
    desk.cycle = world.cycle(desk.partnership, *guests, name="Four areas", settings=("hips",))
    officer = desk.officer
    page = officer.get(f"/partnerships/{desk.partnership}/wording/reminder")
    officer.send(page, then="save", subject="From {partnership}", text="Dear {name}: {link}")
    desk.launch()
    desk.forget_mails()

    assert on(12, 11) == "queued 1"
    assert [(mail.recipient, mail.subject) for mail in desk.mails()] == [
        ("chief@example.org", "From Wexcombe Partnership")
    ]


def test_one_that_was_added_late_is_not_reminded_of_days_before_it_was_asked(
    launched: Desk, on: Callable[[int, int], str], app: Flask
) -> None:
    late = launched.world.organisation("Fernfield School")
    launched.world.person("Late Head", making.signatory(late), email="late@example.org")
    app.config["CLOCK"] = lambda: datetime(2026, 12, 14, 9, tzinfo=UTC)
    officer = launched.officer
    officer.send(officer.get(launched.address("/add?name=fern")), selector="form[action*='/add']")

    assert on(12, 15) == "queued 5"
    assert on(12, 17) == "queued 6"
