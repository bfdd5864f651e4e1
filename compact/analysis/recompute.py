"""The same counts once more, from the raw answers and in plain Python: what SQL counts is held against it.

Nothing here reads what sign-off kept as results, and no rule is shared with `counting`: which number of a
return counts, for whom, what an exception takes the place of and what was asked is said a second time.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from compact.cycles.store import CycleRow
from compact.organisations.models import PartnershipArea, Succession
from compact.questionnaire.values import Edition
from compact.returns.models import Answer, Exception_, ProfileFact, Return, ReturnArea
from compact.returns.rules import NOT_APPLICABLE, is_asked

from .counting import GradeCount, StandardCount
from .cuts import WHOLE, Cut

AT_ONCE = 5_000  # rows of answers; of a round of 20,000 returns there are some 1.5 million

Grades = Mapping[str, str]  # by indicator: a grade, or NOT_APPLICABLE


@dataclass(frozen=True)
class Signed:
    """A signed number of a return, as it was pinned."""

    id: int
    organisation: int
    number: int
    setting: str
    phase: str | None
    trust: int | None
    imported: bool


@dataclass(frozen=True)
class Recounted:
    """What plain counting gives."""

    grades: tuple[GradeCount, ...]
    standards: tuple[StandardCount, ...]


def recount(
    session: Session,
    cycle: CycleRow,
    edition: Edition,
    partnership: int | None,
    sector: str | None = None,
    cut: Cut = WHOLE,
) -> Recounted:
    """Count the grades and standards of a cycle from its answers, exceptions and facts."""
    here = None if partnership is None else _worked_here(session, cycle, partnership)
    taken_over = [
        (row.old_id, row.new_id) for row in session.execute(select(Succession.old_id, Succession.new_id))
    ]
    counted = {
        each.id: each
        for each in that_count(_signed(session, cycle), taken_over, here)
        if sector in (None, each.setting) and cut.takes(each.phase, each.trust)
    }
    facts = _facts(session, cycle)
    exceptions = {} if partnership is None else dict(_by_return(session, _exceptions(cycle, partnership)))
    tally, without_answers = Tally(edition), counted.keys() & exceptions.keys()
    for return_id, grades in _by_return(session, _answers(cycle)):
        if return_id in counted:
            without_answers -= {return_id}
            own = {**grades, **exceptions.get(return_id, {})}
            tally.add(counted[return_id], own, facts.get(return_id, {}))
    for return_id in without_answers:
        tally.add(counted[return_id], exceptions[return_id], facts.get(return_id, {}))
    return tally.recounted()


def _signed(session: Session, cycle: CycleRow) -> list[Signed]:
    rows = session.execute(
        select(
            Return.id,
            Return.organisation_id,
            Return.number,
            Return.setting,
            Return.phase,
            Return.trust_id,
            Return.imported,
        ).where(Return.cycle_id == cycle.id, Return.status == "signed")
    )
    return [Signed(*row) for row in rows]


def that_count(
    signed: Iterable[Signed], taken_over: Iterable[tuple[int, int]], here: Collection[int] | None
) -> list[Signed]:
    """The returns that count: the highest number of each organisation, of a school and its successor one.

    `here` are the returns of organisations that worked in the partnership's areas; None: wherever they did.
    """
    highest: dict[int, Signed] = {}
    for each in signed:
        if each.organisation not in highest or highest[each.organisation].number < each.number:
            highest[each.organisation] = each
    gives_way = {old for old, new in taken_over if new in highest}
    return [
        each
        for each in highest.values()
        if each.organisation not in gives_way and (here is None or each.id in here)
    ]


class Tally:
    """Counts that grow return by return."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._grades: Counter[tuple[str, str, str]] = Counter()
        self._graded: Counter[tuple[str, int]] = Counter()
        self._weak: Counter[tuple[str, int]] = Counter()

    def add(self, of: Signed, grades: Grades, facts: Mapping[str, bool]) -> None:
        """Count a return's grades. What was not asked of it does not count; one brought in has no facts."""
        asked = self._edition.questionnaires[of.setting].by_key
        graded, weak = set(), set()
        for key, grade in grades.items():
            if key not in asked or not (of.imported or is_asked(asked[key], facts)):
                continue
            self._grades[of.setting, key, grade] += 1
            if grade != NOT_APPLICABLE:
                graded.add(asked[key].standard)
                if grade in self._edition.scale.weak_keys:
                    weak.add(asked[key].standard)
        self._graded.update((of.setting, standard) for standard in graded)
        self._weak.update((of.setting, standard) for standard in weak)

    def recounted(self) -> Recounted:
        return Recounted(
            tuple(GradeCount(*place, number) for place, number in self._grades.items()),
            tuple(StandardCount(*place, number, self._weak[place]) for place, number in self._graded.items()),
        )


def differences(
    edition: Edition,
    grades: Iterable[GradeCount],
    standards: Iterable[StandardCount],
    recounted: Recounted,
) -> list[str]:
    """A line for each count that the results of sign-off, or SQL, have otherwise; by sector and standard."""
    kept = {(each.sector, each.standard): (each.weak, each.graded) for each in standards}
    anew = {(each.sector, each.standard): (each.weak, each.graded) for each in recounted.standards}
    found = [
        (place, f"kept at sign-off {_of(kept.get(place))}, recomputed {_of(anew.get(place))}")
        for place in kept.keys() | anew.keys()
        if kept.get(place, (0, 0)) != anew.get(place, (0, 0))
    ]
    counted = {tuple(each[:3]): each.organisations for each in grades if each.organisations}
    again = {tuple(each[:3]): each.organisations for each in recounted.grades}
    for place in counted.keys() ^ again.keys() | {
        each for each in counted.keys() & again.keys() if counted[each] != again[each]
    }:
        sector, key, grade = place
        standard = edition.questionnaires[sector].by_key[key].standard
        text = f"{key}, {grade}: counted {counted.get(place, 0)}, recomputed {again.get(place, 0)}"
        found.append(((sector, standard), text))
    return [f"{sector}, standard {standard}: {text}" for (sector, standard), text in sorted(found)]


def _of(counts: tuple[int, int] | None) -> str:
    weak, graded = counts or (0, 0)
    return f"{weak} weak of {graded}"


def _worked_here(session: Session, cycle: CycleRow, partnership: int) -> set[int]:
    own = set(
        session.scalars(select(PartnershipArea.area).where(PartnershipArea.partnership_id == partnership))
    )
    worked = session.execute(
        select(ReturnArea.return_id, ReturnArea.area)
        .join(Return, Return.id == ReturnArea.return_id)
        .where(Return.cycle_id == cycle.id)
    )
    return {return_id for return_id, area in worked if area in own}


def _facts(session: Session, cycle: CycleRow) -> dict[int, dict[str, bool]]:
    rows = session.execute(
        select(ProfileFact.return_id, ProfileFact.fact, ProfileFact.answer)
        .join(Return, Return.id == ProfileFact.return_id)
        .where(Return.cycle_id == cycle.id)
    )
    found: dict[int, dict[str, bool]] = {}
    for return_id, fact, answer in rows:
        found.setdefault(return_id, {})[fact] = answer
    return found


def _answers(cycle: CycleRow) -> Select[int, str, str | None, bool]:
    return (
        select(Answer.return_id, Answer.key, Answer.grade, Answer.not_applicable)
        .join(Return, Return.id == Answer.return_id)
        .where(Return.cycle_id == cycle.id, Return.status == "signed")
        .order_by(Answer.return_id)
    )


def _exceptions(cycle: CycleRow, partnership: int) -> Select[int, str, str | None, bool]:
    return (
        select(Exception_.return_id, Exception_.key, Exception_.grade, Exception_.not_applicable)
        .join(Return, Return.id == Exception_.return_id)
        .where(Return.cycle_id == cycle.id, Exception_.partnership_id == partnership)
        .order_by(Exception_.return_id)
    )


def _by_return(session: Session, given: Select[int, str, str | None, bool]) -> Iterator[tuple[int, Grades]]:
    """What was given in each return, read a few thousand rows at a time; what is unanswered is nothing."""
    rows: Iterable[Sequence[object]] = session.execute(given.execution_options(yield_per=AT_ONCE))
    for return_id, of_return in groupby(rows, key=lambda row: row[0]):
        yield (
            int(str(return_id)),
            {
                str(key): NOT_APPLICABLE if not_applicable else str(grade)
                for _, key, grade, not_applicable in of_return
                if not_applicable or grade is not None
            },
        )
