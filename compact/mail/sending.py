"""Where mail goes: to an SMTP server, into a folder of files, or to the terminal."""

import smtplib
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

CONNECT_SECONDS = 20
# RFC 5321 (4.5.3.2.6). Whoever gives up sooner sends twice what a slow server accepts after all.
ANSWER_SECONDS = 10 * 60
CLOSING = 421
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")

HandOver = Callable[[], None]
Send = Callable[[EmailMessage, HandOver], None]


class NotSent(Exception):  # noqa: N818 - these three say what happened, in plain words for an officer
    """A mail was not sent this time; another try is worth while."""


class NeverSent(NotSent):
    """The server takes no such mail, or none for this recipient, however often it is tried."""


class NobodyServed(NotSent):
    """It is about the server or our settings: any other mail would fare the same at this moment."""


@contextmanager
def opened(url: str) -> Iterator[Send]:
    """A way to send while the block runs. `url` is MAIL_URL; a server is called when the first mail is sent.

    What it gives raises NotSent, NeverSent or NobodyServed. It calls what it is given beside the message when
    a server has agreed to take it and is about to get it: from then on it may have arrived. What that raises
    keeps the mail here. A file has no such moment, because it is written once however often that is tried.
    """
    if url == "console":
        yield lambda message, _hand_over: _print(message)
    elif url.startswith("file:"):
        folder = Path(url.removeprefix("file:"))
        yield lambda message, _hand_over: _write(folder, message)
    else:
        with ExitStack() as until_the_end:
            connect = cache(lambda: until_the_end.enter_context(_connected(urlsplit(url))))
            yield lambda message, hand_over: _over(connect, message, hand_over)


class _Server(smtplib.SMTP):
    """A server that is told of by `hand_over` when it is about to be given a mail."""

    hand_over: HandOver

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.hand_over()
        return super().data(msg)


class _EncryptedServer(_Server, smtplib.SMTP_SSL):
    """The same, encrypted from the first word."""


@contextmanager
def _connected(place: SplitResult) -> Iterator[_Server]:
    """A server that is ready to take mail. A password is said to nobody but who shows a good certificate."""
    host = place.hostname or ""
    if place.scheme == "smtps":
        server: _Server = _EncryptedServer(
            host, place.port or smtplib.SMTP_SSL_PORT, timeout=CONNECT_SECONDS, context=_trust(place)
        )
    else:
        server = _Server(host, place.port or smtplib.SMTP_PORT, timeout=CONNECT_SECONDS)
    try:
        server.ehlo_or_helo_if_needed()
        if place.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=_trust(place))
        if place.username:
            if not isinstance(server.sock, ssl.SSLSocket):
                raise OSError("it offers no encryption, so no password is sent to it")
            server.login(unquote(place.username), unquote(place.password or ""))
        _wait(server, ANSWER_SECONDS)
        yield server
    finally:
        with suppress(OSError):  # what it accepted it has accepted, whether it takes leave or not
            _wait(server, CONNECT_SECONDS)
            server.quit()
        server.close()


def _trust(place: SplitResult) -> ssl.SSLContext:
    """Whose certificates are good: the system's authorities', and any on this machine without a password.

    A mail server that a distribution sets up offers a certificate that nobody signed.
    """
    context = ssl.create_default_context()
    if place.hostname in THIS_MACHINE and not place.username:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _wait(server: smtplib.SMTP, seconds: int) -> None:
    if server.sock is not None:
        server.sock.settimeout(seconds)


def _over(connect: Callable[[], _Server], message: EmailMessage, hand_over: HandOver) -> None:
    try:
        server = connect()
    except OSError as error:
        raise NobodyServed(f"The mail server cannot be used: {_words(error)}") from None
    sender, recipient = (message[name].addresses[0].addr_spec for name in ("From", "To"))
    server.hand_over = hand_over
    try:
        server.send_message(message, sender, [recipient])
    except NotSent:
        with suppress(
            OSError
        ):  # it is told that nothing follows; if it is gone, the next mail finds that out
            server.rset()
        raise
    except smtplib.SMTPNotSupportedError:
        raise NeverSent("The mail server takes no address with letters such as these.") from None
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refused:
        raise _refusal(refused) from None
    except OSError as error:
        raise NobodyServed(f"The mail server broke off: {_words(error)}") from None


def _refusal(refused: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> NotSent:
    """What a server's answer means: 5xx is for good, but not where it is about us and not the mail."""
    code: int
    said: bytes | str
    if isinstance(refused, smtplib.SMTPRecipientsRefused):
        ((code, said),) = refused.recipients.values()
    else:
        code, said = refused.smtp_code, refused.smtp_error
    answer = _answer(code, said)
    if code == CLOSING:
        return NobodyServed(f"The mail server is closing: {answer}")
    if isinstance(refused, smtplib.SMTPSenderRefused):
        return NobodyServed(f"The mail server takes no mail from the address in MAIL_FROM: {answer}")
    what = "this address" if isinstance(refused, smtplib.SMTPRecipientsRefused) else "this mail"
    if 500 <= code < 600:
        return NeverSent(f"The mail server does not take {what}: {answer}")
    return NotSent(f"The mail server does not take {what} yet: {answer}")


def _words(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not good: {error.verify_message}"
    return error.strerror or str(error)


def _answer(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"


def _write(folder: Path, message: EmailMessage) -> None:
    """One file a mail, however often it is tried. Nobody else can read it: it may hold a link's token."""
    file = folder / f"{message['Message-ID'].strip('<>').partition('@')[0]}.eml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(bytes(message))
    except OSError as error:
        raise NobodyServed(f"The folder of MAIL_URL cannot be written: {_words(error)}") from None


def _print(message: EmailMessage) -> None:
    """As a person reads it, so that a link can be copied."""
    sys.stderr.write(f"To: {message['To']}\nSubject: {message['Subject']}\n\n{message.get_content()}\n")
