"""Successions, read and written. They are kept whole: over others as well, so that nobody follows chains."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from .lines import line_before
from .links import LinkPlan, Succeeded, Successions
from .models import Organisation, Succession


def successions(session: Session) -> Successions:
    rows = session.execute(select(Succession.old_id, Succession.new_id, Succession.on, Succession.kind))
    return {(row.old_id, row.new_id): Succeeded(row.on, row.kind) for row in rows}


def ids_of(session: Session, register: str) -> tuple[dict[str, int], dict[int, date]]:
    """The organisations of a national register by identifier, and the days of those that closed."""
    rows = session.execute(
        select(Organisation.id, Organisation.identifier, Organisation.closed_on).where(
            Organisation.register == register
        )
    ).all()
    closed = {row.id: row.closed_on for row in rows if row.closed_on is not None}
    return {row.identifier: row.id for row in rows}, closed


def carry_out(session: Session, plan: LinkPlan, kept: Successions) -> None:
    """Keep what the plan says, and nothing else of what was kept before."""
    gone = {pair: each for pair, each in kept.items() if plan.all.get(pair) != each}
    for old, new in gone:
        session.execute(delete(Succession).where(Succession.old_id == old, Succession.new_id == new))
    rows = [
        {"old_id": old, "new_id": new, "on": each.on, "kind": each.kind}
        for (old, new), each in plan.all.items()
        if kept.get((old, new)) != each
    ]
    if rows:
        session.execute(insert(Succession), rows)
    session.flush()


def related(session: Session, organisation_id: int) -> list[tuple[bool, int, str, date]]:
    """Whom an organisation took over from (False) and who took over from it (True), the earliest first."""
    found: list[tuple[bool, int, str, date]] = []
    for is_later, own, other in (
        (False, Succession.new_id, Succession.old_id),
        (True, Succession.old_id, Succession.new_id),
    ):
        rows = session.execute(
            select(Organisation.id, Organisation.name, Succession.on)
            .join(Succession, other == Organisation.id)
            .where(own == organisation_id)
            .order_by(Succession.on, Organisation.id)
        )
        found += [(is_later, row.id, row.name, row.on) for row in rows]
    return found


@dataclass(frozen=True)
class Before:
    """Whom an organisation took over from, by their ids: everybody, and those it goes on from alone.

    Of several that merged, the plans of all go on, and no one's answers are last time's.
    """

    everybody: tuple[int, ...] = ()
    line: frozenset[int] = frozenset()


NOBODY = Before()


def those_before(session: Session, organisations: Collection[int], today: date) -> dict[int, Before]:
    """Whom each of these organisations had taken over from by a day; nothing for one that is no successor."""
    olds = select(Succession.old_id).where(Succession.new_id.in_(organisations))
    rows = session.execute(
        select(Succession.old_id, Succession.new_id).where(
            or_(Succession.new_id.in_(organisations), Succession.new_id.in_(olds)), Succession.on <= today
        )
    )
    pairs = {(old, new) for old, new in rows}
    return {
        each: Before(tuple(sorted(old for old, new in pairs if new == each)), line_before(pairs, each))
        for each in {new for _, new in pairs}.intersection(organisations)
    }
