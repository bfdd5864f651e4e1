"""More time for many organisations at once: one day, one reason, a mail to each that gets it."""

from collections.abc import Collection, Sequence

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compact import db
from compact.access import guard
from compact.actions.rules import parse_day
from compact.cycles import extensions, messages
from compact.cycles.rules import MoreTime, parse_more_time
from compact.mail import store as mail
from compact.organisations.settings_store import foot_of
from compact.web.clock import now, shown_day, today
from compact.web.problems import FieldProblem
from config import Settings

from . import chasing, store
from .finding import RoundSeen
from .places import PlaceRow, places_of_round
from .rules import STAGE_NAMES, WHY_LIMIT, Stage
from .writing import readers_of

blueprint = Blueprint("time", __name__)
Page = str | Response


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/cycles/<int:cycle_id>/arrangements")
def arrangements(cycle_id: int) -> Page:
    """Everything that was agreed with single organisations: who has more time, and who is excused."""
    seen, session = guard.found(RoundSeen), db.session()
    places = places_of_round(session, seen.cycle, [seen.partnership], today())
    given = extensions.given_in_round(session, cycle_id)
    return render_template(
        "desk/arrangements.html",
        seen=seen,
        longer=[(each, given[each.organisation_id]) for each in places if each.organisation_id in given],
        excused=[each for each in places if each.stage is Stage.EXCUSED],
        stage_names=STAGE_NAMES,
    )


@blueprint.get("/cycles/<int:cycle_id>/more-time")
def more_time(cycle_id: int) -> Page:
    return _page("", "", ())


@blueprint.post("/cycles/<int:cycle_id>/more-time")
def post_more_time(cycle_id: int) -> Page:
    """Give the ticked ones more time; who has as much already keeps what they have, and is told nothing."""
    seen, form = guard.found(RoundSeen), request.form
    ticked = {int(each) for each in form.getlist("organisation") if each.isascii() and each.isdigit()}
    typed = form.get("until", ""), form.get("why", "")
    given = parse_more_time(parse_day(typed[0]), typed[1], closes=seen.cycle.closes, today=today())
    problems: tuple[FieldProblem, ...] = given if isinstance(given, tuple) else ()
    if not ticked:
        problems = (FieldProblem("organisation", "Tick the organisations that get more time"), *problems)
    if problems or isinstance(given, tuple):
        return _page(*typed, ticked, problems)
    session = db.writing()
    store.lock_round(session, cycle_id, sorted(seen.organisations))
    places = [
        each
        for each in places_of_round(session, seen.cycle, [seen.partnership], today())
        if each.is_open and each.organisation_id in ticked and each.last_day < given.until
    ]
    _give(session, seen, places, given)
    session.commit()
    day = shown_day(given.until)
    if places:
        count = "1 organisation has" if len(places) == 1 else f"{len(places)} organisations have"
        flash(f"{count} until the end of {day}.", "success")
    else:
        flash(f"Nothing was changed: all of them have signed, or have until {day} or longer.", "important")
    look = chasing.look_of(request.args, seen.cycle.settings)
    return redirect(url_for("chase.desk", cycle_id=cycle_id, partnership=seen.partnership, **look.words))


def _give(session: Session, seen: RoundSeen, places: Sequence[PlaceRow], given: MoreTime) -> None:
    settings: Settings = current_app.extensions["compact.settings"]
    by, cycle = guard.signed_in_person().id, seen.cycle
    readers = readers_of(session, [each.organisation_id for each in places])
    foot = foot_of(session, seen.partnership)
    for place in sorted(places, key=lambda each: each.organisation_id):
        kept = extensions.extension_of(session, cycle.id, place.organisation_id)
        extensions.extend(
            session,
            cycle.id,
            place.organisation_id,
            given,
            shown_version=kept.version if kept else 0,
            by=by,
            at=now(),
        )
        for reader in readers.get(place.organisation_id, ()):
            written = messages.more_time(
                reader.name, place.organisation, cycle.name, given.until, settings.base_url
            )
            mail.queue(
                session,
                recipient=reader.email,
                subject=written.subject,
                text=written.text + foot,
                at=now(),
                about=f"extension {cycle.id} {place.organisation_id}",
            )


def _page(until: str, why: str, ticked: Collection[int], problems: tuple[FieldProblem, ...] = ()) -> str:
    seen, session = guard.found(RoundSeen), db.session()
    look = chasing.look_of(request.args, seen.cycle.settings)
    places = places_of_round(session, seen.cycle, [seen.partnership], today())
    listed = chasing.page_of(
        [each for each in places if each.is_open and look.sees(each)], request.args.get("page", "")
    )
    return render_template(
        "desk/more_time.html",
        seen=seen,
        look=look,
        shown=chasing.SHOWN.get(look.show, ""),
        listed=listed,
        stage_names=STAGE_NAMES,
        until=until,
        why=why,
        limit=WHY_LIMIT,
        ticked=ticked,
        problems=problems,
    )
