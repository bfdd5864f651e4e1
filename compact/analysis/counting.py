"""What SQL counts: over the highest signed number of each return, seen from one partnership or from none."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple, TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
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
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from compact.cycles.models import CycleSetting
from compact.organisations.models import PartnershipArea, Succession
from compact.questionnaire.values import STANDARD_NUMBERS
from compact.returns.models import Answer, Exception_, Return, ReturnArea
from compact.returns.rules import NOT_APPLICABLE
from compact.sign_off.models import StandardResult

from .cuts import WHOLE, Cut
from .remembered import remembered

Columns = TypeVarTuple("Columns")
Place = tuple[int, str]  # a cycle and a sector
WEAK_BITS = 16  # see `_alike_in_standards`
STATEMENTS = 256  # of each kind, by what they ask for: to build one costs more than to run it


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


class PhaseCount(NamedTuple):
    """The same of those of a sector who share a phase."""

    sector: str
    phase: str | None
    standard: int
    graded: int
    weak: int


@lru_cache(STATEMENTS)
def counted_returns(
    cycle_id: int, partnership: int | None, sector: str | None = None, cut: Cut = WHOLE
) -> Select[int]:
    """The ids of the returns that count in a cycle.

    The highest signed number of each organisation; of a school and its successor the successor's where both
    have signed; for a partnership those that worked in one of its areas. Of these a sector's, or a cut's.
    """
    later = aliased(Return)
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
        Return.organisation_id.not_in(_signed_for(cycle_id)),
    )
    if partnership is not None:
        statement = statement.where(
            exists().where(
                ReturnArea.return_id == Return.id,
                ReturnArea.area.in_(
                    select(PartnershipArea.area).where(PartnershipArea.partnership_id == partnership)
                ),
            )
        )
    if sector is not None:
        statement = statement.where(Return.setting == sector)
    if cut.phase is not None:
        statement = statement.where(Return.phase == cut.phase)
    return statement if cut.trust is None else statement.where(Return.trust_id == cut.trust)


def _signed_for(cycle_id: int) -> Select[int]:
    """The organisations whose successor has signed."""
    own = aliased(Return)
    of_successor = (own.cycle_id == cycle_id, own.organisation_id == Succession.new_id)
    return select(Succession.old_id).where(exists().where(*of_successor, own.status == "signed"))


def counts(
    session: Session,
    cycle_id: int,
    partnership: int | None,
    sector: str | None = None,
    cut: Cut = WHOLE,
) -> tuple[Sequence[GradeCount], Sequence[StandardCount]]:
    """How often each grade was given, and the organisations by standard, of the same returns.

    They are remembered until another set of returns counts.
    """

    def count() -> list[Sequence[Any]]:
        grades = _count_grades(session, [cycle_id], partnership, sector, cut)
        standards = _count_standards(session, [cycle_id], partnership, sector, cut)
        return [[each for _, each in grades], of_sectors(each for _, each in standards)]

    grades, standards = remembered(
        session, lambda: ("counts", names_of(session, [cycle_id], partnership, sector, cut)), count
    )
    return grades, standards


def grade_counts(
    session: Session,
    cycle_id: int,
    partnership: int | None,
    sector: str | None = None,
    cut: Cut = WHOLE,
) -> list[GradeCount]:
    """How often each grade was given, by sector and indicator; a partnership's exceptions in place."""
    return grade_counts_by_cycle(session, [cycle_id], partnership, sector, cut)[cycle_id]


def grade_counts_by_cycle(
    session: Session,
    cycles: Sequence[int],
    partnership: int | None,
    sector: str | None = None,
    cut: Cut = WHOLE,
) -> Mapping[int, list[GradeCount]]:
    """The same for several cycles at once, by their ids; remembered."""
    found: dict[int, list[GradeCount]] = {each: [] for each in cycles}
    for cycle_id, counted in remembered(
        session,
        lambda: ("grades", names_of(session, cycles, partnership, sector, cut)),
        lambda: _count_grades(session, cycles, partnership, sector, cut),
    ):
        found[cycle_id].append(counted)
    return found


def _count_grades(
    session: Session, cycles: Sequence[int], partnership: int | None, sector: str | None, cut: Cut
) -> list[tuple[int, GradeCount]]:
    places = [(each, sector) for each in cycles] if sector else _asked_in(session, cycles)
    rows = session.execute(_grades(tuple(places), partnership, cut)).all()
    changes = session.execute(_exceptions(tuple(places), partnership, cut)).all() if partnership else []
    return _summed(rows, changes)


def _asked_in(session: Session, cycles: Sequence[int]) -> list[Place]:
    asked = select(CycleSetting.cycle_id, CycleSetting.setting).where(CycleSetting.cycle_id.in_(cycles))
    rows = session.execute(asked.order_by(CycleSetting.cycle_id, CycleSetting.setting))
    return [(row.cycle_id, row.setting) for row in rows]


def _summed(rows: Iterable[Sequence[Any]], changes: Iterable[Sequence[Any]]) -> list[tuple[int, GradeCount]]:
    """One count of each cycle, sector, indicator and grade.

    `changes` are a partnership's exceptions: what each is, and the main answer that it takes the place of.
    """
    found: Counter[tuple[int, str, str, str]] = Counter()
    for cycle_id, sector, key, grade, organisations in rows:
        found[cycle_id, sector, key, grade or NOT_APPLICABLE] += organisations
    for cycle_id, sector, key, grade, main, main_not_applicable in changes:
        found[cycle_id, sector, key, grade or NOT_APPLICABLE] += 1
        if main is not None or main_not_applicable:
            found[cycle_id, sector, key, main or NOT_APPLICABLE] -= 1
    return [
        (cycle_id, GradeCount(sector, key, grade, number))
        for (cycle_id, sector, key, grade), number in found.items()
    ]


def names_of(
    session: Session, cycles: Sequence[int], partnership: int | None, sector: str | None, cut: Cut
) -> Hashable:
    """What tells the returns that count in some cycles from any other set of returns."""
    named = session.scalars(_naming(tuple(cycles), partnership)).all()
    text = "\n".join(sorted(each or "" for each in named))
    return (*cycles, partnership, sector, cut, blake2b(text.encode()).digest())


@lru_cache(STATEMENTS)
def _naming(cycles: tuple[int, ...], partnership: int | None) -> CompoundSelect[str]:
    """All that `counted_returns` chooses by and that can change: the signed returns of the cycles, each with
    its moment, who took over from whom, and the partnership's areas.

    To choose would take twice as long. A signature that counts for others alone, or the same ones in another
    order, merely have it counted once more.
    """
    signed = cast(Return.id, String) + " " + cast(Return.signed_at, String)
    took_over = cast(Succession.old_id, String) + " by " + cast(Succession.new_id, String)
    return union_all(
        _as_one_text(signed).where(Return.cycle_id.in_(cycles), Return.status == "signed"),
        _as_one_text(took_over),
        _as_one_text(PartnershipArea.area).where(PartnershipArea.partnership_id == partnership),
    )


def _as_one_text(each: ColumnElement[str] | InstrumentedAttribute[str]) -> Select[str]:
    return select(func.aggregate_strings(each, ","))


@lru_cache(STATEMENTS)
def _grades(
    places: tuple[Place, ...], partnership: int | None, cut: Cut
) -> Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]:
    """Counts by cycle, sector, indicator and grade.

    Sector by sector: SQLite groups by sorting, which is faster by two columns than by four.
    """
    return _together(_grades_of(*place, partnership, cut) for place in places)


def _grades_of(cycle_id: int, sector: str, partnership: int | None, cut: Cut) -> Select[*tuple[Any, ...]]:
    counted = counted_returns(cycle_id, partnership, sector, cut).subquery()
    return (
        select(literal(cycle_id), literal(sector), Answer.key, Answer.grade, func.count())
        .join(counted, counted.c.id == Answer.return_id)
        .where(or_(Answer.grade.is_not(None), Answer.not_applicable))
        .group_by(Answer.key, Answer.grade)
    )


@lru_cache(STATEMENTS)
def _exceptions(
    places: tuple[Place, ...], partnership: int, cut: Cut
) -> Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]:
    """A partnership's exceptions, each with the main answer that it takes the place of."""
    return _together(_exceptions_of(*place, partnership, cut) for place in places)


def _exceptions_of(cycle_id: int, sector: str, partnership: int, cut: Cut) -> Select[*tuple[Any, ...]]:
    counted = counted_returns(cycle_id, partnership, sector, cut).subquery()
    return (
        select(
            literal(cycle_id),
            literal(sector),
            Exception_.key,
            Exception_.grade,
            Answer.grade,
            Answer.not_applicable,
        )
        .select_from(counted)
        .join(Exception_, Exception_.return_id == counted.c.id)
        .outerjoin(Answer, and_(Answer.return_id == Exception_.return_id, Answer.key == Exception_.key))
        .where(Exception_.partnership_id == partnership)
    )


def standard_counts(
    session: Session,
    cycle_id: int,
    partnership: int | None,
    sector: str | None = None,
    cut: Cut = WHOLE,
) -> list[StandardCount]:
    """Organisations by sector and standard, from the results that were kept at sign-off."""
    return standard_counts_by_cycle(session, [cycle_id], partnership, sector, cut)[cycle_id]


def standard_counts_by_cycle(
    session: Session,
    cycles: Sequence[int],
    partnership: int | None,
    sector: str | None = None,
    cut: Cut = WHOLE,
) -> Mapping[int, list[StandardCount]]:
    """The same for several cycles at once, by their ids."""
    by_phase = phase_counts_by_cycle(session, cycles, partnership, sector, cut)
    return {cycle_id: of_sectors(counts) for cycle_id, counts in by_phase.items()}


def of_sectors(counts: Iterable[PhaseCount]) -> list[StandardCount]:
    """The counts of whole sectors from those of their phases."""
    graded: Counter[tuple[str, int]] = Counter()
    weak: Counter[tuple[str, int]] = Counter()
    for each in counts:
        graded[each.sector, each.standard] += each.graded
        weak[each.sector, each.standard] += each.weak
    return [StandardCount(*place, number, weak[place]) for place, number in graded.items()]


def phase_counts_by_cycle(
    session: Session,
    cycles: Sequence[int],
    partnership: int | None,
    sector: str | None = None,
    cut: Cut = WHOLE,
) -> Mapping[int, list[PhaseCount]]:
    """Organisations by sector, phase and standard, by cycle; remembered like the grades."""
    found: dict[int, list[PhaseCount]] = {each: [] for each in cycles}
    for cycle_id, counted in remembered(
        session,
        lambda: ("standards", names_of(session, cycles, partnership, sector, cut)),
        lambda: _count_standards(session, cycles, partnership, sector, cut),
    ):
        found[cycle_id].append(counted)
    return found


def _count_standards(
    session: Session, cycles: Sequence[int], partnership: int | None, sector: str | None, cut: Cut
) -> list[tuple[int, PhaseCount]]:
    alike = session.execute(_standards(tuple(cycles), partnership, sector, cut)).all()
    return _by_standard(alike)


@lru_cache(STATEMENTS)
def _standards(
    cycles: tuple[int, ...], partnership: int | None, sector: str | None, cut: Cut
) -> Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]:
    return _together(_alike_in_standards(each, partnership, sector, cut) for each in cycles)


def _by_standard(alike: Iterable[Sequence[Any]]) -> list[tuple[int, PhaseCount]]:
    """What the bits of `_alike_in_standards` say, standard by standard."""
    graded: Counter[tuple[int, str, str | None, int]] = Counter()
    weak: Counter[tuple[int, str, str | None, int]] = Counter()
    for cycle_id, sector, phase, bits, returns in alike:
        for standard in STANDARD_NUMBERS:
            if bits >> standard & 1:
                place = (cycle_id, sector, phase, standard)
                graded[place] += returns
                weak[place] += returns * (bits >> standard + WEAK_BITS & 1)
    return [
        (cycle_id, PhaseCount(sector, phase, standard, number, weak[cycle_id, sector, phase, standard]))
        for (cycle_id, sector, phase, standard), number in graded.items()
    ]


def _together(parts: Iterable[Select[*Columns]]) -> Select[*Columns] | CompoundSelect[*Columns]:
    """Several statements as one; one alone as it is."""
    first, *others = parts
    return union_all(first, *others) if others else first


def _alike_in_standards(
    cycle_id: int, partnership: int | None, sector: str | None, cut: Cut
) -> Select[*tuple[Any, ...]]:
    """How many returns of a sector and phase graded, and graded weak, something in the same standards.

    In which, a number's bits tell: the bit of a standard's number that something was graded, the one
    WEAK_BITS higher that something was weak. Twelve results of each return are so added up in the order in
    which they lie; to sort them all by sector, phase and standard takes SQLite twice as long.
    """
    of_partnership = (
        StandardResult.partnership_id.is_(None)
        if partnership is None
        else StandardResult.partnership_id == partnership
    )
    counted = counted_returns(cycle_id, partnership, sector, cut)
    counted_ = counted.add_columns(Return.setting, Return.phase).subquery()
    standard = StandardResult.standard
    bit, weak_bit = literal(1).bitwise_lshift(standard), literal(1 << WEAK_BITS).bitwise_lshift(standard)
    each = (
        select(
            counted_.c.setting,
            counted_.c.phase,
            func.sum(case((StandardResult.weak > 0, bit + weak_bit), else_=bit)).label("bits"),
        )
        .join(StandardResult, StandardResult.return_id == counted_.c.id)
        .where(of_partnership, StandardResult.graded > 0)
        .group_by(counted_.c.id, counted_.c.setting, counted_.c.phase)
        .subquery()
    )
    return select(literal(cycle_id), each.c.setting, each.c.phase, each.c.bits, func.count()).group_by(
        each.c.setting, each.c.phase, each.c.bits
    )
