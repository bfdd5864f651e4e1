"""What the guard writes down: a read from outside, and a refusal; each by a transaction of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from compact import db
from compact.trail import security, store
from compact.trail.models import TrailEntry
from compact.web.clock import now, start_of, today
from compact.web.origin import seen

from .values import Person

READ, PLAN_READ, TAKEN = "return read", "plan read", "returns taken"


def note_read(reader: Person, address: Mapping[str, Any]) -> None:
    """Write down that somebody from outside its organisation read a return, or the organisation's plan.

    Once a day for each reader: what the organisation wants to know is who looked and on which days, not how
    many pages they turned.
    """
    what, subject = (
        (READ, f"return {address['return_id']}")
        if "return_id" in address
        else (PLAN_READ, f"organisation {address['organisation_id']}")
    )
    read, since = (what, subject, reader.id), start_of(today())
    if _noted(db.session(), *read, since):
        return
    writing = db.writing()
    store.lock_head(writing, "trail")
    if not _noted(writing, *read, since):  # by another page, opened at the same moment
        store.record(writing, what, subject, by=reader.id, at=now())
    writing.commit()


def note_reads(reader: Person, return_ids: Sequence[int]) -> None:
    """The same of several returns that one page shows, all of them in one question where all are noted."""
    subjects = [f"return {each}" for each in return_ids]
    noted = select(TrailEntry.subject).where(
        TrailEntry.subject.in_(subjects),
        TrailEntry.what == READ,
        TrailEntry.person_id == reader.id,
        TrailEntry.at >= start_of(today()),
    )
    known = frozenset(db.session().scalars(noted))
    for each, subject in zip(return_ids, subjects, strict=True):
        if subject not in known:
            note_read(reader, {"return_id": each})


def note_taken(taker: Person, cycle_id: int, partnership_id: int, form: str) -> None:
    """Write down that somebody took all of a partnership's returns of a round away, each time (F10)."""
    writing = db.writing()
    about = f"cycle {cycle_id}"
    store.record(writing, TAKEN, about, by=taker.id, at=now(), partnership=partnership_id, form=form)
    writing.commit()


def note_refusal(refused: Person) -> None:
    """Write down what somebody asked for and did not get: the route and the ids, never what was typed."""
    address = (request.view_args or {}).items()
    ids = (f"{name}={part}" for name, part in address if isinstance(part, int))
    about = " ".join((request.method, str(request.endpoint), *ids))
    security.note(db.writing(), "refused", seen(), by=refused.id, at=now(), about=about)
    db.session().commit()


def _noted(session: Session, what: str, subject: str, reader: int, since: datetime) -> bool:
    noted = select(TrailEntry.sequence).where(
        TrailEntry.subject == subject,
        TrailEntry.what == what,
        TrailEntry.person_id == reader,
        TrailEntry.at >= since,
    )
    return session.scalar(noted.limit(1)) is not None
