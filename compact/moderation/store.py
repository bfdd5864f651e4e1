"""Moderated grades, read and written. Flushes, never commits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from compact.accounts.models import Person
from compact.returns.models import Return
from compact.trail import store as trail

from .models import Moderation
from .rules import Moderated


class ModeratedMeanwhile(Exception):  # noqa: N818 - it says what happened
    """Another officer has changed this moderated grade since the page was shown."""


@dataclass(frozen=True)
class ModerationRow:
    """A moderated grade as it is kept; without a grade it was taken back."""

    key: str
    grade: str | None
    comment: str
    by: str
    at: datetime
    version: int


def moderations_of(session: Session, return_id: int, partnership: int) -> dict[str, ModerationRow]:
    """What a partnership made of a return's grades, by indicator; nothing of another partnership's."""
    rows = session.execute(
        select(
            Moderation.key,
            Moderation.grade,
            Moderation.comment,
            Person.name,
            Moderation.at,
            Moderation.version,
        )
        .join(Person, Person.id == Moderation.by_id)
        .where(Moderation.return_id == return_id, Moderation.partnership_id == partnership)
        .order_by(Moderation.key)
    )
    return {row.key: ModerationRow(*row) for row in rows}


def moderate(
    session: Session,
    return_id: int,
    partnership: int,
    key: str,
    moderated: Moderated,
    *,
    shown_version: int,
    by: int,
    at: datetime,
) -> None:
    """Keep a partnership's view of a grade. Raises ModeratedMeanwhile where it changed since it was shown.

    The trail says that there is one and on what, with the grade; the reason stands beside it alone.
    """
    session.execute(select(Return.id).where(Return.id == return_id).with_for_update())
    place = (
        Moderation.return_id == return_id,
        Moderation.partnership_id == partnership,
        Moderation.key == key,
    )
    version = session.scalar(select(Moderation.version).where(*place)) or 0
    if version != shown_version:
        raise ModeratedMeanwhile
    values = {"grade": moderated.grade, "comment": moderated.comment, "by_id": by, "at": at}
    if version:
        session.execute(update(Moderation).where(*place).values(**values, version=version + 1))
    else:
        names = {"return_id": return_id, "partnership_id": partnership, "key": key}
        session.execute(insert(Moderation).values(**names, **values, version=1))
    what = "grade moderated" if moderated.grade else "moderation taken back"
    detail = {"partnership": partnership, "key": key, "grade": moderated.grade}
    trail.record(session, what, f"return {return_id}", by=by, at=at, **detail)
