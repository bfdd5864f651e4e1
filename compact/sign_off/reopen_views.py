"""Reopening a signed return, for the officers of its partnerships."""

from flask import current_app, flash, redirect, render_template, url_for

from compact import db
from compact.access import guard
from compact.access.values import Person, Role
from compact.accounts import store as people
from compact.accounts.rules import PlaceKind
from compact.cycles.rules import Stage, stage
from compact.mail import store as mail
from compact.returns.limits import REOPENING_LIMIT
from compact.returns.numbers import numbers_of
from compact.returns.reading import ReturnRow
from compact.returns.views import Page
from compact.web.clock import now, today
from compact.web.errors import kept_page
from compact.web.problems import FieldProblem
from config import Settings

from . import messages
from .forms import ReopenForm
from .reopening import NotReopened
from .reopening import reopen as open_again
from .rules import parse_reason
from .views import blueprint


@blueprint.get("/returns/<int:return_id>/reopen")
def reopen(return_id: int) -> Page:
    return _reopen_page(guard.found(ReturnRow), "", ())


@blueprint.post("/returns/<int:return_id>/reopen")
def post_reopen(return_id: int) -> Page:
    row = guard.found(ReturnRow)
    person, typed = guard.signed_in_person(), ReopenForm().reason.data or ""
    reason = parse_reason(typed)
    if isinstance(reason, FieldProblem):
        return _reopen_page(row, typed, (reason,))
    try:
        made = open_again(db.writing(), row, reason, by=person.id, at=now())
    except NotReopened:
        db.session().rollback()
        return _not_reopened(row, person.id, reason)
    _tell_the_others(row, person, made)
    db.session().commit()
    flash(
        f"Number {row.number + 1} is open. {row.organisation} can change it and has to sign it again.",
        "success",
    )
    return redirect(url_for("returns.task_list", return_id=made))


def _tell_the_others(row: ReturnRow, officer: Person, made: int) -> None:
    """Mail the officers of the return's other partnerships, in the transaction that reopens it."""
    session = db.session()
    places = row.owner.partnerships - officer.partnerships
    settings: Settings = current_app.extensions["compact.settings"]
    for email, name in people.addresses_of(session, Role.OFFICER, PlaceKind.PARTNERSHIP, places):
        written = messages.reopened(
            name,
            officer.name,
            row.organisation,
            row.cycle,
            row.number + 1,
            f"{settings.base_url}/returns/{made}",
        )
        mail.queue(
            session,
            recipient=email,
            subject=written.subject,
            text=written.text,
            at=now(),
            about=f"return {made}",
        )


def _not_reopened(row: ReturnRow, person_id: int, reason: str) -> Page:
    """For a second click the number that is there already; for others, what became of their reason."""
    numbers = numbers_of(db.session(), row)
    after = numbers.after if numbers else None
    if after is None:
        return redirect(url_for("returns.task_list", return_id=row.id))
    if (after.opened_by_id, after.reason) == (person_id, reason):
        return redirect(url_for("returns.task_list", return_id=after.return_id))
    return kept_page("reopened", 409)


def _reopen_page(row: ReturnRow, typed: str, problems: tuple[FieldProblem, ...]) -> Page:
    """The form; for a draft, and for a number that was reopened already, the task list, which says so."""
    numbers = numbers_of(db.session(), row)
    if row.is_draft or (numbers and numbers.after):
        return redirect(url_for("returns.task_list", return_id=row.id))
    return render_template(
        "sign_off/reopen.html",
        row=row,
        typed=typed,
        limit=REOPENING_LIMIT,
        is_closed=stage(row.opens, row.closes, today()) is Stage.CLOSED,
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
    )
