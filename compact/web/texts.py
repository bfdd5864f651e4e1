"""Typed text as it is kept: on a value alone, for every room that keeps one."""

from collections.abc import Mapping
from types import MappingProxyType

# Characters that Word and old systems leave in copied text. A vertical tab, a form feed and a "next line" are
# line breaks. The others mean nothing to anyone: no page and no document may hold them, and NUL is refused by
# PostgreSQL. Each is shown as a replacement mark.
_NO_CHARACTERS = (
    *range(0x20),
    *range(0x7F, 0xA0),
    *range(0xD800, 0xE000),  # halves of pairs, each by itself
    *range(0xFDD0, 0xFDF0),
    *(plane | last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)),
)
_CLEANED: Mapping[int, str] = MappingProxyType(
    dict.fromkeys(_NO_CHARACTERS, "\ufffd")
    | dict.fromkeys(map(ord, "\n\x0b\x0c\x85"), "\n")
    | {ord("\t"): "\t"}
)


def clean(text: str) -> str:
    """A text as it is kept: line ends as LF, no control characters; white space alone counts as empty."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CLEANED)
    return text if text.strip() else ""
