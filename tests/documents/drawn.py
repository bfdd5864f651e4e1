"""What holds for every drawing: it is XML and HTML, and every word stands where it can be read."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import html5lib

from compact.documents.letters import SIZE, width_of
from compact.documents.svg import Drawing

_SVG = "{http://www.w3.org/2000/svg}"
_TAGS = {"svg", "rect", "text", "path", "circle"}
_ATTRIBUTES = {
    *("class", "role", "aria-label", "width", "height", "viewBox", "font-family", "font-size", "focusable"),
    *("x", "y", "rx", "cx", "cy", "r", "d", "transform", "text-anchor", "font-weight"),
    *("fill", "stroke", "stroke-width", "stroke-dasharray"),
}
_ABOVE, _BELOW = 12, 4  # how far letters of this size reach from their base line
HOSTILE = ('"><script>alert(1)</script>', "' onload='x", "<b>&amp;", "{{ 7*7 }}", "nul\x00\x0b\ud800\ufffe")


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def of_kind(drawing: Drawing, tag: str) -> list[ET.Element]:
    return ET.fromstring(drawing.svg).findall(f"{_SVG}{tag}")  # noqa: S314 - our own drawing


def words(drawing: Drawing) -> list[str]:
    return [each.text or "" for each in of_kind(drawing, "text")]


def box(text: ET.Element) -> Box:
    """Where the letters of a text are."""
    x, y = float(text.attrib["x"]), float(text.attrib["y"])
    wide = width_of(text.text or "", bold=text.get("font-weight") == "bold")
    if "transform" in text.attrib:
        return Box(x - _ABOVE, y - wide, x + _BELOW, y)
    left = x - {"start": 0, "middle": wide / 2, "end": wide}[text.get("text-anchor", "start")]
    return Box(left, y - _ABOVE, left + wide, y + _BELOW)


def hold(drawing: Drawing) -> None:
    """It is valid and harmless, says its words, and no label leaves it or covers another."""
    html5lib.HTMLParser(strict=True).parseFragment(drawing.__html__())
    root = ET.fromstring(drawing.svg)  # noqa: S314 - our own drawing
    assert root.get("aria-label") == drawing.words
    assert root.get("role") == "img"
    assert {each.tag.removeprefix(_SVG) for each in root.iter()} <= _TAGS
    assert {name for each in root.iter() for name in each.attrib} <= _ATTRIBUTES
    assert float(root.attrib["font-size"]) == SIZE
    texts = [(each.text, box(each)) for each in of_kind(drawing, "text")]
    for said, where in texts:
        assert where.left >= -1, said
        assert where.right <= drawing.width + 1, said
        assert where.top >= 0, said
        assert where.bottom <= drawing.height, said
    for (one, here), (other, there) in combinations(texts, 2):
        assert not here.covers(there), f"{one} covers {other}"


def colours(*svg: Drawing) -> Iterator[str]:
    for each in svg:
        yield from re.findall("#[0-9a-f]{6}", each.svg)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
