"""More time in a round for one organisation: read, given and withdrawn. Flushes, never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from compact.accounts.models import Person
from compact.trail import store as trail

from .models import Due, Extension
from .rules import MoreTime


class OtherTimeMeanwhile(Exception):  # noqa: N818 - it says what happened
    """Another officer changed the organisation's last day after the page was shown; nothing was written."""


@dataclass(frozen=True)
class ExtensionRow:
    """The time that an organisation was given, and by whom; without a day where it was withdrawn."""

    until: date | None
    why: str
    by: str | None
    at: datetime
    version: int


def extension_of(session: Session, cycle_id: int, organisation_id: int) -> ExtensionRow | None:
    """The time that an organisation was given in a round, or what was withdrawn there, if any."""
    row = session.execute(
        select(Extension.until, Extension.why, Person.name, Extension.at, Extension.version)
        .outerjoin(Person, Person.id == Extension.by_id)
        .where(Extension.cycle_id == cycle_id, Extension.organisation_id == organisation_id)
    ).one_or_none()
    return ExtensionRow(*row) if row else None


def extended_until(session: Session, organisations: Sequence[int]) -> dict[tuple[int, int], date | None]:
    """Until when these organisations have more time, by (round, organisation); None where withdrawn."""
    rows = session.execute(
        select(Extension.cycle_id, Extension.organisation_id, Extension.until).where(
            Extension.organisation_id.in_(organisations)
        )
    )
    return {(row.cycle_id, row.organisation_id): row.until for row in rows}


def extended_in_round(session: Session, cycle_id: int) -> dict[int, date | None]:
    """Until when organisations have more time in a round, by organisation; None where withdrawn."""
    rows = session.execute(
        select(Extension.organisation_id, Extension.until).where(Extension.cycle_id == cycle_id)
    )
    return {row.organisation_id: row.until for row in rows}


def given_in_round(session: Session, cycle_id: int) -> dict[int, ExtensionRow]:
    """The time that organisations have in a round, by organisation; not what was withdrawn."""
    rows = session.execute(
        select(
            Extension.organisation_id,
            Extension.until,
            Extension.why,
            Person.name,
            Extension.at,
            Extension.version,
        )
        .outerjoin(Person, Person.id == Extension.by_id)
        .where(Extension.cycle_id == cycle_id, Extension.until.is_not(None))
    )
    return {row[0]: ExtensionRow(*row[1:]) for row in rows}


def extend(
    session: Session,
    cycle_id: int,
    organisation_id: int,
    given: MoreTime,
    *,
    shown_version: int,
    by: int | None,
    at: datetime,
) -> None:
    """Give one organisation more time, or other time than before. Raises OtherTimeMeanwhile."""
    _lock(session, cycle_id, organisation_id, shown_version)
    _write(
        session, cycle_id, organisation_id, given.until, given.why, version=shown_version + 1, by=by, at=at
    )
    detail = {"cycle": cycle_id, "until": given.until.isoformat(), "why": given.why}
    trail.record(session, "more time given", f"organisation {organisation_id}", by=by, at=at, **detail)


def withdraw(
    session: Session,
    cycle_id: int,
    organisation_id: int,
    why: str,
    *,
    shown_version: int,
    by: int | None,
    at: datetime,
) -> None:
    """Take the time back that one organisation was given. Raises OtherTimeMeanwhile."""
    _lock(session, cycle_id, organisation_id, shown_version)
    _write(session, cycle_id, organisation_id, None, why, version=shown_version + 1, by=by, at=at)
    detail = {"cycle": cycle_id, "why": why}
    trail.record(session, "more time withdrawn", f"organisation {organisation_id}", by=by, at=at, **detail)


def _lock(session: Session, cycle_id: int, organisation_id: int, shown_version: int) -> None:
    """Lock the organisation's place in the round. Raises OtherTimeMeanwhile.

    So of two officers one finds what the other has given.
    """
    session.execute(
        select(Due.cycle_id)
        .where(Due.cycle_id == cycle_id, Due.organisation_id == organisation_id)
        .with_for_update()
    ).one()
    kept = extension_of(session, cycle_id, organisation_id)
    if shown_version != (kept.version if kept else 0):
        raise OtherTimeMeanwhile


def _write(
    session: Session,
    cycle_id: int,
    organisation_id: int,
    until: date | None,
    why: str,
    *,
    version: int,
    by: int | None,
    at: datetime,
) -> None:
    """The first version is a new row, a later one takes its place."""
    place = {"cycle_id": cycle_id, "organisation_id": organisation_id}
    values = {"until": until, "why": why, "by_id": by, "at": at, "version": version}
    if version == 1:
        session.execute(insert(Extension).values(**place, **values))
        return
    session.execute(
        update(Extension)
        .where(Extension.cycle_id == cycle_id, Extension.organisation_id == organisation_id)
        .values(**values)
    )
