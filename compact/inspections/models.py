"""Tables of what inspectorates found. They are public: whoever may see the organisation may see them."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import Base


class Inspection(Base):
    """One inspection of an organisation: the kind of its result, its first day, the safeguarding line.

    There is no headline: where the inspectorate gave one, it stands among the judgements. `published_on` is
    the day of the report, where the file has one; of two versions the one that was published later counts.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        UniqueConstraint("organisation_id", "source", "on"),
        CheckConstraint(
            "framework IN ('report_card', 'graded_without_overall', 'graded')", name="framework_known"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    source: Mapped[str]
    framework: Mapped[str]
    on: Mapped[date]
    published_on: Mapped[date | None]
    safeguarding: Mapped[str | None]


class InspectionJudgement(Base):
    """What an inspection said of one area, in the inspectorate's own word or number, and in its order."""

    __tablename__ = "inspection_judgement"
    __table_args__ = (CheckConstraint("length(said) > 0", name="something_said"),)

    inspection_id: Mapped[int] = mapped_column(
        ForeignKey("inspection.id", ondelete="CASCADE"), primary_key=True
    )
    area: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    said: Mapped[str]
