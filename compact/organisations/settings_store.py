"""A partnership's settings, and whom to ask at the foot of its mails. Flushes, never commits."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from compact.mail.foot import foot
from compact.trail import store as trail
from compact.web.frame import Contact

from .models import OrganisationArea, Partnership, PartnershipArea
from .settings import FIELDS, Settings, changed_fields, told

_COLUMNS = tuple(getattr(Partnership, each) for each in FIELDS)


def settings_of(session: Session, partnership_id: int) -> Settings | None:
    row: Any = session.execute(select(*_COLUMNS).where(Partnership.id == partnership_id)).one_or_none()
    values: list[Any] = ["" if value is None else value for value in row or ()]
    return Settings(*values) if row else None


def lock_names(session: Session) -> Mapping[int, str]:
    """Let nobody else change a partnership until this transaction ends; all their names by id."""
    rows = session.execute(
        select(Partnership.id, Partnership.name).order_by(Partnership.id).with_for_update(key_share=True)
    )
    return {row.id: row.name for row in rows}


def change_settings(
    session: Session, partnership_id: int, before: Settings, after: Settings, *, by: int, at: datetime
) -> bool:
    """Keep other settings than before; whether any differ. The caller has locked the partnership."""
    changed = changed_fields(before, after)
    if not changed:
        return False
    empty = ("contact_name", "contact_email", "contact_phone")
    values = {each: getattr(after, each) for each in changed}
    values = {each: None if each in empty and not value else value for each, value in values.items()}
    session.execute(update(Partnership).where(Partnership.id == partnership_id).values(**values))
    subject = f"partnership {partnership_id}"
    trail.record(session, "partnership set", subject, by=by, at=at, **told(before, after))
    return True


def thresholds_of(session: Session, partnerships: Collection[int]) -> Mapping[int, int]:
    """What each partnership usually flags above, in percent."""
    rows = session.execute(
        select(Partnership.id, Partnership.threshold).where(Partnership.id.in_(partnerships))
    )
    return {row.id: row.threshold for row in rows}


def foot_of(session: Session, partnership_id: int) -> str:
    """Whom to ask, as it stands below the partnership's mails."""
    return _foot(session, Partnership.id == partnership_id)


def foot_for(session: Session, organisation_id: int) -> str:
    """The same below the mails to an organisation, of the first partnership in whose area it works."""
    works_there = (
        select(PartnershipArea.partnership_id)
        .join(OrganisationArea, OrganisationArea.area == PartnershipArea.area)
        .where(OrganisationArea.organisation_id == organisation_id)
    )
    return _foot(session, Partnership.id.in_(works_there))


def _foot(session: Session, where: ColumnElement[bool]) -> str:
    contact = (Partnership.contact_name, Partnership.contact_email, Partnership.contact_phone)
    row = session.execute(
        select(Partnership.name, *contact).where(where).order_by(Partnership.id).limit(1)
    ).one_or_none()
    return foot(Contact(*row)) if row else ""
