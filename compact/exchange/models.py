"""The table of paper returns that officers are typing in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import TENANTS, Base
from compact.returns.limits import EVIDENCE_LIMIT, REASON_LIMIT


class PaperAnswer(Base):
    """What an officer has typed so far of one question of a paper return.

    It is no part of the organisation's return, and goes when the whole is entered or thrown away. `version`
    rises with every change, so that of two officers nobody's typing is overwritten unseen.
    """

    __tablename__ = "paper_answer"
    __table_args__ = (
        CheckConstraint("NOT (not_applicable AND grade IS NOT NULL)", name="not_applicable_has_no_grade"),
        CheckConstraint(f"length(evidence) <= {EVIDENCE_LIMIT}", name="evidence_within_limit"),
        CheckConstraint(f"length(reason) <= {REASON_LIMIT}", name="reason_within_limit"),
        CheckConstraint("version >= 1", name="version_from_one"),
        TENANTS,
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[str | None]
    not_applicable: Mapped[bool]
    reason: Mapped[str]
    evidence: Mapped[str]
    version: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
