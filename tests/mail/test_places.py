"""Where mail goes without a server: the terminal, and a folder of files."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from compact.mail.rules import SECRET
from tests.mail.conftest import Outbox
from tests.making import NOW

TEXT = f"Good morning Zoë,\n\nhttps://compact.example.org/a/very/long/address/of/an/invitation/{SECRET}\n"


def test_on_the_terminal_a_mail_is_read_and_its_link_copied(outbox: Outbox) -> None:
    outbox.queue(subject="Invitation – Sŵn", text=TEXT, secret="t0ken")

    ended = outbox.send("console")

    assert ended.out == "sent 1, waiting 0, failed 0\n"
    assert ended.err == (
        f"To: head@example.org\nSubject: Invitation – Sŵn\n\n{TEXT.replace(SECRET, 't0ken')}\n"
    )


@pytest.mark.parametrize("recipient", ["head@example.org", "zoë@example.org"])
def test_in_a_folder_a_mail_is_a_file_that_its_owner_alone_reads(
    outbox: Outbox, tmp_path: Path, recipient: str
) -> None:
    folder = tmp_path / "of" / "mails"
    mail_id = outbox.queue(recipient, text=TEXT, secret="t0ken")

    assert outbox.send(f"file:{folder}").out == "sent 1, waiting 0, failed 0\n"

    (file,) = folder.iterdir()
    assert file.name == f"{outbox.row(mail_id).message_id}.eml"
    assert file.stat().st_mode & 0o077 == 0
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (mail["To"], mail["Date"].datetime) == (recipient, NOW)
    assert mail.get_content().replace("\r\n", "\n") == TEXT.replace(SECRET, "t0ken")


def test_a_folder_that_cannot_be_written_leaves_the_mails_waiting(outbox: Outbox, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    first, second = outbox.queue(), outbox.queue()

    ended = outbox.send(f"file:{tmp_path / 'file'}")

    assert ended.out == "sent 0, waiting 2, failed 0\n"
    assert "The folder of MAIL_URL cannot be written: File exists. It is tried again" in ended.err
    assert (outbox.row(first).attempts, outbox.row(second).attempts) == (1, 0)
