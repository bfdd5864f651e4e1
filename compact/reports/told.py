"""All that a summary tells, in its order, made once: the page and the PDF only lay it out."""

from collections.abc import Iterator
from dataclasses import dataclass

from compact.documents.printable import paragraphs
from compact.documents.svg import Drawing
from compact.web.texts import sentence_case

from . import charts, tables, words
from .summary import Advice, Earlier, StandardRow, Summary
from .tables import Counted, Table

# A part's place in the page, and its heading.
Heading = tuple[str, str]


@dataclass(frozen=True)
class Advised:
    """A flagged question. `counted` are its figures, and `words` what they say."""

    advice: Advice
    heading: str
    counted: Counted
    words: str


@dataclass(frozen=True)
class Change:
    """An earlier round: how much of it can be compared, the questions that changed most since the newest of
    them, and the standards that can be compared, where any can."""

    earlier: Earlier
    words: str
    improved: tuple[str, ...]
    harder: tuple[str, ...]
    standards: Table | None


@dataclass(frozen=True)
class Detail:
    """A standard with its questions; it has no table where none is asked."""

    standard: StandardRow
    heading: str
    words: str
    questions: Table | None


@dataclass(frozen=True)
class Told:
    """The parts of a summary; a drawing or a table is None where there is nothing to draw."""

    summary: Summary
    contents: tuple[Heading, ...]
    in_short: tuple[str, ...]
    standards: Table
    standards_drawn: Drawing | None
    standards_words: tuple[str, ...]
    change: str
    change_drawn: Drawing | None
    changes: tuple[Change, ...]
    found_hard: str
    flagged: Table
    advised: tuple[Advised, ...]
    by_phase: str
    phases: Table | None
    phases_drawn: Drawing | None
    trust: tuple[str, ...]
    actions: tuple[str, ...]
    details: tuple[Detail, ...]
    since: str
    questions_then: Table | None
    method: tuple[str, ...]

    @property
    def headings(self) -> dict[str, str]:
        return dict(self.contents)


def tell(summary: Summary) -> Told:
    newest = next((each for each in summary.earlier if each.indicators), None)
    return Told(
        summary=summary,
        contents=tuple(_contents(summary)),
        in_short=words.in_short(summary),
        standards=tables.standards(summary).without(tables.ONE_ALONE, tables.NOT_SHOWN),
        standards_drawn=charts.standards(summary),
        standards_words=tuple(words.how_they_did(summary)),
        change=words.changed(summary),
        change_drawn=charts.changes(summary),
        changes=tuple(_change(each, summary, is_newest=each is newest) for each in summary.earlier),
        found_hard=words.found_hard(summary),
        flagged=tables.flagged(summary),
        advised=tuple(_advised(summary)),
        by_phase=words.by_phase(summary),
        phases=tables.phases(summary),
        phases_drawn=charts.phases(summary),
        trust=tuple(words.how_far_to_trust(summary)),
        actions=tuple(paragraphs(summary.actions)),
        details=tuple(_detail(each, summary) for each in summary.standards),
        since=f"Question by question, since {newest.cycle}" if newest else "",
        questions_then=tables.changed_indicators(summary, [newest]).without("Round", "Key")
        if newest
        else None,
        method=tuple(words.method(summary)),
    )


def _contents(summary: Summary) -> Iterator[Heading]:
    yield "standards", f"How {words.sector(summary)} did"
    yield "change", "What changed"
    yield "difficult", "What many found difficult"
    if words.by_phase(summary):
        yield "phases", "By phase"
    yield "trust", "How far to trust the grades"
    if summary.actions:
        yield "actions", "What the partnership will do"
    yield "method", "How the figures were made"
    yield "questions", "Every question"


def _advised(summary: Summary) -> Iterator[Advised]:
    """The flagged questions, what most find hard first."""
    for each in tables.advice_by_share(summary):
        counts = summary.rows[each.key].counts
        if counts:
            said = words.advised(counts)
            yield Advised(each, sentence_case(each.asked), tables.counted(counts), said)


def _change(earlier: Earlier, summary: Summary, *, is_newest: bool) -> Change:
    table = tables.changed_standards(summary, [earlier]).without("Round") if earlier.standards else None
    improved, harder = words.moved_most(summary, earlier) if is_newest else ((), ())
    return Change(earlier, words.of_round(earlier), improved, harder, table)


def _detail(standard: StandardRow, summary: Summary) -> Detail:
    table = tables.indicators(summary, standard).without("Standard", "Key", tables.ONE_ALONE)
    said = " ".join(words.standard(standard))
    heading = f"{standard.number}. {standard.title}"
    return Detail(standard, heading, said, table if standard.indicators else None)
