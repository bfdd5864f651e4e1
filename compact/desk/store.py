"""What the desk keeps of a round: its launch, its mails, calls, who is excused. Flushes, never commits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from compact.accounts.models import Person
from compact.cycles.models import Cycle, Due, Excused
from compact.cycles.store import CycleRow, works_in
from compact.db import table
from compact.mail.models import OutboxMail
from compact.organisations.models import Organisation, Succession
from compact.returns.models import Return
from compact.trail import store as trail
from compact.web.clock import today

from .models import ContactNote, Launch, RoundMail
from .rules import Note


def lock_round(session: Session, cycle_id: int, organisations: Sequence[int]) -> None:
    """Let nobody else write to a round's organisations, and none of them sign, until this transaction ends.

    So whoever waited sees what was written or signed, and writes to nobody twice or too late.
    """
    session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update(key_share=True)).one()
    session.execute(
        select(Return.id)
        .where(
            Return.cycle_id == cycle_id,
            Return.organisation_id.in_(organisations),
            Return.status == "draft",
        )
        .order_by(Return.id)
        .with_for_update()
    ).all()


@dataclass(frozen=True)
class LaunchRow:
    """When a round was launched, and by whom."""

    at: datetime
    by: str | None


def launches(session: Session, cycles: Collection[int]) -> dict[int, LaunchRow]:
    """The launches of rounds by the rounds' ids; none where one was not launched."""
    rows = session.execute(_launches(), {"cycles": [*cycles]})
    return {cycle_id: LaunchRow(at, name) for cycle_id, at, name in rows}


@cache
def _launches() -> Select[*tuple[Any, ...]]:
    return (
        select(Launch.cycle_id, Launch.at, Person.name)
        .outerjoin(Person, Person.id == Launch.by_id)
        .where(Launch.cycle_id.in_(bindparam("cycles", expanding=True)))
    )


def launched_rounds(session: Session) -> list[int]:
    """The ids of the rounds that were launched, the first one first."""
    return list(session.scalars(select(Launch.cycle_id).order_by(Launch.at, Launch.cycle_id)))


def launch(session: Session, cycle_id: int, *, by: int, at: datetime) -> bool:
    """Note that a round is launched; False where it was already. The caller has locked it."""
    if session.scalar(select(Launch.cycle_id).where(Launch.cycle_id == cycle_id)) is not None:
        return False
    session.execute(insert(Launch).values(cycle_id=cycle_id, at=at, by_id=by))
    trail.record(session, "round launched", f"cycle {cycle_id}", by=by, at=at)
    return True


def asked_in(session: Session, cycle_id: int, partnerships: Sequence[int]) -> frozenset[int]:
    """The ids of the organisations of these partnerships that were ever asked in a round."""
    return frozenset(
        session.scalars(
            select(Due.organisation_id)
            .join(Organisation, Organisation.id == Due.organisation_id)
            .where(Due.cycle_id == cycle_id, works_in(partnerships))
        )
    )


def excuse(session: Session, cycle_id: int, organisation_id: int, why: str, *, by: int, at: datetime) -> bool:
    """Excuse an organisation from a round; False where it is already. The caller has locked the round."""
    place = {"cycle_id": cycle_id, "organisation_id": organisation_id}
    if why_excused(session, cycle_id, organisation_id) is not None:
        return False
    session.execute(insert(Excused).values(**place, why=why))
    trail.record(session, "excused", f"organisation {organisation_id}", by=by, at=at, cycle=cycle_id, why=why)
    return True


def ask_again(session: Session, cycle_id: int, organisation_id: int, *, by: int, at: datetime) -> None:
    """Take it back that an organisation is excused, if it is. The caller has locked the round."""
    gone = session.execute(
        delete(Excused)
        .where(Excused.cycle_id == cycle_id, Excused.organisation_id == organisation_id)
        .returning(Excused.organisation_id)
    ).all()
    if gone:
        trail.record(session, "asked again", f"organisation {organisation_id}", by=by, at=at, cycle=cycle_id)


def why_excused(session: Session, cycle_id: int, organisation_id: int) -> str | None:
    return session.scalar(
        select(Excused.why).where(Excused.cycle_id == cycle_id, Excused.organisation_id == organisation_id)
    )


def _answered_before(cycle_id: int) -> ColumnElement[bool]:
    """The condition that one that an organisation took over from has signed in a round: that counts there."""
    return Organisation.id.in_(
        select(Succession.new_id)
        .join(Return, Return.organisation_id == Succession.old_id)
        .where(Return.cycle_id == cycle_id, Return.status == "signed", Succession.on <= today())
    )


@dataclass(frozen=True)
class Candidate:
    """An organisation that could be added to a round."""

    id: int
    name: str
    setting: str
    postcode: str | None


def candidates(
    session: Session, cycle: CycleRow, partnership: int, looking_for: str, *, limit: int = 50
) -> list[Candidate]:
    """The open organisations of a partnership whose type a round asks, and that it does not ask yet."""
    rows = session.execute(
        select(Organisation.id, Organisation.name, Organisation.setting, Organisation.postcode)
        .where(
            Organisation.status == "open",
            Organisation.setting.in_(cycle.settings),
            func.lower(Organisation.name).contains(looking_for.strip().lower(), autoescape=True),
            works_in([partnership]),
            ~exists().where(Due.cycle_id == cycle.id, Due.organisation_id == Organisation.id),
            ~_answered_before(cycle.id),
        )
        .order_by(Organisation.name, Organisation.id)
        .limit(limit)
    )
    return [Candidate(*row) for row in rows]


def candidate(session: Session, cycle: CycleRow, partnership: int, organisation_id: int) -> Candidate | None:
    """One of them, if it is one."""
    row = session.execute(
        select(Organisation.id, Organisation.name, Organisation.setting, Organisation.postcode).where(
            Organisation.id == organisation_id,
            Organisation.status == "open",
            Organisation.setting.in_(cycle.settings),
            works_in([partnership]),
            ~exists().where(Due.cycle_id == cycle.id, Due.organisation_id == Organisation.id),
            ~_answered_before(cycle.id),
        )
    ).one_or_none()
    return Candidate(*row) if row else None


@dataclass(frozen=True)
class MailSeen:
    """A mail about an organisation's part in a round; without a subject once the outbox has forgotten it."""

    at: datetime
    kind: str
    to: str
    by: str | None
    subject: str | None
    text: str | None
    sent_at: datetime | None
    failed_at: datetime | None
    returned_at: datetime | None
    handed_over_at: datetime | None
    last_error: str | None


def mails_to(session: Session, cycle_id: int, organisation_id: int) -> list[MailSeen]:
    """Who was written to about an organisation's part in a round, the newest first."""
    to, by = aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            RoundMail.at,
            RoundMail.kind,
            to.name.label("to"),
            by.name.label("by"),
            OutboxMail.subject,
            OutboxMail.text,
            OutboxMail.sent_at,
            OutboxMail.failed_at,
            OutboxMail.returned_at,
            OutboxMail.handed_over_at,
            OutboxMail.last_error,
        )
        .join(to, to.id == RoundMail.person_id)
        .outerjoin(by, by.id == RoundMail.by_id)
        .outerjoin(OutboxMail, OutboxMail.id == RoundMail.mail_id)
        .where(RoundMail.cycle_id == cycle_id, RoundMail.organisation_id == organisation_id)
        .order_by(RoundMail.id.desc())
    )
    return [MailSeen(**row._mapping) for row in rows]


@dataclass(frozen=True)
class NoteSeen:
    """A call that was noted."""

    on: date
    whom: str
    said: str
    by: str | None


def notes_of(session: Session, cycle_id: int, organisation_id: int) -> list[NoteSeen]:
    """The calls about an organisation's part in a round, the newest first."""
    rows = session.execute(
        select(ContactNote.on, ContactNote.whom, ContactNote.said, Person.name)
        .outerjoin(Person, Person.id == ContactNote.by_id)
        .where(ContactNote.cycle_id == cycle_id, ContactNote.organisation_id == organisation_id)
        .order_by(ContactNote.on.desc(), ContactNote.id.desc())
    )
    return [NoteSeen(*row) for row in rows]


def add_note(
    session: Session, cycle_id: int, organisation_id: int, note: Note, *, by: int, at: datetime
) -> None:
    values = {"whom": note.whom, "on": note.on, "said": note.said, "by_id": by, "at": at}
    session.execute(insert(ContactNote).values(cycle_id=cycle_id, organisation_id=organisation_id, **values))


MAIL, CALL = "mail", "call"


def last_contacts(
    session: Session, cycle_id: int, organisations: Sequence[int]
) -> Mapping[int, tuple[datetime, str]]:
    """When each organisation was last written to or spoken to about a round, and which of the two it was."""
    found: dict[int, tuple[datetime, str]] = {}
    for organisation_id, at, what in session.execute(
        _last_contacts(), {"cycle_id": cycle_id, "organisations": [*organisations]}
    ):
        found[organisation_id] = max(found.get(organisation_id, (at, what)), (at, what))
    return found


@cache
def _last_contacts() -> CompoundSelect[*tuple[Any, ...]]:
    halves = [
        select(at.c.organisation_id, func.max(at.c.at), literal(what))
        .where(
            at.c.cycle_id == bindparam("cycle_id"),
            at.c.organisation_id.in_(bindparam("organisations", expanding=True)),
        )
        .group_by(at.c.organisation_id)
        for at, what in ((table(RoundMail), MAIL), (table(ContactNote), CALL))
    ]
    return union_all(*halves)
