"""A trust's home page: how far its schools are, on one page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, event, update

from compact.access.values import Grant, Role
from compact.actions import store as actions
from compact.actions.rules import PlannedAction
from compact.cycles import extensions
from compact.cycles import store as cycles
from compact.cycles.rules import MoreTime
from compact.organisations.models import Organisation
from compact.returns.models import Return
from compact.returns.rules import Answer
from tests import making
from tests.making import ASKED_SCHOOL_KEYS, World
from tests.pages import Page, Visitor, words

Visit = Callable[[str], Visitor]
GOOD = dict.fromkeys(ASKED_SCHOOL_KEYS, Answer("good"))


@dataclass(frozen=True)
class Trust:
    """A trust with schools in one round, and its lead."""

    world: World
    trust: int
    cycle: int
    schools: dict[str, int]
    visit: Visit

    def lead(self) -> Visitor:
        return self.visit("lead@example.org")

    def started(self, name: str, answers: dict[str, Answer]) -> int:
        made = self.world.started(self.cycle, self.schools[name])
        self.world.profile(made, commissions_services=False)
        self.world.answer(made, answers)
        return made

    def rows(self) -> dict[str, list[str]]:
        """The table's rows as the lead reads them, by school."""
        return rows_of(self.lead().get("/"))


def rows_of(page: Page) -> dict[str, list[str]]:
    return {
        words(row.select("th")[0]): [words(cell) for cell in row.select("td")]
        for row in page.soup.select("main tbody tr")
    }


@pytest.fixture
def trust(world: World, visit: Visit) -> Trust:
    made = world.trust()
    schools = {name: world.organisation(name, trust=made) for name in ("Ash", "Birch", "Cedar", "Damson")}
    world.organisation("Elder")
    cycle = world.cycle(world.partnership())
    world.person("Lee Lead", Grant(Role.TRUST_LEAD, trust_id=made), email="lead@example.org")
    return Trust(world, made, cycle, schools, visit)


def plan(world: World, organisation: int, return_id: int, due: date, status: str = "not_started") -> None:
    with world.session() as session:
        actions.add_action(
            session,
            organisation_id=organisation,
            return_id=return_id,
            key="bullying",
            planned=PlannedAction("Ask the pupils", "Head", due, status),
            by=None,
            at=making.NOW,
        )
        session.commit()


def test_every_school_is_shown_with_how_far_it_is(trust: Trust) -> None:
    begun = trust.started("Birch", {"leadership": Answer("good"), "bullying": Answer("inadequate")})
    trust.started("Cedar", GOOD)
    trust.world.signed(trust.cycle, trust.schools["Damson"], dict.fromkeys(ASKED_SCHOOL_KEYS, "good"))
    for due, status in (
        (date(2026, 10, 4), "under_way"),
        (date(2026, 10, 5), "not_started"),
        (date(2026, 10, 1), "done"),
        (date(2026, 10, 1), "embedded"),
    ):
        plan(trust.world, trust.schools["Birch"], begun, due, status)

    page = trust.lead().get("/")

    assert page.h1 == "Your schools"
    assert rows_of(page) == {
        "Ash": ["Not started", "–", "–", "–"],
        "Birch": ["1 of 11 standards", "1", "2", "1"],
        "Cedar": ["Ready to sign", "0", "0", "0"],
        "Damson": ["Signed on 5 October 2026 at 11:30am", "0", "0", "0"],
    }
    assert page.link("Birch")["href"] == f"/returns/{begun}"
    assert trust.lead().get(f"/returns/{begun}").status == 200


def test_who_is_overdue_and_who_signed_late_is_said(trust: Trust, app: Flask) -> None:
    """D8: a school that was given more time is neither."""
    signed = trust.world.signed(trust.cycle, trust.schools["Damson"], {"leadership": "good"})
    trust.started("Birch", GOOD)
    with trust.world.session() as session:
        late = datetime(2026, 12, 19, tzinfo=UTC)
        session.execute(
            update(Return).where(Return.id == signed).values(signed_at=late, late_after=date(2026, 12, 18))
        )
        more_time = MoreTime(date(2027, 1, 29), "They asked.")
        cedar = trust.schools["Cedar"]
        extensions.extend(session, trust.cycle, cedar, more_time, shown_version=0, by=None, at=making.NOW)
        session.commit()
    app.config["CLOCK"] = lambda: datetime(2026, 12, 20, 9, tzinfo=UTC)

    rows = trust.rows()

    assert rows["Ash"][0] == "Overdue Not started"
    assert rows["Birch"][0] == "Overdue Ready to sign"
    assert rows["Cedar"][0] == "Not started has until 29 January 2027"
    assert rows["Damson"][0] == "Signed on 19 December 2026 at 12:00am, late"


def test_a_school_that_leaves_is_gone_at_the_next_request(trust: Trust) -> None:
    """A5: with its return."""
    left = trust.started("Birch", GOOD)
    lead = trust.lead()
    assert "Birch" in rows_of(lead.get("/"))

    with trust.world.session() as session:
        birch = Organisation.id == trust.schools["Birch"]
        session.execute(update(Organisation).where(birch).values(trust_id=None))
        session.commit()

    assert list(rows_of(lead.get("/"))) == ["Ash", "Cedar", "Damson"]
    assert lead.get(f"/returns/{left}").status == 404


def test_of_a_return_from_before_a_school_joined_nothing_is_told(trust: Trust) -> None:
    """A5: a return is the trust's that the school was in when it was started."""
    elder = trust.world.organisation("Fir")
    other = trust.world.cycle(1, name="Compact, autumn")
    before = trust.world.signed(other, elder, {"bullying": "inadequate"})
    plan(trust.world, elder, before, date(2026, 10, 1))
    with trust.world.session() as session:
        session.execute(update(Organisation).where(Organisation.id == elder).values(trust_id=trust.trust))
        session.commit()

    page = trust.lead().get("/")

    assert rows_of(page)["Fir"] == ["Started before it joined the trust", "–", "–", "–"]
    assert f"/returns/{before}" not in page.response.text


def test_a_reopened_return_says_which_number_counts(trust: Trust) -> None:
    birch = trust.schools["Birch"]
    trust.world.signed(trust.cycle, birch, dict.fromkeys(ASKED_SCHOOL_KEYS, "good"))
    officer = trust.visit(trust.world.person("Ellis", making.officer(1)))
    officer.send(officer.get("/returns/1/reopen"), reason="A grade is wrong.")

    assert "number 2, reopened; number 1 counts" in trust.rows()["Birch"][0]


def test_own_schools_of_a_lead_stand_beside_those_of_the_trust(trust: Trust) -> None:
    signs = making.signatory(trust.schools["Ash"])
    email = trust.world.person("Both", signs, Grant(Role.TRUST_LEAD, trust_id=trust.trust))

    page = trust.visit(email).get("/")

    assert page.link("Read what is asked")
    assert list(rows_of(page)) == ["Birch", "Cedar", "Damson"]


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_the_page_takes_as_many_statements_for_many_schools_as_for_few(trust: Trust, engine: Engine) -> None:
    """L4: each of them with a return, answers and an action."""
    lead = trust.lead()

    def statements(schools: dict[str, int]) -> int:
        for name, school in schools.items():
            made = trust.started(name, GOOD)
            plan(trust.world, school, made, date(2026, 12, 1))
        with counting(engine) as found:
            assert len(rows_of(lead.get("/"))) == len(trust.schools)
        return len(found)

    few = statements(trust.schools)
    more = {f"School {n}": trust.world.organisation(f"School {n}", trust=trust.trust) for n in range(12)}
    trust.schools.update(more)
    with trust.world.session() as session:
        cycles.add_due(session, trust.cycle, list(more.values()), making.NOW)
        session.commit()

    assert statements(more) == few < 30


def test_a_round_that_was_over_before_the_schools_were_put_there_is_left_out(trust: Trust) -> None:
    """A round that is brought in asks nobody any more; a school with a return there is shown."""
    over = making.NOW.date() - timedelta(days=1)
    with trust.world.session() as session:
        this = cycles.cycle_by_id(session, trust.cycle)
    assert this is not None
    past = trust.world.cycle(*this.partnerships, name="Compact 2024", opens=date(2024, 3, 1), closes=over)
    trust.world.started(past, trust.schools["Birch"])

    sections = {words(each.select("h2")[0]): each for each in trust.lead().get("/").soup.select(".app-round")}

    assert [words(each) for each in sections["Compact 2024"].select("tbody th")] == ["Birch"]
