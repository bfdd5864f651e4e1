"""I6: a process that is killed loses no mail, and sends at most one of them again."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from tests.mail.conftest import Outbox
from tests.mail.server import Post

QUEUE = """
import os, signal, sys
from datetime import UTC, datetime
from compact import db
from compact.mail import store

session = db.begin_writing(db.open_session(db.make_engine(os.environ["DATABASE_URL"])))
at = datetime.now(UTC)
store.queue(session, recipient="head@example.org", subject="Signed", text="Thank you.", at=at)
if sys.argv[1] == "after the commit":
    session.commit()
os.kill(os.getpid(), signal.SIGKILL)
"""
# Kills itself before the statement or the commit whose number it is given, counted from 0.
SEND = """
import os, signal, sys
from sqlalchemy import Engine, event
from compact.cli import main

left = int(sys.argv[1])

def count(*_):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "before_cursor_execute", count)
event.listen(Engine, "commit", count)
main(["mail", "send"])
"""
NEVER = 1_000_000
PEOPLE = [f"person{number}@example.org" for number in range(3)]


@pytest.mark.parametrize(("when", "sent"), [("before the commit", 0), ("after the commit", 1)])
def test_i6_a_mail_goes_out_exactly_if_what_it_tells_was_committed(
    outbox: Outbox, post: Post, address: str, when: str, sent: int
) -> None:
    """I6: commit then crash: sent later; crash then no commit: never sent."""
    killed = subprocess.run([sys.executable, "-c", QUEUE, when], check=False)
    outbox.now = datetime.now(UTC)

    assert killed.returncode == -signal.SIGKILL
    assert outbox.send(address).out == f"sent {sent}, waiting 0, failed 0\n"
    assert len(post.arrived) == sent


@pytest.mark.parametrize(("command", "twice"), [("MAIL", 0), ("RCPT", 0), ("DATA", 1)])
def test_i6_a_sender_killed_at_work_sends_again_the_mail_that_was_accepted_and_no_other(
    outbox: Outbox, post: Post, address: str, command: str, twice: int
) -> None:
    """I6: kill -9 at each word to the server, while it has the second of three mails."""

    def kill(said: str) -> None:
        if said == command and len(post.arrived) == 1 + twice and sender.poll() is None:
            sender.kill()
            sender.wait()

    outbox.now = datetime.now(UTC)
    for person in PEOPLE:
        outbox.queue(person)
    post.before_answer = kill
    outbox.sends_to(address)
    with _sender(NEVER) as sender:
        sender.communicate()

    assert sender.returncode == -signal.SIGKILL
    assert (
        outbox.send(address).out == "sent 1, waiting 1, failed 0\n"
    )  # the third; the second seems to be held
    assert outbox.send_later(address).out == "sent 1, waiting 0, failed 0\n"
    _held_against_the_ledger(post, again=twice)


@pytest.mark.campaign
def test_i6_a_sender_killed_at_every_statement_loses_no_mail(
    outbox: Outbox, post: Post, address: str, database: str
) -> None:
    """I6, as J1: kill -9 before each statement and each commit of a run, one after another."""
    outbox.sends_to(address)
    again, point = 0, 0
    while True:
        post.arrived.clear()
        outbox.now = datetime.now(UTC)
        for person in PEOPLE:
            outbox.queue(person)
        with _sender(point) as sender:
            sender.communicate()
        if sender.returncode == 0:
            break
        assert sender.returncode == -signal.SIGKILL
        assert outbox.send_later(address).last_line.endswith("waiting 0, failed 0")
        again += _held_against_the_ledger(post)
        point += 1

    print(f"\n{database.split(':', maxsplit=1)[0]}: {point} kill points, no mail lost, {again} sent again")
    assert point > len(PEOPLE) * 4
    assert 0 < again < point


@contextmanager
def _sender(point: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that sends what is due, to be killed at a point of its work."""
    quiet = {"stdout": subprocess.DEVNULL, "env": dict(os.environ)}
    with subprocess.Popen([sys.executable, "-c", SEND, str(point)], **quiet) as process:  # type: ignore[call-overload] # the arguments fit
        yield process


def _held_against_the_ledger(post: Post, again: int | None = None) -> int:
    """Everybody got their mail; one at most got it again, with the same Message-ID. How many did."""
    got = Counter(recipient for each in post.arrived for recipient in each.recipients)
    assert sorted(got) == PEOPLE
    surplus = got.total() - len(PEOPLE)
    assert surplus in ((0, 1) if again is None else (again,))
    assert len(set(post.message_ids)) == len(PEOPLE)
    return surplus
