"""Slopes for change: one line for each standard, from what was found then to what is found now.

    slopes("Change", ["Autumn 2024", "Autumn 2026"],
           [Track("4", "4. Service development", [Share(6, 60), Share(10, 60)])])

A line begins with its mark and its share and ends with its share and its label. Those that rose by most are
drawn thick and dark, their words bold. What has no share in the last round and in one before is not drawn,
and said to be left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .letters import LINE, width_of, wrapped
from .svg import EDGE, GRID, INK, QUIET, WIDTH, Drawing, Share, drawing, line, lines, text

LEADER = 20  # how wide the lines to the labels are
_TWO, _MORE = 120, 80  # how far two rounds, and more of them, are apart
_LEAST_LABELS = 210
_PERCENT = width_of(">99%", bold=True)  # the widest there is
_LEAST_HIGH, _BETWEEN = 200, 4
_RISEN = "#8f1f3c"
_TOPS = (5, 10, 20, 30, 40, 50, 60, 80, 100)  # percent at the upper end of the scale


@dataclass(frozen=True)
class Track:
    """A standard's shares round by round, None where there is none to compare; its mark is short."""

    mark: str
    label: str
    shares: Sequence[Share | None]

    @property
    def known(self) -> list[tuple[int, Share]]:
        return [(place, share) for place, share in enumerate(self.shares) if share is not None]

    @property
    def is_drawn(self) -> bool:
        return bool(self.shares) and self.shares[-1] is not None and len(self.known) > 1

    @property
    def rise(self) -> Fraction:
        """From the first share that is known to the last."""
        return self.known[-1][1].exact - self.known[0][1].exact


@dataclass(frozen=True)
class _Scale:
    """Where rounds and shares stand."""

    top: int
    bottom: int
    most: int
    left: int
    apart: int
    labels: int

    def x(self, place: int) -> int:
        return self.left + place * self.apart

    def y(self, share: Share) -> int:
        high = self.bottom - self.top
        return self.bottom - round(Fraction(share.weak * 100 * high, share.graded * self.most))


def slopes(title: str, rounds: Sequence[str], tracks: Sequence[Track], *, emphasised: int = 3) -> Drawing:
    """Lines over two or more rounds; at most so many that rose are emphasised."""
    shown = [track for track in tracks if track.is_drawn]
    risen = most_risen(shown, emphasised)
    left = max((width_of(track.mark, bold=True) for track in tracks), default=0) + 6 + _PERCENT + LEADER
    apart = _TWO if len(rounds) == 2 else _MORE
    labels = max(WIDTH - left - apart * (len(rounds) - 1) - LEADER, _LEAST_LABELS)
    names = [wrapped(name, apart - 4) for name in rounds]
    top = max(len(name) for name in names) * LINE + 16
    needed = sum(len(_label(track, track in risen, labels)) * LINE + _BETWEEN for track in shown)
    greatest = max((share.exact for track in shown for _, share in track.known), default=Fraction(0))
    most = next((each for each in _TOPS if greatest * 100 <= each), 100)
    scale = _Scale(top, top + max(needed, _LEAST_HIGH), most, left, apart, labels)
    last = len(rounds) - 1
    width = scale.x(last) + LEADER + labels
    body = "".join(
        lines(scale.x(place), LINE - 5, name, anchor="middle")
        + line(f"M{scale.x(place)} {top - 8}V{scale.bottom + 8}", GRID)
        for place, name in enumerate(names)
    )
    calm_first = sorted(shown, key=lambda track: track in risen)
    body += "".join(_drawn(track, scale, track in risen) for track in calm_first)
    body += _starts(shown, risen, scale) + _ends(shown, risen, scale, last)
    left_out, y = _left_out(tracks, scale.bottom + 22, width)
    said = f"{title}. {_words(rounds, tracks)}"
    return drawing(said, body + left_out, width=width, height=y, kind="slopes")


def most_risen(tracks: Sequence[Track], most: int) -> list[Track]:
    """Those whose share rose by most, compared exactly; of equal ones the earlier in the list."""
    rising = [track for track in tracks if track.is_drawn and track.rise > 0]
    return sorted(rising, key=lambda track: -track.rise)[:most]


def spread(wanted: Sequence[tuple[int, int]], top: int, bottom: int) -> list[int]:
    """Upper ends for labels of these (upper end, height), in their order: none covers another, each is as
    near to where it should be as the others let it be, and all are between top and bottom where they fit."""
    groups: list[tuple[list[int], int]] = []  # the upper ends that its labels want of it; its height
    starts: list[int] = []
    for wish, height in wanted:
        wishes, tall = [wish], height
        start = _between(wishes, tall, top, bottom)
        while groups and starts[-1] + groups[-1][1] > start:
            before, above = groups.pop()
            starts.pop()
            wishes, tall = before + [wish - above for wish in wishes], above + tall
            start = _between(wishes, tall, top, bottom)
        groups.append((wishes, tall))
        starts.append(start)
    return _upper_ends(groups, starts, wanted)


def _between(wishes: list[int], tall: int, top: int, bottom: int) -> int:
    return max(min(sum(wishes) // len(wishes), bottom - tall), top)


def _upper_ends(
    groups: list[tuple[list[int], int]], starts: list[int], wanted: Sequence[tuple[int, int]]
) -> list[int]:
    ends, heights = [], iter(height for _, height in wanted)
    for (wishes, _), start in zip(groups, starts, strict=True):
        y = start
        for _ in wishes:
            ends.append(y)
            y += next(heights)
    return ends


def _words(rounds: Sequence[str], tracks: Sequence[Track]) -> str:
    return "; ".join(
        f"{track.label}: {_change(rounds, track)}" if track.is_drawn else f"{track.label}: left out"
        for track in tracks
    )


def _change(rounds: Sequence[str], track: Track) -> str:
    how = "rose" if track.rise > 0 else "fell" if track.rise < 0 else "stayed the same"
    steps = [f"{rounds[place]} {share.words} ({share.percent()})" for place, share in track.known]
    return f"{how}, {', '.join(steps)}"


def _label(track: Track, bold: bool, room: int) -> list[str]:
    return wrapped(track.label, room - _PERCENT - 10, bold=bold)


def _drawn(track: Track, scale: _Scale, is_risen: bool) -> str:
    """The line, broken where a round between has no share, and a dot for each share."""
    stroke, width, radius = (_RISEN, 4, 6) if is_risen else (EDGE, 2, 4)
    path, before = "", -2
    for place, share in track.known:
        path += f"{'L' if place == before + 1 else 'M'}{scale.x(place)} {scale.y(share)}"
        before = place
    dots = "".join(
        f'<circle cx="{scale.x(place)}" cy="{scale.y(share)}" r="{radius}" fill="{stroke}"/>'
        for place, share in track.known
    )
    return line(path, stroke, width) + dots


def _starts(shown: Sequence[Track], risen: list[Track], scale: _Scale) -> str:
    first = [track for track in shown if track.shares[0] is not None]
    placed = sorted(first, key=lambda track: (scale.y(track.known[0][1]), -track.rise))
    points = [scale.y(track.known[0][1]) for track in placed]
    ends = spread([(point - LINE // 2, LINE) for point in points], scale.top - 10, scale.bottom + 10)
    body = ""
    for track, point, y in zip(placed, points, ends, strict=True):
        bold, middle = track in risen, y + LINE // 2
        said = track.known[0][1].percent()
        x = scale.left - LEADER - 2
        body += line(f"M{scale.left - 8} {point}L{x + 4} {middle}", GRID)
        body += text(x, y + 16, said, anchor="end", bold=bold)
        body += text(0, y + 16, track.mark, bold=bold, fill=INK if bold else QUIET)
    return body


def _ends(shown: Sequence[Track], risen: list[Track], scale: _Scale, last: int) -> str:
    placed = sorted(shown, key=lambda track: (scale.y(track.known[-1][1]), -track.rise))
    points = [scale.y(track.known[-1][1]) for track in placed]
    labels = [_label(track, track in risen, scale.labels) for track in placed]
    wanted = [
        (point - LINE // 2, len(label) * LINE + _BETWEEN) for point, label in zip(points, labels, strict=True)
    ]
    body, x = "", scale.x(last) + LEADER
    ends = spread(wanted, scale.top - 10, scale.bottom + 10)
    for track, point, label, y in zip(placed, points, labels, ends, strict=True):
        bold = track in risen
        # A leader ends at the first line of its label, where the share stands.
        body += line(f"M{scale.x(last) + 8} {point}L{x - 4} {y + LINE // 2}", GRID)
        body += text(x + _PERCENT, y + 16, track.known[-1][1].percent(), anchor="end", bold=bold)
        body += lines(x + _PERCENT + 10, y + 16, label, bold=bold)
    return body


def _left_out(tracks: Sequence[Track], y: int, width: int) -> tuple[str, int]:
    names = [track.label for track in tracks if not track.is_drawn]
    if not names:
        return "", y
    said = wrapped(f"Left out, with nothing to compare: {'; '.join(names)}", width)
    return lines(0, y + 16, said, fill=QUIET), y + len(said) * LINE + 6
