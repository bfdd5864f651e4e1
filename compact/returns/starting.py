"""Beginning a return: the organisation in a round, before there is a return."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact import db
from compact.access import scope
from compact.access.values import Owner, Person, Scope
from compact.cycles import store as cycle_store
from compact.cycles.extensions import extension_of
from compact.cycles.models import Cycle, CyclePartnership
from compact.cycles.rules import last_day
from compact.organisations.models import Organisation, Partnership, Succession
from compact.web.clock import today
from compact.web.frame import Contact, stand_for

from .models import Return


@dataclass(frozen=True)
class DueRow:
    """An organisation that is asked in a round, and its return there if it has begun one."""

    cycle_id: int
    organisation_id: int
    organisation: str
    setting: str
    cycle: str
    edition: str
    opens: date
    closes: date
    last_day: date
    return_id: int | None
    owner: Owner

    @property
    def scope(self) -> Scope:
        return Scope(organisations=frozenset({self.organisation_id}))


def find_due(address: Mapping[str, Any], _asking: Person) -> DueRow | None:
    """The finder of an organisation in a round; None unless it is due there.

    A mail may still lead to a school whose place an academy took meanwhile: then it is the academy's.
    """
    session, cycle_id = db.session(), address["cycle_id"]
    organisation_id = _who_is_due(session, cycle_id, address["organisation_id"])
    if organisation_id is None:
        return None
    row = session.execute(
        select(Organisation.name, Organisation.setting, Cycle.name, Cycle.edition, Cycle.opens, Cycle.closes)
        .join(Cycle, Cycle.id == cycle_id)
        .where(Organisation.id == organisation_id)
    ).one()
    host = session.execute(
        select(
            Partnership.name, Partnership.contact_name, Partnership.contact_email, Partnership.contact_phone
        )
        .join(CyclePartnership, CyclePartnership.partnership_id == Partnership.id)
        .where(CyclePartnership.cycle_id == cycle_id, CyclePartnership.is_host)
    ).one()
    stand_for(Contact(*host))
    return_id = session.scalar(
        select(Return.id)
        .where(Return.cycle_id == cycle_id, Return.organisation_id == organisation_id)
        .order_by(Return.number.desc())
        .limit(1)
    )
    more_time = extension_of(session, cycle_id, organisation_id)
    own_last_day = last_day(row.closes, more_time.until if more_time else None)
    return DueRow(
        cycle_id, organisation_id, *row, own_last_day, return_id, Owner(frozenset({organisation_id}))
    )


def _who_is_due(session: Session, cycle_id: int, organisation_id: int) -> int | None:
    """The organisation if it is due in a round, or the one that took over from it and is."""
    if cycle_store.is_due(session, cycle_id, organisation_id):
        return organisation_id
    successors = session.scalars(
        select(Succession.new_id)
        .where(Succession.old_id == organisation_id, Succession.on <= today())
        .order_by(Succession.new_id)
    ).all()
    due = [each for each in successors if cycle_store.is_due(session, cycle_id, each)]
    if len(due) != 1:
        return None
    scope.take_in_successor(due[0])
    return due[0]
