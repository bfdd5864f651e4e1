"""Returns as rows of columns, read for showing and for deciding; nothing here writes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from compact.access.values import Owner, Person
from compact.accounts.models import Person as PersonTable
from compact.cycles.models import Cycle, CyclePartnership
from compact.organisations.models import Organisation, Partnership, PartnershipArea
from compact.web.frame import Contact

from .models import Answer as AnswerTable
from .models import ProfileFact, Return, ReturnArea
from .rules import Answer


@dataclass(frozen=True)
class ReturnRow:
    """A return with what every page of it shows: its organisation, its cycle, and whose it is."""

    id: int
    cycle_id: int
    organisation_id: int
    number: int
    setting: str
    status: str
    imported: bool
    version: int
    signed_at: datetime | None
    organisation: str
    cycle: str
    edition: str
    opens: date
    closes: date
    owner: Owner
    contact: Contact

    @property
    def is_draft(self) -> bool:
        return self.status == "draft"


_COLUMNS = (
    Return.id,
    Return.cycle_id,
    Return.organisation_id,
    Return.number,
    Return.setting,
    Return.status,
    Return.imported,
    Return.version,
    Return.signed_at,
    Organisation.name,
    Cycle.name,
    Cycle.edition,
    Cycle.opens,
    Cycle.closes,
)
_RETURN = (
    select(
        *_COLUMNS,
        Return.trust_id,
        Partnership.name,
        Partnership.contact_name,
        Partnership.contact_email,
        Partnership.contact_phone,
    )
    .join(Organisation, Organisation.id == Return.organisation_id)
    .join(Cycle, Cycle.id == Return.cycle_id)
    .join(CyclePartnership, CyclePartnership.cycle_id == Cycle.id)
    .join(Partnership, Partnership.id == CyclePartnership.partnership_id)
    .where(Return.id == bindparam("return_id"), CyclePartnership.is_host)
)
_PARTNERSHIPS = (
    select(PartnershipArea.partnership_id)
    .join(ReturnArea, ReturnArea.area == PartnershipArea.area)
    .join(CyclePartnership, CyclePartnership.partnership_id == PartnershipArea.partnership_id)
    .join(Return, (Return.id == ReturnArea.return_id) & (Return.cycle_id == CyclePartnership.cycle_id))
    .where(Return.id == bindparam("return_id"))
    .distinct()
    .order_by(PartnershipArea.partnership_id)
)
_FACTS = select(ProfileFact.fact, ProfileFact.answer).where(ProfileFact.return_id == bindparam("return_id"))
_ANSWER_COLUMNS = (
    AnswerTable.key,
    AnswerTable.grade,
    AnswerTable.not_applicable,
    AnswerTable.reason,
    AnswerTable.evidence,
    AnswerTable.version,
    AnswerTable.updated_by,
    AnswerTable.updated_at,
)
_ANSWERS = select(*_ANSWER_COLUMNS).where(AnswerTable.return_id == bindparam("return_id"))
_ANSWERS_OF_KEYS = _ANSWERS.where(AnswerTable.key.in_(bindparam("keys", expanding=True)))


@dataclass(frozen=True)
class Kept:
    """An answer as it is kept, with its version and who wrote it when."""

    answer: Answer
    version: int
    by: int | None
    at: datetime


def find_return(session: Session, return_id: int, asking: Person | None) -> ReturnRow | None:
    """The return, if there is one. Its partnerships are looked up only for somebody who works for one."""
    row = session.execute(_RETURN, {"return_id": return_id}).one_or_none()
    if row is None:
        return None
    columns: tuple[Any, ...] = tuple(row)
    trust, *contact = columns[len(_COLUMNS) :]
    partnerships = partnerships_of(session, return_id) if asking is None or asking.partnerships else ()
    owner = Owner(frozenset({row.organisation_id}), frozenset(partnerships), trust)
    return ReturnRow(*columns[: len(_COLUMNS)], owner=owner, contact=Contact(*contact))  # type: ignore[misc] # counted by _COLUMNS


def partnerships_of(session: Session, return_id: int) -> tuple[int, ...]:
    """The partnerships of the round in whose areas the organisation worked when the return was started."""
    return tuple(session.scalars(_PARTNERSHIPS, {"return_id": return_id}))


def facts_of(session: Session, return_id: int) -> dict[str, bool]:
    return {row.fact: row.answer for row in session.execute(_FACTS, {"return_id": return_id})}


def kept_answers(session: Session, return_id: int, keys: Collection[str] | None = None) -> Mapping[str, Kept]:
    """The answers of a return by key; only those of `keys` where it is given."""
    if keys is None:
        rows = session.execute(_ANSWERS, {"return_id": return_id})
    else:
        rows = session.execute(_ANSWERS_OF_KEYS, {"return_id": return_id, "keys": list(keys)})
    return {
        row.key: Kept(
            Answer(row.grade, row.not_applicable, row.reason, row.evidence),
            row.version,
            row.updated_by,
            row.updated_at,
        )
        for row in rows
    }


def choices_of(session: Session, return_id: int) -> dict[str, Answer]:
    """Every answer of a return by key, without its evidence: enough to know what is answered and weak."""
    rows = session.execute(
        select(AnswerTable.key, AnswerTable.grade, AnswerTable.not_applicable, AnswerTable.reason).where(
            AnswerTable.return_id == return_id
        )
    )
    return {row.key: Answer(row.grade, row.not_applicable, row.reason) for row in rows}


def names_of(session: Session, people: Collection[int]) -> dict[int, str]:
    """The names of people by id."""
    if not people:
        return {}
    rows = session.execute(select(PersonTable.id, PersonTable.name).where(PersonTable.id.in_(people)))
    return {row.id: row.name for row in rows}
