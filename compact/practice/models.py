"""Tables of good practice: what signatories offer, and what a partnership prints of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import TENANTS, Base

from .rules import PRACTICE_LIMIT


class Practice(Base):
    """A text about an indicator of a signed return that the partnerships of its round may edit and print.

    `version` rises with every change, so that what was made of an earlier text no longer stands. Nothing is
    kept of a text that is taken back; `withdrawn_by` is empty where a later number grades the indicator weak.
    """

    __tablename__ = "practice"
    __table_args__ = (
        CheckConstraint("(withdrawn_at IS NULL) = (length(text) > 0)", name="taken_back_leaves_no_text"),
        CheckConstraint(f"length(text) <= {PRACTICE_LIMIT}", name="text_within_limit"),
        CheckConstraint("withdrawn_by IS NULL OR withdrawn_at IS NOT NULL", name="by_somebody_at_a_moment"),
        TENANTS,
    )

    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    version: Mapped[int]
    agreed_at: Mapped[datetime]
    agreed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PracticeChoice(Base):
    """The one text that a partnership's officer chose for an indicator of a sector, as it was edited.

    It stands as long as the text that it was made of does: `practice_version` is that of the day. It is empty
    once that was taken back, and stays so that the officers are told.
    """

    __tablename__ = "practice_choice"
    __table_args__ = (
        CheckConstraint(f"length(text) <= {PRACTICE_LIMIT}", name="text_within_limit"),
        Index("ix_practice_choice_return_id", "return_id", "key"),
        TENANTS,
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    sector: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"))
    practice_version: Mapped[int]
    text: Mapped[str]
    version: Mapped[int]
    chosen_at: Mapped[datetime]
    chosen_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
