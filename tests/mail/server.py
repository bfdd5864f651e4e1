"""A real SMTP server on this machine that takes mail, or does what a test tells it to."""

from asyncio import Server, WriteTransport
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HANG_UP = "hang up"
USER, PASSWORD = "compact@example.org", "p:ss w@rd%"
# As MAIL_URL has them: the colon and what ends an address are written as percent signs with two digits.
LOGIN = "compact@example.org:p%3Ass%20w@rd%25"


@dataclass(frozen=True)
class Arrived:
    """A mail that the server took: its envelope, how it came, and what it says."""

    sender: str | None
    recipients: list[str]
    encrypted: bool
    message: EmailMessage


class Post:
    """What the server was told and took.

    By command, `answers` are given in turn in the place of 250; `before_answer` is called with each command.
    """

    def __init__(self) -> None:
        self.senders: set[object] = set()
        self.arrived: list[Arrived] = []
        self.answers: defaultdict[str, list[str]] = defaultdict(list)
        self.logins: list[tuple[bytes, bytes, bool]] = []
        self.before_answer: Callable[[str], None] = lambda _command: None

    @property
    def message_ids(self) -> list[str]:
        return [each.message["Message-ID"] for each in self.arrived]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.senders.add(session.peer)
        envelope.mail_from = address
        return self._answer("MAIL", server)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("RCPT", server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        taken = Arrived(envelope.mail_from, envelope.rcpt_tos, _is_encrypted(server), message)
        if self.answers["DATA"][:1] in ([], [HANG_UP]):
            self.arrived.append(taken)
        return self._answer("DATA", server)

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append((given.login, given.password, _is_encrypted(server)))
        is_right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)  # the server says which it was

    def _answer(self, command: str, server: SMTP) -> str:
        self.before_answer(command)
        answer = self.answers[command].pop(0) if self.answers[command] else "250 OK"
        if answer == HANG_UP:
            assert isinstance(server.transport, WriteTransport)
            server.transport.abort()
            return ""
        return answer


def _is_encrypted(server: SMTP) -> bool:
    assert server.transport is not None
    return server.transport.get_extra_info("ssl_object") is not None


class _AnyPort(Controller):
    """Listens on a port that the system gives it."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call] # aiosmtpd types some only


@contextmanager
def serving(post: Post, host: str = "127.0.0.1", **options: Any) -> Iterator[str]:
    """Let `post` serve while the block runs; yields its host and port. The options are those of aiosmtpd."""
    server = _AnyPort(post, hostname=host, port=0, **options)
    server.start()
    try:
        yield f"{host}:{server.port}"
    finally:
        server.stop()
