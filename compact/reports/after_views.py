"""After publishing: the numbers and what became of them, the open link, and all that somebody may read."""

from itertools import groupby

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compact import db
from compact.access import guard
from compact.access.values import Act
from compact.cycles import editions
from compact.cycles import store as cycle_store
from compact.mail import store as mail
from compact.returns.forms import number_in
from compact.web.clock import now
from compact.web.frame import Contact, stand_for
from compact.web.problems import FieldProblem
from compact.web.texts import clean
from config import Settings

from . import numbers, store, telling, writing_store
from . import open_link as open_links
from .publishing import WHY_LIMIT, why_problems
from .views import NumbersSeen, SummaryDrafted, blueprint

Page = str | Response


@blueprint.get("/learning")
def index() -> Page:
    """Every summary that this person may read, by round."""
    session, person = db.session(), guard.signed_in_person()
    learnt = numbers.learnt_by(session, person)
    contact = cycle_store.contact_for(session, sorted(person.organisations), sorted(person.partnerships))
    if contact:
        stand_for(Contact(*contact))
    return render_template(
        "reports/index.html",
        rounds=[list(of_round) for _, of_round in groupby(learnt, lambda each: each.cycle_id)],
        titles={
            (each.edition, each.sector): editions.questionnaire(each.edition, each.sector).sector
            for each in learnt
        },
        partnerships={each.partnership_id for each in learnt},
    )


@blueprint.get("/learning/<int:cycle_id>/<sector>/numbers")
def all_numbers(cycle_id: int, sector: str) -> Page:
    seen = guard.found(NumbersSeen)
    return render_template(
        "reports/numbers.html",
        seen=seen,
        sector=sector,
        title=editions.questionnaire(seen.cycle.edition, sector).sector,
        may_publish=guard.allows(Act.PUBLISH),
    )


@blueprint.get("/learning/<int:cycle_id>/<sector>/<int:number>")
def one_number(cycle_id: int, sector: str, number: int) -> Page:
    """A number as it was published, and what took its place."""
    seen = guard.found(NumbersSeen)
    row = next((each for each in seen.numbers if each.number == number), None)
    published = store.of_number(db.session(), cycle_id, seen.partnership, sector, number)
    if row is None or published is None:
        abort(404)
    return render_template(
        "reports/number.html",
        seen=seen,
        sector=sector,
        row=row,
        published=published,
        summary=published.summary,
        newest=numbers.newest(seen.numbers, number),
    )


@blueprint.get("/learning/<int:cycle_id>/<sector>/withdraw")
def withdrawing(cycle_id: int, sector: str) -> Page:
    seen = guard.found(SummaryDrafted)
    published = store.in_force(db.session(), cycle_id, seen.seen_from, sector)
    if published is None:
        return _to_numbers(cycle_id, sector)
    return _withdraw_page(sector, published.number, "")


@blueprint.post("/learning/<int:cycle_id>/<sector>/withdraw")
def withdraw(cycle_id: int, sector: str) -> Page:
    """Withdraw the number that the officer saw; mails about it that have not gone yet are recalled."""
    seen, form = guard.found(SummaryDrafted), request.form
    number, why = number_in(form.get("number", "")) or 0, clean(form.get("why", "")).strip()
    problems = why_problems(why, "Say why it is withdrawn")
    if problems:
        return _withdraw_page(sector, number, form.get("why", ""), tuple(problems))
    session, by = db.writing(), guard.signed_in_person().id
    place = (cycle_id, seen.seen_from, sector)
    writing_store.lock(session, seen.seen_from)
    if not numbers.withdraw(session, *place, number, why, by=by, at=now()):
        session.rollback()
        flash("It was not in force any more, so nothing was withdrawn.", "important")
        return _to_numbers(cycle_id, sector)
    mail.drop_about(session, telling.about(*place, number), now())
    session.commit()
    flash(f"Number {number} is withdrawn. Readers see why.", "success")
    return _to_numbers(cycle_id, sector)


def _withdraw_page(sector: str, number: int, why: str, problems: tuple[FieldProblem, ...] = ()) -> str:
    return render_template(
        "reports/withdraw.html",
        seen=guard.found(SummaryDrafted),
        sector=sector,
        number=number,
        why=why,
        why_limit=WHY_LIMIT,
        problems=problems,
    )


@blueprint.get("/learning/<int:cycle_id>/<sector>/open-link")
def open_link(cycle_id: int, sector: str) -> Page:
    seen, session = guard.found(SummaryDrafted), db.session()
    place = (cycle_id, seen.seen_from, sector)
    token = open_links.link_of(session, *place)
    settings: Settings = current_app.extensions["compact.settings"]
    address = url_for("reports.open_summary", token=token) if token else ""
    return render_template(
        "reports/open_link.html",
        seen=seen,
        sector=sector,
        title=editions.questionnaire(seen.cycle.edition, sector).sector,
        token=token,
        address=f"{settings.base_url.rstrip('/')}{address}",
        is_published=store.in_force(session, *place) is not None,
    )


@blueprint.post("/learning/<int:cycle_id>/<sector>/open-link")
def change_open_link(cycle_id: int, sector: str) -> Page:
    """Open the summary to anyone with the link, or close it. A second press of the button changes nothing."""
    seen, session = guard.found(SummaryDrafted), db.writing()
    place, by = (cycle_id, seen.seen_from, sector), guard.signed_in_person().id
    writing_store.lock(session, seen.seen_from)
    if request.form.get("then") == "close":
        open_links.close_link(session, *place, by=by, at=now())
        said = "The link does not open anything any more."
    else:
        open_links.open_to_anyone(session, *place, by=by, at=now())
        said = "Anyone who has the link can read the summary."
    session.commit()
    flash(said, "success")
    return redirect(
        url_for("reports.open_link", cycle_id=cycle_id, sector=sector, partnership=seen.seen_from)
    )


def _to_numbers(cycle_id: int, sector: str) -> Response:
    """The list of all numbers; where there is none, the page that prepares the first."""
    seen = guard.found(SummaryDrafted)
    any_number = numbers.numbers_of(db.session(), cycle_id, seen.seen_from, sector)
    page = "reports.all_numbers" if any_number else "reports.publish"
    return redirect(url_for(page, cycle_id=cycle_id, sector=sector, partnership=seen.seen_from))
