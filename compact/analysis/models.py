"""The committee's log: what was decided about a flagged standard."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import Base

from .decisions import DECIDED_LIMIT, WHO_LIMIT


class Decision(Base):
    """A partnership's decision about a sector's standard in a round; it is added to and never changed."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("standard BETWEEN 1 AND 12", name="standard_of_twelve"),
        CheckConstraint(f"length(decided) BETWEEN 1 AND {DECIDED_LIMIT}", name="decided_given"),
        CheckConstraint(f"length(who) BETWEEN 1 AND {WHO_LIMIT}", name="who_given"),
        Index("ix_decision_cycle_id", "cycle_id", "partnership_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    sector: Mapped[str]
    standard: Mapped[int]
    decided: Mapped[str]
    who: Mapped[str]
    due: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
