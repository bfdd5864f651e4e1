"""The home page: what waits for this person, by role."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from . import db
from .access import guard
from .access.rules import may
from .access.values import Act, Owner, Person
from .analysis.counting import Response as Responses
from .analysis.counting import responses_by_cycle
from .cycles import editions
from .cycles import store as cycle_store
from .cycles.rules import Stage, stage
from .cycles.store import CycleRow, OrganisationInCycle
from .organisations.store import schools_of_trusts
from .reports.store import PublishedRow, published_for
from .returns.overview import ReturnState, returns_of
from .web.clock import today
from .web.frame import Contact, stand_for

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True)
class Round:
    """A round of an organisation, and its return there, if any."""

    place: OrganisationInCycle
    stage: Stage
    state: ReturnState | None
    may_edit: bool


@dataclass(frozen=True)
class Desk:
    """A round as a partnership sees it: response by sector."""

    partnership: int
    cycle: CycleRow
    stage: Stage
    responses: tuple[tuple[str, str, Responses], ...]


@dataclass(frozen=True)
class Learnt:
    """A learning summary to read, with its sector's name."""

    row: PublishedRow
    title: str


@blueprint.get("/")
def home() -> str | Response:
    person = guard.signed_in_person()
    if person.elsewhere and not person.organisations:
        return redirect(url_for("account.acting_for"))
    session = db.session()
    _stand_for_partnership(session, person)
    return render_template(
        "home.html",
        rounds=_rounds(session, person),
        desks=_desks(session, person),
        published=_published(session, person),
    )


def _rounds(session: Session, person: Person) -> list[Round]:
    organisations = sorted({*person.organisations, *schools_of_trusts(session, sorted(person.trusts))})
    places = cycle_store.rounds_of_organisations(session, organisations)
    states = returns_of(session, organisations)
    return [
        Round(
            place,
            stage(place.opens, place.closes, today()),
            states.get((place.cycle_id, place.organisation_id)),
            _may_edit(person, place.organisation_id),
        )
        for place in places
    ]


def _may_edit(person: Person, organisation: int) -> bool:
    return may(person, Act.EDIT_RETURN, Owner(organisations=frozenset({organisation})))


def _desks(session: Session, person: Person) -> list[Desk]:
    desks = []
    for partnership in sorted(person.partnerships):
        cycles = cycle_store.cycles_of_partnerships(session, [partnership])
        responses_of = responses_by_cycle(session, cycles, partnership)
        for cycle in cycles:
            edition = editions.edition(cycle.edition)
            counts = responses_of[cycle.id]
            responses = tuple(
                (setting, edition.questionnaires[setting].sector, counts[setting])
                for setting in edition.settings
                if setting in cycle.settings
            )
            desks.append(Desk(partnership, cycle, stage(cycle.opens, cycle.closes, today()), responses))
    return desks


def _published(session: Session, person: Person) -> list[Learnt]:
    return [
        Learnt(row, editions.questionnaire(row.edition, row.sector).sector)
        for row in published_for(session, person)
    ]


def _stand_for_partnership(session: Session, person: Person) -> None:
    contact = cycle_store.contact_for(session, sorted(person.organisations), sorted(person.partnerships))
    if contact:
        stand_for(Contact(*contact))
