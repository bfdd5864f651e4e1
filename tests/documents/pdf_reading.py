"""A PDF of the house as a screen reader finds it: its language and title, and its parts in reading order.

It reads what our typesetter writes: objects one by one, texts by the characters that a font maps glyphs to.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_OBJECT = re.compile(rb"^(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL | re.MULTILINE)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_TOKEN = re.compile(
    rb"\s*(?:(?P<ref>\d+ \d+ R\b)|(?P<number>[-+]?\d*\.?\d+)|(?P<name>/[^\s/<>\[\]()]*)"
    rb"|(?P<hex><[0-9A-Fa-f\s]*>)|(?P<open><<|\[)|(?P<close>>>|\])|(?P<string>\()|(?P<word>[A-Za-z*'\"]+))"
)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Ref(int):
    """The number of an object."""


class Word(bytes):
    """An operator, or true, false and null."""


@dataclass(frozen=True)
class Part:
    """A part of the structure: its tag, its text with that of what is in it, and what it says instead of a
    picture."""

    tag: str
    text: str
    alt: str
    parts: tuple["Part", ...]

    def all(self, tag: str) -> list["Part"]:
        """The parts of a tag, in reading order."""
        own = [self] if self.tag == tag else []
        return own + [found for each in self.parts for found in each.all(tag)]


class Reading:
    """A PDF that was read."""

    def __init__(self, file: bytes) -> None:
        assert file.startswith(b"%PDF-")
        self._objects = {int(number): body for number, body in _OBJECT.findall(file)}
        self._texts: dict[int, dict[int, str]] = {}
        root = re.search(rb"trailer\n<<.*?/Root (\d+) 0 R", file, re.DOTALL)
        assert root is not None
        self.catalog = self._value(int(root[1]))

    @property
    def language(self) -> str:
        return _text(self.catalog["Lang"])

    @property
    def is_tagged(self) -> bool:
        return bool(self.catalog["MarkInfo"]["Marked"] == b"true")

    @property
    def metadata(self) -> str:
        """The title and the standard that it claims to keep stand here."""
        return self._stream(self.catalog["Metadata"]).decode()

    @cached_property
    def whole(self) -> Part:
        """The document in its structure."""
        root = self._value(self.catalog["StructTreeRoot"])
        return Part("Root", "", "", tuple(self._part(each, None) for each in root["K"]))

    @property
    def text(self) -> str:
        """All that is read out, but for what stands instead of pictures."""
        return " ".join(_leaves(self.whole))

    def _part(self, at: Any, page: int | None) -> Part:
        node = self._value(at) if isinstance(at, Ref) else at
        page = node.get("Pg", page)
        parts, text = [], ""
        kids = node.get("K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            if isinstance(kid, int) and not isinstance(kid, Ref):
                text += self._on(page).get(kid, "")
                continue
            inner = self._value(kid) if isinstance(kid, Ref) else kid
            if inner.get("Type") == "MCR":
                text += self._on(inner.get("Pg", page)).get(inner["MCID"], "")
            elif inner.get("Type") != "OBJR":
                parts.append(self._part(inner, page))
                text += parts[-1].text
        return Part(node.get("S", ""), text, _text(node.get("Alt", b"")), tuple(parts))

    def _on(self, page: int | None) -> dict[int, str]:
        """The texts of a page by the marks that the structure knows them by."""
        assert page is not None
        if page not in self._texts:
            found = self._value(page)
            resources = self._resolved(found.get("Resources", {}))
            fonts = {
                name: self._characters(self._value(font)["ToUnicode"])
                for name, font in self._resolved(resources.get("Font", {})).items()
            }
            self._texts[page] = dict(_marked(self._stream(found["Contents"]), fonts))
        return self._texts[page]

    def _characters(self, at: int) -> dict[int, str]:
        """What each glyph of a font stands for."""
        found: dict[int, str] = {}
        for pairs in re.findall(rb"beginbfchar\n(.*?)endbfchar", self._stream(at), re.DOTALL):
            for glyph, letters in re.findall(rb"<(\w+)>\s*<(\w+)>", pairs):
                found[int(glyph, 16)] = bytes.fromhex(letters.decode()).decode("utf-16-be")
        return found

    def _value(self, number: int) -> Any:
        return _parse(self._objects[number])

    def _resolved(self, value: Any) -> Any:
        return self._value(value) if isinstance(value, Ref) else value

    def _stream(self, number: int) -> bytes:
        body = self._objects[number]
        held = _STREAM.search(body)
        assert held is not None
        return zlib.decompress(held[1]) if b"FlateDecode" in body[: held.start()] else held[1]


def _leaves(part: Part) -> Iterator[str]:
    if not part.parts:
        yield part.text
    for each in part.parts:
        yield from _leaves(each)


def _marked(content: bytes, fonts: dict[str, dict[int, str]]) -> Iterator[tuple[int, str]]:
    """The texts of a page's content, each with its mark."""
    mark: int | None = None
    font: dict[int, str] = {}
    text, before = "", []
    for token in _tokens(content):
        if not isinstance(token, Word):
            before.append(token)
            continue
        if token == b"BDC":
            mark, text = before[-1].get("MCID") if isinstance(before[-1], dict) else None, ""
        elif token == b"Tf":
            font = fonts[before[-2]]
        elif token in (b"Tj", b"TJ"):
            held = before[-1] if isinstance(before[-1], list) else [before[-1]]
            glyphs = b"".join(each for each in held if isinstance(each, bytes))
            text += "".join(font[int.from_bytes(glyphs[at : at + 2])] for at in range(0, len(glyphs), 2))
        elif token == b"EMC" and mark is not None:
            yield mark, text
            mark = None
        before = []


def _parse(data: bytes) -> Any:
    return next(_tokens(data))


def _tokens(data: bytes) -> Iterator[Any]:
    """The values of PDF's language one after the other; names as str, texts as bytes, operators as Word."""
    held: list[list[Any]] = [[]]
    at = 0
    while found := _TOKEN.match(data, at):
        at, kind, said = found.end(), found.lastgroup, found[found.lastgroup or 0]
        value: Any
        if kind == "open":
            held.append([])
            continue
        if kind == "string":
            value, at = _string(data, at)
        elif kind == "close":
            inner = held.pop()
            value = inner if said == b"]" else dict(zip(inner[::2], inner[1::2], strict=True))
        else:
            value = _simple(kind, said)
        held[-1].append(value)
        if len(held) == 1:
            yield held[0].pop()


def _simple(kind: str | None, said: bytes) -> Any:
    if kind == "ref":
        return Ref(said.split()[0])
    if kind == "number":
        return float(said) if b"." in said else int(said)
    if kind == "name":
        return said[1:].decode()
    return bytes.fromhex(said[1:-1].decode()) if kind == "hex" else Word(said)


def _string(data: bytes, at: int) -> tuple[bytes, int]:
    """A text in brackets, and where it ends."""
    made, deep = b"", 1
    while True:
        each = data[at : at + 1]
        if each == b"\\":
            octal = re.compile(rb"[0-7]{1,3}").match(data, at + 1)
            escaped = data[at + 1 : at + 2]
            made += bytes([int(octal[0], 8)]) if octal else _ESCAPES.get(escaped, escaped)
            at = octal.end() if octal else at + 2
            continue
        deep += (each == b"(") - (each == b")")
        at += 1
        if not deep:
            return made, at
        made += each


def _text(held: bytes) -> str:
    return held[2:].decode("utf-16-be") if held.startswith(b"\xfe\xff") else held.decode("latin-1")
