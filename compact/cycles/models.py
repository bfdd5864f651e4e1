"""Tables of rounds: an edition's stored text, the cycle, who runs it, what is asked, who is due."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import TENANTS, Base

from .rules import WHY_LIMIT


class EditionText(Base):
    """A file of an edition as it was when its first cycle opened; old returns are shown from this."""

    __tablename__ = "edition_text"

    edition: Mapped[str] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str]
    text: Mapped[str]


class Cycle(Base):
    """One audit round. Both days are local days; it closes when `closes` is over."""

    __tablename__ = "cycle"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("opens <= closes", name="opens_before_it_closes"),
        CheckConstraint("threshold BETWEEN 0 AND 99", name="threshold_in_percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    edition: Mapped[str]
    opens: Mapped[date]
    closes: Mapped[date]
    threshold: Mapped[int]
    created_at: Mapped[datetime]


class CyclePartnership(Base):
    """A partnership that runs the round; the first one named hosts it."""

    __tablename__ = "cycle_partnership"
    __table_args__ = (
        Index(
            "uq_cycle_partnership_host",
            "cycle_id",
            unique=True,
            sqlite_where=text("is_host"),
            postgresql_where=text("is_host"),
        ),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True, index=True)
    is_host: Mapped[bool]


class CycleSetting(Base):
    __tablename__ = "cycle_setting"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    setting: Mapped[str] = mapped_column(primary_key=True)


class Due(Base):
    """An organisation that is asked: open at the cycle's opening, or added later."""

    __tablename__ = "due"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    added_at: Mapped[datetime]


class Excused(Base):
    """An organisation that need not answer, and why."""

    __tablename__ = "excused"
    __table_args__ = (CheckConstraint("length(why) > 0", name="why_given"),)

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    why: Mapped[str]


class Extension(Base):
    """More time for one organisation in a round: its own last day there, the reason, and who gave it when.

    Time that was withdrawn has no day any more; its row stays, so that no version ever comes twice.
    """

    __tablename__ = "extension"
    __table_args__ = (
        CheckConstraint(f"length(why) BETWEEN 1 AND {WHY_LIMIT}", name="why_given"),
        CheckConstraint("version >= 1", name="version_from_one"),
        TENANTS,
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    until: Mapped[date | None]
    why: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    version: Mapped[int]
