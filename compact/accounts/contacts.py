"""A partnership's list of contacts, `organisation,email,name,role`, read into invitations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.access.values import Role
from compact.documents.csv_reading import Mistake, Row, Sheet, did_you_mean, read_sheet, shown
from compact.organisations.models import Organisation, OrganisationArea, Partnership, PartnershipArea
from compact.organisations.rules import LOCAL, LONGEST_NAME, is_email, one_line, wrong_text
from compact.web.cli import InputMistakes

from .invitations import NewInvitation
from .models import Invitation, Membership, Person
from .rules import ROLES, PlaceKind, grant_in
from .store import address_of

COLUMNS = ("organisation", "email", "name", "role")
OPTIONAL = ("job_title",)


@dataclass(frozen=True)
class Contacts:
    """Whom a list invites, and how many have the role already, or an open invitation to it."""

    new: tuple[NewInvitation, ...]
    there: int


def read(session: Session, file: str, data: bytes, partnership_id: int, now: datetime) -> Contacts:
    """What a list says. Raises InputMistakes with all of its mistakes, each with its line."""
    sheet = read_sheet(file, data, COLUMNS, OPTIONAL)
    known = _organisations(session, partnership_id)
    mistakes = list(sheet.mistakes)
    found: dict[tuple[str, int | None], NewInvitation] = {}
    for row in sheet.rows:
        wrong = _wrong(row, known)
        mistakes += [sheet.mistake(row.line, message) for message in wrong]
        if not wrong:
            new = _invitation(row, known)
            key = (new.email, new.grant.organisation_id)
            if key in found:
                mistakes.append(_twice(sheet, row))
            found[key] = new
    if mistakes:
        raise InputMistakes(sorted(mistakes))
    there = _there(session, now)
    new_ones = tuple(new for key, new in found.items() if (*key, new.grant.role) not in there)
    return Contacts(new_ones, len(found) - len(new_ones))


def lock(session: Session, partnership_id: int) -> None:
    """Let nobody else invite from a list of this partnership until this transaction ends."""
    session.execute(
        select(Partnership.id).where(Partnership.id == partnership_id).with_for_update(key_share=True)
    ).one()


def _twice(sheet: Sheet, row: Row) -> Mistake:
    return sheet.mistake(
        row.line, f"{shown(row.cells['email'])} is in the list twice for the same organisation"
    )


def _organisations(session: Session, partnership_id: int) -> Mapping[str, int]:
    """The open organisations of the partnership's areas by register:identifier, in small letters."""
    rows = session.execute(
        select(Organisation.id, Organisation.register, Organisation.identifier, Organisation.owner_id)
        .where(
            Organisation.status == "open",
            Organisation.id.in_(
                select(OrganisationArea.organisation_id)
                .join(PartnershipArea, PartnershipArea.area == OrganisationArea.area)
                .where(PartnershipArea.partnership_id == partnership_id)
            ),
        )
        .order_by(Organisation.id)
    )
    return {
        f"{row.register}:{row.identifier}".casefold(): row.id
        for row in rows
        if row.register != LOCAL or row.owner_id == partnership_id
    }


def _wrong(row: Row, known: Mapping[str, int]) -> list[str]:
    cells, wrong = row.cells, []
    organisation = one_line(cells["organisation"])
    if organisation.casefold() not in known:
        near = did_you_mean(organisation, known)
        wrong.append(f"there is no open organisation “{shown(organisation)}” in the area{near}")
    if not is_email(address_of(cells["email"])):
        wrong.append(f"“{shown(cells['email'])}” is not an e-mail address")
    if not one_line(cells["name"]):
        wrong.append("name is empty")
    texts = (wrong_text(each, one_line(cells.get(each, "")), LONGEST_NAME) for each in ("name", *OPTIONAL))
    wrong += [text for text in texts if text]
    roles = [role.value for role in ROLES[PlaceKind.ORGANISATION]]
    if _role(row) not in roles:
        wrong.append(f"there is no role “{shown(cells['role'])}”: use one of {', '.join(roles)}")
    return wrong


def _role(row: Row) -> str:
    return one_line(row.cells["role"]).casefold()


def _invitation(row: Row, known: Mapping[str, int]) -> NewInvitation:
    cells = row.cells
    organisation = known[one_line(cells["organisation"]).casefold()]
    title = one_line(cells.get("job_title", "")) or None
    grant = grant_in(PlaceKind.ORGANISATION, organisation, Role(_role(row)), title)
    return NewInvitation(address_of(cells["email"]), one_line(cells["name"]), grant)


def _there(session: Session, now: datetime) -> set[tuple[str, int | None, Role]]:
    """Who has which role, or an invitation to it that is still open. A signatory may all that others may."""
    members = session.execute(
        select(Person.email, Membership.organisation_id, Membership.role)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id.is_not(None))
    ).all()
    invited = select(Invitation.email, Invitation.organisation_id, Invitation.role).where(
        Invitation.organisation_id.is_not(None),
        Invitation.accepted_at.is_(None),
        Invitation.recalled_at.is_(None),
        Invitation.expires_at > now,
    )
    there = {
        (row.email, row.organisation_id, Role(row.role)) for row in [*members, *session.execute(invited)]
    }
    signs = [(row.email, row.organisation_id) for row in members if row.role == Role.SIGNATORY]
    return there | {(*each, role) for each in signs for role in ROLES[PlaceKind.ORGANISATION]}
