"""The organisations of an officer's partnerships: who sees them, the list and its search, one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from compact import db
from compact.access.values import Owner, Person, Role, Scope
from compact.questionnaire.values import Edition
from compact.web.frame import Contact, stand_for

from .models import Organisation, OrganisationArea, Partnership, PartnershipArea, Trust
from .rules import CLOSED, OPEN
from .store import PartnershipRow, partnerships, partnerships_of

A_PAGE = 50
ALL = "all"
# A list of organisations touches no return.
NOTHING = Scope()


@dataclass(frozen=True)
class Desk:
    """The partnerships that somebody is an officer of."""

    partnerships: tuple[PartnershipRow, ...]
    owner: Owner
    scope: Scope = NOTHING

    @property
    def areas(self) -> frozenset[str]:
        return frozenset(area for each in self.partnerships for area in each.areas)


@dataclass(frozen=True)
class Kept:
    """An organisation as it is kept, for the officers of the partnerships in whose areas it works."""

    id: int
    register: str
    owner_id: int | None
    identifier: str
    name: str
    setting: str
    phase: str | None
    trust: str | None
    postcode: str | None
    contact_email: str | None
    closed_on: date | None
    areas: tuple[str, ...]
    owner: Owner

    @property
    def scope(self) -> Scope:
        return Scope(organisations=frozenset({self.id}))


@dataclass(frozen=True)
class Listed:
    """A row of the list."""

    id: int
    register: str
    identifier: str
    name: str
    setting: str
    phase: str | None
    postcode: str | None
    closed_on: date | None


@dataclass(frozen=True)
class Search:
    """What the list is asked for: words of a name, a number or a postcode; a type; open, closed or all."""

    words: str = ""
    setting: str = ""
    status: str = OPEN
    page: int = 1


def find_desk(_address: Mapping[str, Any], asking: Person) -> Desk | None:
    """The finder of an officer's desk; None for everybody else."""
    own = {grant.partnership_id for grant in asking.grants if grant.role is Role.OFFICER}
    mine = tuple(row for row in partnerships(db.session()) if row.id in own)
    if not mine:
        return None
    _stand_for(db.session(), mine[0].id)
    return Desk(mine, Owner(partnerships=frozenset(row.id for row in mine)))


def find_organisation(address: Mapping[str, Any], asking: Person) -> Kept | None:
    """The finder of an organisation."""
    session, organisation_id = db.session(), address["organisation_id"]
    row = session.execute(
        select(
            Organisation.id,
            Organisation.register,
            Organisation.owner_id,
            Organisation.identifier,
            Organisation.name,
            Organisation.setting,
            Organisation.phase,
            Trust.name,
            Organisation.postcode,
            Organisation.contact_email,
            Organisation.closed_on,
        )
        .outerjoin(Trust, Trust.id == Organisation.trust_id)
        .where(Organisation.id == organisation_id)
    ).one_or_none()
    if row is None:
        return None
    areas = session.scalars(
        select(OrganisationArea.area)
        .where(OrganisationArea.organisation_id == organisation_id)
        .order_by(OrganisationArea.area)
    ).all()
    of = partnerships_of(session, organisation_id)
    if own := sorted(asking.partnerships.intersection(of)):
        _stand_for(session, own[0])
    return Kept(*row, tuple(areas), Owner(partnerships=frozenset(of)))


def sectors() -> dict[str, str]:
    """The setting types that any edition knows, each with the name of its sector in the newest."""
    editions: Mapping[str, Edition] = current_app.extensions["compact.editions"]
    return {
        setting: edition.questionnaires[setting].sector
        for _, edition in sorted(editions.items())
        for setting in edition.settings
    }


def listed(session: Session, of: Sequence[int], search: Search) -> tuple[list[Listed], int]:
    """A page of the organisations in the partnerships' areas, by name, and how many there are in all."""
    where = [_works_in(of), *_conditions(search)]
    count = session.execute(select(func.count()).select_from(Organisation).where(*where)).scalar_one()
    rows = session.execute(
        select(
            Organisation.id,
            Organisation.register,
            Organisation.identifier,
            Organisation.name,
            Organisation.setting,
            Organisation.phase,
            Organisation.postcode,
            Organisation.closed_on,
        )
        .where(*where)
        .order_by(Organisation.name, Organisation.id)
        .limit(A_PAGE)
        .offset((search.page - 1) * A_PAGE)
    )
    return [Listed(*row) for row in rows], count


def _works_in(of: Sequence[int]) -> ColumnElement[bool]:
    return Organisation.id.in_(
        select(OrganisationArea.organisation_id)
        .join(PartnershipArea, PartnershipArea.area == OrganisationArea.area)
        .where(PartnershipArea.partnership_id.in_(of))
    )


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.words:
        words = search.words.lower()
        number, closed_up = words.rpartition(":")[2].strip(), "".join(words.split())
        conditions.append(
            or_(
                func.lower(Organisation.name).contains(words, autoescape=True),
                func.lower(Organisation.identifier).startswith(number, autoescape=True),
                func.replace(func.lower(Organisation.postcode), " ", "").startswith(
                    closed_up, autoescape=True
                ),
            )
        )
    if search.setting:
        conditions.append(Organisation.setting == search.setting)
    if search.status in (OPEN, CLOSED):
        conditions.append(Organisation.status == search.status)
    return conditions


def _stand_for(session: Session, partnership_id: int) -> None:
    row = session.execute(
        select(
            Partnership.name, Partnership.contact_name, Partnership.contact_email, Partnership.contact_phone
        ).where(Partnership.id == partnership_id)
    ).one()
    stand_for(Contact(*row))
