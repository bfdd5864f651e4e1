"""The chase desk: how far every organisation is, who was told what, calls, and who is excused."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compact import db
from compact.access import guard
from compact.actions.rules import parse_day
from compact.cycles import editions
from compact.cycles.messages import about_part
from compact.documents.curves import Line, curves
from compact.documents.svg import Drawing
from compact.mail import store as mail
from compact.web.clock import local_day, now, shown_day, today
from compact.web.problems import FieldProblem

from . import chasing, store
from .finding import PartInRound, RoundSeen
from .last_round import round_before
from .log import MOST, calls, sendings
from .places import PlaceRow, places_of_round
from .response import OverTime, Signed, over_time
from .rules import NOTE_LIMIT, STAGE_NAMES, WHY_LIMIT, Note, Stage, parse_note, parse_why
from .store import CALL
from .wordings import KIND_NAMES
from .writing import readers_of

blueprint = Blueprint("chase", __name__)
NOW, BEFORE = "#1d70b8", "#505a5f"
Page = str | Response


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.add_template_global(_curves, "response_curves")


def _curves(shown: OverTime, words: str) -> Drawing:
    """This round's line, and before it the dashed one of the round before."""
    lines = [
        Line(shown.steps_before, shown.last - shown.first, BEFORE, dashed=True),
        Line(shown.steps, shown.known - shown.first, NOW),
    ]
    ends = (shown_day(shown.now.closes + timedelta(days=shown.first)), "last day")
    return curves(words, lines, shown.last - shown.first + 1, -shown.first, ends)


@blueprint.get("/cycles/<int:cycle_id>/chase")
def desk(cycle_id: int) -> Page:
    seen, session = guard.found(RoundSeen), db.session()
    places = places_of_round(session, seen.cycle, [seen.partnership], today())
    look = chasing.look_of(request.args, seen.cycle.settings)
    listed = chasing.page_of([each for each in places if look.sees(each)], request.args.get("page", ""))
    edition = editions.edition(seen.cycle.edition)
    settings = [each for each in edition.settings if each in seen.cycle.settings]
    contacts = store.last_contacts(session, cycle_id, [each.organisation_id for each in listed.rows])
    return render_template(
        "desk/chase.html",
        seen=seen,
        look=look,
        listed=listed,
        counts=chasing.counts_of(places, settings),
        sectors={each: edition.questionnaires[each].sector for each in settings},
        shown=chasing.SHOWN,
        stage_names=STAGE_NAMES,
        contacts={each: (local_day(at), what == CALL) for each, (at, what) in contacts.items()},
        response=None if look.words else _response(seen, places),
    )


def _response(seen: RoundSeen, places: Sequence[PlaceRow]) -> OverTime | None:
    """How the response came in since the round was launched, or opened where it never was."""
    session, cycle = db.session(), seen.cycle
    due = [each for each in places if each.stage is not Stage.EXCUSED]
    days = sorted(local_day(each.signed_at) for each in due if each.signed_at)
    launched = store.launches(session, [cycle.id]).get(cycle.id)
    begins = min([local_day(launched.at) if launched else cycle.opens, *days[:1]])
    before = round_before(session, cycle, seen.partnership)
    return over_time(Signed(cycle.name, cycle.closes, len(due), days), begins, today(), before)


@blueprint.get("/cycles/<int:cycle_id>/log")
def log(cycle_id: int) -> Page:
    """Who was written to when, and every call, over the whole round."""
    seen, session = guard.found(RoundSeen), db.session()
    return render_template(
        "desk/log.html",
        seen=seen,
        sendings=sendings(session, cycle_id, seen.partnership),
        calls=calls(session, cycle_id, seen.partnership),
        kind_names=KIND_NAMES,
        most=MOST,
    )


@blueprint.get("/cycles/<int:cycle_id>/organisations/<int:organisation_id>")
def part(cycle_id: int, organisation_id: int) -> Page:
    return _part_page({"on": shown_day(today())})


@blueprint.post("/cycles/<int:cycle_id>/organisations/<int:organisation_id>/calls")
def note_call(cycle_id: int, organisation_id: int) -> Page:
    form = request.form
    note = parse_note(
        form.get("whom", ""), parse_day(form.get("on", "")), form.get("said", ""), today=today()
    )
    if not isinstance(note, Note):
        return _part_page(form, note)
    session = db.writing()
    store.add_note(session, cycle_id, organisation_id, note, by=guard.signed_in_person().id, at=now())
    session.commit()
    flash("The call is noted.", "success")
    return _back(cycle_id, organisation_id)


@blueprint.post("/cycles/<int:cycle_id>/organisations/<int:organisation_id>/excuse")
def excuse(cycle_id: int, organisation_id: int) -> Page:
    """Excuse an organisation that has not signed; what waits to be sent to it is not sent any more."""
    found, why = guard.found(PartInRound), parse_why(request.form.get("why", ""), "Enter why it is excused")
    if isinstance(why, FieldProblem):
        return _part_page({**request.form, "on": shown_day(today())}, (why,))
    session = db.writing()
    store.lock_round(session, cycle_id, [organisation_id])
    if _has_signed(found):
        session.rollback()
        return _back(cycle_id, organisation_id)
    if store.excuse(session, cycle_id, organisation_id, why, by=guard.signed_in_person().id, at=now()):
        mail.drop_about(session, about_part(cycle_id, organisation_id), now())
    session.commit()
    flash(f"{found.place.organisation} is excused from {found.cycle.name}.", "success")
    return _back(cycle_id, organisation_id)


@blueprint.post("/cycles/<int:cycle_id>/organisations/<int:organisation_id>/ask-again")
def ask_again(cycle_id: int, organisation_id: int) -> Page:
    found, session = guard.found(PartInRound), db.writing()
    store.lock_round(session, cycle_id, [organisation_id])
    store.ask_again(session, cycle_id, organisation_id, by=guard.signed_in_person().id, at=now())
    session.commit()
    flash(f"{found.place.organisation} is asked again.", "success")
    return _back(cycle_id, organisation_id)


def _has_signed(found: PartInRound) -> bool:
    """Whether it has signed by now: what the finder saw may be older than the lock."""
    organisation = found.place.organisation_id
    places = places_of_round(
        db.session(), found.cycle, found.partnerships, today(), organisations=[organisation]
    )
    return any(each.stage is Stage.SIGNED for each in places)


def _back(cycle_id: int, organisation_id: int) -> Response:
    return redirect(url_for("chase.part", cycle_id=cycle_id, organisation_id=organisation_id))


def _part_page(typed: Mapping[str, str], problems: tuple[FieldProblem, ...] = ()) -> str:
    found, session = guard.found(PartInRound), db.session()
    ids = (found.cycle.id, found.place.organisation_id)
    return render_template(
        "desk/part.html",
        cycle=found.cycle,
        place=found.place,
        seen_from=found.partnerships[0],
        stage_names=STAGE_NAMES,
        kind_names=KIND_NAMES,
        readers=readers_of(session, [found.place.organisation_id]).get(found.place.organisation_id, []),
        mails=store.mails_to(session, *ids),
        notes=store.notes_of(session, *ids),
        typed={name: typed.get(name, "") for name in ("whom", "on", "said", "why")},
        limits={"said": NOTE_LIMIT, "why": WHY_LIMIT},
        problems=problems,
    )
