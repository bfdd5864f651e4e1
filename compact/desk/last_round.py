"""The round before one, as one of its partnerships saw it: what this one's response stands beside."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from compact.cycles.models import Cycle, CyclePartnership, CycleSetting, Due, Excused
from compact.cycles.store import CycleRow
from compact.organisations.models import Organisation, OrganisationArea, PartnershipArea
from compact.returns.models import Return
from compact.web.clock import local_days

from .response import Signed

STATEMENTS = 256  # one for each round that is looked at: to build it costs more than to run it


def round_before(session: Session, cycle: CycleRow, partnership: int) -> Signed | None:
    """The response to the last round that the partnership ran before this one for exactly such settings.

    The days are worked out here and not in SQL: SQLite knows no time zones.
    """
    rows = session.execute(_signed_before(cycle, partnership)).all()
    if not rows:
        return None
    first: dict[int, datetime | None] = {}
    for _, _, organisation_id, at in rows:
        first.setdefault(organisation_id, at)
    name, closes, *_ = rows[0]
    return Signed(name, closes, len(first), local_days(at for at in first.values() if at))


@lru_cache(STATEMENTS)
def _signed_before(cycle: CycleRow, partnership: int) -> Select[*tuple[Any, ...]]:
    """Who was due in that round, and each time that one of them signed, the first one first."""
    is_signed = and_(
        Return.cycle_id == Due.cycle_id,
        Return.organisation_id == Due.organisation_id,
        Return.status == "signed",
    )
    is_there = exists().where(Organisation.id == Due.organisation_id, Organisation.status == "open")
    return (
        select(Cycle.name, Cycle.closes, Due.organisation_id, Return.signed_at)
        .select_from(Due)
        .join(Cycle, Cycle.id == Due.cycle_id)
        .outerjoin(Return, is_signed)
        .where(
            Due.cycle_id == _before(cycle, partnership),
            # Not `works_in`: SQLite would look an organisation's areas up for each one that is due.
            Due.organisation_id.in_(
                select(OrganisationArea.organisation_id)
                .join(PartnershipArea, PartnershipArea.area == OrganisationArea.area)
                .where(PartnershipArea.partnership_id == partnership)
            ),
            ~exists().where(Excused.cycle_id == Due.cycle_id, Excused.organisation_id == Due.organisation_id),
            # Whether it is still there is looked up only for who has not signed.
            or_(Return.id.is_not(None), is_there),
        )
        .order_by(Due.organisation_id, Return.number)
        .execution_options(beyond_scope="when the organisations of the partnership's last round signed")
    )


def _before(cycle: CycleRow, partnership: int) -> ScalarSelect[int]:
    """The id of that round."""
    others = exists().where(CycleSetting.cycle_id == Cycle.id, CycleSetting.setting.not_in(cycle.settings))
    same = select(func.count()).where(CycleSetting.cycle_id == Cycle.id).scalar_subquery()
    return (
        select(Cycle.id)
        .join(CyclePartnership, CyclePartnership.cycle_id == Cycle.id)
        .where(
            CyclePartnership.partnership_id == partnership,
            Cycle.opens < cycle.opens,
            ~others,
            same == len(cycle.settings),
        )
        .order_by(Cycle.opens.desc(), Cycle.id.desc())
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )
