"""A partnership's settings: one page, for its officers and for administrators."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compact import db
from compact.access import guard
from compact.access.values import Act, Owner, Person, Scope
from compact.trail.store import canonical, sha256
from compact.web.clock import now
from compact.web.frame import Contact, stand_for
from compact.web.problems import FieldProblem

from . import settings_store
from .settings import Settings, TypedSettings, as_typed, clashes, parse_settings

blueprint = Blueprint("settings", __name__)
Page = str | Response


@dataclass(frozen=True)
class Here:
    """A partnership with its settings as they were when the page was asked for."""

    id: int
    settings: Settings

    @property
    def owner(self) -> Owner:
        return Owner(partnerships=frozenset({self.id}))

    @property
    def scope(self) -> Scope:
        return Scope()


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    guard.add_finder(app, "settings", find_settings)


def find_settings(address: Mapping[str, Any], _asking: Person) -> Here | None:
    """The finder of a partnership with its settings."""
    settings = settings_store.settings_of(db.session(), address["partnership_id"])
    if settings is None:
        return None
    stand_for(Contact(settings.name, settings.contact_name, settings.contact_email, settings.contact_phone))
    return Here(address["partnership_id"], settings)


@blueprint.get("/partnerships/<int:partnership_id>/settings")
def show(partnership_id: int) -> Page:
    kept = guard.found(Here).settings
    return _page(as_typed(kept), fingerprint(kept))


@blueprint.post("/partnerships/<int:partnership_id>/settings")
def save(partnership_id: int) -> Page:
    """Keep what was typed, unless somebody else has saved something since the page was shown."""
    form = request.form
    typed = TypedSettings(**{each: form.get(each, "") for each in TypedSettings.__dataclass_fields__})
    session = db.writing()
    names = settings_store.lock_names(session)
    others = [name for each, name in names.items() if each != partnership_id]
    kept = settings_store.settings_of(session, partnership_id)
    wanted = parse_settings(typed, others)
    if not isinstance(wanted, Settings) or kept is None:
        session.rollback()
        return _page(typed, form.get("seen", ""), () if isinstance(wanted, Settings) else wanted)
    if fingerprint(kept) != form.get("seen") and wanted != kept:
        session.rollback()
        return _page(typed, fingerprint(kept), clashes(typed, kept))
    by = guard.signed_in_person().id
    changed = settings_store.change_settings(session, partnership_id, kept, wanted, by=by, at=now())
    session.commit()
    flash("The settings are saved." if changed else "Nothing was changed.", "success")
    return redirect(url_for("settings.show", partnership_id=partnership_id))


def fingerprint(settings: Settings) -> str:
    """By what a page tells whether somebody else saved meanwhile."""
    return sha256(canonical(vars(settings)))[:16]


def _page(typed: TypedSettings, seen: str, problems: tuple[FieldProblem, ...] = ()) -> str:
    here = guard.found(Here)
    return render_template(
        "organisations/settings.html",
        here=here,
        typed=typed,
        seen=seen,
        words_mails=guard.allows(Act.RUN_ROUND),
        problems=problems,
    )
