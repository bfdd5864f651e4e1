"""The table of an annual statement's text as officers edited it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import Base

TEXT_LIMIT = 20_000


class StatementText(Base):
    """A partnership's own words for a round's statement; an empty `text` is the generated one.

    `generated` is the text as it was generated when officers edited it: where another one is generated since,
    figures have changed.
    """

    __tablename__ = "statement_text"
    __table_args__ = (
        CheckConstraint(f"length(text) <= {TEXT_LIMIT}", name="text_within_limit"),
        CheckConstraint("version >= 1", name="version_from_one"),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="CASCADE"), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    text: Mapped[str]
    generated: Mapped[str]
    version: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
