"""A signed return with everything that an officer reads beside it, as one partnership sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, case, select
from sqlalchemy.orm import Session

from compact.analysis.counting import GradeCount, grade_counts
from compact.cycles import editions
from compact.db import table
from compact.moderation.store import ModerationRow
from compact.questionnaire.values import Edition, Indicator, Standard
from compact.returns.earlier import EarlierReturn
from compact.returns.exceptions import KeptException
from compact.returns.models import Answer as AnswerTable
from compact.returns.reading import ReturnRow
from compact.returns.rules import NOT_APPLICABLE, UNANSWERED, Answer, asked

from .held import Held

_answer = table(AnswerTable).c
_ANSWERS = select(
    _answer.return_id,
    _answer.key,
    _answer.grade,
    _answer.not_applicable,
    _answer.reason,
    case((_answer.return_id == bindparam("own"), _answer.evidence), else_=""),
).where(_answer.return_id.in_(bindparam("return_ids", expanding=True)))


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


@dataclass(frozen=True)
class Answers:
    """A return's answers by indicator, and last time's grades in the words of their own scale."""

    own: Mapping[str, Answer]
    before: Mapping[str, str]


def answers_of(session: Session, row: ReturnRow, last: EarlierReturn | None) -> Answers:
    """A return's answers and last time's, in one question; of last time's the grades alone."""
    then = editions.edition(last.edition) if last else None
    own: dict[str, Answer] = {}
    before: dict[str, str] = {}
    asked = {"return_ids": [row.id, *([last.id] if last else [])], "own": row.id}
    for return_id, key, *answer in session.execute(_ANSWERS, asked).all():
        given = Answer(*answer)
        if return_id == row.id:
            own[key] = given
        elif then is not None and given.is_given:
            before[key] = grade_words(given, then)
    return Answers(own, before)


def read(
    session: Session, row: ReturnRow, partnership: int, held: Held, answers: Answers
) -> tuple[StandardRead, ...]:
    """A return, standard by standard; only those in which something was asked."""
    edition = editions.edition(row.edition)
    questions = edition.questionnaires[row.setting].indicators
    indicators = questions if row.imported else asked(questions, row.facts)
    exceptions = {each.key: each for each in held.exceptions if each.partnership_id == partnership}
    shares = shares_of(grade_counts(session, row.cycle_id, partnership, row.setting), edition.scale.weak_keys)
    found = [
        Read(
            each,
            answers.own.get(each.key, UNANSWERED),
            exceptions.get(each.key),
            answers.before.get(each.key),
            shares.get(each.key, Share(0, 0)),
            held.moderated.get(each.key),
        )
        for each in indicators
    ]
    return tuple(
        StandardRead(standard, of_standard)
        for number, standard in edition.standards.items()
        if (of_standard := tuple(each for each in found if each.indicator.standard == number))
    )


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
