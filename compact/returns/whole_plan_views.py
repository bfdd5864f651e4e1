"""The plan of an organisation as a whole: what is due, and how each action goes on, also after signing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Flask, Response, abort, flash, redirect, render_template, request, url_for

from compact import db
from compact.access import guard
from compact.access.values import Act, Person
from compact.accounts import store as people
from compact.actions import store as actions
from compact.actions.rules import (
    FINISHED,
    IMPACT_LIMIT,
    NOTE_LIMIT,
    PARTS,
    STATUSES,
    Change,
    TypedUpdate,
    Update,
    changes,
    counts,
    is_overdue,
    parse_update,
    settle_update,
    wants_impact,
)
from compact.actions.store import UpdateRow
from compact.cycles import editions
from compact.cycles.store import contact_for
from compact.documents.sheets import MIMETYPE, to_xlsx
from compact.web.clock import now, shown_day, today
from compact.web.frame import Contact, stand_for
from compact.web.identifiers import warnings_beside
from compact.web.problems import FieldProblem

from . import plan, remarks
from .exception_store import actions_unseen
from .forms import UpdateForm, number_in
from .plan import Listed, PlanOf
from .plan_sheet import plan_sheets
from .recognisable import say_on_next_page
from .views import Page

blueprint = Blueprint("plan", __name__)

MEANWHILE = "Somebody else changed how far this action is, or what changed, while you were typing"
SOMEBODY = "Somebody"


@dataclass(frozen=True)
class Group:
    """Actions under one heading."""

    title: str
    actions: tuple[Listed, ...]


@dataclass(frozen=True)
class Step:
    """An update of an action as its page shows it; the first is how the action was raised, or is known."""

    who: str
    at: datetime
    changes: tuple[Change, ...]
    note: str
    is_first: bool


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    remarks.init_app(app)
    guard.add_finder(app, "plan", _find_plan)


def _find_plan(address: Mapping[str, Any], asking: Person) -> PlanOf | None:
    session, organisation_id = db.session(), address["organisation_id"]
    found = plan.find_plan(session, organisation_id, asking)
    if found is not None and (contact := contact_for(session, [organisation_id], [])):
        stand_for(Contact(*contact))
    return found


@blueprint.get("/organisations/<int:organisation_id>/actions")
def whole(organisation_id: int) -> Page:
    everything = _everything()
    status = _status_asked()
    return render_template(
        "returns/whole_plan.html",
        place=guard.found(PlanOf),
        groups=_groups(_with_status(everything, status)),
        status=status,
        statuses=STATUSES,
        counts=counts(each.action.status for each in everything),
        total=len(everything),
        said=_said(),
    )


@blueprint.get("/organisations/<int:organisation_id>/actions.xlsx")
def sheet(organisation_id: int) -> Response:
    session = db.session()
    listed = _with_status(_everything(), _status_asked())
    place = guard.found(PlanOf)
    updates = [each for of in place.organisations for each in actions.updates_of(session, of)]
    names = people.names(session, {each.by for each in updates if each.by})
    file = to_xlsx(plan_sheets(listed, updates, names, today()))
    response = Response(file, mimetype=MIMETYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="plan-{today().isoformat()}.xlsx"'
    return response


@blueprint.get("/organisations/<int:organisation_id>/actions/<int:action_id>")
def action(organisation_id: int, action_id: int) -> Page:
    shown = _listed(action_id)
    return _action_page(shown, TypedUpdate(shown.action.status, shown.action.impact))


@blueprint.post("/organisations/<int:organisation_id>/actions/<int:action_id>")
def update(organisation_id: int, action_id: int) -> Page:
    shown, form = _listed(action_id), UpdateForm()
    typed = TypedUpdate(form.status.data or "", form.impact.data or "", form.note.data or "")
    version = number_in(form.version.data) or 0
    of = shown.action.organisation_id
    versions = {each.version: each for each in actions.updates_of(db.session(), of, action_id)}
    seen = versions.get(version)
    mine = parse_update(typed, seen.planned if seen else shown.action.planned)
    if isinstance(mine, tuple):
        problems = tuple(FieldProblem(problem.part, problem.text) for problem in mine)
        return _action_page(shown, typed, problems, version=version)
    saved = _keep(of, mine, seen) if seen else None
    if saved is None:
        problem = FieldProblem("status", f"{MEANWHILE}. Compare, then save yours again")
        return _action_page(_listed(action_id), typed, (problem,), theirs=True)
    return _saved(organisation_id, action_id, saved)


def _keep(organisation_id: int, mine: Update, seen: UpdateRow) -> Update | None:
    """Write my update over what the action has become since `seen`; None where others said otherwise.

    The second of two clicks finds what the first one wrote, and writes nothing.
    """
    place, by, session = (organisation_id, seen.action_id), guard.signed_in_person().id, db.writing()
    plan.lock_drafts(session, organisation_id)
    theirs = actions.action_of(session, *place, lock=True) or abort(404)
    settled = settle_update(mine, seen.planned, theirs.planned)
    last = actions.updates_of(session, *place)[-1]
    is_second = last.version > seen.version and last.by == by and last.note == mine.note
    if settled is None or (is_second and last.planned == settled.planned):
        session.rollback()
        return settled
    version, planned = theirs.version, settled.planned
    actions.change_action(session, *place, version, planned, by=by, at=now(), note=settled.note)
    plan.touch_drafts(session, organisation_id)
    session.commit()
    return settled


def _saved(organisation_id: int, action_id: int, saved: Update) -> Page:
    """Back to the action, which says what was saved, what is still asked, and what to look at again."""
    page = url_for("plan.action", organisation_id=organisation_id, action_id=action_id)
    flash("Your update is saved.", "success")
    if wants_impact(saved.planned):
        flash("When you can tell, say what changed for children.", "important")
    say_on_next_page("Your update", page, {"note": saved.note, "impact": saved.planned.impact})
    return redirect(page)


def _status_asked() -> str | None:
    status = request.args.get("status")
    return status if status in STATUSES else None


def _with_status(listed: Sequence[Listed], status: str | None) -> list[Listed]:
    return [each for each in listed if status in (None, each.action.status)]


def _groups(listed: Sequence[Listed]) -> tuple[Group, ...]:
    """What is overdue, what is to come, and apart from them what is finished; only those with anything."""
    overdue = tuple(each for each in listed if is_overdue(each.action.status, each.action.due, today()))
    finished = tuple(each for each in listed if each.action.status in FINISHED)
    to_come = tuple(each for each in listed if each not in overdue and each not in finished)
    groups = (
        Group("Overdue", overdue),
        Group("To come", to_come),
        Group("Done and embedded", finished),
    )
    return tuple(group for group in groups if group.actions)


def _listed(action_id: int) -> Listed:
    session, place = db.session(), guard.found(PlanOf)
    found = plan.action_in(session, place.organisations, action_id) or abort(404)
    if (found.raised_in, found.key) in _unseen():
        abort(404)
    return Listed(found, plan.returns_by_id(session, *place.organisations)[found.raised_in])


def _everything() -> list[Listed]:
    """The whole plan, as far as this person may see it."""
    listed, unseen = plan.whole_plan(db.session(), *guard.found(PlanOf).organisations), _unseen()
    return [each for each in listed if (each.action.raised_in, each.action.key) not in unseen]


def _unseen() -> set[tuple[int, str]]:
    """What only a partnership that this person does not work for knows to be weak (A6)."""
    asking, place = guard.signed_in_person(), guard.found(PlanOf)
    if place.id in asking.organisations or place.owner.trust in asking.trusts:
        return set()
    return {pair for each in place.organisations for pair in actions_unseen(db.session(), each, asking)}


def _said() -> dict[int, dict[str, remarks.Remark]]:
    """The latest that each partnership said of each action, by action and its name."""
    said = remarks.remarks_by_action(db.session(), guard.found(PlanOf), guard.signed_in_person())
    return {action: {each.by: each for each in reversed(found)} for action, found in said.items()}


def _history(updates: Sequence[UpdateRow]) -> list[Step]:
    """How an action went on, the latest first."""
    names = people.names(db.session(), {each.by for each in updates if each.by})
    steps = []
    for place, each in enumerate(updates):
        changed = changes(updates[place - 1].planned, each.planned) if place else ()
        steps.append(Step(names.get(each.by or 0, SOMEBODY), each.at, changed, each.note, not place))
    return steps[::-1]


def _shown(part: str, value: str | date) -> str:
    """A part of an action as people read it."""
    if isinstance(value, date):
        return shown_day(value)
    return STATUSES[value] if part == "status" else value


def _draft_to_change_it_in(listed: Listed, place: PlanOf) -> plan.Raised | None:
    """The latest draft whose plan the action is in: there one changes what, who and by when."""
    drafts = [
        each
        for each in plan.returns_by_id(db.session(), *place.organisations).values()
        if each.is_draft and listed.action.key in editions.questionnaire(each.edition, each.setting).by_key
    ]
    return drafts[-1] if drafts else None


def _action_page(
    listed: Listed,
    typed: TypedUpdate,
    problems: tuple[FieldProblem, ...] = (),
    *,
    theirs: bool = False,
    version: int | None = None,
) -> str:
    place, kept = guard.found(PlanOf), listed.action
    may_update = guard.allows(Act.EDIT_RETURN)
    return render_template(
        "returns/action_progress.html",
        place=place,
        listed=listed,
        is_overdue=is_overdue(kept.status, kept.due, today()),
        remarks=remarks.remarks_on(db.session(), place, guard.signed_in_person(), kept.id),
        history=_history(actions.updates_of(db.session(), kept.organisation_id, kept.id)),
        parts=PARTS,
        shown=_shown,
        typed=typed,
        theirs=theirs,
        version=kept.version if version is None else version,
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
        warnings=warnings_beside({"note": typed.note, "impact": typed.impact}) if may_update else {},
        status_items=tuple({"value": key, "text": text} for key, text in STATUSES.items()),
        note_limit=NOTE_LIMIT,
        impact_limit=IMPACT_LIMIT,
        may_update=may_update,
        draft=_draft_to_change_it_in(listed, place) if may_update else None,
    )
