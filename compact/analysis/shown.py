"""Findings -> what of them may leave the desk: the rows that are shown, and totals over these alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from compact.cycles.store import CycleRow
from compact.questionnaire.values import Edition
from compact.returns.models import Answer, Exception_, Return

from .counting import counted_returns
from .findings import SectorFindings, find
from .suppression import PHASES, Given, Total, by_phase, hidden_keys, total


@dataclass(frozen=True)
class Shown:
    """A sector's findings with what is hidden of them.

    `hidden` are keys of indicators, and PHASES where the table of phases was ever withheld. `standards` are
    totals by number over the rows that are shown; a standard without such a row is in none of them. `phases`
    are the same by phase, or None where they are withheld or there is but one.
    """

    findings: SectorFindings
    hidden: frozenset[str]
    standards: Mapping[int, Total]
    phases: Mapping[str, Mapping[int, Total]] | None


def find_shown(
    session: Session,
    cycle: CycleRow,
    edition: Edition,
    *,
    partnership: int,
    sector: str,
    hidden_before: Collection[str] = (),
) -> Shown:
    """What of a sector's findings may be published now, given what was hidden in the round before."""
    found = find(session, cycle, edition, partnership=partnership, sector=sector)[0]
    hidden = hidden_keys(_views(session, cycle, edition, found, partnership), hidden_before)
    keys = _shown_keys(found, hidden)
    weak = edition.scale.weak_keys
    given = given_grades(
        session, cycle.id, partnership, sector, {key for each in keys.values() for key in each}
    )
    phases = None if PHASES in hidden else by_phase(given, keys, weak)
    withheld = hidden if phases or not _has_phases(given) else hidden | {PHASES}
    return Shown(found, withheld, {number: total(given, each, weak) for number, each in keys.items()}, phases)


def given_grades(
    session: Session, cycle_id: int, partnership: int, sector: str, keys: Collection[str]
) -> Sequence[Given]:
    """What each return that counts says of these indicators, with the partnership's exceptions in place."""
    counted = counted_returns(cycle_id, partnership, sector).add_columns(Return.phase).cte("counted")
    answers = session.execute(
        select(counted.c.id, counted.c.phase, Answer.key, Answer.grade)
        .join(counted, counted.c.id == Answer.return_id)
        .where(Answer.key.in_(keys), or_(Answer.grade.is_not(None), Answer.not_applicable))
    )
    given = {(row.id, row.key): Given(*row) for row in answers}
    other = session.execute(
        select(counted.c.id, counted.c.phase, Exception_.key, Exception_.grade)
        .join(counted, counted.c.id == Exception_.return_id)
        .where(and_(Exception_.partnership_id == partnership, Exception_.key.in_(keys)))
    )
    given.update({(row.id, row.key): Given(*row) for row in other})
    return [given[place] for place in sorted(given)]


def _views(
    session: Session, cycle: CycleRow, edition: Edition, own: SectorFindings, partnership: int
) -> list[Mapping[str, int]]:
    """How many graded each indicator, as each partnership of the round sees it in which somebody signed."""
    seen = [own] + [
        find(session, cycle, edition, partnership=each, sector=own.sector)[0]
        for each in cycle.partnerships
        if each != partnership
    ]
    return [
        {each.indicator.key: each.graded for each in view.indicators}
        for view in seen
        if view is own or _somebody_signed(view)
    ]


def _somebody_signed(view: SectorFindings) -> bool:
    """Returns of organisations that were never due count in the findings, but not as received."""
    return view.response.received > 0 or any(each.graded for each in view.indicators)


def _shown_keys(found: SectorFindings, hidden: Collection[str]) -> Mapping[int, frozenset[str]]:
    """The keys of the shown rows of each standard that has any."""
    shown: dict[int, set[str]] = {}
    for each in found.indicators:
        if each.indicator.key not in hidden:
            shown.setdefault(each.standard, set()).add(each.indicator.key)
    return {number: frozenset(keys) for number, keys in shown.items()}


def _has_phases(given: Sequence[Given]) -> bool:
    return len({each.phase for each in given}) > 1
