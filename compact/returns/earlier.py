"""The organisation's last return before this round, read: what `carrying` works on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from compact.accounts.models import Person
from compact.cycles.models import Cycle
from compact.db import table

from .carrying import Earlier
from .models import Answer as AnswerTable
from .models import ProfileFact, Return
from .reading import ReturnRow
from .rules import Answer


@dataclass(frozen=True)
class EarlierReturn:
    """A signed return of an earlier round; the highest number of it."""

    id: int
    edition: str
    setting: str
    cycle: str
    signed_at: datetime


_return, _cycle, _answer = table(Return), table(Cycle), table(AnswerTable)
_fact, _person = table(ProfileFact), table(Person)
_LAST = (
    select(_return.c.id, _cycle.c.edition, _return.c.setting, _cycle.c.name, _return.c.signed_at)
    .join(_cycle, _cycle.c.id == _return.c.cycle_id)
    .where(
        _return.c.organisation_id == bindparam("organisation_id"),
        _return.c.status == "signed",
        _cycle.c.opens < bindparam("opens"),
    )
    .order_by(_cycle.c.opens.desc(), _cycle.c.id.desc(), _return.c.number.desc())
    .limit(1)
)
# An earlier return is read as its organisation's, which is in the scope of a request for the present one.
_ANSWERS = (
    select(
        _answer.c.key,
        _answer.c.grade,
        _answer.c.not_applicable,
        _answer.c.reason,
        _answer.c.evidence,
        _person.c.name,
        _answer.c.updated_at,
    )
    .join(_return, _return.c.id == _answer.c.return_id)
    .outerjoin(_person, _person.c.id == _answer.c.updated_by)
    .where(
        _return.c.organisation_id == bindparam("organisation_id"),
        _return.c.id == bindparam("earlier_id"),
        _answer.c.key.in_(bindparam("keys", expanding=True)),
    )
)
_FACTS = (
    select(_fact.c.fact, _fact.c.answer)
    .join(_return, _return.c.id == _fact.c.return_id)
    .where(_return.c.organisation_id == bindparam("organisation_id"), _return.c.id == bindparam("earlier_id"))
)


def last_return(session: Session, row: ReturnRow) -> EarlierReturn | None:
    """The organisation's last signed return of a round that opened before this one."""
    found = session.execute(_LAST, {"organisation_id": row.organisation_id, "opens": row.opens}).one_or_none()
    return EarlierReturn(*found) if found else None


def earlier_answers(
    session: Session, row: ReturnRow, last: EarlierReturn, keys: Collection[str]
) -> Mapping[str, Earlier]:
    """Last time's answers by key."""
    asked = {"organisation_id": row.organisation_id, "earlier_id": last.id, "keys": list(keys)}
    return {
        key: Earlier(Answer(grade, not_applicable, reason, evidence), by, at)
        for key, grade, not_applicable, reason, evidence, by, at in session.execute(_ANSWERS, asked).all()
    }


def earlier_facts(session: Session, row: ReturnRow, last: EarlierReturn) -> Mapping[str, bool]:
    """Last time's facts about the setting."""
    asked = {"organisation_id": row.organisation_id, "earlier_id": last.id}
    return {row.fact: row.answer for row in session.execute(_FACTS, asked)}
