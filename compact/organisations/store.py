"""Partnerships and organisations, read and written. Flushes, never commits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from .models import Organisation, Partnership, PartnershipArea


@dataclass(frozen=True)
class PartnershipRow:
    id: int
    name: str
    areas: tuple[str, ...]


def add_partnership(
    session: Session,
    name: str,
    areas: Sequence[str],
    *,
    contact_name: str | None = None,
    contact_email: str | None = None,
    contact_phone: str | None = None,
) -> int:
    partnership = Partnership(
        name=name, contact_name=contact_name, contact_email=contact_email, contact_phone=contact_phone
    )
    session.add(partnership)
    session.flush()
    session.add_all(PartnershipArea(area=area, partnership_id=partnership.id) for area in areas)
    session.flush()
    return partnership.id


def partnerships(session: Session) -> list[PartnershipRow]:
    """Every partnership of the installation with its areas, by name."""
    areas: dict[int, list[str]] = {}
    for row in session.execute(
        select(PartnershipArea.partnership_id, PartnershipArea.area).order_by(PartnershipArea.area)
    ):
        areas.setdefault(row.partnership_id, []).append(row.area)
    rows = session.execute(select(Partnership.id, Partnership.name).order_by(Partnership.name))
    return [PartnershipRow(row.id, row.name, tuple(areas.get(row.id, ()))) for row in rows]


def partnership_by_name(session: Session, name: str) -> PartnershipRow | None:
    return next((row for row in partnerships(session) if row.name == name), None)


def name_of(session: Session, organisation_id: int) -> str:
    """An organisation's name; the caller knows that there is one."""
    return session.execute(select(Organisation.name).where(Organisation.id == organisation_id)).scalar_one()
