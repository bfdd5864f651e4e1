"""A stacked bar as SVG, with its counts in it; presentation attributes only, for the pages allow no style."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT = 640, 40
NARROWEST, NARROWEST_LABELLED = 2, 26  # a part of one in ten thousand is seen too, with its gap of 1


@dataclass(frozen=True)
class Segment:
    """A part of a bar: its label, how many, and its fill and text colours."""

    label: str
    count: int
    fill: str
    ink: str


def stacked_bar(title: str, segments: Sequence[Segment]) -> Markup:
    """One bar whose parts fill its width in proportion; its words say what the picture says."""
    total = sum(segment.count for segment in segments)
    words = ", ".join(f"{segment.label} {segment.count}" for segment in segments)
    parts = [segment for segment in segments if segment.count]
    drawn, so_far, left = [], 0, 0
    for place, segment in enumerate(parts, start=1):
        so_far += segment.count
        right = max(round(so_far * WIDTH / total), left + NARROWEST)
        right = min(right, WIDTH - (len(parts) - place) * NARROWEST)  # room for those after it
        drawn.append(_part(segment, left, right))
        left = right
    return Markup(  # noqa: S704 - the words are escaped, all else is numbers and our own colours
        f'<svg class="app-bar" role="img" aria-label="{escape(title)}: {escape(words)}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" focusable="false">{"".join(drawn)}</svg>'
    )


def _part(segment: Segment, left: int, right: int) -> str:
    part = f'<rect x="{left}" y="0" width="{right - left - 1}" height="{HEIGHT}" fill="{segment.fill}"/>'
    if right - left < NARROWEST_LABELLED:
        return part
    return part + (
        f'<text x="{(left + right) // 2}" y="26" text-anchor="middle" font-size="17" font-weight="bold" '
        f'fill="{segment.ink}">{segment.count}</text>'
    )
