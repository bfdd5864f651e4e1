"""An invitation's page. Opening it spends nothing: mail scanners open links too; only its form does."""

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask_login import logout_user

from compact import db
from compact.access.guard import person
from compact.organisations.rules import LONGEST_NAME, wrong_text
from compact.web.clock import now
from compact.web.problems import FieldProblem

from . import entering, invitations, passwords, store
from .forms import AcceptForm
from .invitations import InvitationRow
from .rules import ROLE_NAMES, InvitationState
from .store import PersonRow
from .views import Page, typed

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
    if known is None:
        problems = _problems(row, form)
        if problems:
            return _page(row, known, form, problems)
        return _new_account(row, form)
    if asking is None or asking.id != known.id:
        return _page(row, known, form, ())
    taken = invitations.accept(db.writing(), row, known.id, now())
    if not taken:
        db.session().rollback()
        return _over()
    db.session().commit()
    flash(f"You are now {ROLE_NAMES[row.role].lower()} for {row.place or 'the whole service'}.", "success")
    return redirect(url_for("home.home"))


def _new_account(row: InvitationRow, form: AcceptForm) -> Page:
    """Make the account and its role, and sign the person in: their mailbox has proved who they are."""
    password_hash = passwords.hashed(form.password.data or "")
    writing = db.writing()
    if store.person_by_email(writing, row.email) is not None:
        return redirect(request.path)  # made a moment ago, by another click
    person_id = store.add_person(writing, row.email, typed(form.name.data), password_hash, now())
    named = row.with_job_title(typed(form.job_title.data) or row.job_title)
    if not invitations.accept(writing, named, person_id, now()):
        writing.rollback()
        return _over()
    writing.commit()
    entering.enter(person_id, row.email, proved_by="invitation", proved_twice=False)
    db.session().commit()
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
    problems = []
    name, title = typed(form.name.data), typed(form.job_title.data)
    if not name:
        problems.append(FieldProblem("name", "Enter your name"))
    elif wrong := wrong_text("name", name, LONGEST_NAME):
        problems.append(FieldProblem("name", _sentence(wrong)))
    if title and (wrong := wrong_text("job title", title, LONGEST_NAME)):
        problems.append(FieldProblem("job_title", _sentence(wrong)))
    wrong = passwords.problem_with(form.password.data or "", (name, row.email, row.place or ""))
    if wrong:
        problems.append(FieldProblem("password", wrong))
    return tuple(problems)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _page(
    row: InvitationRow, known: PersonRow | None, form: AcceptForm, problems: tuple[FieldProblem, ...]
) -> str:
    asking = person()
    return render_template(
        "accounts/invitation.html",
        row=row,
        problems=problems,
        role=ROLE_NAMES[row.role],
        name=typed(form.name.data) or row.name,
        job_title=typed(form.job_title.data) or row.job_title or "",
        is_known=known is not None,
        is_theirs=asking is not None and known is not None and asking.id == known.id,
        shortest=passwords.SHORTEST_PASSWORD,
    )


def _over() -> tuple[str, int]:
    return render_template("accounts/invitation_over.html"), 410
