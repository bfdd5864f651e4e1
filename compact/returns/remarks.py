"""What is said of an organisation's actions by rooms above this one, shown on the plan's own pages.

A room adds itself when the application is built; this one knows none of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session

from compact.access.values import Person

from .plan import PlanOf


@dataclass(frozen=True)
class Remark:
    """What somebody says of an action: who, when, whether it is accepted, and a comment or none."""

    by: str
    at: datetime
    accepted: bool
    comment: str


Remarks = Mapping[int, Sequence[Remark]]
"""Remarks by action."""
Reader = Callable[[Session, PlanOf, Person], Remarks]
"""Finds the remarks on a plan that a person may read."""


def init_app(app: Flask) -> None:
    app.extensions["compact.remarks"] = []


def add(app: Flask, reader: Reader) -> None:
    """Let a room show its remarks beside the actions."""
    app.extensions["compact.remarks"].append(reader)


def remarks_on(session: Session, place: PlanOf, asking: Person, action_id: int) -> list[Remark]:
    """All that is said of one action, the latest first."""
    return remarks_by_action(session, place, asking).get(action_id, [])


def remarks_by_action(session: Session, place: PlanOf, asking: Person) -> dict[int, list[Remark]]:
    """All that is said of each action of a plan, the latest first."""
    readers: Sequence[Reader] = current_app.extensions["compact.remarks"]
    found: dict[int, list[Remark]] = {}
    for reader in readers:
        for action_id, said in reader(session, place, asking).items():
            found.setdefault(action_id, []).extend(said)
    for said in found.values():
        said.sort(key=lambda each: each.at, reverse=True)
    return found
