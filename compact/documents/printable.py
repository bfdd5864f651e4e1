"""What people wrote, as the typeface can print it: any character at all can be in it, and no document fails.

A character that the typeface lacks becomes a box, and is counted, so that the document can say so.
"""

import struct
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any

from .typeset import FONTS

BOX = "□"
NAMED = 10  # of the characters that were lost
CUT = " […]"
# A run without a blank that is longer than this would leave the page: it may be broken here.
LONGEST_RUN = 40
MAY_BREAK = "\u200b"
# A text of more lines than this goes on without line breaks.
LINES = 200
BREAK = " ¶ "
# About 400 pages, which take some seconds and most of a gigabyte; what is longer is cut.
CHARACTERS = 1_500_000
_SHORTEST_CUT = 200
_HEADER, _TABLE = struct.Struct(">4xH6x"), struct.Struct(">4s4xLL")
_WINDOWS, _UNICODE, _SEGMENTS = 3, 1, 4


@dataclass
class Printable:
    """Makes texts printable, and remembers what it could not keep."""

    lost: Counter[str] = field(default_factory=Counter)
    cut: int = 0
    _longest: int = CHARACTERS

    def data(self, data: Any) -> Any:
        """The same data with every text in it printable, and the longest ones cut if it is too much."""
        self._longest = _longest([len(text) for text in _texts(data)])
        return self._made(data)

    def unbroken(self, text: str) -> str:
        """A text whose every character can be printed, such as a drawing, which may not be broken."""
        composed = unicodedata.normalize("NFC", text)
        return "".join(self._kept(each) for each in composed if not _is_unseen(each))

    def told(self) -> str | None:
        """What could not be printed, in sentences; None where everything could."""
        told = []
        if self.lost:
            told.append(_told_lost(self.lost))
        if self.cut:
            begins = "1 text is" if self.cut == 1 else f"{self.cut:,} texts are"
            told.append(f"{begins} too long to be printed whole; {CUT.strip()} stands for the rest.")
        return " ".join(told) or None

    def _made(self, data: Any) -> Any:
        if isinstance(data, str):
            return self._text(data)
        if isinstance(data, Mapping):
            return {name: self._made(value) for name, value in data.items()}
        if isinstance(data, list | tuple):
            return [self._made(value) for value in data]
        return data

    def _text(self, text: str) -> str:
        """What has no width of its own is dropped without a word."""
        end = ""
        if len(text) > self._longest:
            self.cut += 1
            text, end = text[: self._longest], CUT
        return "".join(_breakable(iter(self.unbroken(text)))) + end

    def _kept(self, character: str) -> str:
        if character.isspace():
            return character if character in " \n\u00a0" else " "
        # A mark that could not be composed with its letter has no place above it.
        if ord(character) in _printed() and not unicodedata.category(character).startswith("M"):
            return character
        self.lost[character] += 1
        return BOX


def paragraphs(text: str) -> list[str]:
    """The lines of a text that hold anything."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [*lines[: LINES - 1], BREAK.join(lines[LINES - 1 :])] if len(lines) > LINES else lines


def _told_lost(lost: Counter[str]) -> str:
    much, named = lost.total(), ", ".join(_name(each) for each in sorted(lost)[:NAMED])
    more = f" and {len(lost) - NAMED:,} others" if len(lost) > NAMED else ""
    begins = "1 character" if much == 1 else f"{much:,} characters"
    return f"{begins} could not be printed; {BOX} stands for {'it' if much == 1 else 'each'}: {named}{more}."


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping | list | tuple):
        for each in data.values() if isinstance(data, Mapping) else data:
            yield from _texts(each)


def _longest(lengths: Sequence[int]) -> int:
    """How long a text may be for all of them to fit."""
    longest = CHARACTERS
    while longest > _SHORTEST_CUT and sum(min(each, longest) for each in lengths) > CHARACTERS:
        longest = longest * 4 // 5
    return longest


def _breakable(characters: Iterator[str]) -> Iterator[str]:
    for blank, run in groupby(characters, str.isspace):
        for place, each in enumerate(run):
            if place and not blank and place % LONGEST_RUN == 0:
                yield MAY_BREAK
            yield each


def _is_unseen(character: str) -> bool:
    """Whether it only tells how its neighbours are drawn, like a joiner or a variant of an emoji."""
    return unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"


def _name(character: str) -> str:
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'without a name').lower()})"


@cache
def _printed() -> frozenset[int]:
    """The characters that every face of the typeface has."""
    faces = [_characters(face.read_bytes()) for face in sorted(FONTS.glob("*.ttf"))]
    return frozenset.intersection(*faces)


def _characters(face: bytes) -> frozenset[int]:
    """The characters of a TrueType face, from the segments of its `cmap`.

    Source: OpenType specification, "cmap", format 4.
    """
    (tables,) = _HEADER.unpack_from(face)
    places = (_TABLE.unpack_from(face, 12 + 16 * each) for each in range(tables))
    start = next(offset for tag, offset, _ in places if tag == b"cmap")
    (subtables,) = struct.unpack_from(">2xH", face, start)
    for each in range(subtables):
        platform, encoding, offset = struct.unpack_from(">HHL", face, start + 4 + 8 * each)
        (form,) = struct.unpack_from(">H", face, start + offset)
        if (platform, encoding, form) == (_WINDOWS, _UNICODE, _SEGMENTS):
            return frozenset(_in_segments(face, start + offset))
    raise ValueError("The face has no Unicode table in segments.")


def _in_segments(face: bytes, start: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", face, start + 6)
    count = doubled // 2
    columns = [
        struct.unpack_from(f">{count}H", face, start + 14 + skipped + column * doubled)
        for column, skipped in enumerate((0, 2, 2, 2))
    ]
    offsets_at = start + 16 + 3 * doubled
    for place, (last, first, delta, offset) in enumerate(zip(*columns, strict=True)):
        for character in range(first, last + 1):
            glyph = character
            if offset:
                at = offsets_at + 2 * place + offset + 2 * (character - first)
                (glyph,) = struct.unpack_from(">H", face, at)
            if (glyph + delta) % 65536 if glyph or not offset else 0:
                yield character
