"""Who from outside its organisation has read a return: the log that the organisation can see."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from compact import db
from compact.access import guard
from compact.access.noting import READ
from compact.accounts import store as people
from compact.trail.models import TrailEntry

from .reading import ReturnRow
from .views import Page, blueprint


@dataclass(frozen=True)
class Read:
    """A day on which somebody from outside opened the return."""

    at: datetime
    name: str
    place: str


@blueprint.get("/returns/<int:return_id>/readers")
def readers(return_id: int) -> Page:
    return render_template(
        "returns/readers.html", row=guard.found(ReturnRow), reads=_reads(db.session(), return_id)
    )


def _reads(session: Session, return_id: int) -> list[Read]:
    """The reads, the latest first, each with where its reader works now."""
    rows = session.execute(
        select(TrailEntry.at, TrailEntry.person_id)
        .where(TrailEntry.subject == f"return {return_id}", TrailEntry.what == READ)
        .order_by(TrailEntry.sequence.desc())
    ).all()
    readers = {row.person_id for row in rows}
    names = people.names(session, readers)
    places = {each: ", ".join(name for _, name in people.names_of_places(session, each)) for each in readers}
    return [
        Read(row.at, names.get(row.person_id, "Somebody whose account is gone"), places[row.person_id])
        for row in rows
    ]
