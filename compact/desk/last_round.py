"""The round before one, as one of its partnerships saw it: what this one's response stands beside."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from compact.cycles.models import Cycle, CyclePartnership, CycleSetting, Due, Excused
from compact.cycles.store import CycleRow, works_in
from compact.organisations.models import Organisation
from compact.returns.models import Return
from compact.web.clock import local_day

from .response import Signed

STATEMENTS = 256  # one for each round that is looked at: to build it costs more than to run it


def round_before(session: Session, cycle: CycleRow, partnership: int) -> Signed | None:
    """The response to the last round that the partnership ran before this one for exactly such settings.

    The days are worked out here and not in SQL: SQLite knows no time zones.
    """
    rows = session.execute(_signed_before(cycle, partnership)).all()
    if not rows:
        return None
    days = sorted(local_day(row.signed_at) for row in rows if row.signed_at is not None)
    return Signed(rows[0].name, rows[0].closes, len(rows), days)


@lru_cache(STATEMENTS)
def _signed_before(cycle: CycleRow, partnership: int) -> Select[*tuple[Any, ...]]:
    """Who was due in that round, and when each signed it first."""
    is_signed = and_(
        Return.cycle_id == Due.cycle_id,
        Return.organisation_id == Due.organisation_id,
        Return.status == "signed",
    )
    return (
        select(Cycle.name, Cycle.closes, func.min(Return.signed_at).label("signed_at"))
        .select_from(Due)
        .join(Cycle, Cycle.id == Due.cycle_id)
        .join(Organisation, Organisation.id == Due.organisation_id)
        .outerjoin(Return, is_signed)
        .where(
            Due.cycle_id == _before(cycle, partnership),
            works_in([partnership]),
            ~exists().where(Excused.cycle_id == Due.cycle_id, Excused.organisation_id == Due.organisation_id),
        )
        .group_by(Cycle.name, Cycle.closes, Due.organisation_id, Organisation.status)
        .having(or_(Organisation.status == "open", func.count(Return.id) > 0))
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
