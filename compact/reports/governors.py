"""The paper for governors or a board: a page or two that lead with what changed and what is asked of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from compact.actions.rules import STATUSES
from compact.actions.store import ActionRow
from compact.documents import typeset
from compact.documents.printable import Printable
from compact.questionnaire.values import Edition, Indicator, Questionnaire
from compact.returns.moves import Move
from compact.returns.reading import ReturnRow
from compact.returns.rules import UNANSWERED, Answer
from compact.web.clock import shown_day, shown_moment
from compact.web.texts import mid_sentence, sentence_case

from .feedback import Beside, BesideSector, Changes

TEMPLATE = "reports/governors.typ"
# What one or two pages hold; the rest is counted, and stands in the return.
MOVED_LIMIT, ACTIONS_LIMIT, WEAK_LIMIT, TEXT_LIMIT = 3, 5, 5, 160
_FINISHED = ("done", "embedded")
Part = dict[str, Any]


@dataclass(frozen=True)
class Paper:
    """All that the paper is drawn from."""

    row: ReturnRow
    edition: Edition
    questionnaire: Questionnaire
    indicators: Sequence[Indicator]
    answers: Mapping[str, Answer]
    actions: Sequence[ActionRow]
    changes: Changes | None
    beside: BesideSector | None
    today: date

    def answer(self, indicator: Indicator) -> Answer:
        return self.answers.get(indicator.key, UNANSWERED)

    def label(self, grade: str | None, edition: Edition | None = None) -> str:
        """A grade as it stands within a sentence."""
        return (edition or self.edition).scale.by_key[grade or ""].label.lower()

    @property
    def weak(self) -> list[Indicator]:
        """What needs to improve, the worst grade first."""
        steps = list(self.edition.scale.by_key)
        weak = [each for each in self.indicators if self.answer(each).grade in self.edition.scale.weak_keys]
        return sorted(weak, key=lambda each: -steps.index(self.answer(each).grade or ""))

    @property
    def open_actions(self) -> list[ActionRow]:
        """The actions that are not finished, the earliest due first."""
        asked = {each.key for each in self.indicators}
        return [each for each in self.actions if each.key in asked and each.status not in _FINISHED]


def as_pdf(paper: Paper) -> bytes:
    printable = Printable()
    data = printable.data(_data(paper))
    return typeset.pdf(TEMPLATE, {**data, "unprintable": printable.told()})


def _data(paper: Paper) -> Part:
    row = paper.row
    return {
        "title": f"Safeguarding at {_cut(row.organisation)}",
        "subtitle": f"A paper for governors or the board. {row.cycle_and_number}, {_state(row)}.",
        "publisher": paper.edition.common.title,
        "footer": f"{_cut(row.organisation)}. {row.cycle_and_number}",
        "changed": list(_changed(paper)),
        "tasks": list(_tasks(paper)),
        "actions": [_action(paper, each) for each in paper.open_actions[:ACTIONS_LIMIT]],
        "more_actions": max(0, len(paper.open_actions) - ACTIONS_LIMIT),
        "weak": [_weak(paper, each) for each in paper.weak[:WEAK_LIMIT]],
        "more_weak": max(0, len(paper.weak) - WEAK_LIMIT),
    }


def _state(row: ReturnRow) -> str:
    if row.signed_at is None:
        return "a draft that is not signed yet"
    return f"{'brought in' if row.imported else 'signed'} on {shown_moment(row.signed_at)}"


def _changed(paper: Paper) -> Iterator[str]:
    """What changed, in sentences: worse first."""
    counts = dict.fromkeys(paper.edition.scale.by_key, 0)
    for each in paper.indicators:
        grade = paper.answer(each).grade
        if grade:
            counts[grade] += 1
    told = ", ".join(f"{count} {paper.label(grade)}" for grade, count in counts.items())
    yield f"{sum(counts.values())} of {len(paper.indicators)} questions are graded: {told}."
    changes = paper.changes
    if changes is None:
        yield "There is no earlier return to compare this one with."
        return
    yield (
        f"Since {changes.round}: {len(changes.of(Move.BETTER))} better, {len(changes.of(Move.WORSE))} worse, "
        f"{len(changes.of(Move.SAME))} the same; {changes.not_compared} cannot be compared."
    )
    for move in (Move.WORSE, Move.BETTER):
        moved = changes.of(move)
        named = "; ".join(
            f"{each.indicator.asked} ({paper.label(each.before.grade, changes.edition)} "
            f"to {paper.label(each.now.grade)})"
            for each in moved[:MOVED_LIMIT]
        )
        more = f"; and {len(moved) - MOVED_LIMIT} more" if len(moved) > MOVED_LIMIT else ""
        if moved:
            yield f"{move.value}: {named}{more}."


def _tasks(paper: Paper) -> Iterator[str]:
    """What governors are asked to do."""
    late = sum(each.due < paper.today for each in paper.open_actions)
    if paper.row.is_draft:
        who, by = paper.questionnaire.signed_by, shown_day(paper.row.last_day)
        yield f"Say whether the grades are what you see yourselves, before {who} signs by {by}."
    else:
        yield "Say whether the grades are what you see yourselves; the return is signed and can be reopened."
    if paper.weak:
        yield "Ask about what needs to improve, and to see the evidence named below."
    if paper.open_actions:
        overdue = (
            f" {late} of {len(paper.open_actions)} {'is' if late == 1 else 'are'} overdue." if late else ""
        )
        yield f"Agree when you will hear how the actions went, and what they changed.{overdue}"
    yield "Write down what you asked and what you were told."


def _action(paper: Paper, action: ActionRow) -> Part:
    overdue = ", overdue" if action.due < paper.today else ""
    return {
        "what": _cut(action.what),
        "who": _cut(action.lead),
        "due": f"{shown_day(action.due)}{overdue}",
        "status": STATUSES[action.status],
    }


def _weak(paper: Paper, indicator: Indicator) -> Part:
    evidence = indicator.evidence[0]
    return {
        "heading": f"{sentence_case(indicator.asked)}: {paper.label(paper.answer(indicator).grade)}",
        "others": _others(paper, indicator),
        "ask": f"Ask to see: {evidence.show} ({evidence.held_by}).",
    }


def _others(paper: Paper, indicator: Indicator) -> str | None:
    """What was published of the sector, where it was."""
    if paper.beside is None:
        return None
    found: list[Beside] = [each for each in paper.beside.indicators if each.indicator == indicator]
    if not found or found[0].counts is None:
        return None
    sector, counts = paper.beside.published.summary.sector_title, found[0].counts
    return f"{counts.weak} of {counts.graded} {mid_sentence(sector)} said that it needs to improve."


def _cut(text: str) -> str:
    """A text in one line, of a length that two pages can hold."""
    line = " ".join(text.split())
    return line if len(line) <= TEXT_LIMIT else f"{line[: TEXT_LIMIT - 1].rstrip()}…"
