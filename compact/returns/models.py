"""Tables of a return: its numbers, profile, answers with their history, and exceptions for a partnership."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import TENANTS, Base, stays_behind

from .limits import EVIDENCE_LIMIT, NOTE_LIMIT, REASON_LIMIT, REOPENING_LIMIT, SEND_BACK_LIMIT


class Return(Base):
    """One number of an organisation's answers in a cycle; setting, phase and trust as they were.

    `version` rises with every change of its answers, profile or actions, so that a stale page cannot sign.
    `late_after` is the organisation's own last day as it stood at signing, where the signature missed it.
    """

    __tablename__ = "return"
    __table_args__ = (
        UniqueConstraint("cycle_id", "organisation_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("status IN ('draft', 'signed')", name="status_known"),
        CheckConstraint("(status = 'signed') = (signed_at IS NOT NULL)", name="signed_has_a_moment"),
        CheckConstraint("NOT imported OR status = 'signed'", name="imported_counts_as_signed"),
        Index(
            "uq_return_one_draft",
            "cycle_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("status = 'draft'"),
            postgresql_where=text("status = 'draft'"),
        ),
        Index("ix_return_organisation_id", "organisation_id", "id"),
        TENANTS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]
    setting: Mapped[str]
    phase: Mapped[str | None]
    trust_id: Mapped[int | None] = mapped_column(ForeignKey("trust.id"))
    status: Mapped[str]
    imported: Mapped[bool]
    version: Mapped[int]
    started_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    late_after: Mapped[date | None]


class Reopening(Base):
    """Why a number of a return after the first was opened, and by whom; its `started_at` says when."""

    __tablename__ = "reopening"
    __table_args__ = (
        CheckConstraint(f"length(reason) BETWEEN 1 AND {REOPENING_LIMIT}", name="reason_given"),
        TENANTS,
    )

    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]


class Handing(Base):
    """A draft changed hands inside its organisation: said to be ready to sign, or sent back with a reason."""

    __tablename__ = "handing"
    __table_args__ = (
        CheckConstraint(f"length(reason) BETWEEN 1 AND {SEND_BACK_LIMIT}", name="reason_given"),
        Index("ix_handing_return_id", "return_id", "id"),
        TENANTS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None]


class ReturnArea(Base):
    """An area the organisation worked in when the return was started."""

    __tablename__ = "return_area"
    __table_args__ = TENANTS

    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)


class ProfileFact(Base):
    __tablename__ = "profile_fact"
    __table_args__ = TENANTS

    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), primary_key=True)
    fact: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[bool]


class Answer(Base):
    """What is held for one indicator. Without a grade and not "not applicable" it is still unanswered.

    `page` and `sequence` tell the showing of a page that wrote it last, and the place of that among all that
    the page sent.
    """

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint("NOT (not_applicable AND grade IS NOT NULL)", name="not_applicable_has_no_grade"),
        CheckConstraint(f"length(evidence) <= {EVIDENCE_LIMIT}", name="evidence_within_limit"),
        CheckConstraint(f"length(reason) <= {REASON_LIMIT}", name="reason_within_limit"),
        CheckConstraint("version >= 1", name="version_from_one"),
        # All that the analysis counts, so that it need not read past the evidence.
        Index("ix_answer_grades", "return_id", "key", "grade", "not_applicable"),
        TENANTS,
    )

    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[str | None]
    not_applicable: Mapped[bool]
    reason: Mapped[str]
    evidence: Mapped[str]
    version: Mapped[int]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime]
    page: Mapped[str] = mapped_column(server_default="", info=stays_behind("Nobody has that page open."))
    sequence: Mapped[int] = mapped_column(server_default="0", info=stays_behind("It goes with the page."))


class AnswerHistory(Base):
    """Every version of every answer: who wrote it and when.

    `updated_by` is empty where nobody wrote it in this number: it was brought in, or came from the number
    before.
    """

    __tablename__ = "answer_history"
    __table_args__ = TENANTS

    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    grade: Mapped[str | None]
    not_applicable: Mapped[bool]
    reason: Mapped[str]
    evidence: Mapped[str]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime]


class Assignment(Base):
    """Which colleague answers a standard. It keeps nobody else from answering it."""

    __tablename__ = "assignment"
    __table_args__ = TENANTS

    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), primary_key=True)
    standard: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Exception_(Base):  # noqa: N801 - the domain's word is Python's as well
    """A four-area body's other grade, or not applicable, for one partnership, with a note."""

    __tablename__ = "exception"
    __table_args__ = (
        CheckConstraint("NOT (not_applicable AND grade IS NOT NULL)", name="not_applicable_has_no_grade"),
        CheckConstraint("not_applicable OR grade IS NOT NULL", name="grade_or_not_applicable"),
        CheckConstraint("length(note) > 0", name="note_given"),
        CheckConstraint(f"length(note) <= {NOTE_LIMIT}", name="note_within_limit"),
        TENANTS,
    )

    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[str | None]
    not_applicable: Mapped[bool]
    note: Mapped[str]


class ExceptionHistory(Base):
    """Every version of every exception of a number of a return: who wrote it and when.

    With neither a grade nor "not applicable" it was removed. An exception that came from the number before
    begins its history here with its first change.
    """

    __tablename__ = "exception_history"
    __table_args__ = TENANTS

    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    grade: Mapped[str | None]
    not_applicable: Mapped[bool]
    note: Mapped[str]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime]
