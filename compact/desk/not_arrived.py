"""Mails that did not arrive: to those who sign for a round's organisations, or who are invited to."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from compact.access.values import Role
from compact.accounts.models import Invitation, Membership, Person
from compact.cycles.models import Due
from compact.db import table
from compact.mail.models import OutboxMail

from .models import RoundMail

# What the outbox says of a mail that was given up on purpose.
ON_PURPOSE = ("recalled", "the person was removed")

_due, _invitation, _membership = table(Due).c, table(Invitation).c, table(Membership).c
_round_mail, _outbox, _person = table(RoundMail).c, table(OutboxMail).c, table(Person).c
_CYCLE: BindParameter[int] = bindparam("cycle_id")


class NotArrived(NamedTuple):
    """An invitation to sign that did not arrive: to whom, why, and when it came back if it left at all."""

    invitation_id: int
    name: str
    email: str
    why: str | None
    returned_at: datetime | None


def not_arrived(session: Session, asked: Mapping[str, Any], *, some: bool) -> dict[int, list[NotArrived]]:
    """The organisations where the latest mail to somebody who signs did not arrive, or an invitation to.

    A new address, or somebody else who signs, is a new beginning. Each with those invitations. `asked` has
    the `cycle_id`, and the `organisations` where only `some` are looked at.
    """
    found: dict[int, list[NotArrived]] = {}
    for organisation_id, invitation_id, *rest in session.execute(_not_arrived(some=some), asked).all():
        of_it = found.setdefault(organisation_id, [])
        if invitation_id is not None:
            of_it.append(NotArrived(invitation_id, *rest))
    return found


def came_back() -> ColumnElement[bool]:
    """The condition that a mail did not arrive: a server gave it back, or took it from us at no time."""
    given_up = and_(_outbox.failed_at.is_not(None), _outbox.last_error.not_in(ON_PURPOSE))
    return or_(_outbox.returned_at.is_not(None), given_up)


@cache
def _not_arrived(*, some: bool) -> CompoundSelect[*tuple[Any, ...]]:
    return union_all(_invitations(some=some), _mails(some=some))


def _mails(*, some: bool) -> Select[*tuple[Any, ...]]:
    later = table(RoundMail).alias().c
    return (
        select(_round_mail.organisation_id, null(), null(), null(), null(), null())
        .join_from(table(RoundMail), table(OutboxMail), _outbox.id == _round_mail.mail_id)
        .join(table(Person), _person.id == _round_mail.person_id)
        .where(
            _round_mail.cycle_id == _CYCLE,
            *_among(_round_mail, some=some),
            came_back(),
            _outbox.recipient == _person.email,
            _person.disabled_at.is_(None),
            exists().where(
                _membership.person_id == _round_mail.person_id,
                _membership.organisation_id == _round_mail.organisation_id,
                _membership.role == Role.SIGNATORY,
            ),
            ~exists().where(
                later.cycle_id == _CYCLE,
                later.organisation_id == _round_mail.organisation_id,
                later.person_id == _round_mail.person_id,
                later.id > _round_mail.id,
            ),
        )
    )


def _invitations(*, some: bool) -> Select[*tuple[Any, ...]]:
    return (
        select(
            _due.organisation_id,
            _invitation.id,
            _invitation.name,
            _invitation.email,
            _outbox.last_error,
            _outbox.returned_at,
        )
        .join_from(table(Due), table(Invitation), _invitation.organisation_id == _due.organisation_id)
        .join(table(OutboxMail), _outbox.about == literal("invitation ") + cast(_invitation.id, String))
        .where(
            _due.cycle_id == _CYCLE,
            *_among(_due, some=some),
            _invitation.role == Role.SIGNATORY,
            _invitation.accepted_at.is_(None),
            _invitation.recalled_at.is_(None),
            came_back(),
        )
    )


def _among(columns: Any, *, some: bool) -> list[ColumnElement[bool]]:
    """The condition on organisations, where only some are looked at."""
    return [columns.organisation_id.in_(bindparam("organisations", expanding=True))] if some else []
