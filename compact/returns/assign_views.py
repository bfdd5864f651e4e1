"""Giving standards to named colleagues, who are told by mail."""

from collections.abc import Mapping

from flask import current_app, flash, redirect, render_template, request, url_for

from compact import db
from compact.access import guard
from compact.access.values import Role
from compact.accounts.rules import PlaceKind
from compact.accounts.store import MemberRow, members_of
from compact.cycles import editions
from compact.mail import store as mail
from compact.web.clock import now
from config import Settings

from . import messages
from .assigning import assign, assigned
from .forms import number_in
from .reading import ReturnRow
from .rules import asked
from .views import Page, blueprint, may_edit

WHO_ANSWERS = (Role.CONTRIBUTOR, Role.SIGNATORY)


@blueprint.get("/returns/<int:return_id>/assignments")
def assignments(return_id: int) -> Page:
    row = guard.found(ReturnRow)
    if not may_edit(row):
        return redirect(url_for("returns.task_list", return_id=return_id))
    return render_template(
        "returns/assignments.html",
        row=row,
        standards=_standards(row),
        colleagues=_colleagues(row),
        assigned=assigned(db.session(), return_id),
    )


@blueprint.post("/returns/<int:return_id>/assignments")
def post_assignments(return_id: int) -> Page:
    row = guard.found(ReturnRow)
    standards, colleagues = _standards(row), {each.person_id: each for each in _colleagues(row)}
    chosen = {number: number_in(request.form.get(f"standard-{number}")) for number in standards}
    wanted = {number: person for number, person in chosen.items() if person in colleagues}
    new = assign(db.writing(), return_id, wanted)
    for person, numbers in new.items():
        if person != guard.signed_in_person().id:
            _tell(row, colleagues[person], [f"{number}. {standards[number]}" for number in numbers])
    db.session().commit()
    flash("Saved. Whoever was given a standard is told by e-mail.", "success")
    return redirect(url_for("returns.task_list", return_id=return_id))


def _tell(row: ReturnRow, to: MemberRow, standards: list[str]) -> None:
    settings: Settings = current_app.extensions["compact.settings"]
    by, address = guard.signed_in_person().name, f"{settings.base_url}/returns/{row.id}"
    written = messages.standards_given(to.name, by, row.organisation, row.cycle, standards, address)
    mail.queue(
        db.session(),
        recipient=to.email,
        subject=written.subject,
        text=written.text,
        at=now(),
        about=f"return {row.id}",
    )


def _standards(row: ReturnRow) -> Mapping[int, str]:
    """The titles of the standards that are asked of this setting."""
    questionnaire = editions.questionnaire(row.edition, row.setting)
    return {
        number: standard.title
        for number, standard in editions.edition(row.edition).standards.items()
        if asked(questionnaire.by_standard.get(number, ()), row.facts)
    }


def _colleagues(row: ReturnRow) -> list[MemberRow]:
    """Who can answer; somebody with two roles is listed once."""
    members = members_of(db.session(), PlaceKind.ORGANISATION, row.organisation_id)
    able = {each.person_id: each for each in members if each.role in WHO_ANSWERS and not each.is_disabled}
    return list(able.values())
