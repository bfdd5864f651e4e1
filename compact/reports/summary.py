"""A sector's learning summary as values: what may be shown outside the partnership's desk, no more.

The values are kept as they were published, as JSON: a new field has a default, so that old ones are read.
"""

from collections.abc import Mapping
from fractions import Fraction

from pydantic import BaseModel, ConfigDict


class SummaryValue(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Counts(SummaryValue):
    """Counts of a row that is shown. `grades` are organisations by grade; `share` is in percent."""

    graded: int
    weak: int
    share: str
    grades: dict[str, int]
    one_alone_flags: bool


class IndicatorRow(SummaryValue):
    """An indicator; `counts` is None where it is hidden."""

    key: str
    asked: str
    counts: Counts | None
    flagged: bool


class Advice(SummaryValue):
    """What helps with a flagged indicator. `note` is the officers' own, `practice` what one setting does."""

    key: str
    asked: str
    text: str
    good: tuple[str, ...]
    advice: tuple[str, ...]
    example: str
    basis: tuple[str, ...]
    note: str = ""
    practice: str = ""


class StandardRow(SummaryValue):
    """A standard with its indicators, counted over those that are shown; `counts` is None where none is."""

    number: int
    title: str
    counts: Counts | None
    flagged: bool
    indicators: tuple[IndicatorRow, ...]

    @property
    def hidden(self) -> int:
        """How many of its indicators are hidden."""
        return sum(row.counts is None for row in self.indicators)


class GradeLabel(SummaryValue):
    key: str
    label: str
    weak: bool


class PhaseRow(SummaryValue):
    """The standards of the schools of one phase, by number: organisations that graded any, and weak ones."""

    phase: str
    standards: dict[int, tuple[int, int]]


class ThenRow(SummaryValue):
    """An indicator or a standard (its number as `key`) in an earlier round and in this one, over the same
    indicators of the same meaning, shown in both."""

    key: str
    graded_then: int
    weak_then: int
    graded_now: int
    weak_now: int


class Earlier(SummaryValue):
    """An earlier round beside this one. `left_out` of the indicators shown now are not compared with it, for
    they were not asked, meant something else or are hidden there; `hidden` is what was hidden in it."""

    cycle_id: int
    cycle: str
    brought_in: bool
    left_out: int
    indicators: tuple[ThenRow, ...]
    standards: tuple[ThenRow, ...]
    hidden: tuple[str, ...]


class Inspected(SummaryValue):
    """Returns of the sector that an inspection looked at after they were signed, and those more hopeful."""

    returns: int
    hopeful: int


class Summary(SummaryValue):
    """The published values of a learning summary.

    `earlier` are the rounds before, the newest first. `inspected` is None where it is hidden or nothing was
    inspected. `hidden` is what this number hides, so that later numbers hide it too. `opening` are the five
    sentences at the top and `actions` what the partnership will do, in its own words.
    """

    cycle: str
    edition: str
    partnership: str
    sector: str
    sector_title: str
    threshold: int
    due: int
    received: int
    imported: int
    scale: tuple[GradeLabel, ...]
    standards: tuple[StandardRow, ...]
    advice: tuple[Advice, ...]
    phases: tuple[PhaseRow, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    inspected: Inspected | None = None
    hidden: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    actions: str = ""

    @property
    def rate(self) -> str:
        """Received of due in percent, as people write it."""
        return f"{self.received * 100 / self.due:.0f}%" if self.due else "none due"

    @property
    def rows(self) -> Mapping[str, IndicatorRow]:
        return {row.key: row for standard in self.standards for row in standard.indicators}

    @property
    def hides(self) -> frozenset[str]:
        """The keys of what is hidden; an old summary names none, but its rows without counts are hidden."""
        return frozenset([*self.hidden, *(key for key, row in self.rows.items() if row.counts is None)])

    @property
    def shown_by_share(self) -> tuple[StandardRow, ...]:
        """The standards that are shown, the highest share first, ties in their own order."""
        shown = [each for each in self.standards if each.counts]
        return tuple(sorted(shown, key=lambda each: (-_fraction(each.counts), each.number)))


def _fraction(counts: Counts | None) -> Fraction:
    return Fraction(counts.weak, counts.graded) if counts else Fraction(-1)
