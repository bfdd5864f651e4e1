"""The demo: made-up people sign in, one round of each kind is finished, one is open, the desk has life."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compact import create_app, db
from compact.access import scope
from compact.access.values import Role
from compact.actions.models import Action, ActionUpdate
from compact.actions.rules import STATUSES
from compact.analysis.committee import committee_page
from compact.analysis.trend import Round
from compact.analysis.variance import find_variance
from compact.cycles import editions
from compact.cycles.store import CycleRow, cycle_by_name
from compact.demo.going_on import COURSES
from compact.demo.learning import EARLIER
from compact.demo.people import OFFICER, PASSWORD, PEOPLE
from compact.demo.running import CALLED, NO_MAILBOX
from compact.desk import store as desk
from compact.desk.places import places_of_round
from compact.desk.rules import Stage
from compact.mail import store as mail
from compact.mail.models import OutboxMail
from compact.moderation.models import Moderation
from compact.organisations.models import Organisation
from compact.returns.models import Return
from compact.review import updates
from compact.review.going_on import Stage as Going
from compact.review.models import ActionReview, ReasonToLook, Review
from compact.review.replying import OUTCOMES
from compact.review.rules import Name
from compact.web.clock import today
from compact.web.identifiers import seen_in
from config import ROOT, Refused, Settings
from tests.conftest import SECRET, Ended
from tests.exchange.everything import run
from tests.pages import Visitor

pytestmark = pytest.mark.xdist_group("demo")

Command = Callable[..., Ended]


@pytest.fixture
def compact(address: str) -> Command:
    """The command on the loaded database, with the real questionnaires."""
    return lambda *arguments, **environment: run(address, *arguments, **environment)


def test_every_demo_person_signs_in(address: str) -> None:
    with _serving(address) as app:
        arrived = {
            person.name: Visitor(app).sign_in(person.email, PASSWORD).response.request.path
            for person in PEOPLE
        }

    assert set(arrived.values()) == {"/"}


def test_nobody_is_told_to_sign_the_round_that_was_brought_in(address: str) -> None:
    """It was over long before; they have no return there, and could never have given one."""
    heads = [each for each in PEOPLE if each.role is Role.SIGNATORY]
    with _serving(address) as app:
        homes = []
        for head in heads:
            visitor = Visitor(app)
            visitor.enter(head.email)
            homes.append(visitor.get("/").text)

    assert len(homes) == 5
    assert not [home for home in homes if EARLIER in home]


def test_the_people_are_printed_as_csv(compact: Command) -> None:
    rows = list(csv.DictReader(compact("demo", "--people").out.splitlines()))

    assert list(rows[0]) == ["role", "organisation", "email", "password"]
    assert {row["role"] for row in rows} == {
        "signatory",
        "contributor",
        "reader",
        "trust_lead",
        "officer",
        "administrator",
    }


def test_a_finished_round_is_signed_and_an_open_one_is_not(address: str) -> None:
    with _serving(address) as app, app.app_context():
        scope.everything("the test counts")
        rows = db.session().execute(select(Return.status, func.count()).group_by(Return.status)).all()

    counts = {row[0]: row[1] for row in rows}
    assert counts["signed"] > 50
    assert counts["draft"] == 7


def test_the_demo_goes_into_an_empty_database_only(compact: Command) -> None:
    again, if_empty = compact("demo"), compact("demo", "--if-empty")

    assert (again.code, again.err.strip()) == (1, "The database is not empty. Nothing was changed.")
    assert if_empty.code == 0


def test_production_refuses_the_demo_and_its_database(
    compact: Command, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET)

    ended = compact("demo", environment="production")

    assert ended.code == 1
    assert "production refuses it" in ended.err
    with pytest.raises(Refused, match="holds the demo"), _serving(address, environment="production"):
        pass


def test_the_finished_round_has_findings_to_read(compact: Command) -> None:
    ended = compact("analyse", "Compact, spring 2026", "--format", "csv")

    rows = list(csv.DictReader(ended.out.splitlines()))
    assert {row["sector"] for row in rows} == {"school", "early_years", "statutory", "voluntary"}
    assert {row["flagged"] for row in rows} == {"yes", "no"}


def test_what_the_demo_signed_verifies(compact: Command) -> None:
    """Its rounds ended in summer: a moment in summer time is kept, and read again, in UTC."""
    ended = compact("trail", "verify")

    assert (ended.code, ended.err) == (0, "")
    assert "sign-offs: 62, all as they were written" in ended.out


def test_the_plans_of_the_finished_rounds_went_on(address: str) -> None:
    """Every status is there, notes and impacts too; all is written after signing and before today."""
    with _serving(address) as app, app.app_context():
        scope.everything("the test counts")
        session = db.session()
        statuses = set(session.scalars(select(Action.status)))
        impacts = session.scalars(select(Action.impact).where(Action.impact != "")).all()
        notes = session.execute(
            select(ActionUpdate.at, Return.signed_at)
            .join(Action, Action.id == ActionUpdate.action_id)
            .join(Return, Return.id == Action.raised_in)
            .where(ActionUpdate.note != "")
        ).all()

    assert statuses == set(STATUSES)
    assert len(impacts) > 10
    assert len(notes) > 40
    assert all(signed_at and signed_at < at < datetime.now(UTC) for at, signed_at in notes)


def test_somebody_is_at_every_place_of_the_chase_desk(address: str) -> None:
    with _session(address) as session:
        running, over = _rounds(session)
        places = {
            each.id: places_of_round(session, each, each.partnerships[:1], today())
            for each in (running, over)
        }
        called = desk.notes_of(session, running.id, _organisation(session, CALLED))

    assert {each.stage for each in places[running.id]} == set(Stage)
    assert [each.organisation for each in places[running.id] if each.is_bounced] == [NO_MAILBOX]
    assert {each.stage for each in places[over.id] if each.is_late} == {Stage.NEVER_OPENED, Stage.SIGNED}
    assert [each.by for each in called] == [OFFICER]


def test_the_invitations_are_told_as_sent_and_none_waits_to_go_out(address: str) -> None:
    """Nobody who sets up a mail server for the demo writes to anybody by it."""
    with _session(address) as session:
        waiting = mail.waiting(session)
        texts = session.scalars(select(OutboxMail.text).where(OutboxMail.sent_at.is_not(None))).all()
        launched = desk.launched_rounds(session)

    assert waiting == 0
    assert len(texts) > 50
    assert all("http://127.0.0.1" in text for text in texts)
    assert len(launched) == 3  # the four-area round of this autumn is left to be launched


def test_every_reason_to_look_that_signing_tells_is_in_the_queue(address: str) -> None:
    with _session(address) as session:
        names = set(session.scalars(select(ReasonToLook.name)))

    later = (Name.INSPECTION, Name.OVERDUE)  # worked out when somebody looks, or an inspection comes in
    assert names >= {each.value for each in Name if each not in later}


def test_the_officers_moderate_reply_ask_for_updates_and_note_what_was_decided(address: str) -> None:
    with _session(address) as session:
        running, over = _rounds(session)
        host = over.partnerships[0]
        replies = session.execute(select(Review.outcome, Review.sent_at)).all()
        accepted = set(session.scalars(select(ActionReview.accepted)))
        moderated = session.scalars(select(Moderation.comment)).all()
        going = {each.stage for each in updates.plans_going(session, over.id, host, today())}
        variance = find_variance(session, over, editions.edition(over.edition), host)
        this, before = (Round(each, editions.edition(each.edition)) for each in (running, over))
        page = committee_page(session, this, before, host, today())

    assert {row.outcome for row in replies} == set(OUTCOMES)
    assert {row.sent_at is None for row in replies} == {True, False}
    assert accepted == {True, False}
    assert len(moderated) == 1
    assert going == {Going.OVERDUE, Going.DUE, Going.CAME_IN, Going.LATER}
    assert any(each.hopeful for each in variance)
    assert [each.now is not None for each in page.followed_up] == [True]


def test_made_up_texts_go_on_in_the_same_way_every_time_and_name_nobody() -> None:
    """Each course goes up the scale and forward in time, and no text of it would be warned of."""
    for course in COURSES:
        days = [step.days for step in course]
        how_far = [list(STATUSES).index(step.status) for step in course]
        assert days == sorted(set(days))
        assert how_far == sorted(how_far)
        assert not [text for step in course for text in (step.note, step.impact) if seen_in(text)]


@contextmanager
def _session(address: str) -> Iterator[Session]:
    with _serving(address) as app, app.app_context():
        scope.everything("the test looks")
        yield db.session()


def _rounds(session: Session) -> list[CycleRow]:
    """The open round of one area, and the finished one before it."""
    rounds = [cycle_by_name(session, f"Compact, {season} 2026") for season in ("autumn", "spring")]
    return [each for each in rounds if each is not None]


def _organisation(session: Session, name: str) -> int:
    return session.scalars(select(Organisation.id).where(Organisation.name == name)).one()


@contextmanager
def _serving(address: str, environment: str = "demo") -> Iterator[Flask]:
    settings = Settings(
        environment, address, SECRET, "http://localhost", Path(ROOT / "questionnaires"), 0, 8000
    )
    engine = db.make_engine(address)
    try:
        yield create_app(settings, engine=engine)
    finally:
        engine.dispose()
