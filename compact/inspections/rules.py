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


SAFEGUARDING = "Safeguarding"
# What is weak in the inspectorate's words. “Not judged” and 9 (not applicable) say nothing.
WEAK = frozenset({"3", "4", "Needs attention", "Urgent improvement"})
NOT_EFFECTIVE = frozenset({"No", "Not met"})
SAID_IN_FULL: Mapping[str, str] = {
    "3": "Requires improvement (3)",
    "4": "Inadequate (4)",
    "No": "Not effective",
}
# The standards that an area speaks of, by Ofsted's school inspection handbook and toolkit: leadership
# answers for commitment and accountability; behaviour takes in bullying and abuse between children;
# attendance is asked about with early help. The safeguarding line is about all that keeps children safe.
# Teaching, achievement, personal development, inclusion and the provision for an age are about more than any
# standard, and an overall grade is about no one of them: nothing follows from those here.
SPEAKS_OF: Mapping[str, tuple[int, ...]] = {
    SAFEGUARDING: (1, 2, 3, 4, 5, 6, 7, 8, 9),
    "Leadership and management": (1, 3),
    "Leadership and governance": (1, 3),
    "Behaviour and attitudes": (4,),
    "Attendance and behaviour": (4, 8),
}


class Doubt(NamedTuple):
    """What an inspection found weak, in its own words, and the standards that this speaks of."""

    area: str
    said: str
    standards: tuple[int, ...]


class Result(NamedTuple):
    """How many indicators of a standard a return graded, and how many of them weak."""

    graded: int
    weak: int


def in_words(doubt: Doubt) -> str:
    """A doubt as people read it; Ofsted's files say a grade by its number, and safeguarding by no."""
    return f"“{doubt.area}: {SAID_IN_FULL.get(doubt.said, doubt.said)}”"


def doubts(safeguarding: str | None, judgements: Sequence[Judgement]) -> tuple[Doubt, ...]:
    """What an inspection found weak and some standard is about; the safeguarding line first."""
    found = [Judgement(SAFEGUARDING, safeguarding)] if safeguarding in NOT_EFFECTIVE and safeguarding else []
    found += [each for each in judgements if each.said in WEAK and each.area in SPEAKS_OF]
    return tuple(Doubt(*each, SPEAKS_OF[each.area]) for each in found)


def more_hopeful(found: Sequence[Doubt], results: Mapping[int, Result]) -> tuple[Doubt, ...]:
    """The doubts that a return does not share: of the standards that they speak of it graded something, and
    nothing weak.

    One weak grade in any of those standards is enough for the two to agree: an area of an inspection is wider
    than a standard, and it does not say which of them it means. So this finds the plain cases and misses
    others; it is a reason to talk, and no proof that anybody graded wrongly, for a school may have changed
    between signing and inspection. The rule is ours; no inspectorate publishes one.
    """
    return tuple(
        each for each in found if _nothing_weak([results[s] for s in each.standards if s in results])
    )


def _nothing_weak(results: Sequence[Result]) -> bool:
    return any(each.graded for each in results) and not any(each.weak for each in results)


def came_after(inspected: date, signed: date) -> bool:
    """Whether an inspection began after the local day of signing; on the same day nobody knows."""
    return inspected > signed
