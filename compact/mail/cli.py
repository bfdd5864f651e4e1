"""`compact mail`: sending what lies in the outbox, and noting what came back."""

import sys
from collections import Counter
from collections.abc import Iterator

import click
from flask import current_app

from compact import db
from compact.web.cli import InputMistakes, database, writing
from compact.web.clock import now, shown_moment
from config import Refused, Settings

from . import store
from .bounces import LARGEST, NoReport, read
from .rules import MOST_ATTEMPTS, SECRET, Mail, message, reason
from .sending import NeverSent, NobodyServed, NotSent, Send, opened

IN_DOUBT = (
    "Whatever sent it was stopped while the mail server had it. It may have arrived, and is not sent twice."
)


@click.group()
def mail() -> None:
    """The mails in the outbox."""


@mail.command()
def send() -> None:
    """Send every mail that is due. For a timer, each minute; several at once send each mail once.

    What cannot be sent is tried again for four days, after longer and longer pauses, unless the server says
    that it never takes it. The last line counts the mails sent and given up now, and all that still wait.
    """
    settings: Settings = current_app.extensions["compact.settings"]
    for name, value in (("MAIL_URL", settings.mail_url), ("MAIL_FROM", settings.mail_from)):
        if not value:
            raise Refused(f"{name} is not set: production needs it to send mail.")
    database()
    became = Counter(_send_all(settings.mail_url, settings.mail_from))
    store.forget_old(db.writing(), now())
    db.session().commit()
    click.echo(f"sent {became['sent']}, waiting {store.waiting(db.session())}, failed {became['failed']}")


@mail.command()
def bounce() -> None:
    """Read a returned message on stdin and note with its mail that it came back, and why.

    A mail server hands returned messages over by a pipe. What only says that a mail is late changes nothing.
    Ends with 1 when it is no report of a mail server, or about no mail of this service.
    """
    try:
        returned = read(sys.stdin.buffer.read(LARGEST))
    except NoReport as wrong:
        raise InputMistakes([f"stdin: {wrong}"]) from None
    if not returned.for_good:
        click.echo("The mail server is still trying. Nothing was noted.", err=True)
        return
    session = writing()
    if not store.returned(session, returned.message_id, returned.why, now()):
        session.rollback()
        raise InputMistakes(["stdin: no mail of this service has the Message-ID of what came back"])
    session.commit()
    click.echo("It is noted that the mail came back.", err=True)


def _send_all(url: str, sender: str) -> Iterator[str]:
    """Send one due mail after another, and say of each whether it was sent, waits or failed.

    A mail is claimed in one transaction, sent outside of any, and what became of it is written in another.
    That a server is about to be given it is written down before. So a process that is killed sends no mail
    twice and loses none in silence: one that a server may have, or not, is given up 45 minutes later, and is
    shown as such. The server and the database do not commit together, so nobody knows better.

    When the server itself is at fault the run ends, so that one mail has to pause for it and not all.
    """
    with opened(url) as over:
        while (claimed := _claim()) is not None:
            try:
                _try(claimed, over, sender)
            except NotSent as failure:
                yield _not_sent(claimed, failure)
                if isinstance(failure, NobodyServed):
                    return
            else:
                session = db.writing()
                store.sent(session, claimed, now())
                session.commit()
                yield "sent"


def _claim() -> Mail | None:
    session = db.writing()
    claimed = store.claim(session, now())
    session.commit()
    return claimed


def _try(claimed: Mail, over: Send, sender: str) -> None:
    if claimed.attempts > MOST_ATTEMPTS:  # it may have arrived each time
        raise NeverSent("Whatever sent it was stopped each time before it could say what became of it.")
    if SECRET in claimed.text and claimed.secret is None:  # it came from another database, without its secret
        raise NeverSent("Its link or code stayed behind where it was written.")
    if claimed.is_in_doubt:
        raise NeverSent(IN_DOUBT)
    over(message(claimed, sender), lambda: _hand_over(claimed))


def _hand_over(claimed: Mail) -> None:
    session = db.writing()
    kept = store.hand_over(session, claimed, now())
    session.commit()
    if not kept:
        raise NotSent("It was recalled, or somebody else is sending it.")


def _not_sent(claimed: Mail, failure: NotSent) -> str:
    """Write down and say on stderr why a mail was not sent, without anything that it says."""
    why = reason(str(failure), claimed.secret)
    session = db.writing()
    again = store.not_sent(session, claimed, why, now(), for_good=isinstance(failure, NeverSent))
    session.commit()
    then = f"It is tried again after {shown_moment(again)}." if again else "It is given up."
    click.echo(f"Mail {claimed.id} was not sent. {why.rstrip('.')}. {then}", err=True)
    return "waiting" if again else "failed"
