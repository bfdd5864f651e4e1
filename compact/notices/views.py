"""The accessibility statement and the privacy notice: the partnership's own, about the product as it is."""

from collections.abc import Sequence

from flask import Blueprint, Flask, render_template
from sqlalchemy.exc import DBAPIError

from compact import db
from compact.organisations.store import contacts_of_all
from compact.web import logs
from compact.web.clock import today
from compact.web.frame import Contact, stand_for

from .rules import ACCESSIBILITY, PRIVACY, overdue

blueprint = Blueprint("notices", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    if overdue(ACCESSIBILITY, today()):
        logs.event("accessibility-statement-overdue", reviewed=ACCESSIBILITY.reviewed.isoformat())


@blueprint.get("/accessibility")
def accessibility() -> str:
    return render_template(
        "notices/accessibility.html", statement=ACCESSIBILITY, partnerships=_partnerships()
    )


@blueprint.get("/privacy")
def privacy() -> str:
    return render_template("notices/privacy.html", versions=PRIVACY, partnerships=_partnerships())


def _partnerships() -> Sequence[Contact]:
    """Whose notices they are; a single partnership stands at head and foot of the page too.

    Nobody while the database cannot be reached: the law wants the notices read all the same.
    """
    try:
        contacts = contacts_of_all(db.session())
    except DBAPIError:
        return ()
    if len(contacts) == 1:
        stand_for(contacts[0])
    return contacts
