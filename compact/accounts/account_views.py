"""A person's own account: password, authenticator, sign-ins, and for whom they act."""

from dataclasses import dataclass
from io import BytesIO

import segno
from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from markupsafe import Markup

from compact import db
from compact.access.guard import person, signed_in_person
from compact.access.values import Person
from compact.organisations.store import names_of_organisations
from compact.trail import security
from compact.web.clock import now
from compact.web.origin import seen
from compact.web.problems import FieldProblem

from . import entering, passwords, second_factor, sessions, steps, store
from .forms import CodeForm, PasswordForm
from .rules import ROLE_NAMES, WARNING, Try
from .views import TOO_MANY, Page, may_try, own_address, typed

blueprint = Blueprint("account", __name__)


@dataclass(frozen=True)
class Deed:
    """What is done to an authenticator that is in use, as its page says it."""

    endpoint: str
    title: str
    what: str
    button: str


REMOVE = Deed(
    "account.remove_authenticator",
    "Remove your authenticator app",
    "Do this before you change to another telephone. Your recovery codes go as well.",
    "Remove the app",
)
RENEW = Deed(
    "account.new_recovery_codes",
    "Make new recovery codes",
    "You get ten new codes. Those that you kept so far stop working.",
    "Make new codes",
)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.context_processor(_context)


@blueprint.get("/account")
def account() -> Page:
    asking = signed_in_person()
    return render_template(
        "accounts/account.html",
        roles=_roles(asking),
        sign_ins=sessions.of_person(db.session(), asking.id, now()),
        this_one=sessions.hash_of(entering.token()),
        has_authenticator=second_factor.has_one(db.session(), asking.id),
        codes_left=second_factor.codes_left(db.session(), asking.id),
    )


@blueprint.get("/account/password")
def password() -> Page:
    return _password_page(())


@blueprint.post("/account/password")
def post_password() -> Page:
    """A new password. Who came by a code need not know the old one; every other sign-in ends."""
    asking, form = signed_in_person(), PasswordForm()
    if form.old.data and not may_try(Try.PASSWORD, asking.email):
        return _password_page((FieldProblem("old", TOO_MANY),)), 429
    problems = _password_problems(asking, form)
    if problems:
        return _password_page(problems)
    password_hash = passwords.hashed(form.password.data or "")
    store.set_password(db.writing(), asking.id, password_hash)
    sessions.end_all(db.session(), asking.id, but=entering.token())
    steps.end_all(db.session(), asking.id)
    entering.forgive(asking.email)
    _note("password changed")
    db.session().commit()
    flash("Your password is changed. You are signed out everywhere else.", "success")
    return redirect(url_for("account.account"))


@blueprint.get("/account/authenticator")
def authenticator() -> Page:
    return _authenticator_page(())


@blueprint.post("/account/authenticator/begin")
def begin_authenticator() -> Page:
    """Make the secret that the app and the service will share."""
    second_factor.begin(db.writing(), signed_in_person().id)
    db.session().commit()
    return redirect(url_for("account.authenticator", next=request.args.get("next") or None))


@blueprint.post("/account/authenticator")
def post_authenticator() -> Page:
    """The first code of a new authenticator, or one that proves a second time who somebody is."""
    asking, code = signed_in_person(), typed(CodeForm().code.data)
    if second_factor.has_one(db.session(), asking.id):
        return _prove_again(asking)
    if not code:
        return _authenticator_page((FieldProblem("code", "Enter the code that the app shows"),))
    codes = second_factor.confirm(db.writing(), asking.id, code.replace(" ", ""), now())
    if codes is None:
        db.session().rollback()
        problem = FieldProblem("code", "The code is not right. Wait until the app shows the next one")
        return _authenticator_page((problem,))
    sessions.note_second_factor(db.session(), entering.token())
    sessions.end_all(db.session(), asking.id, but=entering.token())
    _note("authenticator added")
    db.session().commit()
    return render_template("accounts/recovery_codes.html", codes=codes, going_to=_going_to())


@blueprint.get("/account/authenticator/remove")
def removing_authenticator() -> Page:
    return _deed_page(REMOVE)


@blueprint.post("/account/authenticator/remove")
def remove_authenticator() -> Page:
    """Give the authenticator up: for a new telephone, or by somebody who need not have one."""
    asking = signed_in_person()
    if problem := _unproved(asking):
        return _deed_page(REMOVE, problem)
    second_factor.remove(db.session(), asking.id)
    sessions.forget_second_factor(db.session(), asking.id)
    _note("authenticator removed")
    db.session().commit()
    flash("Your authenticator app is removed. Its codes are worth nothing from now on.", "success")
    return redirect(url_for("account.account"))


@blueprint.get("/account/recovery-codes")
def making_recovery_codes() -> Page:
    return _deed_page(RENEW)


@blueprint.post("/account/recovery-codes")
def new_recovery_codes() -> Page:
    asking = signed_in_person()
    if problem := _unproved(asking):
        return _deed_page(RENEW, problem)
    codes = second_factor.new_recovery_codes(db.session(), asking.id)
    _note("recovery codes made anew")
    db.session().commit()
    return render_template("accounts/recovery_codes.html", codes=codes, going_to=url_for("account.account"))


@blueprint.post("/account/sign-out-everywhere")
def sign_out_everywhere() -> Page:
    asking = signed_in_person()
    sessions.end_all(db.writing(), asking.id)
    _note("signed out everywhere")
    db.session().commit()
    session.clear()
    flash("You are signed out here and everywhere else.", "success")
    return redirect(url_for("accounts.sign_in"))


@blueprint.get("/acting-for")
def acting_for() -> Page:
    """Which of several organisations somebody acts for now."""
    return _acting_for_page(())


@blueprint.post("/acting-for")
def act_for() -> Page:
    chosen = request.form.get("organisation", "")
    own = {str(each): each for each in _organisations(signed_in_person())}
    if chosen not in own:
        return _acting_for_page((FieldProblem("organisation", "Choose who you act for now"),))
    sessions.act_for(db.writing(), entering.token(), own[chosen])
    db.session().commit()
    return redirect(_going_to())


@blueprint.get("/session")
def time_left() -> dict[str, int]:
    """How many seconds the sign-in still lasts if nothing more is asked for; asking does not lengthen it."""
    return _seconds()


@blueprint.post("/session")
def stay() -> dict[str, int]:
    sessions.note_seen(db.writing(), entering.token(), now())
    db.session().commit()
    return _seconds(seen_now=True)


def _seconds(*, seen_now: bool = False) -> dict[str, int]:
    held: sessions.SignedIn = current_user
    ends = held.seen_again(now()).ends_at if seen_now else held.ends_at
    return {
        "seconds": max(0, int((ends - now()).total_seconds())),
        "warning": int(WARNING.total_seconds()),
    }


def _password_problems(asking: Person, form: PasswordForm) -> tuple[FieldProblem, ...]:
    problems = []
    if _must_know_old():
        known = store.password_hash_of(db.session(), asking.email)
        if not form.old.data:
            problems.append(FieldProblem("old", "Enter your present password"))
        elif not passwords.is_right(known[1] if known else None, form.old.data):
            problems.append(FieldProblem("old", "Your present password is not right"))
    places = names_of_organisations(db.session(), _organisations(asking)).values()
    problem = passwords.problem_with(form.password.data or "", (asking.name, asking.email, *places))
    if problem:
        problems.append(FieldProblem("password", problem))
    return tuple(problems)


def _must_know_old() -> bool:
    """Who has just come by a code of their mailbox has forgotten the old password, or has none."""
    asking = signed_in_person()
    here = sessions.hash_of(entering.token())
    rows = sessions.of_person(db.session(), asking.id, now())
    return not any(row.token_hash == here and row.proved_by.startswith("code by mail") for row in rows)


def _password_page(problems: tuple[FieldProblem, ...]) -> str:
    return render_template(
        "accounts/password.html",
        problems=problems,
        must_know_old=_must_know_old(),
        shortest=passwords.SHORTEST_PASSWORD,
    )


def _authenticator_page(problems: tuple[FieldProblem, ...]) -> str:
    asking = signed_in_person()
    if second_factor.has_one(db.session(), asking.id):
        return render_template(
            "accounts/prove_again.html", problems=problems, next=request.args.get("next", "")
        )
    secret = second_factor.secret_being_set_up(db.session(), asking.id)
    if secret is None:
        return render_template(
            "accounts/begin_authenticator.html",
            is_required=asking.wants_second_factor,
            next=request.args.get("next", ""),
        )
    return render_template(
        "accounts/authenticator.html",
        problems=problems,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        qr_code=_qr_code(second_factor.address_of(secret, asking.email)),
        next=request.args.get("next", ""),
    )


def _prove_again(asking: Person) -> Page:
    if problem := _unproved(asking):
        return _authenticator_page((problem,)), _status(problem)
    sessions.note_second_factor(db.session(), entering.token())
    _note("second factor proved")
    db.session().commit()
    return redirect(_going_to())


def _deed_page(deed: Deed, problem: FieldProblem | None = None) -> Page:
    """Ask for a code once more, whatever was proved at the sign-in: somebody may have left the room."""
    if not second_factor.has_one(db.session(), signed_in_person().id):
        return redirect(url_for("account.authenticator"))
    problems = (problem,) if problem else ()
    return render_template("accounts/prove_for.html", deed=deed, problems=problems), _status(problem)


def _unproved(asking: Person) -> FieldProblem | None:
    """What is wrong with the code in the form. A right one is used up in the transaction that goes on."""
    code = typed(CodeForm().code.data)
    if not code:
        return FieldProblem("code", "Enter the code that the app shows, or one of your recovery codes")
    if not may_try(Try.SECOND_FACTOR, asking.email):
        return FieldProblem("code", TOO_MANY)
    if second_factor.is_right(db.writing(), asking.id, code, now()) is None:
        _note("second factor failed")
        db.session().commit()
        return FieldProblem("code", "The code is not right, or it was used already. Wait for the next one")
    entering.forgive(asking.email)
    return None


def _status(problem: FieldProblem | None) -> int:
    return 429 if problem and problem.text == TOO_MANY else 200


def _qr_code(address: str) -> Markup:
    """The code as a drawing with attributes alone: no style that the page's policy forbids."""
    drawn = BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, title="QR code", nl=False
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by the library from our own text


def _acting_for_page(problems: tuple[FieldProblem, ...]) -> Page:
    asking = signed_in_person()
    names = names_of_organisations(db.session(), _organisations(asking))
    if len(names) < 2:
        return redirect(url_for("home.home"))
    return render_template(
        "accounts/acting_for.html",
        problems=problems,
        organisations=sorted(names.items(), key=lambda each: (each[1], each[0])),
        chosen=request.args.get("organisation", type=int) or min(asking.organisations, default=None),
        next=request.args.get("next", ""),
    )


def _organisations(asking: Person) -> list[int]:
    """Those that somebody can act for. What an organisation took over goes with it."""
    own = (grant for grant in (*asking.grants, *asking.elsewhere) if not grant.taken_over)
    return sorted({grant.organisation_id for grant in own if grant.organisation_id})


def _roles(asking: Person) -> list[tuple[str, str]]:
    """Each role with the name of its place."""
    places = store.names_of_places(db.session(), asking.id)
    return [(ROLE_NAMES[role], place) for role, place in places]


def _going_to() -> str:
    return own_address(request.args.get("next", "")) or url_for("home.home")


def _note(what: str) -> None:
    security.note(db.session(), what, seen(), by=signed_in_person().id, at=now())


def _context() -> dict[str, object]:
    """What the frame of every page shows of a sign-in: how long it lasts, and for whom somebody acts."""
    asking = person()
    if asking is None:
        return {"acting": None, "session_lasts": None}
    return {"acting": _acting(asking), "session_lasts": _seconds()}


def _acting(asking: Person) -> str | None:
    """The organisation somebody acts for, where they could act for another one."""
    if not asking.elsewhere:
        return None
    own = [each.organisation_id for each in asking.grants if each.organisation_id and not each.taken_over]
    names = names_of_organisations(db.session(), own)
    return next(iter(names.values()), "nobody yet")
