"""I6: a process that is killed sends no mail twice, and loses none in silence."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess

import pytest
from sqlalchemy import Engine, event

from compact import db
from compact.cli import main
from compact.mail import cli, store
from tests.faults import at_once
from tests.mail.conftest import Outbox
from tests.mail.server import Post

# One process begins those of every test here: it takes in the application once.
pytestmark = pytest.mark.xdist_group("at once")

NEVER = 1_000_000
PEOPLE = [f"person{number}@example.org" for number in range(3)]


@pytest.mark.parametrize(("when", "sent"), [("before the commit", 0), ("after the commit", 1)])
def test_i6_a_mail_goes_out_exactly_if_what_it_tells_was_committed(
    outbox: Outbox, post: Post, address: str, when: str, sent: int
) -> None:
    """I6: commit then crash: sent later; crash then no commit: never sent."""
    with _process(_queue, when) as killed:
        killed.join()
    outbox.now = datetime.now(UTC)

    assert killed.exitcode == -signal.SIGKILL
    assert outbox.send(address).out == f"sent {sent}, waiting 0, failed 0\n"
    assert len(post.arrived) == sent


@pytest.mark.parametrize(("command", "handed_over"), [("MAIL", 0), ("RCPT", 0), ("DATA", 1)])
def test_i6_a_sender_killed_at_work_sends_no_mail_twice(
    outbox: Outbox, post: Post, address: str, command: str, handed_over: int
) -> None:
    """I6: kill -9 at each word to the server, while it has the second of three mails."""

    killed: list[str] = []

    def kill(said: str) -> None:
        if said == command and len(post.arrived) == 1 + handed_over and not killed:
            _kill(sender)
            killed.append(said)

    outbox.now = datetime.now(UTC)
    mails = [outbox.queue(person) for person in PEOPLE]
    post.before_answer = kill
    outbox.sends_to(address)
    with _process(_send, NEVER) as sender:
        sender.join()

    assert sender.exitcode == -signal.SIGKILL
    assert (
        outbox.send(address).out == "sent 1, waiting 1, failed 0\n"
    )  # the third; the second seems to be held
    assert outbox.send_later(address).out == f"sent {1 - handed_over}, waiting 0, failed {handed_over}\n"
    assert sorted(_got(post)) == PEOPLE
    assert outbox.row(mails[1]).last_error == (cli.IN_DOUBT if handed_over else None)


def test_i6_a_mail_that_the_server_had_and_did_not_take_is_in_doubt_as_well(
    outbox: Outbox, post: Post, address: str
) -> None:
    """I6: nobody knows whether it would have said yes; so it is not sent, and a person is told."""

    def kill(said: str) -> None:
        if said == "DATA":
            _kill(sender)

    outbox.now = datetime.now(UTC)
    mail_id = outbox.queue()
    post.before_answer, post.answers["DATA"] = kill, ["451 Later"]
    outbox.sends_to(address)
    with _process(_send, NEVER) as sender:
        sender.join()
    post.before_answer = lambda _command: None

    ended = outbox.send_later(address)
    assert (ended.out, post.arrived) == ("sent 0, waiting 0, failed 1\n", [])
    assert ended.err == f"Mail {mail_id} was not sent. {cli.IN_DOUBT} It is given up.\n"
    row = outbox.row(mail_id)
    assert (row.last_error, row.handed_over_at is not None, row.secret) == (cli.IN_DOUBT, True, None)


@pytest.mark.campaign
def test_i6_a_sender_killed_at_every_statement_loses_no_mail_and_sends_none_twice(
    outbox: Outbox, post: Post, address: str, database: str
) -> None:
    """I6, as J1: kill -9 before each statement and each commit of a run, one after another."""
    outbox.sends_to(address)
    in_doubt, point = 0, 0
    while True:
        post.arrived.clear()
        outbox.now = datetime.now(UTC)
        for person in PEOPLE:
            outbox.queue(person)
        with _process(_send, point) as sender:
            sender.join()
        if sender.exitcode == 0:
            break
        assert sender.exitcode == -signal.SIGKILL
        later = outbox.send_later(address).last_line
        assert "waiting 0" in later
        assert sorted(_got(post)) == PEOPLE
        in_doubt, point = in_doubt + int(later.rpartition(" ")[2]), point + 1

    kind = database.split(":", maxsplit=1)[0]
    print(f"\n{kind}: {point} kill points, none lost, none sent twice, {in_doubt} in doubt that had arrived")
    assert point > len(PEOPLE) * 4
    assert 0 < in_doubt < point


@contextmanager
def _process(work: Callable[..., None], *given: object) -> Iterator[ForkServerProcess]:
    """A process that is killed at its work, in the environment of the test."""
    process = at_once.context().Process(target=work, args=(dict(os.environ), *given))
    process.start()
    yield process
    process.join()


def _kill(process: ForkServerProcess) -> None:
    """Kill it and see it gone; how it ended is left to whom it is joined by."""
    process.kill()
    wait([process.sentinel])


def _queue(environment: Mapping[str, str], when: str) -> None:
    """Put a mail into the outbox, and die before or after that is committed."""
    os.environ.update(environment)
    session = db.begin_writing(db.open_session(db.make_engine(os.environ["DATABASE_URL"])))
    at = datetime.now(UTC)
    store.queue(session, recipient="head@example.org", subject="Signed", text="Thank you.", at=at)
    if when == "after the commit":
        session.commit()
    os.kill(os.getpid(), signal.SIGKILL)


def _send(environment: Mapping[str, str], point: int) -> None:
    """Send what is due, and die before the statement or the commit whose number is given, counted from 0."""
    os.environ.update(environment)
    left = point

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    main(["mail", "send"], standalone_mode=False)


def _got(post: Post) -> list[str]:
    """Who got a mail; nobody got theirs twice."""
    got = [recipient for each in post.arrived for recipient in each.recipients]
    assert len(got) == len(set(got)) == len(set(post.message_ids))
    return got
