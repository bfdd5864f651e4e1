"""What our drawings share: a drawing with its words, letters, shares, and ink that can be read on any paper.

A drawing is SVG with presentation attributes only, for the pages allow no style; it has no ids, so that any
number of them stand on one page. The same SVG goes into a page and into a PDF (`drawing` in
templates/documents/drawing.typ). An example::

    Drawing(svg, "Grades: Good 3, Inadequate 1", width=480, height=38)
    {{ drawing }}              in a template of a page
    drawing.as_data            in what a template of a paper is given: #drawing(data.chart)
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from markupsafe import Markup, escape

from .letters import LINE, SIZE

WIDTH = 480  # of a drawing that fits the narrowest screen
INK, QUIET, EDGE, GRID = "#0b0c0c", "#505a5f", "#7f8b8f", "#b1b4b6"
_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Drawing:
    """An SVG, and the words that say the same to those who do not see it."""

    svg: Markup
    words: str
    width: int
    height: int

    def __html__(self) -> str:
        """As it stands in a page: what is too wide for a narrow screen scrolls in a box of its own."""
        if self.width <= WIDTH:
            return str(self.svg)
        return Markup(
            '<div class="compact-wide" tabindex="0" role="group" aria-label="A wide drawing">{}</div>'
        ).format(self.svg)

    @property
    def as_data(self) -> dict[str, str | int]:
        return {"svg": str(self.svg), "words": self.words, "width": self.width, "height": self.height}


@dataclass(frozen=True)
class Share:
    """How many said that it needs to improve, of those who graded it: at least one."""

    weak: int
    graded: int

    @cached_property
    def exact(self) -> Fraction:
        return Fraction(self.weak, self.graded)

    @property
    def words(self) -> str:
        return f"{self.weak} of {self.graded}"

    def percent(self, threshold: int | None = None) -> str:
        """The share as a whole number of percent, half up, that never looks like what it is not: none, all,
        or the threshold."""
        hundredfold = self.exact * 100
        whole = int(hundredfold + Fraction(1, 2))
        if hundredfold == whole or whole not in (0, 100, threshold):
            return f"{whole}%"
        if whole in (0, 100):
            return ">99%" if whole else "<1%"
        return f"<{whole}%" if hundredfold < whole else f">{whole}%"


def drawing(words: str, body: str, *, width: int = WIDTH, height: int, kind: str) -> Drawing:
    """The drawing with this body, whose words are escaped already."""
    said = _clean(words)
    wide = " app-drawing--wide" if width > WIDTH else ""
    svg = Markup(  # noqa: S704 - every word in it is escaped, all else is numbers and our own colours
        f'<svg xmlns="http://www.w3.org/2000/svg" class="app-drawing app-drawing--{kind}{wide}" role="img" '
        f'aria-label="{escape(said)}" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{_FONT}" font-size="{SIZE}" focusable="false">{body}</svg>'
    )
    return Drawing(svg, said, width, height)


def text(
    x: int,
    y: int,
    words: str,
    *,
    anchor: str = "start",
    bold: bool = False,
    fill: str = INK,
    turned: bool = False,
) -> str:
    """One line of words on the base line `y`; turned words run upwards from there."""
    how = "" if anchor == "start" else f' text-anchor="{anchor}"'
    weight = ' font-weight="bold"' if bold else ""
    turn = f' transform="rotate(-90 {x} {y})"' if turned else ""
    return f'<text x="{x}" y="{y}" fill="{fill}"{how}{weight}{turn}>{escape(_clean(words))}</text>'


def lines(
    x: int, y: int, words: list[str], *, anchor: str = "start", bold: bool = False, fill: str = INK
) -> str:
    """Lines of words below each other, the first on the base line `y`."""
    return "".join(
        text(x, y + place * LINE, line, anchor=anchor, bold=bold, fill=fill)
        for place, line in enumerate(words)
    )


def rect(x: int, y: int, width: int, height: int, fill: str, edge: str = "", stroke: int = 1) -> str:
    """A rectangle, with its edge inside it."""
    if not edge:
        return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>'
    half = f"{stroke / 2:g}"
    return (
        f'<rect x="{x + stroke / 2:g}" y="{y + stroke / 2:g}" width="{max(width - stroke, 0)}" '
        f'height="{height - stroke}" fill="{fill}" stroke="{edge}" stroke-width="{stroke}"'
        f"{f' rx={chr(34)}{half}{chr(34)}' if stroke > 1 else ''}/>"
    )


def line(path: str, stroke: str, width: int = 1, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{path}" stroke="{stroke}" stroke-width="{width}"{dashed} fill="none"/>'


def hatching(x: int, y: int, width: int, height: int, stroke: str, step: int = 8) -> str:
    """Slanting lines over a rectangle, as a path of its own: a pattern would need an id on the page."""
    strokes = []
    for far in range(step, width + height, step):
        right, down = min(far, width), min(far, height)
        strokes.append(f"M{x + right} {y + far - right}L{x + far - down} {y + down}")
    return line("".join(strokes), stroke) if strokes else ""


def _clean(words: str) -> str:
    """Without what no XML may hold."""
    return _NOT_XML.sub("\ufffd", words)
