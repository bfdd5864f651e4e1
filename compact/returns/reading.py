"""Returns as rows of columns, read for showing and for deciding; nothing here writes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, exists, func, select
from sqlalchemy.orm import Session

from compact.access.values import Owner, Person, Scope
from compact.cycles.models import Cycle, CyclePartnership, Extension
from compact.cycles.rules import last_day
from compact.db import table
from compact.organisations.models import Organisation, Partnership, PartnershipArea, Succession
from compact.organisations.succession_store import NOBODY, Before, those_before
from compact.web.clock import today
from compact.web.frame import Contact

from .exceptions import KeptException
from .models import Answer as AnswerTable
from .models import AnswerHistory, Exception_, ExceptionHistory, Handing, ProfileFact, Return, ReturnArea
from .rules import NO_PAGE, Answer, Origin


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
    late_after: date | None
    organisation: str
    cycle: str
    edition: str
    opens: date
    closes: date
    two_people_sign: bool
    works_in_several: bool
    extended_until: date | None
    was_handed_on: bool
    facts: Mapping[str, bool]
    owner: Owner
    contact: Contact
    before: Before = NOBODY

    @property
    def is_draft(self) -> bool:
        return self.status == "draft"

    @property
    def last_day(self) -> date:
        """The organisation's own last day: the round's, or the one it was given more time until."""
        return last_day(self.closes, self.extended_until)

    @property
    def scope(self) -> Scope:
        """The return and its organisations, to which the actions belong."""
        return Scope(frozenset({self.id}), frozenset(self.organisations))

    @property
    def organisations(self) -> tuple[int, ...]:
        """Its organisation, and those that this one took over from: their plans go on in it."""
        return (self.organisation_id, *self.before.everybody)

    @property
    def cycle_and_number(self) -> str:
        """The round, with the number of the return where it is not the first."""
        return self.cycle if self.number == 1 else f"{self.cycle}, number {self.number}"


_return = table(Return)
_organisation = table(Organisation)
_cycle = table(Cycle)
_cycle_partnership = table(CyclePartnership)
_partnership = table(Partnership)
_partnership_area = table(PartnershipArea)
_return_area = table(ReturnArea)
_fact = table(ProfileFact)
_answer = table(AnswerTable)
_wanting = _partnership.alias()
_extension = table(Extension)
_handing = table(Handing)
_asking = _cycle_partnership.alias()
# Whether a partnership of the return, as `partnerships_of` finds them, wants two people.
_TWO_PEOPLE_SIGN = exists().where(
    _return_area.c.return_id == _return.c.id,
    _partnership_area.c.area == _return_area.c.area,
    _asking.c.partnership_id == _partnership_area.c.partnership_id,
    _asking.c.cycle_id == _return.c.cycle_id,
    _wanting.c.id == _asking.c.partnership_id,
    _wanting.c.two_people_sign,
)
# Whether the return belongs to several partnerships, as `partnerships_of` finds them.
_WORKS_IN_SEVERAL = (
    select(func.count(_asking.c.partnership_id.distinct()) > 1)
    .select_from(_return_area)
    .join(_partnership_area, _partnership_area.c.area == _return_area.c.area)
    .join(_asking, _asking.c.partnership_id == _partnership_area.c.partnership_id)
    .where(_return_area.c.return_id == _return.c.id, _asking.c.cycle_id == _return.c.cycle_id)
    .scalar_subquery()
)
_EXTENDED_UNTIL = (
    select(_extension.c.until)
    .where(
        _extension.c.cycle_id == _return.c.cycle_id, _extension.c.organisation_id == _return.c.organisation_id
    )
    .scalar_subquery()
)
_TOOK_OVER = exists().where(table(Succession).c.new_id == _return.c.organisation_id)
_WAS_HANDED_ON = exists().where(_handing.c.return_id == _return.c.id)
_COLUMNS = (
    _return.c.id,
    _return.c.cycle_id,
    _return.c.organisation_id,
    _return.c.number,
    _return.c.setting,
    _return.c.status,
    _return.c.imported,
    _return.c.version,
    _return.c.signed_at,
    _return.c.late_after,
    _organisation.c.name,
    _cycle.c.name,
    _cycle.c.edition,
    _cycle.c.opens,
    _cycle.c.closes,
    _TWO_PEOPLE_SIGN,
    _WORKS_IN_SEVERAL,
    _EXTENDED_UNTIL,
    _WAS_HANDED_ON,
)
_RETURN = (
    select(
        *_COLUMNS,
        case((_return.c.trust_id == _organisation.c.trust_id, _return.c.trust_id)),
        _TOOK_OVER,
        _partnership.c.name,
        _partnership.c.contact_name,
        _partnership.c.contact_email,
        _partnership.c.contact_phone,
        _fact.c.fact,
        _fact.c.answer,
    )
    .join(_organisation, _organisation.c.id == _return.c.organisation_id)
    .join(_cycle, _cycle.c.id == _return.c.cycle_id)
    .join(_cycle_partnership, _cycle_partnership.c.cycle_id == _cycle.c.id)
    .join(_partnership, _partnership.c.id == _cycle_partnership.c.partnership_id)
    .outerjoin(_fact, _fact.c.return_id == _return.c.id)
    .where(_return.c.id == bindparam("return_id"), _cycle_partnership.c.is_host)
)
_PARTNERSHIPS = (
    select(_partnership_area.c.partnership_id)
    .join(_return_area, _return_area.c.area == _partnership_area.c.area)
    .join(_cycle_partnership, _cycle_partnership.c.partnership_id == _partnership_area.c.partnership_id)
    .join(
        _return,
        (_return.c.id == _return_area.c.return_id) & (_return.c.cycle_id == _cycle_partnership.c.cycle_id),
    )
    .where(_return.c.id == bindparam("return_id"), _return.c.cycle_id == _cycle_partnership.c.cycle_id)
    .distinct()
    .order_by(_partnership_area.c.partnership_id)
)
_FACTS = select(_fact.c.fact, _fact.c.answer).where(_fact.c.return_id == bindparam("return_id"))
_ANSWER_COLUMNS = (
    _answer.c.key,
    _answer.c.grade,
    _answer.c.not_applicable,
    _answer.c.reason,
    _answer.c.evidence,
    _answer.c.version,
    _answer.c.updated_by,
    _answer.c.updated_at,
    _answer.c.page,
    _answer.c.sequence,
)
_ANSWERS = select(*_ANSWER_COLUMNS).where(_answer.c.return_id == bindparam("return_id"))
_CHOICES = select(_answer.c.key, _answer.c.grade, _answer.c.not_applicable, _answer.c.reason).where(
    _answer.c.return_id == bindparam("return_id")
)
# One alone is saved most often, and a list's statement is written out anew each time.
_ANSWER_OF_KEY = _ANSWERS.where(_answer.c.key == bindparam("key"))
_ANSWERS_OF_KEYS = _ANSWERS.where(_answer.c.key.in_(bindparam("keys", expanding=True)))


@dataclass(frozen=True)
class Kept:
    """An answer as it is kept, with its version, who wrote it when, and on which page."""

    answer: Answer
    version: int
    by: int | None
    at: datetime
    origin: Origin = NO_PAGE


def find_return(session: Session, return_id: int, asking: Person | None) -> ReturnRow | None:
    """The return, if there is one. Its partnerships are looked up only for somebody who works for one.

    It is the trust's that the organisation was in when it was started, for as long as it stays there.
    """
    rows = session.execute(_RETURN, {"return_id": return_id}).all()
    if not rows:
        return None
    facts = {row.fact: row.answer for row in rows if row.fact is not None}  # each has a row of its own
    columns: tuple[Any, ...] = tuple(rows[0])
    trust, took_over, *contact = columns[len(_COLUMNS) : -2]
    partnerships = partnerships_of(session, return_id) if asking is None or asking.partnerships else ()
    owner = Owner(frozenset({rows[0].organisation_id}), frozenset(partnerships), trust)
    of = rows[0].organisation_id
    before = those_before(session, [of], today()).get(of, NOBODY) if took_over else NOBODY
    return ReturnRow(  # type: ignore[misc] # counted by _COLUMNS
        *columns[: len(_COLUMNS)], facts=facts, owner=owner, contact=Contact(*contact), before=before
    )


def partnerships_of(session: Session, return_id: int) -> tuple[int, ...]:
    """The partnerships of the round in whose areas the organisation worked when the return was started."""
    return tuple(session.scalars(_PARTNERSHIPS, {"return_id": return_id}))


def two_people_sign(session: Session, return_id: int) -> bool:
    """Whether a partnership of the return wants nobody to sign what they wrote."""
    return bool(session.scalar(select(_TWO_PEOPLE_SIGN).where(_return.c.id == return_id)))


def authors_of(session: Session, return_id: int) -> frozenset[int]:
    """Everybody who wrote or changed an answer of this number of the return, even one that is gone.

    An exception is an answer for one partnership.
    """
    return frozenset(
        person
        for history in (AnswerHistory, ExceptionHistory)
        for person in session.scalars(
            select(history.updated_by).where(history.return_id == return_id).distinct()
        )
        if person is not None
    )


def exceptions_of(session: Session, return_id: int) -> list[KeptException]:
    """The exceptions of a return, by partnership and key: all of them, for whoever sees all."""
    rows = session.execute(
        select(
            Partnership.id,
            Partnership.name,
            Exception_.key,
            Exception_.grade,
            Exception_.not_applicable,
            Exception_.note,
        )
        .join(Partnership, Partnership.id == Exception_.partnership_id)
        .where(Exception_.return_id == return_id)
        .order_by(Partnership.id, Exception_.key)
    )
    return [KeptException(*row) for row in rows]


def facts_of(session: Session, return_id: int) -> dict[str, bool]:
    rows = session.execute(_FACTS, {"return_id": return_id}).all()
    return {fact: answer for fact, answer in rows}  # noqa: C416 # a row is no pair to a type checker


def kept_answers(
    source: Session | Connection, return_id: int, keys: Collection[str] | None = None
) -> Mapping[str, Kept]:
    """The answers of a return by key; only those of `keys` where it is given."""
    if keys is None:
        rows = source.execute(_ANSWERS, {"return_id": return_id})
    elif len(keys) == 1:
        rows = source.execute(_ANSWER_OF_KEY, {"return_id": return_id, "key": next(iter(keys))})
    else:
        rows = source.execute(_ANSWERS_OF_KEYS, {"return_id": return_id, "keys": list(keys)})
    return {
        key: Kept(Answer(grade, not_applicable, reason, evidence), version, by, at, Origin(page, sequence))
        for key, grade, not_applicable, reason, evidence, version, by, at, page, sequence in rows.all()
    }


def choices_of(session: Session, return_id: int) -> dict[str, Answer]:
    """Every answer of a return by key, without its evidence: enough to know what is answered and weak."""
    rows = session.execute(_CHOICES, {"return_id": return_id})
    return {key: Answer(grade, not_applicable, reason) for key, grade, not_applicable, reason in rows.all()}
