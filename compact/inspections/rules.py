"""What inspections say, and what an import does to those that are known: values in, values out.

A source's mapping file (ofsted_schools.py) turns rows into readings; `plan` holds them against what is known.
No grade is ever computed from others: each is kept as it was said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

REPORT_CARD, WITHOUT_OVERALL, GRADED = "report_card", "graded_without_overall", "graded"
FRAMEWORKS: Mapping[str, str] = {
    REPORT_CARD: "Report card",
    WITHOUT_OVERALL: "Graded inspection without an overall grade",
    GRADED: "Graded inspection with an overall grade",
}


class Judgement(NamedTuple):
    area: str
    said: str


@dataclass(frozen=True)
class Inspection:
    """One inspection as its source has it; `on` is its first day, judgements in the source's order."""

    framework: str
    on: date
    published_on: date | None
    safeguarding: str | None
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True)
class Listed:
    """The inspections of an organisation that a row holds: none, one, or the latest of each kind."""

    line: int
    identifier: str
    inspections: tuple[Inspection, ...]


@dataclass(frozen=True)
class Reading:
    """What a file says: rows of known organisations, and how many rows are of others.

    `undated` counts rows whose judgements have no day, so that nothing can be said of what came before them.
    """

    listed: Sequence[Listed]
    elsewhere: int
    undated: int


class Kept(NamedTuple):
    """An inspection to be written: a new one, or in place of the known one with this id."""

    organisation_id: int
    inspection: Inspection
    instead_of: int | None


class Known(NamedTuple):
    id: int
    inspection: Inspection


@dataclass(frozen=True)
class Plan:
    """What one import does; every row of the file is in one of the counts."""

    kept: Sequence[Kept]
    added: int
    changed: int
    unchanged: int
    left_out: int

    @property
    def counts(self) -> str:
        """The last line of an import. Nothing is ever refused alone: one mistake refuses the file."""
        return (
            f"added {self.added}, changed {self.changed}, unchanged {self.unchanged}, "
            f"left out {self.left_out}, refused 0"
        )


def plan(
    reading: Reading, organisations: Mapping[str, int], known: Mapping[int, Mapping[date, Known]]
) -> Plan:
    """What a file does. `organisations` are ids by identifier, `known` their inspections by day.

    A row that holds an inspection which was not known adds; one that only says something else of a known one
    changes it. An inspection that a file does not hold any more stays: it has happened. A file that is older
    than what is known never takes its place: not another inspection's, for each stands under its own day,
    and not the same one's, for the report that was published later counts.
    """
    kept: list[Kept] = []
    added = changed = unchanged = 0
    left_out = reading.elsewhere
    for row in reading.listed:
        organisation = organisations[row.identifier]
        there = known.get(organisation, {})
        new = [each for each in row.inspections if each.on not in there]
        corrected = [each for each in row.inspections if _corrects(each, there.get(each.on))]
        kept += [Kept(organisation, each, None) for each in new]
        kept += [Kept(organisation, each, there[each.on].id) for each in corrected]
        if new:
            added += 1
        elif corrected:
            changed += 1
        elif row.inspections:
            unchanged += 1
        else:
            left_out += 1
    return Plan(kept, added, changed, unchanged, left_out)


def _corrects(listed: Inspection, known: Known | None) -> bool:
    """Whether a file says something else of a known inspection, and not by an older report."""
    if known is None or listed == known.inspection:
        return False
    return (listed.published_on or date.min) >= (known.inspection.published_on or date.min)
