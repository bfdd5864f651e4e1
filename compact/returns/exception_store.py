"""Exceptions, read as somebody may see them, and written. Flushes, never commits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session

from compact.access.values import Person
from compact.actions import store as action_store
from compact.actions.models import Action
from compact.actions.store import ActionRow
from compact.cycles import editions
from compact.cycles.models import Cycle
from compact.organisations.models import Partnership
from compact.questionnaire.values import Scale

from .exceptions import GivenException, KeptException
from .models import Answer as AnswerTable
from .models import Exception_, ExceptionHistory, Return
from .reading import ReturnRow, choices_of, exceptions_of, partnerships_of
from .store import lock_draft, touch


class ChangedMeanwhile(Exception):  # noqa: N818 - it says what happened
    """The exception is not what the page showed any more; nothing was written."""


@dataclass(frozen=True)
class ExceptionKept:
    """An exception as it is now, None where there is none, and the version of that."""

    given: GivenException | None
    version: int


def may_be_anothers(partnership: int | BindParameter[int]) -> ColumnElement[bool]:
    """Whether an action might tell of another partnership: it has a grade of its own there (A6)."""
    return (
        select(Exception_.key)
        .where(
            Exception_.return_id == Action.raised_in,
            Exception_.key == Action.key,
            Exception_.partnership_id != partnership,
        )
        .exists()
    )


def sees_all(row: ReturnRow, asking: Person) -> bool:
    """Whether somebody is of the organisation's side and sees the exceptions for every partnership."""
    return row.organisation_id in asking.organisations or row.owner.trust in asking.trusts


def exceptions_seen(session: Session, row: ReturnRow, asking: Person) -> list[KeptException]:
    """The exceptions that somebody may see: a partnership sees its own alone (A6)."""
    if not row.works_in_several:
        return []
    exceptions, everything = exceptions_of(session, row.id), sees_all(row, asking)
    return [each for each in exceptions if everything or each.partnership_id in asking.partnerships]


def partnerships_seen(session: Session, row: ReturnRow, asking: Person) -> dict[int, str]:
    """The partnerships of the return whose exceptions somebody may see, by name."""
    ids = partnerships_of(session, row.id)
    if not sees_all(row, asking):
        ids = tuple(each for each in ids if each in asking.partnerships)
    rows = session.execute(
        select(Partnership.id, Partnership.name).where(Partnership.id.in_(ids)).order_by(Partnership.name)
    )
    return {row.id: row.name for row in rows}


def exception_kept(session: Session, return_id: int, partnership_id: int, key: str) -> ExceptionKept:
    """The exception as it is now."""
    row = session.execute(
        select(Exception_.grade, Exception_.note).where(
            Exception_.return_id == return_id,
            Exception_.partnership_id == partnership_id,
            Exception_.key == key,
        )
    ).one_or_none()
    version = session.scalar(
        select(func.max(ExceptionHistory.version)).where(
            ExceptionHistory.return_id == return_id,
            ExceptionHistory.partnership_id == partnership_id,
            ExceptionHistory.key == key,
        )
    )
    return ExceptionKept(GivenException(row.grade, row.note) if row else None, version or 0)


def write_exception(
    session: Session,
    place: tuple[int, int, str],
    given: GivenException | None,
    *,
    shown_version: int,
    by: int | None,
    at: datetime,
) -> None:
    """Keep an exception at (return, partnership, key), or remove it where None is given.

    Raises SignedMeanwhile, or ChangedMeanwhile where its author has not seen what is kept now.
    """
    return_id, partnership_id, key = place
    lock_draft(session, return_id)
    kept = exception_kept(session, return_id, partnership_id, key)
    if given == kept.given:
        return
    if shown_version != kept.version:
        raise ChangedMeanwhile
    values = {"return_id": return_id, "partnership_id": partnership_id, "key": key}
    session.execute(
        delete(Exception_).where(
            Exception_.return_id == return_id,
            Exception_.partnership_id == partnership_id,
            Exception_.key == key,
        )
    )
    written: dict[str, object] = {"grade": None, "not_applicable": False, "note": ""}
    if given is not None:
        written = {"grade": given.grade, "not_applicable": given.not_applicable, "note": given.note}
        session.execute(insert(Exception_).values(**values, **written))
    session.execute(
        insert(ExceptionHistory).values(
            **values, **written, version=kept.version + 1, updated_by=by, updated_at=at
        )
    )
    touch(session, return_id)


def leave_out_exceptions(session: Session, return_id: int, asked: Collection[str]) -> None:
    """Take away exceptions to indicators that are not asked any more; their history stays."""
    session.execute(
        delete(Exception_).where(Exception_.return_id == return_id, Exception_.key.not_in(list(asked)))
    )


def actions_seen(session: Session, row: ReturnRow, asking: Person) -> list[ActionRow]:
    """The organisation's actions that somebody may see."""
    hidden = keys_unseen(session, row, asking)
    return [each for each in action_store.actions_of(session, *row.organisations) if each.key not in hidden]


def actions_unseen(session: Session, organisation_id: int, asking: Person) -> set[tuple[int, str]]:
    """The same of an organisation's whole plan: returns, each with such an indicator."""
    rows = session.execute(
        select(Exception_.return_id, Exception_.key, Exception_.grade, Exception_.partnership_id)
        .add_columns(AnswerTable.grade, Cycle.edition)
        .join(Return, Return.id == Exception_.return_id)
        .join(Cycle, Cycle.id == Return.cycle_id)
        .outerjoin(
            AnswerTable,
            (AnswerTable.return_id == Exception_.return_id) & (AnswerTable.key == Exception_.key),
        )
        .where(Return.organisation_id == organisation_id)
        .order_by(Exception_.return_id, Exception_.key, Exception_.partnership_id)
    ).all()
    hidden, shown = set(), set()
    for return_id, key, grade, partnership, main, edition in rows:
        weak = editions.edition(edition).scale.weak_keys
        if main in weak or (grade in weak and partnership in asking.partnerships):
            shown.add((return_id, key))
        elif grade in weak:
            hidden.add((return_id, key))
    return hidden - shown


def keys_unseen(session: Session, row: ReturnRow, asking: Person) -> set[str]:
    """The indicators whose actions somebody may not see.

    An action for what is weak in other partnerships' exceptions alone tells of those (A6).
    """
    if not row.works_in_several or sees_all(row, asking):
        return set()
    scale = editions.edition(row.edition).scale
    main = {key for key, answer in choices_of(session, row.id).items() if answer.grade in scale.weak_keys}
    return unseen_among(exceptions_of(session, row.id), main, asking.partnerships, scale)


def unseen_among(
    exceptions: Sequence[KeptException], main: Collection[str], partnerships: Collection[int], scale: Scale
) -> set[str]:
    """The same, where a return's exceptions and the keys that are weak in its main grades are at hand."""
    weak = [each for each in exceptions if each.grade in scale.weak_keys]
    own = {each.key for each in weak if each.partnership_id in partnerships}
    return {each.key for each in weak} - own - {*main}
