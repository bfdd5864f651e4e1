"""Signing in, by password or by a code sent by mail, then by the second factor; and signing out."""

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import LoginManager, logout_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compact import db
from compact.access.guard import person
from compact.mail import store as mail
from compact.organisations.rules import LONGEST_NAME, one_line, wrong_text
from compact.organisations.store import contacts_of_all
from compact.trail import security
from compact.web import kept
from compact.web.clock import now
from compact.web.frame import stand_for
from compact.web.origin import seen
from compact.web.problems import FieldProblem
from compact.web.texts import clean, sentence_case
from config import Settings

from . import entering, messages, passwords, second_factor, sessions, steps, store, throttling
from .forms import CodeForm, EmailForm, SignInForm
from .rules import SEEN_EVERY, Try

blueprint = Blueprint("accounts", __name__)

Page = str | Response | tuple[str, int]

WRONG = "The e-mail address or the password is not right"
TOO_MANY = "There were too many tries. Wait 15 minutes, then try again"
TOO_MANY_PASSWORDS = "There were too many tries. Wait 15 minutes, or get a code by e-mail"
TOO_MANY_CODES = "Too many codes were asked for. Look into your mailbox, or wait 15 minutes"
OVER = "The time for this is over. Begin again"


def init_app(app: Flask) -> None:
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # pages know their person from the guard
    manager.user_loader(_load)
    app.register_blueprint(blueprint)


def _load(token: str) -> sessions.SignedIn | None:
    """The sign-in of this request; that somebody is there is written down once a minute."""
    moment = now()
    found = sessions.signed_in(db.session(), token, moment)
    if found and moment - found.seen_at >= SEEN_EVERY and request.endpoint != "account.time_left":
        sessions.note_seen(db.writing(), token, moment)
        db.session().commit()
    return found


@blueprint.get("/sign-in")
def sign_in() -> Page:
    if person() is not None:
        return redirect(url_for("home.home"))
    return _sign_in_page(SignInForm(), ())


@blueprint.post("/sign-in")
def post_sign_in() -> Page:
    form = SignInForm()
    if problems := _missing(form):
        return _sign_in_page(form, problems)
    email = typed(form.email.data)
    if not may_try(Try.PASSWORD, email):
        return _sign_in_page(form, (FieldProblem("password", TOO_MANY_PASSWORDS),)), 429
    known = store.password_hash_of(db.session(), email)
    if not passwords.is_right(known[1] if known else None, form.password.data or "") or known is None:
        _note("sign-in failed", known[0] if known else None)
        return _sign_in_page(form, (FieldProblem("email", WRONG),))
    if not second_factor.has_one(db.session(), known[0]):
        return _entered(known[0], email, "password", twice=False)
    session["step"] = steps.begin_second(db.writing(), known[0], "password", now())
    db.session().commit()
    code = typed(form.code.data)
    return _second_factor(known[0], email, "password", code) if code else _on_to_step("accounts.second_step")


@blueprint.get("/sign-in/code")
def second_step() -> Page:
    """The page that asks for the authenticator's code."""
    return _step_page("accounts/second_step.html", ()) if "step" in session else _begin_again()


@blueprint.post("/sign-in/code")
def post_second_step() -> Page:
    code = typed(CodeForm().code.data)
    if not code:
        return _step_page("accounts/second_step.html", (FieldProblem("code", "Enter the code"),))
    step = steps.take_try(db.writing(), session.get("step", ""), now())
    db.session().commit()
    if step is None or step.person_id is None or step.email is None or step.proved_by is None:
        return _begin_again()
    return _second_factor(step.person_id, step.email, step.proved_by, code)


@blueprint.get("/sign-in/mail")
def ask_for_code() -> Page:
    return _code_page("accounts/ask_for_code.html", "", ())


@blueprint.post("/sign-in/mail")
def post_ask_for_code() -> Page:
    """Send a code; whether the address is anybody's, the answer and the work are the same (I10)."""
    email = typed(EmailForm().email.data)
    if not email:
        problem = FieldProblem("email", "Enter your e-mail address")
        return _code_page("accounts/ask_for_code.html", "", (problem,))
    if not may_try(Try.CODE, email):
        problem = FieldProblem("email", TOO_MANY_CODES)
        return _code_page("accounts/ask_for_code.html", email, (problem,)), 429
    session["step"] = _send_code(db.writing(), email)
    db.session().commit()
    return _on_to_step("accounts.mailed_code")


@blueprint.get("/sign-in/mail/code")
def mailed_code() -> Page:
    return _step_page("accounts/mailed_code.html", ()) if "step" in session else _begin_again()


@blueprint.post("/sign-in/mail/code")
def post_mailed_code() -> Page:
    code, token = _digits(CodeForm().code.data), session.get("step", "")
    if not code:
        problem = FieldProblem("code", "Enter the code from the e-mail")
        return _step_page("accounts/mailed_code.html", (problem,))
    step = steps.take_try(db.writing(), token, now())
    if step is None:
        db.session().rollback()
        return _begin_again()
    if not steps.is_right(step, token, code) or step.person_id is None or step.email is None:
        db.session().commit()
        _note("sign-in failed", step.person_id)
        problem = FieldProblem("code", "The code is not right. Look at the newest e-mail")
        return _step_page("accounts/mailed_code.html", (problem,))
    steps.end(db.session(), token)
    if second_factor.has_one(db.session(), step.person_id):
        session["step"] = steps.begin_second(db.session(), step.person_id, "code by mail", now())
        db.session().commit()
        return _on_to_step("accounts.second_step")
    db.session().commit()
    return _entered(step.person_id, step.email, "code by mail", twice=False)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    entering.leave()
    db.session().commit()
    logout_user()
    session.clear()
    flash("You have signed out.", "success")
    return redirect(url_for("accounts.sign_in"))


def own_address(address: str) -> str | None:
    """The address if it leads to a page of this site and nowhere else."""
    plain = address.isprintable() and "\\" not in address
    return address if plain and address.startswith("/") and not address.startswith("//") else None


def may_try(kind: Try, email: str) -> bool:
    """Count a try, by a transaction of its own; False when it is one too many."""
    allowed = throttling.note_try(db.writing(), kind, email, entering.source_of(email), now())
    if not allowed:
        security.note(db.session(), "throttled", seen(), by=None, at=now(), about=kind)
    db.session().commit()
    return allowed


def _second_factor(person_id: int, email: str, proved_by: str, code: str) -> Page:
    if not may_try(Try.SECOND_FACTOR, email):
        return _step_page("accounts/second_step.html", (FieldProblem("code", TOO_MANY),)), 429
    how = second_factor.is_right(db.writing(), person_id, code, now())
    db.session().commit()
    if how is None:
        _note("second factor failed", person_id)
        problem = FieldProblem("code", "The code is not right, or it was used already. Wait for the next one")
        return _step_page("accounts/second_step.html", (problem,))
    return _entered(person_id, email, f"{proved_by}, {how}", twice=True)


def _entered(person_id: int, email: str, proved_by: str, *, twice: bool) -> Page:
    entered = entering.enter(db.writing(), person_id, email, proved_by=proved_by, proved_twice=twice)
    db.session().commit()
    if not entered:
        problem = FieldProblem("email", "This account cannot sign in now")
        return _sign_in_page(SignInForm(), (problem,))
    if proved_by.startswith("code by mail") and not kept.carried():
        flash("You are signed in. If you forgot your password, you can choose a new one now.", "success")
    going_to = own_address(request.args.get("next", ""))
    # What is carried is posted to the page that it was meant for, and to no other.
    response = kept.on_to(going_to) if going_to else redirect(url_for("home.home"))
    return entering.remember_browser(response, email)


def _send_code(writing: Session, email: str) -> str:
    """The browser's token of a new code; a mail goes out only to somebody who has an account."""
    found = store.password_hash_of(writing, email)
    token, code = steps.begin_code(writing, found[0] if found else None, now())
    settings: Settings = current_app.extensions["compact.settings"]
    written = messages.code(settings.base_url)
    if found:
        mail.queue(
            writing,
            recipient=store.address_of(email),
            subject=written.subject,
            text=written.text,
            at=now(),
            secret=code,
            about="sign-in code",
        )
    security.note(writing, "code asked for", seen(), by=found[0] if found else None, at=now())
    return token


def _note(what: str, person_id: int | None) -> None:
    """Write a failure down, by a transaction of its own."""
    security.note(db.writing(), what, seen(), by=person_id, at=now())
    db.session().commit()


def typed(text: str | None) -> str:
    """What was typed into one line: PostgreSQL takes no NUL, and no page any control character."""
    return clean(text or "").strip()


def typed_line(text: str | None) -> str:
    """A name as it was typed, every run of blanks one space."""
    return one_line(typed(text))


def too_long(field: str, what: str, text: str) -> tuple[FieldProblem, ...]:
    """The problem of a name or a title that does not fit, if it does not."""
    wrong = wrong_text(what, text, LONGEST_NAME) or ""
    return (FieldProblem(field, sentence_case(wrong)),) if wrong else ()


def _digits(text: str | None) -> str:
    """A code as it was sent, however it was pasted."""
    return "".join(typed(text).split())


def _missing(form: SignInForm) -> tuple[FieldProblem, ...]:
    problems = []
    if not typed(form.email.data):
        problems.append(FieldProblem("email", "Enter your e-mail address"))
    if not form.password.data:
        problems.append(FieldProblem("password", "Enter your password"))
    return tuple(problems)


def _sign_in_page(form: SignInForm, problems: tuple[FieldProblem, ...]) -> str:
    contacts = contacts_of_all(db.session())
    if len(contacts) == 1:
        stand_for(contacts[0])
    again = bool(kept.carried())
    return render_template(
        "accounts/sign_in_again.html" if again else "accounts/sign_in.html",
        email=typed(form.email.data),
        problems=problems,
        contacts=contacts,
        why="signed-out",
        carried=kept.carried(),
        next=request.args.get("next", ""),
    )


def _step_page(template: str, problems: tuple[FieldProblem, ...]) -> str:
    return render_template(
        template, problems=problems, carried=kept.carried(), next=request.args.get("next", "")
    )


def _code_page(template: str, email: str, problems: tuple[FieldProblem, ...]) -> str:
    return render_template(
        template,
        email=email,
        problems=problems,
        carried=kept.carried(),
        next=request.args.get("next", ""),
    )


def _on_to_step(endpoint: str) -> Page:
    """The next step's page: drawn at once where it has something to carry, which no redirect to it could."""
    if kept.carried():
        templates = {"accounts.second_step": "second_step", "accounts.mailed_code": "mailed_code"}
        return _step_page(f"accounts/{templates[endpoint]}.html", ())
    return redirect(url_for(endpoint, next=_next()))


def _begin_again() -> Page:
    session.pop("step", None)
    if kept.carried():
        return _sign_in_page(SignInForm(formdata=None), (FieldProblem("email", OVER),))
    flash(f"{OVER}.", "important")
    return redirect(url_for("accounts.sign_in", next=_next()))


def _next() -> str | None:
    return request.args.get("next") or None
