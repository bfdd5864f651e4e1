"""The returns of organisations at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from .models import Return


@dataclass(frozen=True)
class ReturnState:
    """The highest number of a return."""

    return_id: int
    status: str
    imported: bool
    signed_at: datetime | None


def returns_of(session: Session, organisations: Sequence[int]) -> dict[tuple[int, int], ReturnState]:
    """The highest number of each return of these organisations, by (cycle, organisation)."""
    rows = session.execute(
        select(
            Return.cycle_id,
            Return.organisation_id,
            Return.id,
            Return.status,
            Return.imported,
            Return.signed_at,
        )
        .where(Return.organisation_id.in_(organisations))
        .order_by(Return.number)
    )
    return {(row.cycle_id, row.organisation_id): ReturnState(*row[2:]) for row in rows}
