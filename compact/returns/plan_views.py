"""The pages of a return's action plan: what will be done about each weak indicator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, url_for

from compact import db
from compact.access import guard
from compact.access.values import Act
from compact.actions import store as action_store
from compact.actions.rules import (
    IMPACT_LIMIT,
    LEAD_LIMIT,
    NOT_STARTED,
    STATUSES,
    WHAT_LIMIT,
    ActionProblem,
    PlannedAction,
    TypedAction,
    is_overdue,
    parse_action,
)
from compact.actions.store import ActionRow
from compact.cycles import editions
from compact.questionnaire.values import Indicator
from compact.web.clock import now, shown_day, today
from compact.web.identifiers import warnings_beside
from compact.web.problems import FieldProblem

from . import plan, reading, store
from .exception_store import exceptions_seen, keys_unseen
from .exceptions import still_asked, weak_places
from .forms import ActionForm, number_in
from .pages import weak_keys
from .plan import Raised
from .reading import ReturnRow
from .recognisable import say_on_next_page
from .rules import Facts, asked
from .views import Page, blueprint


@dataclass(frozen=True)
class Kept:
    """An action in the plan of a return. `carried` is the earlier return that it comes from.

    `asked_then` are the words of that return's edition, where they were others.
    """

    row: ActionRow
    is_overdue: bool
    carried: Raised | None
    asked_then: str | None


@dataclass(frozen=True)
class Planned:
    """An indicator with its actions: the label of its grade where that is weak, and the partnerships for
    which an exception is.
    """

    indicator: Indicator
    grade: str
    actions: tuple[Kept, ...]
    weak_for: Sequence[str] = ()

    @property
    def is_weak(self) -> bool:
        return bool(self.grade or self.weak_for)


@blueprint.get("/returns/<int:return_id>/actions")
def actions(return_id: int) -> Page:
    row = guard.found(ReturnRow)
    return render_template(
        "returns/actions.html",
        row=row,
        plan=_plan(row),
        statuses=STATUSES,
        may_edit=row.is_draft and guard.allows(Act.EDIT_RETURN),
    )


@blueprint.get("/returns/<int:return_id>/actions/new/<key>")
def new_action(return_id: int, key: str) -> Page:
    row = guard.found(ReturnRow)
    return _action_page(row, _weak_indicator(row, key), TypedAction())


@blueprint.post("/returns/<int:return_id>/actions")
def post_action(return_id: int) -> Page:
    row = guard.found(ReturnRow)
    form = ActionForm()
    indicator = _weak_indicator(row, form.key.data or "")
    typed = _typed(form)
    planned = parse_action(typed)
    if isinstance(planned, tuple):
        return _action_page(row, indicator, typed, _named(planned))
    session = db.writing()
    store.lock_draft(session, return_id)
    action_id = action_store.add_action(
        session,
        organisation_id=row.organisation_id,
        return_id=return_id,
        key=indicator.key,
        planned=planned,
        by=guard.signed_in_person().id,
        at=now(),
    )
    store.touch(session, return_id)
    session.commit()
    return _saved(return_id, action_id, indicator, planned)


@blueprint.get("/returns/<int:return_id>/actions/<int:action_id>")
def action(return_id: int, action_id: int) -> Page:
    row, kept = _action_of(action_id)
    typed = TypedAction(kept.what, kept.lead, shown_day(kept.due), kept.status, kept.impact)
    return _action_page(row, _indicator(row, kept.key), typed, kept=kept)


@blueprint.post("/returns/<int:return_id>/actions/<int:action_id>")
def change_action(return_id: int, action_id: int) -> Page:
    row, kept = _action_of(action_id)
    form = ActionForm()
    typed = _typed(form)
    indicator = _indicator(row, kept.key)
    planned = parse_action(typed)
    if isinstance(planned, tuple):
        return _action_page(row, indicator, typed, _named(planned), kept=kept)
    session = db.writing()
    store.lock_draft(session, return_id)
    place, seen = (kept.organisation_id, action_id), number_in(form.version.data) or 0
    by = guard.signed_in_person().id
    if not action_store.change_action(session, *place, seen, planned, by=by, at=now()):
        session.rollback()
        row, kept = _action_of(action_id)
        problem = FieldProblem(
            "what", "Somebody else changed this action meanwhile. Compare, then save yours again"
        )
        return _action_page(row, indicator, typed, (problem,), kept=kept, theirs=True)
    store.touch(session, return_id)
    session.commit()
    return _saved(return_id, action_id, indicator, planned)


@blueprint.post("/returns/<int:return_id>/actions/<int:action_id>/remove")
def remove_action(return_id: int, action_id: int) -> Page:
    kept = _action_of(action_id)[1]
    seen = number_in(ActionForm().version.data) or 0
    session = db.writing()
    store.lock_draft(session, return_id)
    if action_store.remove_action(session, kept.organisation_id, action_id, seen, (return_id,)):
        store.touch(session, return_id)
        session.commit()
        flash("The action is removed.", "success")
        return redirect(url_for("returns.actions", return_id=return_id))
    session.rollback()
    kept = _action_of(action_id)[1]
    if kept.raised_in == return_id:
        flash(
            "Somebody else changed this action meanwhile. Look at it again before you remove it.", "important"
        )
    return redirect(url_for("returns.action", return_id=return_id, action_id=action_id))


def _saved(return_id: int, action_id: int, indicator: Indicator, planned: PlannedAction) -> Page:
    """On to the plan, which says what was saved, and what to look at again."""
    flash(f"The action for {indicator.asked} is saved.", "success")
    page = url_for("returns.action", return_id=return_id, action_id=action_id)
    texts = {"what": planned.what, "lead": planned.lead, "impact": planned.impact}
    say_on_next_page(f"The action for {indicator.asked}", page, texts)
    return redirect(url_for("returns.actions", return_id=return_id))


def _plan(row: ReturnRow) -> list[Planned]:
    """Every weak indicator with its actions, in the order asked; then indicators with actions alone."""
    session = db.session()
    edition = editions.edition(row.edition)
    questionnaire = editions.questionnaire(row.edition, row.setting)
    answers = reading.choices_of(session, row.id)
    facts, person = row.facts, guard.signed_in_person()
    weak = weak_keys(edition, questionnaire, facts, answers)
    exceptions = exceptions_seen(session, row, person)
    exceptions = still_asked(exceptions, asked(questionnaire.indicators, facts))
    places = weak_places(exceptions, edition.scale.weak_keys)
    unseen = keys_unseen(session, row, person)
    kept = [each for each in _kept(row, facts) if each.row.key not in unseen]
    with_action = {each.row.key for each in kept}
    return [
        Planned(
            indicator,
            edition.scale.by_key[answers[indicator.key].grade or ""].label if indicator.key in weak else "",
            tuple(each for each in kept if each.row.key == indicator.key),
            places.get(indicator.key, ()),
        )
        for indicator in questionnaire.indicators
        if indicator.key in weak or indicator.key in places or indicator.key in with_action
    ]


def _kept(row: ReturnRow, facts: Facts) -> list[Kept]:
    """The actions of a return's plan; of those from earlier rounds, the ones it asks about again."""
    indicators = editions.questionnaire(row.edition, row.setting).indicators
    words = {each.key: each.asked for each in (indicators if row.imported else asked(indicators, facts))}
    kept = []
    for listed in plan.plan_in(db.session(), row):
        action, then = listed.action, listed.indicator.asked
        carried = listed.raised if listed.raised.cycle_id != row.cycle_id else None
        if carried is None or action.key in words:
            other = then if carried and then != words[action.key] else None
            kept.append(Kept(action, is_overdue(action.status, action.due, today()), carried, other))
    return kept


def _weak_indicator(row: ReturnRow, key: str) -> Indicator:
    """The indicator if it is weak in this return: only such a one takes an action."""
    plan = {planned.indicator.key: planned for planned in _plan(row)}
    return plan[key].indicator if key in plan else abort(404)


def _indicator(row: ReturnRow, key: str) -> Indicator:
    return editions.questionnaire(row.edition, row.setting).by_key.get(key) or abort(404)


def _action_of(action_id: int) -> tuple[ReturnRow, ActionRow]:
    row = guard.found(ReturnRow)
    return row, plan.action_in(db.session(), row.organisations, action_id) or abort(404)


def _raised(row: ReturnRow, kept: ActionRow | None) -> Raised | None:
    """The earlier return that an action was raised in; None for one of this return."""
    if kept is None or kept.raised_in == row.id:
        return None
    return plan.returns_by_id(db.session(), *row.organisations)[kept.raised_in]


def _typed(form: ActionForm) -> TypedAction:
    return TypedAction(
        form.what.data or "",
        form.lead.data or "",
        form.due.data or "",
        form.status.data or NOT_STARTED,
        form.impact.data or "",
    )


def _named(problems: tuple[ActionProblem, ...]) -> tuple[FieldProblem, ...]:
    return tuple(FieldProblem(problem.part, problem.text) for problem in problems)


def _action_page(
    row: ReturnRow,
    indicator: Indicator,
    typed: TypedAction,
    problems: tuple[FieldProblem, ...] = (),
    *,
    kept: ActionRow | None = None,
    theirs: bool = False,
) -> str:
    errors: Mapping[str, str] = {problem.field: problem.text for problem in problems}
    return render_template(
        "returns/action.html",
        row=row,
        indicator=indicator,
        typed=typed,
        kept=kept,
        theirs=kept if theirs else None,
        problems=problems,
        errors=errors,
        warnings=warnings_beside({"what": typed.what, "lead": typed.lead, "impact": typed.impact}),
        statuses=STATUSES,
        status_items=tuple({"value": key, "text": text} for key, text in STATUSES.items()),
        what_limit=WHAT_LIMIT,
        lead_limit=LEAD_LIMIT,
        impact_limit=IMPACT_LIMIT,
        may_remove=kept is not None and kept.raised_in == row.id,
        raised=_raised(row, kept),
    )
