"""One answer that saves itself, and what became of it as JSON: for scripts; people use the page."""

from flask import abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from compact import db
from compact.access import guard
from compact.cycles import editions
from compact.questionnaire.values import Edition, Indicator
from compact.web.clock import now, shown_moment, shown_time

from . import store
from .forms import TYPED_PARTS, number_in, origin_of
from .reading import Kept, ReturnRow
from .rules import Problem, Typed, is_asked, parse
from .views import author_of, blueprint

SIGNED = "The return was signed while you were typing. Copy your text; your partnership can reopen it."


@blueprint.post("/returns/<int:return_id>/answers/<key>")
def autosave(return_id: int, key: str) -> ResponseReturnValue:
    """Keep one answer as the standard's page would.

    200 `{saved, at, version}`; 409 `{theirs, panel}` when somebody else's newer answer stands against it, or
    `{signed}` when the return is signed; 422 `{problem}` when it cannot be kept.
    """
    row = guard.found(ReturnRow)
    indicator = _asked_indicator(row, key)
    edition, posted = editions.edition(row.edition), request.form
    result = parse(indicator, edition.scale, Typed(*(posted.get(part, "") for part in TYPED_PARTS)))
    if isinstance(result, Problem):
        return jsonify(problem=result.text), 422
    typed = store.TypedAnswer(result, number_in(posted.get("version")) or 0, origin_of(posted))
    moment = now()
    try:
        saved = store.save_answers(db.writing(), return_id, {key: typed}, guard.signed_in_person().id, moment)
    except store.SignedMeanwhile:
        db.session().rollback()
        return jsonify(signed=SIGNED), 409
    db.session().commit()
    if key in saved.conflicts:
        return _conflict(edition, indicator, saved.kept[key], typed.shown_version)
    version = saved.kept[key].version if key in saved.kept else 0
    return jsonify(saved=moment.isoformat(), at=shown_time(moment), version=version)


def _asked_indicator(row: ReturnRow, key: str) -> Indicator:
    """The indicator, if it is asked of this return."""
    found = editions.questionnaire(row.edition, row.setting).by_key.get(key) or abort(404)
    return found if is_asked(found, row.facts) else abort(404)


def _conflict(edition: Edition, indicator: Indicator, kept: Kept, typed_over: int) -> ResponseReturnValue:
    """The newer answer and its author, also as the part of the page that shows it beside the typed one."""
    author = author_of(kept)
    panel = render_template(
        "returns/_conflict_alone.html",
        key=indicator.key,
        kept=kept,
        author=author,
        first_version=typed_over,
        scale=edition.scale,
    )
    theirs = {
        "grade": kept.answer.choice,
        "reason": kept.answer.reason,
        "evidence": kept.answer.evidence,
        "version": kept.version,
        "by": author,
        "at": shown_moment(kept.at),
    }
    return jsonify(theirs=theirs, panel=panel), 409
