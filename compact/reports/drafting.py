"""What would be published now: a sector's findings, beside the rounds before and what inspections found."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from compact.analysis.shown import Shown, find_shown
from compact.analysis.variance import find_variance
from compact.cycles import editions
from compact.cycles import store as cycle_store
from compact.cycles.store import CycleRow

from . import store
from .composing import Beside, Written, compose
from .earlier import beside
from .summary import Earlier, Inspected, Summary
from .writing_store import written_now


def draft(
    session: Session,
    cycle: CycleRow,
    before: Sequence[CycleRow],
    partnership: int,
    sector: str,
    written: Written | None = None,
) -> Summary:
    """The summary of a sector as it would be published now, with what officers wrote in its place.

    `before` are the earlier rounds of the sector that it is compared with, as far as anybody signed.
    `written` is what officers have saved for it, unless something else is given.
    """
    written = written or written_now(session, cycle, partnership, sector)
    shown = _shown(session, cycle, partnership, sector)
    alone = _composed(session, shown, cycle, partnership)
    earlier = tuple(_earlier(session, cycle, before, partnership, alone))
    stands_beside = Beside(earlier, _inspected(session, cycle, partnership, sector))
    return _composed(session, shown, cycle, partnership, stands_beside, written)


def _shown(session: Session, cycle: CycleRow, partnership: int, sector: str) -> Shown:
    return find_shown(
        session,
        cycle,
        editions.edition(cycle.edition),
        partnership=partnership,
        sector=sector,
        hidden_before=store.hidden_in(session, cycle.id, sector),
    )


def _composed(
    session: Session,
    shown: Shown,
    cycle: CycleRow,
    partnership: int,
    stands_beside: Beside | None = None,
    written: Written | None = None,
) -> Summary:
    edition = editions.edition(cycle.edition)
    name = cycle_store.names_of_partnerships(session, [partnership])[partnership]
    return compose(shown, cycle, edition, name, beside=stands_beside, written=written)


def _earlier(
    session: Session, cycle: CycleRow, before: Sequence[CycleRow], partnership: int, now: Summary
) -> Iterator[Earlier]:
    """The rounds before as they were published; one that was not as it would be."""
    edition = editions.edition(cycle.edition)
    for each in before:
        published = store.in_force(session, each.id, partnership, now.sector)
        then = published.summary if published else _unpublished(session, each, partnership, now.sector)
        if then.received:
            yield beside(each.id, now, edition, then, editions.edition(each.edition))


def _unpublished(session: Session, cycle: CycleRow, partnership: int, sector: str) -> Summary:
    return _composed(session, _shown(session, cycle, partnership, sector), cycle, partnership)


def _inspected(session: Session, cycle: CycleRow, partnership: int, sector: str) -> Inspected:
    of_sectors = find_variance(session, cycle, editions.edition(cycle.edition), partnership)
    found = next(each for each in of_sectors if each.sector == sector)
    return Inspected(returns=found.inspected, hopeful=len(found.hopeful))
