"""Who from outside has read a return, or its organisation's plan: the log that the organisation can see."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from compact import db
from compact.access import guard
from compact.access.noting import PLAN_READ, READ, TAKEN
from compact.accounts import store as people
from compact.trail.models import TrailEntry

from .reading import ReturnRow, partnerships_of
from .views import Page, blueprint

WHAT: Mapping[str, str] = {
    READ: "The return",
    PLAN_READ: "The whole plan",
    TAKEN: "All returns of the round, as a file",
}


@dataclass(frozen=True)
class Read:
    """A day on which somebody from outside opened the return or the plan, or took it away with others."""

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
    of_round = (TrailEntry.subject == f"cycle {row.cycle_id}") & (TrailEntry.what == TAKEN)
    found = session.execute(
        select(TrailEntry.at, TrailEntry.what, TrailEntry.person_id, TrailEntry.detail)
        .where(of_return | of_plan | of_round)
        .order_by(TrailEntry.sequence.desc())
    )
    own = partnerships_of(session, row.id)
    rows = [each for each in found if each.what != TAKEN or _was_among(row, own, each.at, each.detail)]
    readers = {each.person_id for each in rows}
    names = people.names(session, readers)
    places = {each: ", ".join(name for _, name in people.names_of_places(session, each)) for each in readers}
    return [
        Read(
            each.at,
            WHAT[each.what],
            names.get(each.person_id, "Somebody whose account is gone"),
            places[each.person_id],
        )
        for each in rows
    ]


def _was_among(row: ReturnRow, own: Collection[int], at: datetime, detail: str) -> bool:
    """Whether the return was among those that one of its own partnerships took away: signed by then."""
    return row.signed_at is not None and row.signed_at <= at and json.loads(detail)["partnership"] in own
