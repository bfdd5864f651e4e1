"""A round corrected by its host: its name and days while nobody knows of it, and then its last day."""

from collections.abc import Mapping

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compact import db
from compact.access import guard
from compact.actions.rules import parse_day
from compact.cycles import changing
from compact.cycles import store as cycle_store
from compact.cycles.changing import Changed
from compact.cycles.store import CycleRow
from compact.trail import store as trail
from compact.web.clock import now, shown_day, today
from compact.web.problems import FieldProblem

from . import store
from .finding import RoundSeen
from .rules import WHY_LIMIT, PlannedRound, TypedRound, parse_change, parse_why

blueprint = Blueprint("changes", __name__)
Page = str | Response
_FIELDS = ("name", "opens", "closes", "threshold", "why", "was")


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/cycles/<int:cycle_id>/change")
def change(cycle_id: int) -> Page:
    cycle = guard.found(RoundSeen).cycle
    days = {"opens": shown_day(cycle.opens), "closes": shown_day(cycle.closes)}
    typed = {"name": cycle.name, **days, "threshold": str(cycle.threshold), "why": "", "was": _was(cycle)}
    return _page(typed)


@blueprint.post("/cycles/<int:cycle_id>/change")
def post_change(cycle_id: int) -> Page:
    """Correct the round, unless another officer did since the page was shown: then nothing is overwritten."""
    cycle, form, session = guard.found(RoundSeen).cycle, request.form, db.writing()
    cycle_store.lock_names(session)
    store.lock_round(session, cycle_id, ())
    changed, why, problems = _parsed(session, cycle, form)
    if problems or changed is None:
        session.rollback()
        return _page(form, problems)
    was = Changed(cycle.name, cycle.opens, cycle.closes, cycle.threshold)
    if form.get("was") != _was(cycle) or not changing.change_cycle(session, cycle_id, was, changed):
        session.rollback()
        told = "Another officer changed the round meanwhile. Below is what it is now: look, and save again"
        return _page({**form, "was": _was(cycle)}, (FieldProblem("closes", told),))
    if changed != was:
        _record(session, cycle_id, was, changed, why)
    session.commit()
    _tell_what_changed(was, changed)
    return redirect(url_for("rounds.round_page", cycle_id=cycle_id))


def _parsed(
    session: Session, cycle: CycleRow, form: Mapping[str, str]
) -> tuple[Changed | None, str, tuple[FieldProblem, ...]]:
    """What was typed, why, and all that is wrong with it."""
    typed = TypedRound(
        form.get("name", ""),
        cycle.edition,
        parse_day(form.get("opens", "")),
        parse_day(form.get("closes", "")),
        form.get("threshold", ""),
        cycle.settings,
    )
    was = PlannedRound(cycle.name, cycle.edition, cycle.opens, cycle.closes, cycle.threshold, cycle.settings)
    has_begun = changing.has_begun(session, cycle.id)
    planned = parse_change(typed, was, has_begun=has_begun, today=today())
    why = parse_why(form.get("why", ""), "Enter why the last day changes") if has_begun else ""
    problems: tuple[FieldProblem, ...] = () if isinstance(planned, PlannedRound) else planned
    if isinstance(why, FieldProblem):
        problems = (*problems, why)
    if problems or isinstance(why, FieldProblem) or not isinstance(planned, PlannedRound):
        return None, "", problems
    named = cycle_store.cycle_by_name(session, planned.name)
    if named is not None and named.id != cycle.id:
        taken = f"There is a round named {planned.name} already: choose another name"
        return None, why, (FieldProblem("name", taken),)
    return Changed(planned.name, planned.opens, planned.closes, planned.threshold), why, ()


def _was(cycle: CycleRow) -> str:
    """What an officer was shown of a round, so that a change made meanwhile is noticed."""
    return f"{cycle.opens} {cycle.closes} {cycle.threshold} {cycle.name}"


def _record(session: Session, cycle_id: int, was: Changed, changed: Changed, why: str) -> None:
    by = guard.signed_in_person().id
    details = {
        what: f"{getattr(was, what)} -> {getattr(changed, what)}"
        for what in ("name", "opens", "closes", "threshold")
        if getattr(was, what) != getattr(changed, what)
    }
    if why:
        details["why"] = why
    trail.record(session, "round changed", f"cycle {cycle_id}", by=by, at=now(), **details)


def _tell_what_changed(was: Changed, changed: Changed) -> None:
    if changed.closes != was.closes:
        day = shown_day(changed.closes)
        flash(
            f"The round’s last day is {day}. Nobody was told by mail: write to them if they should know.",
            "important",
        )
    elif changed != was:
        flash("The round is changed.", "success")


def _page(typed: Mapping[str, str], problems: tuple[FieldProblem, ...] = ()) -> str:
    seen, session = guard.found(RoundSeen), db.session()
    return render_template(
        "desk/change.html",
        seen=seen,
        typed={field: typed.get(field, "") for field in _FIELDS},
        has_begun=changing.has_begun(session, seen.cycle.id),
        limit=WHY_LIMIT,
        problems=problems,
    )


@blueprint.get("/cycles/<int:cycle_id>/remove")
def removal(cycle_id: int) -> Page:
    if changing.has_begun(db.session(), cycle_id):
        return redirect(url_for("changes.change", cycle_id=cycle_id))
    return render_template("desk/removal.html", seen=guard.found(RoundSeen))


@blueprint.post("/cycles/<int:cycle_id>/remove")
def remove(cycle_id: int) -> Page:
    """Remove a round that was opened by mistake; one that has begun is kept."""
    cycle, session = guard.found(RoundSeen).cycle, db.writing()
    store.lock_round(session, cycle_id, ())
    if changing.has_begun(session, cycle_id):
        session.rollback()
        return redirect(url_for("changes.change", cycle_id=cycle_id))
    changing.remove_cycle(session, cycle_id, cycle.edition)
    by = guard.signed_in_person().id
    trail.record(session, "round removed", f"cycle {cycle_id}", by=by, at=now(), name=cycle.name)
    session.commit()
    flash(f"{cycle.name} is removed.", "success")
    return redirect(url_for("rounds.index"))
