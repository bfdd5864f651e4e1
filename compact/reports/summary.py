"""A sector's learning summary as values: what may be shown outside the partnership's desk, no more."""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict

from compact.analysis.findings import IndicatorFinding, SectorFindings, StandardFinding
from compact.analysis.rules import gives_away, is_hidden
from compact.cycles.store import CycleRow
from compact.questionnaire.values import Edition
from compact.web.clock import shown_day


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
    """An indicator; `counts` is None where fewer than five graded it."""

    key: str
    asked: str
    counts: Counts | None
    flagged: bool


class Advice(SummaryValue):
    """What helps with a flagged indicator."""

    key: str
    asked: str
    text: str
    good: tuple[str, ...]
    advice: tuple[str, ...]
    example: str
    basis: tuple[str, ...]


class StandardRow(SummaryValue):
    """A standard with its indicators; `counts` is None where they would give a hidden row away.

    The grades of a hidden row are in no standard's grades.
    """

    number: int
    title: str
    counts: Counts | None
    flagged: bool
    indicators: tuple[IndicatorRow, ...]


class GradeLabel(SummaryValue):
    key: str
    label: str
    weak: bool


class Summary(SummaryValue):
    """The published values of a learning summary."""

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

    @property
    def rate(self) -> str:
        """Received of due in percent, as people write it."""
        return f"{self.received * 100 / self.due:.0f}%" if self.due else "none due"

    @property
    def rows(self) -> Mapping[str, IndicatorRow]:
        return {row.key: row for standard in self.standards for row in standard.indicators}


def compose(findings: SectorFindings, cycle: CycleRow, edition: Edition, partnership: str) -> Summary:
    """The summary of a sector's findings, with everything too small to be shown left out."""
    shown = [each for each in findings.indicators if each.is_flagged and not is_hidden(each.graded)]
    return Summary(
        cycle=cycle.name,
        edition=edition.name,
        partnership=partnership,
        sector=findings.sector,
        sector_title=findings.title,
        threshold=findings.threshold,
        due=findings.response.due,
        received=findings.response.received,
        imported=findings.response.imported,
        scale=tuple(
            GradeLabel(key=grade.key, label=grade.label, weak=grade.weak) for grade in edition.scale.grades
        ),
        standards=tuple(_standard(each, findings) for each in findings.standards),
        advice=tuple(_advice(each, edition) for each in shown),
    )


def _standard(standard: StandardFinding, findings: SectorFindings) -> StandardRow:
    own = [each for each in findings.indicators if each.standard == standard.standard]
    shown = [each for each in own if not is_hidden(each.graded)]
    hidden = is_hidden(standard.graded) or gives_away(standard.weak, (each.weak for each in shown))
    counts = None
    if not hidden:
        counts = Counts(
            graded=standard.graded,
            weak=standard.weak,
            share=str(standard.share),
            grades=_added(each.grades for each in shown),
            one_alone_flags=standard.one_alone_flags,
        )
    return StandardRow(
        number=standard.standard,
        title=standard.title,
        counts=counts,
        flagged=not hidden and standard.is_flagged,
        indicators=tuple(_indicator(each) for each in own),
    )


def _indicator(finding: IndicatorFinding) -> IndicatorRow:
    hidden = is_hidden(finding.graded)
    counts = None
    if not hidden:
        counts = Counts(
            graded=finding.graded,
            weak=finding.weak,
            share=str(finding.share),
            grades=dict(finding.grades),
            one_alone_flags=finding.one_alone_flags,
        )
    return IndicatorRow(
        key=finding.indicator.key,
        asked=finding.indicator.asked,
        counts=counts,
        flagged=not hidden and finding.is_flagged,
    )


def _advice(finding: IndicatorFinding, edition: Edition) -> Advice:
    indicator = finding.indicator
    return Advice(
        key=indicator.key,
        asked=indicator.asked,
        text=indicator.text,
        good=indicator.good,
        advice=indicator.advice,
        example=indicator.example,
        basis=tuple(
            f"{edition.documents[basis.document].title}, {basis.part}, "
            f"in force from {shown_day(basis.in_force)}"
            for basis in indicator.basis
        ),
    )


def _added(grades: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in grades:
        for grade, count in each.items():
            total[grade] = total.get(grade, 0) + count
    return total
