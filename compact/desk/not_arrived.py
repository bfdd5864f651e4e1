"""Mails that did not arrive: to those who sign for a round's organisations, or who are invited to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from compact.access.values import Role
from compact.accounts.models import Invitation, Membership, Person
from compact.cycles.models import Due
from compact.mail.models import OutboxMail

from .models import RoundMail

# What the outbox says of a mail that was given up on purpose.
ON_PURPOSE = ("recalled", "the person was removed")


@dataclass(frozen=True)
class NotArrived:
    """An invitation to sign that did not arrive: to whom, why, and when it came back if it left at all."""

    invitation_id: int
    name: str
    email: str
    why: str | None
    returned_at: datetime | None


def not_arrived(
    session: Session, cycle_id: int, organisations: Sequence[int] | None
) -> dict[int, list[NotArrived]]:
    """The organisations where the latest mail to somebody who signs did not arrive, or an invitation to.

    A new address, or somebody else who signs, is a new beginning. Each with those invitations.
    """
    invitations, mails = _invitations(cycle_id, organisations), _mails(cycle_id, organisations)
    found: dict[int, list[NotArrived]] = {}
    for organisation_id, invitation_id, *rest in session.execute(union_all(invitations, mails)):
        of_it = found.setdefault(organisation_id, [])
        if invitation_id is not None:
            of_it.append(NotArrived(invitation_id, *rest))
    return found


def came_back() -> ColumnElement[bool]:
    """The condition that a mail did not arrive: a server gave it back, or took it from us at no time."""
    given_up = and_(OutboxMail.failed_at.is_not(None), OutboxMail.last_error.not_in(ON_PURPOSE))
    return or_(OutboxMail.returned_at.is_not(None), given_up)


def _mails(cycle_id: int, organisations: Sequence[int] | None) -> Select[*tuple[Any, ...]]:
    later = aliased(RoundMail)
    return (
        select(RoundMail.organisation_id, null(), null(), null(), null(), null())
        .join(OutboxMail, OutboxMail.id == RoundMail.mail_id)
        .join(Person, Person.id == RoundMail.person_id)
        .where(
            RoundMail.cycle_id == cycle_id,
            _among(RoundMail, organisations),
            came_back(),
            OutboxMail.recipient == Person.email,
            Person.disabled_at.is_(None),
            exists().where(
                Membership.person_id == RoundMail.person_id,
                Membership.organisation_id == RoundMail.organisation_id,
                Membership.role == Role.SIGNATORY,
            ),
            ~exists().where(
                later.cycle_id == cycle_id,
                later.organisation_id == RoundMail.organisation_id,
                later.person_id == RoundMail.person_id,
                later.id > RoundMail.id,
            ),
        )
    )


def _invitations(cycle_id: int, organisations: Sequence[int] | None) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Due.organisation_id,
            Invitation.id,
            Invitation.name,
            Invitation.email,
            OutboxMail.last_error,
            OutboxMail.returned_at,
        )
        .join(Invitation, Invitation.organisation_id == Due.organisation_id)
        .join(OutboxMail, OutboxMail.about == literal("invitation ") + cast(Invitation.id, String))
        .where(
            Due.cycle_id == cycle_id,
            _among(Due, organisations),
            Invitation.role == Role.SIGNATORY,
            Invitation.accepted_at.is_(None),
            Invitation.recalled_at.is_(None),
            came_back(),
        )
    )


def _among(model: Any, organisations: Sequence[int] | None) -> ColumnElement[bool]:
    return true() if organisations is None else model.organisation_id.in_(organisations)
