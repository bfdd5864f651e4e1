"""Who from outside has read a return, or its organisation's plan: the log that the organisation can see."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from compact import db
from compact.access import guard
from compact.access.noting import PLAN_READ, READ
from compact.accounts import store as people
from compact.trail.models import TrailEntry

from .reading import ReturnRow
from .views import Page, blueprint


@dataclass(frozen=True)
class Read:
    """A day on which somebody from outside opened the return or the plan."""

    at: datetime
    what: str
    name: str
    place: str


@blueprint.get("/returns/<int:return_id>/readers")
def readers(return_id: int) -> Page:
    row = guard.found(ReturnRow)
    return render_template("returns/readers.html", row=row, reads=_reads(db.session(), row))


def _reads(session: Session, row: ReturnRow) -> list[Read]:
    """The reads, the latest first, each with where its reader works now."""
    of_return = (TrailEntry.subject == f"return {row.id}") & (TrailEntry.what == READ)
    of_plan = (TrailEntry.subject == f"organisation {row.organisation_id}") & (TrailEntry.what == PLAN_READ)
    rows = session.execute(
        select(TrailEntry.at, TrailEntry.what, TrailEntry.person_id)
        .where(of_return | of_plan)
        .order_by(TrailEntry.sequence.desc())
    ).all()
    readers = {each.person_id for each in rows}
    names = people.names(session, readers)
    places = {each: ", ".join(name for _, name in people.names_of_places(session, each)) for each in readers}
    return [
        Read(
            each.at,
            "The return" if each.what == READ else "The whole plan",
            names.get(each.person_id, "Somebody whose account is gone"),
            places[each.person_id],
        )
        for each in rows
    ]
