"""The outbox: what is to be sent, and what became of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compact.db import Base, stays_behind


class OutboxMail(Base):
    """A mail, written in the transaction of what it tells, so that it goes out exactly if that holds.

    It waits as long as it has a `next_try_at`. While a process sends it, that lies so far ahead that no
    other one takes it, and is when it is due again if the process was killed. In the end it is sent or given
    up, and its secret (a link's token, a code's digits) is gone. `handed_over_at`: a mail server was about to
    be given it, and what that said is not written down; such a mail is not sent again. `returned_at`: a mail
    server that had taken it sent it back after all; `last_error` says why.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("message_id"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("sent_at IS NULL OR failed_at IS NULL", name="sent_or_failed"),
        CheckConstraint(
            "(next_try_at IS NULL) = (sent_at IS NOT NULL OR failed_at IS NOT NULL)",
            name="waits_until_sent_or_failed",
        ),
        CheckConstraint("secret IS NULL OR next_try_at IS NOT NULL", name="secret_only_while_it_waits"),
        Index("ix_outbox_next_try_at", "next_try_at", "id"),
        Index("ix_outbox_about", "about", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    secret: Mapped[str | None] = mapped_column(
        info=stays_behind("A link or a code on its way to one person alone.")
    )
    message_id: Mapped[str]
    queued_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    attempts: Mapped[int]
    handed_over_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
