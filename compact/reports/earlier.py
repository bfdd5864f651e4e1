"""A round beside the rounds before it, on published values: what is shown in both and means the same."""

from collections.abc import Mapping

from compact.analysis.decisions import About
from compact.analysis.trend import can_compare, same_scale
from compact.questionnaire.values import Edition
from compact.returns.moves import means_the_same

from .summary import Counts, Earlier, Summary, ThenRow


def beside(cycle_id: int, now: Summary, edition: Edition, then: Summary, edition_then: Edition) -> Earlier:
    """An earlier round of the same sector beside a summary; `cycle_id` is the earlier one's.

    A standard is compared where the same indicators are shown in both, and all of them mean the same: else
    its counts speak of different things.
    """
    asked = edition.questionnaires[now.sector].by_key
    comparable = {
        key
        for key in now.rows
        if key in then.rows
        and means_the_same(asked[key], edition_then.name)
        and same_scale(now.scale, then.scale)
    }
    rows_now, rows_then = _shown(now), _shown(then)
    indicators = [
        _row(key, rows_then[key], counts)
        for key, counts in rows_now.items()
        if key in comparable and key in rows_then
    ]
    return Earlier(
        cycle_id=cycle_id,
        cycle=then.cycle,
        brought_in=then.received > 0 and then.imported == then.received,
        left_out=len(rows_now) - len(indicators),
        indicators=tuple(indicators),
        standards=tuple(_standards(now, edition, then, edition_then)),
        hidden=tuple(sorted(then.hides)),
    )


def _standards(now: Summary, edition: Edition, then: Summary, edition_then: Edition) -> list[ThenRow]:
    by_number = {each.number: each for each in then.standards}
    rows = []
    for standard in now.standards:
        before = by_number.get(standard.number)
        if before is None or before.counts is None or standard.counts is None:
            continue
        shown_now, shown_then = (
            {row.key for row in each.indicators if row.counts} for each in (standard, before)
        )
        about = About(now.sector, standard.number)
        if shown_now == shown_then and can_compare(about, edition, edition_then):
            rows.append(_row(str(standard.number), before.counts, standard.counts))
    return rows


def _shown(summary: Summary) -> Mapping[str, Counts]:
    return {key: row.counts for key, row in summary.rows.items() if row.counts}


def _row(key: str, then: Counts, now: Counts) -> ThenRow:
    return ThenRow(
        key=key,
        graded_then=then.graded,
        weak_then=then.weak,
        graded_now=now.graded,
        weak_now=now.weak,
    )
