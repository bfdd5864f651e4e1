"""An outbox, a server that takes its mails, and the command that sends them, at a time that a test sets."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from compact.mail import cli, store
from compact.mail.models import OutboxMail
from compact.mail.rules import LONGEST_CLAIM, Mail, message
from compact.mail.sending import opened
from tests.conftest import Ended
from tests.mail.server import Post, serving
from tests.making import NOW, World

MAIL = Mail(1, "head@example.org", "Compact 2026 is open", "Good morning.", None, "1a2b", NOW, 1)
SENDER = "Wexcombe Compact <compact@wexcombe.example>"


@dataclass
class Outbox:
    """The outbox of a test's database; `now` is what the command takes for the time."""

    world: World
    compact: Callable[..., Ended]
    monkeypatch: pytest.MonkeyPatch
    now: datetime = field(default=NOW)

    def queue(self, recipient: str = "head@example.org", **more: Any) -> int:
        fields = {"subject": "Compact 2026 is open", "text": "Good morning.\n", "at": self.now, **more}
        with self.world.session() as session:
            made = store.queue(session, recipient=recipient, **fields)
            session.commit()
        return made

    def row(self, mail_id: int) -> OutboxMail:
        with self.world.session() as session:
            return session.scalars(select(OutboxMail).where(OutboxMail.id == mail_id)).one()

    def sends_to(self, url: str) -> None:
        self.monkeypatch.setenv("MAIL_URL", url)
        self.monkeypatch.setenv("MAIL_FROM", SENDER)
        self.monkeypatch.setattr(cli, "now", lambda: self.now)

    def send(self, url: str) -> Ended:
        self.sends_to(url)
        ended = self.compact("mail", "send")
        assert ended.code == 0, ended.err
        return ended

    def claim_again_and_again(self, times: int) -> None:
        """As if so many processes had been killed, each as soon as it had taken the mail that is due."""
        for _ in range(times):
            with self.world.session() as session:
                assert store.claim(session, self.now) is not None
                session.commit()
            self.now += LONGEST_CLAIM

    def send_later(self, url: str) -> Ended:
        """After every pause, and after the longest time that a sender may take."""
        self.now += timedelta(hours=5)
        return self.send(url)


def send_one(url: str) -> None:
    """One mail, without an outbox."""
    with opened(url) as send:
        send(message(MAIL, SENDER), lambda: None)


@pytest.fixture
def outbox(world: World, compact: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch) -> Outbox:
    return Outbox(world, compact, monkeypatch)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def address(post: Post) -> Iterator[str]:
    """Where `post` serves without encryption or passwords, as MAIL_URL has it."""
    with serving(post) as place:
        yield f"smtp://{place}"
