"""Registers' files between their dry run and their import: of use for an hour, erased when used.

One that is never used is erased with the next upload, or by the timer of each morning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from compact import db
from compact.access.values import Owner, Person, Scope
from compact.web.clock import now

from . import desk
from .desk import NOTHING, Desk
from .models import RegisterUpload

LONGEST_KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Upload:
    """A file that waits, and the desk of the officer who alone sees it."""

    id: int
    register: str
    name: str
    only: str
    at: datetime
    desk: Desk
    scope: Scope = NOTHING

    @property
    def owner(self) -> Owner:
        return self.desk.owner


def find_upload(address: Mapping[str, Any], asking: Person) -> Upload | None:
    """The finder of a file that waits: that of the same person, for an hour."""
    here = desk.find_desk(address, asking)
    row = (
        db.session()
        .execute(
            select(
                RegisterUpload.id,
                RegisterUpload.register,
                RegisterUpload.name,
                RegisterUpload.only,
                RegisterUpload.at,
            ).where(
                RegisterUpload.id == address["upload_id"],
                RegisterUpload.person_id == asking.id,
                RegisterUpload.at > now() - LONGEST_KEPT,
            )
        )
        .one_or_none()
    )
    return Upload(*row, here) if row and here else None


def keep(
    session: Session, *, person_id: int, register: str, name: str, only: str, content: bytes, at: datetime
) -> int:
    """Keep a file until it is imported, in place of the person's last one; what is an hour old is erased."""
    forget_old(session, at)
    session.execute(delete(RegisterUpload).where(RegisterUpload.person_id == person_id))
    columns = {"register": register, "name": name, "only": only, "content": content, "at": at}
    return session.execute(
        insert(RegisterUpload).values(person_id=person_id, **columns).returning(RegisterUpload.id)
    ).scalar_one()


def content_of(session: Session, upload_id: int, *, lock: bool = False) -> bytes | None:
    """The file; None once it is used. `lock`: nobody else uses it until this transaction ends."""
    content = select(RegisterUpload.content).where(RegisterUpload.id == upload_id)
    return session.scalar(content.with_for_update() if lock else content)


def erase(session: Session, upload_id: int) -> None:
    session.execute(delete(RegisterUpload).where(RegisterUpload.id == upload_id))


def forget_old(session: Session, now: datetime) -> None:
    """Erase the files whose hour is over."""
    session.execute(delete(RegisterUpload).where(RegisterUpload.at <= now - LONGEST_KEPT))
