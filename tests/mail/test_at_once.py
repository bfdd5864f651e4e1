"""Two senders at the same moment: each mail is sent once."""

import asyncio
from threading import Thread

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from compact.cli import main
from tests.mail.conftest import Outbox
from tests.mail.server import Post, serving

MAILS, PATIENCE_SECONDS = 10, 20


class Meeting(Post):
    """A server that lets nobody's first mail through before two senders are there."""

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.senders.add(session.peer)
        for _ in range(PATIENCE_SECONDS * 100):
            if len(self.senders) > 1:
                break
            await asyncio.sleep(0.01)
        return await super().handle_MAIL(server, session, envelope, address, options)


def test_d9_two_senders_at_once_send_each_mail_once(
    outbox: Outbox, capsys: pytest.CaptureFixture[str]
) -> None:
    """D9: the timer starts a run while the one before is not over."""
    for number in range(MAILS):
        outbox.queue(f"person{number}@example.org")
    post = Meeting()
    with serving(post) as place:
        outbox.sends_to(f"smtp://{place}")
        senders = [Thread(target=_send) for _ in range(2)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()

    assert len(post.senders) == 2
    recipients = sorted(recipient for each in post.arrived for recipient in each.recipients)
    assert recipients == [f"person{number}@example.org" for number in range(MAILS)]
    counts = [line for line in capsys.readouterr().out.splitlines() if line.startswith("sent ")]
    assert sum(int(line.split()[1].rstrip(",")) for line in counts) == MAILS


def _send() -> None:
    main(["mail", "send"], standalone_mode=False)
