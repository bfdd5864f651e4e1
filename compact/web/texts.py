"""Typed text as it is kept, and words as they stand in a sentence: for every room that has either."""

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


def sentence_case(words: str) -> str:
    """Words as a sentence begins with them. What is written large elsewhere in them stays so."""
    return words[:1].upper() + words[1:]


def mid_sentence(title: str) -> str:
    """A title as it stands within a sentence; one that begins with initials (SEND) keeps them."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
