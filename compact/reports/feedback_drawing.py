"""An organisation's own grades among those published of its sector, drawn standard by standard."""

from compact.documents.dots import Place, dot_plot
from compact.documents.svg import Drawing
from compact.web.texts import mid_sentence, sentence_case

from .feedback import Beside, BesideSector
from .summary import Summary


def plots(beside: BesideSector, who: str) -> dict[int, Drawing]:
    """A dot plot of each standard, by its number. `who` is what the organisation is called."""
    summary = beside.published.summary
    others = mid_sentence(summary.sector_title)
    return {
        standard.published.number: dot_plot(
            f"Standard {standard.published.number} beside {others}",
            [grade.label for grade in summary.scale],
            [_place(each, summary) for each in standard.indicators],
            who=who,
            others=others,
        )
        for standard in beside.standards
    }


def _place(each: Beside, summary: Summary) -> Place:
    keys = [grade.key for grade in summary.scale]
    counts, own = each.counts, each.own
    return Place(
        sentence_case(each.indicator.asked),
        None if counts is None else [counts.grades.get(key, 0) for key in keys],
        keys.index(own.grade) if own.grade in keys else None,
        "said that it does not apply" if own.not_applicable else "gave no grade",
    )
