"""How long a server may take: a slow one does not get the mail twice, a silent one holds nothing up."""

import socket
import time

import pytest

from compact.mail import sending
from compact.mail.sending import NobodyServed
from tests.mail.conftest import send_one
from tests.mail.server import Post

SHORT = 0.5


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "CONNECT_SECONDS", SHORT)


def test_who_looks_long_at_a_mail_before_taking_it_is_waited_for(post: Post, address: str) -> None:
    post.before_answer = lambda command: time.sleep(3 * SHORT if command == "DATA" else 0)

    send_one(address)

    assert len(post.arrived) == 1


def test_who_does_not_greet_is_left() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(NobodyServed, match=r"^The mail server cannot be used: .*timed out$"):
            send_one(f"smtp://127.0.0.1:{silent.getsockname()[1]}")
