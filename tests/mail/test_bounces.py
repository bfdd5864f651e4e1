"""`compact mail bounce`: a returned message is noted with its mail, and nothing else is."""

from io import BytesIO

import pytest

from compact.cli import main
from compact.mail.bounces import NoReport, Returned, read
from compact.mail.rules import message
from tests.mail.conftest import MAIL, SENDER, Outbox

OURS = "0123456789abcdef0123456789abcdef"


def report(
    message_id: str = OURS,
    *,
    action: str = "failed",
    why: str = "smtp; 550 5.1.1 no such user",
    headers_only: bool = False,
) -> bytes:
    """What a mail server sends back (RFC 3464)."""
    ours = f"Message-ID: <{message_id}@wexcombe.example>\r\nTo: head@example.org\r\nSubject: Open\r\n"
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    body = "" if headers_only else "\r\nGood morning.\r\n"
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: compact@wexcombe.example\r\nSubject: Undelivered\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; head@example.org\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        f"Diagnostic-Code: {why}\r\n"
        f"--x\r\nContent-Type: {kind}\r\n\r\n{ours}{body}\r\n--x--\r\n"
    ).encode()


@pytest.mark.parametrize("headers_only", [False, True])
def test_a_report_names_the_mail_and_says_why(headers_only: bool) -> None:
    assert read(report(headers_only=headers_only)) == Returned(
        OURS, "It came back: 550 5.1.1 no such user", True
    )


def test_our_own_mail_is_found_in_it() -> None:
    """As it went over the wire, and not as this test writes it."""
    ours = message(MAIL, SENDER)
    ours.replace_header("Message-ID", f"<{OURS}@wexcombe.example>")
    made = report().split(b"--x\r\nContent-Type: message/rfc822")[0]
    sent = made + b"--x\r\nContent-Type: message/rfc822\r\n\r\n" + ours.as_bytes() + b"\r\n--x--\r\n"

    assert read(sent).message_id == OURS


def test_what_only_says_that_a_mail_is_late_is_not_for_good() -> None:
    assert not read(report(action="delayed")).for_good


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\xfe" * 100,
        b"From: head@example.org\r\nSubject: Re: Open\r\n\r\nThank you.",
        f"In-Reply-To: <{OURS}@wexcombe.example>\r\n\r\nI am away.".encode(),
        report("not-one-of-ours"),
        report()[:200],
        report().replace(b"Action", b"Nothing"),
        b"Content-Type: message/delivery-status\r\n\r\n\x00",
        b"Content-Type: multipart/report; boundary=\r\n\r\n--\r\n",
    ],
    ids=["empty", "noise", "an answer", "holiday", "other id", "cut", "no action", "broken", "no boundary"],
)
def test_what_is_no_report_of_a_mail_of_ours_is_refused(data: bytes) -> None:
    """E: whatever arrives at an address that anybody can write to."""
    with pytest.raises(NoReport):
        read(data)


def bounce(monkeypatch: pytest.MonkeyPatch, data: bytes) -> int:
    class Stdin:
        buffer = BytesIO(data)

    monkeypatch.setattr("compact.mail.cli.sys.stdin", Stdin())
    return main(["mail", "bounce"], standalone_mode=False) or 0


def test_i5_what_came_back_is_noted_with_its_mail(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """I5: late, twice, out of order: one mail, and its status is right."""
    mail_id, other = outbox.queue(), outbox.queue("other@example.org")
    outbox.send(f"file:{tmp_path_factory.mktemp('sent')}")
    ours = outbox.row(mail_id).message_id

    assert bounce(monkeypatch, report(ours, action="delayed")) == 0
    assert outbox.row(mail_id).returned_at is None
    for _ in range(2):
        assert bounce(monkeypatch, report(ours)) == 0

    row = outbox.row(mail_id)
    assert row.returned_at is not None
    assert (row.last_error, row.next_try_at) == ("It came back: 550 5.1.1 no such user", None)
    assert row.sent_at is not None
    assert outbox.row(other).returned_at is None


def test_what_comes_back_before_it_was_written_down_as_sent_is_not_sent_again(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I6: its sender was killed; the server had it."""
    mail_id = outbox.queue()
    outbox.claim_again_and_again(1)

    assert bounce(monkeypatch, report(outbox.row(mail_id).message_id)) == 0

    row = outbox.row(mail_id)
    assert (row.next_try_at, row.returned_at is not None) == (None, True)


def test_i5_a_forged_report_changes_nothing(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """I5: nobody knows the number of a mail who did not get it."""
    mail_id = outbox.queue()

    assert bounce(monkeypatch, report()) == 1
    assert bounce(monkeypatch, b"Thank you.") == 1
    assert outbox.row(mail_id).returned_at is None
