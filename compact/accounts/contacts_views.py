"""Loading a partnership's contacts in bulk: look at what the list says first, then invite."""

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for

from compact import db
from compact.access import guard
from compact.documents.csv_reading import read_text
from compact.organisations.store import names_of_organisations
from compact.web.cli import InputMistakes
from compact.web.clock import now
from compact.web.problems import FieldProblem
from config import Settings

from . import contacts, invitations, places
from .places import Place
from .views import Page

blueprint = Blueprint("contacts", __name__)

# What the page can carry in a field until the person says "invite": some 2,000 people.
LONGEST_LIST = 150_000
LIST = "list.csv"  # what its mistakes call it before they are shown


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    guard.add_finder(app, "contacts", places.find_contacts)


@blueprint.get("/partnerships/<int:partnership_id>/contacts")
def upload(partnership_id: int) -> Page:
    return _page("", ())


@blueprint.post("/partnerships/<int:partnership_id>/contacts")
def load(partnership_id: int) -> Page:
    """Show what a list would do; the second time, with `then=invite`, do it."""
    listed, problems = _listed()
    if problems:
        return _page("", problems)
    inviting = request.form.get("then") == "invite"
    if inviting:
        contacts.lock(db.writing(), partnership_id)
    try:
        found = contacts.read(db.session(), LIST, listed.encode(), partnership_id, now())
    except InputMistakes as wrong:
        db.session().rollback()
        return _page("", _problems(wrong))
    if not inviting:
        return _page(listed, (), found)
    settings: Settings = current_app.extensions["compact.settings"]
    by, writing = guard.signed_in_person().id, db.session()
    for new in found.new:
        invitations.invite(writing, new, by=by, base_url=settings.base_url, now=now())
    writing.commit()
    flash(f"Invited {len(found.new)}, there already {found.there}.", "success")
    return redirect(url_for("people.index"))


def _listed() -> tuple[str, tuple[FieldProblem, ...]]:
    """The list as text: from a file that was chosen, or from the page that showed it before."""
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        listed = request.form.get("listed", "")
        return listed, () if listed else (FieldProblem("file", "Choose a file"),)
    data = chosen.read()
    if len(data) > LONGEST_LIST:
        return "", (FieldProblem("file", "The list is too long for a page. Part it, or ask for the command"),)
    try:
        return read_text(LIST, data), ()
    except InputMistakes as wrong:
        return "", _problems(wrong)


def _problems(wrong: InputMistakes) -> tuple[FieldProblem, ...]:
    """The list's mistakes, each with its line; which file was chosen is known to who chose it."""
    return tuple(FieldProblem("file", f"Line {line.removeprefix(f'{LIST}:')}") for line in wrong.lines)


def _page(listed: str, problems: tuple[FieldProblem, ...], found: contacts.Contacts | None = None) -> str:
    return render_template(
        "accounts/contacts.html",
        here=guard.found(Place),
        problems=problems,
        listed=listed,
        found=found,
        names=names_of_organisations(
            db.session(), [new.grant.organisation_id for new in found.new if new.grant.organisation_id]
        )
        if found
        else {},
    )
