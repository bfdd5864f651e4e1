"""A signed return with everything that an officer reads beside it, as one partnership sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compact.analysis.counting import GradeCount, grade_counts
from compact.cycles import editions
from compact.moderation.store import ModerationRow, moderations_of
from compact.questionnaire.values import Edition, Indicator, Standard
from compact.returns import reading
from compact.returns.earlier import EarlierReturn, earlier_answers
from compact.returns.exceptions import KeptException
from compact.returns.reading import ReturnRow
from compact.returns.rules import NOT_APPLICABLE, UNANSWERED, Answer, asked


@dataclass(frozen=True)
class Share:
    """Of the organisations of the sector that graded an indicator, how many graded it weak: live counts."""

    weak: int
    graded: int


@dataclass(frozen=True)
class Read:
    """An indicator: what was said of it, last time's grade, the sector's share, the moderated grade."""

    indicator: Indicator
    own: Answer
    exception: KeptException | None
    before: str | None
    share: Share
    moderated: ModerationRow | None


@dataclass(frozen=True)
class StandardRead:
    """A standard with what was asked in it."""

    standard: Standard
    indicators: tuple[Read, ...]


def read(
    session: Session, row: ReturnRow, partnership: int, last: EarlierReturn | None
) -> tuple[StandardRead, ...]:
    """A return, standard by standard; only those in which something was asked."""
    edition = editions.edition(row.edition)
    questions = edition.questionnaires[row.setting].indicators
    indicators = questions if row.imported else asked(questions, row.facts)
    answers = {key: kept.answer for key, kept in reading.kept_answers(session, row.id).items()}
    exceptions = {
        each.key: each
        for each in reading.exceptions_of(session, row.id)
        if each.partnership_id == partnership
    }
    before = _before(session, last, indicators)
    shares = shares_of(grade_counts(session, row.cycle_id, partnership, row.setting), edition.scale.weak_keys)
    moderated = moderations_of(session, row.id, partnership)
    found = [
        Read(
            each,
            answers.get(each.key, UNANSWERED),
            exceptions.get(each.key),
            before.get(each.key),
            shares.get(each.key, Share(0, 0)),
            moderated.get(each.key),
        )
        for each in indicators
    ]
    return tuple(
        StandardRead(standard, of_standard)
        for number, standard in edition.standards.items()
        if (of_standard := tuple(each for each in found if each.indicator.standard == number))
    )


def _before(session: Session, last: EarlierReturn | None, indicators: Sequence[Indicator]) -> dict[str, str]:
    """Last time's grades in the words of their own scale, by indicator."""
    if last is None:
        return {}
    then = editions.edition(last.edition)
    answers = earlier_answers(session, last, [each.key for each in indicators])
    return {key: grade_words(each.answer, then) for key, each in answers.items() if each.answer.is_given}


def grade_words(answer: Answer, edition: Edition) -> str:
    """A grade as people read it."""
    if answer.not_applicable:
        return edition.scale.not_applicable.label
    return edition.scale.by_key[answer.grade].label if answer.grade else "No grade"


def shares_of(counts: Sequence[GradeCount], weak: frozenset[str]) -> Mapping[str, Share]:
    """The shares of one sector by indicator; not applicable is in neither number."""
    found: dict[str, Share] = {}
    for each in counts:
        if each.grade != NOT_APPLICABLE:
            so_far = found.get(each.key, Share(0, 0))
            is_weak = each.organisations if each.grade in weak else 0
            found[each.key] = Share(so_far.weak + is_weak, so_far.graded + each.organisations)
    return found
