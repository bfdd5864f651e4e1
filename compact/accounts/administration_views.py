"""What administrators look after: everybody's account, the trail, and the security log."""

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for

from compact import db
from compact.access import guard
from compact.trail import security
from compact.trail import store as trail
from compact.web.clock import now
from compact.web.origin import seen
from compact.web.problems import FieldProblem

from . import places, second_factor, sessions, steps, store
from .places import INSTALLATION_ID, Administered
from .rules import ROLE_NAMES, PlaceKind
from .store import PersonRow
from .views import Page, typed

blueprint = Blueprint("administration", __name__)

A_PAGE = 50


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    guard.add_finder(app, "installation", places.find_installation)
    guard.add_finder(app, "person", places.find_person)


@blueprint.get("/administration/people")
def people() -> Page:
    looking_for = typed(request.args.get("q"))[:100]
    return render_template(
        "accounts/people.html", people=store.people(db.session(), looking_for), looking_for=looking_for
    )


@blueprint.get("/administration/people/<int:person_id>")
def person(person_id: int) -> Page:
    return person_page(found_person(), ())


@blueprint.post("/administration/people/<int:person_id>/disable")
def disable(person_id: int) -> Page:
    """Let somebody in no more. It bites at their very next request."""
    row = found_person()
    writing = db.writing()
    store.lock_members(writing, PlaceKind.INSTALLATION, INSTALLATION_ID)
    if store.is_needed(writing, PlaceKind.INSTALLATION, INSTALLATION_ID, row.id):
        writing.rollback()
        return person_page(row, (FieldProblem("disable", "Invite another administrator first"),))
    store.disable(writing, row.id, now())
    sessions.end_all(writing, row.id)
    steps.end_all(writing, row.id)
    _record("account disabled", row)
    writing.commit()
    flash(f"{row.name} can no longer sign in.", "success")
    return redirect(url_for("administration.person", person_id=row.id))


@blueprint.post("/administration/people/<int:person_id>/enable")
def enable(person_id: int) -> Page:
    row = found_person()
    store.disable(db.writing(), row.id, None)
    _record("account enabled", row)
    db.session().commit()
    flash(f"{row.name} can sign in again.", "success")
    return redirect(url_for("administration.person", person_id=row.id))


@blueprint.post("/administration/people/<int:person_id>/end-sessions")
def end_sessions(person_id: int) -> Page:
    row = found_person()
    sessions.end_all(db.writing(), row.id)
    _note("sessions ended by an administrator", row)
    db.session().commit()
    flash(f"{row.name} is signed out everywhere.", "success")
    return redirect(url_for("administration.person", person_id=row.id))


@blueprint.post("/administration/people/<int:person_id>/forget-authenticator")
def forget_authenticator(person_id: int) -> Page:
    """For somebody who lost the telephone and the recovery codes: they set up a new one."""
    row = found_person()
    second_factor.remove(db.writing(), row.id)
    sessions.end_all(db.session(), row.id)
    _note("authenticator removed by an administrator", row)
    db.session().commit()
    flash(f"The authenticator of {row.name} is forgotten.", "success")
    return redirect(url_for("administration.person", person_id=row.id))


@blueprint.get("/administration/trail")
def show_trail() -> Page:
    """The trail from its newest entry on; whether its chain is whole is for the command to say."""
    before = _before()
    found = trail.latest(db.session(), before=before, limit=A_PAGE + 1)
    entries = found[:A_PAGE]
    return render_template(
        "accounts/trail.html",
        entries=entries,
        names=store.names(db.session(), [each.person_id for each in entries if each.person_id]),
        older=entries[-1].sequence if len(found) > A_PAGE else None,
        is_first_page=before is None,
    )


@blueprint.get("/administration/security")
def show_security() -> Page:
    before = _before()
    found = security.latest(db.session(), before=before, limit=A_PAGE + 1)
    entries = found[:A_PAGE]
    return render_template(
        "accounts/security.html",
        entries=entries,
        names=store.names(db.session(), [each.person_id for each in entries if each.person_id]),
        older=entries[-1].id if len(found) > A_PAGE else None,
        is_first_page=before is None,
    )


def _before() -> int | None:
    """The place in a log before which the page begins, if the address names one that there can be."""
    before = request.args.get("before", type=int)
    return before if before is not None and 0 <= before <= guard.LARGEST_ID else None


def found_person() -> PersonRow:
    """The person of this address."""
    row = guard.found(Administered).person
    assert row is not None  # noqa: S101 - the finder of "person" found one
    return row


def _record(what: str, row: PersonRow) -> None:
    by = guard.signed_in_person().id
    trail.record(db.session(), what, f"person {row.id}", by=by, at=now())


def _note(what: str, row: PersonRow) -> None:
    by = guard.signed_in_person().id
    security.note(db.session(), what, seen(), by=by, at=now(), about=f"person {row.id}")


def person_page(row: PersonRow, problems: tuple[FieldProblem, ...]) -> str:
    """An account as an administrator sees it."""
    return render_template(
        "accounts/person.html",
        row=row,
        problems=problems,
        roles=[(ROLE_NAMES[role], place) for role, place in store.names_of_places(db.session(), row.id)],
        sign_ins=sessions.of_person(db.session(), row.id, now()),
        has_authenticator=second_factor.has_one(db.session(), row.id),
    )
