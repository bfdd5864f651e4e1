"""Rounds for officers: the list, opening one, its page, the check before launch, launching, adding."""

from collections.abc import Mapping

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compact import db
from compact.access import guard
from compact.actions.rules import parse_day
from compact.analysis.responses import response_by_sector, responses_by_cycle
from compact.analysis.rules import share
from compact.cycles import editions
from compact.cycles import store as cycle_store
from compact.cycles.rules import Stage as RoundStage
from compact.cycles.rules import stage
from compact.cycles.store import NewCycle
from compact.organisations.settings import USUAL_THRESHOLD
from compact.organisations.settings_store import foot_of
from compact.trail import store as trail
from compact.web.clock import now, today
from compact.web.problems import FieldProblem
from compact.web.texts import clean
from config import Settings

from . import finding, store
from .check import check as check_round
from .finding import OwnRounds, RoundSeen
from .places import PlaceRow, places_of_round
from .rules import Kind, PlannedRound, TypedRound, parse_round
from .rules import Stage as PlaceStage
from .writing import Letter, wording_of, write_to

blueprint = Blueprint("rounds", __name__)
Page = str | Response


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    finding.init_app(app)


@blueprint.get("/cycles")
def index() -> Page:
    own, session = guard.found(OwnRounds), db.session()
    rows = []
    for partnership, name in own.partnerships.items():
        cycles = [cycle for cycle in own.cycles if partnership in cycle.partnerships]
        counts = responses_by_cycle(session, cycles, partnership)
        for cycle in cycles:
            due = sum(each.due for each in counts[cycle.id].values())
            received = sum(each.received for each in counts[cycle.id].values())
            now_at = stage(cycle.opens, cycle.closes, today())
            rows.append((partnership, name, cycle, now_at, due, received, share(received, due)))
    launches = store.launches(session, [cycle.id for cycle in own.cycles])
    return render_template("desk/rounds.html", own=own, rows=rows, launches=launches)


@blueprint.get("/cycles/open")
def opening() -> Page:
    newest = max(editions.editions())
    return _opening_page(TypedRound("", newest, None, None, "", editions.edition(newest).settings), {})


@blueprint.post("/cycles/open")
def post_opening() -> Page:
    """Open a round for one of the officer's own partnerships, which hosts it alone."""
    form, own = request.form, guard.found(OwnRounds)
    host = _host(own, form.get("host", ""))
    typed = TypedRound(
        form.get("name", ""),
        form.get("edition", ""),
        parse_day(form.get("opens", "")),
        parse_day(form.get("closes", "")),
        form.get("threshold", ""),
        tuple(form.getlist("setting")),
    )
    known = {each.name: each.settings for each in editions.editions().values()}
    planned = parse_round(typed, known, own.thresholds.get(host or 0, USUAL_THRESHOLD))
    problems: tuple[FieldProblem, ...] = () if isinstance(planned, PlannedRound) else planned
    if host is None:
        problems = (*problems, FieldProblem("host", "Choose the partnership that runs the round"))
    if problems or host is None or not isinstance(planned, PlannedRound):
        return _opening_page(typed, form, problems)
    session = db.writing()
    cycle_store.lock_names(session)
    if cycle_store.cycle_by_name(session, planned.name) is not None:
        session.rollback()
        taken = f"There is a round named {planned.name} already: choose another name"
        return _opening_page(typed, form, (FieldProblem("name", taken),))
    cycle_id = _open(host, planned)
    session.commit()
    flash(f"{planned.name} is planned. Nobody was told yet: check it, then launch it.", "success")
    return redirect(url_for("rounds.check", cycle_id=cycle_id, partnership=host))


def _host(own: OwnRounds, typed: str) -> int | None:
    """The partnership that was chosen; who has only one does not choose."""
    ids = list(own.partnerships)
    return ids[0] if len(ids) == 1 else next((each for each in ids if str(each) == typed), None)


def _open(host: int, planned: PlannedRound) -> int:
    session, by = db.session(), guard.signed_in_person().id
    editions.store_texts(session, editions.edition(planned.edition))
    new = NewCycle(
        planned.name,
        planned.edition,
        planned.opens,
        planned.closes,
        planned.threshold,
        [host],
        planned.settings,
    )
    cycle_id = cycle_store.open_cycle(session, new, now())
    trail.record(session, "round opened", f"cycle {cycle_id}", by=by, at=now(), name=planned.name)
    return cycle_id


def _opening_page(typed: TypedRound, form: Mapping[str, str], problems: tuple[FieldProblem, ...] = ()) -> str:
    own = guard.found(OwnRounds)
    return render_template(
        "desk/opening.html",
        own=own,
        typed=typed,
        opens=form.get("opens", ""),
        closes=form.get("closes", ""),
        host=form.get("host"),
        editions=editions.editions(),
        problems=problems,
    )


@blueprint.get("/cycles/<int:cycle_id>")
def round_page(cycle_id: int) -> Page:
    seen, session = guard.found(RoundSeen), db.session()
    places = places_of_round(session, seen.cycle, [seen.partnership], today())
    responses = response_by_sector(session, seen.cycle, seen.partnership)
    edition = editions.edition(seen.cycle.edition)
    sectors = [
        (edition.questionnaires[each].sector, each, responses[each])
        for each in edition.settings
        if each in seen.cycle.settings
    ]
    return render_template(
        "desk/round.html",
        seen=seen,
        stage=stage(seen.cycle.opens, seen.cycle.closes, today()),
        launched=store.launches(session, [cycle_id]).get(cycle_id),
        sectors=sectors,
        share=share,
        excused=[each for each in places if each.stage is PlaceStage.EXCUSED],
        late=sum(each.is_late and each.is_open for each in places),
        bounced=sum(each.is_bounced for each in places),
        running_with=_running_with(seen),
    )


def _running_with(seen: RoundSeen) -> list[str]:
    """The names of the partnerships that run the round, the host first."""
    if len(seen.cycle.partnerships) == 1:
        return [seen.name]
    names = cycle_store.names_of_partnerships(db.session(), seen.cycle.partnerships)
    return [names[each] for each in seen.cycle.partnerships]


@blueprint.get("/cycles/<int:cycle_id>/check")
def check(cycle_id: int) -> Page:
    seen, session = guard.found(RoundSeen), db.session()
    edition = editions.edition(seen.cycle.edition)
    return render_template(
        "desk/check.html",
        seen=seen,
        edition=edition,
        found=check_round(session, seen.cycle, seen.launches, edition.settings, now()),
        launched=store.launches(session, [cycle_id]).get(cycle_id),
        is_open=_is_open(seen),
        host=cycle_store.names_of_partnerships(session, seen.cycle.partnerships[:1]),
        wording=wording_of(session, seen.cycle.partnerships[0], Kind.LAUNCH),
    )


def _is_open(seen: RoundSeen) -> bool:
    return stage(seen.cycle.opens, seen.cycle.closes, today()) is RoundStage.OPEN


@blueprint.post("/cycles/<int:cycle_id>/launch")
def launch(cycle_id: int) -> Page:
    """Tell everybody who signs that the round is open; whoever was told is not told again."""
    seen, session = guard.found(RoundSeen), db.writing()
    back = redirect(url_for("rounds.check", cycle_id=cycle_id, partnership=seen.partnership))
    store.lock_round(session, cycle_id, sorted(seen.organisations))
    is_launched = bool(store.launches(session, [cycle_id]))
    if not _is_open(seen) or not (is_launched or seen.is_host):
        session.rollback()
        return back
    store.launch(session, cycle_id, by=guard.signed_in_person().id, at=now())
    told = _tell_launched(seen)
    session.commit()
    if told:
        flash(f"{told} {'mail was' if told == 1 else 'mails were'} written.", "success")
    else:
        flash("Everybody who signs has been told already.", "important")
    return back


def _tell_launched(seen: RoundSeen) -> int:
    session, settings = db.session(), _settings()
    places: list[PlaceRow] = places_of_round(session, seen.cycle, seen.launches, today())
    host = seen.cycle.partnerships[0]
    letter = Letter(
        Kind.LAUNCH,
        wording_of(session, host, Kind.LAUNCH),
        cycle_store.names_of_partnerships(session, [host])[host],
        settings.base_url,
        guard.signed_in_person().id,
        foot_of(session, host),
    )
    return write_to(session, seen.cycle, places, letter, lambda _place: Kind.LAUNCH, now())


def _settings() -> Settings:
    settings: Settings = current_app.extensions["compact.settings"]
    return settings


@blueprint.get("/cycles/<int:cycle_id>/add")
def adding(cycle_id: int) -> Page:
    seen, wanted = guard.found(RoundSeen), clean(request.args.get("name", ""))[:300]
    found = store.candidates(db.session(), seen.cycle, seen.partnership, wanted)
    return render_template(
        "desk/adding.html",
        seen=seen,
        wanted=wanted,
        found=found,
        edition=editions.edition(seen.cycle.edition),
    )


@blueprint.post("/cycles/<int:cycle_id>/add")
def post_adding(cycle_id: int) -> Page:
    """Ask one more organisation; a second press of the button adds nothing."""
    seen, session = guard.found(RoundSeen), db.writing()
    typed = request.form.get("organisation", "")
    wanted = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    store.lock_round(session, cycle_id, ())
    added = store.candidate(session, seen.cycle, seen.partnership, wanted)
    if added is None:
        session.rollback()
        return redirect(url_for("rounds.adding", cycle_id=cycle_id, partnership=seen.partnership))
    cycle_store.add_due(session, cycle_id, [added.id], now())
    by = guard.signed_in_person().id
    trail.record(session, "added to the round", f"organisation {added.id}", by=by, at=now(), cycle=cycle_id)
    session.commit()
    flash(
        f"{added.name} is asked from now on. Tell its signatories on the page “Check and launch”.", "success"
    )
    return redirect(url_for("rounds.round_page", cycle_id=cycle_id, partnership=seen.partnership))
