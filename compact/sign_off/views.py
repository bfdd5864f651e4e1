"""Check your answers, sign, and the receipt."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)

from compact import db
from compact.access import guard
from compact.access.values import Act, Role
from compact.accounts import entering, passwords
from compact.accounts.rules import Try
from compact.accounts.store import password_hash_of
from compact.accounts.views import TOO_MANY, may_try
from compact.cycles import editions
from compact.cycles.messages import about_part
from compact.mail import store as mail
from compact.mail.foot import foot
from compact.questionnaire.values import Edition, Questionnaire
from compact.returns import plan, reading
from compact.returns.exception_store import exceptions_seen, keys_unseen, sees_all
from compact.returns.handing import handing_of
from compact.returns.numbers import numbers_of
from compact.returns.reading import ReturnRow
from compact.returns.rules import asked, left_out
from compact.returns.store import SignedMeanwhile
from compact.returns.views import Page
from compact.web.clock import now, today
from compact.web.problems import FieldProblem
from compact.web.texts import clean
from config import Settings

from . import beside, messages, store
from .advice import advice_for
from .evidence import Origin, Proof, Signatory, Signature
from .forms import SignOffForm
from .rules import DELEGATE, NAME_LIMIT, OWN, Authority, Missing, parse_authority, parse_ratified
from .verifying import verify_return

blueprint = Blueprint("sign_off", __name__)

ROLE_NAMES: Mapping[Role, str] = {Role.SIGNATORY: "Signatory"}
BROWSER_LIMIT = 200


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    beside.init_app(app)


@blueprint.get("/returns/<int:return_id>/check")
def check(return_id: int) -> Page:
    row, edition, questionnaire = _asked_about()
    session = db.session()
    kept = reading.kept_answers(session, return_id)
    indicators = questionnaire.indicators if row.imported else asked(questionnaire.indicators, row.facts)
    unseen = keys_unseen(session, row, guard.signed_in_person())
    actions = [each for each in plan.actions_in(session, row) if each.key not in unseen]
    exceptions = exceptions_seen(session, row, guard.signed_in_person())
    may_edit = row.is_draft and guard.allows(Act.EDIT_RETURN)
    signers, is_signatory = _signers(row), guard.allows(Act.SIGN_RETURN)
    return render_template(
        "sign_off/check.html",
        row=row,
        edition=edition,
        questionnaire=questionnaire,
        facts=row.facts,
        indicators=indicators,
        answers={key: each.answer for key, each in kept.items()},
        actions={
            key: [each for each in actions if each.key == key] for key in {each.key for each in actions}
        },
        left_out=left_out(questionnaire, row.facts),
        missing=_links(row, _missing(row, edition, questionnaire)) if row.is_draft else (),
        exceptions={
            key: [each for each in exceptions if each.key == key] for key in {each.key for each in exceptions}
        },
        advice=advice_for(session, row, edition, questionnaire, row.facts, kept, actions, exceptions)
        if may_edit
        else (),
        may_edit=may_edit,
        may_sign=row.is_draft and is_signatory and _is_able(signers),
        is_signatory=is_signatory,
        signers=signers,
        handing=handing_of(session, return_id) if row.is_draft and may_edit else None,
    )


@blueprint.get("/returns/<int:return_id>/sign-off")
def sign(return_id: int) -> Page:
    row, edition, questionnaire = _asked_about()
    if not row.is_draft:
        return redirect(url_for("sign_off.receipt", return_id=return_id))
    if _missing(row, edition, questionnaire):
        return redirect(url_for("sign_off.check", return_id=return_id))
    return _sign_page(row, questionnaire, SignOffForm(), ())


@blueprint.post("/returns/<int:return_id>/sign-off")
def post_sign(return_id: int) -> Page:
    row, edition, questionnaire = _asked_about()
    if not row.is_draft:
        return redirect(url_for("sign_off.receipt", return_id=return_id))
    form = SignOffForm()
    ratified_on = parse_ratified(form.ratified_on.data or "", today())
    authority = _checked(form, questionnaire, ratified_on)
    if isinstance(authority, tuple) or isinstance(ratified_on, FieldProblem):
        return _sign_page(row, questionnaire, form, authority if isinstance(authority, tuple) else ())
    try:
        store.sign(
            db.writing(),
            row,
            edition=edition,
            questionnaire=questionnaire,
            signature=_signature(row, authority, ratified_on),
            shown_version=_version(form),
            now=now(),
            beside=beside.write_all,
        )
    except store.NotSigned as refused:
        db.session().rollback()
        return _not_signed(return_id, refused)
    except SignedMeanwhile:
        # The second of two clicks, of two tabs or of two signatories: there is one sign-off, and its receipt.
        db.session().rollback()
    else:
        entering.forgive(guard.signed_in_person().email)
        _mail_receipt(row)
        mail.drop_about(db.session(), about_part(row.cycle_id, row.organisation_id), now())
        db.session().commit()
    return redirect(url_for("sign_off.receipt", return_id=return_id))


@blueprint.get("/returns/<int:return_id>/receipt")
def receipt(return_id: int) -> Page:
    return receipt_page("")


def receipt_page(typed: str, problems: tuple[FieldProblem, ...] = ()) -> Page:
    """The receipt, with what was typed as the day of ratification; for a draft, the way back to it."""
    row, session = guard.found(ReturnRow), db.session()
    if row.is_draft:
        return redirect(url_for("returns.task_list", return_id=row.id))
    receipt = store.receipt_of(session, row.id)
    by_mail = mail.mails_about(session, f"sign-off {receipt.receipt}") if receipt else ()
    return render_template(
        "sign_off/receipt.html",
        row=row,
        receipt=receipt,
        numbers=numbers_of(session, row),
        by_mail=by_mail[0] if by_mail and row.organisation_id in _own_organisations() else None,
        may_ratify=guard.allows(Act.SIGN_RETURN),
        typed=typed,
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
    )


@blueprint.get("/returns/<int:return_id>/verify")
def verify(return_id: int) -> Page:
    """Work out the fingerprint of a signed return again, before the reader's eyes."""
    row = guard.found(ReturnRow)
    verified = verify_return(db.session(), return_id)
    if verified is None:
        abort(404)
    receipt = store.receipt_of(db.session(), return_id)
    return render_template(
        "sign_off/verify.html", sees_all=_sees_all_of(row), row=row, verified=verified, receipt=receipt
    )


@blueprint.get("/returns/<int:return_id>/signed.json")
def signed_content(return_id: int) -> Response:
    """Exactly what was signed, for whoever wants to check it without this service."""
    if not _sees_all_of(guard.found(ReturnRow)):
        abort(404)
    signed = store.signed_content_of(db.session(), return_id)
    if signed is None:
        abort(404)
    text = json.dumps(asdict(signed), ensure_ascii=False, indent=1) + "\n"
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="signed-{signed.receipt}.json"'
    return response


def _own_organisations() -> frozenset[int]:
    return guard.signed_in_person().organisations


def _mail_receipt(row: ReturnRow) -> None:
    """The receipt for the signatory's own files, written in the transaction that signs."""
    receipt, signatory = store.receipt_of(db.session(), row.id), guard.signed_in_person()
    assert receipt is not None  # noqa: S101 - it was written a moment ago
    settings: Settings = current_app.extensions["compact.settings"]
    written = messages.receipt(receipt, row.cycle_and_number, f"{settings.base_url}/returns/{row.id}/receipt")
    mail.queue(
        db.session(),
        recipient=signatory.email,
        subject=written.subject,
        text=written.text + foot(row.contact),
        at=now(),
        about=f"sign-off {receipt.receipt}",
    )


def _sees_all_of(row: ReturnRow) -> bool:
    """Whether the person sees every exception of a return: what was signed holds them all, word for word.

    A partnership sees its own exceptions only (A6).
    """
    asking = guard.signed_in_person()
    if sees_all(row, asking):
        return True
    exceptions = reading.exceptions_of(db.session(), row.id)
    return all(each.partnership_id in asking.partnerships for each in exceptions)


def _asked_about() -> tuple[ReturnRow, Edition, Questionnaire]:
    row = guard.found(ReturnRow)
    return row, editions.edition(row.edition), editions.questionnaire(row.edition, row.setting)


def _missing(row: ReturnRow, edition: Edition, questionnaire: Questionnaire) -> Missing:
    """What is missing as far as the person may see it: their partnership's exceptions, or all (A6)."""
    exceptions = exceptions_seen(db.session(), row, guard.signed_in_person())
    return store.missing_of(db.session(), row, edition, questionnaire, exceptions)


def _links(row: ReturnRow, missing: Missing) -> tuple[tuple[str, str], ...]:
    """What is missing as (text, address of the field where it can be put right)."""
    facts = tuple(
        (
            f"Choose yes or no: {fact.question}",
            url_for("returns.profile", return_id=row.id, _anchor=fact.key),
        )
        for fact in missing.facts
    )
    problems = tuple(
        (
            problem.text,
            url_for("returns.new_action", return_id=row.id, key=indicator.key)
            if problem.part == "action"
            else url_for(
                "returns.standard",
                return_id=row.id,
                number=indicator.standard,
                _anchor=f"{problem.key}-{problem.part}",
            ),
        )
        for indicator, problem in missing.problems
    )
    return facts + problems


def _checked(
    form: SignOffForm, questionnaire: Questionnaire, ratified_on: date | FieldProblem | None
) -> Authority | tuple[FieldProblem, ...]:
    """The authority to sign with, or all that is wrong with the form, in the order of the page."""
    authority = parse_authority(
        form.authority.data or "", form.authority_name.data or "", form.authority_job_title.data or ""
    )
    problems = [*authority] if isinstance(authority, tuple) else []
    if isinstance(ratified_on, FieldProblem):
        problems.append(ratified_on)
    if form.confirm.data != "yes":
        problems.append(FieldProblem("confirm", "Tick the box to confirm the statement"))
    if form.statement_version.data != questionnaire.statement.version:
        problems.append(FieldProblem("confirm", "The statement has changed: read it again and confirm it"))
    if not form.password.data:
        problems.append(FieldProblem("password", "Enter your password"))
    elif not may_try(Try.SIGNATURE, guard.signed_in_person().email):
        problems.append(FieldProblem("password", TOO_MANY))
    elif not _password_is_right(form.password.data):
        problems.append(FieldProblem("password", "The password is not right"))
    return tuple(problems) if problems or isinstance(authority, tuple) else authority


def _password_is_right(password: str) -> bool:
    known = password_hash_of(db.session(), guard.signed_in_person().email)
    return passwords.is_right(known[1] if known else None, password)


def _version(form: SignOffForm) -> int:
    text = form.return_version.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1


def _signatory(row: ReturnRow) -> Signatory:
    """The person as the signatory of this organisation; the guard has let nobody else through."""
    person = guard.signed_in_person()
    grant = next(
        grant
        for grant in person.grants
        if grant.role is Role.SIGNATORY and grant.organisation_id == row.organisation_id
    )
    role_name = ROLE_NAMES[grant.role]
    return Signatory(person.id, person.name, grant.job_title or role_name, role_name)


def _signature(row: ReturnRow, authority: Authority, ratified_on: date | None) -> Signature:
    """What the person of this request signs with; their password was found right just now."""
    browser = " ".join(clean(request.user_agent.string).split())[:BROWSER_LIMIT]
    origin = Origin(request.remote_addr or "", browser)
    return Signature(_signatory(row), authority, Proof("password", now()), origin, ratified_on)


def _signers(row: ReturnRow) -> store.Signers | None:
    """Who wrote and who may sign a draft that wants two people; None where every signatory may."""
    return store.signers_of(db.session(), row) if row.is_draft and row.two_people_sign else None


def _is_able(signers: store.Signers | None) -> bool:
    return signers is None or guard.signed_in_person().id in signers.able


def _not_signed(return_id: int, refused: store.NotSigned) -> Page:
    """The page that says what is missing, or who may sign instead."""
    if isinstance(refused, store.ChangedMeanwhile):
        flash("The return changed after you opened the page. Check it again, then sign.", "important")
    return redirect(url_for("sign_off.check", return_id=return_id))


def _sign_page(
    row: ReturnRow, questionnaire: Questionnaire, form: SignOffForm, problems: tuple[FieldProblem, ...]
) -> str:
    signers = _signers(row)
    return render_template(
        "sign_off/sign.html",
        row=row,
        signatory=_signatory(row),
        questionnaire=questionnaire,
        form=form,
        own=OWN,
        delegate=DELEGATE,
        name_limit=NAME_LIMIT,
        signers=signers,
        is_able=_is_able(signers),
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
    )
