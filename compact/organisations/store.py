"""Partnerships and organisations, read and written. Flushes, never commits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from compact.web.frame import Contact

from .models import (
    Organisation,
    OrganisationArea,
    OrganisationCorrection,
    Partnership,
    PartnershipArea,
    RegisterDay,
    Trust,
)
from .rules import Key, Known, Plan, State


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


def set_two_people_sign(session: Session, partnership_id: int, *, wanted: bool) -> bool:
    """Say whether a partnership wants two people; whether that was a change."""
    changed = session.execute(
        update(Partnership)
        .where(Partnership.id == partnership_id, Partnership.two_people_sign != wanted)
        .values(two_people_sign=wanted)
        .returning(Partnership.id)
    )
    return changed.one_or_none() is not None


def contacts_of_all(session: Session) -> list[Contact]:
    """Every partnership's name and contact, by name."""
    rows = session.execute(
        select(
            Partnership.name, Partnership.contact_name, Partnership.contact_email, Partnership.contact_phone
        ).order_by(Partnership.name)
    )
    return [Contact(*row) for row in rows]


def schools_of_trusts(session: Session, trusts: Sequence[int]) -> list[int]:
    """The ids of the organisations that belong to these trusts."""
    if not trusts:
        return []
    return list(session.scalars(select(Organisation.id).where(Organisation.trust_id.in_(trusts))))


def names_of_organisations(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The names of organisations by id."""
    if not ids:
        return {}
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    return {row.id: row.name for row in rows}


def partnerships_of(session: Session, organisation_id: int) -> list[int]:
    """The partnerships in whose areas an organisation works."""
    return list(
        session.scalars(
            select(PartnershipArea.partnership_id)
            .join(OrganisationArea, OrganisationArea.area == PartnershipArea.area)
            .where(OrganisationArea.organisation_id == organisation_id)
            .distinct()
            .order_by(PartnershipArea.partnership_id)
        )
    )


def name_of(session: Session, organisation_id: int) -> str:
    """An organisation's name; the caller knows that there is one."""
    return session.execute(select(Organisation.name).where(Organisation.id == organisation_id)).scalar_one()


def lock_for_import(session: Session) -> None:
    """Let one import after another through. SQLite's write lock does so already and knows no FOR UPDATE."""
    session.execute(select(Partnership.id).order_by(Partnership.id).with_for_update(key_share=True))


def known_organisations(session: Session, registers: Collection[str]) -> dict[Key, Known]:
    """Every organisation of some registers, in three queries however many there are."""
    areas: dict[int, set[str]] = {}
    for row in session.execute(
        select(OrganisationArea.organisation_id, OrganisationArea.area)
        .join(Organisation, Organisation.id == OrganisationArea.organisation_id)
        .where(Organisation.register.in_(registers))
    ):
        areas.setdefault(row.organisation_id, set()).add(row.area)
    rows = session.execute(
        select(Organisation.__table__, Trust.name.label("trust"))
        .outerjoin(Trust, Trust.id == Organisation.trust_id)
        .where(Organisation.register.in_(registers))
    )
    corrected = _corrected(session, registers)
    known: dict[Key, Known] = {}
    for row in rows:
        key = Key(row.register, row.owner_id, row.identifier)
        known[key] = Known(
            row.id,
            key,
            State(
                name=row.name,
                setting=row.setting,
                areas=frozenset(areas.get(row.id, ())),
                phase=row.phase,
                trust=row.trust,
                postcode=row.postcode,
                contact_email=row.contact_email,
                closed_on=row.closed_on,
            ),
            corrected.get(row.id, {}),
        )
    return known


def _corrected(session: Session, registers: Collection[str]) -> dict[int, dict[str, str | None]]:
    """The corrections in force: what the register said then, by organisation and field."""
    corrected: dict[int, dict[str, str | None]] = {}
    for each in session.execute(
        select(
            OrganisationCorrection.organisation_id,
            OrganisationCorrection.field,
            OrganisationCorrection.register_said,
        )
        .join(Organisation, Organisation.id == OrganisationCorrection.organisation_id)
        .where(Organisation.register.in_(registers), OrganisationCorrection.ended_at.is_(None))
        .order_by(OrganisationCorrection.id)
    ):
        corrected.setdefault(each.organisation_id, {})[each.field] = each.register_said
    return corrected


def register_days(session: Session, register: str) -> dict[str, date]:
    """The day on which each area's rows were last changed, in the newest file of a register so far."""
    rows = session.execute(
        select(RegisterDay.area, RegisterDay.as_of).where(RegisterDay.register == register)
    )
    return {row.area: row.as_of for row in rows}


def keep_register_days(session: Session, register: str, as_of: Mapping[str, date]) -> None:
    """Remember how new a file is that was imported, for each area that it tells of."""
    if not as_of:
        return
    session.execute(
        delete(RegisterDay).where(RegisterDay.register == register, RegisterDay.area.in_(list(as_of)))
    )
    rows = [{"register": register, "area": area, "as_of": day} for area, day in as_of.items()]
    session.execute(insert(RegisterDay), rows)


def carry_out(session: Session, plan: Plan, at: datetime) -> None:
    """Write what an import does, in a handful of statements however long its file was."""
    changes = [*plan.changed, *plan.closed]
    trusts = _trusts(session, [state for _, state in plan.added] + [change.state for change in changes])
    if plan.added:
        session.execute(
            insert(Organisation), [{**key._asdict(), **_columns(state, trusts)} for key, state in plan.added]
        )
        ids = _ids(session, {key.register for key, _ in plan.added})
        _add_areas(session, ((ids[key], state) for key, state in plan.added))
    if changes:
        session.execute(
            update(Organisation),
            [{"id": each.organisation.id, **_columns(each.state, trusts)} for each in changes],
        )
    moved = [each for each in changes if each.state.areas != each.organisation.state.areas]
    if moved:
        of_one = OrganisationArea.organisation_id == bindparam("moved")
        session.connection().execute(
            delete(OrganisationArea).where(of_one), [{"moved": each.organisation.id} for each in moved]
        )
        _add_areas(session, ((each.organisation.id, each.state) for each in moved))
    for organisation_id, name in plan.ended:
        end_correction(session, organisation_id, name, at)
    session.flush()


def end_correction(session: Session, organisation_id: int, name: str, at: datetime) -> None:
    session.execute(
        update(OrganisationCorrection)
        .where(
            OrganisationCorrection.organisation_id == organisation_id,
            OrganisationCorrection.field == name,
            OrganisationCorrection.ended_at.is_(None),
        )
        .values(ended_at=at)
    )


def _ids(session: Session, registers: Collection[str]) -> dict[Key, int]:
    """The ids of all organisations of some registers. SQLite tells no ids in the order of many new rows."""
    rows = session.execute(
        select(Organisation.id, Organisation.register, Organisation.owner_id, Organisation.identifier).where(
            Organisation.register.in_(registers)
        )
    )
    return {Key(row.register, row.owner_id, row.identifier): row.id for row in rows}


def _columns(state: State, trusts: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": state.name,
        "setting": state.setting,
        "phase": state.phase,
        "trust_id": trusts[state.trust.casefold()] if state.trust else None,
        "postcode": state.postcode,
        "contact_email": state.contact_email,
        "status": "closed" if state.closed_on else "open",
        "closed_on": state.closed_on,
    }


def _add_areas(session: Session, organisations: Iterable[tuple[int, State]]) -> None:
    rows = [
        {"organisation_id": organisation_id, "area": area}
        for organisation_id, state in organisations
        for area in sorted(state.areas)
    ]
    session.execute(insert(OrganisationArea), rows)


def _trusts(session: Session, states: Iterable[State]) -> dict[str, int]:
    """The ids of the trusts that are named, by folded name; a new one is made where there is none."""
    named = {state.trust.casefold(): state.trust for state in states if state.trust}
    if not named:
        return {}
    kept = _kept_trusts(session)
    new = [{"name": name} for folded, name in named.items() if folded not in kept]
    if not new:
        return kept
    session.execute(insert(Trust), new)
    return _kept_trusts(session)


def _kept_trusts(session: Session) -> dict[str, int]:
    """Every trust's id by its folded name; of two in different letters the first."""
    rows = session.execute(select(Trust.id, Trust.name).order_by(Trust.id.desc()))
    return {row.name.casefold(): row.id for row in rows}
