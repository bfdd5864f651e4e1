"""The last day of one organisation changes: what was signed before stays as late as it was."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text, update

from compact import migrating
from compact.cycles.models import Extension
from compact.cycles.rules import WHY_LIMIT, missed_day, parse_withdrawal
from compact.mail.models import OutboxMail
from compact.returns.models import Return
from compact.trail.models import TrailEntry
from compact.web.problems import FieldProblem
from tests import making
from tests.cycles.test_deadlines import WHY, extension, give
from tests.making import World
from tests.pages import Page
from tests.school import School

CLOSES = date(2026, 12, 18)
WITHDRAWN = "The new head has begun already."


def withdraw(school: School, why: str = WITHDRAWN) -> Page:
    officer = school.officer()
    page = officer.get(extension(school))
    return officer.send(officer.get(str(page.link("Withdraw the time that was given")["href"])), why=why)


def second_number(school: School) -> School:
    officer = school.officer()
    officer.send(officer.get(school.address("/reopen")), reason="A grade is wrong.")
    return School(school.world, school.cycle, school.organisation, 2, school.visit)


@pytest.mark.parametrize(
    ("signed_on", "was_in_time", "missed"),
    [
        (CLOSES, False, None),
        (date(2026, 12, 19), False, CLOSES),
        (date(2026, 12, 19), True, None),
    ],
)
def test_a_signature_misses_its_last_day_unless_an_earlier_one_met_it(
    signed_on: date, was_in_time: bool, missed: date | None
) -> None:
    assert missed_day(signed_on, CLOSES, was_in_time=was_in_time) == missed


def test_time_that_is_given_after_a_late_signature_leaves_it_late(school: School, app: Flask) -> None:
    """The reopened number that is signed within the new time is not; the earlier one stays what it was."""
    school.answer_all()
    app.config["CLOCK"] = lambda: datetime(2027, 1, 10, 9, tzinfo=UTC)
    assert ", late: the last day was 18 December 2026" in school.sign().text
    second = second_number(school)
    give(school, "29 1 2027")

    receipt = second.sign()

    head, officer = school.head(), school.officer()
    assert ", late: the last day was 18 December 2026" in head.get(school.address()).text
    assert ", late: the last day was 18 December 2026" in head.get(school.address("/receipt")).text
    for page in (
        receipt,
        head.get(second.address()),
        head.get("/"),
        officer.get(f"/analysis/{school.cycle}/school/returns"),
    ):
        assert ", late" not in page.text, page.address


def test_a_late_return_is_still_late_when_it_is_reopened_and_signed_later_still(
    school: School, app: Flask
) -> None:
    school.answer_all()
    app.config["CLOCK"] = lambda: datetime(2027, 1, 10, 9, tzinfo=UTC)
    school.sign()
    app.config["CLOCK"] = lambda: datetime(2027, 2, 1, 9, tzinfo=UTC)

    receipt = second_number(school).sign()

    assert ", late: the last day was 18 December 2026" in receipt.text
    assert "Signed late" in school.head().get("/").text
    assert ", late" in school.officer().get(f"/analysis/{school.cycle}/school/returns").text


def test_what_was_brought_in_counts_as_in_time(school: School, app: Flask) -> None:
    """Nobody knows when it was given; its organisation takes it over after the last day."""
    school.answer_all()
    with school.world.session() as session:
        session.execute(update(Return).values(imported=True, status="signed", signed_at=making.NOW))
        session.commit()
    app.config["CLOCK"] = lambda: datetime(2027, 1, 10, 9, tzinfo=UTC)

    receipt = second_number(school).sign()

    assert receipt.h1 == "Return signed"
    assert ", late" not in receipt.text


def test_time_that_is_withdrawn_after_a_signature_makes_it_no_later(school: School, app: Flask) -> None:
    give(school, "29 1 2027")
    school.answer_all()
    app.config["CLOCK"] = lambda: datetime(2027, 1, 10, 9, tzinfo=UTC)
    school.sign()
    second = second_number(school)

    withdraw(school)

    assert ", late" not in school.head().get(school.address()).text
    assert ", late" not in second.sign().text


def test_withdrawn_time_is_gone_wherever_it_was_shown(school: School, app: Flask) -> None:
    """The trail keeps why; whoever signs is told of the day, and not of the reason (I9)."""
    give(school, "29 1 2027")

    page = withdraw(school)

    assert page.banner == ["The last day of Larkfield School is that of the round again."]
    assert "Time withdrawn 5 October 2026 at 10:30am by Ellis Officer" in page.text
    assert WITHDRAWN in page.text
    assert page.fields()["until"] == ""
    app.config["CLOCK"] = lambda: datetime(2026, 12, 19, 9, tzinfo=UTC)
    head = school.head()
    assert "by the end of 18 December 2026. That day has passed" in head.get("/").text
    assert "gave more time" not in head.get(school.address()).text
    overview = school.officer().get(f"/analysis/{school.cycle}/school/returns")
    assert "has until" not in overview.text
    assert overview.link("Give more time to Larkfield School")
    with school.world.session() as session:
        entry = session.scalars(select(TrailEntry).where(TrailEntry.what == "more time withdrawn")).one()
        mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    assert entry.subject == f"organisation {school.organisation}"
    assert WITHDRAWN in entry.detail
    assert [mail.recipient for mail in mails] == ["head@example.org"] * 2
    assert "that of the round again: 18 December 2026" in mails[1].text
    assert WITHDRAWN not in mails[1].text


def test_time_can_be_given_anew_with_another_day(school: School) -> None:
    give(school, "29 1 2027")
    give(school, "15 1 2027", "A week is enough.")
    withdraw(school)
    page = give(school, "22 1 2027", "It is not.")

    assert page.banner == ["Larkfield School has until the end of 22 January 2027."]
    with school.world.session() as session:
        assert session.execute(select(Extension.until, Extension.version)).all() == [(date(2027, 1, 22), 4)]
        mails = session.scalars(select(OutboxMail.text).order_by(OutboxMail.id)).all()
    days = ["29 January", "15 January", "18 December", "22 January"]
    assert all(day in mail for day, mail in zip(days, mails, strict=True))


def test_a_page_from_before_it_was_withdrawn_gives_nothing_over_it(school: School) -> None:
    """C8: nor does one from before it was given anew, whichever version that had."""
    other = school.visit(school.world.person("Other Officer", making.officer(1)))
    give(school, "29 1 2027")
    given = other.get(extension(school))
    asked = other.get(extension(school) + "/withdraw")
    withdraw(school)

    assert other.send(given, until="15 1 2027", why=WHY).summary == [
        "Another officer has changed its last day meanwhile. Compare, then save yours again"
    ]
    assert other.send(asked, why="No.").h1 == "Give more time"
    give(school, "22 1 2027")
    page = other.send(asked, why="No.")
    assert page.summary == [
        "Another officer has changed its last day meanwhile. Compare, then save yours again"
    ]
    assert page.fields()["why"] == "No."
    with school.world.session() as session:
        assert session.scalars(select(Extension.until)).all() == [date(2027, 1, 22)]


def test_a_withdrawal_has_a_reason(school: School) -> None:
    give(school, "29 1 2027")

    assert withdraw(school, " ").summary == ["Enter why the time is withdrawn"]
    assert isinstance(parse_withdrawal("x" * (WHY_LIMIT + 1)), FieldProblem)
    assert parse_withdrawal("x" * WHY_LIMIT) == "x" * WHY_LIMIT


def test_nothing_is_withdrawn_where_nothing_was_given_or_the_return_is_signed(school: School) -> None:
    officer = school.officer()
    assert officer.get(extension(school) + "/withdraw").h1 == "Give more time"
    give(school, "29 1 2027")
    shown = officer.get(extension(school) + "/withdraw")
    school.answer_all()
    school.sign()

    assert "it needs no more time" in officer.send(shown, why=WITHDRAWN).text
    with school.world.session() as session:
        assert session.scalars(select(Extension.until)).all() == [date(2027, 1, 29)]


@pytest.mark.parametrize(
    ("given", "version", "late_after"),
    [
        (None, 1, date(2026, 12, 18)),
        ("2027-01-02", 1, None),
        ("2027-01-20", 1, date(2026, 12, 18)),
        ("2027-01-20", 2, None),
    ],
    ids=["none", "before", "after", "changed"],
)
def test_what_was_signed_before_is_late_by_the_time_that_was_given_before(
    engine: Engine, world: World, given: str | None, version: int, late_after: date | None
) -> None:
    from alembic import command

    school = world.organisation()
    cycle = world.cycle(world.partnership())
    first = world.signed(cycle, school, {"leadership": "good"})
    second = world.signed(cycle, school, {"leadership": "good"}, number=2)
    with world.session() as session:
        for number, day in ((first, 10), (second, 25)):
            signed_at = datetime(2027, 1, day, 9, tzinfo=UTC)
            session.execute(update(Return).where(Return.id == number).values(signed_at=signed_at))
        session.commit()
    with making.changing(engine) as connection:
        command.downgrade(migrating._config(connection), "0008")
        if given:
            connection.execute(
                text(
                    "INSERT INTO extension (cycle_id, organisation_id, until, why, at, version)"
                    " VALUES (:cycle, :school, '2027-01-22', 'They asked.', :at, :version)"
                ),
                {"cycle": cycle, "school": school, "at": f"{given} 09:00:00+00:00", "version": version},
            )

    migrating.upgrade(engine)

    with world.session() as session:
        marks = session.scalars(select(Return.late_after).order_by(Return.number)).all()
    later = None if late_after is None else date(2027, 1, 22) if given else late_after
    assert marks == [late_after, later]
