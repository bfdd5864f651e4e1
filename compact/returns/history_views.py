"""What an answer said before, and bringing it back."""

from flask import abort, flash, redirect, render_template, request, url_for

from compact import db
from compact.access import guard
from compact.cycles import editions
from compact.web.clock import now, shown_moment

from . import reading, store
from .forms import number_in
from .history import versions_of
from .reading import ReturnRow
from .views import Page, blueprint, may_edit


@blueprint.get("/returns/<int:return_id>/answers/<key>/history")
def history(return_id: int, key: str) -> Page:
    row = guard.found(ReturnRow)
    indicator = editions.questionnaire(row.edition, row.setting).by_key.get(key) or abort(404)
    versions = versions_of(db.session(), return_id, key)
    kept = reading.kept_answers(db.session(), return_id, [key]).get(key)
    return render_template(
        "returns/history.html",
        row=row,
        indicator=indicator,
        scale=editions.edition(row.edition).scale,
        versions=versions,
        kept=kept,
        may_edit=may_edit(row),
    )


@blueprint.post("/returns/<int:return_id>/answers/<key>/history")
def bring_back(return_id: int, key: str) -> Page:
    """Keep an earlier version once more, unless somebody has written since the page was shown."""
    row = guard.found(ReturnRow)
    indicator = editions.questionnaire(row.edition, row.setting).by_key.get(key) or abort(404)
    wanted, shown = number_in(request.form.get("bring-back")), number_in(request.form.get("shown")) or 0
    found = next((each for each in versions_of(db.session(), return_id, key) if each.version == wanted), None)
    if found is None:
        return redirect(url_for("returns.history", return_id=return_id, key=key))
    typed = {key: store.TypedAnswer(found.answer, shown)}
    saved = store.save_answers(db.writing(), return_id, typed, guard.signed_in_person().id, now())
    db.session().commit()
    if saved.conflicts:
        flash(
            "Nothing was brought back: somebody has changed the answer since. Look at it first.", "important"
        )
        return redirect(url_for("returns.history", return_id=return_id, key=key))
    flash(f"The answer of {shown_moment(found.at)} is back. What stood here is in the history.", "success")
    anchor = f"{key}-heading"
    return redirect(
        url_for("returns.standard", return_id=return_id, number=indicator.standard, _anchor=anchor)
    )
