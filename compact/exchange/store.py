"""Finished returns held against what is there, and written in bulk. Flushes, never commits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from compact.cycles.messages import about_part
from compact.cycles.models import Cycle, Due
from compact.cycles.store import CycleRow, add_due, works_in
from compact.mail.store import drop_all_about
from compact.organisations.models import Organisation, OrganisationArea, Partnership, PartnershipArea
from compact.organisations.rules import LOCAL
from compact.organisations.store import partnerships
from compact.questionnaire.values import Edition
from compact.returns.models import Answer as AnswerTable
from compact.returns.models import AnswerHistory, Return, ReturnArea
from compact.returns.rules import Answer
from compact.review.looking import look_at
from compact.sign_off.models import StandardResult
from compact.sign_off.rules import Result, grades_for, results

from .finished_returns import (
    FinishedReturn,
    Found,
    Held,
    Key,
    Known,
    Reference,
    answers_here,
    areas_of_new,
    differs,
    wrong_organisation,
)

BATCH = 200
"""How many returns are read or written at once, so that memory does not grow with the file."""

# Without it every row that is empty where the one before was not begins another statement.
_NULLS_TOO = {"render_nulls": True}


@dataclass(frozen=True)
class Plan:
    """What an import would do: the returns to add, each with its organisation's id where it is known."""

    added: Sequence[tuple[FinishedReturn, int | None]]
    unchanged: int
    found: Sequence[Found]


def lock(session: Session, cycle: CycleRow) -> None:
    """Let nobody begin a return in the round, or make a local organisation of its host, until the end.

    Of use on PostgreSQL; on SQLite a transaction that writes is alone anyway.
    """
    session.execute(select(Cycle.id).where(Cycle.id == cycle.id).with_for_update())
    session.execute(select(Partnership.id).where(Partnership.id == cycle.partnerships[0]).with_for_update())


def plan(session: Session, cycle: CycleRow, returns: Sequence[FinishedReturn]) -> Plan:
    """Hold the returns of a file against the organisations and returns that are there."""
    known, held = _known(session, cycle), _held(session, cycle.id)
    added: list[tuple[FinishedReturn, int | None]] = []
    again: dict[int, tuple[FinishedReturn, str | None]] = {}
    found: list[Found] = []
    for each in returns:
        here = known.get(each.reference.key)
        there = held.get(here.id, []) if here else []
        imported = [one.id for one in there if one.imported]
        wrong = wrong_organisation(each, known, cycle.settings)
        refused = answers_here(each.reference, there)
        if wrong or (refused and not imported):
            found += [(each.line, message) for message in (wrong, refused) if message]
        elif not there:
            added.append((each, here.id if here else None))
        elif each.is_whole:
            again[imported[-1]] = (each, refused)
    for return_id, answers in _answers(session, list(again)):
        each, refused = again[return_id]
        if wrong := differs(each.reference, answers, each.answers):
            found.append((each.line, refused or wrong))
    return Plan(added, len(again), found)


def _known(session: Session, cycle: CycleRow) -> dict[Key, Known]:
    """The organisations of the national registers, and the local ones of the round's host."""
    is_due = (
        select(Due.organisation_id)
        .where(Due.cycle_id == cycle.id, Due.organisation_id == Organisation.id)
        .exists()
    )
    rows = session.execute(
        select(
            Organisation.register,
            Organisation.identifier,
            Organisation.id,
            Organisation.setting,
            or_(works_in(cycle.partnerships), is_due).label("is_ours"),
        )
        .where(or_(Organisation.owner_id.is_(None), Organisation.owner_id == cycle.partnerships[0]))
        .order_by(Organisation.id)
    )
    return {
        Reference(row.register, row.identifier).key: Known(row.id, row.setting, row.is_ours) for row in rows
    }


def _held(session: Session, cycle_id: int) -> dict[int, list[Held]]:
    """Every return of the round by its organisation, in the order of their numbers."""
    held: dict[int, list[Held]] = {}
    for row in session.execute(
        select(Return.organisation_id, Return.id, Return.status, Return.imported)
        .where(Return.cycle_id == cycle_id)
        .order_by(Return.organisation_id, Return.number)
    ):
        held.setdefault(row.organisation_id, []).append(Held(row.id, row.status, row.imported))
    return held


def _answers(session: Session, return_ids: Sequence[int]) -> Iterator[tuple[int, Mapping[str, Answer]]]:
    """Each return's answers by key."""
    for first in range(0, len(return_ids), BATCH):
        answers: dict[int, dict[str, Answer]] = {each: {} for each in return_ids[first : first + BATCH]}
        for return_id, key, grade, not_applicable, reason, evidence in session.execute(
            select(
                AnswerTable.return_id,
                AnswerTable.key,
                AnswerTable.grade,
                AnswerTable.not_applicable,
                AnswerTable.reason,
                AnswerTable.evidence,
            ).where(AnswerTable.return_id.in_(answers))
        ):
            answers[return_id][key] = Answer(grade, not_applicable, reason, evidence)
        yield from answers.items()


def add_returns(
    session: Session,
    cycle: CycleRow,
    edition: Edition,
    added: Sequence[tuple[FinishedReturn, int | None]],
    now: datetime,
) -> Iterator[int]:
    """Write returns as signed, with the organisations that are not known yet; yields how many at a time."""
    for first in range(0, len(added), BATCH):
        batch = added[first : first + BATCH]
        made = _add_organisations(session, cycle, [each for each, known in batch if known is None])
        returns = {made[each.reference.key] if known is None else known: each for each, known in batch}
        _add_batch(session, cycle, edition, returns, now)
        yield len(batch)


def _add_organisations(session: Session, cycle: CycleRow, new: Sequence[FinishedReturn]) -> dict[Key, int]:
    """Make local organisations of the round's host; their ids."""
    if not new:
        return {}
    host = cycle.partnerships[0]
    areas = {row.id: row.areas for row in partnerships(session) if row.id in cycle.partnerships}
    of_round = [area for each in areas.values() for area in each]
    rows = [
        {
            "register": LOCAL,
            "owner_id": host,
            "identifier": each.reference.identifier,
            "name": each.name,
            "setting": each.setting,
            "status": "open",
        }
        for each in new
    ]
    session.execute(insert(Organisation), rows)
    made = session.execute(
        select(Organisation.register, Organisation.identifier, Organisation.id, Organisation.setting)
        .where(Organisation.owner_id == host)
        .where(Organisation.identifier.in_([each.reference.identifier for each in new]))
    ).all()
    session.execute(
        insert(OrganisationArea),
        [
            {"organisation_id": row.id, "area": area}
            for row in made
            for area in areas_of_new(row.setting, areas[host], of_round)
        ],
    )
    return {Reference(row.register, row.identifier).key: row.id for row in made}


def _add_batch(
    session: Session, cycle: CycleRow, edition: Edition, returns: Mapping[int, FinishedReturn], now: datetime
) -> None:
    """Write returns by organisation; who was not due in the round is so from now on.

    What waits to be sent to them about the round is not sent any more: nothing is due (I7).
    """
    due = session.scalars(
        select(Due.organisation_id).where(Due.cycle_id == cycle.id, Due.organisation_id.in_(returns))
    )
    add_due(session, cycle.id, sorted(returns.keys() - set(due)), now)
    fill(session, cycle, edition, _pin_returns(session, cycle.id, returns, now), now)
    drop_all_about(session, [about_part(cycle.id, each) for each in sorted(returns)], now)


def fill(
    session: Session, cycle: CycleRow, edition: Edition, made: Mapping[int, FinishedReturn], now: datetime
) -> None:
    """Write the answers of returns that count as signed, their results, and the reasons to look at them."""
    _add_answers(session, made, now)
    _add_results(session, cycle, edition, made)
    look_at(session, sorted(made))


def _pin_returns(
    session: Session, cycle_id: int, returns: Mapping[int, FinishedReturn], now: datetime
) -> dict[int, FinishedReturn]:
    """Number 1 of each return, signed and imported, pinned to what its organisation is; by their ids."""
    pinned = (Organisation.setting, Organisation.phase, Organisation.trust_id)
    rows = session.execute(
        select(Organisation.id.label("organisation_id"), *pinned)
        .where(Organisation.id.in_(returns))
        .order_by(Organisation.id)
    )
    same = {
        "cycle_id": cycle_id,
        "number": 1,
        "status": "signed",
        "imported": True,
        "version": 1,
        "started_at": now,
        "signed_at": now,
    }
    session.execute(
        insert(Return), [{**row, **same} for row in rows.mappings()], execution_options=_NULLS_TOO
    )
    ids = session.execute(
        select(Return.id, Return.organisation_id).where(
            Return.cycle_id == cycle_id, Return.organisation_id.in_(returns)
        )
    )
    made = {row.id: returns[row.organisation_id] for row in ids}
    session.execute(
        insert(ReturnArea).from_select(
            ["return_id", "area"],
            select(Return.id, OrganisationArea.area)
            .join(OrganisationArea, OrganisationArea.organisation_id == Return.organisation_id)
            .where(Return.id.in_(made)),
        )
    )
    return made


def _add_answers(session: Session, made: Mapping[int, FinishedReturn], now: datetime) -> None:
    """Write the answers of returns, and each as version 1 of its history."""
    answers = [
        {
            "return_id": return_id,
            "key": key,
            "grade": answer.grade,
            "not_applicable": answer.not_applicable,
            "reason": answer.reason,
            "evidence": answer.evidence,
            "version": 1,
            "updated_by": None,
            "updated_at": now,
        }
        for return_id, finished in made.items()
        for key, answer in finished.answers.items()
    ]
    session.execute(insert(AnswerTable), answers, execution_options=_NULLS_TOO)
    names = list(answers[0])
    stored = select(*(getattr(AnswerTable, name) for name in names)).where(AnswerTable.return_id.in_(made))
    session.execute(insert(AnswerHistory).from_select(names, stored))


def _add_results(
    session: Session, cycle: CycleRow, edition: Edition, made: Mapping[int, FinishedReturn]
) -> None:
    """Write each standard's result; for every partnership the same, for an import has no exceptions."""
    partnerships_of: dict[int, list[int | None]] = {return_id: [None] for return_id in made}
    for return_id, partnership in session.execute(
        select(ReturnArea.return_id, PartnershipArea.partnership_id)
        .join(PartnershipArea, PartnershipArea.area == ReturnArea.area)
        .where(ReturnArea.return_id.in_(made), PartnershipArea.partnership_id.in_(cycle.partnerships))
        .distinct()
        .order_by(ReturnArea.return_id, PartnershipArea.partnership_id)
    ):
        partnerships_of[return_id].append(partnership)
    rows = [
        {
            "return_id": return_id,
            "partnership_id": partnership,
            "standard": result.standard,
            "graded": result.graded,
            "weak": result.weak,
        }
        for return_id, finished in made.items()
        for result in _results(edition, finished)
        for partnership in partnerships_of[return_id]
    ]
    if rows:
        session.execute(insert(StandardResult), rows, execution_options=_NULLS_TOO)


def _results(edition: Edition, finished: FinishedReturn) -> tuple[Result, ...]:
    grades = {key: answer.grade for key, answer in finished.answers.items()}
    return results(grades_for(edition.questionnaires[finished.setting], grades, {}), edition.scale.weak_keys)
