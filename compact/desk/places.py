"""How far each organisation of a round is: a handful of questions for a thousand organisations."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from compact.cycles import editions
from compact.cycles.models import Due, Excused, Extension
from compact.cycles.rules import is_late, last_day
from compact.cycles.store import CycleRow
from compact.db import table
from compact.organisations.models import Organisation, OrganisationArea, PartnershipArea
from compact.questionnaire.values import Questionnaire
from compact.returns.models import Answer, Handing, ProfileFact, Return
from compact.web.clock import local_day

from .not_arrived import NotArrived, not_arrived
from .rules import UNSIGNED, Stage, stage_of_draft

_FACT, _KEY = "fact", "key"
Asked = Mapping[str, Any]  # what a statement is asked with
_LeftOut = tuple[list[str], list[str]]  # of a draft: facts answered no, answers to what is sometimes asked

_organisation, _due = table(Organisation).c, table(Due).c
_extension, _excused = table(Extension).c, table(Excused).c
_organisation_area, _partnership_area = table(OrganisationArea).c, table(PartnershipArea).c
_return, _answer, _fact, _handing = (table(each).c for each in (Return, Answer, ProfileFact, Handing))
# Each statement is built once, for all organisations and for some: that costs more than to run it.
_CYCLE: BindParameter[int] = bindparam("cycle_id")


class PlaceRow(NamedTuple):
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
    asked_at: datetime
    last_day: date
    is_late: bool
    is_bounced: bool
    return_id: int | None
    signed_at: datetime | None
    why_excused: str | None
    not_arrived: tuple[NotArrived, ...] = ()

    @property
    def asked_on(self) -> date:
        return local_day(self.asked_at)

    @property
    def is_open(self) -> bool:
        """Whether something is still due: nobody else is chased (trust I7)."""
        return self.stage in UNSIGNED


class _State(NamedTuple):
    """The highest number of a return, how far it is, and when a number of it was signed first, if any was."""

    return_id: int
    setting: str
    stage: Stage
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
    some = organisations is not None
    asked: Asked = {"cycle_id": cycle.id, "partnerships": [*partnerships], "organisations": organisations}
    states = _states(session, cycle, asked, some=some)
    in_vain = not_arrived(session, asked, some=some)
    places = []
    for row in session.execute(_asked(some=some), asked).all():
        organisation_id, is_still_there = row[0], row[1]
        state = states.get(organisation_id)
        if is_still_there or (state and state.signed_at):
            places.append(_place(row, state, cycle.closes, today, in_vain.get(organisation_id)))
    return places


@cache
def _asked(*, some: bool) -> Select[*tuple[Any, ...]]:
    """Everybody that was ever asked, with the time they were given and why they are excused."""
    return (
        select(
            _organisation.id,
            _organisation.status == "open",
            _organisation.name,
            _organisation.setting,
            _organisation.phase,
            _due.added_at,
            _extension.until,
            _excused.why,
        )
        .join_from(table(Due), table(Organisation), _organisation.id == _due.organisation_id)
        .outerjoin(
            table(Extension),
            (_extension.cycle_id == _due.cycle_id) & (_extension.organisation_id == _due.organisation_id),
        )
        .outerjoin(
            table(Excused),
            (_excused.cycle_id == _due.cycle_id) & (_excused.organisation_id == _due.organisation_id),
        )
        .where(
            _due.cycle_id == _CYCLE,
            _organisation.id.in_(
                select(_organisation_area.organisation_id)
                .join_from(
                    table(OrganisationArea),
                    table(PartnershipArea),
                    _partnership_area.area == _organisation_area.area,
                )
                .where(_partnership_area.partnership_id.in_(bindparam("partnerships", expanding=True)))
            ),
            *_among(_due, some=some),
        )
        .order_by(_organisation.name, _organisation.id)
    )


def _among(columns: Any, *, some: bool) -> list[ColumnElement[bool]]:
    """The condition on organisations, where only some are looked at."""
    return [columns.organisation_id.in_(bindparam("organisations", expanding=True))] if some else []


def _place(
    row: Any, state: _State | None, closes: date, today: date, bounced: Sequence[NotArrived] | None
) -> PlaceRow:
    organisation_id, _, name, setting, phase, added_at, until, why = row
    own_last_day = last_day(closes, until)
    if state is not None and state.signed_at:
        stage, is_late_now = state.stage, state.late_after is not None
    elif why is not None:
        stage, is_late_now = Stage.EXCUSED, False
    else:
        stage = state.stage if state is not None else Stage.NEVER_OPENED
        is_late_now = is_late(today, own_last_day)
    return PlaceRow(
        organisation_id,
        name,
        state.setting if state is not None else setting,
        phase,
        stage,
        added_at,
        own_last_day,
        is_late_now,
        bounced is not None and stage in UNSIGNED,
        state.return_id if state is not None else None,
        state.signed_at if state is not None else None,
        why,
        tuple(bounced) if bounced else (),
    )


@cache
def _returns(*, some: bool) -> Select[*tuple[Any, ...]]:
    """Where each return is; what is answered is only counted for drafts."""
    given = or_(_answer.grade.is_not(None), _answer.not_applicable)
    answered = select(func.count()).where(_answer.return_id == _return.id, given).scalar_subquery()
    handing = select(_handing.reason.is_(None)).where(_handing.return_id == _return.id)
    ready = handing.order_by(_handing.id.desc()).limit(1).scalar_subquery()
    is_draft = _return.status == "draft"
    return (
        select(
            _return.id,
            _return.organisation_id,
            _return.setting,
            _return.signed_at,
            _return.late_after,
            case((is_draft, ready)),
            case((is_draft, answered), else_=0),
        )
        .where(_return.cycle_id == _CYCLE, *_among(_return, some=some))
        .order_by(_return.organisation_id, _return.number)
    )


def _states(session: Session, cycle: CycleRow, asked: Asked, *, some: bool) -> dict[int, _State]:
    """Where each organisation's return is, by organisation."""
    left_out = _left_out(session, cycle, asked, some=some)
    questionnaires = editions.edition(cycle.edition).questionnaires
    states: dict[int, _State] = {}
    for return_id, organisation_id, setting, signed_at, late_after, is_ready, answered in session.execute(
        _returns(some=some), asked
    ).all():
        before = states.get(organisation_id)
        if before is not None and before.signed_at:
            states[organisation_id] = before._replace(return_id=return_id, setting=setting)
            continue
        if signed_at:
            stage = Stage.SIGNED
        else:
            left = left_out.get(return_id)
            stage = _stage_of(questionnaires[setting], answered, left, is_ready=bool(is_ready))
        states[organisation_id] = _State(return_id, setting, stage, signed_at, late_after)
    return states


def _stage_of(
    questionnaire: Questionnaire, answered: int, left_out: _LeftOut | None, *, is_ready: bool
) -> Stage:
    """How far a draft is, without what its profile leaves out."""
    asked = len(questionnaire.indicators)
    if left_out:
        not_asked = _keys_asked_when(questionnaire, left_out[0])
        asked, answered = asked - len(not_asked), answered - len(not_asked.intersection(left_out[1]))
    return stage_of_draft(answered, asked, is_ready=is_ready)


def _keys_asked_when(questionnaire: Questionnaire, facts: Sequence[str]) -> frozenset[str]:
    """What is not asked where these facts are answered no."""
    return frozenset(each.key for each in questionnaire.sometimes if each.asked_when in facts)


@cache
def _of_drafts(*, some: bool) -> CompoundSelect[*tuple[Any, ...]]:
    """The facts of drafts that are answered no, and their answers to what is only sometimes asked."""
    drafts = (_return.cycle_id == _CYCLE, _return.status == "draft", *_among(_return, some=some))
    facts = (
        select(_fact.return_id, literal(_FACT), _fact.fact)
        .join_from(table(ProfileFact), table(Return), _return.id == _fact.return_id)
        .where(*drafts, ~_fact.answer)
    )
    keys = (
        select(_answer.return_id, literal(_KEY), _answer.key)
        .join_from(table(Answer), table(Return), _return.id == _answer.return_id)
        .where(
            *drafts,
            _answer.key.in_(bindparam("sometimes", expanding=True)),
            or_(_answer.grade.is_not(None), _answer.not_applicable),
        )
    )
    return union_all(facts, keys)


def _left_out(session: Session, cycle: CycleRow, asked: Asked, *, some: bool) -> Mapping[int, _LeftOut]:
    """Of each draft, the facts that are answered no, and the answers to what is only sometimes asked."""
    questionnaires = [editions.questionnaire(cycle.edition, each) for each in cycle.settings]
    sometimes = sorted({each.key for one in questionnaires for each in one.sometimes})
    found: dict[int, _LeftOut] = {}
    for return_id, kind, name in session.execute(_of_drafts(some=some), {**asked, "sometimes": sometimes}):
        found.setdefault(return_id, ([], []))[kind == _KEY].append(name)
    return found
