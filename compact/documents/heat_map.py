"""A heat map: shares by rows and columns, each written in its cell.

    heat_map("Standards by sector", ["Schools", "Early years"],
             [Row("1. Leadership", [Cell(Share(4, 60), flagged=False), HIDDEN])], threshold=9)

How dark a cell is hangs on its exact share. A flagged cell has a thick edge and a corner besides, and bold
letters; a hidden one is hatched, and nothing in it depends on its counts. What the marks mean stands below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from .letters import LINE, width_of, wrapped
from .svg import EDGE, INK, QUIET, WIDTH, Drawing, Share, drawing, hatching, lines, rect, text

GAP, LEAST_CELL, LEAST_LABEL, MOST_CELL = 4, 60, 180, 110
_MARK = 11  # how long the sides of a flagged cell's corner are
_SAMPLE = (28, 21)  # of a mark beside what it means
_HATCHING = "#c3cbce"
# Fill and ink by how many times the threshold a share is at most: the darker, the more there is to do.
_FILLS = (
    (Fraction(0), "#ffffff", INK),
    (Fraction(1, 2), "#e6f1ee", INK),
    (Fraction(1), "#bfdcd4", INK),
    (Fraction(2), "#f2b84b", INK),
    (Fraction(4), "#d9822b", INK),
)
_MOST = ("#8f1f3c", "#ffffff")


@dataclass(frozen=True)
class Cell:
    """A share, and whether it is flagged: that is decided before."""

    share: Share
    flagged: bool


@dataclass(frozen=True)
class Blank:
    """A cell without a share: what stands in it, what that means, and whether something is kept back."""

    shown: str
    words: str
    hatched: bool = False


HIDDEN = Blank("hidden", "hidden, because so few graded it", hatched=True)
NOT_GRADED = Blank("–", "graded by nobody")
NOT_ASKED = Blank("", "not asked")


@dataclass(frozen=True)
class Row:
    label: str
    cells: Sequence[Cell | Blank]


def heat_map(title: str, columns: Sequence[str], rows: Sequence[Row], *, threshold: int) -> Drawing:
    """Rows of as many cells as there are columns; above `threshold`, in percent, a share is flagged."""
    size = min(max(LEAST_CELL, (WIDTH - LEAST_LABEL) // max(len(columns), 1)), MOST_CELL)
    width = max(WIDTH, LEAST_LABEL + size * len(columns))
    label_width = width - size * len(columns)
    body, y = _headings(columns, label_width, size)
    for row in rows:
        label = wrapped(row.label, label_width - 12)
        height = max(len(label) * LINE + 8, 38)
        body += lines(0, y + (height - len(label) * LINE) // 2 + 16, label)
        for place, cell in enumerate(row.cells):
            body += _cell(cell, label_width + place * size, y, size - GAP, height, threshold)
        y += height + GAP
    legend, y = _legend(rows, y + 12, width, threshold)
    said = "; ".join(f"{row.label}: {_words(columns, row, threshold)}" for row in rows)
    return drawing(f"{title}. {said}", body + legend, width=width, height=y, kind="heat")


def _words(columns: Sequence[str], row: Row, threshold: int) -> str:
    said = []
    for column, cell in zip(columns, row.cells, strict=True):
        if isinstance(cell, Blank):
            said.append(f"{column} {cell.words}")
        else:
            flag = ", flagged" if cell.flagged else ""
            said.append(f"{column} {cell.share.words} ({cell.share.percent(threshold)}{flag})")
    return ", ".join(said)


def _headings(columns: Sequence[str], left: int, size: int) -> tuple[str, int]:
    """The columns' names above them, turned where their words are wider than a cell."""
    room = size - GAP
    if all(width_of(word) <= room for name in columns for word in name.split()):
        names = [wrapped(name, room) for name in columns]
        height = max((len(name) for name in names), default=0) * LINE
        body = "".join(
            lines(left + place * size + room // 2, height - (len(name) - 1) * LINE - 6, name, anchor="middle")
            for place, name in enumerate(names)
        )
        return body, height + 4
    turned = [_turned(name, room) for name in columns]
    height = max(width_of(line) for name in turned for line in name) + 4
    body = ""
    for place, name in enumerate(turned):
        first = left + place * size + (room - len(name) * LINE) // 2 + 16
        body += "".join(
            text(first + at * LINE, height - 2, line, turned=True) for at, line in enumerate(name)
        )
    return body, height + 6


def _turned(name: str, room: int) -> list[str]:
    """The name in as many lines as there is room for, and no longer than it must be."""
    for most in count(60, 20):
        found = wrapped(name, most)
        if len(found) * LINE <= room and " ".join(found) == " ".join(name.split()):
            return found
    raise AssertionError  # a line that is long enough takes any name


def _cell(cell: Cell | Blank, x: int, y: int, width: int, height: int, threshold: int) -> str:
    middle, base = x + width // 2, y + height // 2 + 6
    if isinstance(cell, Blank):
        return _blank(cell, x, y, width, height)
    fill, ink = _fill(cell.share, threshold)
    shown = text(middle, base, cell.share.percent(threshold), anchor="middle", bold=cell.flagged, fill=ink)
    if not cell.flagged:
        return rect(x, y, width, height, fill, EDGE) + shown
    return rect(x, y, width, height, fill, INK, 3) + _corner(x + width, y) + shown


def _blank(cell: Blank, x: int, y: int, width: int, height: int) -> str:
    middle, wide = x + width // 2, width_of(cell.shown) + 2
    body = rect(x, y, width, height, "#ffffff", EDGE)
    if cell.hatched:
        body += hatching(x + 1, y + 1, width - 2, height - 2, _HATCHING, 6)
        body += rect(middle - wide // 2, y + height // 2 - 11, wide, 22, "#ffffff")
    if cell.shown:
        body += text(middle, y + height // 2 + 6, cell.shown, anchor="middle", fill=QUIET)
    return body


def _fill(share: Share, threshold: int) -> tuple[str, str]:
    for times, fill, ink in _FILLS:
        if share.exact * 100 <= times * threshold:
            return fill, ink
    return _MOST


def _corner(right: int, top: int) -> str:
    return f'<path d="M{right - _MARK} {top}H{right}V{top + _MARK}Z" fill="{INK}"/>'


def _legend(rows: Sequence[Row], y: int, width: int, threshold: int) -> tuple[str, int]:
    """What the marks mean that are there, each on a line."""
    cells = [cell for row in rows for cell in row.cells]
    body = ""
    if any(isinstance(cell, Cell) and cell.flagged for cell in cells):
        body += rect(0, y, *_SAMPLE, "#ffffff", INK, 3) + _corner(_SAMPLE[0], y)
        body += text(_SAMPLE[0] + 10, y + 16, f"flagged: more than {threshold}%")
        y += LINE + 7
    for blank in dict.fromkeys(cell for cell in cells if isinstance(cell, Blank)):
        said = wrapped(blank.words, width - _SAMPLE[0] - 10)
        body += _blank(Blank("" if blank.hatched else blank.shown, ""), 0, y, *_SAMPLE)
        body += hatching(1, y + 1, _SAMPLE[0] - 2, _SAMPLE[1] - 2, _HATCHING, 6) if blank.hatched else ""
        body += lines(_SAMPLE[0] + 10, y + 16, said)
        y += len(said) * LINE + 7
    return body, y
