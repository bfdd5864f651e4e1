"""Tables of people: who they are, what they may do where, and their sign-ins in force."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import Base


class Person(Base):
    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Membership(Base):
    """A role of a person in one organisation, partnership or trust, or over the installation."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(
            "(role IN ('contributor', 'signatory') AND organisation_id IS NOT NULL"
            " AND partnership_id IS NULL AND trust_id IS NULL)"
            " OR (role = 'reader' AND trust_id IS NULL"
            " AND (organisation_id IS NULL) <> (partnership_id IS NULL))"
            " OR (role = 'officer' AND partnership_id IS NOT NULL"
            " AND organisation_id IS NULL AND trust_id IS NULL)"
            " OR (role = 'trust_lead' AND trust_id IS NOT NULL"
            " AND organisation_id IS NULL AND partnership_id IS NULL)"
            " OR (role = 'administrator' AND organisation_id IS NULL"
            " AND partnership_id IS NULL AND trust_id IS NULL)",
            name="role_fits_its_place",
        ),
        Index("ix_membership_person_id", "person_id", "id"),
        Index("ix_membership_organisation_id", "organisation_id"),
        Index("ix_membership_partnership_id", "partnership_id"),
        Index("ix_membership_trust_id", "trust_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))
    trust_id: Mapped[int | None] = mapped_column(ForeignKey("trust.id"))
    job_title: Mapped[str | None]


class SignIn(Base):
    """A sign-in in force. The cookie holds the token; here is only its SHA-256."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime]
