"""Telling a sector by mail that its summary is published. Flushes, never commits.

The mails go into the outbox in the transaction that publishes. There is one of those for each number, so
nobody is told of it twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.access.values import Role
from compact.accounts.store import people_in
from compact.cycles.models import Due
from compact.cycles.store import works_in
from compact.mail import store as mail
from compact.mail.rules import is_address
from compact.organisations.models import Organisation
from compact.organisations.settings_store import foot_of

from . import messages
from .summary import Summary

_ROLES = (Role.SIGNATORY, Role.CONTRIBUTOR, Role.READER)


@dataclass(frozen=True)
class Sector:
    """Whom to tell: names by e-mail address, and organisations that nobody signs in for, by their contact
    addresses; `silent` of them have none either."""

    people: Mapping[str, str]
    contacts: Mapping[str, str]
    silent: int

    @property
    def mails(self) -> int:
        return len(self.people) + len(self.contacts)


def sector_of(session: Session, cycle_id: int, partnership_id: int, sector: str) -> Sector:
    """The people of every organisation of the sector that was asked in the round, also of one that did not
    answer or was excused: they all may read the summary."""
    asked = session.execute(
        select(Organisation.id, Organisation.name, Organisation.contact_email, Organisation.status)
        .join(Due, Due.organisation_id == Organisation.id)
        .where(Due.cycle_id == cycle_id, Organisation.setting == sector, works_in([partnership_id]))
        .order_by(Organisation.name, Organisation.id)
    ).all()
    ids = [row.id for row in asked]
    found = [each for role in _ROLES for each in people_in(session, role, ids)]
    people = {each.email: each.name for each in found}
    alone = [row for row in asked if row.id not in {each.organisation_id for each in found}]
    contacts: dict[str, str] = {}
    for row in alone:
        address = (row.contact_email or "").strip().lower()
        if row.status == "open" and is_address(address) and address not in people:
            contacts.setdefault(address, row.name)
    reached = {*people, *contacts}
    silent = sum((row.contact_email or "").strip().lower() not in reached for row in alone)
    return Sector(dict(sorted(people.items())), contacts, silent)


@dataclass(frozen=True)
class Addresses:
    """Where the summary is read: after a sign-in, and by anyone, where there is an open link."""

    signed_in: str
    open: str | None


def tell(
    session: Session,
    to: Sector,
    summary: Summary,
    partnership_id: int,
    addresses: Addresses,
    *,
    about: str,
    at: datetime,
) -> None:
    """Write to everybody of the sector, each person and each contact address once."""
    foot = foot_of(session, partnership_id)
    words = (summary.partnership, summary.sector_title, summary.cycle)
    for_people = {
        email: messages.published(name, *words, addresses.signed_in) for email, name in to.people.items()
    }
    for_contacts = {
        email: messages.published_to_contact(
            name, *words, addresses.open or addresses.signed_in, is_open=addresses.open is not None
        )
        for email, name in to.contacts.items()
    }
    for email, written in (for_people | for_contacts).items():
        mail.queue(
            session,
            recipient=email,
            subject=written.subject,
            text=written.text + foot,
            at=at,
            about=about,
        )


def about(cycle_id: int, partnership_id: int, sector: str, number: int) -> str:
    """What the outbox calls the mails of one number."""
    return f"summary {cycle_id} {partnership_id} {sector} {number}"
