"""Writing a return: starting it, its profile, its answers. Flushes, never commits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from compact.access import scope
from compact.db import table
from compact.organisations.models import Organisation, OrganisationArea

from .models import Answer as AnswerTable
from .models import AnswerHistory, ProfileFact, Return, ReturnArea
from .reading import Kept, kept_answers
from .rules import NO_PAGE, UNANSWERED, Answer, Origin, Outcome, settle


class SignedMeanwhile(Exception):  # noqa: N818 - it says what happened
    """The return was signed while somebody was still typing; nothing was written."""


@dataclass(frozen=True)
class TypedAnswer:
    """An answer that can be kept, the version of the answer it was typed over, and which page sent it."""

    answer: Answer
    shown_version: int
    origin: Origin = NO_PAGE


@dataclass(frozen=True)
class Saved:
    """What became of a save: what is kept now, and where somebody else's newer answer stands against it."""

    kept: Mapping[str, Kept]
    conflicts: frozenset[str]


_return, _answer, _history = table(Return), table(AnswerTable), table(AnswerHistory)
_LOCK = (
    select(_return.c.status, _return.c.version)
    .where(_return.c.id == bindparam("return_id"))
    .with_for_update()
)
_HISTORY = select(_history.c.grade, _history.c.not_applicable, _history.c.reason, _history.c.evidence).where(
    _history.c.return_id == bindparam("return_id"),
    _history.c.key == bindparam("key"),
    _history.c.version == bindparam("version"),
)
_TOUCH = update(_return).where(_return.c.id == bindparam("touched")).values(version=_return.c.version + 1)
_LOCK_AND_TOUCH = _TOUCH.where(_return.c.status == "draft").returning(_return.c.version)
_TAKE_BACK = update(_return).where(_return.c.id == bindparam("touched")).values(version=_return.c.version - 1)
_ADD_ANSWER = insert(_answer)
_KEPT_COLUMNS = [column.name for column in _history.columns]
_TO_COPY = select(*(_answer.c[name] for name in _KEPT_COLUMNS)).where(
    _answer.c.return_id == bindparam("return_id")
)
_COPY_TO_HISTORY = insert(_history).from_select(
    _KEPT_COLUMNS, _TO_COPY.where(_answer.c.key.in_(bindparam("keys", expanding=True)))
)
# One alone is saved most often, and a list's statement is written out anew each time.
_COPY_ONE_TO_HISTORY = insert(_history).from_select(
    _KEPT_COLUMNS, _TO_COPY.where(_answer.c.key == bindparam("of_key"))
)
_CHANGE_ANSWER = (
    update(_answer)
    .where(_answer.c.return_id == bindparam("of_return"), _answer.c.key == bindparam("of_key"))
    .values(
        {
            name: bindparam(name)
            for name in (
                "grade",
                "not_applicable",
                "reason",
                "evidence",
                "version",
                "updated_by",
                "updated_at",
                "page",
                "sequence",
            )
        }
    )
)


def start(session: Session, cycle_id: int, organisation_id: int, now: datetime) -> int:
    """The id of the organisation's return in the cycle, made now if there was none."""
    known = session.scalar(
        select(Return.id)
        .where(Return.cycle_id == cycle_id, Return.organisation_id == organisation_id)
        .order_by(Return.number.desc())
        .limit(1)
    )
    if known is not None:
        return known
    return add_return(session, cycle_id, organisation_id, number=1, now=now)


def add_return(
    session: Session,
    cycle_id: int,
    organisation_id: int,
    *,
    number: int,
    now: datetime,
    imported: bool = False,
) -> int:
    """A new return with the organisation's setting, phase, trust and areas as they are now."""
    organisation = session.execute(
        select(Organisation.setting, Organisation.phase, Organisation.trust_id).where(
            Organisation.id == organisation_id
        )
    ).one()
    made = Return(
        cycle_id=cycle_id,
        organisation_id=organisation_id,
        number=number,
        setting=organisation.setting,
        phase=organisation.phase,
        trust_id=organisation.trust_id,
        status="signed" if imported else "draft",
        imported=imported,
        version=1,
        started_at=now,
        signed_at=now if imported else None,
    )
    session.add(made)
    session.flush()
    scope.take_in(made.id)
    areas = session.scalars(
        select(OrganisationArea.area).where(OrganisationArea.organisation_id == organisation_id)
    )
    session.add_all(ReturnArea(return_id=made.id, area=area) for area in areas)
    session.flush()
    return made.id


def lock_draft(session: Session, return_id: int) -> int:
    """Lock the return for changing; its version. Raises SignedMeanwhile when it is no draft any more.

    Everything that changes a return takes this lock first, so that two people's saves follow each other.
    """
    row = session.execute(_LOCK, {"return_id": return_id}).one()
    if row.status != "draft":
        raise SignedMeanwhile
    version: int = row.version
    return version


def touch(session: Session, return_id: int) -> None:
    """Count a change of the return, so that a page shown before it cannot sign."""
    session.execute(_TOUCH, {"touched": return_id})


def save_profile(session: Session, return_id: int, facts: Mapping[str, bool]) -> None:
    lock_draft(session, return_id)
    session.execute(
        delete(ProfileFact).where(ProfileFact.return_id == return_id, ProfileFact.fact.in_(facts))
    )
    session.add_all(
        ProfileFact(return_id=return_id, fact=fact, answer=answer) for fact, answer in facts.items()
    )
    session.flush()
    touch(session, return_id)


def save_answers(
    session: Session, return_id: int, typed: Mapping[str, TypedAnswer], by: int | None, at: datetime
) -> Saved:
    """Keep what was typed, but nothing over an answer that its author has not seen.

    Counting the change takes the lock; most saves have one, and for the others it is taken back. Raises
    SignedMeanwhile.
    """
    connection = session.connection()  # looked up once for all that follows
    if connection.execute(_LOCK_AND_TOUCH, {"touched": return_id}).one_or_none() is None:
        raise SignedMeanwhile
    kept = dict(kept_answers(connection, return_id, typed.keys()))
    outcomes = {key: _outcome(connection, return_id, key, each, kept.get(key)) for key, each in typed.items()}
    changed = {
        key: Kept(typed[key].answer, kept[key].version + 1 if key in kept else 1, by, at, typed[key].origin)
        for key, outcome in outcomes.items()
        if outcome is Outcome.SAVE
    }
    if changed:
        write_answers(connection, return_id, changed.items())
    else:
        connection.execute(_TAKE_BACK, {"touched": return_id})
    conflicts = frozenset(key for key, outcome in outcomes.items() if outcome is Outcome.CONFLICT)
    return Saved({**kept, **changed}, conflicts)


def write_answers(to: Session | Connection, return_id: int, changed: Iterable[tuple[str, Kept]]) -> None:
    """Write answers and copy them to the history; version 1 is new, a higher one replaces the one before."""
    rows = [(kept.version, _row(return_id, key, kept)) for key, kept in changed]
    if added := [row for version, row in rows if version == 1]:
        to.execute(_ADD_ANSWER, added)
    if updates := [
        {"of_return": return_id, "of_key": row["key"], **{k: v for k, v in row.items() if k not in _KEY}}
        for version, row in rows
        if version > 1
    ]:
        to.execute(_CHANGE_ANSWER, updates)
    keys = [row["key"] for _, row in rows]
    if len(keys) == 1:
        to.execute(_COPY_ONE_TO_HISTORY, {"return_id": return_id, "of_key": keys[0]})
    elif keys:
        to.execute(_COPY_TO_HISTORY, {"return_id": return_id, "keys": keys})


def leave_out(session: Session, return_id: int, keys: Iterable[str]) -> None:
    """Take away answers that are not asked any more; their history stays."""
    session.execute(
        delete(AnswerTable).where(AnswerTable.return_id == return_id, AnswerTable.key.in_(list(keys)))
    )


_KEY = ("return_id", "key")


def _row(return_id: int, key: str, kept: Kept) -> dict[str, object]:
    return {
        "return_id": return_id,
        "key": key,
        "grade": kept.answer.grade,
        "not_applicable": kept.answer.not_applicable,
        "reason": kept.answer.reason,
        "evidence": kept.answer.evidence,
        "version": kept.version,
        "updated_by": kept.by,
        "updated_at": kept.at,
        "page": kept.origin.page,
        "sequence": kept.origin.sequence,
    }


def _outcome(
    connection: Connection, return_id: int, key: str, typed: TypedAnswer, kept: Kept | None
) -> Outcome:
    answer, version = (kept.answer, kept.version) if kept else (UNANSWERED, 0)
    kept_from = kept.origin if kept else NO_PAGE
    shown = answer
    if typed.shown_version != version:
        shown = _as_it_was(connection, return_id, key, typed.shown_version)
    return settle(
        typed.answer, shown, typed.shown_version, answer, version, sent=typed.origin, kept_from=kept_from
    )


def _as_it_was(connection: Connection, return_id: int, key: str, version: int) -> Answer:
    row = connection.execute(_HISTORY, {"return_id": return_id, "key": key, "version": version}).one_or_none()
    return Answer(*row) if row else UNANSWERED
