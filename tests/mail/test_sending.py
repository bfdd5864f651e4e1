"""`compact mail send` to a real server: what arrives, and what becomes of a mail that does not."""

import socket
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update

from compact import db
from compact.mail import store
from compact.mail.models import OutboxMail
from compact.mail.rules import FIRST_PAUSE, MOST_ATTEMPTS, SECRET
from tests import making
from tests.conftest import Ended
from tests.mail.conftest import Outbox
from tests.mail.server import HANG_UP, Post
from tests.making import NOW

TOKEN = "Zm9yLXRlc3RzLWFsb25l"
TEXT = f"Good morning Zoë,\n\nhttps://compact.example.org/invitation/{SECRET}\n\n“Łódź” – مرحبا\n.\nFrom us\n"


def test_a_mail_arrives_with_its_headers_and_every_character(
    outbox: Outbox, post: Post, address: str
) -> None:
    subject = "Invitation – Ysgol Sŵn y Môr: " + "a long name " * 20 + "🙂"
    mail_id = outbox.queue("zoë.head@example.org", subject=subject.strip(), text=TEXT, secret=TOKEN)

    assert outbox.send(address).out == "sent 1, waiting 0, failed 0\n"

    (arrived,) = post.arrived
    mail = arrived.message
    assert (arrived.sender, arrived.recipients) == ("compact@wexcombe.example", ["zoë.head@example.org"])
    assert mail["From"] == "Wexcombe Compact <compact@wexcombe.example>"
    assert mail["To"] == "zoë.head@example.org"
    assert mail["Subject"] == subject.strip()
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"] == f"<{outbox.row(mail_id).message_id}@wexcombe.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["MIME-Version"] == "1.0"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n") == TEXT.replace(SECRET, TOKEN)
    row = outbox.row(mail_id)
    assert (row.sent_at, row.failed_at, row.next_try_at, row.attempts) == (NOW, None, None, 1)


def test_d9_a_mail_that_was_sent_is_not_sent_again(outbox: Outbox, post: Post, address: str) -> None:
    """D9: the job runs twice, and late; a mail goes out once."""
    outbox.queue()
    outbox.send(address)

    assert outbox.send(address).out == "sent 0, waiting 0, failed 0\n"
    assert outbox.send_later(address).out == "sent 0, waiting 0, failed 0\n"
    assert len(post.arrived) == 1


def test_all_that_is_due_is_sent_and_first_what_is_due_the_longest(
    outbox: Outbox, post: Post, address: str
) -> None:
    for number in (3, 1, 4, 0, 2):
        outbox.queue(f"person{number}@example.org", at=NOW - timedelta(minutes=9 - number))

    assert outbox.send(address).out == "sent 5, waiting 0, failed 0\n"

    assert [each.recipients for each in post.arrived] == [
        [f"person{number}@example.org"] for number in range(5)
    ]
    assert len(set(post.message_ids)) == 5
    assert len(post.senders) == 1  # over one connection


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_i5_what_the_server_puts_off_is_sent_later_with_the_same_message_id(
    outbox: Outbox, post: Post, address: str, command: str
) -> None:
    """I5: 4xx, then accepted."""
    post.answers[command] = ["451 4.7.1 Greylisted, try later."]
    mail_id = outbox.queue(text=TEXT, secret=TOKEN)

    first = outbox.send(address)
    kept = outbox.row(mail_id)
    too_soon = outbox.send(address)
    outbox.now += FIRST_PAUSE
    in_time = outbox.send(address)

    assert first.out == too_soon.out == "sent 0, waiting 1, failed 0\n"
    assert first.err.startswith(f"Mail {mail_id} was not sent. The mail server does not take this ")
    assert first.err.endswith(
        " yet: 451 4.7.1 Greylisted, try later. It is tried again after 5 October 2026 at 10:32am.\n"
    )
    assert kept.last_error is not None
    assert kept.last_error in first.err
    assert (kept.attempts, kept.next_try_at, kept.secret) == (1, NOW + FIRST_PAUSE, TOKEN)
    assert (in_time.out, in_time.err) == ("sent 1, waiting 0, failed 0\n", "")
    assert post.message_ids == [f"<{kept.message_id}@wexcombe.example>"]
    assert (outbox.row(mail_id).last_error, outbox.row(mail_id).attempts) == (None, 2)


@pytest.mark.parametrize(
    ("command", "what"), [("RCPT", "this address"), ("DATA", "this mail")], ids=["RCPT", "DATA"]
)
def test_i5_what_the_server_refuses_for_good_is_given_up_and_the_rest_is_sent(
    outbox: Outbox, post: Post, address: str, command: str, what: str
) -> None:
    """I5: 5xx for one mail."""
    post.answers[command] = ["550 5.1.1 No such person"]
    refused = outbox.queue("nobody@example.org", text=TEXT, secret=TOKEN)
    outbox.queue("head@example.org")

    ended = outbox.send(address)

    assert ended.out == "sent 1, waiting 0, failed 1\n"
    assert ended.err == (
        f"Mail {refused} was not sent. The mail server does not take {what}: 550 5.1.1 No such person. "
        "It is given up.\n"
    )
    row = outbox.row(refused)
    assert (row.failed_at, row.next_try_at, row.secret, row.sent_at) == (NOW, None, None, None)
    assert outbox.send_later(address).out == "sent 0, waiting 0, failed 0\n"
    assert [each.recipients for each in post.arrived] == [["head@example.org"]]


@pytest.mark.parametrize(
    ("command", "answer", "why"),
    [
        (
            "MAIL",
            "550 5.7.60 You may not send as this",
            "takes no mail from the address in MAIL_FROM: 550 5.7.60",
        ),
        ("MAIL", "421 Shutting down", "is closing: 421 Shutting down"),
        ("RCPT", "421 Too many", "is closing: 421 Too many"),
        ("DATA", "421 Too many", "is closing: 421 Too many"),
        ("DATA", HANG_UP, "broke off: Connection unexpectedly closed"),
        ("MAIL", HANG_UP, "broke off: "),
    ],
)
def test_i5_a_fault_of_the_server_or_of_ours_ends_the_run_and_gives_nothing_up(
    outbox: Outbox, post: Post, address: str, command: str, answer: str, why: str
) -> None:
    """I5: not the recipient's fault. One mail pauses for it; the next run sends the other."""
    post.answers[command] = [answer]
    first, second = outbox.queue(), outbox.queue()

    ended = outbox.send(address)

    assert ended.out == "sent 0, waiting 2, failed 0\n"
    assert ended.err.startswith(f"Mail {first} was not sent. The mail server {why}")
    assert (outbox.row(first).attempts, outbox.row(second).attempts) == (1, 0)
    assert outbox.send(address).out == "sent 1, waiting 1, failed 0\n"
    assert outbox.send_later(address).out == "sent 1, waiting 0, failed 0\n"


def test_i5_a_server_that_hangs_up_after_the_mail_gets_it_again_with_the_same_message_id(
    outbox: Outbox, post: Post, address: str
) -> None:
    """I5: the outcome is unknown, so it is sent again; whoever gets both can tell."""
    post.answers["DATA"] = [HANG_UP]
    outbox.queue()
    outbox.send(address)
    outbox.send_later(address)

    assert len(post.message_ids) == 2
    assert len(set(post.message_ids)) == 1


def test_i5_nobody_listens(outbox: Outbox) -> None:
    """I5: connection refused."""
    mail_id = outbox.queue()
    with socket.socket() as bound:  # and not listening
        bound.bind(("127.0.0.1", 0))
        ended = outbox.send(f"smtp://127.0.0.1:{bound.getsockname()[1]}")

    assert ended.out == "sent 0, waiting 1, failed 0\n"
    assert ended.err == (
        f"Mail {mail_id} was not sent. The mail server cannot be used: Connection refused. "
        "It is tried again after 5 October 2026 at 10:32am.\n"
    )


def test_the_last_try_is_the_last(outbox: Outbox, post: Post, address: str) -> None:
    mail_id = outbox.queue(text=TEXT, secret=TOKEN)
    outbox.claim_again_and_again(MOST_ATTEMPTS - 1)
    post.answers["RCPT"] = ["450 Not now"]

    ended = outbox.send(address)

    assert ended.out == "sent 0, waiting 0, failed 1\n"
    assert ended.err.endswith(": 450 Not now. It is given up.\n")
    assert (outbox.row(mail_id).failed_at, outbox.row(mail_id).secret) == (outbox.now, None)


def test_i9_what_went_wrong_is_said_without_the_mails_text_or_secret(
    outbox: Outbox, post: Post, address: str
) -> None:
    """I9, M3: a filter's answer quotes the link; neither the log nor the outbox's page gets the token."""
    post.answers["DATA"] = [f"554 Blocked https://compact.example.org/invitation/{TOKEN} \x00\x1b[31mhere"]
    mail_id = outbox.queue(text=TEXT, secret=TOKEN)

    ended = outbox.send(address)

    said = "554 Blocked https://compact.example.org/invitation/[only in the mail itself] \ufffd\ufffd[31mhere"
    assert said in ended.err
    assert TOKEN not in ended.err
    assert "Good morning" not in ended.err
    assert "head@example.org" not in ended.err
    assert outbox.row(mail_id).last_error == f"The mail server does not take this mail: {said}"


def test_no_transaction_is_open_while_a_mail_is_sent_and_a_recall_then_is_too_late(
    outbox: Outbox, post: Post, address: str, engine: Engine
) -> None:
    def recall(command: str) -> None:
        """Would wait for the sender, which waits for it, if that held the database or the row."""
        if command != "DATA":
            return
        with db.begin_writing(db.open_session(engine)) as session:
            if engine.dialect.name == "postgresql":
                session.connection().exec_driver_sql("SET LOCAL lock_timeout = '2s'")
            store.drop_about(session, "invitation 12", NOW)
            session.commit()
        recalled.append(outbox.row(mail_id).last_error)

    recalled: list[str | None] = []
    post.before_answer = recall
    mail_id = outbox.queue(text=TEXT, secret=TOKEN, about="invitation 12")

    assert outbox.send(address).out == "sent 1, waiting 0, failed 0\n"

    row = outbox.row(mail_id)
    assert recalled == ["recalled"]
    assert (row.sent_at, row.failed_at, row.last_error) == (NOW, None, None)


def test_a_recall_holds_while_the_server_puts_a_mail_off(
    outbox: Outbox, post: Post, address: str, engine: Engine
) -> None:
    def recall(_command: str) -> None:
        with db.begin_writing(db.open_session(engine)) as session:
            store.drop_about(session, "invitation 12", NOW)
            session.commit()

    post.before_answer = recall
    post.answers["DATA"] = ["451 Later"]
    mail_id = outbox.queue(about="invitation 12")

    assert outbox.send(address).out == "sent 0, waiting 0, failed 1\n"
    assert outbox.send_later(address).out == "sent 0, waiting 0, failed 0\n"
    assert (outbox.row(mail_id).failed_at, outbox.row(mail_id).last_error) == (NOW, "recalled")


def test_a_mail_whose_every_sender_was_stopped_is_given_up(outbox: Outbox, post: Post, address: str) -> None:
    """It may have arrived each time: nobody gets the same mail for ever."""
    mail_id = outbox.queue()
    outbox.claim_again_and_again(MOST_ATTEMPTS)

    assert outbox.send(address).out == "sent 0, waiting 0, failed 1\n"
    assert post.arrived == []
    assert "was stopped each time" in str(outbox.row(mail_id).last_error)


@pytest.mark.parametrize("missing", ["MAIL_URL", "MAIL_FROM"])
def test_production_sends_no_mail_before_it_is_told_where_to(
    outbox: Outbox, compact: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    mail_id = outbox.queue()
    monkeypatch.setenv("COMPACT_ENV", "production")
    for name, value in {"MAIL_URL": "smtp://127.0.0.1", "MAIL_FROM": "a@example.org", missing: ""}.items():
        monkeypatch.setenv(name, value)

    ended = compact("mail", "send")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"{missing} is not set: production needs it to send mail.\n"
    assert outbox.row(mail_id).attempts == 0


def test_a_mail_whose_secret_stayed_behind_is_given_up(
    outbox: Outbox, post: Post, address: str, engine: Engine
) -> None:
    """It came with an import, which brings no secret: nobody gets a mail with a mark in place of a link."""
    mail_id = outbox.queue(text=f"https://compact.example.org/invitation/{SECRET}", secret="t0ken")
    with making.changing(engine) as connection:
        connection.execute(update(OutboxMail).values(secret=None))

    assert outbox.send(address).out == "sent 0, waiting 0, failed 1\n"
    assert post.arrived == []
    assert outbox.row(mail_id).failed_at is not None


def test_what_was_sent_is_forgotten_after_two_years_and_not_before(
    outbox: Outbox, post: Post, address: str, engine: Engine
) -> None:
    outbox.queue()
    assert outbox.send(address).out == "sent 1, waiting 0, failed 0\n"
    left = []
    for days in (730, 731):
        with db.begin_writing(db.open_session(engine)) as session:
            store.forget_old(session, NOW + timedelta(days=days))
            session.commit()
        with engine.connect() as connection:
            left.append(connection.scalar(select(func.count()).select_from(OutboxMail)))

    assert left == [1, 0]


def test_i3_what_is_recalled_before_the_server_gets_it_is_not_given_to_it(
    outbox: Outbox, post: Post, address: str, engine: Engine
) -> None:
    """I3, I7: a recall, or a signature, while the server is still asked whether it takes the mail."""

    def recall(command: str) -> None:
        if command == "RCPT" and not post.arrived:
            with db.begin_writing(db.open_session(engine)) as session:
                store.drop_about(session, "invitation 12", NOW)
                session.commit()

    post.before_answer = recall
    mail_id, other = outbox.queue(about="invitation 12"), outbox.queue("other@example.org")

    assert outbox.send(address).out == "sent 1, waiting 0, failed 1\n"
    assert [each.recipients for each in post.arrived] == [["other@example.org"]]
    assert outbox.row(mail_id).last_error == "recalled"
    assert outbox.row(other).handed_over_at is None


def test_i6_what_came_back_is_in_doubt_no_longer(outbox: Outbox, engine: Engine) -> None:
    """I6: its sender was killed while the server had it; the report of the server tells that it did."""
    mail_id = outbox.queue()
    with db.begin_writing(db.open_session(engine)) as session:
        claimed = store.claim(session, outbox.now)
        assert claimed is not None
        assert store.hand_over(session, claimed, outbox.now)
        assert store.returned(session, claimed.message_id, "It came back", outbox.now)
        session.commit()

    row = outbox.row(mail_id)
    assert (row.sent_at, row.handed_over_at, row.returned_at) == (outbox.now, None, outbox.now)
