"""Learning summaries, published and read. Flushes, never commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.orm import Session

from compact.access.values import Person
from compact.organisations.models import Organisation, OrganisationArea, PartnershipArea
from compact.practice.store import Chosen
from compact.trail import store as trail

from .models import LearningSummary
from .summary import Summary


@dataclass(frozen=True)
class Published:
    """A summary as it was published."""

    number: int
    summary: Summary
    foreword: str
    published_at: datetime


REPLACED = "A newer one was published."


def publish(
    session: Session,
    cycle_id: int,
    partnership_id: int,
    summary: Summary,
    *,
    foreword: str,
    by: int,
    at: datetime,
    why: str = REPLACED,
    corrects: bool = False,
    counted: str | None = None,
) -> int:
    """Publish a sector's summary; it takes the place of one that is in force, for the reason `why`.

    Returns its number.
    """
    place = _place(cycle_id, partnership_id, summary.sector)
    in_force = update(LearningSummary).where(*place, LearningSummary.withdrawn_at.is_(None))
    session.execute(in_force.values(withdrawn_at=at, why=why, replaced=True))
    number = (session.scalar(select(func.max(LearningSummary.number)).where(*place)) or 0) + 1
    session.execute(
        insert(LearningSummary).values(
            cycle_id=cycle_id,
            partnership_id=partnership_id,
            sector=summary.sector,
            number=number,
            values=summary.model_dump_json(),
            foreword=foreword,
            published_at=at,
            published_by=by,
            corrects=corrects,
            counted=counted,
        )
    )
    subject = subject_of(cycle_id, partnership_id, summary.sector)
    trail.record(session, "summary published", subject, by=by, at=at, number=number)
    return number


def subject_of(cycle_id: int, partnership_id: int, sector: str) -> str:
    """What the trail calls the summary of a sector."""
    return f"summary {cycle_id}/{partnership_id}/{sector}"


def in_force(session: Session, cycle_id: int, partnership_id: int, sector: str) -> Published | None:
    place = _place(cycle_id, partnership_id, sector)
    return _published(session, *place, LearningSummary.withdrawn_at.is_(None))


def of_number(
    session: Session, cycle_id: int, partnership_id: int, sector: str, number: int
) -> Published | None:
    """One number of a summary, in force or not."""
    place = _place(cycle_id, partnership_id, sector)
    return _published(session, *place, LearningSummary.number == number)


def _place(cycle_id: int, partnership_id: int, sector: str) -> tuple[ColumnElement[bool], ...]:
    return (
        LearningSummary.cycle_id == cycle_id,
        LearningSummary.partnership_id == partnership_id,
        LearningSummary.sector == sector,
    )


def _published(session: Session, *where: ColumnElement[bool]) -> Published | None:
    row = session.execute(
        select(
            LearningSummary.number,
            LearningSummary.values,
            LearningSummary.foreword,
            LearningSummary.published_at,
        ).where(*where)
    ).one_or_none()
    if row is None:
        return None
    return Published(row.number, Summary.model_validate_json(row.values), row.foreword, row.published_at)


def printed_in(session: Session, cycle_id: int, sector: str, chosen: Iterable[Chosen]) -> dict[str, datetime]:
    """Which of a return's chosen texts are printed, by indicator, and in which number first: its moment."""
    texts = {(each.partnership, each.key, each.text) for each in chosen}
    if not texts:
        return {}
    published = session.execute(
        select(LearningSummary.partnership_id, LearningSummary.values, LearningSummary.published_at)
        .where(LearningSummary.cycle_id == cycle_id, LearningSummary.sector == sector)
        .order_by(LearningSummary.published_at.desc(), LearningSummary.id.desc())
    )
    return {
        each.key: row.published_at
        for row in published
        for each in Summary.model_validate_json(row.values).advice
        if (row.partnership_id, each.key, each.practice) in texts
    }


def hidden_in(session: Session, cycle_id: int, sector: str) -> frozenset[str]:
    """What any summary of a round's sector hid, whoever published it and whether or not it is in force.

    A summary of a later round shows figures of this one too, beside its own.
    """
    published = session.execute(
        select(LearningSummary.cycle_id, LearningSummary.values)
        .where(LearningSummary.sector == sector)
        .order_by(LearningSummary.id)
    )
    hidden: set[str] = set()
    for of_cycle, values in published:
        summary = Summary.model_validate_json(values)
        if of_cycle == cycle_id:
            hidden |= summary.hides
        hidden.update(key for each in summary.earlier if each.cycle_id == cycle_id for key in each.hidden)
    return frozenset(hidden)


def partnerships_for(session: Session, person: Person) -> list[int]:
    """The partnerships whose summaries a person may read: their own, and those of their settings."""
    of_settings = session.scalars(
        select(PartnershipArea.partnership_id)
        .join(OrganisationArea, OrganisationArea.area == PartnershipArea.area)
        .join(Organisation, Organisation.id == OrganisationArea.organisation_id)
        .where(or_(Organisation.id.in_(person.organisations), Organisation.trust_id.in_(person.trusts)))
        .distinct()
    )
    return sorted({*person.partnerships, *of_settings})
