"""The plan of an organisation as a spreadsheet: one sheet of what there is, one of how it went on."""

from collections.abc import Mapping, Sequence
from datetime import date

from compact.actions.rules import PARTS, STATUSES, is_overdue
from compact.actions.store import UpdateRow
from compact.documents.sheets import Cell, Sheet

from .plan import Listed

PLAN_HEADER = (
    "Action number",
    "Standard",
    "Title of the standard",
    "Indicator",
    PARTS["what"],
    PARTS["lead"],
    PARTS["due"],
    PARTS["status"],
    "Overdue",
    PARTS["impact"],
    "Raised in",
)
UPDATES_HEADER = ("Action number", "When", "Who", PARTS["status"], "Note", PARTS["impact"])
NOBODY = "Not known"


def plan_sheets(
    plan: Sequence[Listed], updates: Sequence[UpdateRow], names: Mapping[int, str], today: date
) -> tuple[Sheet, Sheet]:
    """The actions in the order given, and every update of them, the earliest first."""
    listed = {each.action.id for each in plan}
    progress = [_of_update(each, names) for each in updates if each.action_id in listed]
    return (
        Sheet("Plan", PLAN_HEADER, [_of_action(each, today) for each in plan]),
        Sheet("Progress", UPDATES_HEADER, progress),
    )


def _of_action(listed: Listed, today: date) -> Sequence[Cell]:
    action = listed.action
    return (
        action.id,
        listed.indicator.standard,
        listed.standard.title,
        listed.indicator.asked,
        action.what,
        action.lead,
        action.due,
        STATUSES[action.status],
        "Yes" if is_overdue(action.status, action.due, today) else "No",
        action.impact,
        listed.raised.cycle_and_number,
    )


def _of_update(update: UpdateRow, names: Mapping[int, str]) -> Sequence[Cell]:
    now = update.planned
    who = names.get(update.by or 0, NOBODY)
    return (update.action_id, update.at, who, STATUSES[now.status], update.note, now.impact)
