"""The outbox, read and written. Flushes, never commits."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from compact.web.texts import clean

from .models import OutboxMail
from .rules import KEPT, LONGEST_CLAIM, Mail, next_try, reason, refuse_broken


@dataclass(frozen=True)
class MailRow:
    """A mail and what became of it; its text has a mark in the place of the secret (see `rules.shown`)."""

    id: int
    recipient: str
    subject: str
    text: str
    queued_at: datetime
    sent_at: datetime | None
    failed_at: datetime | None
    last_error: str | None
    attempts: int
    about: str
    returned_at: datetime | None = None
    handed_over_at: datetime | None = None

    @property
    def is_in_doubt(self) -> bool:
        """Whether it was given up because nobody knows if it arrived."""
        return self.failed_at is not None and self.handed_over_at is not None


def queue(
    session: Session,
    *,
    recipient: str,
    subject: str,
    text: str,
    at: datetime,
    secret: str | None = None,
    about: str = "",
) -> int:
    """Put a mail into the outbox, in the transaction of what it tells; its id.

    `text` holds the mark `rules.SECRET` exactly when a secret is given: a link's token or a code's digits.
    The secret is put in its place only when the mail is sent, and then forgotten. `about` is a short word for
    what the mail tells, such as "invitation 12", by which it is found again.

    Raises ValueError for a broken mail.
    """
    text = clean(text)
    refuse_broken(recipient, subject, text, secret, about)
    mail = OutboxMail(
        about=about,
        recipient=recipient,
        subject=subject,
        text=text,
        secret=secret or None,
        message_id=secrets.token_hex(16),
        queued_at=at,
        next_try_at=at,
        attempts=0,
    )
    session.add(mail)
    session.flush()
    return mail.id


def mails_about(session: Session, *about: str) -> list[MailRow]:
    """The mails about some things, newest first."""
    rows = session.execute(
        select(
            OutboxMail.id,
            OutboxMail.recipient,
            OutboxMail.subject,
            OutboxMail.text,
            OutboxMail.queued_at,
            OutboxMail.sent_at,
            OutboxMail.failed_at,
            OutboxMail.last_error,
            OutboxMail.returned_at,
            OutboxMail.handed_over_at,
            OutboxMail.attempts,
            OutboxMail.about,
        )
        .where(OutboxMail.about.in_(about))
        .order_by(OutboxMail.id.desc())
    )
    return [MailRow(**row._mapping) for row in rows]


def drop_about(session: Session, about: str, at: datetime) -> None:
    """Give up the mails about something that are not sent yet. One that is on its way may still arrive."""
    drop_all_about(session, [about], at)


def drop_all_about(session: Session, about: Collection[str], at: datetime) -> None:
    """The same of the mails about several things."""
    if not all(about):
        raise ValueError("Mails about nothing in particular are not recalled.")
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.about.in_(about), OutboxMail.next_try_at.is_not(None))
        .values(next_try_at=None, failed_at=at, last_error="recalled", secret=None)
    )


def forget_old(session: Session, now: datetime) -> None:
    """Forget the mails that were sent or given up so long ago, as the privacy notice promises."""
    settled = delete(OutboxMail).where(OutboxMail.next_try_at.is_(None), OutboxMail.queued_at < now - KEPT)
    session.execute(settled)


def waiting(session: Session) -> int:
    """How many mails are neither sent nor given up."""
    return session.scalars(
        select(func.count()).select_from(OutboxMail).where(OutboxMail.next_try_at.is_not(None))
    ).one()


def claim(session: Session, now: datetime) -> Mail | None:
    """The mail that is due the longest, or None; taken, so that no other process sends it.

    Another process that claims at this moment passes it by (PostgreSQL) or waits until this transaction ends
    (SQLite, where it began with BEGIN IMMEDIATE).
    """
    row = session.execute(
        select(
            OutboxMail.id,
            OutboxMail.recipient,
            OutboxMail.subject,
            OutboxMail.text,
            OutboxMail.secret,
            OutboxMail.message_id,
            OutboxMail.queued_at,
            OutboxMail.attempts + 1,
            OutboxMail.handed_over_at.is_not(None),
        )
        .where(OutboxMail.next_try_at <= now)
        .order_by(OutboxMail.next_try_at, OutboxMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    mail = Mail(*row)
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == mail.id)
        .values(next_try_at=now + LONGEST_CLAIM, attempts=mail.attempts)
    )
    return mail


def hand_over(session: Session, mail: Mail, now: datetime) -> bool:
    """Note that a server is about to be given a mail; False when it was recalled, or another sends it."""
    noted = session.execute(
        update(OutboxMail).where(*_still(mail)).values(handed_over_at=now).returning(OutboxMail.id)
    )
    return noted.one_or_none() is not None


def _still(mail: Mail) -> tuple[ColumnElement[bool], ...]:
    """That it is still this sender's: not recalled, and taken by nobody else because this took too long."""
    return (
        OutboxMail.id == mail.id,
        OutboxMail.next_try_at.is_not(None),
        OutboxMail.attempts == mail.attempts,
    )


def sent(session: Session, mail: Mail, now: datetime) -> None:
    """Note that a mail was sent, also one that was recalled while it was on its way."""
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == mail.id)
        .values(
            sent_at=now, failed_at=None, next_try_at=None, handed_over_at=None, last_error=None, secret=None
        )
    )


def not_sent(session: Session, mail: Mail, why: str, now: datetime, *, for_good: bool) -> datetime | None:
    """Note why a mail was not sent. When it is due again; None when it is given up, now or by a recall."""
    again = None if for_good else next_try(mail.attempts, now)
    values: dict[str, object] = {"next_try_at": again, "last_error": why}
    if again is None:
        values |= {"failed_at": now, "secret": None}
    if not mail.is_in_doubt:  # the server has said that it did not take it
        values["handed_over_at"] = None
    kept = session.execute(
        update(OutboxMail).where(*_still(mail)).values(values).returning(OutboxMail.id)
    ).first()
    return again if kept else None


def returned(session: Session, message_id: str, why: str, at: datetime) -> bool:
    """Note that a mail came back, and why; False when there is none with this Message-ID.

    It may come back before its sender could write down that it was sent: then it is not sent again.
    """
    of_mail = OutboxMail.message_id == message_id
    session.execute(
        update(OutboxMail)
        .where(of_mail, OutboxMail.next_try_at.is_not(None))
        .values(sent_at=at, next_try_at=None, handed_over_at=None, secret=None)
    )
    noted = session.execute(
        update(OutboxMail)
        .where(of_mail)
        .values(returned_at=at, last_error=reason(why, None))
        .returning(OutboxMail.id)
    )
    return noted.one_or_none() is not None
