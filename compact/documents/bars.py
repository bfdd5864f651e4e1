"""Stacked bars: how many gave which grade, with the counts in the parts.

    stacked_bar("Grades", [Segment("Good", 3, grade_colour(1)), Segment("Inadequate", 1, grade_colour(3))])
    stacked_bars("Grades by standard", [Bar("1. Leadership", segments), Bar("2. Staff", None, "not shown")])
    swatch(grade_colour(1))    a square for a key

A part that is too narrow for its number keeps it in the words. Parts are told apart by gaps, lightness and
hatching.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from .grade_colours import GradeColour
from .letters import LINE, width_of, wrapped
from .svg import QUIET, WIDTH, Drawing, drawing, hatching, lines, rect, text

HEIGHT = 34  # of a bar
NARROWEST, GAP = 6, 3  # a part of one in ten thousand is seen too, with the gap after it
_SWATCH = 18


@dataclass(frozen=True)
class Segment:
    """A part of a bar: its label, how many, and its colour."""

    label: str
    count: int
    colour: GradeColour


@dataclass(frozen=True)
class Bar:
    """One of several bars; without segments its note says why there are none."""

    label: str
    segments: Sequence[Segment] | None
    note: str = ""


def stacked_bar(title: str, segments: Sequence[Segment]) -> Drawing:
    """One bar whose parts fill its width in proportion."""
    return drawing(f"{title}: {_words(segments)}", _bar(segments, 0), height=HEIGHT, kind="bar")


def stacked_bars(title: str, bars: Sequence[Bar]) -> Drawing:
    """Bars under each other, each below its label, and above them what the parts are called."""
    shown = [bar.segments for bar in bars if bar.segments is not None]
    named = {segment.label: segment.colour for segments in shown for segment in segments}
    body, y = _key(named)
    for bar in bars:
        label = wrapped(bar.label, WIDTH, bold=True)
        body += lines(0, y + 15, label, bold=True)
        y += len(label) * LINE + 2
        if bar.segments is None:
            note = wrapped(bar.note, WIDTH)
            body += lines(0, y + 15, note, fill=QUIET)
            y += len(note) * LINE + 12
        else:
            body += _bar(bar.segments, y)
            y += HEIGHT + 14
    said = "; ".join(
        f"{bar.label}: {bar.note if bar.segments is None else _words(bar.segments)}" for bar in bars
    )
    return drawing(f"{title}. {said}", body, height=max(y - 12, 1), kind="bars")


def swatch(colour: GradeColour) -> Markup:
    """A square in a colour, for a key; its name stands beside it."""
    return Markup(  # noqa: S704 - numbers and our own colours
        f'<svg width="{_SWATCH}" height="{_SWATCH}" aria-hidden="true" focusable="false">'
        f"{_filled(0, 0, _SWATCH, _SWATCH, colour)}</svg>"
    )


def _words(segments: Iterable[Segment]) -> str:
    return ", ".join(f"{segment.label} {segment.count}" for segment in segments)


def _key(named: dict[str, GradeColour]) -> tuple[str, int]:
    """Squares with their names, and where the drawing goes on."""
    body, x, y = "", 0, 0
    for label, colour in named.items():
        width = _SWATCH + 8 + width_of(label)
        if x and x + width > WIDTH:
            x, y = 0, y + LINE + 6
        body += _filled(x, y, _SWATCH, _SWATCH, colour) + text(x + _SWATCH + 8, y + 15, label)
        x += width + 22
    return body, y + LINE + 17 if named else 0


def _bar(segments: Iterable[Segment], y: int) -> str:
    parts = [segment for segment in segments if segment.count]
    total = sum(segment.count for segment in parts)
    drawn, so_far, left = "", 0, 0
    for place, segment in enumerate(parts, start=1):
        so_far += segment.count
        right = max(round(so_far * (WIDTH + GAP) / total), left + NARROWEST + GAP)
        right = min(right, WIDTH + GAP - (len(parts) - place) * (NARROWEST + GAP))  # room for those after it
        drawn += _part(segment, left, y, right - left - GAP)
        left = right
    return drawn or rect(0, y, WIDTH, HEIGHT, "#ffffff", QUIET)


def _part(segment: Segment, x: int, y: int, width: int) -> str:
    part, count = _filled(x, y, width, HEIGHT, segment.colour), str(segment.count)
    needed = width_of(count, bold=True) + 8
    if needed > width:
        return part
    middle = x + width // 2
    clear = rect(middle - needed // 2, y + 7, needed, HEIGHT - 14, segment.colour.fill)
    number = text(middle, y + 23, count, anchor="middle", bold=True, fill=segment.colour.ink)
    return part + (clear if segment.colour.hatching else "") + number


def _filled(x: int, y: int, width: int, height: int, colour: GradeColour) -> str:
    filled = rect(x, y, width, height, colour.fill, colour.edge, 2)
    if not colour.hatching or width < 4:
        return filled
    return filled + hatching(x + 2, y + 2, width - 4, height - 4, colour.hatching)
