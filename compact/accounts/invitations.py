"""Roles offered by mail: made, shown, taken up once, recalled. Flushes, never commits."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from compact.access.values import Grant, Role
from compact.db import table
from compact.mail import store as mail
from compact.organisations.models import Organisation, Partnership, Trust
from compact.organisations.settings_store import foot_for, foot_of
from compact.trail import store as trail

from . import messages, store
from .models import Invitation, Membership, Person
from .rules import INVITATION_LASTS, InvitationRow, PlaceKind, place_of
from .sessions import hash_of


@dataclass(frozen=True)
class NewInvitation:
    """Somebody to be invited to a role. `replaces` is the membership of who hands over to them."""

    email: str
    name: str
    grant: Grant
    replaces: int | None = None


def invite(session: Session, new: NewInvitation, *, by: int | None, base_url: str, now: datetime) -> int:
    """Offer a role: the invitation, its mail and its trail entry. An earlier one to the place goes first.

    The link's token is in the mail alone: who invites cannot take the invitation up in somebody's place.
    """
    for same in _earlier(session, new):
        recall(session, same, by=by, now=now)
    token = secrets.token_urlsafe(32)
    row = _added(session, new, token, by, now)
    written = messages.invitation(row, base_url)
    mail.queue(
        session,
        recipient=row.email,
        subject=written.subject,
        text=written.text + _foot(session, row.grant),
        at=now,
        secret=token,
        about=row.about,
    )
    trail.record(session, "invited", row.about, by=by, at=now, role=row.role, **_place_of(row.grant))
    return row.id


def _foot(session: Session, grant: Grant) -> str:
    """Whom to ask about an invitation: the partnership of its place, if it has one."""
    if grant.organisation_id is not None:
        return foot_for(session, grant.organisation_id)
    return foot_of(session, grant.partnership_id) if grant.partnership_id is not None else ""


def accept(session: Session, row: InvitationRow, person_id: int, now: datetime) -> Role | None:
    """Take an invitation up, once: the role that the person has now in its place.

    None when somebody has taken it up meanwhile, or recalled it.
    """
    store.lock_person(session, person_id)
    store.lock_members(session, *place_of(row.grant))
    taken = session.execute(
        update(Invitation)
        .where(
            Invitation.id == row.id,
            Invitation.accepted_at.is_(None),
            Invitation.recalled_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(accepted_at=now, token_hash=None)
        .returning(Invitation.replaces)
    ).one_or_none()
    if taken is None:
        return None
    role = _give(session, person_id, row.grant)
    handed_over = _hand_over(session, row.grant, taken.replaces, to=person_id)
    detail = {"role": role, **_place_of(row.grant), **handed_over}
    trail.record(session, "invitation accepted", f"person {person_id}", by=person_id, at=now, **detail)
    return role


def recall(session: Session, row: InvitationRow, *, by: int | None, now: datetime) -> bool:
    """Make an invitation worth nothing; its mail is not sent if it still waits.

    False when it was accepted or recalled already.
    """
    recalled = (
        update(Invitation)
        .where(Invitation.id == row.id, Invitation.accepted_at.is_(None), Invitation.recalled_at.is_(None))
        .values(recalled_at=now, token_hash=None)
        .returning(Invitation.id)
    )
    if session.execute(recalled).one_or_none() is None:
        return False
    mail.drop_about(session, row.about, now)
    trail.record(session, "invitation recalled", row.about, by=by, at=now)
    return True


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


def _earlier(session: Session, new: NewInvitation) -> list[InvitationRow]:
    """The invitations of this address to this place that were neither accepted nor recalled."""
    grant = new.grant
    return _rows(
        session,
        Invitation.email == store.address_of(new.email),
        Invitation.organisation_id.is_not_distinct_from(grant.organisation_id),
        Invitation.partnership_id.is_not_distinct_from(grant.partnership_id),
        Invitation.trust_id.is_not_distinct_from(grant.trust_id),
        Invitation.accepted_at.is_(None),
        Invitation.recalled_at.is_(None),
    )


def _give(session: Session, person_id: int, grant: Grant) -> Role:
    """A role in a place: the one that the person has then. A new one takes the old one's place.

    A signatory stays one: nobody is left without one because a colleague invited them to something less.
    """
    held = session.execute(
        select(Membership.id, Membership.role, Membership.job_title).where(
            Membership.person_id == person_id,
            Membership.organisation_id.is_not_distinct_from(grant.organisation_id),
            Membership.partnership_id.is_not_distinct_from(grant.partnership_id),
            Membership.trust_id.is_not_distinct_from(grant.trust_id),
        )
    ).first()
    if held is None:
        store.add_membership(session, person_id, grant)
        return grant.role
    if held.role == Role.SIGNATORY and grant.role is not Role.SIGNATORY:
        return Role.SIGNATORY
    store.change_role(session, held.id, grant.role, grant.job_title or held.job_title)
    return grant.role


def _hand_over(session: Session, grant: Grant, replaces: int | None, *, to: int) -> dict[str, str]:
    """End the role of who hands over, unless the place could not do without it; who it was, for the trail."""
    if replaces is None:
        return {}
    kind, place_id = place_of(grant)
    members = store.members_of(session, kind, place_id)
    old = next((each for each in members if each.id == replaces and each.person_id != to), None)
    if old is None or store.is_needed(session, kind, place_id, old.person_id):
        return {}
    store.remove_membership(session, old.id)
    return {"in_place_of": f"person {old.person_id}"}


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
