"""Rounds, read and written. Flushes, never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, Select, exists, func, insert, select
from sqlalchemy.orm import Session, aliased

from compact.db import table
from compact.organisations.models import (
    Organisation,
    OrganisationArea,
    Partnership,
    PartnershipArea,
    Succession,
)
from compact.web.clock import local_day

from .models import Cycle, CyclePartnership, CycleSetting, Due, Excused


@dataclass(frozen=True)
class CycleRow:
    """A round, the partnerships that run it (the host first) and the setting types that it asks."""

    id: int
    name: str
    edition: str
    opens: date
    closes: date
    threshold: int
    partnerships: tuple[int, ...]
    settings: tuple[str, ...]


@dataclass(frozen=True)
class NewCycle:
    """A round to be opened; the first partnership hosts it."""

    name: str
    edition: str
    opens: date
    closes: date
    threshold: int
    partnerships: Sequence[int]
    settings: Sequence[str]


_cycle, _runs, _asks = table(Cycle).c, table(CyclePartnership).c, table(CycleSetting).c
_COLUMNS = (_cycle.id, _cycle.name, _cycle.edition, _cycle.opens, _cycle.closes, _cycle.threshold)
_PARTS = len(_COLUMNS)
# Each partnership of a round beside each of its setting types: the newest round first, its host first.
_ROUNDS = (
    select(*_COLUMNS, _runs.partnership_id, _asks.setting)
    .join_from(table(Cycle), table(CyclePartnership), _runs.cycle_id == _cycle.id)
    .join(table(CycleSetting), _asks.cycle_id == _cycle.id)
    .order_by(
        _cycle.opens.desc(), _cycle.id.desc(), _runs.is_host.desc(), _runs.partnership_id, _asks.setting
    )
)


def open_cycle(session: Session, new: NewCycle, now: datetime) -> int:
    """Write the round and who is due in it: the open organisations of its areas and setting types.

    One that the register still calls open though another took over from it is not due: its successor is.
    """
    cycle = Cycle(
        name=new.name,
        edition=new.edition,
        opens=new.opens,
        closes=new.closes,
        threshold=new.threshold,
        created_at=now,
    )
    session.add(cycle)
    session.flush()
    session.add_all(
        CyclePartnership(cycle_id=cycle.id, partnership_id=partnership, is_host=place == 0)
        for place, partnership in enumerate(new.partnerships)
    )
    session.add_all(CycleSetting(cycle_id=cycle.id, setting=setting) for setting in new.settings)
    session.flush()
    due = session.scalars(
        select(Organisation.id).where(
            Organisation.status == "open",
            Organisation.setting.in_(new.settings),
            works_in(new.partnerships),
            Organisation.id.not_in(_taken_over(new.settings, local_day(now))),
        )
    )
    add_due(session, cycle.id, list(due), now)
    return cycle.id


def _taken_over(settings: Sequence[str], today: date) -> Select[int]:
    """The ids of organisations that an open one of these setting types took over from."""
    successor = aliased(Organisation)
    return (
        select(Succession.old_id)
        .join(successor, successor.id == Succession.new_id)
        .where(successor.status == "open", successor.setting.in_(settings), Succession.on <= today)
    )


def lock_names(session: Session) -> None:
    """Let nobody else open a round until this transaction ends, so that no name is given twice."""
    session.execute(select(Partnership.id).order_by(Partnership.id).with_for_update(key_share=True)).all()


def works_in(partnerships: Sequence[int]) -> ColumnElement[bool]:
    """The condition that an organisation works in an area of one of the partnerships."""
    return exists().where(
        OrganisationArea.organisation_id == Organisation.id,
        OrganisationArea.area == PartnershipArea.area,
        PartnershipArea.partnership_id.in_(partnerships),
    )


def add_due(session: Session, cycle_id: int, organisations: Sequence[int], now: datetime) -> None:
    if organisations:
        rows = [{"cycle_id": cycle_id, "organisation_id": each, "added_at": now} for each in organisations]
        session.execute(insert(Due), rows)


def count_due(session: Session, cycle_id: int) -> int:
    return session.scalar(select(func.count()).where(Due.cycle_id == cycle_id)) or 0


def is_due(session: Session, cycle_id: int, organisation_id: int) -> bool:
    return bool(
        session.scalar(
            select(
                exists().where(Due.cycle_id == cycle_id, Due.organisation_id == organisation_id)
                & ~exists().where(Excused.cycle_id == cycle_id, Excused.organisation_id == organisation_id)
            )
        )
    )


def cycle_by_name(session: Session, name: str) -> CycleRow | None:
    return next(iter(_cycles(session, _cycle.name == name)), None)


def cycle_by_id(session: Session, cycle_id: int) -> CycleRow | None:
    return next(iter(_cycles(session, _cycle.id == cycle_id)), None)


def cycles_of_partnerships(session: Session, partnerships: Sequence[int]) -> list[CycleRow]:
    """The rounds that any of the partnerships runs, the newest first."""
    own = select(CyclePartnership.cycle_id).where(CyclePartnership.partnership_id.in_(partnerships))
    return _cycles(session, _cycle.id.in_(own))


@dataclass(frozen=True)
class OrganisationInCycle:
    """A round that an organisation is due in, and the local day on which it was put there."""

    organisation_id: int
    organisation: str
    cycle_id: int
    cycle: str
    edition: str
    setting: str
    opens: date
    closes: date
    added_on: date


def rounds_of_organisations(session: Session, organisations: Sequence[int]) -> list[OrganisationInCycle]:
    """The rounds that these organisations are due in and not excused from, the newest first."""
    excused = exists().where(Excused.cycle_id == Due.cycle_id, Excused.organisation_id == Due.organisation_id)
    rows = session.execute(
        select(
            Organisation.id,
            Organisation.name,
            Cycle.id,
            Cycle.name,
            Cycle.edition,
            Organisation.setting,
            Cycle.opens,
            Cycle.closes,
            Due.added_at,
        )
        .join(Due, Due.organisation_id == Organisation.id)
        .join(Cycle, Cycle.id == Due.cycle_id)
        .where(Organisation.id.in_(organisations), ~excused)
        .order_by(Organisation.name, Organisation.id, Cycle.opens.desc(), Cycle.id.desc())
    )
    return [OrganisationInCycle(*row[:-1], local_day(row.added_at)) for row in rows]


def names_of_partnerships(session: Session, ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(select(Partnership.id, Partnership.name).where(Partnership.id.in_(ids)))
    return {row.id: row.name for row in rows}


_CONTACT = (
    Partnership.name,
    Partnership.contact_name,
    Partnership.contact_email,
    Partnership.contact_phone,
)


def contact_of(session: Session, partnership_id: int) -> tuple[str | None, ...]:
    """A partnership's name, and its contact's name, e-mail address and telephone number."""
    return tuple(session.execute(select(*_CONTACT).where(Partnership.id == partnership_id)).one())


def contact_for(
    session: Session, organisations: Sequence[int], partnerships: Sequence[int]
) -> tuple[str | None, ...] | None:
    """Whose pages somebody sees who works for these: their first partnership's, or their area's."""
    if partnerships:
        return contact_of(session, partnerships[0])
    if not organisations:
        return None
    row = session.execute(
        select(*_CONTACT)
        .join(PartnershipArea, PartnershipArea.partnership_id == Partnership.id)
        .join(OrganisationArea, OrganisationArea.area == PartnershipArea.area)
        .where(OrganisationArea.organisation_id == organisations[0])
        .order_by(Partnership.id)
        .limit(1)
    ).one_or_none()
    return tuple(row) if row else None


def _cycles(session: Session, where: ColumnElement[bool]) -> list[CycleRow]:
    """Rounds with their partnerships, the host first, and their setting types; the newest round first."""
    found = []
    for cycle, rows in groupby(session.execute(_ROUNDS.where(where)), key=lambda row: row[:_PARTS]):
        of_each = [row[_PARTS:] for row in rows]
        parts = (tuple(dict.fromkeys(each)) for each in zip(*of_each, strict=True))
        found.append(CycleRow(*cycle, *parts))
    return found
