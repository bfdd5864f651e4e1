"""The home page: what waits for this person, by role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from . import db
from .access import guard
from .access.rules import may
from .access.values import Act, Owner, Person, Scope
from .analysis.cuts import Response as Responses
from .analysis.responding import responses_remembered
from .cycles import editions
from .cycles import store as cycle_store
from .cycles.extensions import extended_until
from .cycles.rules import Stage, could_answer, last_day, stage
from .cycles.store import CycleRow, OrganisationInCycle
from .desk.rules import is_worked_on
from .desk.waiting import Waiting, waiting_in
from .organisations.store import schools_of_trusts
from .reports import numbers
from .returns.overview import ReturnState, returns_of
from .returns.progress import progress_of
from .web.clock import today
from .web.frame import Contact, stand_for

blueprint = Blueprint("home", __name__)

MOST_LEARNT = 5


@dataclass(frozen=True)
class Own:
    """What is somebody's own: organisations, those of their trusts included, and rounds of partnerships."""

    organisations: tuple[int, ...]
    cycles: tuple[CycleRow, ...]
    owner = Owner()

    @property
    def scope(self) -> Scope:
        cycles = frozenset(cycle.id for cycle in self.cycles)
        return Scope(organisations=frozenset(self.organisations), cycles=cycles)


@dataclass(frozen=True)
class Round:
    """A round of an organisation, and its return there, if any."""

    place: OrganisationInCycle
    stage: Stage
    state: ReturnState | None
    may_edit: bool
    last_day: date


@dataclass(frozen=True)
class Desk:
    """A round as a partnership sees it: response by sector, and to its officers what waits for them.

    `may_run`: to whom it is their own to run; what is worked on no more waits for nobody.
    """

    partnership: int
    cycle: CycleRow
    stage: Stage
    responses: tuple[tuple[str, str, Responses], ...]
    may_run: bool
    waiting: Waiting | None

    @property
    def due(self) -> int:
        return sum(each.due for _, _, each in self.responses)

    @property
    def received(self) -> int:
        return sum(each.received for _, _, each in self.responses)

    @property
    def is_worked_on(self) -> bool:
        return is_worked_on(self.cycle.closes, today())


@dataclass(frozen=True)
class Learnt:
    """A learning summary to read, with its sector's name."""

    row: numbers.Learnt
    title: str


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    guard.add_finder(app, "own", find_own)


def find_own(_address: Mapping[str, Any], asking: Person) -> Own:
    """The finder of what is somebody's own, as it is now: a school that left their trust is not."""
    session = db.session()
    schools = schools_of_trusts(session, sorted(asking.trusts))
    partnerships = sorted(asking.partnerships)
    return Own(
        tuple(sorted({*asking.organisations, *schools})),
        tuple(cycle_store.cycles_of_partnerships(session, partnerships) if partnerships else ()),
    )


@blueprint.get("/")
def home() -> str | Response:
    person, own = guard.signed_in_person(), guard.found(Own)
    if person.elsewhere and not person.organisations:
        return redirect(url_for("account.acting_for"))
    session = db.session()
    _stand_for_partnership(session, person)
    return render_template(
        "home.html",
        rounds=_rounds(session, person, sorted(person.organisations)),
        trust_rounds=progress_of(session, _places_of_trust(session, person, own), today()),
        desks=_desks(session, person, own.cycles),
        published=_published(session, person),
    )


def _rounds(session: Session, person: Person, organisations: Sequence[int]) -> list[Round]:
    if not organisations:
        return []
    places = cycle_store.rounds_of_organisations(session, organisations)
    states, until = returns_of(session, organisations), extended_until(session, organisations)
    rounds = []
    for place in places:
        where = (place.cycle_id, place.organisation_id)
        closes = last_day(place.closes, until.get(where))
        if where not in states and not could_answer(place.added_on, closes):
            continue
        may_edit = _may_edit(person, place.organisation_id)
        rounds.append(Round(place, stage(place.opens, closes, today()), states.get(where), may_edit, closes))
    return rounds


def _places_of_trust(session: Session, person: Person, own: Own) -> list[OrganisationInCycle]:
    """The rounds of the trust's schools, but for one that is somebody's own as well."""
    schools = sorted({*own.organisations} - person.organisations)
    return cycle_store.rounds_of_organisations(session, schools) if schools else []


def _may_edit(person: Person, organisation: int) -> bool:
    return may(person, Act.EDIT_RETURN, Owner(organisations=frozenset({organisation})))


def _desks(session: Session, person: Person, own: Sequence[CycleRow]) -> list[Desk]:
    desks = []
    for partnership in sorted(person.partnerships):
        cycles = [cycle for cycle in own if partnership in cycle.partnerships]
        responses_of = responses_remembered(session, cycles, partnership)
        may_run = may(person, Act.RUN_ROUND, Owner(partnerships=frozenset({partnership})))
        recent = [each for each in cycles if may_run and is_worked_on(each.closes, today())]
        waiting = waiting_in(session, recent, partnership, today())
        for cycle in cycles:
            edition = editions.edition(cycle.edition)
            counts = responses_of[cycle.id]
            responses = tuple(
                (setting, edition.questionnaires[setting].sector, counts[setting])
                for setting in edition.settings
                if setting in cycle.settings
            )
            at = stage(cycle.opens, cycle.closes, today())
            desks.append(Desk(partnership, cycle, at, responses, may_run, waiting.get(cycle.id)))
    return desks


def _published(session: Session, person: Person) -> list[Learnt]:
    """The newest that are in force; the page “What was learnt” has all of them."""
    in_force = (each for each in numbers.learnt_by(session, person) if each.withdrawn_at is None)
    return [
        Learnt(row, editions.questionnaire(row.edition, row.sector).sector)
        for row in islice(in_force, MOST_LEARNT)
    ]


def _stand_for_partnership(session: Session, person: Person) -> None:
    contact = cycle_store.contact_for(session, sorted(person.organisations), sorted(person.partnerships))
    if contact:
        stand_for(Contact(*contact))
