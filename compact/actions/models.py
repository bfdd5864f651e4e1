"""The tables of actions: what an organisation will do about a weak indicator, and how each went on."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import TENANTS, Base

from .rules import IMPACT_LIMIT, LEAD_LIMIT, NOTE_LIMIT, STATUSES, WHAT_LIMIT

_STATUS_KNOWN = f"status IN ({', '.join(repr(s) for s in STATUSES)})"


class Action(Base):
    """It belongs to the organisation, and lives on after signing and into the next cycle.

    `key` and `raised_in` never change. `version` counts its updates, so that nothing is changed unseen.
    """

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint(_STATUS_KNOWN, name="status_known"),
        CheckConstraint(f"length(what) BETWEEN 1 AND {WHAT_LIMIT}", name="what_given"),
        CheckConstraint(f"length(lead) BETWEEN 1 AND {LEAD_LIMIT}", name="lead_given"),
        CheckConstraint(f"length(impact) <= {IMPACT_LIMIT}", name="impact_within_limit"),
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
    impact: Mapped[str] = mapped_column(server_default="")
    version: Mapped[int]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ActionUpdate(Base):
    """An action as somebody left it, with a note of how it goes: one row for each of its versions.

    Version 1 is how it was raised. Of actions older than this table, the first row is how they were then.
    """

    __tablename__ = "action_update"
    __table_args__ = (
        CheckConstraint(_STATUS_KNOWN, name="status_known"),
        CheckConstraint(f"length(note) <= {NOTE_LIMIT}", name="note_within_limit"),
        Index("ix_action_update_organisation_id", "organisation_id", "action_id", "version"),
        TENANTS,
    )

    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    what: Mapped[str]
    lead: Mapped[str]
    due: Mapped[date]
    status: Mapped[str]
    impact: Mapped[str]
    note: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
