"""Shares that rise day by day, as lines in an SVG; presentation attributes only: the pages allow no style."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup, escape

WIDTH, HEIGHT = 480, 250
LEFT, RIGHT, TOP, BOTTOM = 58, 466, 14, 214
SIZE = 17  # of the letters: on the narrowest screen they are still ten pixels high
INK, GRID = "#0b0c0c", "#b1b4b6"


@dataclass(frozen=True)
class Line:
    """Shares from 0 to 1 by the places of the days on which they change; place 0 is the first day and has
    one. The line ends at the place `last`, which may lie before the last day."""

    steps: Sequence[tuple[int, Fraction]]
    last: int
    stroke: str
    dashed: bool = False


def curves(words: str, lines: Sequence[Line], days: int, marked: int, ends: tuple[str, str]) -> Markup:
    """Lines over so many days, drawn as steps: between two days nothing is known.

    `words` say what the picture says; `marked` is the place of the day with an upright; `ends` are written
    under the first day and under the marked one.
    """
    grid = "".join(_level(percent) for percent in (0, 50, 100))
    upright = _x(marked, days)
    drawn = "".join(_drawn(line, days) for line in lines)
    under = (
        f'<text x="{LEFT}" y="{BOTTOM + 26}" font-size="{SIZE}" fill="{INK}">{escape(ends[0])}</text>'
        f'<text x="{upright}" y="{BOTTOM + 26}" text-anchor="end" font-size="{SIZE}" fill="{INK}">'
        f"{escape(ends[1])}</text>"
    )
    return Markup(  # noqa: S704 - the words are escaped, all else is numbers and our own colours
        f'<svg class="app-curves" role="img" aria-label="{escape(words)}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'focusable="false">{grid}<path d="M{upright} {TOP}V{BOTTOM}" stroke="{GRID}" stroke-width="2" '
        f'stroke-dasharray="2 4" fill="none"/>{drawn}{under}</svg>'
    )


def _level(percent: int) -> str:
    y = _y(Fraction(percent, 100))
    return (
        f'<path d="M{LEFT} {y}H{RIGHT}" stroke="{GRID}" stroke-width="1" fill="none"/>'
        f'<text x="{LEFT - 8}" y="{y + 6}" text-anchor="end" font-size="{SIZE}" fill="{INK}">'
        f"{percent}%</text>"
    )


def _drawn(line: Line, days: int) -> str:
    if not line.steps:
        return ""
    (first, start), *later = line.steps
    steps = "".join(f"H{_x(place, days)}V{_y(share)}" for place, share in later)
    dashes = ' stroke-dasharray="7 5"' if line.dashed else ""
    path = f"M{_x(first, days)} {_y(start)}{steps}H{_x(line.last, days)}"
    return f'<path d="{path}" stroke="{line.stroke}" stroke-width="4"{dashes} fill="none"/>'


def _x(place: int, days: int) -> int:
    return LEFT + round(Fraction(place * (RIGHT - LEFT), max(days - 1, 1)))


def _y(share: Fraction) -> int:
    return BOTTOM - round(share * (BOTTOM - TOP))
