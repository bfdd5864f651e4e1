"""What a mail is like, what makes one broken, and how long it is tried."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from compact.mail.rules import (
    LONGEST_ADDRESS,
    LONGEST_REASON,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    MOST_ATTEMPTS,
    SECRET,
    Mail,
    is_address,
    message,
    next_try,
    reason,
    refuse_broken,
    shown,
)
from compact.organisations.rules import is_email
from compact.web.texts import clean
from tests.mail.conftest import MAIL
from tests.making import NOW

SENDER = "Compact <compact@wexcombe.example>"
UNSEEN = "\u2060"
LINES = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=LONGEST_SUBJECT
).filter(lambda text: text == text.strip() and _is_whole(subject=text))
TEXTS = st.text(min_size=1, max_size=2_000).map(clean).filter(lambda text: _is_whole(text=text))


def _is_whole(
    recipient: str = "head@example.org", subject: str = "Open", text: str = "Good morning."
) -> bool:
    try:
        refuse_broken(recipient, subject, text, None, "")
    except ValueError:
        return False
    return True


def _over_the_wire(mail: Mail) -> EmailMessage:
    """The mail as who gets it reads it; it passes every server: short lines of ASCII."""
    sent = bytes(message(mail, SENDER))
    assert sent.isascii()
    assert max(len(line) for line in sent.split(b"\r\n")) < 998
    assert b"\n" not in sent.replace(b"\r\n", b"")
    return message_from_bytes(sent, policy=policy.default)


@settings(deadline=None)
@given(LINES)
@example("a" * LONGEST_SUBJECT)
@example("é🙂" * (LONGEST_SUBJECT // 2))
@example("{{7*7}} <script>alert(1)</script> %s {0} ' OR 1=1--")
@example("=?utf-8?q?Bcc:=0d=0aBcc: thief@example.org?=")
def test_e1_a_subject_arrives_as_it_was_typed(subject: str) -> None:
    """E1: nothing in it is a header, an encoded word or a template."""
    arrived = _over_the_wire(replace(MAIL, subject=subject))

    assert arrived["Subject"].replace(UNSEEN, "") == subject.replace(UNSEEN, "")
    assert list(arrived) == list(message(MAIL, SENDER))


@settings(deadline=None)
@given(TEXTS)
@example("a" * LONGEST_TEXT)
@example("From us\n.\n..\n=3D=20\n--\n")
@example("مرحبا " * 500)
def test_a_text_arrives_as_it_was_written(text: str) -> None:
    arrived = _over_the_wire(replace(MAIL, text=text)).get_content().replace("\r\n", "\n")

    assert arrived.rstrip("\n") == text.rstrip("\n")


@settings(deadline=None)
@given(st.emails() | st.from_regex(r"[^@\s]{1,20}@[^@\s]{1,10}\.[^@\s]{1,10}", fullmatch=True))
@example("jo(e)@example.org")
@example("zoë@example.org")
@example("=?utf-8?q?thief=40example.com?=@example.org")
@example(f"{'a' * 64}@{'b' * 63}.{'c' * 63}.example.org")
@example("a:b@example.org;")
@example("a..b@example.org")
def test_e4_one_address_stays_one_address(address: str) -> None:
    """E4: what is taken for an address is the same in the header; a form takes no other."""
    if not is_address(address):
        assert not is_email(address)
        return
    arrived = message(replace(MAIL, recipient=address), SENDER)

    (recipient,) = arrived["To"].addresses
    unfolded = bytes(arrived).replace(b"\r\n ", b" ")
    assert recipient.addr_spec == address
    assert f"\r\nTo: {address}\r\n".encode() in unfolded


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "head",
        "head@",
        "@example.org",
        "head@example.org\n",
        "head@example.org\r\nBcc: thief@example.org",
        "head@example.org\x0bx",
        "head@example.org, thief@example.org",
        "head@example.org thief@example.org",
        "Head <head@example.org>",
        "head@example.org\x00",
        "he\x00ad@example.org",
        *(f"he{mark}ad@example.org" for mark in ' ,;:<>()[]\\"'),
        "=?utf-8?q?thief=40example.com?=@example.org",
        "head@\u202eexample.org",
        "head@example..org",
        f"{'a' * LONGEST_ADDRESS}@example.org",
    ],
)
def test_e4_what_is_not_one_address_gets_no_mail(recipient: str) -> None:
    """E4: CR/LF in fields that reach headers."""
    assert not _is_whole(recipient=recipient)


@pytest.mark.parametrize(
    "end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00", "\ud800"]
)
def test_e4_a_subject_is_one_line_without_control_characters(end: str) -> None:
    """E4, E3: CR/LF and their kin, NUL, half a character."""
    assert not _is_whole(subject=f"Open{end}Bcc: thief@example.org")
    assert not _is_whole(subject=f"Open{end}")


@pytest.mark.parametrize(
    ("fields", "is_whole"),
    [
        ({"subject": "x" * LONGEST_SUBJECT}, True),
        ({"subject": "x" * (LONGEST_SUBJECT + 1)}, False),
        ({"subject": ""}, False),
        ({"subject": " "}, False),
        ({"text": "x" * LONGEST_TEXT}, True),
        ({"text": "x" * (LONGEST_TEXT + 1)}, False),
        ({"text": ""}, False),
    ],
)
def test_a_mail_says_something_and_not_too_much(fields: dict[str, str], is_whole: bool) -> None:
    assert _is_whole(**fields) is is_whole


@pytest.mark.parametrize("about", ["invitation 12\n", "x" * 101, " ", "a\x00b"])
def test_what_a_mail_is_about_is_a_short_word(about: str) -> None:
    with pytest.raises(ValueError, match="about"):
        refuse_broken("head@example.org", "Open", "Good morning.", None, about)


@pytest.mark.parametrize(
    ("text", "secret"), [(f"Code: {SECRET}", None), (f"Code: {SECRET}", ""), ("Code", "123456")]
)
def test_a_mark_and_a_secret_come_together(text: str, secret: str | None) -> None:
    with pytest.raises(ValueError, match="mark"):
        refuse_broken("head@example.org", "Open", text, secret, "")


def test_the_secret_is_in_the_mail_alone() -> None:
    mail = replace(MAIL, text=f"https://example.org/invitation/{SECRET}\nKeep {{it}}.", secret="t0ken{0}")

    assert _over_the_wire(mail).get_content().split() == [
        "https://example.org/invitation/t0ken{0}",
        "Keep",
        "{it}.",
    ]
    assert shown(mail.text) == "https://example.org/invitation/[only in the mail itself]\nKeep {it}."


def test_pauses_grow_to_four_hours_and_end_after_four_days() -> None:
    now, pauses = NOW, []
    for attempts in range(1, MOST_ATTEMPTS):
        again = next_try(attempts, now)
        assert again is not None
        pauses.append(again - now)
        now = again

    assert pauses[:4] == [timedelta(minutes=minutes) for minutes in (2, 4, 8, 16)]
    assert set(pauses[7:]) == {timedelta(hours=4)}
    assert timedelta(days=4) < now - NOW < timedelta(days=5)
    assert next_try(MOST_ATTEMPTS, now) is None
    assert next_try(MOST_ATTEMPTS + 5, now) is None


def test_e4_why_a_mail_was_not_sent_is_one_line_without_its_secret() -> None:
    """E4: CR/LF in what reaches logs; NUL, which PostgreSQL would refuse."""
    why = reason("550 no\r\nMail 7 was sent.\x00 t0ken \u2028" + "x" * 1_000, "t0ken")

    assert why.startswith("550 no Mail 7 was sent.\ufffd [only in the mail itself] xxx")
    assert len(why) == LONGEST_REASON
    assert len(why.splitlines()) == 1
