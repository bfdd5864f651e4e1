"""The table of moderated grades."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import TENANTS, Base

from .rules import COMMENT_LIMIT


class Moderation(Base):
    """A partnership's own view of a grade of a signed return, with the reason for it.

    One that was taken back has no grade any more; its row stays, so that no version ever comes twice.
    """

    __tablename__ = "moderation"
    __table_args__ = (
        CheckConstraint(f"length(comment) BETWEEN 1 AND {COMMENT_LIMIT}", name="comment_given"),
        CheckConstraint("version >= 1", name="version_from_one"),
        TENANTS,
    )

    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[str | None]
    comment: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    version: Mapped[int]
