"""What the officers made of the finished round: replies, plans sent back, updates asked for, a decision."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.actions import store as actions
from compact.actions.rules import FINISHED, UNDER_WAY
from compact.analysis import committee
from compact.analysis.decisions import About, Decided
from compact.analysis.trend import Round
from compact.cycles import editions
from compact.cycles.store import CycleRow
from compact.moderation.rules import Moderated
from compact.moderation.store import moderate
from compact.returns import plan, reading
from compact.returns.models import Return
from compact.returns.reading import ReturnRow
from compact.review import store, updates
from compact.review.phrases import with_phrases
from compact.review.replying import Comment, Reply, SaidAndDid, Visited
from compact.web.clock import LOCAL

from .launching import on_day
from .places import HOST, Made

BY_WHEN = "Please say who leads this, and by when it is to be in place for the children."
SEEN = "The record of training names four of the nine staff. The others are booked for next month."
VISITED = "We read five files with the lead. Each says who was told, when, and what was done."
SAID_AND_DONE = (
    ("Training for volunteers is always in working hours.", "Two evenings a term are for volunteers now."),
    ("The referral form is too long.", "It has two pages now, and says what is needed first."),
)
DECIDED = "A half-day for leads each term, with time for their own cases. First in the new year."
WENT_ON = "It is in use since the start of term. We look at it again after Christmas."


@dataclass(frozen=True)
class Read:
    """What officers made of a return. `sends_back` comments on the first action, the others are accepted."""

    organisation: str
    outcome: str
    phrases: tuple[str, ...]
    sends_back: bool = False
    is_sent: bool = True


READ = (
    Read("Bumble Row Nursery", "accepted", ("thanks", "plan-sound", "update")),
    Read("Wexcombe Council Children’s Services", "points", ("thanks", "plan-vague", "update"), True),
    Read("Reedmace Special School", "talk", ("honest", "visit"), True, is_sent=False),
)
VISITED_SCHOOL = "Reedmace Special School"


def review_round(session: Session, made: Made, cycle: CycleRow, now: datetime) -> None:
    """Read some returns of a round that is over, ask for the updates that are due first, and decide."""
    host = made.partnerships[HOST]
    for days, each in enumerate(READ, start=20):
        at = on_day(cycle.closes + timedelta(days=days), time(11, 40))
        _read(session, made, cycle, host, each, at)
    at = on_day(cycle.closes + timedelta(days=60), time(16))
    for line in SAID_AND_DONE:
        store.add_line(session, cycle.id, host, SaidAndDid(*line), by=made.officer, at=at)
    _decide(session, made, cycle, host, at)
    _ask_for_updates(session, made, cycle, host, now)


def _read(session: Session, made: Made, cycle: CycleRow, host: int, read: Read, at: datetime) -> None:
    return_id = session.scalars(
        select(Return.id).where(
            Return.cycle_id == cycle.id, Return.organisation_id == made.organisations[read.organisation]
        )
    ).one()
    row = reading.find_return(session, return_id, None)
    assert row is not None  # noqa: S101 - it was signed a moment ago
    place = (session, return_id, host)
    planned = sorted(plan.actions_in(session, row), key=lambda each: each.id)
    for number, action in enumerate(planned):
        comment = Comment(False, BY_WHEN) if read.sends_back and number == 0 else Comment(True, "")
        store.comment_on(*place, action.id, comment, shown_version=0, by=made.officer, at=at)
    if read.organisation == VISITED_SCHOOL:
        _moderate(session, made, row, host, at)
        visited = Visited(at.astimezone(LOCAL).date(), "The partnership officer", VISITED)
        store.note_visit(*place, visited, by=made.officer, at=at)
    begun = store.begin(*place, by=made.officer, at=at)
    reply = Reply(read.outcome, with_phrases("", read.phrases))
    store.save_reply(*place, reply, shown_version=begun.version, by=made.officer, at=at)
    if read.is_sent:
        later = at + timedelta(hours=2)
        store.send_reply(*place, shown_version=begun.version + 1, by=made.officer, at=later)


def _moderate(session: Session, made: Made, row: ReturnRow, host: int, at: datetime) -> None:
    """One grade is seen a step lower than the organisation sees it."""
    _best, good, lower, *_lowest = [each.key for each in editions.edition(row.edition).scale.grades]
    answers = reading.choices_of(session, row.id)
    key = next(key for key, answer in answers.items() if answer.grade == good)
    moderated = Moderated(lower, SEEN)
    moderate(session, row.id, host, key, moderated, shown_version=0, by=made.officer, at=at)


def _decide(session: Session, made: Made, cycle: CycleRow, host: int, at: datetime) -> None:
    """The committee decides about the standard that most schools find difficult."""
    this = Round(cycle, editions.edition(cycle.edition))
    flagged = [each for each in committee.flagged_of(session, this, host) if each.sector == "school"]
    first = max(flagged, key=lambda each: (each.share or 0, -each.standard))
    due = at.astimezone(LOCAL).date() + timedelta(days=120)
    decided = Decided(About(first.sector, first.standard), DECIDED, "The training lead", due)
    committee.add_decision(session, cycle.id, host, decided, by=made.officer, at=at)


def _ask_for_updates(session: Session, made: Made, cycle: CycleRow, host: int, now: datetime) -> None:
    """Ask those who signed first how their plans go on; one of them has said so since."""
    asked_at = now - timedelta(days=35)
    today = asked_at.astimezone(LOCAL).date()
    asked = updates.ask(session, cycle.id, host, by=made.officer, at=asked_at, today=today)
    organisation = asked[0].organisation_id
    action = next(each for each in actions.actions_of(session, organisation) if each.status not in FINISHED)
    actions.change_action(
        session,
        organisation,
        action.id,
        action.version,
        replace(action.planned, status=UNDER_WAY),
        by=made.signatories[organisation],
        at=now - timedelta(days=20),
        note=WENT_ON,
    )
