"""Good practice for a sector's summary: an officer reads what is offered, and edits and chooses a text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compact import db
from compact.access import guard, noting
from compact.access.values import Owner, Person, Scope
from compact.analysis.views import CycleSeen, find_cycle, findings_of
from compact.cycles import editions
from compact.cycles.store import CycleRow
from compact.practice.choosing import (
    Choice,
    ChosenMeanwhile,
    Offer,
    Place,
    choices_of,
    choose,
    identity_of,
    leave_out,
    offers_of,
)
from compact.practice.rules import PRACTICE_LIMIT, parse_edited
from compact.questionnaire.values import Indicator
from compact.returns import reading
from compact.returns.recognisable import say_on_next_page
from compact.web.clock import now
from compact.web.problems import FieldProblem

from .views import blueprint

Page = str | Response


@dataclass(frozen=True)
class OfferSeen:
    """A text that a return may offer, as an officer of one of the round's partnerships reads it."""

    seen: CycleSeen
    return_id: int

    @property
    def owner(self) -> Owner:
        return self.seen.owner

    @property
    def scope(self) -> Scope:
        return Scope(returns=frozenset({self.return_id}), cycles=frozenset({self.seen.cycle.id}))


def init_app(app: Flask) -> None:
    guard.add_finder(app, "offer", _find_offer)


def _find_offer(address: Mapping[str, Any], asking: Person) -> OfferSeen | None:
    """The finder of a signed return of a round that may offer something; whether it does, the page says."""
    seen, return_id = find_cycle(address, asking), address["return_id"]
    row = reading.find_return(db.session(), return_id, None) if seen else None
    if seen is None or row is None or row.is_draft or row.cycle_id != seen.cycle.id:
        return None
    return OfferSeen(seen, return_id) if row.setting == address["sector"] else None


@blueprint.get("/learning/<int:cycle_id>/<sector>/practice")
def offered(cycle_id: int, sector: str) -> str:
    seen = guard.found(CycleSeen)
    findings = findings_of(seen, sector)
    session = db.session()
    offers = offers_of(session, seen.cycle, seen.seen_from, sector)
    counts = {key: sum(each.key == key for each in offers) for key in {each.key for each in offers}}
    choices = choices_of(session, seen.cycle, seen.seen_from, sector)
    flagged = [each.indicator for each in findings.indicators if each.is_flagged]
    others = [
        each.indicator
        for each in findings.indicators
        if not each.is_flagged and (each.indicator.key in counts or each.indicator.key in choices)
    ]
    return render_template(
        "reports/practice_offered.html",
        seen=seen,
        sector=sector,
        title=findings.title,
        threshold=findings.threshold,
        groups=(flagged, others),
        counts=counts,
        choices=choices,
    )


@blueprint.get("/learning/<int:cycle_id>/<sector>/practice/<key>")
def offered_for(cycle_id: int, sector: str, key: str) -> str:
    """The texts that are offered for one indicator, and whose: to read them is to read the returns."""
    seen, session = guard.found(CycleSeen), db.session()
    indicator = _indicator(seen.cycle, sector, key)
    offers = [each for each in _offers(seen, sector) if each.key == key]
    noting.note_reads(guard.signed_in_person(), [each.return_id for each in offers])
    edition = editions.edition(seen.cycle.edition)
    return render_template(
        "reports/practice_of_key.html",
        seen=seen,
        sector=sector,
        title=edition.questionnaires[sector].sector,
        indicator=indicator,
        offers=offers,
        choice=choices_of(session, seen.cycle, seen.seen_from, sector).get(key),
        grades={grade.key: grade.label for grade in edition.scale.grades},
    )


@blueprint.get("/learning/<int:cycle_id>/<sector>/practice/<key>/<int:return_id>")
def edit_practice(cycle_id: int, sector: str, key: str, return_id: int) -> str:
    offered = _offered()
    noting.note_read(guard.signed_in_person(), {"return_id": return_id})
    choice = offered.choice
    own = choice.text if choice and choice.return_id == return_id else ""
    return _edit_page(offered, own or offered.offer.text, offered.version)


@blueprint.post("/learning/<int:cycle_id>/<sector>/practice/<key>/<int:return_id>")
def post_practice_choice(cycle_id: int, sector: str, key: str, return_id: int) -> Page:
    offered, session = _offered(), db.session()
    typed, shown = request.form.get("text", ""), _number("version")
    text = parse_edited(typed, identity_of(session, return_id))
    if isinstance(text, FieldProblem):
        return _edit_page(offered, typed, shown, (text,))
    if _number("offered") != offered.offer.version:
        return _changed_meanwhile(typed)
    by = guard.signed_in_person().id
    try:
        choose(db.writing(), offered.place, offered.offer, text, shown_version=shown, by=by, at=now())
    except ChosenMeanwhile:
        db.session().rollback()
        return _changed_meanwhile(typed)
    db.session().commit()
    flash("The text is chosen. It is in the draft where the question is flagged.", "success")
    here = _address("reports.edit_practice", offered.seen, sector, key=key, return_id=return_id)
    say_on_next_page("The text", here, {"text": text})
    return redirect(_address("reports.offered", offered.seen, sector))


@blueprint.post("/learning/<int:cycle_id>/<sector>/practice/<key>/none")
def leave_practice_out(cycle_id: int, sector: str, key: str) -> Response:
    seen = guard.found(CycleSeen)
    _indicator(seen.cycle, sector, key)
    place, by = Place(seen.cycle, seen.seen_from, sector, key), guard.signed_in_person().id
    try:
        leave_out(db.writing(), place, shown_version=_number("version"), by=by, at=now())
    except ChosenMeanwhile:
        db.session().rollback()
        flash("A colleague changed the choice after you opened the page. Look at it again.", "important")
        return redirect(_address("reports.offered_for", seen, sector, key=key))
    db.session().commit()
    flash("No text is chosen for this question now.", "success")
    return redirect(_address("reports.offered", seen, sector))


def _offers(seen: CycleSeen, sector: str) -> list[Offer]:
    return offers_of(db.session(), seen.cycle, seen.seen_from, sector)


def _indicator(cycle: CycleRow, sector: str, key: str) -> Indicator:
    """The indicator of an address; 404 when the round does not ask it of the sector."""
    if sector not in cycle.settings:
        abort(404)
    found = editions.edition(cycle.edition).questionnaires[sector].by_key.get(key)
    return found or abort(404)


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1


def _address(endpoint: str, seen: CycleSeen, sector: str, **more: Any) -> str:
    return url_for(endpoint, cycle_id=seen.cycle.id, sector=sector, partnership=seen.seen_from, **more)


@dataclass(frozen=True)
class _Offered:
    """A text that is offered now, for the indicator of the address, and what is chosen there."""

    seen: CycleSeen
    place: Place
    offer: Offer
    choice: Choice | None

    @property
    def version(self) -> int:
        return self.choice.version if self.choice else 0


def _offered() -> _Offered:
    """What the address names; 404 when it is not offered, or no longer."""
    found, address = guard.found(OfferSeen), request.view_args or {}
    seen, sector, key = found.seen, address["sector"], address["key"]
    place = Place(seen.cycle, seen.seen_from, sector, key)
    offers = (each for each in _offers(seen, sector) if (each.key, each.return_id) == (key, found.return_id))
    offer = next(offers, None) or abort(404)
    return _Offered(seen, place, offer, choices_of(db.session(), seen.cycle, seen.seen_from, sector).get(key))


def _changed_meanwhile(typed: str) -> str:
    """The page again with what was typed, beside what is offered and chosen now."""
    problem = FieldProblem("text", "Somebody changed this after you opened the page. Look again, then choose")
    offered = _offered()
    return _edit_page(offered, typed, offered.version, (problem,))


def _edit_page(offered: _Offered, text: str, version: int, problems: tuple[FieldProblem, ...] = ()) -> str:
    edition = editions.edition(offered.seen.cycle.edition)
    questionnaire = edition.questionnaires[offered.place.sector]
    return render_template(
        "reports/practice_edit.html",
        seen=offered.seen,
        sector=offered.place.sector,
        title=questionnaire.sector,
        indicator=questionnaire.by_key[offered.offer.key],
        offer=offered.offer,
        grade=edition.scale.by_key[offered.offer.grade].label,
        text=text,
        version=version,
        limit=PRACTICE_LIMIT,
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
    )
