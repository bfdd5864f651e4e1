"""Tables of the desk: what was launched, who was written to, who was rung, and a partnership's wording."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import TENANTS, Base

from .rules import NOTE_LIMIT, SUBJECT_LIMIT, TEXT_LIMIT, WHOM_LIMIT


class Launch(Base):
    """That a round was launched: from then on its organisations are told, reminded and chased."""

    __tablename__ = "launch"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class RoundMail(Base):
    """A mail to somebody who signs for an organisation, about its part in a round.

    `occasion` is what it was written for, such as "launch" or "7 2026-12-18", and makes it the only one: the
    same occasion is told nobody twice. `mail_id` is empty once the outbox has forgotten the mail.
    """

    __tablename__ = "round_mail"
    __table_args__ = (
        UniqueConstraint("cycle_id", "organisation_id", "occasion", "person_id"),
        Index("ix_round_mail_organisation_id", "organisation_id", "cycle_id", "id"),
        Index("ix_round_mail_mail_id", "mail_id"),
        TENANTS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    occasion: Mapped[str]
    kind: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ContactNote(Base):
    """A call that an officer noted: with whom, on which day, and a line of what was said."""

    __tablename__ = "contact_note"
    __table_args__ = (
        CheckConstraint(f"length(whom) BETWEEN 1 AND {WHOM_LIMIT}", name="whom_given"),
        CheckConstraint(f"length(said) BETWEEN 1 AND {NOTE_LIMIT}", name="said_given"),
        Index("ix_contact_note_organisation_id", "organisation_id", "cycle_id", "id"),
        Index("ix_contact_note_cycle_id", "cycle_id"),
        TENANTS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    whom: Mapped[str]
    on: Mapped[date]
    said: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Wording(Base):
    """A partnership's own wording of a kind of mail, with marks; without a row the service's own is used."""

    __tablename__ = "wording"
    __table_args__ = (
        CheckConstraint(f"length(subject) BETWEEN 1 AND {SUBJECT_LIMIT}", name="subject_given"),
        CheckConstraint(f"length(text) BETWEEN 1 AND {TEXT_LIMIT}", name="text_given"),
    )

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    text: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
