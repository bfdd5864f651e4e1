"""Findings -> the values of a learning summary: the rows that may be shown, and advice for the flagged."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from compact.analysis.findings import IndicatorFinding
from compact.analysis.rules import is_flagged, is_hidden, one_alone_flags, share
from compact.analysis.shown import Shown
from compact.analysis.suppression import INSPECTED, Total
from compact.cycles.store import CycleRow
from compact.questionnaire.values import Edition
from compact.web.clock import shown_day

from .opening import opening
from .summary import (
    Advice,
    Counts,
    Earlier,
    GradeLabel,
    IndicatorRow,
    Inspected,
    PhaseRow,
    StandardRow,
    Summary,
)


@dataclass(frozen=True)
class Written:
    """What officers wrote beside the generated text: a note and an edited example of good practice by key of
    the indicator, and what the partnership will do."""

    actions: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    practice: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Beside:
    """What stands beside a sector's findings: the rounds before, the newest first, and how many returns an
    inspection looked at after they were signed, with those of them that were more hopeful."""

    earlier: Sequence[Earlier] = ()
    inspected: Inspected | None = None


def compose(
    shown: Shown,
    cycle: CycleRow,
    edition: Edition,
    partnership: str,
    *,
    beside: Beside | None = None,
    written: Written | None = None,
) -> Summary:
    """The summary of a sector in a round, with everything too small to be shown left out."""
    beside, written = beside or Beside(), written or Written()
    findings, hidden = shown.findings, shown.hidden
    inspected, hidden = _inspected(beside.inspected, hidden)
    summary = Summary(
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
        standards=tuple(_standards(shown)),
        advice=tuple(
            _advice(each, edition, written)
            for each in findings.indicators
            if each.is_flagged and each.indicator.key not in hidden
        ),
        phases=_phases(shown),
        earlier=tuple(beside.earlier),
        inspected=inspected,
        hidden=tuple(sorted(hidden)),
        actions=written.actions,
    )
    return summary.model_copy(update={"opening": opening(summary)})


def _standards(shown: Shown) -> Iterable[StandardRow]:
    for standard in shown.findings.standards:
        own = [each for each in shown.findings.indicators if each.standard == standard.standard]
        seen = [each for each in own if each.indicator.key not in shown.hidden]
        counted = shown.standards.get(standard.standard)
        yield StandardRow(
            number=standard.standard,
            title=standard.title,
            counts=_counts(counted, _added(each.grades for each in seen), standard.threshold)
            if counted
            else None,
            flagged=counted is not None and is_flagged(counted.weak, counted.graded, standard.threshold),
            indicators=tuple(_indicator(each, shown.hidden) for each in own),
        )


def _indicator(finding: IndicatorFinding, hidden: Collection[str]) -> IndicatorRow:
    is_shown = finding.indicator.key not in hidden
    counted = Total(finding.graded, finding.weak)
    return IndicatorRow(
        key=finding.indicator.key,
        asked=finding.indicator.asked,
        counts=_counts(counted, dict(finding.grades), finding.threshold) if is_shown else None,
        flagged=is_shown and finding.is_flagged,
    )


def _counts(counted: Total, grades: dict[str, int], threshold: int) -> Counts:
    return Counts(
        graded=counted.graded,
        weak=counted.weak,
        share=str(share(counted.weak, counted.graded)),
        grades=grades,
        one_alone_flags=one_alone_flags(counted.graded, threshold),
    )


def _phases(shown: Shown) -> tuple[PhaseRow, ...]:
    return tuple(
        PhaseRow(phase=phase, standards={number: tuple(each) for number, each in row.items()})
        for phase, row in (shown.phases or {}).items()
    )


def _inspected(
    inspected: Inspected | None, hidden: frozenset[str]
) -> tuple[Inspected | None, frozenset[str]]:
    """What inspections found, and what is hidden with it: of one to four returns nothing is said."""
    if inspected is None or not inspected.returns or INSPECTED in hidden:
        return None, hidden
    return (None, hidden | {INSPECTED}) if is_hidden(inspected.returns) else (inspected, hidden)


def _advice(finding: IndicatorFinding, edition: Edition, written: Written) -> Advice:
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
        note=written.notes.get(indicator.key, ""),
        practice=written.practice.get(indicator.key, ""),
    )


def _added(grades: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in grades:
        for grade, count in each.items():
            total[grade] = total.get(grade, 0) + count
    return total
