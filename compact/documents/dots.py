"""A dot plot: one's own grade among those that a sector gave.

    dot_plot("Beside schools", ["Outstanding", "Good"],
             [Place("How bullying is looked after", (12, 31), own=1)], who="You", others="schools")

The area of a dot is in proportion to how many of those who graded it gave that grade; its number stands
beside it. One's own grade is framed, and named. Where the sector's counts are hidden, the frame stands alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

from compact.web.texts import sentence_case

from .grade_colours import grade_colour
from .letters import LINE, width_of, wrapped
from .svg import GRID, INK, QUIET, WIDTH, Drawing, drawing, line, lines, rect, text

RADIUS, SMALLEST = 13, 3
CENTRE, NUMBER = 22, 42  # of a dot, and where its number begins, from the left end of its grade's column
HIGH = 32  # of a row of dots
HIDDEN = "are not shown, because so few graded it"


@dataclass(frozen=True)
class Place:
    """What a sector said of one thing, best grade first, and the place of one's own grade on that scale.

    `counts` is None where they are hidden, `own` where there is no grade; `instead` says what there is,
    such as “said that it does not apply”.
    """

    label: str
    counts: Sequence[int] | None
    own: int | None
    instead: str = "gave no grade"


def dot_plot(
    title: str, grades: Sequence[str], places: Sequence[Place], *, who: str = "You", others: str = "others"
) -> Drawing:
    """A row for each place, its label above its dots, and the grades' names above all."""
    size = WIDTH // len(grades)
    names = [wrapped(grade, size - CENTRE + RADIUS) for grade in grades]
    y = max(len(name) for name in names) * LINE
    body = "".join(
        lines(place * size + CENTRE - RADIUS, y - (len(name) - 1) * LINE - 5, name, fill=QUIET)
        for place, name in enumerate(names)
    )
    y += 10
    for place in places:
        label, notes = wrapped(place.label, WIDTH), _notes(place, who, others)
        body += line(f"M0 {y}H{WIDTH}", GRID) + lines(0, y + 22, label)
        y += len(label) * LINE + 6
        body += lines(0, y + 16, notes, fill=QUIET)
        y += len(notes) * LINE + 4
        if place.counts is not None or place.own is not None:
            body += _row(place, size, y, who)
            y += HIGH + 8
    said = "; ".join(f"{place.label}: {_words(grades, place, who, others)}" for place in places)
    return drawing(f"{title}. {said}", body, height=y, kind="dots")


def _notes(place: Place, who: str, others: str) -> list[str]:
    """What there is instead of dots and frame."""
    missing = [f"{who} {place.instead}."] if place.own is None else []
    if place.counts is None:
        missing.append(f"{sentence_case(others)} {HIDDEN}.")
    return wrapped(" ".join(missing), WIDTH)


def _words(grades: Sequence[str], place: Place, who: str, others: str) -> str:
    own = place.instead if place.own is None else f"said {grades[place.own]}"
    if place.counts is None:
        return f"{who} {own}, {others} {HIDDEN}"
    counted = ", ".join(f"{grade} {count}" for grade, count in zip(grades, place.counts, strict=True))
    return f"{who} {own}, {others} {counted}"


def _row(place: Place, size: int, y: int, who: str) -> str:
    body, counts = "", place.counts or ()
    if place.own is not None:
        body += rect(place.own * size, y, size, HIGH, "#ffffff", INK, 3)
        taken = NUMBER + width_of(str(counts[place.own])) if counts else 0
        if taken + 8 + width_of(who, bold=True) <= size - 8:
            body += text((place.own + 1) * size - 8, y + HIGH // 2 + 6, who, anchor="end", bold=True)
    for grade, count in enumerate(counts):
        body += _dot(grade, count, sum(counts), grade * size, y + HIGH // 2)
    return body


def _dot(grade: int, count: int, total: int, left: int, middle: int) -> str:
    colour = grade_colour(grade)
    number = text(left + NUMBER, middle + 6, str(count), fill=INK if count else QUIET)
    if not count:
        return number
    return (
        f'<circle cx="{left + CENTRE}" cy="{middle}" r="{_radius(count, total)}" fill="{colour.fill}" '
        f'stroke="{colour.edge}" stroke-width="2"/>{number}'
    )


def _radius(count: int, total: int) -> str:
    """An area in proportion to the count; nobody who said something is too small to be seen."""
    tenths = isqrt(100 * RADIUS * RADIUS * count // total)
    return f"{max(tenths / 10, SMALLEST):g}"
