"""The outbox: what is kept of a mail, what is not, and who may send it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import IntegrityError

from compact import db
from compact.mail import store
from compact.mail.models import OutboxMail
from compact.mail.rules import LONGEST_CLAIM, SECRET
from compact.mail.store import MailRow
from tests.mail.conftest import Outbox
from tests.making import NOW, World

LINK = f"https://compact.example.org/invitation/{SECRET}"


def test_i6_a_mail_is_kept_exactly_if_its_transaction_is(world: World) -> None:
    """I6: queueing commits nothing."""
    with world.session() as session:
        store.queue(session, recipient="head@example.org", subject="Open", text="Good morning.", at=NOW)
        session.rollback()
        assert store.waiting(session) == 0


def test_a_mail_is_kept_as_it_was_given_with_its_secret_apart(outbox: Outbox) -> None:
    mail_id = outbox.queue(subject="Open", text=f"{LINK}\r\nNUL: \x00", secret="t0ken", about="invitation 12")

    row = outbox.row(mail_id)
    assert (row.recipient, row.subject, row.about) == ("head@example.org", "Open", "invitation 12")
    assert (row.text, row.secret) == (f"{LINK}\nNUL: \ufffd", "t0ken")
    assert (row.queued_at, row.next_try_at, row.attempts) == (NOW, NOW, 0)


@pytest.mark.parametrize(
    "broken",
    [
        {"recipient": "head@example.org\r\nBcc: thief@example.org"},
        {"subject": "Open\nBcc: thief@example.org"},
        {"text": "x" * 50_001},
        {"text": LINK},
        {"secret": "t0ken"},
        {"about": "invitation\n12"},
    ],
    ids="".join,
)
def test_e4_a_broken_mail_is_not_queued(outbox: Outbox, broken: dict[str, str]) -> None:
    """E4: CR/LF in what reaches a header."""
    with pytest.raises(ValueError, match=r"^(The|A|What) "):
        outbox.queue(**broken)

    with outbox.world.session() as session:
        assert store.waiting(session) == 0


def test_mails_about_something_are_listed_newest_first_and_without_their_secrets(outbox: Outbox) -> None:
    first = outbox.queue(text=LINK, secret="t0ken", about="invitation 12")
    outbox.queue(about="invitation 1")
    outbox.queue()
    second = outbox.queue(subject="Once more", about="invitation 12")

    with outbox.world.session() as session:
        found = store.mails_about(session, "invitation 12")

    untried = (None, None, None, 0)
    assert found == [
        MailRow(second, "head@example.org", "Once more", "Good morning.\n", NOW, *untried, "invitation 12"),
        MailRow(first, "head@example.org", "Compact 2026 is open", LINK, NOW, *untried, "invitation 12"),
    ]


def test_i3_a_recalled_mail_is_never_sent_and_its_secret_is_gone(outbox: Outbox) -> None:
    """I3: an invitation to a wrong address."""
    wrong = outbox.queue(text=LINK, secret="t0ken", about="invitation 12")
    other = outbox.queue(text=LINK, secret="another", about="invitation 1")
    outbox.now += timedelta(minutes=1)
    with outbox.world.session() as session:
        store.drop_about(session, "invitation 12", outbox.now)
        session.commit()

    assert outbox.send("console").out == "sent 1, waiting 0, failed 0\n"
    assert outbox.row(other).sent_at == outbox.now
    row = outbox.row(wrong)
    assert (row.sent_at, row.failed_at, row.last_error, row.secret) == (None, outbox.now, "recalled", None)


def test_a_recall_leaves_what_was_sent_and_what_was_given_up(outbox: Outbox) -> None:
    sent = outbox.queue(about="invitation 12")
    outbox.send("console")
    recalled = outbox.queue(about="invitation 12")
    for later in (timedelta(minutes=1), timedelta(minutes=2)):
        with outbox.world.session() as session:
            store.drop_about(session, "invitation 12", NOW + later)
            session.commit()

    assert (outbox.row(sent).sent_at, outbox.row(sent).failed_at) == (NOW, None)
    assert outbox.row(recalled).failed_at == NOW + timedelta(minutes=1)


def test_mails_about_nothing_in_particular_are_not_recalled(world: World) -> None:
    with world.session() as session, pytest.raises(ValueError, match="nothing in particular"):
        store.drop_about(session, "", NOW)


def test_a_claimed_mail_is_nobody_elses_until_its_sender_must_be_dead(outbox: Outbox) -> None:
    outbox.queue()
    with outbox.world.session() as session:
        claimed = [
            store.claim(session, NOW + later) is not None
            for later in (
                timedelta(seconds=-1),
                timedelta(),
                LONGEST_CLAIM - timedelta(seconds=1),
                LONGEST_CLAIM,
            )
        ]

    assert claimed == [False, True, False, True]


def test_two_claims_at_the_same_moment_take_two_mails(outbox: Outbox, engine: Engine) -> None:
    """Neither waits for the other."""
    if engine.dialect.name != "postgresql":
        return  # SQLite has one writer at a time
    outbox.queue()
    outbox.queue()
    with (
        db.begin_writing(db.open_session(engine)) as one,
        db.begin_writing(db.open_session(engine)) as other,
    ):
        other.execute(text("SET LOCAL lock_timeout = '2s'"))
        taken = [store.claim(one, NOW), store.claim(other, NOW), store.claim(other, NOW)]

    first, second, third = taken
    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert third is None


def test_who_took_too_long_does_not_speak_for_the_next(outbox: Outbox) -> None:
    mail_id = outbox.queue()
    with outbox.world.session() as session:
        slow, quick = store.claim(session, NOW), store.claim(session, NOW + LONGEST_CLAIM)
        assert slow is not None
        assert quick is not None
        assert store.not_sent(session, slow, "broke off", NOW, for_good=True) is None
        session.commit()
    assert outbox.row(mail_id).next_try_at == NOW + 2 * LONGEST_CLAIM

    with outbox.world.session() as session:
        store.sent(session, slow, NOW)  # that it went out is true whoever says it
        session.commit()
    assert outbox.row(mail_id).sent_at == NOW


@pytest.mark.parametrize(
    "values",
    [
        {"sent_at": NOW},
        {"next_try_at": None},
        {"next_try_at": None, "sent_at": NOW, "failed_at": NOW, "secret": None},
        {"next_try_at": None, "sent_at": NOW},
        {"attempts": -1},
    ],
    ids=["sent and waiting", "neither", "sent and failed", "sent with its secret", "attempts"],
)
def test_the_database_holds_a_mail_to_one_end_without_a_secret(
    outbox: Outbox, values: dict[str, Any]
) -> None:
    mail_id = outbox.queue(text=LINK, secret="t0ken")
    with outbox.world.session() as session, pytest.raises(IntegrityError):
        session.execute(update(OutboxMail).where(OutboxMail.id == mail_id).values(values))


def test_every_mail_has_a_message_id_of_its_own(outbox: Outbox) -> None:
    for _ in range(3):
        outbox.queue()
    with outbox.world.session() as session:
        assert session.scalar(select(func.count(OutboxMail.message_id.distinct()))) == 3
