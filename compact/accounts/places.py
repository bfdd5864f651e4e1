"""The places that people have roles in: an organisation, a partnership, a trust, or the installation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compact import db
from compact.access.values import Owner, Person, Role, Scope
from compact.organisations import store as organisations
from compact.organisations.models import Organisation, OrganisationArea, Partnership, PartnershipArea, Trust
from compact.web.frame import Contact, stand_for

from .models import Invitation, Membership
from .models import Person as Account
from .rules import PlaceKind
from .store import PersonRow, person_by_id

INSTALLATION_ID = 1
# Who looks after people reads nothing of any return.
NOTHING = Scope()


@dataclass(frozen=True)
class Place:
    """A place whose people somebody looks after."""

    kind: PlaceKind
    id: int
    name: str
    owner: Owner
    scope: Scope = NOTHING


@dataclass(frozen=True)
class Administered:
    """What only administrators reach: the installation, or one person's account in it."""

    person: PersonRow | None = None
    owner: Owner = field(default_factory=Owner)
    scope: Scope = NOTHING


@dataclass(frozen=True)
class PlaceListed:
    """An organisation in the list of those whose people an officer looks after."""

    id: int
    name: str
    signatories: int
    invited: int


def find_place(address: Mapping[str, Any], _asking: Person) -> Place | None:
    kind, place_id, session = PlaceKind(address["kind"]), address["place_id"], db.session()
    if kind is PlaceKind.ORGANISATION:
        return _organisation(session, place_id)
    if kind is PlaceKind.PARTNERSHIP:
        return _partnership(session, place_id)
    if kind is PlaceKind.TRUST:
        # A trust's schools may lie in several areas: nobody but an administrator gives all of them to read.
        name = session.scalar(select(Trust.name).where(Trust.id == place_id))
        return Place(kind, place_id, name, Owner()) if name else None
    return Place(kind, INSTALLATION_ID, "the whole service", Owner()) if place_id == INSTALLATION_ID else None


def find_installation(_address: Mapping[str, Any], _asking: Person) -> Administered:
    return Administered()


def find_person(address: Mapping[str, Any], _asking: Person) -> Administered | None:
    row = person_by_id(db.session(), address["person_id"])
    return Administered(person=row) if row else None


def find_contacts(address: Mapping[str, Any], _asking: Person) -> Place | None:
    return _partnership(db.session(), address["partnership_id"])


def organisations_of(
    session: Session, partnerships: frozenset[int], looking_for: str, now: datetime, *, most: int
) -> list[PlaceListed]:
    """The first open organisations of the partnerships' areas, by name, with how many can sign there."""
    signatories = (
        select(func.count(Membership.id))
        .join(Account, Account.id == Membership.person_id)
        .where(
            Membership.organisation_id == Organisation.id,
            Membership.role == Role.SIGNATORY,
            Account.disabled_at.is_(None),
        )
        .scalar_subquery()
    )
    invited = (
        select(func.count())
        .where(
            Invitation.organisation_id == Organisation.id,
            Invitation.accepted_at.is_(None),
            Invitation.recalled_at.is_(None),
            Invitation.expires_at > now,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(Organisation.id, Organisation.name, signatories, invited)
        .where(
            Organisation.status == "open",
            func.lower(Organisation.name).contains(looking_for.strip().lower(), autoescape=True),
            Organisation.id.in_(
                select(OrganisationArea.organisation_id)
                .join(PartnershipArea, PartnershipArea.area == OrganisationArea.area)
                .where(PartnershipArea.partnership_id.in_(partnerships))
            ),
        )
        .order_by(Organisation.name, Organisation.id)
        .limit(most)
    )
    return [PlaceListed(*row) for row in rows]


def trusts(session: Session) -> list[tuple[int, str]]:
    """Every trust's id and name, by name."""
    rows = session.execute(select(Trust.id, Trust.name).order_by(Trust.name, Trust.id))
    return [(row.id, row.name) for row in rows]


def _organisation(session: Session, place_id: int) -> Place | None:
    name = session.scalar(select(Organisation.name).where(Organisation.id == place_id))
    if name is None:
        return None
    partnerships = organisations.partnerships_of(session, place_id)
    owner = Owner(organisations=frozenset({place_id}), partnerships=frozenset(partnerships))
    return Place(PlaceKind.ORGANISATION, place_id, name, owner)


def _partnership(session: Session, place_id: int) -> Place | None:
    row = session.execute(
        select(
            Partnership.name, Partnership.contact_name, Partnership.contact_email, Partnership.contact_phone
        ).where(Partnership.id == place_id)
    ).one_or_none()
    if row is None:
        return None
    stand_for(Contact(*row))
    return Place(PlaceKind.PARTNERSHIP, place_id, row.name, Owner(partnerships=frozenset({place_id})))
