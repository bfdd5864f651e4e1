"""Looking again at the signed returns of a round: for those signed before there were reasons to look."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.analysis.counting import counted_returns
from compact.returns.models import Return

from .looking import keep_prints, look_at
from .models import ReasonToLook

AT_ONCE = 200  # returns; their evidence is in memory together


class Looked(NamedTuple):
    """How many returns were looked at again, and of how many the reasons are others now."""

    returns: int
    changed: int


def look_again(session: Session, cycle_id: int) -> Looked:
    """Work out the reasons to look at every return that counts in a round anew.

    The prints of all are kept first: which of two equal texts was signed first makes no difference any more.
    What officers have made of a return stands (`models.Review` and what goes with it). Nobody reopens one of
    these returns until this transaction ends.
    """
    counting = counted_returns(cycle_id, None).order_by(Return.id).with_for_update(of=Return)
    ids = session.scalars(counting).all()
    parts = [ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE)]
    before = _kept(session, cycle_id)
    for part in parts:
        keep_prints(session, part)
    for part in parts:
        look_at(session, part)
    after = _kept(session, cycle_id)
    return Looked(len(ids), sum(before.get(each) != after.get(each) for each in ids))


def _kept(session: Session, cycle_id: int) -> dict[int, Sequence[tuple[Any, ...]]]:
    """The reasons of a round's returns, but for the order in which they were written."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for return_id, partnership, *reason in session.execute(
        select(
            ReasonToLook.return_id,
            ReasonToLook.partnership_id,
            ReasonToLook.name,
            ReasonToLook.weight,
            ReasonToLook.about,
        )
        .join(Return, Return.id == ReasonToLook.return_id)
        .where(Return.cycle_id == cycle_id)
    ):
        found.setdefault(return_id, []).append((partnership or 0, *reason))
    return {return_id: sorted(reasons) for return_id, reasons in found.items()}
