"""An organisation as its officers see it: what is known, its rounds, people and corrections; closing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from compact import db
from compact.access import guard
from compact.accounts import store as people
from compact.accounts.rules import ROLE_NAMES, PlaceKind
from compact.actions.rules import parse_day
from compact.cycles import store as cycle_store
from compact.cycles.store import OrganisationInCycle
from compact.organisations import corrections, desk
from compact.organisations.corrections import FIELDS, WHY_LIMIT, Correction
from compact.organisations.desk import Kept
from compact.organisations.rules import LOCAL, STATUS
from compact.organisations.store import partnerships
from compact.organisations.succession_store import related
from compact.organisations.views import phase_name
from compact.web.clock import now, shown_day, today
from compact.web.problems import FieldProblem

from .overview import ReturnState, returns_of
from .views import Page

blueprint = Blueprint("organisation", __name__)


@dataclass(frozen=True)
class Round:
    """A round that the organisation is due in, and how far its return is."""

    place: OrganisationInCycle
    state: ReturnState | None


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/organisations/<int:organisation_id>")
def show(organisation_id: int) -> Page:
    here, session = guard.found(Kept), db.session()
    noted = corrections.history(session, organisation_id)
    return render_template(
        "organisations/show.html",
        here=here,
        rows=_rows(session, here, corrections.in_force(noted)),
        rounds=_rounds(session, here),
        related=related(session, organisation_id),
        members=people.members_of(session, PlaceKind.ORGANISATION, organisation_id),
        role_names=ROLE_NAMES,
        history=[(each, _shown(each.field, each.was), _shown(each.field, each.corrected)) for each in noted],
        fields=FIELDS,
        names=people.names(session, {each.by_id for each in noted if each.by_id}),
    )


def _rows(session: Session, here: Kept, held: dict[str, Correction]) -> list[dict[str, Any]]:
    """What is known, each with what the register says where officers wrote otherwise."""
    names = {area: row.name for row in partnerships(session) for area in row.areas}
    status = f"Closed on {shown_day(here.closed_on)}" if here.closed_on else "Open"
    known = [
        ("", "Number", f"{here.register} {here.identifier}"),
        ("setting", FIELDS["setting"], desk.sectors().get(here.setting, here.setting)),
        ("phase", FIELDS["phase"], phase_name(here.phase) if here.phase else ""),
        ("", "Trust", here.trust or ""),
        ("", "Areas", ", ".join(f"{area} {names.get(area, '')}".strip() for area in here.areas)),
        ("name", FIELDS["name"], here.name),
        ("postcode", FIELDS["postcode"], here.postcode or ""),
        ("contact_email", FIELDS["contact_email"], here.contact_email or ""),
        (STATUS, FIELDS[STATUS], status),
    ]
    before = "before it was" if here.register == LOCAL else "the register says"
    return [
        {
            "key": key,
            "value": value or "Not known",
            "note": f"Corrected here; {before} {_shown(field, held[field].register_said)}"
            if field in held
            else "",
        }
        for field, key, value in known
        if field in held or (value and field != "name") or field in ("postcode", "contact_email")
    ]


def _shown(field: str, word: str | None) -> str:
    """A corrected word as people read it."""
    if not word:
        return "nothing"
    if field == "setting":
        return desk.sectors().get(word, word)
    return phase_name(word) if field in ("phase", STATUS) else word


def _rounds(session: Session, here: Kept) -> list[Round]:
    """The rounds of the officer's own partnerships, the newest first."""
    own = sorted(guard.signed_in_person().partnerships)
    mine = {cycle.id for cycle in cycle_store.cycles_of_partnerships(session, own)}
    states = returns_of(session, [here.id])
    return [
        Round(place, states.get((place.cycle_id, here.id)))
        for place in cycle_store.rounds_of_organisations(session, [here.id])
        if place.cycle_id in mine
    ]


@blueprint.get("/organisations/<int:organisation_id>/close")
def close(organisation_id: int) -> Page:
    return _status_page("", "", ())


@blueprint.post("/organisations/<int:organisation_id>/close")
def post_close(organisation_id: int) -> Page:
    """Close it with a day and a reason. Its returns stay; what is not signed is due no more."""
    typed, why = request.form.get("on", ""), corrections.typed_why(request.form.get("why", ""))
    on = parse_day(typed)
    problems = _wrong_day(on, today())
    problems += corrections.problem_of_why(why, wanted=True)
    here = guard.found(Kept)
    if (problems or on is None) and not here.closed_on:
        return _status_page(typed, why, problems)
    by, session = guard.signed_in_person().id, db.writing()
    if on is not None and corrections.close(session, organisation_id, on, why=why, by=by, at=now()):
        flash(f"{here.name} is closed from {shown_day(on)}. It is due in no round any more.", "success")
    session.commit()
    return redirect(url_for("organisation.show", organisation_id=organisation_id))


@blueprint.post("/organisations/<int:organisation_id>/reopen")
def reopen(organisation_id: int) -> Page:
    """Open one again that was closed by mistake, with a reason."""
    why, here = corrections.typed_why(request.form.get("why", "")), guard.found(Kept)
    problems = corrections.problem_of_why(why, wanted=True)
    if problems and here.closed_on:
        return _status_page("", why, problems)
    by, session = guard.signed_in_person().id, db.writing()
    if corrections.reopen(session, organisation_id, why=why, by=by, at=now()):
        flash(f"{here.name} is open again.", "success")
    session.commit()
    return redirect(url_for("organisation.show", organisation_id=organisation_id))


def _wrong_day(on: date | None, this_day: date) -> list[FieldProblem]:
    if on is None:
        return [FieldProblem("on", "Enter the day it closed, like 31 8 2026")]
    if on > this_day:
        return [FieldProblem("on", "Enter a day that is not in the future: until then it is open")]
    return []


def _status_page(on: str, why: str, problems: Sequence[FieldProblem]) -> str:
    here = guard.found(Kept)
    return render_template(
        "organisations/reopen.html" if here.closed_on else "organisations/close.html",
        here=here,
        rounds=[each for each in _rounds(db.session(), here) if not (each.state and each.state.signed_at)],
        on=on,
        why=why,
        limit=WHY_LIMIT,
        problems=problems,
    )
