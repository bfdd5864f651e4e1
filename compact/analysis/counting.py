"""What SQL counts: over the highest signed number of each return, seen from one partnership or from none."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, TypeVarTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from compact.cycles.models import CyclePartnership, CycleSetting, Due, Excused
from compact.cycles.store import CycleRow, works_in
from compact.organisations.models import Organisation, OrganisationArea, PartnershipArea, Succession
from compact.returns.models import Answer, Exception_, Return, ReturnArea
from compact.returns.rules import NOT_APPLICABLE
from compact.sign_off.models import StandardResult

from .remembered import remembered

Columns = TypeVarTuple("Columns")
STATEMENTS = 256  # of each kind, by what they ask for: to build one costs more than to run it


@dataclass(frozen=True)
class Response:
    """How many organisations of a sector were due, and how many of them have signed."""

    due: int = 0
    received: int = 0
    imported: int = 0


class GradeCount(NamedTuple):
    """So many organisations of a sector gave an indicator this grade (or "not applicable")."""

    sector: str
    key: str
    grade: str
    organisations: int


@dataclass(frozen=True)
class StandardCount:
    """Of a sector's organisations that graded anything in a standard, how many graded something weak."""

    sector: str
    standard: int
    graded: int
    weak: int


@lru_cache(STATEMENTS)
def counted_returns(cycle_id: int, partnership: int | None, sector: str | None = None) -> Select[int]:
    """The ids of the returns that count in a cycle.

    The highest signed number of each organisation; of a school and its successor the successor's where both
    have signed; for a partnership those that worked in one of its areas.
    """
    later, successors = aliased(Return), aliased(Return)
    statement = select(Return.id).where(
        Return.cycle_id == cycle_id,
        Return.status == "signed",
        ~exists().where(
            later.cycle_id == cycle_id,
            later.organisation_id == Return.organisation_id,
            later.status == "signed",
            later.number > Return.number,
        ),
        # Not a correlated NOT EXISTS: SQLite would read all the cycle's returns again for each of them.
        Return.organisation_id.not_in(
            select(Succession.old_id)
            .join(successors, successors.organisation_id == Succession.new_id)
            .where(successors.cycle_id == cycle_id, successors.status == "signed")
        ),
    )
    if partnership is not None:
        statement = statement.where(
            exists().where(
                ReturnArea.return_id == Return.id,
                ReturnArea.area == PartnershipArea.area,
                PartnershipArea.partnership_id == partnership,
            )
        )
    return statement if sector is None else statement.where(Return.setting == sector)


def grade_counts(
    session: Session, cycle_id: int, partnership: int | None, sector: str | None = None
) -> list[GradeCount]:
    """How often each grade was given, by sector and indicator; a partnership's exceptions in place."""
    return [*counts(session, cycle_id, partnership, sector)[0]]


def counts(
    session: Session, cycle_id: int, partnership: int | None, sector: str | None = None
) -> tuple[Sequence[GradeCount], Sequence[StandardCount]]:
    """How often each grade was given, and the organisations by standard, of the same returns.

    They are remembered until another set of returns counts.
    """
    counting = _naming((cycle_id,), partnership, sector)

    def returns() -> Hashable:
        return ("counts", cycle_id, partnership, sector, session.scalar(counting))

    def count() -> list[Sequence[Any]]:
        settings = select(CycleSetting.setting).where(CycleSetting.cycle_id == cycle_id)
        sectors = [sector] if sector else session.scalars(settings.order_by(CycleSetting.setting)).all()
        rows = session.execute(_standard_counts_of(cycle_id, partnership, sector))
        return [
            _summed([_grade_counts_of(session, cycle_id, partnership, each) for each in sectors]),
            [StandardCount(*row) for _, *row in rows],
        ]

    grades, standards = remembered(session, returns, count)
    return grades, standards


def _summed(by_sector: Iterable[Sequence[GradeCount]]) -> list[GradeCount]:
    """One count of each sector, indicator and grade; an exception's change is added to what it changes."""
    import pandas as pd

    counts = [one for each in by_sector for one in each]
    if not counts:
        return []
    alike = pd.DataFrame(counts).groupby(["sector", "key", "grade"], sort=False, as_index=False)
    return [GradeCount(*row) for row in alike.sum().itertuples(index=False, name=None)]


@lru_cache(STATEMENTS)
def _naming(
    cycles: tuple[int, ...], partnership: int | None, sector: str | None
) -> Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]:
    """Which returns count in each cycle: their ids and moments of signing as one text.

    It only tells sets of returns apart; the same set in another order would merely be counted once more.
    """
    named = cast(Return.id, String) + " " + cast(Return.signed_at, String)
    return _together(
        counted_returns(each, partnership, sector).with_only_columns(func.aggregate_strings(named, ","))
        for each in cycles
    )


def _grade_counts_of(
    session: Session, cycle_id: int, partnership: int | None, sector: str
) -> list[GradeCount]:
    """The counts of one sector: SQLite groups by sorting, which is faster by two columns than by four."""
    counted = counted_returns(cycle_id, partnership, sector).cte("counted")
    rows = session.execute(
        select(Answer.key, Answer.grade, func.count())
        .join(counted, counted.c.id == Answer.return_id)
        .where(or_(Answer.grade.is_not(None), Answer.not_applicable))
        .group_by(Answer.key, Answer.grade)
    )
    counts = [GradeCount(sector, key, grade or NOT_APPLICABLE, number) for key, grade, number in rows]
    return counts if partnership is None else counts + _exceptions(session, counted, partnership, sector)


def _exceptions(session: Session, counted: CTE, partnership: int, sector: str) -> list[GradeCount]:
    """What a partnership's exceptions add and, as counts of minus one, what they take the place of."""
    rows = session.execute(
        select(Exception_.key, Exception_.grade, Answer.grade, Answer.not_applicable)
        .select_from(counted)
        .join(Exception_, Exception_.return_id == counted.c.id)
        .outerjoin(Answer, and_(Answer.return_id == Exception_.return_id, Answer.key == Exception_.key))
        .where(Exception_.partnership_id == partnership)
    )
    changes = []
    for key, grade, main, main_not_applicable in rows:
        changes.append(GradeCount(sector, key, grade or NOT_APPLICABLE, 1))
        if main is not None or main_not_applicable:
            changes.append(GradeCount(sector, key, main or NOT_APPLICABLE, -1))
    return changes


def standard_counts(
    session: Session, cycle_id: int, partnership: int | None, sector: str | None = None
) -> list[StandardCount]:
    """Organisations by sector and standard, from the results that were kept at sign-off."""
    return standard_counts_by_cycle(session, [cycle_id], partnership, sector)[cycle_id]


def standard_counts_by_cycle(
    session: Session, cycles: Sequence[int], partnership: int | None, sector: str | None = None
) -> Mapping[int, list[StandardCount]]:
    """The same for several cycles at once, by their ids; remembered like the counts of one."""
    counting = _naming(tuple(cycles), partnership, sector)

    def returns() -> Hashable:
        named = session.scalars(counting).all()
        return ("standards", *cycles, partnership, sector, *sorted(each or "" for each in named))

    def count() -> list[tuple[int, StandardCount]]:
        counts = _together(_standard_counts_of(each, partnership, sector) for each in cycles)
        return [(cycle_id, StandardCount(*count)) for cycle_id, *count in session.execute(counts)]

    found: dict[int, list[StandardCount]] = {each: [] for each in cycles}
    for cycle_id, counted in remembered(session, returns, count):
        found[cycle_id].append(counted)
    return found


def _together(parts: Iterable[Select[*Columns]]) -> Select[*Columns] | CompoundSelect[*Columns]:
    """Several statements as one; one alone as it is."""
    first, *others = parts
    return union_all(first, *others) if others else first


def _standard_counts_of(
    cycle_id: int, partnership: int | None, sector: str | None
) -> Select[*tuple[Any, ...]]:
    of_partnership = (
        StandardResult.partnership_id.is_(None)
        if partnership is None
        else StandardResult.partnership_id == partnership
    )
    counted = counted_returns(cycle_id, partnership, sector).add_columns(Return.setting).subquery()
    return (
        select(
            literal(cycle_id),
            counted.c.setting,
            StandardResult.standard,
            func.count(),
            func.sum(case((StandardResult.weak > 0, 1), else_=0)),
        )
        .join(StandardResult, StandardResult.return_id == counted.c.id)
        .where(of_partnership, StandardResult.graded > 0)
        .group_by(counted.c.setting, StandardResult.standard)
    )


def response_by_sector(session: Session, cycle: CycleRow, partnership: int | None) -> dict[str, Response]:
    """Due and received by sector: due are those asked, less the excused and those closed before signing."""
    return responses_by_cycle(session, [cycle], partnership)[cycle.id]


def responses_by_cycle(
    session: Session, cycles: Sequence[CycleRow], partnership: int | None
) -> dict[int, dict[str, Response]]:
    """The same for several cycles at once, by their ids."""
    rows = session.execute(_responses(tuple(cycle.id for cycle in cycles), partnership))
    found = {(row[0], row[1]): Response(*row[2:]) for row in rows}
    return {
        cycle.id: {each: found.get((cycle.id, each), Response()) for each in cycle.settings}
        for cycle in cycles
    }


@lru_cache(STATEMENTS)
def _responses(cycles: tuple[int, ...], partnership: int | None) -> Select[*tuple[Any, ...]]:
    """Due, received and brought in, by cycle and sector."""
    signed = _highest_signed(cycles)
    setting = func.coalesce(signed.c.setting, Organisation.setting)
    return (
        select(
            Due.cycle_id,
            setting,
            func.count(),
            func.count(signed.c.organisation_id),
            func.sum(case((signed.c.imported, 1), else_=0)),
        )
        .select_from(Due)
        .join(Organisation, Organisation.id == Due.organisation_id)
        .outerjoin(
            signed,
            and_(signed.c.organisation_id == Due.organisation_id, signed.c.cycle_id == Due.cycle_id),
        )
        .where(
            Due.cycle_id.in_(cycles),
            _in_area(partnership),
            ~exists().where(Excused.cycle_id == Due.cycle_id, Excused.organisation_id == Due.organisation_id),
            or_(Organisation.status == "open", signed.c.organisation_id.is_not(None)),
            ~_succeeded_by_signed(),
        )
        .group_by(Due.cycle_id, setting)
    )


def _succeeded_by_signed() -> ColumnElement[bool]:
    """The condition that one that took over from a due organisation has signed: then that one counts."""
    successors = aliased(Return)
    return exists().where(
        Succession.old_id == Due.organisation_id,
        successors.organisation_id == Succession.new_id,
        successors.cycle_id == Due.cycle_id,
        successors.status == "signed",
    )


def _in_area(partnership: int | None) -> ColumnElement[bool]:
    """The condition that a due organisation works in the partnership's area, or in the round's areas."""
    if partnership is not None:
        return works_in([partnership])
    return exists().where(
        OrganisationArea.organisation_id == Organisation.id,
        OrganisationArea.area == PartnershipArea.area,
        PartnershipArea.partnership_id == CyclePartnership.partnership_id,
        CyclePartnership.cycle_id == Due.cycle_id,
    )


def _highest_signed(cycles: Sequence[int]) -> Subquery:
    """The highest signed number of each return in the cycles."""
    later = aliased(Return)
    return (
        select(Return.cycle_id, Return.organisation_id, Return.setting, Return.imported)
        .where(
            Return.cycle_id.in_(cycles),
            Return.status == "signed",
            ~exists().where(
                later.cycle_id == Return.cycle_id,
                later.organisation_id == Return.organisation_id,
                later.status == "signed",
                later.number > Return.number,
            ),
        )
        .subquery()
    )
