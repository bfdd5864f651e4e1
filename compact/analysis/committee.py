"""What a committee reads of a round: response, flagged standards now and last time, plans, decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BindParameter, and_, bindparam, case, exists, func, insert, select
from sqlalchemy.orm import Session

from compact.actions.models import Action
from compact.actions.rules import FINISHED
from compact.cycles import store as cycle_store
from compact.cycles.store import CycleRow
from compact.db import table
from compact.organisations.models import PartnershipArea
from compact.returns.exception_store import may_be_anothers
from compact.returns.models import Return, ReturnArea

from .counting import StandardCount, standard_counts, standard_counts_by_cycle
from .cuts import Response
from .decisions import About, Decided
from .findings import StandardFinding
from .models import Decision
from .responses import responses_by_cycle
from .trend import Round, can_compare

Standards = Mapping[About, StandardFinding]

_decision, _action, _return, _area = (table(each).c for each in (Decision, Action, Return, PartnershipArea))
_worked_in = table(ReturnArea).c
_OWN: BindParameter[int] = bindparam("partnership")
# Built once: that costs more than to run them.
_DECIDED = (
    select(
        _decision.cycle_id,
        _decision.sector,
        _decision.standard,
        _decision.decided,
        _decision.who,
        _decision.due,
    )
    .where(_decision.cycle_id.in_(bindparam("cycles", expanding=True)), _decision.partnership_id == _OWN)
    .order_by(_decision.id)
)
_done = _action.status.in_(FINISHED)
_PLANNED = (
    select(
        _return.setting,
        func.count(),
        func.sum(case((_done, 1), else_=0)),
        func.sum(case((and_(~_done, _action.due < bindparam("today")), 1), else_=0)),
    )
    .join_from(table(Return), table(Action), _action.raised_in == _return.id)
    .where(
        _return.cycle_id == bindparam("cycle_id"),
        _return.status == "signed",
        exists().where(
            _worked_in.return_id == _return.id,
            _worked_in.area == _area.area,
            _area.partnership_id == _OWN,
        ),
        ~may_be_anothers(_OWN),
    )
    .group_by(_return.setting)
)


@dataclass(frozen=True)
class Plans:
    """The actions of a sector that were raised in a round's signed returns; overdue ones are not open.

    What might tell of another partnership of a four-area body is in no number (A6).
    """

    open: int = 0
    overdue: int = 0
    done: int = 0

    @property
    def all(self) -> int:
        return self.open + self.overdue + self.done


@dataclass(frozen=True)
class Stands:
    """A standard now, and in the round before where it can be compared."""

    about: About
    now: StandardFinding
    then: StandardFinding | None


@dataclass(frozen=True)
class FollowedUp:
    """What was decided after the round before, and how the standard stands since; None: not asked."""

    decided: Decided
    sector: str
    standard: str
    then: StandardFinding | None
    now: StandardFinding | None


@dataclass(frozen=True)
class SectorSeen:
    """A sector's part: how many signed, now and last time; the flagged standards, the highest share first."""

    sector: str
    title: str
    response: Response
    response_then: Response | None
    flagged: tuple[Stands, ...]
    plans: Plans


@dataclass(frozen=True)
class CommitteePage:
    response: Response
    sectors: tuple[SectorSeen, ...]
    decided: tuple[Decided, ...]
    followed_up: tuple[FollowedUp, ...]

    @property
    def flagged(self) -> tuple[Stands, ...]:
        return tuple(each for sector in self.sectors for each in sector.flagged)

    @property
    def plans(self) -> Plans:
        plans = [each.plans for each in self.sectors]
        return Plans(sum(p.open for p in plans), sum(p.overdue for p in plans), sum(p.done for p in plans))


def round_before(session: Session, cycle: CycleRow, partnership: int) -> CycleRow | None:
    """The latest round of the partnership that opened before this one and asked any of its sectors."""
    rounds = cycle_store.cycles_of_partnerships(session, [partnership])
    asked = set(cycle.settings)
    return next((each for each in rounds if each.opens < cycle.opens and asked & set(each.settings)), None)


def committee_page(
    session: Session, this: Round, before: Round | None, partnership: int, today: date
) -> CommitteePage:
    """The page's values, in some six statements however many answered."""
    rounds = [this.cycle, *([before.cycle] if before else [])]
    by_round = responses_by_cycle(session, rounds, partnership)
    responses = by_round[this.cycle.id]
    earlier = by_round[before.cycle.id] if before else {}
    counts = standard_counts_by_cycle(session, [each.id for each in rounds], partnership)
    now = _standards(this, counts[this.cycle.id])
    then = _standards(before, counts[before.cycle.id]) if before else {}
    decided = _decisions(session, [each.id for each in rounds], partnership)
    plans = _plans(session, this.cycle.id, partnership, today)
    sectors = tuple(
        SectorSeen(
            sector,
            this.edition.questionnaires[sector].sector,
            responses[sector],
            earlier.get(sector),
            _flagged(sector, now, then, this, before),
            plans.get(sector, Plans()),
        )
        for sector in _sectors(this)
    )
    whole = Response(
        sum(each.due for each in responses.values()),
        sum(each.received for each in responses.values()),
        sum(each.imported for each in responses.values()),
    )
    followed_up = _followed_up(this, before, decided[before.cycle.id], now, then) if before else ()
    return CommitteePage(whole, sectors, decided[this.cycle.id], followed_up)


def standards_of(session: Session, of: Round, partnership: int) -> Standards:
    """Every standard of every sector, with nothing graded included."""
    return _standards(of, standard_counts(session, of.cycle.id, partnership))


def _standards(of: Round, counted: Sequence[StandardCount]) -> Standards:
    counts = {(each.sector, each.standard): (each.graded, each.weak) for each in counted}
    return {
        About(sector, number): StandardFinding(
            sector, number, standard.title, *counts.get((sector, number), (0, 0)), of.cycle.threshold, ()
        )
        for sector in _sectors(of)
        for number, standard in of.edition.standards.items()
    }


def flagged_of(session: Session, of: Round, partnership: int) -> list[StandardFinding]:
    """The flagged standards of a round by sector, in questionnaire order."""
    return [each for each in standards_of(session, of, partnership).values() if each.is_flagged]


def add_decision(
    session: Session, cycle_id: int, partnership: int, decided: Decided, *, by: int, at: datetime
) -> None:
    session.execute(
        insert(Decision).values(
            cycle_id=cycle_id,
            partnership_id=partnership,
            sector=decided.about.sector,
            standard=decided.about.standard,
            decided=decided.decided,
            who=decided.who,
            due=decided.due,
            by_id=by,
            at=at,
        )
    )


def decisions_of(session: Session, cycle_id: int, partnership: int) -> tuple[Decided, ...]:
    """What a partnership decided about a round, in the order in which it was written down."""
    return _decisions(session, [cycle_id], partnership)[cycle_id]


def _decisions(
    session: Session, cycles: Sequence[int], partnership: int
) -> Mapping[int, tuple[Decided, ...]]:
    """The same for several rounds."""
    rows = session.execute(_DECIDED, {"cycles": [*cycles], "partnership": partnership}).all()
    return {
        cycle: tuple(
            Decided(About(row.sector, row.standard), row.decided, row.who, row.due)
            for row in rows
            if row.cycle_id == cycle
        )
        for cycle in cycles
    }


def _sectors(of: Round) -> list[str]:
    return [each for each in of.edition.settings if each in of.cycle.settings]


def _flagged(
    sector: str, now: Standards, then: Standards, this: Round, before: Round | None
) -> tuple[Stands, ...]:
    found = [
        Stands(about, each, _then(about, then, this, before))
        for about, each in now.items()
        if about.sector == sector and each.is_flagged
    ]
    return tuple(sorted(found, key=lambda each: (-(each.now.share or 0), each.about.standard)))


def _then(about: About, then: Standards, this: Round, before: Round | None) -> StandardFinding | None:
    """The standard in the round before; None where it cannot be compared, or nobody graded it."""
    found = then.get(about)
    if before is None or found is None or not found.graded:
        return None
    return found if can_compare(about, this.edition, before.edition) else None


def _followed_up(
    this: Round, before: Round, decided_then: Sequence[Decided], now: Standards, then: Standards
) -> tuple[FollowedUp, ...]:
    return tuple(
        FollowedUp(
            decided,
            before.edition.questionnaires[decided.about.sector].sector,
            before.edition.standards[decided.about.standard].title,
            _then(decided.about, then, this, before),
            now.get(decided.about),
        )
        for decided in decided_then
    )


def _plans(session: Session, cycle_id: int, partnership: int, today: date) -> Mapping[str, Plans]:
    """The actions by sector; one is overdue as the plan's own page has it (`actions.rules.is_overdue`)."""
    asked = {"cycle_id": cycle_id, "partnership": partnership, "today": today}
    return {
        setting: Plans(open=actions - finished - late, overdue=late, done=finished)
        for setting, actions, finished, late in session.execute(_PLANNED, asked)
    }
