"""The organisations of an officer's partnerships: the list with its search, adding and correcting one."""

from collections.abc import Sequence

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compact import db
from compact.access import guard
from compact.trail.store import canonical, sha256
from compact.web.clock import now
from compact.web.problems import FieldProblem

from . import corrections, desk, store
from .corrections import HIPS, WHY_LIMIT, Details
from .desk import A_PAGE, ALL, Desk, Kept, Search
from .rules import CLOSED, OPEN, PHASES, one_line

blueprint = Blueprint("organisations", __name__)

Page = str | Response
MEANWHILE = "Somebody else changed it meanwhile. Compare, then save yours again"


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    guard.add_finder(app, "own areas", desk.find_desk)
    guard.add_finder(app, "organisation", desk.find_organisation)
    app.add_template_filter(phase_name, "phase")


def phase_name(phase: str) -> str:
    """A phase as people read it: All through, Post 16."""
    return phase.replace("_", " ").capitalize()


@blueprint.get("/organisations")
def index() -> Page:
    here, search = guard.found(Desk), _asked()
    found, count = desk.listed(db.session(), [each.id for each in here.partnerships], search)
    return render_template(
        "organisations/index.html",
        here=here,
        search=search,
        found=found,
        count=count,
        first=(search.page - 1) * A_PAGE + 1,
        pages=-(-count // A_PAGE),
        sectors=desk.sectors(),
    )


def _asked() -> Search:
    status = request.args.get("status", OPEN)
    return Search(
        words=one_line(request.args.get("q", "").replace("\0", ""))[:100],
        setting=request.args.get("type", "").replace("\0", "")[:100],
        status=status if status in (OPEN, CLOSED, ALL) else OPEN,
        page=min(max(request.args.get("page", 1, type=int), 1), 10_000),
    )


@blueprint.get("/organisations/new")
def new() -> Page:
    return _new_page(Details("", "", "", "", ""), "", frozenset(), ())


@blueprint.post("/organisations/new")
def add() -> Page:
    here, details = guard.found(Desk), corrections.typed_details(request.form)
    identifier = corrections.typed_line(request.form.get("identifier", ""))
    areas = here.areas.intersection(request.form.getlist("areas")) if len(here.areas) > 1 else here.areas
    owner_id = next((each.id for each in here.partnerships if areas.intersection(each.areas)), 0)
    session = db.writing()
    store.lock_for_import(session)
    problems = corrections.problems_of(details, _settings(here), areas)
    problems += corrections.problem_of_identifier(session, identifier, owner_id, areas)
    if problems:
        session.rollback()
        return _new_page(details, identifier, areas, problems)
    made = corrections.add(
        session,
        details,
        owner_id=owner_id,
        identifier=identifier,
        areas=areas,
        by=guard.signed_in_person().id,
        at=now(),
    )
    session.commit()
    flash(f"{details.name} is added. It is asked in rounds that open from now on.", "success")
    return redirect(url_for("organisation.show", organisation_id=made))


@blueprint.get("/organisations/<int:organisation_id>/correct")
def correct(organisation_id: int) -> Page:
    details = corrections.details_of(guard.found(Kept))
    return _correct_page(details, "", (), seen=fingerprint(details))


@blueprint.post("/organisations/<int:organisation_id>/correct")
def post_correct(organisation_id: int) -> Page:
    here, details = guard.found(Kept), corrections.typed_details(request.form)
    why = corrections.typed_why(request.form.get("why", ""))
    problems = corrections.problems_of(details, _settings_of(here), here.areas)
    problems += corrections.problem_of_why(why, wanted=False)
    seen = request.form.get("seen", "")
    if problems:
        return _correct_page(details, why, problems, seen=seen)
    session = db.writing()
    before = corrections.lock(session, organisation_id)
    if before is None or fingerprint(before) != seen:
        session.rollback()
        now_there = before or details
        meanwhile = FieldProblem("name", MEANWHILE)
        return _correct_page(details, why, [meanwhile], seen=fingerprint(now_there), theirs=now_there)
    changed = corrections.correct(
        session, organisation_id, before, details, why=why, by=guard.signed_in_person().id, at=now()
    )
    session.commit()
    flash(f"{details.name} is corrected." if changed else "Nothing was changed.", "success")
    return redirect(url_for("organisation.show", organisation_id=organisation_id))


def fingerprint(details: Details) -> str:
    """By what a page tells whether somebody else wrote meanwhile."""
    return sha256(canonical(vars(details)))[:16]


def _settings(here: Desk) -> dict[str, str]:
    """The types that a new organisation may have: a body of several areas needs several."""
    return {each: name for each, name in desk.sectors().items() if each != HIPS or len(here.areas) > 1}


def _settings_of(here: Kept) -> dict[str, str]:
    several = len(here.areas) > 1 or here.setting == HIPS
    there = {each: name for each, name in desk.sectors().items() if each != HIPS or several}
    return {here.setting: here.setting, **there}


def _new_page(
    details: Details, identifier: str, areas: frozenset[str], problems: Sequence[FieldProblem]
) -> str:
    here = guard.found(Desk)
    return render_template(
        "organisations/new.html",
        here=here,
        details=details,
        identifier=identifier,
        chosen=areas,
        settings=_settings(here),
        phases=PHASES,
        problems=problems,
    )


def _correct_page(
    details: Details,
    why: str,
    problems: Sequence[FieldProblem],
    *,
    seen: str,
    theirs: Details | None = None,
) -> str:
    here = guard.found(Kept)
    return render_template(
        "organisations/correct.html",
        here=here,
        details=details,
        why=why,
        why_limit=WHY_LIMIT,
        seen=seen,
        theirs=theirs,
        settings=_settings_of(here),
        phases=PHASES,
        problems=problems,
    )
