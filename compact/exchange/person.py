"""Everything that is held about a person, and forgetting them without breaking what was signed.

UK GDPR articles 15 and 17: what a person did stands in records that others rely on. Those keep an opaque id
and, in a sign-off, who signed as they were then; everything else of the person goes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, Text, delete, func, or_, select, update
from sqlalchemy.orm import Session

from compact.accounts import sessions, steps, store
from compact.accounts.models import Invitation, Membership, Person
from compact.accounts.second_factor import remove as remove_second_factor
from compact.accounts.store import PersonRow
from compact.db import Base
from compact.mail.models import OutboxMail
from compact.organisations.models import RegisterUpload
from compact.trail import store as trail
from compact.trail.models import SecurityEntry

FORMAT = "compact-person-1"

# What a row says about its person, by table. No credential; and of what they wrote for an organisation, where
# and when: the text itself is the organisation's.
HELD: Mapping[str, tuple[str, ...]] = {
    "person": ("id", "email", "name", "created_at", "disabled_at"),
    "membership": ("role", "organisation_id", "partnership_id", "trust_id", "job_title"),
    "session": ("started_at", "seen_at", "proved_by", "proved_twice", "agent", "acting_for"),
    "authenticator": ("confirmed_at",),
    "recovery_code": ("person_id",),
    "sign_in_step": ("expires_at", "tries"),
    "invitation": ("id", "email", "name", "job_title", "role", "created_at", "expires_at", "accepted_at"),
    "answer": ("return_id", "key", "version", "updated_at"),
    "answer_history": ("return_id", "key", "version", "updated_at"),
    "assignment": ("return_id", "standard"),
    "exception_history": ("return_id", "partnership_id", "key", "version", "updated_at"),
    "action": ("id", "organisation_id", "key"),
    "action_update": ("action_id", "version", "organisation_id", "at"),
    "reopening": ("return_id", "reason"),
    "launch": ("cycle_id", "at"),
    "round_mail": ("cycle_id", "organisation_id", "kind", "at"),
    "contact_note": ("cycle_id", "organisation_id", "on", "at"),
    "wording": ("partnership_id", "kind", "at"),
    "paper_answer": ("cycle_id", "organisation_id", "key", "version", "at"),
    "extension": ("cycle_id", "organisation_id", "until", "why", "at"),
    "handing": ("return_id", "at"),
    "organisation_correction": ("organisation_id", "field", "why", "at"),
    "register_upload": ("register", "name", "at"),
    "ratification": ("return_id", "at"),
    "sign_off": (
        "receipt",
        "person_name",
        "job_title",
        "role",
        "organisation_name",
        "statement",
        "signed_at",
    ),
    "decision": ("cycle_id", "partnership_id", "sector", "standard", "at"),
    "moderation": ("return_id", "partnership_id", "key", "at"),
    "review": ("return_id", "partnership_id", "at"),
    "action_review": ("return_id", "partnership_id", "action_id", "at"),
    "visit": ("return_id", "partnership_id", "visited_on", "at"),
    "update_request": ("return_id", "partnership_id", "asked_at"),
    "said_and_done": ("cycle_id", "partnership_id", "at"),
    "practice": ("return_id", "key", "agreed_at", "withdrawn_at"),
    "practice_choice": ("cycle_id", "partnership_id", "sector", "key", "chosen_at"),
    "learning_summary": ("cycle_id", "sector", "number", "published_at"),
    "statement_text": ("cycle_id", "partnership_id", "version", "at"),
    "summary_text": ("cycle_id", "partnership_id", "sector", "place", "version", "at"),
    "open_link": ("cycle_id", "partnership_id", "sector", "at"),
    "trail_entry": ("sequence", "at", "what", "subject", "detail"),
    "security_log": ("at", "what", "about", "address", "agent"),
    "outbox": ("recipient", "subject", "queued_at", "sent_at"),
}
OF_AN_ADDRESS = {"invitation": "email", "outbox": "recipient"}


@dataclass(frozen=True)
class Mention:
    """A place where somebody's name or address is written in a text: `row` is its key there."""

    table: str
    column: str
    row: str


def held_about(session: Session, person: PersonRow, now: datetime) -> dict[str, Any]:
    """Everything held about a person as plain values for JSON, by table, each in a steady order."""
    tables = {
        table.name: rows
        for table in Base.metadata.sorted_tables
        if table.name in HELD and (rows := _rows(session, table, person))
    }
    return {"format": FORMAT, "made_at": now.isoformat(), "held": tables}


def mentions_of(session: Session, person: PersonRow) -> list[Mention]:
    """Where else the person's name or address is written: for somebody to read before it is handed out.

    Such texts belong to others too, so they are pointed at and not copied.
    """
    return [
        Mention(table.name, column.name, "/".join(str(part) for part in row))
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text) and table.name not in ("person", *OF_AN_ADDRESS)
        for row in session.execute(
            select(*table.primary_key.columns)
            .where(_holds(column, person.name) | _holds(column, person.email))
            .order_by(*table.primary_key.columns)
        )
    ]


class Needed(Exception):  # noqa: N818 - it says what they are
    """Somebody cannot be removed yet: a place would be left without a signatory, or nobody administer."""


def forget(session: Session, person: PersonRow, *, by: int | None, now: datetime) -> None:
    """Take away what is held of a person, but for what others rely on: that keeps an opaque id.

    Raises Needed where they are a place's last signatory, or the last administrator.
    """
    places = store.places_of(session, person.id)
    if any(store.is_needed(session, kind, place_id, person.id) for kind, place_id in places):
        raise Needed
    gone = f"removed-{person.id}@removed.invalid"
    sessions.end_all(session, person.id)
    steps.end_all(session, person.id)
    remove_second_factor(session, person.id)
    session.execute(delete(Membership).where(Membership.person_id == person.id))
    session.execute(
        update(Invitation).where(Invitation.email == person.email).values(email=gone, name="", job_title=None)
    )
    session.execute(delete(RegisterUpload).where(RegisterUpload.person_id == person.id))
    _forget_mails(session, person.email, gone, now)
    session.execute(
        update(SecurityEntry).where(SecurityEntry.person_id == person.id).values(address="", agent="")
    )
    session.execute(
        update(Person)
        .where(Person.id == person.id)
        .values(email=gone, name=f"Removed person {person.id}", password_hash=None, disabled_at=now)
    )
    trail.record(session, "person removed", f"person {person.id}", by=by, at=now)


def person_columns(table: Table) -> Iterator[Column[Any]]:
    """The columns that say which person a row is about."""
    for column in table.columns:
        refers = any(key.target_fullname == "person.id" for key in column.foreign_keys)
        if refers or column.name == "person_id" or (table.name, column.name) == ("person", "id"):
            yield column


def _forget_mails(session: Session, address: str, gone: str, now: datetime) -> None:
    """Give up what still waits to be sent, and forget whom all of it was for and what it said."""
    theirs = OutboxMail.recipient == address
    given_up = {"failed_at": now, "next_try_at": None, "secret": None, "last_error": "the person was removed"}
    session.execute(update(OutboxMail).where(theirs, OutboxMail.next_try_at.is_not(None)).values(given_up))
    session.execute(update(OutboxMail).where(theirs).values(recipient=gone, subject="", text=""))


def _rows(session: Session, table: Table, person: PersonRow) -> list[dict[str, Any]]:
    where: list[ColumnElement[bool]] = [column == person.id for column in person_columns(table)]
    if table.name in OF_AN_ADDRESS:
        where.append(table.c[OF_AN_ADDRESS[table.name]] == person.email)
    rows = session.execute(
        select(*(table.c[name] for name in HELD[table.name]))
        .where(or_(*where))
        .order_by(*table.primary_key.columns)
        .execution_options(beyond_scope="a person's own traces lie in the returns of many")
    )
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in rows]


def _holds(column: Column[Any], text: str) -> ColumnElement[bool]:
    return func.lower(column).contains(text.lower(), autoescape=True)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime | date) else value
