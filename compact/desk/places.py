"""How far each organisation of a round is: a handful of questions for a thousand organisations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from compact.cycles import editions
from compact.cycles.models import Due, Excused, Extension
from compact.cycles.rules import is_late, last_day
from compact.cycles.store import CycleRow, works_in
from compact.organisations.models import Organisation
from compact.questionnaire.values import Questionnaire
from compact.returns.models import Answer, Handing, ProfileFact, Return
from compact.web.clock import local_day

from .not_arrived import NotArrived, not_arrived
from .rules import UNSIGNED, Stage, stage_of_draft

_FACT, _KEY = "fact", "key"


@dataclass(frozen=True)
class PlaceRow:
    """An organisation that is asked in a round, and how far it is.

    `signed_at` is when it signed first; `is_late` whether its last day is over and it has not, or did after
    it; `is_bounced` whether the latest mail to somebody who signs for it, or an invitation to sign, was given
    up or came back, and `not_arrived` those invitations.
    """

    organisation_id: int
    organisation: str
    setting: str
    phase: str | None
    stage: Stage
    asked_on: date
    last_day: date
    is_late: bool
    is_bounced: bool
    return_id: int | None
    signed_at: datetime | None
    why_excused: str | None
    not_arrived: tuple[NotArrived, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether something is still due: nobody else is chased (trust I7)."""
        return self.stage in UNSIGNED


@dataclass(frozen=True)
class _State:
    """The highest number of a return, and what of it is answered and asked where it is a draft."""

    return_id: int
    setting: str
    is_ready: bool
    answered: int
    asked: int
    signed_at: datetime | None
    late_after: date | None


def places_of_round(
    session: Session,
    cycle: CycleRow,
    partnerships: Sequence[int],
    today: date,
    *,
    organisations: Sequence[int] | None = None,
) -> list[PlaceRow]:
    """The organisations that these partnerships ask in a round, by name; only some, where they are given.

    One that closed before it signed is not asked any more. One that was reopened has signed: that counts.
    """
    states = _states(session, cycle, organisations)
    bounced = not_arrived(session, cycle.id, organisations)
    return [
        _place(row, states.get(row.id), cycle.closes, today, bounced.get(row.id))
        for row in _asked(session, cycle.id, partnerships, organisations)
        if row.status == "open" or (row.id in states and states[row.id].signed_at)
    ]


def _asked(
    session: Session, cycle_id: int, partnerships: Sequence[int], organisations: Sequence[int] | None
) -> Sequence[Any]:
    """Everybody that was ever asked, with the time they were given and why they are excused."""
    return session.execute(
        select(
            Organisation.id,
            Organisation.name,
            Organisation.setting,
            Organisation.phase,
            Organisation.status,
            Due.added_at,
            Extension.until,
            Excused.why,
        )
        .select_from(Due)
        .join(Organisation, Organisation.id == Due.organisation_id)
        .outerjoin(
            Extension,
            and_(Extension.cycle_id == cycle_id, Extension.organisation_id == Due.organisation_id),
        )
        .outerjoin(
            Excused, and_(Excused.cycle_id == Due.cycle_id, Excused.organisation_id == Due.organisation_id)
        )
        .where(Due.cycle_id == cycle_id, works_in(partnerships), _among(Due, organisations))
        .order_by(Organisation.name, Organisation.id)
    ).all()


def _among(model: Any, organisations: Sequence[int] | None) -> ColumnElement[bool]:
    return true() if organisations is None else model.organisation_id.in_(organisations)


def _place(
    row: Any, state: _State | None, closes: date, today: date, bounced: Sequence[NotArrived] | None
) -> PlaceRow:
    own_last_day = last_day(closes, row.until)
    stage = _stage(state, is_excused=row.why is not None)
    missed = state.late_after is not None if state and stage is Stage.SIGNED else is_late(today, own_last_day)
    return PlaceRow(
        row.id,
        row.name,
        state.setting if state else row.setting,
        row.phase,
        stage,
        local_day(row.added_at),
        own_last_day,
        missed and stage is not Stage.EXCUSED,
        bounced is not None and stage in UNSIGNED,
        state.return_id if state else None,
        state.signed_at if state else None,
        row.why,
        tuple(bounced or ()),
    )


def _stage(state: _State | None, *, is_excused: bool) -> Stage:
    if state and state.signed_at:
        return Stage.SIGNED
    if is_excused:
        return Stage.EXCUSED
    if state is None:
        return Stage.NEVER_OPENED
    return stage_of_draft(state.answered, state.asked, is_ready=state.is_ready)


def _states(session: Session, cycle: CycleRow, organisations: Sequence[int] | None) -> dict[int, _State]:
    """Where each organisation's return is, by organisation; what is answered is only counted for drafts."""
    given = or_(Answer.grade.is_not(None), Answer.not_applicable)
    answered = select(func.count()).where(Answer.return_id == Return.id, given).scalar_subquery()
    handing = select(Handing.reason.is_(None)).where(Handing.return_id == Return.id)
    ready = handing.order_by(Handing.id.desc()).limit(1).scalar_subquery()
    is_draft = Return.status == "draft"
    rows = session.execute(
        select(
            Return.id,
            Return.organisation_id,
            Return.setting,
            Return.signed_at,
            Return.late_after,
            case((is_draft, ready)).label("ready"),
            case((is_draft, answered), else_=0).label("answered"),
        )
        .where(Return.cycle_id == cycle.id, _among(Return, organisations))
        .order_by(Return.number)
    ).all()
    left_out = _left_out(session, cycle, organisations)
    edition = editions.edition(cycle.edition)
    states: dict[int, _State] = {}
    for row in rows:
        facts, keys = left_out.get(row.id, ((), ()))
        not_asked = _keys_asked_when(edition.questionnaires[row.setting], facts)
        before = states.get(row.organisation_id)
        states[row.organisation_id] = _State(
            row.id,
            row.setting,
            bool(row.ready),
            row.answered - len(not_asked.intersection(keys)),
            len(edition.questionnaires[row.setting].indicators) - len(not_asked),
            before.signed_at if before and before.signed_at else row.signed_at,
            before.late_after if before and before.signed_at else row.late_after,
        )
    return states


def _keys_asked_when(questionnaire: Questionnaire, facts: Sequence[str]) -> frozenset[str]:
    """What is not asked where these facts are answered no."""
    return frozenset(each.key for each in questionnaire.indicators if each.asked_when in facts)


def _left_out(
    session: Session, cycle: CycleRow, organisations: Sequence[int] | None
) -> Mapping[int, tuple[list[str], list[str]]]:
    """Of each draft, the facts that are answered no, and the answers to what is only sometimes asked."""
    questionnaires = [editions.questionnaire(cycle.edition, each) for each in cycle.settings]
    sometimes = sorted({each.key for one in questionnaires for each in one.indicators if each.asked_when})
    drafts = (Return.cycle_id == cycle.id, Return.status == "draft", _among(Return, organisations))
    facts = (
        select(ProfileFact.return_id, literal(_FACT), ProfileFact.fact)
        .join(Return, Return.id == ProfileFact.return_id)
        .where(*drafts, ~ProfileFact.answer)
    )
    keys = (
        select(Answer.return_id, literal(_KEY), Answer.key)
        .join(Return, Return.id == Answer.return_id)
        .where(*drafts, Answer.key.in_(sometimes), or_(Answer.grade.is_not(None), Answer.not_applicable))
    )
    found: dict[int, tuple[list[str], list[str]]] = {}
    for return_id, kind, name in session.execute(union_all(facts, keys)):
        found.setdefault(return_id, ([], []))[kind == _KEY].append(name)
    return found
