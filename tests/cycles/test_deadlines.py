"""D: a deadline is the end of a local day, Europe/London; who is late, and more time for one organisation."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from compact.cycles import extensions
from compact.cycles import store as cycles
from compact.cycles.models import Extension
from compact.cycles.rules import (
    WHY_LIMIT,
    MoreTime,
    Stage,
    is_late,
    last_day,
    parse_more_time,
    stage,
)
from compact.mail.models import OutboxMail
from compact.trail.models import TrailEntry
from compact.web.clock import end_of, local_day
from tests import making
from tests.making import SIGNATURE, World
from tests.pages import Page, Visitor
from tests.school import School

SECOND = timedelta(seconds=1)
CLOSES = date(2026, 12, 18)
YESTERDAY = making.NOW.date() - timedelta(days=1)
WHY = "The head has left.\n\nThe new one starts in January."


@pytest.mark.parametrize(
    ("day", "over_at"),
    [
        (date(2027, 3, 31), datetime(2027, 3, 31, 23, tzinfo=UTC)),
        (date(2026, 12, 18), datetime(2026, 12, 19, tzinfo=UTC)),
        (date(2026, 6, 30), datetime(2026, 6, 30, 23, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 23, tzinfo=UTC)),
        (date(2027, 10, 31), datetime(2027, 11, 1, tzinfo=UTC)),
        (date(2028, 2, 29), datetime(2028, 3, 1, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2027, 1, 1, tzinfo=UTC)),
        (date(2027, 8, 31), datetime(2027, 8, 31, 23, tzinfo=UTC)),
    ],
    ids=[
        "D1 summer",
        "D1 winter",
        "D2 end of June",
        "D3 March",
        "D3 October",
        "D7 leap",
        "D7 year",
        "D7 school",
    ],
)
def test_a_day_ends_at_local_midnight(day: date, over_at: datetime) -> None:
    """D1, D2, D3, D7: the last second of the local day is in time, and the next one is late."""
    assert end_of(day) == over_at
    assert not is_late(local_day(over_at - SECOND), day)
    assert is_late(local_day(over_at), day)
    assert stage(day, day, local_day(over_at - SECOND)) is Stage.OPEN
    assert stage(day, day, local_day(over_at)) is Stage.CLOSED


def test_the_hour_that_comes_twice_and_the_one_that_does_not_exist_are_of_their_day() -> None:
    """D3: 01:30 on 31 October 2027 happens at 00:30 and at 01:30 UTC; on 28 March there is none."""
    twice = [datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    never = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)

    assert [local_day(each) for each in twice] == [date(2027, 10, 31)] * 2
    assert local_day(never) == date(2027, 3, 28)


def test_more_time_is_never_less() -> None:
    assert last_day(CLOSES, None) == CLOSES
    assert last_day(CLOSES, date(2027, 1, 29)) == date(2027, 1, 29)
    assert last_day(CLOSES, date(2026, 12, 1)) == CLOSES


def test_more_time_has_a_day_and_a_reason() -> None:
    def parsed(until: date | None, why: str) -> object:
        given = parse_more_time(until, why, closes=CLOSES, today=date(2027, 1, 10))
        return given if isinstance(given, MoreTime) else [problem.field for problem in given]

    assert parsed(date(2027, 1, 10), WHY) == MoreTime(date(2027, 1, 10), WHY)
    assert parsed(None, " ") == ["until", "why"]
    assert parsed(CLOSES, WHY) == ["until"]
    assert parsed(date(2027, 1, 9), WHY) == ["until"]
    assert parsed(date(2027, 1, 10), "x" * (WHY_LIMIT + 1)) == ["why"]


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, True), (1, True)])
def test_a_return_is_late_from_the_end_of_the_last_day_by_the_servers_clock(
    school: School, app: Flask, seconds: int, late: bool
) -> None:
    """D4, D5: the page was opened before; a late return is accepted, and marked wherever it is shown."""
    school.answer_all()
    moment = datetime(2026, 12, 19, tzinfo=UTC) + seconds * SECOND
    app.config["CLOCK"] = lambda: datetime(2026, 12, 18, 23, 50, tzinfo=UTC)
    head = school.head()
    page = head.get(school.address("/sign-off"))
    app.config["CLOCK"] = lambda: moment

    receipt = head.send(page, **SIGNATURE)

    assert receipt.h1 == "Return signed"
    officer = school.officer()
    for seen in (
        receipt,
        head.get("/"),
        head.get(school.address()),
        officer.get(f"/analysis/{school.cycle}/school/returns"),
    ):
        assert (", late" in seen.text) is late, seen.address
    assert ("Signed late" in head.get("/").text) is late


def test_a_number_that_was_opened_again_is_not_late_once_more(school: School, app: Flask) -> None:
    """What the officers reopened after the last day was signed in time."""
    school.answer_all()
    school.sign()
    app.config["CLOCK"] = lambda: datetime(2027, 2, 1, 9, tzinfo=UTC)
    officer, head = school.officer(), school.head()
    officer.send(officer.get(school.address("/reopen")), reason="A grade is wrong.")
    second = School(school.world, school.cycle, school.organisation, 2, school.visit)

    receipt = second.sign()

    assert receipt.h1 == "Return signed"
    listed = officer.get(f"/analysis/{school.cycle}/school/returns")
    pages = (receipt, head.get("/"), head.get("/returns/2"), listed)
    assert not any(", late" in page.text for page in pages)


@pytest.fixture
def sibling(school: School) -> int:
    """Another school that is due in the same round."""
    organisation = school.world.organisation("Oakfield School")
    with school.world.session() as session:
        cycles.add_due(session, school.cycle, [organisation], making.NOW)
        session.commit()
    school.world.person("Ash Oak", making.signatory(organisation), email="oak@example.org")
    return organisation


def extension(school: School, organisation: int | None = None) -> str:
    return f"/cycles/{school.cycle}/organisations/{organisation or school.organisation}/extension"


def give(school: School, until: str, why: str = WHY) -> Page:
    officer = school.officer()
    return officer.send(officer.get(extension(school)), until=until, why=why)


def test_more_time_for_one_organisation_opens_nothing_for_others(
    school: School, sibling: int, app: Flask, printed: list[dict[str, Any]]
) -> None:
    """D8: its pages name its own last day, and a day later the others are overdue and it is not."""
    page = give(school, "29 1 2027")

    assert page.banner == ["Larkfield School has until the end of 29 January 2027."]
    assert "Given 5 October 2026 at 10:30am by Ellis Officer" in page.text
    app.config["CLOCK"] = lambda: datetime(2027, 1, 29, 23, 59, 59, tzinfo=UTC)
    head, other = school.head(), school.visit("oak@example.org")
    assert "29 January 2027, the day your partnership extended it to." in head.get(school.address()).text
    assert "That day has passed" not in head.get(school.address()).text + head.get("/").text
    assert "by the end of 29 January 2027" in head.get("/").text
    head.client.get(school.address("/governors.pdf"))
    assert "before the headteacher signs by 29 January 2027" in repr(printed[-1]["tasks"])
    assert "Overdue" in other.get("/").text
    assert "by the end of 18 December 2026. That day has passed" in other.get("/").text
    school.answer_all()
    assert ", late" not in school.sign().text
    overview = school.officer().get(f"/analysis/{school.cycle}/school/returns").text
    assert "has until 29 January 2027" in overview
    assert ", late" not in overview


def test_after_ones_own_last_day_one_is_late_as_well(school: School, app: Flask) -> None:
    """D8: one second after the end of the day that was given."""
    give(school, "29 1 2027")
    school.answer_all()
    app.config["CLOCK"] = lambda: datetime(2027, 1, 30, tzinfo=UTC)

    assert "That day has passed" in school.head().get(school.address()).text
    assert ", late: the last day was 29 January 2027" in school.sign().text


def test_who_has_not_begun_sees_their_own_last_day(school: School, sibling: int) -> None:
    officer, other = school.officer(), school.visit("oak@example.org")
    officer.send(officer.get(extension(school, sibling)), until="29 1 2027", why=WHY)

    start = other.get(f"/cycles/{school.cycle}/organisations/{sibling}/start")

    assert "by the end of 29 January 2027" in start.text
    assert "by the end of 29 January 2027" in other.get("/").text


def test_more_time_is_in_the_trail_and_the_signatories_are_told(school: School) -> None:
    """I9: the mail names the day and no reason; nobody but who signs is told."""
    give(school, "29 1 2027")

    with school.world.session() as session:
        entry = session.scalars(select(TrailEntry).where(TrailEntry.what == "more time given")).one()
        mails = session.scalars(select(OutboxMail)).all()
    assert entry.subject == f"organisation {school.organisation}"
    assert '"until":"2027-01-29"' in entry.detail
    assert [mail.recipient for mail in mails] == ["head@example.org"]
    assert "until the end of 29 January 2027" in mails[0].text
    assert "has left" not in mails[0].text


def test_a_mistake_changes_nothing_and_shows_what_was_typed(school: School) -> None:
    page = give(school, "18 December 2026", " ")

    assert page.summary == [
        "The new last day must be later than the round’s own",
        "Enter why more time is given",
    ]
    assert page.fields()["until"] == "18 December 2026"
    with school.world.session() as session:
        assert session.scalars(select(Extension.until)).all() == []


def test_two_officers_do_not_overwrite_each_other(school: School) -> None:
    other = school.visit(school.world.person("Other Officer", making.officer(1)))
    stale = other.get(extension(school))
    give(school, "29 1 2027")

    page = other.send(stale, until="15 1 2027", why="They asked me.")

    assert page.summary == [
        "Another officer has changed its last day meanwhile. Compare, then save yours again"
    ]
    assert "The head has left." in page.text
    assert page.fields()["why"] == "They asked me."
    assert other.send(page).banner == ["Larkfield School has until the end of 15 January 2027."]


def test_a_signed_return_needs_no_more_time(school: School) -> None:
    school.answer_all()
    school.sign()

    page = school.officer().get(extension(school))
    school.officer().post(extension(school), {"until": "29 1 2027", "why": WHY, "version": "0"})

    assert "it needs no more time" in page.text
    with school.world.session() as session:
        assert session.scalars(select(Extension.until)).all() == []


def test_an_officer_of_another_area_of_the_round_gives_no_time(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    """A1: the organisation does not lie in their area, although they run the round together."""
    here, there = world.partnership(), world.partnership("Northmere", areas=("902",))
    school = world.organisation()
    cycle = world.cycle(here, there)
    officer = visit(world.person("There", making.officer(there)))

    assert officer.get(f"/cycles/{cycle}/organisations/{school}/extension").status == 404
    assert (
        visit(world.person("Here", making.officer(here)))
        .get(f"/cycles/{cycle}/organisations/{school}/extension")
        .h1
        == "Give more time"
    )


def test_who_is_not_due_is_given_no_time(school: School) -> None:
    late_comer = school.world.organisation("Late School")

    assert school.officer().get(extension(school, late_comer)).status == 404


def put_together_now(school: School, name: str, closes: date) -> int:
    """A round of the same partnership that opened years ago and that everybody is put into now."""
    with school.world.session() as session:
        this = cycles.cycle_by_id(session, school.cycle)
    assert this is not None
    return school.world.cycle(*this.partnerships, name=name, opens=date(2024, 3, 1), closes=closes)


def test_a_round_that_was_over_before_one_was_put_there_waits_for_nobody(school: School) -> None:
    """A round that is brought in, for its history: nobody is told that they missed it.

    Somebody who is given time there is asked after all.
    """
    past = put_together_now(school, "Compact 2024", YESTERDAY)
    assert "Compact 2024" not in school.head().get("/").text

    with school.world.session() as session:
        more_time = MoreTime(making.NOW.date(), "They asked.")
        extensions.extend(
            session, past, school.organisation, more_time, shown_version=0, by=None, at=making.NOW
        )
        session.commit()

    assert "Compact 2024" in school.head().get("/").text


def test_a_round_waits_for_who_is_put_there_on_its_last_day_and_for_a_return(school: School) -> None:
    put_together_now(school, "To the last day", making.NOW.date())
    over = put_together_now(school, "Answered", YESTERDAY)
    school.world.started(over, school.organisation)

    home = school.head().get("/").text

    assert "To the last day" in home
    assert "Answered" in home
