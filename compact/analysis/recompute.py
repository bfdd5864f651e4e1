"""The same counts once more, from the raw answers as one table in memory: SQL's counts are held against it.

Nothing here reads what sign-off kept as results, and no rule is shared with `counting`: which number of a
return counts, for whom, what an exception takes the place of and what was asked is said a second time.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, case, or_, select
from sqlalchemy.orm import Session

from compact.cycles.store import CycleRow
from compact.organisations.models import PartnershipArea, Succession
from compact.questionnaire.values import Edition
from compact.returns.models import Answer, Exception_, ProfileFact, Return, ReturnArea
from compact.returns.rules import NOT_APPLICABLE, is_asked

from .counting import GradeCount, StandardCount
from .cuts import WHOLE, Cut

if TYPE_CHECKING:  # only `compact analyse --recompute` needs it, and it takes a while to load
    from pandas import DataFrame

AT_ONCE = 20_000  # rows of answers; of a round of 20,000 returns there are some 1.5 million


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
    given = _given(session, cycle, edition, partnership)
    given = given[given["return_id"].isin([*counted])]
    given["sector"] = given["return_id"].map({each.id: each.setting for each in counted.values()})
    asked = _asked(given, counted.values(), edition, _facts(session, cycle))
    return Recounted(_grades(asked), _standards(asked, edition.scale.weak_keys))


def _given(session: Session, cycle: CycleRow, edition: Edition, partnership: int | None) -> "DataFrame":
    """What each return says of each indicator; an exception in place of the answer that it stands for."""
    import pandas as pd

    keys = {each.key for asked in edition.questionnaires.values() for each in asked.indicators}
    kinds = {
        "key": pd.CategoricalDtype(sorted(keys)),
        "grade": pd.CategoricalDtype([*edition.scale.by_key, NOT_APPLICABLE]),
    }
    columns = ["return_id", *kinds]
    statements = [_answers(cycle), *([] if partnership is None else [_exceptions(cycle, partnership)])]
    parts = [
        pd.DataFrame(rows, columns=columns).astype(kinds)
        for statement in statements
        for rows in session.execute(statement.execution_options(yield_per=AT_ONCE)).partitions()
    ]
    nothing = pd.DataFrame({"return_id": pd.Series(dtype="int64")}).reindex(columns=columns).astype(kinds)
    whole = pd.concat(parts) if parts else nothing
    return whole.drop_duplicates(["return_id", "key"], keep="last").dropna()


def _asked(
    given: "DataFrame", counted: Collection[Signed], edition: Edition, facts: Mapping[int, Mapping[str, bool]]
) -> "DataFrame":
    """With the standard of each row, and without what was not asked: one brought in has no facts."""
    import pandas as pd

    questions = [
        (sector, each.key, each.standard)
        for sector, asked in edition.questionnaires.items()
        for each in asked.indicators
    ]
    left_out = [
        (of.id, each.key)
        for of in counted
        if not of.imported
        for each in edition.questionnaires[of.setting].sometimes
        if not is_asked(each, facts.get(of.id, {}))
    ]
    places = pd.MultiIndex.from_frame(given[["return_id", "key"]])
    asked = given[~places.isin(left_out)] if left_out else given
    return asked.merge(pd.DataFrame(questions, columns=["sector", "key", "standard"]), on=["sector", "key"])


def _grades(asked: "DataFrame") -> tuple[GradeCount, ...]:
    counted = asked.groupby(["sector", "key", "grade"], observed=True).size()
    rows = counted.reset_index().itertuples(index=False, name=None)
    return tuple(
        GradeCount(str(sector), str(key), str(grade), int(number)) for sector, key, grade, number in rows
    )


def _standards(asked: "DataFrame", weak: Collection[str]) -> tuple[StandardCount, ...]:
    graded = asked[asked["grade"] != NOT_APPLICABLE]
    graded = graded.assign(weak=graded["grade"].isin([*weak]))
    of_returns = graded.groupby(["sector", "standard", "return_id"])["weak"].any()
    counted = of_returns.groupby(level=["sector", "standard"]).agg(["size", "sum"])
    rows = counted.reset_index().itertuples(index=False, name=None)
    return tuple(StandardCount(str(sector), *map(int, numbers)) for sector, *numbers in rows)


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


def _answers(cycle: CycleRow) -> Select[int, str, str]:
    return (
        select(
            Answer.return_id, Answer.key, case((Answer.not_applicable, NOT_APPLICABLE), else_=Answer.grade)
        )
        .join(Return, Return.id == Answer.return_id)
        .where(Return.cycle_id == cycle.id, Return.status == "signed")
        .where(or_(Answer.grade.is_not(None), Answer.not_applicable))
    )


def _exceptions(cycle: CycleRow, partnership: int) -> Select[int, str, str]:
    grade = case((Exception_.not_applicable, NOT_APPLICABLE), else_=Exception_.grade)
    return (
        select(Exception_.return_id, Exception_.key, grade)
        .join(Return, Return.id == Exception_.return_id)
        .where(Return.cycle_id == cycle.id, Exception_.partnership_id == partnership)
        .where(or_(Exception_.grade.is_not(None), Exception_.not_applicable))
    )
