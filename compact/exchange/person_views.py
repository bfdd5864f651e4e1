"""What is held about a person, to download; and removing somebody who asks to be forgotten."""

import json

from flask import Blueprint, Flask, Response, flash, redirect, request, url_for

from compact import db
from compact.access.guard import signed_in_person
from compact.accounts import places, store
from compact.accounts.administration_views import found_person, person_page
from compact.accounts.rules import PlaceKind
from compact.accounts.store import PersonRow
from compact.accounts.views import Page
from compact.trail import security
from compact.web.clock import now
from compact.web.origin import seen
from compact.web.problems import FieldProblem

from .person import Needed, forget, held_about

blueprint = Blueprint("person", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/account/data")
def own_data() -> Response:
    row = store.person_by_id(db.session(), signed_in_person().id)
    assert row is not None  # noqa: S101 - they are signed in
    return _download(row)


@blueprint.get("/administration/people/<int:person_id>/data")
def data(person_id: int) -> Response:
    return _download(found_person())


@blueprint.post("/administration/people/<int:person_id>/forget")
def remove(person_id: int) -> Page:
    row = found_person()
    if request.form.get("confirm") != "yes":
        return person_page(row, (FieldProblem("confirm", "Tick the box to remove the person"),))
    store.lock_members(db.writing(), PlaceKind.INSTALLATION, places.INSTALLATION_ID)
    try:
        forget(db.session(), row, by=signed_in_person().id, now=now())
    except Needed:
        db.session().rollback()
        problem = (
            "They are the only signatory of a place, or the only administrator. Invite the next one first"
        )
        return person_page(row, (FieldProblem("confirm", problem),))
    db.session().commit()
    flash("The person is removed.", "success")
    return redirect(url_for("administration.people"))


def _download(row: PersonRow) -> Response:
    """The file; that it was asked for is written down."""
    held = held_about(db.session(), row, now())
    about = f"person {row.id}"
    security.note(db.writing(), "data exported", seen(), by=signed_in_person().id, at=now(), about=about)
    db.session().commit()
    text = json.dumps(held, ensure_ascii=False, indent=1) + "\n"
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="person-{row.id}.json"'
    return answer
