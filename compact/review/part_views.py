"""One part of a review at a time: a moderated grade, what is said of an action, a visit."""

from flask import abort, flash, redirect, render_template

from compact import db
from compact.access import guard
from compact.actions.rules import STATUSES, is_overdue
from compact.cycles import editions
from compact.moderation import rules as moderating
from compact.moderation import store as moderation
from compact.questionnaire.values import Indicator
from compact.returns import reading
from compact.returns.forms import number_in
from compact.returns.plan import Listed
from compact.returns.rules import UNANSWERED
from compact.web.clock import now, today
from compact.web.problems import FieldProblem

from . import store
from .forms import CommentForm, GradeForm, VisitForm
from .reading import grade_words
from .replying import COMMENT_LIMIT, parse_comment, parse_visit
from .views import Page, Reviewed, actions_seen, blueprint, said_before

MEANWHILE = "Another officer has changed this while you were typing. Compare, then save yours again"
Problems = tuple[FieldProblem, ...]


@blueprint.get("/review/<int:return_id>/grades/<key>")
def grade(return_id: int, key: str) -> Page:
    held = _moderated(_indicator(key))
    return _grade_page(_indicator(key), (held.grade or "") if held else "", held.comment if held else "")


@blueprint.post("/review/<int:return_id>/grades/<key>")
def post_grade(return_id: int, key: str) -> Page:
    seen, form, indicator = guard.found(Reviewed), GradeForm(), _indicator(key)
    typed = (form.grade.data or "", form.comment.data or "")
    parsed = moderating.parse_moderated(*typed, editions.edition(seen.row.edition).scale)
    shown = number_in(form.version.data) or 0
    if isinstance(parsed, tuple):
        return _grade_page(indicator, *typed, parsed, shown=shown)
    session, by = db.writing(), guard.signed_in_person().id
    try:
        place = (session, return_id, seen.partnership, key)
        store.begin(*place[:3], by=by, at=now())
        moderation.moderate(*place, parsed, shown_version=shown, by=by, at=now())
    except moderation.ModeratedMeanwhile:
        session.rollback()
        held = _moderated(indicator)
        if held and (held.grade, held.comment) == (parsed.grade, parsed.comment):
            return redirect(seen.address(_anchor=f"indicator-{key}"))  # the second of two clicks
        return _grade_page(indicator, *typed, (FieldProblem("grade", MEANWHILE),), theirs=True)
    session.commit()
    flash("The moderated grade is saved, beside the organisation’s own.", "success")
    return redirect(seen.address(_anchor=f"indicator-{key}"))


def _indicator(key: str) -> Indicator:
    row = guard.found(Reviewed).row
    return editions.questionnaire(row.edition, row.setting).by_key.get(key) or abort(404)


def _moderated(indicator: Indicator) -> moderation.ModerationRow | None:
    seen = guard.found(Reviewed)
    return moderation.moderations_of(db.session(), seen.row.id, seen.partnership).get(indicator.key)


def _grade_page(
    indicator: Indicator,
    grade: str,
    comment: str,
    problems: Problems = (),
    *,
    shown: int | None = None,
    theirs: bool = False,
) -> str:
    """The form. `shown` is the version that was on the page before; by default what is kept is seen now."""
    seen, held = guard.found(Reviewed), _moderated(indicator)
    edition = editions.edition(seen.row.edition)
    kept = reading.kept_answers(db.session(), seen.row.id, [indicator.key]).get(indicator.key)
    own = kept.answer if kept else UNANSWERED
    none = {"value": moderating.NONE, "text": "No grade of ours: the organisation’s stands alone"}
    return render_template(
        "review/grade.html",
        seen=seen,
        indicator=indicator,
        own=own,
        own_grade=grade_words(own, edition),
        held=held,
        held_grade=edition.scale.by_key[held.grade].label if held and held.grade else "None",
        theirs=theirs,
        version=(held.version if held else 0) if shown is None else shown,
        grade=grade,
        comment=comment,
        grades=[*({"value": each.key, "text": each.label} for each in edition.scale.grades), none],
        limit=moderating.COMMENT_LIMIT,
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
    )


@blueprint.get("/review/<int:return_id>/actions/<int:action_id>")
def action(return_id: int, action_id: int) -> Page:
    held = _commented(action_id)
    decision = ("accepted" if held.accepted else "sent_back") if held else ""
    return _action_page(_listed(action_id), decision, held.comment if held else "")


@blueprint.post("/review/<int:return_id>/actions/<int:action_id>")
def post_action(return_id: int, action_id: int) -> Page:
    seen, form, listed = guard.found(Reviewed), CommentForm(), _listed(action_id)
    typed = (form.decision.data or "", form.comment.data or "")
    parsed, shown = parse_comment(*typed), number_in(form.version.data) or 0
    if isinstance(parsed, tuple):
        return _action_page(listed, *typed, parsed, shown=shown)
    session, by = db.writing(), guard.signed_in_person().id
    try:
        place = (session, return_id, seen.partnership, action_id)
        store.comment_on(*place, parsed, shown_version=shown, by=by, at=now())
    except store.ReviewedMeanwhile:
        session.rollback()
        held = _commented(action_id)
        if held and (held.accepted, held.comment) == (parsed.accepted, parsed.comment):
            return redirect(seen.address(_anchor=f"action-{action_id}"))  # the second of two clicks
        return _action_page(listed, *typed, (FieldProblem("decision", MEANWHILE),), theirs=True)
    session.commit()
    flash("What you say of the action is saved. The organisation reads it with your reply.", "success")
    return redirect(seen.address(_anchor=f"action-{action_id}"))


def _listed(action_id: int) -> Listed:
    found = next((each for each in actions_seen(guard.found(Reviewed)) if each.action.id == action_id), None)
    return found or abort(404)


def _commented(action_id: int) -> store.ActionReviewRow | None:
    seen = guard.found(Reviewed)
    return store.comments_of(db.session(), seen.row.id, seen.partnership).get(action_id)


def _action_page(
    listed: Listed,
    decision: str,
    comment: str,
    problems: Problems = (),
    *,
    shown: int | None = None,
    theirs: bool = False,
) -> str:
    """The form; once the reply is sent, what was said of the action."""
    seen, held = guard.found(Reviewed), _commented(listed.action.id)
    review = store.review_of(db.session(), seen.row.id, seen.partnership)
    is_told = review is not None and review.sent_at is not None
    if is_told:
        problems = ()  # there is no form any more; what was typed is shown to be copied
    return render_template(
        "review/action.html",
        seen=seen,
        listed=listed,
        status=STATUSES[listed.action.status],
        is_overdue=is_overdue(listed.action.status, listed.action.due, today()),
        held=held,
        earlier=said_before(seen).get(listed.action.id),
        is_told=is_told,
        theirs=theirs,
        version=(held.version if held else 0) if shown is None else shown,
        decision=decision,
        comment=comment,
        limit=COMMENT_LIMIT,
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
    )


@blueprint.get("/review/<int:return_id>/visits")
def visit(return_id: int) -> Page:
    return _visit_page("", "", "")


@blueprint.post("/review/<int:return_id>/visits")
def post_visit(return_id: int) -> Page:
    seen, form = guard.found(Reviewed), VisitForm()
    typed = (form.visited_on.data or "", form.who.data or "", form.what.data or "")
    parsed = parse_visit(*typed, today())
    if isinstance(parsed, tuple):
        return _visit_page(*typed, parsed)
    session, by = db.writing(), guard.signed_in_person().id
    store.note_visit(session, return_id, seen.partnership, parsed, by=by, at=now())
    session.commit()
    flash("The visit is noted.", "success")
    return redirect(seen.address(_anchor="visits"))


def _visit_page(visited_on: str, who: str, what: str, problems: Problems = ()) -> str:
    return render_template(
        "review/visit.html",
        seen=guard.found(Reviewed),
        visited_on=visited_on,
        who=who,
        what=what,
        limit=COMMENT_LIMIT,
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
    )
