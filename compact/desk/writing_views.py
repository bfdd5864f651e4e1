"""Mails of the desk: writing to a stage, a sector or one organisation; a partnership's own wording."""

import re
import secrets
from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, Flask, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compact import db
from compact.access import guard
from compact.cycles import editions
from compact.mail.rules import Written
from compact.organisations.settings_store import foot_of
from compact.web.clock import now, today
from compact.web.problems import FieldProblem
from config import Settings

from . import chasing, store
from .finding import OwnPartnership, RoundSeen
from .places import PlaceRow, places_of_round
from .rules import MARKS, SUBJECT_LIMIT, TEXT_LIMIT, Kind, Place, filled, parse_wording
from .wordings import KIND_NAMES, OWN, WHEN_SENT
from .writing import Letter, as_sent, readers_of, word, wording_of, wordings_of, write_to

blueprint = Blueprint("writing", __name__)
Page = str | Response

_SENDING = re.compile("[0-9a-f]{32}")
# Whom a preview is for: nobody there is.
EXAMPLE = Place(
    organisation="Larkfield Primary School",
    round="Compact 2026",
    last_day="18 December 2026",
    link="https://compact.example.org/returns/12",
    partnership="",
)
EXAMPLE_READER = "Robin Ashdown"


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/cycles/<int:cycle_id>/write")
def write(cycle_id: int) -> Page:
    seen = guard.found(RoundSeen)
    chosen = _chosen(db.session(), seen)
    wording = wording_of(db.session(), seen.partnership, chosen.kind)
    return _write_page(chosen, wording, secrets.token_hex(16))


@blueprint.post("/cycles/<int:cycle_id>/write")
def post_write(cycle_id: int) -> Page:
    """Show what would be sent; with `then=send`, send it: a second press of the button sends nothing."""
    seen, form = guard.found(RoundSeen), request.form
    typed = Written(form.get("subject", ""), form.get("text", ""))
    sending = form.get("sending", "")
    if not _SENDING.fullmatch(sending):
        sending = secrets.token_hex(16)
    wording = parse_wording(*typed)
    if isinstance(wording, Written) and wording.text.split() == OWN[Kind.MESSAGE].text.split():
        wording = (FieldProblem("text", "Write your message: it has only a greeting and the link so far"),)
    if not isinstance(wording, Written):
        return _write_page(_chosen(db.session(), seen), typed, sending, wording)
    if form.get("then") != "send":
        chosen = _chosen(db.session(), seen)
        return _write_page(chosen, wording, sending, preview=_preview(seen, chosen, wording))
    session = db.writing()
    store.lock_round(session, cycle_id, sorted(seen.organisations))
    chosen = _chosen(session, seen)
    letter = _letter(seen, chosen.kind, wording)
    told = write_to(session, seen.cycle, chosen.places, letter, lambda _place: f"message {sending}", now())
    session.commit()
    if told:
        flash(f"{told} {'mail was' if told == 1 else 'mails were'} written.", "success")
    else:
        flash("No mail was written: nobody is left who was not told.", "important")
    return redirect(chosen.back)


class Chosen(NamedTuple):
    """Who is written to, with which kind of mail, and the address that leads back to them."""

    places: Sequence[PlaceRow]
    kind: Kind
    back: str


def _chosen(session: Session, seen: RoundSeen) -> Chosen:
    """One organisation, or all that are looked at; of these only who has neither signed nor is excused."""
    typed = request.args.get("organisation", "")
    if typed:
        wanted = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
        places = places_of_round(session, seen.cycle, [seen.partnership], today(), organisations=[wanted])
        if not places:
            abort(404)
        back = url_for("chase.part", cycle_id=seen.cycle.id, organisation_id=wanted)
        return Chosen([each for each in places if each.is_open], chasing.look_at(places[0]).kind, back)
    look = chasing.look_of(request.args, seen.cycle.settings)
    places = places_of_round(session, seen.cycle, [seen.partnership], today())
    back = url_for("chase.desk", cycle_id=seen.cycle.id, partnership=seen.partnership, **look.words)
    return Chosen([each for each in places if each.is_open and look.sees(each)], look.kind, back)


def _letter(seen: RoundSeen, kind: Kind, wording: Written) -> Letter:
    settings: Settings = current_app.extensions["compact.settings"]
    foot = foot_of(db.session(), seen.partnership)
    return Letter(kind, wording, seen.name, settings.base_url, guard.signed_in_person().id, foot)


def _preview(seen: RoundSeen, chosen: Chosen, wording: Written) -> Written | None:
    """The mail as the first of its readers gets it."""
    readers = readers_of(db.session(), [each.organisation_id for each in chosen.places])
    first = next((each for each in chosen.places if each.organisation_id in readers), None)
    if first is None:
        return None
    letter = _letter(seen, chosen.kind, wording)
    return as_sent(seen.cycle, first, letter, readers[first.organisation_id][0].name)


def _write_page(
    chosen: Chosen,
    wording: Written,
    sending: str,
    problems: tuple[FieldProblem, ...] = (),
    *,
    preview: Written | None = None,
) -> str:
    seen, places = guard.found(RoundSeen), chosen.places
    look = chasing.look_of(request.args, seen.cycle.settings)
    readers = readers_of(db.session(), [each.organisation_id for each in places])
    edition = editions.edition(seen.cycle.edition)
    return render_template(
        "desk/write.html",
        seen=seen,
        only=places[0] if places and request.args.get("organisation") else None,
        shown=chasing.SHOWN.get(look.show, ""),
        sector=edition.questionnaires[look.sector].sector if look.sector else "",
        phase=look.phase,
        back=chosen.back,
        organisations=len(places),
        people=sum(len(each) for each in readers.values()),
        silent=[each for each in places if each.organisation_id not in readers],
        wording=wording,
        sending=sending,
        preview=preview,
        marks=MARKS,
        limits={"subject": SUBJECT_LIMIT, "text": TEXT_LIMIT},
        problems=problems,
    )


@blueprint.get("/partnerships/<int:partnership_id>/wording")
def wordings(partnership_id: int) -> Page:
    own = wordings_of(db.session(), partnership_id)
    return render_template(
        "desk/wordings.html",
        here=guard.found(OwnPartnership),
        rows=[(kind, KIND_NAMES[kind], WHEN_SENT[kind], kind in own) for kind in Kind],
    )


@blueprint.get("/partnerships/<int:partnership_id>/wording/<kind>")
def wording(partnership_id: int, kind: str) -> Page:
    which = _kind(kind)
    return _wording_page(which, wording_of(db.session(), partnership_id, which))


@blueprint.post("/partnerships/<int:partnership_id>/wording/<kind>")
def post_wording(partnership_id: int, kind: str) -> Page:
    """Show how a wording would read; with `then=save`, keep it; with `then=own`, go back to the service's."""
    which, then = _kind(kind), request.form.get("then")
    typed = Written(request.form.get("subject", ""), request.form.get("text", ""))
    chosen = OWN[which] if then == "own" else parse_wording(*typed)
    if not isinstance(chosen, Written):
        return _wording_page(which, typed, chosen)
    if then not in ("save", "own"):
        return _wording_page(which, chosen, preview=_example(chosen))
    session = db.writing()
    word(session, partnership_id, which, chosen, by=guard.signed_in_person().id, at=now())
    session.commit()
    flash(f"“{KIND_NAMES[which]}” is worded as you see it here.", "success")
    return redirect(url_for("writing.wording", partnership_id=partnership_id, kind=kind))


def _kind(typed: str) -> Kind:
    """The kind of mail that an address names; 404 for any other word."""
    return Kind(typed) if typed in list(Kind) else abort(404)


def _example(wording: Written) -> Written:
    here = guard.found(OwnPartnership)
    values = {**vars(EXAMPLE), "partnership": here.name}
    subject, text = filled(wording, Place(**values), EXAMPLE_READER)
    return Written(subject, text + foot_of(db.session(), here.id))


def _wording_page(
    kind: Kind,
    wording: Written,
    problems: tuple[FieldProblem, ...] = (),
    *,
    preview: Written | None = None,
) -> str:
    here = guard.found(OwnPartnership)
    return render_template(
        "desk/wording.html",
        here=here,
        title=KIND_NAMES[kind],
        when=WHEN_SENT[kind],
        wording=wording,
        is_own=kind in wordings_of(db.session(), here.id),
        preview=preview,
        marks=MARKS,
        limits={"subject": SUBJECT_LIMIT, "text": TEXT_LIMIT},
        problems=problems,
    )
