"""The link with which anyone reads a sector's summary. Flushes, never commits."""

import re
import secrets
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from compact.trail import store as trail

from .models import OpenLink
from .store import subject_of

TOKEN_BYTES = 16
_TOKEN = re.compile("[A-Za-z0-9_-]{22}")


def link_of(session: Session, cycle_id: int, partnership_id: int, sector: str) -> str | None:
    """The token of the link open to anyone, where there is one."""
    return session.scalar(
        select(OpenLink.token).filter_by(cycle_id=cycle_id, partnership_id=partnership_id, sector=sector)
    )


def open_to_anyone(
    session: Session, cycle_id: int, partnership_id: int, sector: str, *, by: int, at: datetime
) -> str:
    """Make a link that anyone may read with, unless there is one; its token. The caller has the lock."""
    token = link_of(session, cycle_id, partnership_id, sector)
    if token is not None:
        return token
    token = secrets.token_urlsafe(TOKEN_BYTES)
    place = {"cycle_id": cycle_id, "partnership_id": partnership_id, "sector": sector}
    session.execute(insert(OpenLink).values(**place, token=token, by_id=by, at=at))
    subject = subject_of(cycle_id, partnership_id, sector)
    trail.record(session, "summary opened to anyone", subject, by=by, at=at)
    return token


def close_link(
    session: Session, cycle_id: int, partnership_id: int, sector: str, *, by: int, at: datetime
) -> bool:
    """Take the link away for good: another one will have another token. False when there is none."""
    place = {"cycle_id": cycle_id, "partnership_id": partnership_id, "sector": sector}
    gone = session.execute(delete(OpenLink).filter_by(**place).returning(OpenLink.token)).one_or_none()
    if gone is None:
        return False
    subject = subject_of(cycle_id, partnership_id, sector)
    trail.record(session, "summary closed to anyone", subject, by=by, at=at)
    return True


def opened_by(session: Session, token: str) -> tuple[int, int, str] | None:
    """The round, partnership and sector that a link's token opens."""
    if not _TOKEN.fullmatch(token):
        return None
    row = session.execute(
        select(OpenLink.cycle_id, OpenLink.partnership_id, OpenLink.sector).where(OpenLink.token == token)
    ).one_or_none()
    return (row.cycle_id, row.partnership_id, row.sector) if row else None
