"""Returns held against inspections that came after them: where a school was more hopeful than Ofsted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Select, String, select, type_coerce
from sqlalchemy.orm import Session

from compact.cycles.store import CycleRow
from compact.db import table
from compact.inspections.rules import Doubt, Result, came_after, doubts, more_hopeful
from compact.inspections.store import InspectionRow, have_inspections, latest_doubts_of
from compact.organisations.models import Organisation
from compact.questionnaire.values import Edition
from compact.returns.models import Return
from compact.sign_off.models import StandardResult
from compact.web.clock import local_day

from .counting import STATEMENTS, counted_returns
from .cuts import Response
from .remembered import remembered
from .responses import response_by_sector

_result, _return = table(StandardResult).c, table(Return).c


class Compared(NamedTuple):
    """A return and the latest inspection, which came after it. `hopeful` are the doubts it does not share."""

    return_id: int
    organisation: str
    sector: str
    signed_at: datetime
    imported: bool
    inspection: InspectionRow
    results: Mapping[int, Result]
    doubts: tuple[Doubt, ...]
    hopeful: tuple[Doubt, ...]


@dataclass(frozen=True)
class StandardVariance:
    """Of the returns that were inspected after signing and graded something in a standard: how many there
    are, of how many the inspection found something weak that speaks of it, and how many do not share that.
    """

    standard: int
    title: str
    graded: int
    doubted: int
    hopeful: int


@dataclass(frozen=True)
class SectorVariance:
    """A sector's returns beside later inspections, the more hopeful ones by name, by standard in order."""

    sector: str
    title: str
    response: Response
    inspected: int
    standards: tuple[StandardVariance, ...]
    hopeful: tuple[Compared, ...]


def find_variance(
    session: Session, cycle: CycleRow, edition: Edition, partnership: int
) -> tuple[SectorVariance, ...]:
    """The variance of a cycle by sector, as one of its partnerships sees it: five statements in all."""
    compared = _compared(session, cycle, partnership)
    responses = response_by_sector(session, cycle, partnership)
    return tuple(
        _of_sector(
            edition,
            sector,
            responses[sector],
            [each for each in compared if each.sector == sector],
        )
        for sector in edition.settings
        if sector in cycle.settings
    )


def _of_sector(
    edition: Edition, sector: str, response: Response, compared: Sequence[Compared]
) -> SectorVariance:
    graded = Counter(chain.from_iterable(map(_graded, compared)))
    doubted: Counter[int] = Counter()
    not_shared: Counter[int] = Counter()
    for each in compared:
        if each.doubts:
            doubted.update(_spoken_of(each.doubts).intersection(_graded(each)))
            not_shared.update(_spoken_of(each.hopeful).intersection(_graded(each)))
    standards = tuple(
        StandardVariance(number, standard.title, graded[number], doubted[number], not_shared[number])
        for number, standard in edition.standards.items()
    )
    hopeful = tuple(each for each in compared if each.hopeful)
    title = edition.questionnaires[sector].sector
    return SectorVariance(sector, title, response, len(compared), standards, hopeful)


def _graded(compared: Compared) -> list[int]:
    return [standard for standard, result in compared.results.items() if result.graded]


def _spoken_of(found: Sequence[Doubt]) -> set[int]:
    return {standard for each in found for standard in each.standards}


def _compared(session: Session, cycle: CycleRow, partnership: int) -> list[Compared]:
    """The returns that count and were inspected after signing, by name."""
    rows = session.execute(_inspected_returns(cycle.id, partnership)).all()
    latest = latest_doubts_of(session, [row.organisation_id for row in rows])
    inspected = [row for row in rows if came_after(latest[row.organisation_id].on, local_day(row.signed_at))]
    results = _results(session, cycle.id, partnership, {row.id: row.signed_as for row in inspected})
    compared = []
    for return_id, organisation_id, sector, signed_at, _, imported, name in inspected:
        inspection, of_return = latest[organisation_id], results.get(return_id, {})
        found = doubts(inspection.safeguarding, inspection.judgements)
        hopeful = more_hopeful(found, of_return)
        about = (return_id, name, sector, signed_at, imported)
        compared.append(Compared(*about, inspection, of_return, found, hopeful))
    return compared


@lru_cache(STATEMENTS)
def _inspected_returns(cycle_id: int, partnership: int) -> Select[*tuple[Any, ...]]:
    return (
        counted_returns(cycle_id, partnership)
        .join(Organisation, Organisation.id == Return.organisation_id)
        .add_columns(
            Return.organisation_id,
            Return.setting,
            Return.signed_at,
            type_coerce(Return.signed_at, String).label("signed_as"),
            Return.imported,
            Organisation.name,
        )
        .where(have_inspections(Return.organisation_id))
        .order_by(Organisation.name, Return.id)
    )


def _results(
    session: Session, cycle_id: int, partnership: int, returns: Mapping[int, str]
) -> dict[int, dict[int, Result]]:
    """What returns graded, by standard, with the partnership's exceptions; remembered like the counts.

    `returns` are their ids, and when they were signed.
    """

    def count() -> list[tuple[int, dict[int, Result]]]:
        found: dict[int, dict[int, Result]] = {}
        alike: dict[Result, Result] = {}  # a few dozen, of thousands
        for return_id, standard, graded, weak in session.execute(
            select(_result.return_id, _result.standard, _result.graded, _result.weak)
            .join_from(table(StandardResult), table(Return), _return.id == _result.return_id)
            .where(
                _return.cycle_id == cycle_id,
                _result.return_id.in_(returns),
                _result.partnership_id == partnership,
            )
        ).all():
            result = Result(graded, weak)
            found.setdefault(return_id, {})[standard] = alike.setdefault(result, result)
        return [*found.items()]

    named = ("results", cycle_id, partnership, *returns.items())
    return dict(remembered(session, lambda: named, count))
