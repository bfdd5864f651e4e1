"""A sector in a round beside the earlier rounds: only what means the same, and how much is left out.

An indicator is compared where its key is in both editions, its meaning has not changed since, and the grades
and those of them that are weak are the same. A standard is compared where all of its indicators are: what is
kept of a return at sign-off is the standard as a whole, so that a share over a part of its indicators would
be a number that nobody was ever shown, and another one each year.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from sqlalchemy.orm import Session

from compact.cycles import store as cycle_store
from compact.cycles.store import CycleRow
from compact.questionnaire.values import Edition
from compact.returns.moves import means_the_same
from compact.returns.rules import NOT_APPLICABLE

from .counting import GradeCount, StandardCount, grade_counts_by_cycle, standard_counts_by_cycle
from .cuts import WHOLE, Cut, Part, Response, response_of
from .decisions import About
from .findings import StandardFinding
from .responses import parts_of
from .rules import is_flagged, share


@dataclass(frozen=True)
class Counts:
    """How many organisations graded something, and how many of them weak."""

    graded: int = 0
    weak: int = 0

    @property
    def share(self) -> Decimal | None:
        return share(self.weak, self.graded)


@dataclass(frozen=True)
class Round:
    """A round with its questionnaires."""

    cycle: CycleRow
    edition: Edition


@dataclass(frozen=True)
class RoundCounts:
    """What was counted of a sector in a round. `indicators` is None where only its standards were counted."""

    of: Round
    response: Response
    standards: Mapping[int, Counts]
    indicators: Mapping[str, Counts] | None = None


@dataclass(frozen=True)
class IndicatorTrend:
    """An indicator that means the same in both rounds."""

    key: str
    standard: int
    asked: str
    then: Counts
    now: Counts


@dataclass(frozen=True)
class StandardTrend:
    """A standard whose indicators all mean the same in both rounds; flagged by each round's own threshold."""

    number: int
    title: str
    then: Counts
    now: Counts
    flagged_then: bool
    flagged_now: bool


@dataclass(frozen=True)
class Trend:
    """A sector beside one earlier round.

    `left_out` counts the indicators of either round that are not compared, `standards_left_out` the
    standards. `brought_in`: whatever is known of that round was brought in from elsewhere.
    """

    cycle_id: int
    cycle: str
    opens: date
    response: Response
    standards: tuple[StandardTrend, ...]
    standards_left_out: int
    indicators: tuple[IndicatorTrend, ...]
    left_out: int

    @property
    def brought_in(self) -> bool:
        return self.response.all_brought_in

    @property
    def by_standard(self) -> Mapping[int, StandardTrend]:
        return {each.number: each for each in self.standards}

    @property
    def by_key(self) -> Mapping[str, IndicatorTrend]:
        return {each.key: each for each in self.indicators}


def comparable_keys(sector: str, now: Edition, then: Edition) -> tuple[str, ...]:
    """The indicators of a sector that can be compared in two editions, in the order asked now."""
    if (
        sector not in now.questionnaires
        or sector not in then.questionnaires
        or not same_scale(now.scale.grades, then.scale.grades)
    ):
        return ()
    before = then.questionnaires[sector].by_key
    return tuple(
        each.key
        for each in now.questionnaires[sector].indicators
        if each.key in before and means_the_same(each, then.name)
    )


def left_out(sector: str, now: Edition, then: Edition) -> int:
    """How many indicators of either edition are not compared."""
    keys = {key for each in (now, then) if sector in each.questionnaires for key in _keys(each, sector)}
    return len(keys) - len(comparable_keys(sector, now, then))


def can_compare(about: About, now: Edition, then: Edition) -> bool:
    """Whether a standard's share means the same in two editions: the same questions to the sector, none of
    another meaning, on the same scale with the same weak steps.
    """
    if about.sector not in then.questionnaires or not same_scale(now.scale.grades, then.scale.grades):
        return False
    asked_now, asked_then = (
        each.questionnaires[about.sector].by_standard[about.standard] for each in (now, then)
    )
    return {each.key for each in asked_now} == {each.key for each in asked_then} and all(
        means_the_same(each, then.name) for each in asked_now
    )


def trend_of(sector: str, now: RoundCounts, then: RoundCounts) -> Trend:
    """A sector's round beside an earlier one, on values alone."""
    editions = now.of.edition, then.of.edition
    asked = [
        number for number in now.of.edition.standards if any(_asks(each, sector, number) for each in editions)
    ]
    compared = [each for each in asked if can_compare(About(sector, each), *editions)]
    return Trend(
        then.of.cycle.id,
        then.of.cycle.name,
        then.of.cycle.opens,
        then.response,
        tuple(_standard(number, now, then) for number in compared),
        len(asked) - len(compared),
        _indicators(sector, now, then),
        left_out(sector, *editions),
    )


def earlier_rounds(session: Session, cycle: CycleRow, partnership: int, sector: str) -> list[CycleRow]:
    """The partnership's rounds that opened before this one and asked the sector, the newest first."""
    rounds = cycle_store.cycles_of_partnerships(session, [partnership])
    return [each for each in rounds if each.opens < cycle.opens and sector in each.settings]


def trends(
    session: Session,
    this: Round,
    earlier: Sequence[Round],
    partnership: int | None,
    sector: str,
    cut: Cut = WHOLE,
) -> tuple[Trend, ...]:
    """A sector beside each of these earlier rounds, indicator by indicator; three counts in all."""
    rounds = [this, *earlier]
    ids = [each.cycle.id for each in rounds]
    grades = grade_counts_by_cycle(session, ids, partnership, sector, cut)
    standards = standard_counts_by_cycle(session, ids, partnership, sector, cut)
    parts = parts_of(session, ids, partnership, sector)
    now, *before = (
        round_counts(each, sector, standards[each.cycle.id], parts, cut, grades[each.cycle.id])
        for each in rounds
    )
    return tuple(trend_of(sector, now, each) for each in before)


def round_counts(
    of: Round,
    sector: str,
    standards: Iterable[StandardCount | StandardFinding],
    parts: Iterable[Part],
    cut: Cut = WHOLE,
    grades: Iterable[GradeCount] | None = None,
) -> RoundCounts:
    """What was counted of a sector in a round, as values that can be compared."""
    return RoundCounts(
        of,
        response_of(parts, of.cycle.id, sector, cut),
        {each.standard: Counts(each.graded, each.weak) for each in standards if each.sector == sector},
        None if grades is None else indicator_counts(grades, sector, of.edition),
    )


def indicator_counts(grades: Iterable[GradeCount], sector: str, edition: Edition) -> Mapping[str, Counts]:
    """Graded and weak by indicator."""
    found: dict[str, Counts] = {}
    for each in grades:
        if each.sector == sector and each.grade != NOT_APPLICABLE:
            so_far, weak = found.get(each.key, Counts()), each.grade in edition.scale.weak_keys
            found[each.key] = Counts(
                so_far.graded + each.organisations, so_far.weak + weak * each.organisations
            )
    return found


class Step(Protocol):
    """A step of a scale, as an edition or a published number has it."""

    @property
    def key(self) -> str: ...

    @property
    def weak(self) -> bool: ...


def same_scale(now: Sequence[Step], then: Sequence[Step]) -> bool:
    """Whether two scales have the same steps in the same order, the same of them weak."""
    return [(each.key, each.weak) for each in now] == [(each.key, each.weak) for each in then]


def _keys(edition: Edition, sector: str) -> Iterable[str]:
    return edition.questionnaires[sector].by_key


def _asks(edition: Edition, sector: str, standard: int) -> bool:
    return sector in edition.questionnaires and bool(edition.questionnaires[sector].by_standard.get(standard))


def _standard(number: int, now: RoundCounts, then: RoundCounts) -> StandardTrend:
    counts_then, counts_now = (each.standards.get(number, Counts()) for each in (then, now))
    return StandardTrend(
        number,
        now.of.edition.standards[number].title,
        counts_then,
        counts_now,
        is_flagged(counts_then.weak, counts_then.graded, then.of.cycle.threshold),
        is_flagged(counts_now.weak, counts_now.graded, now.of.cycle.threshold),
    )


def _indicators(sector: str, now: RoundCounts, then: RoundCounts) -> tuple[IndicatorTrend, ...]:
    if now.indicators is None or then.indicators is None:
        return ()
    asked = now.of.edition.questionnaires[sector].by_key
    return tuple(
        IndicatorTrend(
            key,
            asked[key].standard,
            asked[key].asked,
            then.indicators.get(key, Counts()),
            now.indicators.get(key, Counts()),
        )
        for key in comparable_keys(sector, now.of.edition, then.of.edition)
    )
