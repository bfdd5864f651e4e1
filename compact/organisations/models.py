"""Tables of who is asked: partnerships, organisations, their areas, trusts and successors."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import Base, stays_behind


class Partnership(Base):
    """`two_people_sign`: whoever wrote or changed an answer of a return does not sign it.

    `threshold` is in whole percent: what a new round flags above unless it is opened with another one.
    """

    __tablename__ = "partnership"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("threshold BETWEEN 0 AND 99", name="threshold_in_percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    contact_name: Mapped[str | None]
    contact_email: Mapped[str | None]
    contact_phone: Mapped[str | None]
    two_people_sign: Mapped[bool] = mapped_column(server_default=false())
    threshold: Mapped[int] = mapped_column(server_default="9")


class PartnershipArea(Base):
    """A local authority's area by its three-digit code; one partnership answers for it."""

    __tablename__ = "partnership_area"
    __table_args__ = (CheckConstraint("length(area) = 3", name="area_has_three_digits"),)

    area: Mapped[str] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), index=True)


class Trust(Base):
    __tablename__ = "trust"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Organisation(Base):
    """Known by (register, owner, identifier); the owner is a partnership for the register `local` alone."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("(register = 'local') = (owner_id IS NOT NULL)", name="only_local_has_an_owner"),
        CheckConstraint("status IN ('open', 'closed')", name="status_known"),
        CheckConstraint("(status = 'closed') = (closed_on IS NOT NULL)", name="closed_has_a_day"),
        # Two unique indexes, because NULL equals nothing: one for national registers, one for local ones.
        Index(
            "uq_organisation_national",
            "register",
            "identifier",
            unique=True,
            sqlite_where=text("owner_id IS NULL"),
            postgresql_where=text("owner_id IS NULL"),
        ),
        Index("uq_organisation_local", "register", "owner_id", "identifier", unique=True),
        Index("ix_organisation_name", "name", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    register: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))
    identifier: Mapped[str]
    name: Mapped[str]
    setting: Mapped[str]
    phase: Mapped[str | None]
    trust_id: Mapped[int | None] = mapped_column(ForeignKey("trust.id"), index=True)
    postcode: Mapped[str | None]
    contact_email: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="open")
    closed_on: Mapped[date | None]


class OrganisationArea(Base):
    __tablename__ = "organisation_area"
    __table_args__ = (
        CheckConstraint("length(area) = 3", name="area_has_three_digits"),
        Index("ix_organisation_area_area", "area", "organisation_id"),
    )

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    area: Mapped[str] = mapped_column(primary_key=True)


class OrganisationCorrection(Base):
    """A field that an officer wrote otherwise than the register, and what the register said then.

    In force until `ended_at`: until another correction, or until the register says something new. `field` is
    a column of the organisation; of `status` the words are open and closed.
    """

    __tablename__ = "organisation_correction"
    __table_args__ = (
        CheckConstraint(
            "field IN ('name', 'setting', 'phase', 'postcode', 'contact_email', 'status')", name="field_known"
        ),
        Index(
            "uq_organisation_correction_in_force",
            "organisation_id",
            "field",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_organisation_correction_organisation_id", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    field: Mapped[str]
    register_said: Mapped[str | None]
    was: Mapped[str | None]
    corrected: Mapped[str | None]
    why: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RegisterDay(Base):
    """The day on which an area's rows were last changed, in the newest of a register's files so far."""

    __tablename__ = "register_day"

    register: Mapped[str] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    as_of: Mapped[date]


class RegisterUpload(Base):
    """A register's file between its dry run and its import; erased when it is used, or later (`uploads`)."""

    __tablename__ = "register_upload"
    __table_args__ = ({"info": stays_behind("A file that waits an hour at the most to be imported.")},)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    register: Mapped[str]
    name: Mapped[str]
    only: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    at: Mapped[datetime] = mapped_column(index=True)


class Succession(Base):
    """One organisation taking over from another on a day, such as a school that becomes an academy."""

    __tablename__ = "succession"
    __table_args__ = (CheckConstraint("old_id <> new_id", name="not_itself"),)

    old_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    new_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    on: Mapped[date]
    kind: Mapped[str]
