"""The tables of learning summaries: the values as they were published, what officers write, open links."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import Base, stays_behind

from .writing import LONGEST


class LearningSummary(Base):
    """One publication of a sector's summary; a later number takes the place of an earlier one.

    `why` says why it is withdrawn, or what is different in the number that `replaced` it; readers see it.
    `corrects`: it puts a mistake of an earlier number right. `counted` names the returns that its figures
    count (see counted.py), or is empty where nobody noted them.
    """

    __tablename__ = "learning_summary"
    __table_args__ = (
        UniqueConstraint("cycle_id", "partnership_id", "sector", "number"),
        CheckConstraint("(withdrawn_at IS NULL) = (why IS NULL)", name="withdrawn_with_a_reason"),
        CheckConstraint("withdrawn_at IS NOT NULL OR NOT replaced", name="replaced_is_withdrawn"),
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
    replaced: Mapped[bool] = mapped_column(server_default=false())
    corrects: Mapped[bool] = mapped_column(server_default=false())
    counted: Mapped[str | None]


class SummaryText(Base):
    """A text that officers write for a sector's next number, in its place (see writing.py)."""

    __tablename__ = "summary_text"
    __table_args__ = (
        CheckConstraint(f"length(text) <= {LONGEST}", name="text_within_limit"),
        CheckConstraint("version >= 1", name="version_from_one"),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    sector: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    version: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class OpenLink(Base):
    """That anyone who has the link may read a sector's summary, whichever of its numbers is in force."""

    __tablename__ = "open_link"
    __table_args__ = (
        UniqueConstraint("token"),
        {"info": stays_behind("It opens a page without a sign-in; officers make a new one.")},
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    sector: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
