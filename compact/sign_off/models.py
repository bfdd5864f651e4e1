"""Tables of signing: the evidence of each sign-off, and each standard's result per partnership."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import TENANTS, Base


class SignOff(Base):
    """Who signed which number of a return, as they were then, with the exact content and its hash.

    `content` is canonical JSON and holds the hash of the sign-off before, so that the rows form a chain.
    """

    __tablename__ = "sign_off"
    __table_args__ = (
        UniqueConstraint("return_id"),
        UniqueConstraint("receipt"),
        UniqueConstraint("content_hash"),
        # One row begins the chain and no two rows follow the same one.
        UniqueConstraint("previous_hash"),
        CheckConstraint("length(content_hash) = 64", name="hash_is_sha256"),
        TENANTS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"))
    receipt: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str]
    job_title: Mapped[str]
    role: Mapped[str]
    organisation_name: Mapped[str]
    statement_version: Mapped[str]
    statement: Mapped[str]
    signed_at: Mapped[datetime]
    content: Mapped[str]
    content_hash: Mapped[str]
    previous_hash: Mapped[str]


class Ratification(Base):
    """When the governing body ratified a return, as it was said after signing; the latest row counts.

    A day that was given at signing stands in the signed content, and not here.
    """

    __tablename__ = "ratification"
    __table_args__ = (Index("ix_ratification_return_id", "return_id", "id"), TENANTS)

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"))
    ratified_on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class StandardResult(Base):
    """How many indicators of a standard a signed return graded, and how many of them weak.

    One row for each partnership, with that partnership's exceptions, and one without a partnership: the main
    grades.
    """

    __tablename__ = "standard_result"
    __table_args__ = (
        CheckConstraint("weak BETWEEN 0 AND graded", name="weak_within_graded"),
        CheckConstraint("standard BETWEEN 1 AND 12", name="standard_of_twelve"),
        Index("uq_standard_result", "return_id", "partnership_id", "standard", unique=True),
        Index(
            "uq_standard_result_main",
            "return_id",
            "standard",
            unique=True,
            sqlite_where=text("partnership_id IS NULL"),
            postgresql_where=text("partnership_id IS NULL"),
        ),
        TENANTS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"))
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))
    standard: Mapped[int]
    graded: Mapped[int]
    weak: Mapped[int]
