"""Publishing a sector's summary: prepare it, write for it, look at it, check and publish."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compact import db
from compact.access import guard
from compact.cycles import editions
from compact.cycles.rules import Stage, stage
from compact.returns.forms import number_in
from compact.trail.store import canonical, sha256
from compact.web.clock import now, today
from compact.web.problems import FieldProblem
from config import Settings

from . import numbers, open_link, publishing, store, telling, writing, writing_store
from .counted import Difference, difference, nearest, to_text
from .drafting import draft
from .numbers import NumberRow
from .publishing import Asked, Typed, Wanted
from .summary import Summary
from .telling import Addresses, Sector
from .views import SummaryDrafted, blueprint
from .writing import FOREWORD, NOTE
from .writing_store import TextRow

Page = str | Response

MEANWHILE = "Another officer has changed this text while you were typing. Compare, then save yours again"
CHANGED = (
    "Something changed after you opened this page: a return was signed, or a colleague wrote or published "
    "something. Look at the preview again, then publish"
)


@dataclass(frozen=True)
class Prepared:
    """What would be published now, beside what was; `seen` is another text when any of it changes."""

    summary: Summary
    texts: Mapping[str, TextRow]
    numbers: list[NumberRow]
    counted: str
    difference: Difference | None
    asked: Asked

    @property
    def foreword(self) -> str:
        return self.texts[FOREWORD].text if FOREWORD in self.texts else ""

    @property
    def last(self) -> int:
        return self.numbers[0].number if self.numbers else 0

    @property
    def hidden(self) -> int:
        """How many rows are not shown."""
        return sum(each.hidden for each in self.summary.standards)

    @property
    def seen(self) -> str:
        parts = [self.summary.model_dump_json(), self.foreword, self.counted, self.last]
        return sha256(canonical(parts))[:16]


@blueprint.get("/learning/<int:cycle_id>/<sector>/publish")
def publish(cycle_id: int, sector: str) -> Page:
    """What is generated, what can be added to it, and where it goes from here."""
    seen, session = guard.found(SummaryDrafted), db.session()
    place = (cycle_id, seen.seen_from, sector)
    prepared = _prepared(session, seen, sector)
    written = {name for name, row in prepared.texts.items() if row.text}
    now_noted = {f"{NOTE}{each.key}" for each in prepared.summary.advice}
    left_out = sorted(name for name in written - now_noted if name.startswith(NOTE))
    return render_template(
        "reports/publish.html",
        seen=seen,
        sector=sector,
        prepared=prepared,
        written=written,
        notes_written=sum(f"{NOTE}{each.key}" in written for each in prepared.summary.advice),
        practices=sum(bool(each.practice) for each in prepared.summary.advice),
        places=writing,
        left_out=[_place(sector, name) for name in left_out],
        link=open_link.link_of(session, *place),
    )


@blueprint.get("/learning/<int:cycle_id>/<sector>/write/<place>")
def write(cycle_id: int, sector: str, place: str) -> Page:
    held = _held(sector, place)
    return _write_page(sector, _place(sector, place), held.text if held else "", held=held)


@blueprint.post("/learning/<int:cycle_id>/<sector>/write/<place>")
def post_write(cycle_id: int, sector: str, place: str) -> Page:
    """Keep a text. Of two officers at once the second sees what the first wrote, beside her own."""
    seen, where = guard.found(SummaryDrafted), _place(sector, place)
    typed, shown = request.form.get("text", ""), number_in(request.form.get("version", "")) or 0
    text = writing.parse_text(where, typed)
    if isinstance(text, FieldProblem):
        return _write_page(sector, where, typed, (text,), held=_held(sector, place), shown=shown)
    session, by = db.writing(), guard.signed_in_person().id
    at_place = (cycle_id, seen.seen_from, sector, place)
    try:
        writing_store.save_text(session, *at_place, text, shown_version=shown, by=by, at=now())
    except writing_store.WrittenMeanwhile:
        session.rollback()
        problem = FieldProblem("text", MEANWHILE)
        return _write_page(sector, where, typed, (problem,), held=_held(sector, place), theirs=True)
    session.commit()
    flash(f"“{where.title}” is saved. Nothing is published yet.", "success")
    return redirect(url_for("reports.publish", cycle_id=cycle_id, sector=sector, partnership=seen.seen_from))


@blueprint.get("/learning/<int:cycle_id>/<sector>/preview")
def preview(cycle_id: int, sector: str) -> Page:
    """Exactly what readers will get."""
    seen = guard.found(SummaryDrafted)
    prepared = _prepared(db.session(), seen, sector)
    return render_template("reports/preview.html", seen=seen, sector=sector, prepared=prepared)


@blueprint.get("/learning/<int:cycle_id>/<sector>/publish/check")
def check(cycle_id: int, sector: str) -> Page:
    seen, session = guard.found(SummaryDrafted), db.session()
    has_link = open_link.link_of(session, cycle_id, seen.seen_from, sector) is not None
    typed = Typed(open=publishing.YES) if has_link else Typed()
    return _check_page(sector, _prepared(session, seen, sector), typed)


@blueprint.post("/learning/<int:cycle_id>/<sector>/publish")
def post_publish(cycle_id: int, sector: str) -> Page:
    """Publish what the officer has seen and confirmed: the number, the link and the mails, or none of them.

    A second press of the button finds the number published, and leads to it.
    """
    seen, session = guard.found(SummaryDrafted), db.writing()
    writing_store.lock(session, seen.seen_from)
    prepared, by = _prepared(session, seen, sector), guard.signed_in_person().id
    typed, shown = publishing.typed_in(request.form), request.form.get("seen", "")
    there = url_for("reports.summary", cycle_id=cycle_id, sector=sector, partnership=seen.seen_from)
    wanted = publishing.parse(typed, prepared.asked)
    if shown != prepared.seen or not isinstance(wanted, Wanted):
        session.rollback()
        after = number_in(request.form.get("after", "")) or 0
        if shown and prepared.last == after + 1 and prepared.numbers[0].published_by == by:
            return redirect(there)  # the second of two clicks
        changed = (FieldProblem("changed", CHANGED),) if shown and shown != prepared.seen else ()
        problems = wanted if isinstance(wanted, tuple) else ()
        return _check_page(sector, prepared, typed, (*changed, *problems))
    told = _publish(session, seen, prepared, wanted, there, by=by)
    session.commit()
    mails = f" {told:,} {'mail was' if told == 1 else 'mails were'} written." if wanted.tell else ""
    flash(f"The learning summary for {prepared.summary.sector_title} is published.{mails}", "success")
    return redirect(there)


def _publish(
    session: Session, seen: SummaryDrafted, prepared: Prepared, wanted: Wanted, there: str, *, by: int
) -> int:
    """Write the number, open or close its link, and tell the sector; how many mails were written."""
    summary = prepared.summary
    place, at = (seen.cycle.id, seen.seen_from, summary.sector), now()
    number = store.publish(
        session,
        *place[:2],
        summary,
        foreword=prepared.foreword,
        by=by,
        at=at,
        why=wanted.why or store.REPLACED,
        corrects=wanted.corrects,
        counted=prepared.counted,
    )
    token = open_link.open_to_anyone(session, *place, by=by, at=at) if wanted.open else None
    if token is None:
        open_link.close_link(session, *place, by=by, at=at)
    if not wanted.tell:
        return 0
    settings: Settings = current_app.extensions["compact.settings"]
    base, sector = settings.base_url.rstrip("/"), telling.sector_of(session, *place)
    opened = f"{base}{url_for('reports.open_summary', token=token)}" if token else None
    about = telling.about(*place, number)
    telling.tell(session, sector, summary, place[1], Addresses(base + there, opened), about=about, at=at)
    return sector.mails


def _prepared(session: Session, seen: SummaryDrafted, sector: str) -> Prepared:
    place = (seen.cycle.id, seen.seen_from, sector)
    counted = numbers.counted_now(session, *place)
    of_sector = numbers.numbers_of(session, *place)
    least = nearest(difference(each.number, each.counted, counted) for each in of_sector)
    is_open = stage(seen.cycle.opens, seen.cycle.closes, today()) is not Stage.CLOSED
    is_few = least is not None and least.is_small
    return Prepared(
        draft(session, seen.cycle, seen.before, seen.seen_from, sector),
        writing_store.texts_of(session, *place),
        of_sector,
        to_text(counted),
        least,
        Asked(is_open, is_few, not of_sector, any(each.is_in_force for each in of_sector)),
    )


def _check_page(
    sector: str, prepared: Prepared, typed: Typed, problems: tuple[FieldProblem, ...] = ()
) -> str:
    seen = guard.found(SummaryDrafted)
    to: Sector = telling.sector_of(db.session(), seen.cycle.id, seen.seen_from, sector)
    return render_template(
        "reports/check.html",
        seen=seen,
        sector=sector,
        prepared=prepared,
        to=to,
        typed=typed,
        why_limit=publishing.WHY_LIMIT,
        problems=problems,
    )


def _place(sector: str, name: str) -> writing.Place:
    seen = guard.found(SummaryDrafted)
    questionnaire = editions.edition(seen.cycle.edition).questionnaires[sector]
    return writing.place_of(name, questionnaire) or abort(404)


def _held(sector: str, name: str) -> TextRow | None:
    seen = guard.found(SummaryDrafted)
    return writing_store.texts_of(db.session(), seen.cycle.id, seen.seen_from, sector).get(name)


def _write_page(
    sector: str,
    place: writing.Place,
    typed: str,
    problems: tuple[FieldProblem, ...] = (),
    *,
    held: TextRow | None,
    shown: int | None = None,
    theirs: bool = False,
) -> str:
    """The page of one text; of a note also the advice that it stands beside."""
    seen = guard.found(SummaryDrafted)
    questionnaire = editions.edition(seen.cycle.edition).questionnaires[sector]
    version = held.version if held else 0
    return render_template(
        "reports/write.html",
        seen=seen,
        sector=sector,
        questionnaire=questionnaire,
        place=place,
        indicator=questionnaire.by_key.get(place.name.removeprefix(NOTE)),
        typed=typed,
        held=held,
        version=version if shown is None else shown,
        theirs=theirs,
        problems=problems,
    )
