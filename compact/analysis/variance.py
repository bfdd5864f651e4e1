"""Returns held against inspections that came after them: where a school was more hopeful than Ofsted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.cycles.store import CycleRow
from compact.inspections.rules import Doubt, Result, came_after, doubts, more_hopeful
from compact.inspections.store import InspectionRow, latest_of
from compact.organisations.models import Organisation
from compact.questionnaire.values import Edition
from compact.returns.models import Return
from compact.sign_off.models import StandardResult
from compact.web.clock import local_day

from .counting import Response, counted_returns, response_by_sector


@dataclass(frozen=True)
class Compared:
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
    standards = tuple(
        StandardVariance(number, standard.title, *_counts(number, compared))
        for number, standard in edition.standards.items()
    )
    hopeful = tuple(each for each in compared if each.hopeful)
    title = edition.questionnaires[sector].sector
    return SectorVariance(sector, title, response, len(compared), standards, hopeful)


def _counts(standard: int, compared: Sequence[Compared]) -> tuple[int, int, int]:
    """Returns that graded a standard, those that an inspection doubts, those that do not agree."""
    graded = [each for each in compared if standard in each.results and each.results[standard].graded]
    return (
        len(graded),
        sum(_speaks_of(standard, each.doubts) for each in graded),
        sum(_speaks_of(standard, each.hopeful) for each in graded),
    )


def _speaks_of(standard: int, found: Sequence[Doubt]) -> bool:
    return any(standard in each.standards for each in found)


def _compared(session: Session, cycle: CycleRow, partnership: int) -> list[Compared]:
    """The returns that count and were inspected after signing, by name."""
    rows = session.execute(
        counted_returns(cycle.id, partnership)
        .join(Organisation, Organisation.id == Return.organisation_id)
        .add_columns(
            Return.organisation_id, Return.setting, Return.signed_at, Return.imported, Organisation.name
        )
        .order_by(Organisation.name, Return.id)
    ).all()
    latest = latest_of(session, [row.organisation_id for row in rows])
    results = _results(session, cycle.id, partnership)
    compared = []
    for row in rows:
        inspection = latest.get(row.organisation_id)
        if inspection is None or not came_after(inspection.on, local_day(row.signed_at)):
            continue
        of_return = results.get(row.id, {})
        found = doubts(inspection.safeguarding, inspection.judgements)
        compared.append(
            Compared(
                row.id,
                row.name,
                row.setting,
                row.signed_at,
                row.imported,
                inspection,
                of_return,
                found,
                more_hopeful(found, of_return),
            )
        )
    return compared


def _results(session: Session, cycle_id: int, partnership: int) -> dict[int, dict[int, Result]]:
    """What each return that counts graded, by standard, with the partnership's exceptions."""
    counted = counted_returns(cycle_id, partnership).cte("counted")
    found: dict[int, dict[int, Result]] = {}
    for row in session.execute(
        select(StandardResult.return_id, StandardResult.standard, StandardResult.graded, StandardResult.weak)
        .join(counted, counted.c.id == StandardResult.return_id)
        .where(StandardResult.partnership_id == partnership)
    ):
        found.setdefault(row.return_id, {})[row.standard] = Result(row.graded, row.weak)
    return found
