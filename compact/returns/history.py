"""The history of answers: what somebody wrote in one go counts as one, however often it saved itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from compact.accounts.models import Person

from .models import AnswerHistory
from .rules import Answer

# Who pauses for longer has begun anew.
IN_ONE_GO = timedelta(minutes=10)


@dataclass(frozen=True)
class Written:
    """When a version of an answer was written, and by whom, where that is known."""

    key: str
    version: int
    by: int | None
    at: datetime


@dataclass(frozen=True)
class Version:
    """A version of an answer, for people."""

    version: int
    by: str | None
    at: datetime
    answer: Answer


def last_of_each_go(versions: Sequence[Written]) -> list[Written]:
    """Of one answer’s versions, in order, those that somebody stopped at: for a while, or for another."""
    following = [*versions[1:], None]
    return [
        this
        for this, after in zip(versions, following, strict=True)
        if after is None or after.by != this.by or after.at - this.at > IN_ONE_GO
    ]


def versions_of(session: Session, return_id: int, key: str) -> list[Version]:
    """What an answer said each time that somebody stopped writing it; the newest first."""
    stopped = [each.version for each in last_of_each_go(_written(session, return_id, key))]
    rows = session.execute(
        select(
            AnswerHistory.version,
            Person.name,
            AnswerHistory.updated_at,
            AnswerHistory.grade,
            AnswerHistory.not_applicable,
            AnswerHistory.reason,
            AnswerHistory.evidence,
        )
        .outerjoin(Person, Person.id == AnswerHistory.updated_by)
        .where(
            AnswerHistory.return_id == return_id,
            AnswerHistory.key == key,
            AnswerHistory.version.in_(stopped),
        )
        .order_by(AnswerHistory.version.desc())
    )
    return [Version(*row[:3], Answer(*row[3:])) for row in rows.all()]


def forget_the_steps(session: Session, return_id: int) -> None:
    """Keep of a return that is signed what people stopped at, and not each step of their typing.

    While it is a draft every version stays: a page may be open that was shown with it.
    """
    stopped = {
        (each.key, each.version)
        for _, versions in groupby(_written(session, return_id), key=attrgetter("key"))
        for each in last_of_each_go(list(versions))
    }
    steps = [
        and_(AnswerHistory.key == each.key, AnswerHistory.version == each.version)
        for each in _written(session, return_id)
        if (each.key, each.version) not in stopped
    ]
    for first in range(0, len(steps), 100):
        session.execute(
            delete(AnswerHistory).where(
                AnswerHistory.return_id == return_id, or_(*steps[first : first + 100])
            )
        )


def _written(session: Session, return_id: int, key: str | None = None) -> list[Written]:
    of_key = [AnswerHistory.key == key] if key is not None else []
    rows = session.execute(
        select(AnswerHistory.key, AnswerHistory.version, AnswerHistory.updated_by, AnswerHistory.updated_at)
        .where(AnswerHistory.return_id == return_id, *of_key)
        .order_by(AnswerHistory.key, AnswerHistory.version)
    )
    return [Written(*row) for row in rows.all()]
