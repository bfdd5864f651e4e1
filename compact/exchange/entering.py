"""Paper returns, typed in bit by bit and entered as an import. Flushes, never commits."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from compact.access import scope
from compact.accounts.models import Person
from compact.cycles.models import Cycle
from compact.cycles.store import CycleRow
from compact.organisations.models import Organisation
from compact.questionnaire.values import Edition
from compact.returns.models import Assignment, Handing, Return
from compact.returns.rules import UNANSWERED, Answer, Outcome
from compact.returns.store import add_return
from compact.trail import store as trail

from . import store
from .finished_returns import FinishedReturn, Reference
from .models import PaperAnswer
from .paper import OnPaper, outcome


def typed_so_far(session: Session, cycle_id: int, organisation_id: int) -> dict[str, OnPaper]:
    """What officers have typed of an organisation's paper return, by key."""
    rows = session.execute(
        select(
            PaperAnswer.key,
            PaperAnswer.grade,
            PaperAnswer.not_applicable,
            PaperAnswer.reason,
            PaperAnswer.evidence,
            PaperAnswer.version,
            Person.name,
        )
        .join(Person, Person.id == PaperAnswer.by_id)
        .where(_at(cycle_id, organisation_id))
        .order_by(PaperAnswer.key)
    )
    return {row.key: OnPaper(Answer(*row[1:5]), row.version, row.name) for row in rows}


def keep(
    session: Session,
    cycle_id: int,
    organisation_id: int,
    typed: Mapping[str, tuple[Answer, int]],
    *,
    by: int,
    at: datetime,
) -> frozenset[str]:
    """Keep what was typed, each over the version that was shown; the keys where another officer was first.

    The caller has locked the round, so that two officers' saves follow each other.
    """
    there, clashing = typed_so_far(session, cycle_id, organisation_id), set[str]()
    place = {"cycle_id": cycle_id, "organisation_id": organisation_id}
    for key, (answer, shown) in typed.items():
        kept = there.get(key, OnPaper(UNANSWERED, 0, ""))
        became = outcome(answer, shown, kept.answer, kept.version)
        if became is Outcome.CONFLICT:
            clashing.add(key)
        elif became is Outcome.SAVE:
            values = {**vars(answer), "version": kept.version + 1, "by_id": by, "at": at}
            if kept.version:
                session.execute(
                    update(PaperAnswer)
                    .where(_at(cycle_id, organisation_id), PaperAnswer.key == key)
                    .values(values)
                )
            else:
                session.execute(insert(PaperAnswer).values(**place, key=key, **values))
    return frozenset(clashing)


def throw_away(session: Session, cycle_id: int, organisation_id: int) -> None:
    """Forget what was typed."""
    session.execute(delete(PaperAnswer).where(_at(cycle_id, organisation_id)))


def _at(cycle_id: int, organisation_id: int) -> ColumnElement[bool]:
    return (PaperAnswer.cycle_id == cycle_id) & (PaperAnswer.organisation_id == organisation_id)


def lock(session: Session, cycle_id: int, organisation_id: int) -> None:
    """Let nobody begin, save or sign the organisation's return until the end.

    Of use on PostgreSQL; on SQLite a transaction that writes is alone anyway.
    """
    session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update())
    session.execute(
        select(Return.id)
        .where(Return.cycle_id == cycle_id, Return.organisation_id == organisation_id)
        .order_by(Return.id)
        .with_for_update()
    )


def untouched_draft(session: Session, cycle_id: int, organisation_id: int) -> int | None:
    """The organisation's return in the round, where it was begun and nothing has been done in it."""
    shared_out = exists().where(Assignment.return_id == Return.id)
    handed_on = exists().where(Handing.return_id == Return.id)
    return session.scalar(
        select(Return.id).where(
            Return.cycle_id == cycle_id,
            Return.organisation_id == organisation_id,
            Return.status == "draft",
            Return.number == 1,
            Return.version == 1,
            ~shared_out,
            ~handed_on,
        )
    )


def enter(
    session: Session,
    cycle: CycleRow,
    edition: Edition,
    organisation_id: int,
    setting: str,
    answers: Mapping[str, Answer],
    *,
    by: int,
    at: datetime,
) -> int:
    """Write a paper return as an import is written, over an untouched draft if there is one; its id.

    The caller has locked it and knows that it may be entered. The trail says who did it.
    """
    register, identifier, name = session.execute(
        select(Organisation.register, Organisation.identifier, Organisation.name).where(
            Organisation.id == organisation_id
        )
    ).one()
    finished = FinishedReturn(0, Reference(register, identifier), name, setting, answers, is_whole=True)
    made = untouched_draft(session, cycle.id, organisation_id)
    if made is None:
        made = add_return(session, cycle.id, organisation_id, number=1, now=at, imported=True)
    else:
        scope.take_in(made)
        counts = {"status": "signed", "imported": True, "signed_at": at}
        session.execute(update(Return).where(Return.id == made).values(**counts))
    store.fill(session, cycle, edition, {made: finished}, at)
    throw_away(session, cycle.id, organisation_id)
    detail = {"cycle": cycle.id, "organisation": organisation_id, "answers": len(answers)}
    trail.record(session, "paper return entered", f"return {made}", by=by, at=at, **detail)
    return made
