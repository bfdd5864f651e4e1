"""What the desk's addresses are about: an officer's rounds, one of them, an organisation's part in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, request

from compact import db
from compact.access import guard
from compact.access.values import Owner, Person, Role, Scope
from compact.cycles import store as cycle_store
from compact.cycles.store import CycleRow
from compact.organisations.settings_store import thresholds_of
from compact.organisations.store import partnerships_of
from compact.web.clock import today
from compact.web.frame import Contact, stand_for

from . import store
from .places import PlaceRow, places_of_round


@dataclass(frozen=True)
class OwnRounds:
    """The partnerships that somebody is an officer of, by name, and the rounds that these run.

    `thresholds` are what their new rounds flag above, in percent.
    """

    partnerships: Mapping[int, str]
    thresholds: Mapping[int, int]
    cycles: tuple[CycleRow, ...]

    @property
    def owner(self) -> Owner:
        return Owner(partnerships=frozenset(self.partnerships))

    @property
    def scope(self) -> Scope:
        return Scope(cycles=frozenset(cycle.id for cycle in self.cycles))


@dataclass(frozen=True)
class RoundSeen:
    """A round as the officer of one of its partnerships sees it: with the organisations of its own area.

    `choices` are the partnerships that the officer could see it from. `organisations` are those that a post
    may write to; the host's officers launch the round for all of its partnerships.
    """

    cycle: CycleRow
    partnership: int
    choices: Mapping[int, str]
    organisations: frozenset[int]

    @property
    def owner(self) -> Owner:
        return Owner(partnerships=frozenset({self.partnership}))

    @property
    def scope(self) -> Scope:
        return Scope(cycles=frozenset({self.cycle.id}), organisations=self.organisations)

    @property
    def is_host(self) -> bool:
        return self.partnership == self.cycle.partnerships[0]

    @property
    def launches(self) -> tuple[int, ...]:
        """The partnerships whose organisations this one launches the round for."""
        return self.cycle.partnerships if self.is_host else (self.partnership,)

    @property
    def name(self) -> str:
        return self.choices[self.partnership]


@dataclass(frozen=True)
class PartInRound:
    """An organisation's part in a round, as the officer of these partnerships sees it, who ask it there."""

    cycle: CycleRow
    place: PlaceRow
    partnerships: tuple[int, ...]

    @property
    def owner(self) -> Owner:
        return Owner(partnerships=frozenset(self.partnerships))

    @property
    def scope(self) -> Scope:
        return Scope(organisations=frozenset({self.place.organisation_id}))


@dataclass(frozen=True)
class OwnPartnership:
    """A partnership whose wording its officers choose."""

    id: int
    name: str

    @property
    def owner(self) -> Owner:
        return Owner(partnerships=frozenset({self.id}))

    @property
    def scope(self) -> Scope:
        return Scope()


def init_app(app: Flask) -> None:
    guard.add_finder(app, "own rounds", find_own_rounds)
    guard.add_finder(app, "round", find_round)
    guard.add_finder(app, "hosted round", find_hosted_round)
    guard.add_finder(app, "part in round", find_part)
    guard.add_finder(app, "own partnership", find_partnership)


def _officer_of(asking: Person) -> list[int]:
    ids = {grant.partnership_id for grant in asking.grants if grant.role is Role.OFFICER}
    return sorted(each for each in ids if each is not None)


def find_own_rounds(_address: Mapping[str, Any], asking: Person) -> OwnRounds | None:
    """The finder of somebody's rounds; None where they are nobody's officer."""
    session, own = db.session(), _officer_of(asking)
    if not own:
        return None
    stand_for(Contact(*cycle_store.contact_of(session, own[0])))
    names = cycle_store.names_of_partnerships(session, own)
    cycles = cycle_store.cycles_of_partnerships(session, own)
    return OwnRounds({each: names[each] for each in own}, thresholds_of(session, own), tuple(cycles))


def find_round(address: Mapping[str, Any], asking: Person) -> RoundSeen | None:
    """The finder of a round for officers of its partnerships; `?partnership=` chooses between several."""
    session = db.session()
    cycle = cycle_store.cycle_by_id(session, address["cycle_id"])
    own = [each for each in cycle.partnerships if each in _officer_of(asking)] if cycle else []
    if cycle is None or not own:
        return None
    wanted = request.args.get("partnership", str(own[0]))
    partnership = next((each for each in own if str(each) == wanted), None)
    if partnership is None:
        return None
    contact = cycle_store.contact_of(session, partnership)
    stand_for(Contact(*contact))
    names = cycle_store.names_of_partnerships(session, own) if len(own) > 1 else {partnership: contact[0]}
    seen = RoundSeen(cycle, partnership, {each: str(names[each]) for each in own}, frozenset())
    if request.method != "POST":
        return seen
    asked = store.asked_in(session, cycle.id, seen.launches)
    return RoundSeen(cycle, partnership, seen.choices, asked)


def find_hosted_round(address: Mapping[str, Any], asking: Person) -> RoundSeen | None:
    """The finder of a round for officers of its host: what is asked when is theirs alone to change."""
    session = db.session()
    cycle = cycle_store.cycle_by_id(session, address["cycle_id"])
    if cycle is None or cycle.partnerships[0] not in _officer_of(asking):
        return None
    host = cycle.partnerships[0]
    contact = cycle_store.contact_of(session, host)
    stand_for(Contact(*contact))
    return RoundSeen(cycle, host, {host: str(contact[0])}, frozenset())


def find_part(address: Mapping[str, Any], asking: Person) -> PartInRound | None:
    """The finder of an organisation's part in a round; None unless a partnership of the officer asks it."""
    session, organisation = db.session(), address["organisation_id"]
    cycle = cycle_store.cycle_by_id(session, address["cycle_id"])
    own = [each for each in cycle.partnerships if each in _officer_of(asking)] if cycle else []
    if len(own) > 1:
        working = partnerships_of(session, organisation)
        own = [each for each in own if each in working]
    if cycle is None or not own:
        return None
    places = places_of_round(session, cycle, own, today(), organisations=[organisation])
    if not places:
        return None
    stand_for(Contact(*cycle_store.contact_of(session, own[0])))
    return PartInRound(cycle, places[0], tuple(own))


def find_partnership(address: Mapping[str, Any], _asking: Person) -> OwnPartnership | None:
    """The finder of a partnership."""
    session, wanted = db.session(), address["partnership_id"]
    names = cycle_store.names_of_partnerships(session, [wanted])
    if wanted not in names:
        return None
    stand_for(Contact(*cycle_store.contact_of(session, wanted)))
    return OwnPartnership(wanted, names[wanted])
