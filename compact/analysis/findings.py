"""Counts -> findings: shares and flags for every standard and indicator, in questionnaire order."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from compact.cycles.store import CycleRow
from compact.questionnaire.values import Edition, Indicator, Questionnaire
from compact.returns.rules import NOT_APPLICABLE

from .counting import GradeCount, StandardCount, counts
from .cuts import WHOLE, Cut, Response
from .responses import response_by_sector
from .rules import is_flagged, one_alone_flags, share


@dataclass(frozen=True)
class IndicatorFinding:
    """What a sector said of one indicator. `grades` counts organisations by grade, best first."""

    sector: str
    standard: int
    indicator: Indicator
    grades: Mapping[str, int]
    not_applicable: int
    weak: int
    threshold: int

    @property
    def graded(self) -> int:
        return sum(self.grades.values())

    @property
    def share(self) -> Decimal | None:
        return share(self.weak, self.graded)

    @property
    def is_flagged(self) -> bool:
        return is_flagged(self.weak, self.graded, self.threshold)

    @property
    def one_alone_flags(self) -> bool:
        return one_alone_flags(self.graded, self.threshold)


@dataclass(frozen=True)
class StandardFinding:
    """What a sector said of one standard, with the indicators that carry its share, the highest first."""

    sector: str
    standard: int
    title: str
    graded: int
    weak: int
    threshold: int
    carried_by: tuple[IndicatorFinding, ...]

    @property
    def share(self) -> Decimal | None:
        return share(self.weak, self.graded)

    @property
    def is_flagged(self) -> bool:
        return is_flagged(self.weak, self.graded, self.threshold)

    @property
    def one_alone_flags(self) -> bool:
        return one_alone_flags(self.graded, self.threshold)


@dataclass(frozen=True)
class StandardGrades:
    """How often a sector gave each grade in a standard, its indicators taken together."""

    standard: int
    title: str
    grades: Mapping[str, int]
    not_applicable: int

    @property
    def graded(self) -> int:
        return sum(self.grades.values())


@dataclass(frozen=True)
class SectorFindings:
    """All findings of a sector in a cycle, in questionnaire order."""

    sector: str
    title: str
    threshold: int
    response: Response
    standards: tuple[StandardFinding, ...]
    indicators: tuple[IndicatorFinding, ...]

    @property
    def flagged(self) -> tuple[IndicatorFinding, ...]:
        return tuple(each for each in self.indicators if each.is_flagged)

    @property
    def flagged_by_share(self) -> tuple[IndicatorFinding, ...]:
        """The flagged ones, the highest share first, ties in their own order."""
        return tuple(sorted(self.flagged, key=lambda each: -(each.share or Decimal(0))))

    @property
    def graded_by_standard(self) -> tuple[StandardGrades, ...]:
        """All grades of each standard's indicators together."""
        return tuple(_grades_of(each, self.indicators) for each in self.standards)

    @property
    def standards_by_share(self) -> tuple[StandardFinding, ...]:
        """The standards as the officer reads them: the highest share first, ties in their own order."""
        return tuple(sorted(self.standards, key=lambda each: (-(each.share or Decimal(-1)), each.standard)))


def find(
    session: Session,
    cycle: CycleRow,
    edition: Edition,
    *,
    partnership: int | None = None,
    sector: str | None = None,
    threshold: int | None = None,
    cut: Cut = WHOLE,
) -> tuple[SectorFindings, ...]:
    """The findings of a cycle by sector, all sectors that it asks or only one; of a cut of them."""
    return findings_of(
        cycle,
        edition,
        *counts(session, cycle.id, partnership, sector, cut),
        response_by_sector(session, cycle, partnership, cut),
        sector=sector,
        threshold=threshold,
    )


def findings_of(
    cycle: CycleRow,
    edition: Edition,
    grades: Iterable[GradeCount],
    standards: Iterable[StandardCount],
    responses: Mapping[str, Response],
    *,
    sector: str | None = None,
    threshold: int | None = None,
) -> tuple[SectorFindings, ...]:
    """What these counts say."""
    limit = cycle.threshold if threshold is None else threshold
    sectors = [each for each in edition.settings if each in cycle.settings and sector in (None, each)]
    by_indicator = _grades_by_indicator(grades)
    by_standard = {(each.sector, each.standard): (each.graded, each.weak) for each in standards}
    return tuple(
        _of_sector(
            edition,
            edition.questionnaires[each],
            limit,
            responses[each],
            by_indicator.get(each, {}),
            by_standard,
        )
        for each in sectors
    )


def _of_sector(
    edition: Edition,
    questionnaire: Questionnaire,
    threshold: int,
    response: Response,
    grades: Mapping[str, Mapping[str, int]],
    by_standard: Mapping[tuple[str, int], tuple[int, int]],
) -> SectorFindings:
    scale = edition.scale
    sector = questionnaire.setting
    indicators = []
    for indicator in questionnaire.indicators:
        given = grades.get(indicator.key, {})
        indicators.append(
            IndicatorFinding(
                sector,
                indicator.standard,
                indicator,
                {grade: given.get(grade, 0) for grade in scale.by_key},
                given.get(NOT_APPLICABLE, 0),
                sum(given.get(grade, 0) for grade in scale.weak_keys),
                threshold,
            )
        )
    standards = tuple(
        StandardFinding(
            sector,
            number,
            standard.title,
            *by_standard.get((sector, number), (0, 0)),
            threshold,
            _carried_by([each for each in indicators if each.standard == number]),
        )
        for number, standard in edition.standards.items()
    )
    return SectorFindings(sector, questionnaire.sector, threshold, response, standards, tuple(indicators))


def _grades_of(standard: StandardFinding, indicators: Iterable[IndicatorFinding]) -> StandardGrades:
    own = [each for each in indicators if each.standard == standard.standard]
    grades: Counter[str] = Counter()
    for each in own:
        grades.update(each.grades)
    return StandardGrades(standard.standard, standard.title, grades, sum(each.not_applicable for each in own))


def _carried_by(indicators: list[IndicatorFinding]) -> tuple[IndicatorFinding, ...]:
    weak = [each for each in indicators if each.weak]
    return tuple(sorted(weak, key=lambda each: -(each.share or Decimal(0))))


def _grades_by_indicator(counts: Iterable[GradeCount]) -> dict[str, dict[str, dict[str, int]]]:
    """Counts by sector, indicator and grade."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for each in counts:
        found.setdefault(each.sector, {}).setdefault(each.key, {})[each.grade] = each.organisations
    return found
