"""What comes back to an organisation: how it moved since its last return, and its grades beside its sector's.

Beside the sector stand published values alone, never live counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compact.questionnaire.values import Edition, Indicator, Questionnaire
from compact.returns import reading
from compact.returns.earlier import EarlierReturn
from compact.returns.moves import COMPARED, Move, move
from compact.returns.reading import ReturnRow
from compact.returns.rules import UNANSWERED, Answer, asked

from . import store
from .store import Published
from .summary import Counts, IndicatorRow, StandardRow


@dataclass(frozen=True)
class Moved:
    """An indicator that is graded now, and how its grade stands to the last return's."""

    indicator: Indicator
    now: Answer
    before: Answer
    move: Move


@dataclass(frozen=True)
class Changes:
    """What changed since the organisation's last signed return of an earlier round."""

    round: str
    edition: Edition
    moved: tuple[Moved, ...]

    def of(self, *moves: Move) -> list[Moved]:
        return [each for each in self.moved if each.move in moves]

    @property
    def compared(self) -> int:
        return len(self.of(*COMPARED))

    @property
    def not_compared(self) -> int:
        return len(self.moved) - self.compared


@dataclass(frozen=True)
class Beside:
    """An indicator's own grade with what was published of its sector; `counts` is None where it is hidden."""

    indicator: Indicator
    own: Answer
    row: IndicatorRow

    @property
    def counts(self) -> Counts | None:
        return self.row.counts


@dataclass(frozen=True)
class StandardBeside:
    """A standard with its indicators that were asked of the organisation and published of its sector."""

    published: StandardRow
    indicators: tuple[Beside, ...]


@dataclass(frozen=True)
class BesideSector:
    """The organisation beside its sector, in one partnership."""

    partnership: int
    published: Published
    standards: tuple[StandardBeside, ...]

    @property
    def indicators(self) -> list[Beside]:
        return [each for standard in self.standards for each in standard.indicators]


def changes_since(
    earlier: EarlierReturn,
    then: Edition,
    before: Mapping[str, Answer],
    *,
    edition: Edition,
    answers: Mapping[str, Answer],
    indicators: Sequence[Indicator],
) -> Changes:
    """How each indicator that is graded now moved since the earlier return with these answers."""
    moved = []
    for each in indicators:
        now, last = answers.get(each.key, UNANSWERED), before.get(each.key, UNANSWERED)
        how = move(each, now, edition.scale, last, then, then.questionnaires[earlier.setting])
        if how is not None:
            moved.append(Moved(each, now, last, how))
    return Changes(earlier.cycle, then, tuple(moved))


def asked_in(session: Session, row: ReturnRow, questionnaire: Questionnaire) -> tuple[Indicator, ...]:
    """The indicators that were asked in a return."""
    if row.imported:
        return questionnaire.indicators
    return asked(questionnaire.indicators, reading.facts_of(session, row.id))


def published_for_return(
    session: Session, row: ReturnRow, partnerships: Sequence[int]
) -> dict[int, Published]:
    """The summaries in force of the return's sector and round, by the partnership that published them."""
    found = {each: store.in_force(session, row.cycle_id, each, row.setting) for each in partnerships}
    return {partnership: published for partnership, published in found.items() if published}


def beside_sector(
    session: Session,
    row: ReturnRow,
    partnership: int,
    published: Published,
    *,
    answers: Mapping[str, Answer],
    indicators: Sequence[Indicator],
) -> BesideSector:
    """The organisation's grades, with what it answered this partnership alone, beside the published ones."""
    own = {
        **answers,
        **{
            each.key: Answer(each.grade, each.not_applicable)
            for each in reading.exceptions_of(session, row.id)
            if each.partnership_id == partnership
        },
    }
    rows = published.summary.rows
    standards = []
    for standard in published.summary.standards:
        beside = tuple(
            Beside(each, own.get(each.key, UNANSWERED), rows[each.key])
            for each in indicators
            if each.standard == standard.number and each.key in rows
        )
        if beside:
            standards.append(StandardBeside(standard, beside))
    return BesideSector(partnership, published, tuple(standards))
