"""The numbers of a sector's summary, and what became of each. Flushes, never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compact.access.values import Person
from compact.analysis.counting import counted_returns
from compact.cycles.models import Cycle
from compact.organisations.models import Partnership
from compact.returns.models import Return
from compact.trail import store as trail

from .counted import Counted, as_counted
from .models import LearningSummary
from .store import partnerships_for, subject_of


@dataclass(frozen=True)
class NumberRow:
    """One number of a summary: in force until another `replaced` it, or it was withdrawn; `why` says why."""

    number: int
    published_at: datetime
    withdrawn_at: datetime | None
    why: str | None
    replaced: bool
    corrects: bool
    counted: str | None
    published_by: int

    @property
    def is_in_force(self) -> bool:
        return self.withdrawn_at is None

    @property
    def name(self) -> str:
        return f"Number {self.number}, corrected" if self.corrects else f"Number {self.number}"


_NUMBER = (
    LearningSummary.number,
    LearningSummary.published_at,
    LearningSummary.withdrawn_at,
    LearningSummary.why,
    LearningSummary.replaced,
    LearningSummary.corrects,
    LearningSummary.counted,
    LearningSummary.published_by,
)


@dataclass(frozen=True)
class Learnt:
    """A sector's summary that somebody may read: the number in force, or the last one, withdrawn."""

    cycle_id: int
    cycle: str
    edition: str
    opens: date
    partnership_id: int
    partnership: str
    sector: str
    published_at: datetime
    withdrawn_at: datetime | None


def numbers_of(session: Session, cycle_id: int, partnership_id: int, sector: str) -> list[NumberRow]:
    """Every number of a sector's summary, the newest first."""
    rows = session.execute(
        select(*_NUMBER)
        .where(
            LearningSummary.cycle_id == cycle_id,
            LearningSummary.partnership_id == partnership_id,
            LearningSummary.sector == sector,
        )
        .order_by(LearningSummary.number.desc())
    )
    return [NumberRow(*row) for row in rows]


def learnt_by(session: Session, person: Person) -> list[Learnt]:
    """What a person may read, one line for each sector of a round and partnership; the newest round first."""
    rows = session.execute(
        select(
            Cycle.id,
            Cycle.name,
            Cycle.edition,
            Cycle.opens,
            LearningSummary.partnership_id,
            Partnership.name,
            LearningSummary.sector,
            LearningSummary.published_at,
            LearningSummary.withdrawn_at,
        )
        .join(Cycle, Cycle.id == LearningSummary.cycle_id)
        .join(Partnership, Partnership.id == LearningSummary.partnership_id)
        .where(LearningSummary.partnership_id.in_(partnerships_for(session, person)))
        .order_by(
            Cycle.opens.desc(),
            Cycle.id.desc(),
            LearningSummary.sector,
            LearningSummary.partnership_id,
            LearningSummary.number.desc(),
        )
    )
    newest: dict[tuple[int, int, str], Learnt] = {}
    for row in rows:  # at most one is in force, and no later number than that was ever published
        learnt = Learnt(*row)
        newest.setdefault((learnt.cycle_id, learnt.partnership_id, learnt.sector), learnt)
    return list(newest.values())


def counted_now(session: Session, cycle_id: int, partnership_id: int, sector: str) -> list[Counted]:
    """The returns that would be counted now."""
    statement = counted_returns(cycle_id, partnership_id, sector).with_only_columns(
        Return.organisation_id, Return.id, Return.signed_at
    )
    rows = session.execute(statement).all()
    return sorted(as_counted(organisation, row, at) for organisation, row, at in rows if at)


def withdraw(
    session: Session,
    cycle_id: int,
    partnership_id: int,
    sector: str,
    number: int,
    why: str,
    *,
    by: int,
    at: datetime,
) -> bool:
    """Withdraw a number; False when it is not in force any more."""
    withdrawn = session.execute(
        update(LearningSummary)
        .where(
            LearningSummary.cycle_id == cycle_id,
            LearningSummary.partnership_id == partnership_id,
            LearningSummary.sector == sector,
            LearningSummary.number == number,
            LearningSummary.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=at, why=why)
        .returning(LearningSummary.id)
    )
    if withdrawn.one_or_none() is None:
        return False
    subject = subject_of(cycle_id, partnership_id, sector)
    trail.record(session, "summary withdrawn", subject, by=by, at=at, number=number)
    return True


def newest(numbers: Sequence[NumberRow], number: int) -> NumberRow | None:
    """What took the place of a number: the newest of all, where it is not that number itself."""
    return numbers[0] if numbers and numbers[0].number > number else None
