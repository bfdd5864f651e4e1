"""Six-month updates: whom to ask, mails each once, what came in, what is overdue, progress by standard."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from compact.actions.models import ActionUpdate
from compact.mail.models import OutboxMail
from compact.organisations.models import Succession
from compact.trail.models import TrailEntry
from tests import making
from tests.making import NOW, World
from tests.pages import Page, Visitor

from .conftest import Desk, add_action

LATER = NOW + timedelta(days=200)


@pytest.fixture
def at(app: Flask) -> Callable[[datetime], None]:
    """Let it be another moment."""

    def at(moment: datetime) -> None:
        app.config["CLOCK"] = lambda: moment

    return at


def updates(desk: Desk, visit: Callable[[str], Visitor], rest: str = "") -> Page:
    """The page as an officer sees it who signs in now."""
    return visit("officer@example.org").get(f"/cycles/{desk.cycle}/updates{rest}")


def rows(page: Page) -> list[list[str]]:
    table = page.soup.select("table")[0]
    return [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in table.select("tbody tr")]


def mails(world: World) -> list[OutboxMail]:
    with world.session() as session:
        return [*session.scalars(select(OutboxMail).order_by(OutboxMail.id))]


def test_nobody_is_asked_before_six_months_are_over(
    desk: Desk, at: Callable[[datetime], None], visit: Callable[[str], Visitor]
) -> None:
    page = updates(desk, visit)

    assert rows(page) == [["Oak School", "1", "0", "5 April 2027", "–", "–", "Not due yet"]]
    assert not page.soup.select("main form")
    visit("officer@example.org").post(f"/cycles/{desk.cycle}/updates")
    assert mails(desk.world) == []


def test_who_is_due_is_asked_once_without_a_word_of_the_plan(
    desk: Desk, at: Callable[[datetime], None], visit: Callable[[str], Visitor]
) -> None:
    """I9, D9: two clicks ask once."""
    at(LATER)
    officer = visit("officer@example.org")
    page = officer.get(f"/cycles/{desk.cycle}/updates")
    assert rows(page)[0][-1] == "To be asked"

    for _ in range(2):
        asked = officer.send(page)

    assert rows(asked)[0][-1] == "Asked"
    sent = mails(desk.world)
    assert [each.recipient for each in sent] == ["head@example.org", "deputy@example.org"]
    for mail in sent:
        assert f"http://localhost/organisations/{desk.organisation}/actions" in mail.text
        assert mail.text.endswith(making.FOOT)
        assert "policy" not in mail.text
        assert "bullying" not in mail.text
    with desk.world.session() as session:
        what = select(TrailEntry.subject).where(TrailEntry.what == "update asked for")
        assert session.scalars(what).all() == [f"return {desk.oak}"]


def test_what_came_in_since_counts_and_silence_is_overdue(
    desk: Desk, at: Callable[[datetime], None], visit: Callable[[str], Visitor]
) -> None:
    at(LATER)
    visit("officer@example.org").post(f"/cycles/{desk.cycle}/updates")
    at(LATER + timedelta(days=29))
    assert rows(updates(desk, visit))[0][-1] == "Overdue"

    head = visit("head@example.org")
    plan = f"/organisations/{desk.organisation}/actions/{desk.action}"
    head.send(head.get(plan), note="The children have read it.")

    assert rows(updates(desk, visit))[0][-1] == "Came in"
    assert "No plan with open actions is here" in updates(desk, visit, "?stage=overdue").text


def test_the_six_months_begin_anew_with_the_reply(
    desk: Desk, at: Callable[[datetime], None], visit: Callable[[str], Visitor]
) -> None:
    at(NOW + timedelta(days=90))
    officer = visit("officer@example.org")
    page = officer.get(f"/review/{desk.oak}/reply")
    page = officer.send(page, selector="#write", outcome="accepted", message="Thank you.", do="save")
    officer.send(page, selector="#send")
    at(LATER)

    assert rows(updates(desk, visit))[0][3] == "3 July 2027"


def test_progress_is_counted_by_status_and_standard(desk: Desk, visit: Callable[[str], Visitor]) -> None:
    add_action(desk.world, desk.organisation, desk.oak, due=date(2026, 10, 1), status="embedded")
    add_action(desk.world, desk.organisation, desk.oak, due=date(2026, 10, 1), status="not_started")

    page = updates(desk, visit)

    assert rows(page)[0][1:3] == ["2", "1"]
    table = page.soup.select("table")[1]
    counted = [
        [cell.get_text(strip=True) for cell in row.select("th, td")] for row in table.select("tbody tr")
    ]
    assert counted == [
        ["4. Service development and voice", "1", "1", "0", "1"],
        ["All", "1", "1", "0", "1"],
    ]


def test_an_open_action_is_overdue_from_the_day_after_it_was_due(
    desk: Desk, visit: Callable[[str], Visitor]
) -> None:
    add_action(desk.world, 2, desk.elm, due=NOW.date())
    add_action(desk.world, 2, desk.elm, due=NOW.date() - timedelta(days=1))
    add_action(desk.world, 2, desk.elm, due=NOW.date() - timedelta(days=1), status="embedded")

    assert rows(updates(desk, visit))[0][:3] == ["Elm School", "2", "1"]


def test_an_organisation_with_nothing_open_is_not_listed(desk: Desk, visit: Callable[[str], Visitor]) -> None:
    add_action(desk.world, 2, desk.elm, due=date(2026, 10, 1), status="done")

    assert [row[0] for row in rows(updates(desk, visit))] == ["Oak School"]
    assert "No plan with open actions is here" in updates(desk, visit, "?stage=asked").text


def test_what_was_written_where_it_took_over_from_is_its_own_and_nobody_elses(
    desk: Desk, visit: Callable[[str], Visitor]
) -> None:
    world, due = desk.world, date(2026, 12, 1)
    before = world.organisation("Old Elm School")
    world.insert(
        Succession, [{"old_id": before, "new_id": 2, "on": date(2026, 9, 1), "kind": "academy converter"}]
    )
    add_action(world, 2, desk.elm, due=due)
    written = add_action(world, before, desk.elm, due=due)
    left = {"what": "Write a policy", "lead": "The head", "due": due, "status": "under_way"}
    words = {"impact": "", "note": "The children have read it."}
    of = {"action_id": written, "version": 2, "organisation_id": before}
    world.insert(ActionUpdate, [{**of, **left, **words, "by_id": 1, "at": NOW}])

    found = {row[0]: (row[1], row[5]) for row in rows(updates(desk, visit))}

    assert found == {"Elm School": ("2", "5 October 2026"), "Oak School": ("1", "–")}


def test_the_page_takes_a_bounded_number_of_queries(desk: Desk, visit: Callable[[str], Visitor]) -> None:
    officer = visit("officer@example.org")
    said: list[str] = []
    event.listen(desk.world.engine, "before_cursor_execute", lambda *a: said.append(a[2]))

    officer.get(f"/cycles/{desk.cycle}/updates")

    assert len([each for each in said if each.startswith(("SELECT", "WITH"))]) <= 12


def test_another_partnership_asks_nobody_here(
    desk: Desk, world: World, visit: Callable[[str], Visitor]
) -> None:
    """A1."""
    other = world.partnership("Other Partnership", ["902"])
    world.person("Omar Other", making.officer(other), email="other@example.org")

    assert visit("other@example.org").post(f"/cycles/{desk.cycle}/updates").status == 404
    assert mails(world) == []
