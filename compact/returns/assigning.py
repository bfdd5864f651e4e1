"""Which colleague answers which standard."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from compact.accounts.models import Person
from compact.db import table

from .models import Assignment
from .store import lock_draft


@dataclass(frozen=True)
class Assigned:
    """A colleague who has a standard to answer."""

    person_id: int
    name: str


_assignment, _person = table(Assignment), table(Person)
_ASSIGNED = (
    select(_assignment.c.standard, _person.c.id, _person.c.name)
    .join(_person, _person.c.id == _assignment.c.person_id)
    .where(_assignment.c.return_id == bindparam("return_id"))
    .order_by(_assignment.c.standard)
)


def assigned(session: Session, return_id: int) -> Mapping[int, Assigned]:
    """Who has which standard of a return."""
    rows = session.execute(_ASSIGNED, {"return_id": return_id}).all()
    return {standard: Assigned(person_id, name) for standard, person_id, name in rows}


def assign(session: Session, return_id: int, wanted: Mapping[int, int]) -> Mapping[int, list[int]]:
    """Give standards to people; by person, the standards that they did not have before.

    Raises SignedMeanwhile.
    """
    lock_draft(session, return_id)
    before = {standard: each.person_id for standard, each in assigned(session, return_id).items()}
    session.execute(delete(_assignment).where(_assignment.c.return_id == return_id))
    if wanted:
        rows = [
            {"return_id": return_id, "standard": standard, "person_id": person}
            for standard, person in sorted(wanted.items())
        ]
        session.execute(insert(_assignment), rows)
    new: dict[int, list[int]] = defaultdict(list)
    for standard, person in sorted(wanted.items()):
        if before.get(standard) != person:
            new[person].append(standard)
    return new
