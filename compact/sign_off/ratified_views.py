"""When the governing body ratified a return, said after signing by a signatory."""

from flask import flash, redirect, url_for

from compact import db
from compact.access import guard
from compact.returns.views import Page
from compact.web.clock import now, today
from compact.web.problems import FieldProblem

from . import store
from .forms import RatifiedForm
from .rules import parse_ratified
from .views import blueprint, receipt_page


@blueprint.post("/returns/<int:return_id>/ratified")
def ratified(return_id: int) -> Page:
    typed = RatifiedForm().ratified_on.data or ""
    on = parse_ratified(typed, today()) or FieldProblem("ratified_on", "Enter the date of ratification")
    receipt = store.receipt_of(db.session(), return_id)
    if receipt is None or _is_signed(receipt):
        return redirect(url_for("sign_off.receipt", return_id=return_id))
    if isinstance(on, FieldProblem):
        return receipt_page(typed, (on,))
    store.note_ratification(db.writing(), return_id, on, by=guard.signed_in_person().id, at=now())
    db.session().commit()
    flash("The date of ratification is noted. What was signed stays as it was.", "success")
    return redirect(url_for("sign_off.receipt", return_id=return_id))


def _is_signed(receipt: store.Receipt) -> bool:
    """Whether the day was given at signing: then it stays."""
    return receipt.ratified is not None and receipt.ratified.noted_at is None
