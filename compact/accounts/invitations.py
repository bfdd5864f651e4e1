"""Roles offered by mail: made, shown, taken up once, recalled. Flushes, never commits."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from compact.access.values import Grant, Role
from compact.db import table
from compact.mail import store as mail
from compact.organisations.models import Organisation, Partnership, Trust
from compact.trail import store as trail

from . import messages, store
from .models import Invitation, Membership, Person
from .rules import INVITATION_LASTS, InvitationState, PlaceKind, state_of
from .sessions import hash_of


@dataclass(frozen=True)
class NewInvitation:
    """Somebody to be invited to a role. `replaces` is the membership of who hands over to them."""

    email: str
    name: str
    grant: Grant
    replaces: int | None = None


@dataclass(frozen=True)
class InvitationRow:
    """An invitation, with the name of its place and of who invited."""

    id: int
    email: str
    name: str
    job_title: str | None
    role: Role
    organisation_id: int | None
    partnership_id: int | None
    trust_id: int | None
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    recalled_at: datetime | None
    replaces: int | None
    place: str | None
    invited_by: str | None

    @property
    def grant(self) -> Grant:
        return Grant(self.role, self.organisation_id, self.partnership_id, self.trust_id, self.job_title)

    def with_job_title(self, job_title: str | None) -> "InvitationRow":
        return replace(self, job_title=job_title)

    @property
    def about(self) -> str:
        return f"invitation {self.id}"

    def state(self, now: datetime) -> InvitationState:
        return state_of(self.accepted_at, self.recalled_at, self.expires_at, now)


def invite(session: Session, new: NewInvitation, *, by: int | None, base_url: str, now: datetime) -> int:
    """Offer a role: the invitation, its mail and its trail entry. An open one for the same goes first.

    The link's token is in the mail alone: who invites cannot take the invitation up in somebody's place.
    """
    for same in _open_for(session, new, now):
        recall(session, same, by=by, now=now)
    token = secrets.token_urlsafe(32)
    row = _added(session, new, token, by, now)
    written = messages.invitation(row, base_url)
    mail.queue(
        session,
        recipient=row.email,
        subject=written.subject,
        text=written.text,
        at=now,
        secret=token,
        about=row.about,
    )
    trail.record(session, "invited", row.about, by=by, at=now, role=row.role, **_place_of(row.grant))
    return row.id


def accept(session: Session, row: InvitationRow, person_id: int, now: datetime) -> bool:
    """Take an invitation up, once: False when somebody else has done so meanwhile, or recalled it."""
    taken = session.execute(
        update(Invitation)
        .where(
            Invitation.id == row.id,
            Invitation.accepted_at.is_(None),
            Invitation.recalled_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(accepted_at=now, token_hash=None)
        .returning(Invitation.id)
    ).one_or_none()
    if taken is None:
        return False
    _give(session, person_id, row.grant)
    if row.replaces is not None:
        store.remove_membership(session, row.replaces)
    detail = {"role": row.role, **_place_of(row.grant), "hands_over": row.replaces is not None}
    trail.record(session, "invitation accepted", f"person {person_id}", by=person_id, at=now, **detail)
    return True


def recall(session: Session, row: InvitationRow, *, by: int | None, now: datetime) -> None:
    """Make an open invitation worth nothing; its mail is not sent if it still waits."""
    recalled = (
        update(Invitation)
        .where(Invitation.id == row.id, Invitation.accepted_at.is_(None), Invitation.recalled_at.is_(None))
        .values(recalled_at=now, token_hash=None)
        .returning(Invitation.id)
    )
    if session.execute(recalled).one_or_none() is None:
        return
    mail.drop_about(session, row.about, now)
    trail.record(session, "invitation recalled", row.about, by=by, at=now)


def by_token(session: Session, token: str) -> InvitationRow | None:
    rows = _rows(session, Invitation.token_hash == hash_of(token))
    return rows[0] if rows else None


def by_id(session: Session, invitation_id: int) -> InvitationRow | None:
    rows = _rows(session, Invitation.id == invitation_id)
    return rows[0] if rows else None


def of_place(session: Session, kind: PlaceKind, place_id: int) -> list[InvitationRow]:
    """The invitations to a place that were neither accepted nor recalled, the newest first."""
    return _rows(
        session,
        store.in_place(Invitation, kind, place_id),
        Invitation.accepted_at.is_(None),
        Invitation.recalled_at.is_(None),
    )


def _added(session: Session, new: NewInvitation, token: str, by: int | None, now: datetime) -> InvitationRow:
    made = Invitation(
        email=store.address_of(new.email),
        name=new.name,
        job_title=new.grant.job_title,
        role=new.grant.role,
        organisation_id=new.grant.organisation_id,
        partnership_id=new.grant.partnership_id,
        trust_id=new.grant.trust_id,
        token_hash=hash_of(token),
        invited_by=by,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
        replaces=new.replaces,
    )
    session.add(made)
    session.flush()
    (row,) = _rows(session, Invitation.id == made.id)
    return row


def _open_for(session: Session, new: NewInvitation, now: datetime) -> list[InvitationRow]:
    grant = new.grant
    rows = _rows(
        session,
        Invitation.email == store.address_of(new.email),
        Invitation.organisation_id.is_not_distinct_from(grant.organisation_id),
        Invitation.partnership_id.is_not_distinct_from(grant.partnership_id),
        Invitation.trust_id.is_not_distinct_from(grant.trust_id),
    )
    return [row for row in rows if row.state(now) is InvitationState.OPEN]


def _give(session: Session, person_id: int, grant: Grant) -> None:
    """A role in a place. Somebody has one role there: a new one takes the old one's place.

    A signatory stays one: nobody is left without one because a colleague invited them to something less.
    """
    held = session.execute(
        select(Membership.id, Membership.role).where(
            Membership.person_id == person_id,
            Membership.organisation_id.is_not_distinct_from(grant.organisation_id),
            Membership.partnership_id.is_not_distinct_from(grant.partnership_id),
            Membership.trust_id.is_not_distinct_from(grant.trust_id),
        )
    ).first()
    if held is None:
        store.add_membership(session, person_id, grant)
    elif held.role != Role.SIGNATORY:
        store.change_role(session, held.id, grant.role, grant.job_title)


def _place_of(grant: Grant) -> dict[str, int]:
    """Where a role is, for the trail: ids alone, no names."""
    places = {
        "organisation": grant.organisation_id,
        "partnership": grant.partnership_id,
        "trust": grant.trust_id,
    }
    return {name: place for name, place in places.items() if place is not None}


_invitation = table(Invitation).c
_COLUMNS = (
    _invitation.id,
    _invitation.email,
    _invitation.name,
    _invitation.job_title,
    _invitation.role,
    _invitation.organisation_id,
    _invitation.partnership_id,
    _invitation.trust_id,
    _invitation.created_at,
    _invitation.expires_at,
    _invitation.accepted_at,
    _invitation.recalled_at,
    _invitation.replaces,
)
_INVITATIONS = (
    select(
        *_COLUMNS,
        func.coalesce(Organisation.name, Partnership.name, Trust.name).label("place"),
        Person.name.label("invited_by"),
    )
    .select_from(table(Invitation))
    .outerjoin(Organisation, Organisation.id == _invitation.organisation_id)
    .outerjoin(Partnership, Partnership.id == _invitation.partnership_id)
    .outerjoin(Trust, Trust.id == _invitation.trust_id)
    .outerjoin(Person, Person.id == _invitation.invited_by)
    .order_by(_invitation.created_at.desc(), _invitation.id.desc())
)


def _rows(session: Session, *where: ColumnElement[bool]) -> list[InvitationRow]:
    rows = session.execute(_INVITATIONS.where(*where))
    return [InvitationRow(**{**row._mapping, "role": Role(row.role)}) for row in rows]
