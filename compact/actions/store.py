"""Actions, read and written. They belong to an organisation; which indicators are weak is handed in.

Every writing adds the action as it then is to `action_update`, with who and when. Flushes, never commits.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from compact.db import table

from .models import Action, ActionUpdate
from .rules import EMBEDDED, PlannedAction


@dataclass(frozen=True)
class ActionRow:
    """An action as it is kept."""

    organisation_id: int
    id: int
    key: str
    raised_in: int
    what: str
    lead: str
    due: date
    status: str
    impact: str
    version: int
    updated_at: datetime

    @property
    def planned(self) -> PlannedAction:
        return PlannedAction(self.what, self.lead, self.due, self.status, self.impact)


@dataclass(frozen=True)
class UpdateRow:
    """An action as somebody left it; `by` is empty where nobody knows any more."""

    action_id: int
    version: int
    planned: PlannedAction
    note: str
    by: int | None
    at: datetime


_action, _update = table(Action), table(ActionUpdate)
_COLUMNS = (
    _action.c.organisation_id,
    _action.c.id,
    _action.c.key,
    _action.c.raised_in,
    _action.c.what,
    _action.c.lead,
    _action.c.due,
    _action.c.status,
    _action.c.impact,
    _action.c.version,
    _action.c.updated_at,
)
_OF_ORGANISATIONS = (
    select(*_COLUMNS)
    .where(_action.c.organisation_id.in_(bindparam("organisations", expanding=True)))
    .order_by(_action.c.due, _action.c.id)
)


_until_then = _update.c.organisation_id.in_(bindparam("organisations", expanding=True)) & (
    _update.c.at <= bindparam("moment")
)
_last = (
    select(_update.c.action_id, func.max(_update.c.version).label("version"))
    .where(_until_then)
    .group_by(_update.c.action_id)
    .subquery()
)
# The actions of `organisations` that were embedded at a `moment`, whatever was written on them since.
EMBEDDED_AT = (
    select(_update.c.action_id)
    .join(
        _last,
        (_last.c.action_id == _update.c.action_id) & (_last.c.version == _update.c.version),
    )
    .where(_until_then, _update.c.status == EMBEDDED)
)


def actions_of(session: Session, *organisations: int) -> list[ActionRow]:
    """All actions of an organisation, and of those that it took over from, the earliest due first."""
    rows = session.execute(_OF_ORGANISATIONS, {"organisations": list(organisations)})
    return [ActionRow(**row._mapping) for row in rows]


def action_of(
    session: Session, organisation_id: int, action_id: int, *, lock: bool = False
) -> ActionRow | None:
    """An action of an organisation; with `lock`, nobody else changes it until this transaction ends."""
    of_organisation = Action.organisation_id == organisation_id
    chosen = select(*_COLUMNS).where(of_organisation, Action.id == action_id)
    row = session.execute(chosen.with_for_update() if lock else chosen).one_or_none()
    return ActionRow(**row._mapping) if row else None


def updates_of(session: Session, organisation_id: int, action_id: int | None = None) -> list[UpdateRow]:
    """How an organisation's actions, or one of them, went on: by action, the earliest update first."""
    of = [ActionUpdate.organisation_id == organisation_id]
    if action_id is not None:
        of.append(ActionUpdate.action_id == action_id)
    rows = session.execute(select(_update).where(*of).order_by(ActionUpdate.action_id, ActionUpdate.version))
    return [
        UpdateRow(
            row.action_id,
            row.version,
            PlannedAction(row.what, row.lead, row.due, row.status, row.impact),
            row.note,
            row.by_id,
            row.at,
        )
        for row in rows
    ]


def actions_by_organisation(session: Session, organisations: Collection[int]) -> dict[int, list[ActionRow]]:
    """The same of many organisations at once."""
    rows = session.execute(
        select(*_COLUMNS)
        .where(_action.c.organisation_id.in_(organisations))
        .order_by(_action.c.due, _action.c.id)
    )
    found: dict[int, list[ActionRow]] = {}
    for row in rows:
        found.setdefault(row.organisation_id, []).append(ActionRow(**row._mapping))
    return found


def add_action(
    session: Session,
    *,
    organisation_id: int,
    return_id: int,
    key: str,
    planned: PlannedAction,
    by: int | None,
    at: datetime,
) -> int:
    """The id of the action that was added."""
    added: int = session.execute(
        insert(Action)
        .values(
            organisation_id=organisation_id,
            key=key,
            raised_in=return_id,
            **asdict(planned),
            version=1,
            created_by=by,
            created_at=at,
            updated_at=at,
        )
        .returning(Action.id)
    ).scalar_one()
    _note(session, organisation_id, added, 1, planned, by=by, at=at)
    return added


def change_action(
    session: Session,
    organisation_id: int,
    action_id: int,
    version: int,
    planned: PlannedAction,
    *,
    by: int | None,
    at: datetime,
    note: str = "",
) -> bool:
    """Change an action unless somebody else changed or removed it since `version`; whether it was done."""
    changed = session.execute(
        update(Action)
        .where(Action.organisation_id == organisation_id, Action.id == action_id, Action.version == version)
        .values(**asdict(planned), version=Action.version + 1, updated_at=at)
        .returning(Action.version)
    ).scalar_one_or_none()
    if changed is None:
        return False
    _note(session, organisation_id, action_id, changed, planned, by=by, at=at, note=note)
    return True


def remove_action(
    session: Session, organisation_id: int, action_id: int, version: int, raised_in: Collection[int]
) -> bool:
    """Remove an action with its updates, unless somebody changed it since `version`; whether it was done.

    Only one that no signed return holds: one raised in a return of `raised_in`.
    """
    locked = session.execute(
        select(Action.id)
        .where(
            Action.organisation_id == organisation_id,
            Action.id == action_id,
            Action.version == version,
            Action.raised_in.in_(raised_in),
        )
        .with_for_update()
    ).one_or_none()
    if locked is None:
        return False
    session.execute(
        delete(ActionUpdate).where(
            ActionUpdate.organisation_id == organisation_id, ActionUpdate.action_id == action_id
        )
    )
    session.execute(delete(Action).where(Action.organisation_id == organisation_id, Action.id == action_id))
    return True


def _note(
    session: Session,
    organisation_id: int,
    action_id: int,
    version: int,
    planned: PlannedAction,
    *,
    by: int | None,
    at: datetime,
    note: str = "",
) -> None:
    row: dict[str, Any] = {"organisation_id": organisation_id, "action_id": action_id, "version": version}
    session.execute(insert(ActionUpdate).values(**row, **asdict(planned), note=note, by_id=by, at=at))
