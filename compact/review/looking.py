"""Reasons to look, worked out when a return is signed or brought in, and kept. Flushes, never commits.

So many statements for however many returns, for one at signing and hundreds at an import.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, delete, insert, or_, select
from sqlalchemy.orm import Session, aliased

from compact.cycles import editions
from compact.cycles.models import Cycle, CyclePartnership
from compact.organisations.models import Organisation, PartnershipArea, Succession
from compact.organisations.succession_store import NOBODY, those_before
from compact.questionnaire.values import Edition, Indicator, Questionnaire
from compact.returns.models import Answer as AnswerTable
from compact.returns.models import AnswerHistory, ProfileFact, Return, ReturnArea
from compact.returns.moves import Move, move
from compact.returns.rules import UNANSWERED, Answer, asked, left_out
from compact.sign_off.looking_again import as_last_time
from compact.trail.store import sha256
from compact.web.clock import local_day, today

from . import rules
from .inspected import disagreements
from .kept import read, rows_of
from .models import EvidencePrint, ReasonToLook
from .rules import Other, Reason, Same

Answers = dict[str, Answer]


@dataclass(frozen=True)
class _Last:
    """The organisation's last signed return before a round, with its answers."""

    edition: Edition
    setting: str
    answers: Answers


@dataclass(frozen=True)
class _Signed:
    """A return that counts as signed, with all that its reasons are worked out from."""

    id: int
    organisation_id: int
    setting: str
    imported: bool
    signed_at: datetime
    late_after: date | None
    edition: Edition
    opens: date
    took_over: bool
    facts: Mapping[str, bool]
    answers: Answers

    @property
    def questionnaire(self) -> Questionnaire:
        return self.edition.questionnaires[self.setting]

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """What was asked in it. Of one that was brought in, nobody knows the profile."""
        questions = self.questionnaire.indicators
        return questions if self.imported else asked(questions, self.facts)

    @property
    def telling(self) -> dict[str, str]:
        """The prints of its evidence that is long enough to tell, by indicator."""
        return {
            key: sha256(rules.normalised(answer.evidence))
            for key, answer in self.answers.items()
            if rules.tells(answer.evidence)
        }


def look(session: Session, return_id: int) -> None:
    """Work out the reasons to look at a return that has just been signed."""
    look_at(session, [return_id])


def look_at(session: Session, return_ids: Sequence[int]) -> None:
    """Work out the reasons to look at signed returns of one round, anew where there are some."""
    signed = _signed(session, return_ids)
    if signed:
        _keep_prints(session, signed)
        _keep_reasons(session, signed)


def keep_prints(session: Session, return_ids: Sequence[int]) -> None:
    """Keep the prints of signed returns' evidence, and nothing else: others are held against them."""
    _keep_prints(session, _signed(session, return_ids))


def _keep_reasons(session: Session, signed: Sequence[_Signed]) -> None:
    ids = [each.id for each in signed]
    last, left, same = _last(session, signed), _left_out(session, signed), _same_texts(session, ids)
    disagreed = disagreements(session, [each.organisation_id for each in signed])
    rows = [
        row
        for each in signed
        for row in rows_of(
            each.id,
            [
                *_reasons(each, last.get(each.id), left.get(each.id, {}), same.get(each.id, [])),
                *([disagreed[each.id]] if each.id in disagreed else []),
            ],
        )
    ]
    session.execute(delete(ReasonToLook).where(ReasonToLook.return_id.in_(ids)))
    if rows:
        session.execute(insert(ReasonToLook), rows, execution_options={"render_nulls": True})


def reasons_of(
    session: Session, cycle_id: int, return_ids: Collection[int], partnership: int
) -> dict[int, list[Reason]]:
    """What was kept for a partnership of signed returns of a round, the weightiest first."""
    rows = session.execute(
        select(ReasonToLook.return_id, ReasonToLook.name, ReasonToLook.about, ReasonToLook.partnership_id)
        .join(Return, Return.id == ReasonToLook.return_id)
        .where(Return.cycle_id == cycle_id, Return.id.in_(return_ids), concerns(partnership))
        .order_by(ReasonToLook.return_id, ReasonToLook.weight.desc(), ReasonToLook.id)
    )
    found: dict[int, list[Reason]] = {}
    for return_id, name, about, of in rows:
        found.setdefault(return_id, []).append(read(name, about, of))
    return found


def concerns(partnership: int) -> ColumnElement[bool]:
    """The condition that a reason concerns a partnership."""
    return or_(ReasonToLook.partnership_id.is_(None), ReasonToLook.partnership_id == partnership)


def _reasons(each: _Signed, last: _Last | None, written: Answers, same: Sequence[Same]) -> list[Reason]:
    """All that the rules find, in the order in which they are listed there."""
    scale, indicators, answers = each.edition.scale, each.indicators, each.answers
    before = as_last_time(indicators, answers, last.answers if last else {})
    with_evidence = sum(bool(answers.get(one.key, UNANSWERED).evidence.strip()) for one in indicators)
    found = (
        rules.late(local_day(each.signed_at), each.late_after),
        rules.fell(_moves(each, last)),
        rules.all_top_thin(indicators, answers, scale),
        *rules.as_another(same, each.telling),
        rules.as_last_time(before, with_evidence),
        rules.regraded(before),
        rules.answered_not_asked(each.questionnaire, each.facts, written),
        rules.not_applicable_though(indicators, each.facts, answers),
    )
    return [reason for reason in found if reason is not None]


def _moves(each: _Signed, last: _Last | None) -> dict[str, Move]:
    """How each grade moved since the last return."""
    if last is None:
        return {}
    then = last.edition.questionnaires[last.setting]
    moves = {
        one.key: move(
            one,
            each.answers.get(one.key, UNANSWERED),
            each.edition.scale,
            last.answers.get(one.key, UNANSWERED),
            last.edition,
            then,
        )
        for one in each.indicators
    }
    return {key: how for key, how in moves.items() if how is not None}


def _signed(session: Session, return_ids: Sequence[int]) -> list[_Signed]:
    facts, answers = _facts(session, return_ids), _answers(session, return_ids)
    rows: Sequence[Any] = session.execute(
        select(
            Return.id,
            Return.organisation_id,
            Return.setting,
            Return.imported,
            Return.signed_at,
            Return.late_after,
            Cycle.edition,
            Cycle.opens,
            select(Succession.new_id)
            .where(Succession.new_id == Return.organisation_id)
            .exists()
            .label("took_over"),
        )
        .join(Cycle, Cycle.id == Return.cycle_id)
        .where(Return.id.in_(return_ids), Return.status == "signed")
        .order_by(Return.id)
    ).all()
    return [
        _Signed(
            row.id,
            row.organisation_id,
            row.setting,
            row.imported,
            row.signed_at,
            row.late_after,
            editions.edition(row.edition),
            row.opens,
            row.took_over,
            facts.get(row.id, {}),
            answers.get(row.id, {}),
        )
        for row in rows
    ]


def _facts(session: Session, return_ids: Collection[int]) -> dict[int, dict[str, bool]]:
    facts: dict[int, dict[str, bool]] = {}
    for return_id, fact, answer in session.execute(
        select(ProfileFact.return_id, ProfileFact.fact, ProfileFact.answer).where(
            ProfileFact.return_id.in_(return_ids)
        )
    ):
        facts.setdefault(return_id, {})[fact] = answer
    return facts


def _answers(session: Session, return_ids: Collection[int]) -> dict[int, Answers]:
    rows = session.execute(select(*_columns(AnswerTable)).where(AnswerTable.return_id.in_(return_ids)))
    return _by_return(rows)


def _last(session: Session, signed: Sequence[_Signed]) -> dict[int, _Last]:
    """The last signed return of each organisation in a round that opened before, by the present return.

    Where it signed none itself, the last one of those that it goes on from (`returns.earlier`).
    """
    organisations = [each.organisation_id for each in signed]
    successors = [each.organisation_id for each in signed if each.took_over]
    before = those_before(session, successors, today()) if successors else {}
    everybody = {*organisations, *(old for each in before.values() for old in each.line)}
    earlier = session.execute(
        select(Return.id, Return.organisation_id, Return.setting, Cycle.edition)
        .join(Cycle, Cycle.id == Return.cycle_id)
        .where(
            Return.organisation_id.in_(everybody),
            Return.status == "signed",
            Cycle.opens < signed[0].opens,
        )
        .order_by(Cycle.opens, Cycle.id, Return.number)
    ).all()
    last_of = {row.organisation_id: (place, row) for place, row in enumerate(earlier)}
    last = {}
    for each in signed:
        line = before.get(each.organisation_id, NOBODY).line
        own = [each.organisation_id] if each.organisation_id in last_of else line & last_of.keys()
        if own:
            last[each.id] = max(last_of[one] for one in own)[1]
    if not last:
        return {}
    rows = session.execute(
        select(*_columns(AnswerTable))
        .join(Return, Return.id == AnswerTable.return_id)
        .where(Return.organisation_id.in_(everybody), Return.id.in_([row.id for row in last.values()]))
    )
    answers = _by_return(rows)
    return {
        return_id: _Last(editions.edition(row.edition), row.setting, answers.get(row.id, {}))
        for return_id, row in last.items()
    }


def _left_out(session: Session, signed: Sequence[_Signed]) -> dict[int, Answers]:
    """What was written of indicators that the profile leaves out: their answers went at signing."""
    keys = {one.key for each in signed for _, out in left_out(each.questionnaire, each.facts) for one in out}
    if not keys:
        return {}
    rows = session.execute(
        select(*_columns(AnswerHistory))
        .where(AnswerHistory.return_id.in_([each.id for each in signed]), AnswerHistory.key.in_(keys))
        .order_by(AnswerHistory.return_id, AnswerHistory.key, AnswerHistory.version)
    )
    return _by_return(rows)


def _columns(of: type[AnswerTable | AnswerHistory]) -> tuple[Any, ...]:
    return (of.return_id, of.key, of.grade, of.not_applicable, of.reason, of.evidence)


def _by_return(rows: Iterable[Any]) -> dict[int, Answers]:
    """Answers by return and key; of several versions the last one."""
    found: dict[int, Answers] = {}
    for return_id, key, *answer in rows:
        found.setdefault(return_id, {})[key] = Answer(*answer)
    return found


def _keep_prints(session: Session, signed: Sequence[_Signed]) -> None:
    ids = [each.id for each in signed]
    session.execute(delete(EvidencePrint).where(EvidencePrint.return_id.in_(ids)))
    rows = [
        {"return_id": each.id, "key": key, "print": made}
        for each in signed
        for key, made in sorted(each.telling.items())
    ]
    if rows:
        session.execute(insert(EvidencePrint), rows)


def _same_texts(session: Session, return_ids: Sequence[int]) -> dict[int, list[Same]]:
    """Evidence that another organisation of the same partnership signed too; a successor is no other one."""
    own, other = aliased(EvidencePrint), aliased(EvidencePrint)
    mine, theirs = aliased(Return), aliased(Return)
    ours, others = _partnerships(return_ids), _partnerships(None)
    statement = (
        select(own.return_id, own.key, ours.c.partnership_id, theirs.id, Organisation.id, Organisation.name)
        .join(mine, mine.id == own.return_id)
        .join(other, other.print == own.print)
        .join(theirs, (theirs.id == other.return_id) & (theirs.organisation_id != mine.organisation_id))
        .join(Organisation, Organisation.id == theirs.organisation_id)
        .join(ours, ours.c.return_id == mine.id)
        .join(
            others,
            (others.c.return_id == theirs.id) & (others.c.partnership_id == ours.c.partnership_id),
        )
        .where(own.return_id.in_(return_ids), ~_is_successor(mine, theirs), ~_is_successor(theirs, mine))
        .distinct()
        .order_by(own.return_id, ours.c.partnership_id, own.key, Organisation.id, theirs.id)
        .execution_options(beyond_scope="equal texts are found by their prints; only officers are told whose")
    )
    found: dict[int, dict[tuple[int, str, int], Same]] = {}
    for return_id, key, partnership, theirs_id, organisation_id, name in session.execute(statement):
        # The highest number of the other one's returns comes last, and is the one that is kept.
        place = (partnership, key, organisation_id)
        found.setdefault(return_id, {})[place] = Same(key, Other(theirs_id, name), partnership)
    return {return_id: [*same.values()] for return_id, same in found.items()}


def _partnerships(return_ids: Sequence[int] | None) -> Subquery:
    """The partnerships of returns, as `returns.reading.partnerships_of` finds them for one."""
    statement = (
        select(ReturnArea.return_id, PartnershipArea.partnership_id)
        .join(PartnershipArea, PartnershipArea.area == ReturnArea.area)
        .join(Return, Return.id == ReturnArea.return_id)
        .join(
            CyclePartnership,
            (CyclePartnership.cycle_id == Return.cycle_id)
            & (CyclePartnership.partnership_id == PartnershipArea.partnership_id),
        )
    )
    return (statement if return_ids is None else statement.where(Return.id.in_(return_ids))).subquery()


def _is_successor(old: type[Return], new: type[Return]) -> ColumnElement[bool]:
    return (
        select(Succession.old_id)
        .where(Succession.old_id == old.organisation_id, Succession.new_id == new.organisation_id)
        .exists()
    )
