"""Shares that rise day by day, as lines.

curves("3 of 4 had signed by 3 October", [Line([(0, Fraction(0)), (2, Fraction(3, 4))], 9, "#1d70b8")],
       days=10, marked=9, ends=("24 September 2026", "last day"))
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from . import svg
from .letters import width_of
from .svg import GRID, Drawing, drawing, text

HEIGHT = 250
LEFT, RIGHT, TOP, BOTTOM = 58, 466, 14, 214


@dataclass(frozen=True)
class Line:
    """Shares from 0 to 1 by the places of the days on which they change; place 0 is the first day and has
    one. The line ends at the place `last`, which may lie before the last day."""

    steps: Sequence[tuple[int, Fraction]]
    last: int
    stroke: str
    dashed: bool = False


def curves(words: str, lines: Sequence[Line], days: int, marked: int, ends: tuple[str, str]) -> Drawing:
    """Lines over so many days, drawn as steps: between two days nothing is known.

    `words` say what the picture says; `marked` is the place of the day with an upright; `ends` are written
    under the first day and under the marked one.
    """
    grid = "".join(_level(percent) for percent in (0, 50, 100))
    upright = _x(marked, days)
    drawn = "".join(_drawn(line, days) for line in lines)
    clear = LEFT + width_of(ends[0]) + 10 + width_of(ends[1])
    under = text(LEFT, BOTTOM + 26, ends[0]) + text(max(upright, clear), BOTTOM + 26, ends[1], anchor="end")
    body = grid + svg.line(f"M{upright} {TOP}V{BOTTOM}", GRID, 2, "2 4") + drawn + under
    return drawing(words, body, height=HEIGHT, kind="curves")


def _level(percent: int) -> str:
    y = _y(Fraction(percent, 100))
    return svg.line(f"M{LEFT} {y}H{RIGHT}", GRID) + text(LEFT - 8, y + 6, f"{percent}%", anchor="end")


def _drawn(line: Line, days: int) -> str:
    if not line.steps:
        return ""
    (first, start), *later = line.steps
    steps = "".join(f"H{_x(place, days)}V{_y(share)}" for place, share in later)
    path = f"M{_x(first, days)} {_y(start)}{steps}H{_x(line.last, days)}"
    return svg.line(path, line.stroke, 4, "7 5" if line.dashed else "")


def _x(place: int, days: int) -> int:
    return LEFT + round(Fraction(place * (RIGHT - LEFT), max(days - 1, 1)))


def _y(share: Fraction) -> int:
    return BOTTOM - round(share * (BOTTOM - TOP))
