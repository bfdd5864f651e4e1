"""Actions, read and written. They belong to an organisation; which indicators are weak is handed in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from compact.db import table

from .models import Action
from .rules import PlannedAction


@dataclass(frozen=True)
class ActionRow:
    """An action as it is kept."""

    id: int
    key: str
    raised_in: int
    what: str
    lead: str
    due: date
    status: str
    version: int


_action = table(Action)
_COLUMNS = (
    _action.c.id,
    _action.c.key,
    _action.c.raised_in,
    _action.c.what,
    _action.c.lead,
    _action.c.due,
    _action.c.status,
    _action.c.version,
)
_OF_ORGANISATION = (
    select(*_COLUMNS)
    .where(_action.c.organisation_id == bindparam("organisation_id"))
    .order_by(_action.c.due, _action.c.id)
)
_KEYS = (
    select(_action.c.key)
    .where(_action.c.organisation_id == bindparam("organisation_id"))
    .distinct()
    .order_by(_action.c.key)
)


def actions_of(session: Session, organisation_id: int) -> list[ActionRow]:
    """All actions of an organisation, the earliest due first."""
    return [
        ActionRow(*row) for row in session.execute(_OF_ORGANISATION, {"organisation_id": organisation_id})
    ]


def actions_by_organisation(session: Session, organisations: Collection[int]) -> dict[int, list[ActionRow]]:
    """The same of many organisations at once."""
    rows = session.execute(
        select(_action.c.organisation_id, *_COLUMNS)
        .where(_action.c.organisation_id.in_(organisations))
        .order_by(_action.c.due, _action.c.id)
    )
    found: dict[int, list[ActionRow]] = {}
    for organisation_id, *rest in rows:
        found.setdefault(organisation_id, []).append(ActionRow(*rest))
    return found


def keys_with_action(session: Session, organisation_id: int) -> frozenset[str]:
    """The indicators for which the organisation has at least one action."""
    return frozenset(session.scalars(_KEYS, {"organisation_id": organisation_id}))


def action_of(session: Session, organisation_id: int, action_id: int) -> ActionRow | None:
    row = session.execute(
        select(*_COLUMNS).where(Action.organisation_id == organisation_id, Action.id == action_id)
    ).one_or_none()
    return ActionRow(*row) if row else None


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
    added = session.scalars(
        insert(Action)
        .values(
            organisation_id=organisation_id,
            key=key,
            raised_in=return_id,
            what=planned.what,
            lead=planned.lead,
            due=planned.due,
            status=planned.status,
            version=1,
            created_by=by,
            created_at=at,
            updated_at=at,
        )
        .returning(Action.id)
    )
    return added.one()


def change_action(
    session: Session, organisation_id: int, action_id: int, version: int, planned: PlannedAction, at: datetime
) -> bool:
    """Change an action unless somebody else changed or removed it since `version`; whether it was done."""
    changed = session.execute(
        update(Action)
        .where(Action.organisation_id == organisation_id, Action.id == action_id, Action.version == version)
        .values(
            what=planned.what,
            lead=planned.lead,
            due=planned.due,
            status=planned.status,
            version=Action.version + 1,
            updated_at=at,
        )
        .returning(Action.id)
    )
    return changed.one_or_none() is not None


def remove_action(session: Session, organisation_id: int, action_id: int, raised_in: Collection[int]) -> bool:
    """Remove an action that no signed return holds: one raised in a return of `raised_in`."""
    removed = session.execute(
        delete(Action)
        .where(
            Action.organisation_id == organisation_id,
            Action.id == action_id,
            Action.raised_in.in_(raised_in),
        )
        .returning(Action.id)
    )
    return removed.one_or_none() is not None
