"""One organisation's own last day in a round, given and withdrawn by the officers in whose area it lies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask import Flask, current_app, flash, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from compact import db
from compact.access import guard
from compact.access.values import Owner, Person, Role, Scope
from compact.accounts import store as people
from compact.accounts.rules import PlaceKind
from compact.actions.rules import parse_day
from compact.cycles import extensions, messages
from compact.cycles import store as cycle_store
from compact.cycles.rules import WHY_LIMIT, parse_more_time, parse_withdrawal
from compact.mail import store as mail
from compact.mail.rules import Written
from compact.organisations.models import Organisation
from compact.organisations.settings_store import foot_of
from compact.organisations.store import partnerships_of
from compact.web.clock import now, shown_day, today
from compact.web.frame import Contact, stand_for
from compact.web.problems import FieldProblem
from config import Settings

from .forms import ExtensionForm, WithdrawalForm
from .models import Return
from .views import Page, blueprint

CHANGED = "Another officer has changed its last day meanwhile. Compare, then save yours again"


@dataclass(frozen=True)
class PlaceInRound:
    """An organisation that is due in a round, for the officers of the round's partnerships in its areas."""

    cycle_id: int
    cycle: str
    closes: date
    organisation_id: int
    organisation: str
    setting: str
    owner: Owner
    is_signed: bool

    @property
    def scope(self) -> Scope:
        return Scope(organisations=frozenset({self.organisation_id}))


def init_app(app: Flask) -> None:
    guard.add_finder(app, "place in round", find_place)


def find_place(address: Mapping[str, Any], asking: Person) -> PlaceInRound | None:
    """The finder of an organisation's place in a round; None unless it is due there."""
    cycle_id, organisation_id = address["cycle_id"], address["organisation_id"]
    session = db.session()
    cycle = cycle_store.cycle_by_id(session, cycle_id)
    if cycle is None or not cycle_store.is_due(session, cycle_id, organisation_id):
        return None
    partnerships = {*cycle.partnerships} & {*partnerships_of(session, organisation_id)}
    if own := sorted(partnerships & asking.partnerships):
        stand_for(Contact(*cycle_store.contact_of(session, own[0])))
    organisation = session.execute(
        select(Organisation.name, Organisation.setting).where(Organisation.id == organisation_id)
    ).one()
    return PlaceInRound(
        cycle_id,
        cycle.name,
        cycle.closes,
        organisation_id,
        *organisation,
        Owner(partnerships=frozenset(partnerships)),
        _is_signed(session, cycle_id, organisation_id),
    )


@blueprint.get("/cycles/<int:cycle_id>/organisations/<int:organisation_id>/extension")
def extension(cycle_id: int, organisation_id: int) -> Page:
    kept = extensions.extension_of(db.session(), cycle_id, organisation_id)
    given = kept if kept and kept.until else None
    return _page(shown_day(given.until) if given and given.until else "", given.why if given else "")


@blueprint.post("/cycles/<int:cycle_id>/organisations/<int:organisation_id>/extension")
def post_extension(cycle_id: int, organisation_id: int) -> Page:
    place = guard.found(PlaceInRound)
    form = ExtensionForm()
    until, why = form.until.data or "", form.why.data or ""
    if place.is_signed:
        return _page(until, why)
    given = parse_more_time(parse_day(until), why, closes=place.closes, today=today())
    if isinstance(given, tuple):
        return _page(until, why, given, shown=form.shown_version)
    session, person = db.writing(), guard.signed_in_person()
    try:
        extensions.extend(
            session,
            cycle_id,
            organisation_id,
            given,
            shown_version=form.shown_version,
            by=person.id,
            at=now(),
        )
    except extensions.OtherTimeMeanwhile:
        session.rollback()
        return _page(until, why, (FieldProblem("until", CHANGED),))
    _tell_signatories(session, place, partial(messages.more_time, until=given.until))
    session.commit()
    flash(f"{place.organisation} has until the end of {shown_day(given.until)}.", "success")
    return redirect(url_for("returns.extension", cycle_id=cycle_id, organisation_id=organisation_id))


@blueprint.get("/cycles/<int:cycle_id>/organisations/<int:organisation_id>/extension/withdraw")
def withdraw(cycle_id: int, organisation_id: int) -> Page:
    return _withdraw_page("")


@blueprint.post("/cycles/<int:cycle_id>/organisations/<int:organisation_id>/extension/withdraw")
def post_withdraw(cycle_id: int, organisation_id: int) -> Page:
    place, form = guard.found(PlaceInRound), WithdrawalForm()
    typed = form.why.data or ""
    why = parse_withdrawal(typed)
    if place.is_signed or isinstance(why, FieldProblem):
        return _withdraw_page(typed, why if isinstance(why, FieldProblem) else None, shown=form.shown_version)
    session, person = db.writing(), guard.signed_in_person()
    try:
        extensions.withdraw(
            session, cycle_id, organisation_id, why, shown_version=form.shown_version, by=person.id, at=now()
        )
    except extensions.OtherTimeMeanwhile:
        session.rollback()
        return _withdraw_page(typed, FieldProblem("why", CHANGED))
    _tell_signatories(session, place, partial(messages.time_withdrawn, closes=place.closes))
    session.commit()
    flash(f"The last day of {place.organisation} is that of the round again.", "success")
    return redirect(url_for("returns.extension", cycle_id=cycle_id, organisation_id=organisation_id))


def _tell_signatories(session: Session, place: PlaceInRound, write: Callable[..., Written]) -> None:
    """Mail those who sign for the organisation, in the transaction that gives or withdraws the time."""
    settings: Settings = current_app.extensions["compact.settings"]
    of = (Role.SIGNATORY, PlaceKind.ORGANISATION, [place.organisation_id])
    foot = foot_of(session, min(place.owner.partnerships & guard.signed_in_person().partnerships))
    for email, name in people.addresses_of(session, *of):
        written = write(name, place.organisation, place.cycle, base_url=settings.base_url)
        mail.queue(
            session,
            recipient=email,
            subject=written.subject,
            text=written.text + foot,
            at=now(),
            about=f"extension {place.cycle_id} {place.organisation_id}",
        )


def _is_signed(session: Session, cycle_id: int, organisation_id: int) -> bool:
    """Whether the highest number of its return is signed: then more time means nothing."""
    status = session.scalar(
        select(Return.status)
        .where(Return.cycle_id == cycle_id, Return.organisation_id == organisation_id)
        .order_by(Return.number.desc())
        .limit(1)
    )
    return status == "signed"


def _page(until: str, why: str, problems: Sequence[FieldProblem] = (), *, shown: int | None = None) -> str:
    """The form. `shown` is the version that was on the page before; by default what is kept is seen now."""
    place = guard.found(PlaceInRound)
    kept = extensions.extension_of(db.session(), place.cycle_id, place.organisation_id)
    version = kept.version if kept else 0
    return render_template(
        "returns/extension.html",
        place=place,
        kept=kept,
        version=version if shown is None else shown,
        until=until,
        why=why,
        limit=WHY_LIMIT,
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
    )


def _withdraw_page(why: str, problem: FieldProblem | None = None, *, shown: int | None = None) -> Page:
    """The form; where nothing can be withdrawn, the page that says how it stands."""
    place = guard.found(PlaceInRound)
    kept = extensions.extension_of(db.session(), place.cycle_id, place.organisation_id)
    if place.is_signed or kept is None or kept.until is None:
        return redirect(
            url_for("returns.extension", cycle_id=place.cycle_id, organisation_id=place.organisation_id)
        )
    return render_template(
        "returns/extension_withdraw.html",
        place=place,
        kept=kept,
        version=kept.version if shown is None else shown,
        why=why,
        limit=WHY_LIMIT,
        problems=(problem,) if problem else (),
        errors={problem.field: problem.text} if problem else {},
    )
