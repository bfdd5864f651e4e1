"""People and their roles, read and written. Flushes, never commits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, delete, func, or_, select, update
from sqlalchemy.orm import Session

from compact.access.values import Grant, Role
from compact.organisations.models import Organisation, Partnership, Succession, Trust
from compact.web.clock import today

from .models import Invitation, Membership, Person
from .rules import PlaceKind, is_last, place_of


@dataclass(frozen=True)
class PersonRow:
    """Somebody with an account."""

    id: int
    email: str
    name: str
    has_password: bool
    is_disabled: bool


@dataclass(frozen=True)
class MemberRow:
    """A role of somebody in a place."""

    id: int
    person_id: int
    name: str
    email: str
    role: Role
    job_title: str | None
    is_disabled: bool


_PERSON = (
    Person.id,
    Person.email,
    Person.name,
    Person.password_hash.is_not(None),
    Person.disabled_at.is_not(None),
)


def password_hash_of(session: Session, email: str) -> tuple[int, str | None] | None:
    """A person's id and password hash by e-mail address, unless there is none or they are disabled."""
    row = session.execute(
        select(Person.id, Person.password_hash).where(
            Person.email == address_of(email), Person.disabled_at.is_(None)
        )
    ).one_or_none()
    return (row.id, row.password_hash) if row else None


def person_by_email(session: Session, email: str) -> PersonRow | None:
    return _person(session, Person.email == address_of(email))


def person_by_id(session: Session, person_id: int) -> PersonRow | None:
    return _person(session, Person.id == person_id)


def address_of(typed: str) -> str:
    """An e-mail address in the one form in which it is kept and looked for."""
    return typed.strip().lower()


def add_person(session: Session, email: str, name: str, password_hash: str | None, now: datetime) -> int:
    person = Person(email=address_of(email), name=name, password_hash=password_hash, created_at=now)
    session.add(person)
    session.flush()
    return person.id


def set_password(session: Session, person_id: int, password_hash: str) -> None:
    session.execute(update(Person).where(Person.id == person_id).values(password_hash=password_hash))


def disable(session: Session, person_id: int, at: datetime | None) -> None:
    """Let somebody in no more from `at` on, or again when it is None."""
    session.execute(update(Person).where(Person.id == person_id).values(disabled_at=at))


def add_membership(session: Session, person_id: int, grant: Grant) -> int:
    made = Membership(
        person_id=person_id,
        role=grant.role,
        organisation_id=grant.organisation_id,
        partnership_id=grant.partnership_id,
        trust_id=grant.trust_id,
        job_title=grant.job_title,
    )
    session.add(made)
    session.flush()
    return made.id


def remove_membership(session: Session, membership_id: int) -> None:
    """Take a role away. Nobody takes over from it any more: SQLite gives its id to another one."""
    session.execute(update(Invitation).where(Invitation.replaces == membership_id).values(replaces=None))
    session.execute(delete(Membership).where(Membership.id == membership_id))


def change_role(session: Session, membership_id: int, role: Role, job_title: str | None) -> None:
    session.execute(
        update(Membership).where(Membership.id == membership_id).values(role=role, job_title=job_title)
    )


def members_of(session: Session, kind: PlaceKind, place_id: int) -> list[MemberRow]:
    """Who has a role in a place, by name."""
    rows = session.execute(
        select(
            Membership.id,
            Person.id,
            Person.name,
            Person.email,
            Membership.role,
            Membership.job_title,
            Person.disabled_at.is_not(None),
        )
        .join(Person, Person.id == Membership.person_id)
        .where(in_place(Membership, kind, place_id))
        .order_by(Person.name, Membership.id)
    )
    return [MemberRow(row[0], row[1], row[2], row[3], Role(row[4]), row[5], row[6]) for row in rows]


def is_needed(session: Session, kind: PlaceKind, place_id: int, person_id: int) -> bool:
    """Whether a place could not do without what somebody may do there; who is disabled replaces nobody."""
    members = members_of(session, kind, place_id)
    own = [each.role for each in members if each.person_id == person_id]
    others = [each.role for each in members if each.person_id != person_id and not each.is_disabled]
    return any(is_last(kind, role, others) for role in own)


def lock_members(session: Session, kind: PlaceKind, place_id: int) -> None:
    """Let nobody else change who has a role in a place until this transaction ends."""
    where = in_place(Membership, kind, place_id)
    session.execute(select(Membership.id).where(where).order_by(Membership.id).with_for_update()).all()


def places_of(session: Session, person_id: int) -> list[tuple[PlaceKind, int]]:
    """Where somebody has a role, in the order in which they got them."""
    rows = session.scalars(
        select(Membership).where(Membership.person_id == person_id).order_by(Membership.id)
    )
    return [
        place_of(Grant(Role(each.role), each.organisation_id, each.partnership_id, each.trust_id))
        for each in rows
    ]


def lock_person(session: Session, person_id: int) -> None:
    """Let nobody else give this person a role until this transaction ends."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)).all()


def in_place(
    model: type[Membership] | type[Invitation], kind: PlaceKind, place_id: int
) -> ColumnElement[bool]:
    """The condition that a membership or an invitation is of a place."""
    if kind is PlaceKind.INSTALLATION:
        return model.role == Role.ADMINISTRATOR
    column: ColumnElement[int | None] = getattr(model, f"{kind}_id")
    return column == place_id


def names_of_places(session: Session, person_id: int) -> list[tuple[Role, str]]:
    """A person's roles, each with the name of its place."""
    rows = session.execute(
        select(Membership.role, Organisation.name, Partnership.name, Trust.name)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Partnership, Partnership.id == Membership.partnership_id)
        .outerjoin(Trust, Trust.id == Membership.trust_id)
        .where(Membership.person_id == person_id)
        .order_by(Membership.id)
    )
    return [(Role(row[0]), row[1] or row[2] or row[3] or "the whole service") for row in rows]


def names(session: Session, people: Collection[int]) -> dict[int, str]:
    """The names of people by id."""
    if not people:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return {row.id: row.name for row in rows}


def people(session: Session, looking_for: str, *, limit: int = 100) -> list[PersonRow]:
    """People whose name or address holds some text, by name; at most `limit` of them."""
    text = looking_for.strip().lower()
    rows = session.execute(
        select(*_PERSON)
        .where(
            or_(
                func.lower(Person.name).contains(text, autoescape=True),
                Person.email.contains(text, autoescape=True),
            )
        )
        .order_by(Person.name, Person.id)
        .limit(limit)
    )
    return [PersonRow(*row) for row in rows]


def _person(session: Session, where: ColumnElement[bool]) -> PersonRow | None:
    row = session.execute(select(*_PERSON).where(where)).one_or_none()
    return PersonRow(*row) if row else None


def addresses_of(
    session: Session, role: Role, kind: PlaceKind, places: Collection[int]
) -> list[tuple[str, str]]:
    """The e-mail addresses and names of those who have a role in any of these places, each person once."""
    if kind is PlaceKind.ORGANISATION:
        return list(dict.fromkeys((each.email, each.name) for each in people_in(session, role, places)))
    column: ColumnElement[int | None] = getattr(Membership, f"{kind}_id")
    rows = session.execute(
        select(Person.email, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(column.in_(places), Membership.role == role, Person.disabled_at.is_(None))
        .distinct()
        .order_by(Person.email)
    )
    return [(row.email, row.name) for row in rows]


@dataclass(frozen=True)
class InPlace:
    """Somebody who has a role in an organisation, or in the one that took over from it."""

    organisation_id: int
    person_id: int
    email: str
    name: str


def people_in(session: Session, role: Role, organisations: Collection[int]) -> list[InPlace]:
    """Who has a role in each of these organisations, or in one that took over from it, by their addresses."""
    # Not the people of both: SQLite would look every organisation up for each membership there is.
    places = _asked_for()
    rows = session.execute(
        select(places.c.place_id, Person.id, Person.email, Person.name)
        .select_from(places)
        .join(Membership, Membership.organisation_id == places.c.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(places.c.place_id.in_(organisations), Membership.role == role, Person.disabled_at.is_(None))
        .distinct()
        .order_by(Person.email, places.c.place_id)
    )
    return [InPlace(*row) for row in rows]


def _asked_for() -> Subquery:
    """The organisations whose people are asked for each one (`place_id`): also its successors."""
    own = select(Organisation.id.label("place_id"), Organisation.id.label("organisation_id"))
    over = select(Succession.old_id, Succession.new_id).where(Succession.on <= today())
    return own.union_all(over).subquery()


def signatories_of(session: Session, organisation_id: int) -> dict[int, str]:
    """The names of those who may sign for an organisation now, by their ids, in the order of their names."""
    found = people_in(session, Role.SIGNATORY, [organisation_id])
    return {each.person_id: each.name for each in sorted(found, key=lambda each: (each.name, each.person_id))}
