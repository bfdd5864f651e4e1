"""Signing in and out."""

from dataclasses import dataclass

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask_login import LoginManager, login_user, logout_user
from werkzeug.wrappers import Response

from compact import db
from compact.access.guard import person
from compact.access.values import Person
from compact.organisations.store import contacts_of_all
from compact.web.clock import now
from compact.web.frame import stand_for
from compact.web.problems import FieldProblem
from compact.web.texts import clean

from . import passwords, store
from .forms import SignInForm

blueprint = Blueprint("accounts", __name__)


@dataclass(frozen=True)
class SignedIn:
    """What Flask-Login holds of a request's person: the token of the sign-in, and the person."""

    token: str
    person: Person
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    manager = LoginManager(app)
    manager.user_loader(_load)
    app.register_blueprint(blueprint)


@blueprint.get("/sign-in")
def sign_in() -> str | Response:
    if person() is not None:
        return redirect(url_for("home.home"))
    return _sign_in_page(SignInForm(), ())


@blueprint.post("/sign-in")
def post_sign_in() -> str | Response:
    form = SignInForm()
    problems = tuple(_missing(form))
    if problems:
        return _sign_in_page(form, problems)
    known = store.password_hash_of(db.session(), _email(form))
    if not passwords.is_right(known[1] if known else None, form.password.data or "") or known is None:
        problem = FieldProblem("email", "The e-mail address or the password is not right")
        return _sign_in_page(form, (problem,))
    db.writing()
    if held := session.get("_user_id"):
        store.end_sign_in(db.session(), held)  # copies of the cookie that this browser came with die too
    token = store.begin_sign_in(db.session(), known[0], now())
    signed_in = store.signed_in(db.session(), token, now())
    db.session().commit()
    if signed_in is None:
        return _sign_in_page(form, (FieldProblem("email", "This account cannot sign in now"),))
    session.clear()
    login_user(SignedIn(token, signed_in))
    return redirect(own_address(request.args.get("next", "")) or url_for("home.home"))


@blueprint.post("/sign-out")
def sign_out() -> Response:
    token = session.get("_user_id")
    if token:
        store.end_sign_in(db.writing(), token)
        db.session().commit()
    logout_user()
    session.clear()
    flash("You have signed out.", "success")
    return redirect(url_for("accounts.sign_in"))


def own_address(address: str) -> str | None:
    """The address if it leads to a page of this site and nowhere else."""
    plain = address.isprintable() and "\\" not in address
    return address if plain and address.startswith("/") and not address.startswith("//") else None


def _load(token: str) -> SignedIn | None:
    found = store.signed_in(db.session(), token, now())
    return SignedIn(token, found) if found else None


def _email(form: SignInForm) -> str:
    """The address as typed, but for control characters: PostgreSQL takes no NUL, and no page any of them."""
    return clean(form.email.data or "")


def _missing(form: SignInForm) -> list[FieldProblem]:
    problems = []
    if not _email(form).strip():
        problems.append(FieldProblem("email", "Enter your e-mail address"))
    if not form.password.data:
        problems.append(FieldProblem("password", "Enter your password"))
    return problems


def _sign_in_page(form: SignInForm, problems: tuple[FieldProblem, ...]) -> str:
    contacts = contacts_of_all(db.session())
    if len(contacts) == 1:
        stand_for(contacts[0])
    return render_template("accounts/sign_in.html", email=_email(form), problems=problems, contacts=contacts)
