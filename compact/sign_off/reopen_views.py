"""Reopening a signed return, for the officers of its partnerships."""

from collections.abc import Mapping

from flask import current_app, flash, redirect, render_template, url_for

from compact import db
from compact.access import guard
from compact.access.values import Person, Role
from compact.accounts import store as people
from compact.accounts.rules import PlaceKind
from compact.cycles.rules import Stage, stage
from compact.mail import store as mail
from compact.organisations.settings_store import foot_of
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
    _tell(row, person, made)
    db.session().commit()
    flash(
        f"Number {row.number + 1} is open. {row.organisation} can change it and has to sign it again.",
        "success",
    )
    return redirect(url_for("returns.task_list", return_id=made))


def _tell(row: ReturnRow, officer: Person, made: int) -> None:
    """Mail whom the reopening is for, each once, in the transaction that reopens it."""
    settings: Settings = current_app.extensions["compact.settings"]
    number, address = row.number + 1, f"{settings.base_url}/returns/{made}"
    foot = foot_of(db.session(), min(row.owner.partnerships & officer.partnerships))
    for email, (name, write) in _told(row, officer).items():
        written = write(name, officer.name, row.organisation, row.cycle, number, address)
        mail.queue(
            db.session(),
            recipient=email,
            subject=written.subject,
            text=written.text + foot,
            at=now(),
            about=f"return {made}",
        )


def _told(row: ReturnRow, officer: Person) -> Mapping[str, tuple[str, messages.AboutReopened]]:
    """By address: who signs and who completes for the organisation; the other partnerships' officers."""
    session = db.session()
    own, others = [row.organisation_id], row.owner.partnerships - officer.partnerships
    of = (
        (Role.SIGNATORY, PlaceKind.ORGANISATION, own, messages.reopened_for_you),
        (Role.CONTRIBUTOR, PlaceKind.ORGANISATION, own, messages.reopened_for_you),
        (Role.OFFICER, PlaceKind.PARTNERSHIP, others, messages.reopened),
    )
    told: dict[str, tuple[str, messages.AboutReopened]] = {}
    for role, kind, places, write in of:
        for email, name in people.addresses_of(session, role, kind, places):
            told.setdefault(email, (name, write))
    return told


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
