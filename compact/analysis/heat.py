"""A round's standards by sector, and by phase: a heat map of what sign-off kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compact.cycles.store import CycleRow
from compact.organisations.rules import PHASES
from compact.questionnaire.values import Edition

from .counting import PhaseCount, of_sectors, phase_counts_by_cycle
from .cuts import Cut, Part, Response, phases_in, response_of
from .findings import StandardFinding
from .responses import parts_of
from .rules import band


@dataclass(frozen=True)
class Cell:
    """A standard in a column of the map; `band` says how dark it is."""

    finding: StandardFinding
    is_asked: bool

    @property
    def band(self) -> int:
        return band(self.finding.weak, self.finding.graded, self.finding.threshold)


@dataclass(frozen=True)
class Column:
    """A sector, or a phase of it: who answered, and its standards by number."""

    sector: str
    phase: str | None
    title: str
    response: Response
    cells: Mapping[int, Cell]


@dataclass(frozen=True)
class HeatMap:
    """The sectors of a round beside each other, and of each sector that has several phases those."""

    sectors: tuple[Column, ...]
    phases: Mapping[str, tuple[Column, ...]]


def heat_map(session: Session, cycle: CycleRow, edition: Edition, partnership: int | None) -> HeatMap:
    """The map of a round, in two counts however many answered."""
    parts = parts_of(session, [cycle.id], partnership)
    counted = phase_counts_by_cycle(session, [cycle.id], partnership)[cycle.id]
    whole = [
        PhaseCount(each.sector, None, each.standard, each.graded, each.weak) for each in of_sectors(counted)
    ]
    sectors = [each for each in edition.settings if each in cycle.settings]
    return HeatMap(
        tuple(_column(cycle, edition, each, None, whole, parts) for each in sectors),
        {
            each: tuple(_column(cycle, edition, each, phase, counted, parts) for phase in phases)
            for each in sectors
            if len(phases := phases_in([part for part in parts if part.sector == each], PHASES)) > 1
        },
    )


def _column(
    cycle: CycleRow,
    edition: Edition,
    sector: str,
    phase: str | None,
    counted: Iterable[PhaseCount],
    parts: Iterable[Part],
) -> Column:
    questionnaire = edition.questionnaires[sector]
    counts = {
        each.standard: (each.graded, each.weak)
        for each in counted
        if (each.sector, each.phase) == (sector, phase)
    }
    cells = {
        number: Cell(
            StandardFinding(sector, number, standard.title, *counts.get(number, (0, 0)), cycle.threshold, ()),
            bool(questionnaire.by_standard[number]),
        )
        for number, standard in edition.standards.items()
    }
    response = response_of(parts, cycle.id, sector, Cut(phase=phase))
    return Column(sector, phase, questionnaire.sector, response, cells)
