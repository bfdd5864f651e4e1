"""Publishing a sector's learning summary, and reading it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField

from compact import db
from compact.access import guard
from compact.access.values import Owner, Person, Scope
from compact.analysis.views import CycleSeen, find_cycle
from compact.cycles import store as cycle_store
from compact.cycles.store import CycleRow
from compact.web.clock import now
from compact.web.frame import Contact, stand_for
from compact.web.problems import FieldProblem
from compact.web.texts import clean

from . import drawing, store
from .drafting import draft, rounds_before
from .store import Published
from .summary import Summary

blueprint = Blueprint("reports", __name__)

FOREWORD_LIMIT = 5_000


class PublishForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    foreword = StringField()


@dataclass(frozen=True)
class SummarySeen:
    """A published summary as one of its partnership's people or settings reads it."""

    cycle: CycleRow
    partnership: int
    published: Published
    owner: Owner
    scope = Scope()  # what was published, and nobody's return


@dataclass(frozen=True)
class SummaryDrafted(CycleSeen):
    """A round as one of its partnerships sees it, and the rounds before, which a summary compares it with."""

    before: tuple[CycleRow, ...]

    @property
    def scope(self) -> Scope:
        return Scope(cycles=frozenset({self.cycle.id, *(each.id for each in self.before)}))


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    guard.add_finder(app, "summary draft", _find_draft)
    guard.add_finder(app, "summary", _find_summary)
    drawing.init_app(app)


def _find_summary(address: Mapping[str, Any], asking: Person) -> SummarySeen | None:
    """The summary in force; of several partnerships' the one that `?partnership=` names, or the first."""
    session = db.session()
    cycle = cycle_store.cycle_by_id(session, address["cycle_id"])
    if cycle is None:
        return None
    readable = [each for each in store.partnerships_for(session, asking) if each in cycle.partnerships]
    wanted = request.args.get("partnership")
    for partnership in readable:
        if wanted not in (None, str(partnership)):
            continue
        published = store.in_force(session, cycle.id, partnership, address["sector"])
        if published:
            stand_for(Contact(*cycle_store.contact_of(session, partnership)))
            return SummarySeen(cycle, partnership, published, _owner(partnership, asking))
    return None


def _find_draft(address: Mapping[str, Any], asking: Person) -> SummaryDrafted | None:
    seen = find_cycle(address, asking)
    if seen is None:
        return None
    before = rounds_before(db.session(), seen.cycle, seen.seen_from)
    return SummaryDrafted(seen.cycle, seen.owner, seen.seen_from, seen.choices, before)


def _owner(partnership: int, asking: Person) -> Owner:
    """A summary belongs to its partnership and to every setting of it that the asking person has."""
    trust = next(iter(asking.trusts), None)
    return Owner(asking.organisations, frozenset({partnership}), trust)


@blueprint.get("/learning/<int:cycle_id>/<sector>")
def summary(cycle_id: int, sector: str) -> str:
    seen = guard.found(SummarySeen)
    return render_template(
        "reports/summary.html", seen=seen, summary=seen.published.summary, foreword=seen.published.foreword
    )


@blueprint.get("/learning/<int:cycle_id>/<sector>/publish")
def publish(cycle_id: int, sector: str) -> str:
    seen = guard.found(SummaryDrafted)
    published = store.in_force(db.session(), cycle_id, seen.seen_from, sector)
    return _publish_page(seen, sector, published.foreword if published else "")


@blueprint.post("/learning/<int:cycle_id>/<sector>/publish")
def post_publish(cycle_id: int, sector: str) -> str | BaseResponse:
    seen = guard.found(SummaryDrafted)
    form = PublishForm()
    foreword = clean(form.foreword.data or "")
    if len(foreword) > FOREWORD_LIMIT:
        text = f"The foreword is {len(foreword):,} characters long; it can have {FOREWORD_LIMIT:,}"
        return _publish_page(seen, sector, form.foreword.data or "", (FieldProblem("foreword", text),))
    values = _composed(seen, sector)
    session = db.writing()
    store.publish(
        session,
        cycle_id,
        seen.seen_from,
        values,
        foreword=foreword,
        by=guard.signed_in_person().id,
        at=now(),
    )
    session.commit()
    flash(f"The learning summary for {values.sector_title} is published.", "success")
    return redirect(url_for("reports.summary", cycle_id=cycle_id, sector=sector, partnership=seen.seen_from))


def _composed(seen: SummaryDrafted, sector: str) -> Summary:
    if sector not in seen.cycle.settings:
        abort(404)
    return draft(db.session(), seen.cycle, seen.before, seen.seen_from, sector)


def _publish_page(
    seen: SummaryDrafted, sector: str, foreword: str, problems: tuple[FieldProblem, ...] = ()
) -> str:
    return render_template(
        "reports/publish.html",
        seen=seen,
        summary=_composed(seen, sector),
        foreword=foreword,
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
        foreword_limit=FOREWORD_LIMIT,
    )
