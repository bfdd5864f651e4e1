"""An invitation's page. Opening it spends nothing: mail scanners open links too; only its form does."""

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask_login import logout_user
from sqlalchemy.exc import IntegrityError

from compact import db
from compact.access.guard import person
from compact.web.clock import now
from compact.web.problems import FieldProblem

from . import entering, invitations, passwords, store
from .forms import AcceptForm
from .rules import ROLE_NAMES, InvitationRow, InvitationState
from .store import PersonRow
from .views import Page, too_long, typed, typed_line

blueprint = Blueprint("invitation", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/invitation/<token>")
def invitation(token: str) -> Page:
    row, known = _open(token)
    if row is None:
        return _over()
    return _page(row, known, AcceptForm(formdata=None), ())


@blueprint.post("/invitation/<token>")
def accept(token: str) -> Page:
    """Take the invitation up: with a new password, or as somebody who is signed in already."""
    row, known = _open(token)
    if row is None:
        return _over()
    if request.form.get("then") == "sign-out":
        return _signed_out(token)
    form, asking = AcceptForm(), person()
    if known is None and asking is None:
        problems = _problems(row, form)
        if problems:
            return _page(row, known, form, problems)
        return _new_account(row, form)
    if known is None or asking is None or asking.id != known.id:
        return _page(row, known, form, ())
    role = invitations.accept(db.writing(), row, known.id, now())
    if role is None:
        db.session().rollback()
        return _over()
    db.session().commit()
    flash(f"You are now {ROLE_NAMES[role].lower()} for {row.place or 'the whole service'}.", "success")
    return redirect(url_for("home.home"))


def _new_account(row: InvitationRow, form: AcceptForm) -> Page:
    """Make the account and its role, and sign the person in: their mailbox has proved who they are."""
    password_hash = passwords.hashed(form.password.data or "")
    name, job_title, writing = typed_line(form.name.data), typed_line(form.job_title.data), db.writing()
    try:
        person_id = store.add_person(writing, row.email, name, password_hash, now())
    except IntegrityError:  # the address got an account a moment ago, by another click
        writing.rollback()
        return redirect(request.path)
    if invitations.accept(writing, row.with_job_title(job_title or None), person_id, now()) is None:
        writing.rollback()
        return _over()
    entering.enter(writing, person_id, row.email, proved_by="invitation", proved_twice=False)
    writing.commit()
    flash("Welcome. Your account is ready.", "success")
    return entering.remember_browser(redirect(url_for("home.home")), row.email)


def _signed_out(token: str) -> Page:
    """Somebody else was signed in at this browser."""
    entering.leave()
    db.session().commit()
    logout_user()
    session.clear()
    return redirect(url_for("invitation.invitation", token=token))


def _open(token: str) -> tuple[InvitationRow | None, PersonRow | None]:
    """The invitation, if it can still be taken up, and the account of its address, if there is one."""
    row = invitations.by_token(db.session(), token)
    if row is None or row.state(now()) is not InvitationState.OPEN:
        return None, None
    known = store.person_by_email(db.session(), row.email)
    return (None, None) if known and known.is_disabled else (row, known)


def _problems(row: InvitationRow, form: AcceptForm) -> tuple[FieldProblem, ...]:
    name = typed_line(form.name.data)
    problems = [] if name else [FieldProblem("name", "Enter your name")]
    problems += too_long("name", "name", name)
    problems += too_long("job_title", "job title", typed_line(form.job_title.data))
    wrong = passwords.problem_with(form.password.data or "", (name, row.email, row.place or ""))
    if wrong:
        problems.append(FieldProblem("password", wrong))
    return tuple(problems)


def _page(
    row: InvitationRow, known: PersonRow | None, form: AcceptForm, problems: tuple[FieldProblem, ...]
) -> str:
    asking = person()
    return render_template(
        "accounts/invitation.html",
        row=row,
        problems=problems,
        role=ROLE_NAMES[row.role],
        name=row.name if form.name.data is None else typed(form.name.data),
        job_title=row.job_title or "" if form.job_title.data is None else typed(form.job_title.data),
        is_known=known is not None,
        is_theirs=asking is not None and known is not None and asking.id == known.id,
        shortest=passwords.SHORTEST_PASSWORD,
    )


def _over() -> tuple[str, int]:
    return render_template("accounts/invitation_over.html"), 410
