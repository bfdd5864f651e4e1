"""How a mail looks on the wire and on the screen, and when it is tried again."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import NamedTuple

from compact.web.texts import clean

SECRET = "{secret}"  # noqa: S105 - it only marks the place of one
SHOWN_SECRET = "[only in the mail itself]"  # noqa: S105

LONGEST_ADDRESS = 254
LONGEST_SUBJECT = 500
LONGEST_TEXT = 50_000
LONGEST_ABOUT = 100
LONGEST_REASON = 500

FIRST_PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=4)
MOST_ATTEMPTS = 32  # with these pauses a little over four days, as RFC 5321 (4.5.4.1) asks
# A sender that has said nothing for so long was killed: it may wait for four answers of ten minutes each.
LONGEST_CLAIM = timedelta(minutes=45)

# Without what means something in a header, such as the beginning of an encoded word, which would be decoded
# there to another address: what is one address here is the same one there.
_ADDRESS = re.compile(r"(?!.*=\?)[^@\s,;:<>()\[\]\\\"]+@\w[\w-]*(\.\w[\w-]*)*")


@dataclass(frozen=True)
class Mail:
    """A mail that somebody is about to send; `attempts` counts this one.

    `is_in_doubt`: it may have arrived already, by a process that was killed while a mail server had it.
    """

    id: int
    recipient: str
    subject: str
    text: str
    secret: str | None
    message_id: str
    queued_at: datetime
    attempts: int
    is_in_doubt: bool = False


KEPT = timedelta(days=730)  # two years; how long the outbox remembers what was sent


class Written(NamedTuple):
    """A mail as it is written, before it goes into the outbox."""

    subject: str
    text: str


def named(name: str) -> str:
    """A name that somebody typed, in which an unseen character keeps the mark of a secret from being one."""
    return name.replace(SECRET, "{\u2060secret}")


def is_address(text: str) -> bool:
    """Whether it is one e-mail address, as a mail's header may hold it."""
    return _ADDRESS.fullmatch(text) is not None and text.isprintable() and len(text) <= LONGEST_ADDRESS


def refuse_broken(recipient: str, subject: str, text: str, secret: str | None, about: str) -> None:
    """Raise ValueError for a mail that could not be sent as it is meant, whoever typed a part of it."""
    if not is_address(recipient):
        raise ValueError("The recipient is not an e-mail address.")
    if not _is_line(subject) or len(subject) > LONGEST_SUBJECT:
        raise ValueError(f"The subject is not one line of at most {LONGEST_SUBJECT} characters.")
    if not text or len(text) > LONGEST_TEXT:
        raise ValueError(f"The text has none, or more than {LONGEST_TEXT} characters.")
    if (SECRET in text) != bool(secret):
        raise ValueError("A text has the mark of a secret exactly when there is a secret.")
    if about and (not _is_line(about) or len(about) > LONGEST_ABOUT):
        raise ValueError(f"What the mail is about is not one line of at most {LONGEST_ABOUT} characters.")


def shown(text: str) -> str:
    """A mail's text as a page may show it: words in the place of the secret."""
    return text.replace(SECRET, SHOWN_SECRET)


def message(mail: Mail, sender: str) -> EmailMessage:
    """The mail as it goes over the wire: plain text, with its secret, and its Message-ID at every try.

    `sender` is MAIL_FROM. The text is encoded so that it passes every mail server, in lines of 78 characters.
    """
    made = EmailMessage(policy=SMTP.clone(cte_type="7bit", utf8=not mail.recipient.isascii()))
    made["From"] = sender
    made["To"] = mail.recipient
    # An encoded word that somebody typed would be decoded: an unseen character keeps it from being one.
    made["Subject"] = mail.subject.replace("=?", "=\u2060?")
    made["Date"] = format_datetime(mail.queued_at)
    made["Message-ID"] = f"<{mail.message_id}@{made['From'].addresses[0].domain}>"
    made["Auto-Submitted"] = "auto-generated"  # nobody's holiday notice is to answer it
    made.set_content(mail.text.replace(SECRET, mail.secret) if mail.secret else mail.text)
    return made


def reason(why: str, secret: str | None) -> str:
    """Why a mail was not sent, as it is kept and shown: one line, without a secret that a server repeats."""
    if secret:
        why = why.replace(secret, SHOWN_SECRET)
    return " ".join(clean(why).split())[:LONGEST_REASON]


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When a mail that has failed so often is due again: after a pause twice as long; None when given up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    doublings: int = 2 ** (attempts - 1)
    return now + min(FIRST_PAUSE * doublings, LONGEST_PAUSE)


def _is_line(text: str) -> bool:
    """Whether a text is one line that is not blank, without a character that a header must not hold."""
    return text.splitlines() == [text] and clean(text) == text
