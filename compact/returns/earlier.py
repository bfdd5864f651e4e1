"""The organisation's last return before this round, read: what `carrying` works on.

Of one that has none yet it is that of the one it goes on from, such as the school that an academy was.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from compact.accounts.models import Person
from compact.cycles.models import Cycle
from compact.db import table
from compact.organisations.models import Organisation

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
    organisation_id: int
    organisation: str


_return, _cycle, _answer = table(Return), table(Cycle), table(AnswerTable)
_organisation = table(Organisation)
_fact, _person = table(ProfileFact), table(Person)
_LAST = (
    select(
        _return.c.id,
        _cycle.c.edition,
        _return.c.setting,
        _cycle.c.name,
        _return.c.signed_at,
        _return.c.organisation_id,
        _organisation.c.name,
    )
    .join(_cycle, _cycle.c.id == _return.c.cycle_id)
    .join(_organisation, _organisation.c.id == _return.c.organisation_id)
    .where(
        _return.c.organisation_id.in_(bindparam("organisations", expanding=True)),
        _return.c.status == "signed",
        _cycle.c.opens < bindparam("opens"),
    )
    .order_by(_cycle.c.opens.desc(), _cycle.c.id.desc(), _return.c.number.desc())
    .limit(1)
)
# An earlier return is read as its organisation's, which is in the scope of a request for the present one:
# its own, or one that it took over from.
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
    """The organisation's last signed return of a round that opened before this one.

    Where it signed none itself, the last one of those that it goes on from.
    """
    for organisations in ((row.organisation_id,), row.before.line):
        if organisations:
            asked = {"organisations": list(organisations), "opens": row.opens}
            if found := session.execute(_LAST, asked).one_or_none():
                return EarlierReturn(*found)
    return None


def earlier_answers(session: Session, last: EarlierReturn, keys: Collection[str]) -> Mapping[str, Earlier]:
    """Last time's answers by key."""
    asked = {"organisation_id": last.organisation_id, "earlier_id": last.id, "keys": list(keys)}
    return {
        key: Earlier(Answer(grade, not_applicable, reason, evidence), by, at)
        for key, grade, not_applicable, reason, evidence, by, at in session.execute(_ANSWERS, asked).all()
    }


def earlier_facts(session: Session, last: EarlierReturn) -> Mapping[str, bool]:
    """Last time's facts about the setting."""
    asked = {"organisation_id": last.organisation_id, "earlier_id": last.id}
    return {row.fact: row.answer for row in session.execute(_FACTS, asked)}
