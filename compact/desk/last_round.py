"""The round before one, as one of its partnerships saw it: what this one's response stands beside."""

from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from compact.cycles.models import Cycle, CyclePartnership, CycleSetting, Due, Excused
from compact.cycles.store import CycleRow, works_in
from compact.organisations.models import Organisation
from compact.returns.models import Return
from compact.web.clock import local_day

from .response import Signed


def round_before(session: Session, cycle: CycleRow, partnership: int) -> Signed | None:
    """The response to the last round that the partnership ran before this one for exactly such settings.

    The days are worked out here and not in SQL: SQLite knows no time zones.
    """
    before = _before(session, cycle, partnership)
    if before is None:
        return None
    is_signed = and_(
        Return.cycle_id == before.id,
        Return.organisation_id == Due.organisation_id,
        Return.status == "signed",
    )
    moments = session.scalars(
        select(func.min(Return.signed_at))
        .select_from(Due)
        .join(Organisation, Organisation.id == Due.organisation_id)
        .outerjoin(Return, is_signed)
        .where(
            Due.cycle_id == before.id,
            works_in([partnership]),
            ~exists().where(Excused.cycle_id == Due.cycle_id, Excused.organisation_id == Due.organisation_id),
        )
        .group_by(Due.organisation_id, Organisation.status)
        .having(or_(Organisation.status == "open", func.count(Return.id) > 0))
        .execution_options(beyond_scope="when the organisations of the partnership's last round signed")
    ).all()
    days = sorted(local_day(each) for each in moments if each is not None)
    return Signed(before.name, before.closes, len(moments), days)


def _before(session: Session, cycle: CycleRow, partnership: int) -> Any:
    others = exists().where(CycleSetting.cycle_id == Cycle.id, CycleSetting.setting.not_in(cycle.settings))
    same = select(func.count()).where(CycleSetting.cycle_id == Cycle.id).scalar_subquery()
    return session.execute(
        select(Cycle.id, Cycle.name, Cycle.closes)
        .join(CyclePartnership, CyclePartnership.cycle_id == Cycle.id)
        .where(
            CyclePartnership.partnership_id == partnership,
            Cycle.opens < cycle.opens,
            ~others,
            same == len(cycle.settings),
        )
        .order_by(Cycle.opens.desc(), Cycle.id.desc())
        .limit(1)
    ).one_or_none()
