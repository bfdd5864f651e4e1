"""The table of actions: what an organisation will do about a weak indicator."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import TENANTS, Base

from .rules import LEAD_LIMIT, STATUSES, WHAT_LIMIT


class Action(Base):
    """It belongs to the organisation, and lives on after signing and into the next cycle."""

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint(f"status IN ({', '.join(repr(s) for s in STATUSES)})", name="status_known"),
        CheckConstraint(f"length(what) BETWEEN 1 AND {WHAT_LIMIT}", name="what_given"),
        CheckConstraint(f"length(lead) BETWEEN 1 AND {LEAD_LIMIT}", name="lead_given"),
        Index("ix_action_organisation_id", "organisation_id", "key", "id"),
        TENANTS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    key: Mapped[str]
    raised_in: Mapped[int] = mapped_column(ForeignKey("return.id"), index=True)
    what: Mapped[str]
    lead: Mapped[str]
    due: Mapped[date]
    status: Mapped[str]
    version: Mapped[int]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
