"""How many are due and how many have signed: in a whole sector, and in each part of it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from compact.cycles.models import CyclePartnership, Due, Excused
from compact.cycles.store import CycleRow, works_in
from compact.db import table
from compact.organisations.models import (
    Organisation,
    OrganisationArea,
    PartnershipArea,
    Succession,
    Trust,
)
from compact.returns.models import Return

from .counting import STATEMENTS
from .cuts import WHOLE, Cut, Part, Response


def response_by_sector(
    session: Session, cycle: CycleRow, partnership: int | None, cut: Cut = WHOLE
) -> dict[str, Response]:
    """Due and received by sector: due are those asked, less the excused and those closed before signing."""
    return responses_by_cycle(session, [cycle], partnership, cut)[cycle.id]


def responses_by_cycle(
    session: Session, cycles: Sequence[CycleRow], partnership: int | None, cut: Cut = WHOLE
) -> dict[int, dict[str, Response]]:
    """The same for several cycles at once, by their ids."""
    rows = session.execute(_responses(tuple(cycle.id for cycle in cycles), partnership, cut))
    found = {(row[0], row[1]): Response(*row[2:]) for row in rows}
    return {
        cycle.id: {each: found.get((cycle.id, each), Response()) for each in cycle.settings}
        for cycle in cycles
    }


def parts_of(
    session: Session, cycles: Sequence[int], partnership: int | None, sector: str | None = None
) -> list[Part]:
    """The same for those of some cycles, or of a sector of theirs, who share sector, phase and trust."""
    return [Part(*row) for row in session.execute(_parts(tuple(cycles), partnership, sector))]


@lru_cache(STATEMENTS)
def _responses(cycles: tuple[int, ...], partnership: int | None, cut: Cut) -> Select[*tuple[Any, ...]]:
    """Due, received and brought in, by cycle and sector."""
    signed = _highest_signed(cycles)
    sector, phase, trust = _as_pinned(signed)
    statement = _counted(_due(cycles, partnership, signed), signed, sector)
    if cut.phase is not None:
        statement = statement.where(phase == cut.phase)
    return statement if cut.trust is None else statement.where(trust == cut.trust)


@lru_cache(STATEMENTS)
def _parts(
    cycles: tuple[int, ...], partnership: int | None, of_sector: str | None
) -> Select[*tuple[Any, ...]]:
    """The same, by cycle, sector, phase and trust."""
    signed = _highest_signed(cycles)
    sector, phase, trust = _as_pinned(signed)
    due = _due(cycles, partnership, signed).outerjoin(Trust, Trust.id == trust)
    if of_sector is not None:
        due = due.where(sector == of_sector)
    return _counted(due, signed, sector, phase, trust, table(Trust).c.name)


def _as_pinned(signed: Subquery) -> tuple[ColumnElement[Any], ColumnElement[Any], ColumnElement[Any]]:
    """Sector, phase and trust: as they were at signing, and of who has not signed as they are."""
    has_signed = signed.c.organisation_id.is_not(None)
    return (
        func.coalesce(signed.c.setting, Organisation.setting),
        case((has_signed, signed.c.phase), else_=Organisation.phase),
        case((has_signed, signed.c.trust_id), else_=Organisation.trust_id),
    )


def _counted(
    due: Select[*tuple[Any, ...]], signed: Subquery, *by: ColumnElement[Any]
) -> Select[*tuple[Any, ...]]:
    """Due, received and brought in of each cycle, by these columns."""
    return due.with_only_columns(
        Due.cycle_id,
        *by,
        func.count(),
        func.count(signed.c.organisation_id),
        func.sum(case((signed.c.imported, 1), else_=0)),
    ).group_by(Due.cycle_id, *by)


def _due(cycles: tuple[int, ...], partnership: int | None, signed: Subquery) -> Select[*tuple[Any, ...]]:
    """Those who are due, each with what it signed."""
    return (
        select(Due.cycle_id)
        .join(Organisation, Organisation.id == Due.organisation_id)
        .outerjoin(
            signed,
            and_(signed.c.organisation_id == Due.organisation_id, signed.c.cycle_id == Due.cycle_id),
        )
        .where(
            Due.cycle_id.in_(cycles),
            _in_area(partnership),
            ~exists().where(Excused.cycle_id == Due.cycle_id, Excused.organisation_id == Due.organisation_id),
            or_(Organisation.status == "open", signed.c.organisation_id.is_not(None)),
            ~_succeeded_by_signed(),
        )
    )


def _succeeded_by_signed() -> ColumnElement[bool]:
    """The condition that one that took over from a due organisation has signed: then that one counts."""
    successors = aliased(Return)
    return exists().where(
        Succession.old_id == Due.organisation_id,
        successors.organisation_id == Succession.new_id,
        successors.cycle_id == Due.cycle_id,
        successors.status == "signed",
    )


def _in_area(partnership: int | None) -> ColumnElement[bool]:
    """The condition that a due organisation works in the partnership's area, or in the round's areas."""
    if partnership is not None:
        return works_in([partnership])
    return exists().where(
        OrganisationArea.organisation_id == Organisation.id,
        OrganisationArea.area == PartnershipArea.area,
        PartnershipArea.partnership_id == CyclePartnership.partnership_id,
        CyclePartnership.cycle_id == Due.cycle_id,
    )


def _highest_signed(cycles: Sequence[int]) -> Subquery:
    """The highest signed number of each return in the cycles."""
    later = aliased(Return)
    return (
        select(
            Return.cycle_id,
            Return.organisation_id,
            Return.setting,
            Return.phase,
            Return.trust_id,
            Return.imported,
        )
        .where(
            Return.cycle_id.in_(cycles),
            Return.status == "signed",
            ~exists().where(
                later.cycle_id == Return.cycle_id,
                later.organisation_id == Return.organisation_id,
                later.status == "signed",
                later.number > Return.number,
            ),
        )
        .subquery()
    )
