"""What inspections found, held against signed returns: the reason that may also come after the signing.

A return is held against the latest inspection of its time: until the organisation's next signed return, which
speaks for itself from then on. So it is all one whether the return or the file of inspections came first.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from compact.cycles.models import Cycle
from compact.inspections.rules import Result, came_after, doubts
from compact.inspections.store import InspectionRow, inspections_of
from compact.returns.models import Return
from compact.sign_off.models import StandardResult
from compact.web.clock import local_day

from . import rules
from .kept import rows_of
from .models import ReasonToLook
from .rules import Inspected, Name, Reason

AT_ONCE = 500  # organisations; each has a handful of returns


@dataclass(frozen=True)
class _Signed:
    """A signed return: whose, in a round that opened when, and the day on which it was signed."""

    id: int
    organisation_id: int
    opens: date
    on: date


def disagreements(session: Session, organisation_ids: Collection[int]) -> dict[int, Reason]:
    """The signed returns of these organisations with which an inspection disagrees, and the reason."""
    inspections = inspections_of(session, organisation_ids)
    if not inspections:
        return {}
    signed = _signed(session, inspections)
    against = {each.id: row for each in signed if (row := _of_its_time(each, signed, inspections))}
    results = _results(session, organisation_ids, against)
    return {
        return_id: reason
        for return_id, row in against.items()
        for found in (Inspected(row.on, doubts(row.safeguarding, row.judgements)),)
        if (reason := rules.inspection_disagrees(found, results.get(return_id, {})))
    }


def look_at_inspected(session: Session, organisation_ids: Collection[int]) -> None:
    """Look again at what is signed by organisations of which an inspection has just become known.

    No other reason is touched. The returns are held until this transaction ends, drafts too: one that is
    being signed is waited for, and one that is signed later knows the inspection.
    """
    ids = sorted(organisation_ids)
    for first in range(0, len(ids), AT_ONCE):
        _look_at(session, ids[first : first + AT_ONCE])


def _look_at(session: Session, organisation_ids: Sequence[int]) -> None:
    theirs = Return.organisation_id.in_(organisation_ids)
    returns = session.scalars(select(Return.id).where(theirs).order_by(Return.id).with_for_update()).all()
    session.execute(
        delete(ReasonToLook).where(
            ReasonToLook.return_id.in_(returns), ReasonToLook.name == Name.INSPECTION.value
        )
    )
    found = disagreements(session, organisation_ids)
    if rows := [row for return_id, reason in sorted(found.items()) for row in rows_of(return_id, [reason])]:
        session.execute(insert(ReasonToLook), rows, execution_options={"render_nulls": True})


def _signed(session: Session, organisation_ids: Collection[int]) -> list[_Signed]:
    rows = session.execute(
        select(Return.id, Return.organisation_id, Cycle.opens, Return.signed_at)
        .join(Cycle, Cycle.id == Return.cycle_id)
        .where(Return.organisation_id.in_(organisation_ids), Return.status == "signed")
        .order_by(Return.id)
    )
    return [_Signed(row.id, row.organisation_id, row.opens, local_day(row.signed_at)) for row in rows]


def _of_its_time(
    of: _Signed, signed: Sequence[_Signed], inspections: Mapping[int, Sequence[InspectionRow]]
) -> InspectionRow | None:
    """The latest inspection that did not come after the organisation's first return of a later round."""
    later = [
        each.on for each in signed if each.organisation_id == of.organisation_id and each.opens > of.opens
    ]
    until = min(later, default=date.max)
    known = [each for each in inspections[of.organisation_id] if not came_after(each.on, until)]
    return known[-1] if known else None


def _results(
    session: Session, organisation_ids: Collection[int], return_ids: Collection[int]
) -> dict[int, dict[int, Result]]:
    """What returns graded by standard, in their main grades."""
    found: dict[int, dict[int, Result]] = {}
    for row in session.execute(
        select(StandardResult.return_id, StandardResult.standard, StandardResult.graded, StandardResult.weak)
        .join(Return, Return.id == StandardResult.return_id)
        .where(
            Return.organisation_id.in_(organisation_ids),
            StandardResult.return_id.in_(return_ids),
            StandardResult.partnership_id.is_(None),
        )
    ):
        found.setdefault(row.return_id, {})[row.standard] = Result(row.graded, row.weak)
    return found
