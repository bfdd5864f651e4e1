"""The tables of the desk's reading: reasons to look, prints of evidence, and what a partnership replies."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import TENANTS, Base

from .replying import COMMENT_LIMIT, LINE_LIMIT, MESSAGE_LIMIT, OUTCOMES, WHO_LIMIT
from .rules import Name

_NAMES = ", ".join(repr(name.value) for name in Name)


class ReasonToLook(Base):
    """Why a signed return is worth a look, as it was worked out when it was signed or brought in.

    `about` is JSON: what the rule counted, the keys of indicators, other returns. Without a partnership it
    concerns every one of the return's. `weight` is kept beside it, so that a queue is put in order by SQL.
    """

    __tablename__ = "reason_to_look"
    __table_args__ = (
        CheckConstraint(f"name IN ({_NAMES})", name="name_known"),
        CheckConstraint("weight >= 1", name="weight_from_one"),
        Index("ix_reason_to_look_return_id", "return_id", "partnership_id", "weight"),
        TENANTS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"))
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))
    name: Mapped[str]
    weight: Mapped[int]
    about: Mapped[str]


class EvidencePrint(Base):
    """The hash of a long answer's evidence, blanks and commas aside, of a signed return.

    Equal texts are found by it without reading anybody's text.
    """

    __tablename__ = "evidence_print"
    __table_args__ = (Index("ix_evidence_print_print", "print", "return_id"), TENANTS)

    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    print: Mapped[str]


class Review(Base):
    """What a partnership made of a signed return: its outcome, and its reply.

    Without an outcome it is being looked at, with one it is decided; with `sent_at` the organisation is told.
    `version` rises with every change, so that nothing of another officer's is overwritten unseen.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint(f"outcome IN ({', '.join(repr(each) for each in OUTCOMES)})", name="outcome_known"),
        CheckConstraint(f"length(message) <= {MESSAGE_LIMIT}", name="message_within_limit"),
        CheckConstraint("sent_at IS NULL OR outcome IS NOT NULL", name="decided_before_told"),
        CheckConstraint("sent_at IS NULL OR length(message) > 0", name="told_something"),
        CheckConstraint("version >= 1", name="version_from_one"),
        TENANTS,
    )

    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    outcome: Mapped[str | None]
    message: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    version: Mapped[int]


class ActionReview(Base):
    """What a partnership says of one action of the plan: accepted, or sent back with a comment.

    The organisation reads it once the reply is sent.
    """

    __tablename__ = "action_review"
    __table_args__ = (
        CheckConstraint("accepted OR length(comment) > 0", name="sent_back_with_a_comment"),
        CheckConstraint(f"length(comment) <= {COMMENT_LIMIT}", name="comment_within_limit"),
        CheckConstraint("version >= 1", name="version_from_one"),
        TENANTS,
    )

    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id", ondelete="CASCADE"), primary_key=True)
    accepted: Mapped[bool]
    comment: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    version: Mapped[int]


class Visit(Base):
    """A visit, or another look at the evidence itself: the day, who went, and what was verified."""

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint(f"length(who) BETWEEN 1 AND {WHO_LIMIT}", name="who_given"),
        CheckConstraint(f"length(what) BETWEEN 1 AND {COMMENT_LIMIT}", name="what_given"),
        Index("ix_visit_return_id", "return_id", "partnership_id", "id"),
        TENANTS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    visited_on: Mapped[date]
    who: Mapped[str]
    what: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class SaidAndDone(Base):
    """“You said, we did”: one line of a partnership about a round, for everybody who answered in it."""

    __tablename__ = "said_and_done"
    __table_args__ = (
        CheckConstraint(f"length(said) BETWEEN 1 AND {LINE_LIMIT}", name="said_given"),
        CheckConstraint(f"length(did) BETWEEN 1 AND {LINE_LIMIT}", name="did_given"),
        Index("ix_said_and_done_cycle_id", "cycle_id", "partnership_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    said: Mapped[str]
    did: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class UpdateRequest(Base):
    """That a partnership asked an organisation how its plan is going, six months on."""

    __tablename__ = "update_request"
    __table_args__ = TENANTS

    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    asked_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
