"""What would go wrong at launch, looked for before it: over every organisation, each kind with its cure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from compact.access.values import Role
from compact.accounts.models import Invitation, Membership, Person
from compact.cycles.models import Due, Excused
from compact.cycles.store import CycleRow
from compact.db import table
from compact.organisations.models import Organisation, OrganisationArea, PartnershipArea, Succession
from compact.web.clock import local_day

_organisation, _due, _excused = (table(each).c for each in (Organisation, Due, Excused))
_invitation, _membership, _person = (table(each).c for each in (Invitation, Membership, Person))
_area, _partnership_area, _succession = (
    table(each).c for each in (OrganisationArea, PartnershipArea, Succession)
)


class Checked(NamedTuple):
    """An organisation with what a check looks at: of one whose type is unknown, not who signs for it."""

    id: int
    name: str
    setting: str
    identifier: str
    contact_email: str | None
    is_invited: bool = False
    has_reader: bool = False


@dataclass(frozen=True)
class Check:
    """What a check found. Those that are `silent` and `unreachable` are told nothing at launch; nobody is
    known who could be asked at the latter."""

    asked: int
    told: int
    silent: tuple[Checked, ...]
    unreachable: tuple[Checked, ...]
    unknown: tuple[Checked, ...]
    namesakes: tuple[tuple[Checked, ...], ...]

    @property
    def is_clean(self) -> bool:
        return not (self.silent or self.unreachable or self.unknown or self.namesakes)


def check(
    session: Session, cycle: CycleRow, partnerships: Sequence[int], known: Sequence[str], now: datetime
) -> Check:
    """Look at every organisation of these partnerships. `known` are the setting types of the edition."""
    of = {"partnerships": [*partnerships]}
    moment = {"now": now, "today": local_day(now)}
    asked = [Checked(*row) for row in session.execute(_asked(), {**of, **moment, "cycle_id": cycle.id}).all()]
    silent = tuple(each for each in asked if not each.has_reader)
    by_name: dict[str, list[Checked]] = {}
    for each in asked:
        by_name.setdefault(" ".join(each.name.casefold().split()), []).append(each)
    return Check(
        asked=len(asked),
        told=len(asked) - len(silent),
        silent=tuple(each for each in silent if each.contact_email or each.is_invited),
        unreachable=tuple(each for each in silent if not each.contact_email and not each.is_invited),
        unknown=tuple(Checked(*row) for row in session.execute(_unknown(), {**of, "known": [*known]})),
        namesakes=tuple(tuple(group) for group in by_name.values() if len(group) > 1),
    )


_CHECKED = (
    _organisation.id,
    _organisation.name,
    _organisation.setting,
    _organisation.identifier,
    _organisation.contact_email,
)
_BY_NAME = (_organisation.name, _organisation.id)


# Each statement is built once: that costs more than to run it.
@cache
def _asked() -> Select[*tuple[Any, ...]]:
    """Those that are asked, but for the excused, by name."""
    return (
        select(*_CHECKED, _is_invited(), _has_reader())
        .join_from(table(Due), table(Organisation), _organisation.id == _due.organisation_id)
        .where(
            _due.cycle_id == bindparam("cycle_id"),
            _organisation.status == "open",
            _works_in(),
            ~exists().where(_excused.cycle_id == _due.cycle_id, _excused.organisation_id == _organisation.id),
        )
        .order_by(*_BY_NAME)
    )


@cache
def _unknown() -> Select[*tuple[Any, ...]]:
    """The open organisations whose type no questionnaire of the edition is for: no round can ask them."""
    known: BindParameter[str] = bindparam("known", expanding=True)
    return (
        select(*_CHECKED)
        .where(_organisation.status == "open", _organisation.setting.not_in(known), _works_in())
        .order_by(*_BY_NAME)
    )


def _works_in() -> ColumnElement[bool]:
    """The condition that an organisation works in an area of one of the partnerships."""
    return _organisation.id.in_(
        select(_area.organisation_id)
        .join_from(table(OrganisationArea), table(PartnershipArea), _partnership_area.area == _area.area)
        .where(_partnership_area.partnership_id.in_(bindparam("partnerships", expanding=True)))
    )


def _is_invited() -> ColumnElement[bool]:
    """Whether somebody is invited to sign for an organisation, and may still accept it."""
    return exists().where(
        _invitation.organisation_id == _organisation.id,
        _invitation.role == Role.SIGNATORY,
        _invitation.accepted_at.is_(None),
        _invitation.recalled_at.is_(None),
        _invitation.expires_at > bindparam("now"),
    )


def _has_reader() -> ColumnElement[bool]:
    """Whether a mail about the round has a reader: one of those whom `writing.readers_of` names."""
    signs = (
        _person.id == _membership.person_id,
        _membership.role == Role.SIGNATORY,
        _person.disabled_at.is_(None),
    )
    return or_(
        exists().where(_membership.organisation_id == _organisation.id, *signs),
        exists().where(
            _succession.old_id == _organisation.id,
            _succession.on <= bindparam("today"),
            _membership.organisation_id == _succession.new_id,
            *signs,
        ),
    )
