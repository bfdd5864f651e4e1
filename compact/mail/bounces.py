"""Reading a returned message: the report of a mail server that a mail was not delivered (RFC 3464)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default

LARGEST = 10_000_000  # bytes; a report may hold all of what came back
_OURS = re.compile(r"<([0-9a-f]{32})@[^<>\s]+>")
_STATUS, _FAILED = "message/delivery-status", "failed"
_NAMES = ("Action", "Final-Recipient", "Diagnostic-Code", "Status")


class NoReport(Exception):  # noqa: N818 - it is what it says
    """It is no report of a mail server about a mail, or it does not say about which."""


@dataclass(frozen=True)
class Returned:
    """What came back: our Message-ID without its domain, why, and whether the server has given it up."""

    message_id: str
    why: str
    for_good: bool


def read(data: bytes) -> Returned:
    """What a mail server reports. Raises NoReport; never anything else, whatever was sent."""
    message = message_from_bytes(data, policy=default)
    try:
        parts = list(message.walk())
        groups = [group for part in parts for group in _groups(part)]
        ids = [found for part in parts for found in _message_ids(part)]
    except (LookupError, ValueError, TypeError, AttributeError):  # the parser's own, on broken headers
        raise NoReport("it cannot be read as a message") from None
    if not groups:
        raise NoReport("it is no report of a mail server")
    if not ids:
        raise NoReport("it does not say which message came back")
    failed = next((group for group in groups if group["Action"].strip().lower() == _FAILED), None)
    return Returned(ids[0], _why(failed or groups[0]), failed is not None)


def _groups(part: Message) -> Iterator[dict[str, str]]:
    """What is said of each recipient."""
    if part.get_content_type() != _STATUS:
        return
    payload = part.get_payload()
    for each in payload if isinstance(payload, list) else ():
        if isinstance(each, Message) and each.get("Action"):
            yield {name: str(each.get(name, "")) for name in _NAMES}


def _message_ids(part: Message) -> Iterator[str]:
    """Our Message-IDs in what came back: the whole message, or its headers alone."""
    kind, payload = part.get_content_type(), part.get_payload()
    if kind == "text/rfc822-headers":
        yield from _OURS.findall(str(payload))
    elif kind != _STATUS and kind.startswith("message/") and isinstance(payload, list):
        for each in payload:
            if isinstance(each, Message):
                yield from _OURS.findall(str(each.get("Message-ID", "")))


def _why(group: dict[str, str]) -> str:
    said = group["Diagnostic-Code"].partition(";")[2].strip() or group["Status"].strip()
    return f"It came back: {said}" if said else "It came back."
