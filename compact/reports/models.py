"""The table of learning summaries: the published values, as they were published."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import Base


class LearningSummary(Base):
    """One publication of a sector's summary; a later number takes the place of an earlier one."""

    __tablename__ = "learning_summary"
    __table_args__ = (
        UniqueConstraint("cycle_id", "partnership_id", "sector", "number"),
        CheckConstraint("(withdrawn_at IS NULL) = (why IS NULL)", name="withdrawn_with_a_reason"),
        Index(
            "uq_learning_summary_in_force",
            "cycle_id",
            "partnership_id",
            "sector",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    sector: Mapped[str]
    number: Mapped[int]
    values: Mapped[str]
    foreword: Mapped[str]
    published_at: Mapped[datetime]
    published_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    why: Mapped[str | None]
