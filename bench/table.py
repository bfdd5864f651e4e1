"""The one table that is printed."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A ratio that was measured, the most it may be, and the figures behind it."""

    what: str
    ratio: float
    target: float
    unit: str
    measured: str

    @property
    def holds(self) -> bool:
        return self.ratio <= self.target


def printed(rows: Sequence[Row]) -> str:
    """The table as text, the ratios first."""
    cells = [("ratio", "at most", "", "what", "measured")]
    cells += [
        (
            f"{row.ratio:.2f}",
            f"{row.target:.2f} {row.unit}",
            "" if row.holds else "MISSED",
            row.what,
            row.measured,
        )
        for row in rows
    ]
    widths = [max(len(line[place]) for line in cells) for place in range(5)]
    return "\n".join(
        "  ".join(
            [line[0].rjust(widths[0])] + [line[place].ljust(widths[place]) for place in range(1, 5)]
        ).rstrip()
        for line in cells
    )
