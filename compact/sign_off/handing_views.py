"""Before signing: those who wrote say that the return is ready, and a signatory may send it back."""

from collections.abc import Iterable

from flask import current_app, flash, redirect, render_template, url_for

from compact import db
from compact.access import guard
from compact.access.values import Role
from compact.accounts.rules import PlaceKind
from compact.accounts.store import MemberRow, members_of
from compact.cycles import editions
from compact.mail import store as mail
from compact.mail.rules import Written
from compact.returns import store as return_store
from compact.returns.handing import hand_on, handing_of
from compact.returns.limits import SEND_BACK_LIMIT
from compact.returns.reading import ReturnRow, exceptions_of
from compact.returns.views import Page
from compact.web.clock import now
from compact.web.problems import FieldProblem
from config import Settings

from . import messages, store
from .forms import SendBackForm
from .rules import parse_send_back
from .views import blueprint


@blueprint.post("/returns/<int:return_id>/ready")
def say_ready(return_id: int) -> Page:
    """Tell the signatories, once: a second press of the button tells nobody anew."""
    row, person = guard.found(ReturnRow), guard.signed_in_person()
    session = db.writing()
    return_store.lock_draft(session, return_id)
    edition, questionnaire = editions.edition(row.edition), editions.questionnaire(row.edition, row.setting)
    exceptions = exceptions_of(session, return_id)
    missing = store.missing_of(session, row, edition, questionnaire, exceptions)
    if missing or handing_of(session, return_id).ready:
        session.rollback()
        return redirect(url_for("sign_off.check", return_id=return_id))
    able = store.signers_of(session, row).able
    told = [each for each in _others(row) if each.person_id in able]
    hand_on(session, return_id, by=person.id, at=now())
    _tell(row, told, "ready", messages.ready)
    session.commit()
    if told:
        flash(f"{_names(told)} can read in a mail that the return is ready to sign.", "success")
    else:
        flash(
            "It is noted that the return is ready. There is nobody else to tell who can sign it.", "important"
        )
    return redirect(url_for("returns.task_list", return_id=return_id))


@blueprint.get("/returns/<int:return_id>/send-back")
def send_back(return_id: int) -> Page:
    row = guard.found(ReturnRow)
    if not row.is_draft:
        return redirect(url_for("sign_off.receipt", return_id=return_id))
    return _send_back_page(row, "", ())


@blueprint.post("/returns/<int:return_id>/send-back")
def post_send_back(return_id: int) -> Page:
    row, person = guard.found(ReturnRow), guard.signed_in_person()
    typed = SendBackForm().reason.data or ""
    reason = parse_send_back(typed)
    if isinstance(reason, FieldProblem):
        return _send_back_page(row, typed, (reason,))
    session = db.writing()
    return_store.lock_draft(session, return_id)
    told = _writers(row)
    hand_on(session, return_id, by=person.id, at=now(), reason=reason)
    _tell(row, told, "sent back", messages.sent_back)
    session.commit()
    who = f"{_names(told)} can read in a mail that you sent it back" if told else "There is nobody to mail"
    flash(f"{who}. The reason is below.", "success")
    return redirect(url_for("returns.task_list", return_id=return_id))


def _send_back_page(row: ReturnRow, typed: str, problems: tuple[FieldProblem, ...]) -> str:
    return render_template(
        "sign_off/send_back.html",
        row=row,
        typed=typed,
        limit=SEND_BACK_LIMIT,
        writers=_names(_writers(row)),
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
    )


def _writers(row: ReturnRow) -> list[MemberRow]:
    """Who wrote the return or can: contributors, and signatories who wrote an answer of it."""
    authors = store.signers_of(db.session(), row).authors
    return [each for each in _others(row) if each.role is Role.CONTRIBUTOR or each.person_id in authors]


def _others(row: ReturnRow) -> list[MemberRow]:
    """The people of the organisation but for the one who acts now, each once."""
    asking = guard.signed_in_person().id
    members = members_of(db.session(), PlaceKind.ORGANISATION, row.organisation_id)
    others = {each.person_id: each for each in members if each.person_id != asking and not each.is_disabled}
    return list(others.values())


def _names(people: Iterable[MemberRow]) -> str:
    *first, last = [each.name for each in people] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _tell(row: ReturnRow, people: Iterable[MemberRow], what: str, written: messages.AboutDraft) -> None:
    """Mails in the transaction of what they tell."""
    settings: Settings = current_app.extensions["compact.settings"]
    for each in people:
        text: Written = written(
            each.name,
            guard.signed_in_person().name,
            row.organisation,
            row.cycle_and_number,
            f"{settings.base_url}/returns/{row.id}",
        )
        mail.queue(
            db.session(),
            recipient=each.email,
            subject=text.subject,
            text=text.text,
            at=now(),
            about=f"return {row.id} {what}",
        )
