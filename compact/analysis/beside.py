"""What stands beside a sector's shares and is in none: moderated grades, exceptions, what was not asked."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from compact.moderation.models import Moderation
from compact.questionnaire.values import Edition, Scale
from compact.returns.models import Answer, Exception_, ProfileFact, Return

from .counting import STATEMENTS, counted_returns
from .cuts import Cut
from .findings import IndicatorFinding, SectorFindings


@dataclass(frozen=True)
class Moderated:
    """How a partnership's grades of a standard stand to the organisations' own: of how many indicators."""

    standard: int
    title: str
    weaker: int
    same: int
    stronger: int

    @property
    def all(self) -> int:
        return self.weaker + self.same + self.stronger


@dataclass(frozen=True)
class Elsewhere:
    """Four-area bodies with exceptions for a partnership, and how many exceptions those are."""

    bodies: int = 0
    exceptions: int = 0


@dataclass(frozen=True)
class Apart:
    """Of an indicator: who was not asked, and who left it unanswered, which only those brought in can."""

    not_asked: int
    unanswered: int


def moderated_in(
    session: Session, cycle_id: int, partnership: int, sector: str, cut: Cut, edition: Edition
) -> tuple[Moderated, ...]:
    """The moderated grades of the returns that count beside the self-assessed ones, by standard.

    Where a four-area body has another grade for this partnership, that one is its own.
    """
    rows = session.execute(_moderated(cycle_id, partnership, sector, cut)).all()
    standards = edition.questionnaires[sector].by_key
    found: Counter[tuple[int, str]] = Counter()
    for key, own, other, number in rows:
        if key in standards and (how := _stands(own, other, edition.scale)):
            found[standards[key].standard, how] += number
    return tuple(
        Moderated(number, standard.title, *(found[number, how] for how in ("weaker", "same", "stronger")))
        for number, standard in edition.standards.items()
        if any(place == number for place, _ in found)
    )


def _stands(own: str | None, other: str, scale: Scale) -> str | None:
    """How a moderated grade stands to the organisation's own; None where there is none to compare it with."""
    steps = list(scale.by_key)
    if own is None or own not in scale.by_key or other not in scale.by_key:
        return None
    down = steps.index(other) - steps.index(own)
    return "weaker" if down > 0 else "stronger" if down < 0 else "same"


@lru_cache(STATEMENTS)
def _moderated(cycle_id: int, partnership: int, sector: str, cut: Cut) -> Select[*tuple[Any, ...]]:
    counted = counted_returns(cycle_id, partnership, sector, cut).subquery()
    own = case((Exception_.return_id.is_not(None), Exception_.grade), else_=Answer.grade)
    return (
        select(Moderation.key, own, Moderation.grade, func.count())
        .join(counted, counted.c.id == Moderation.return_id)
        .outerjoin(Answer, and_(Answer.return_id == Moderation.return_id, Answer.key == Moderation.key))
        .outerjoin(
            Exception_,
            and_(
                Exception_.return_id == Moderation.return_id,
                Exception_.key == Moderation.key,
                Exception_.partnership_id == partnership,
            ),
        )
        .where(Moderation.partnership_id == partnership, Moderation.grade.is_not(None))
        .group_by(Moderation.key, own, Moderation.grade)
    )


def exceptions_in(session: Session, cycle_id: int, partnership: int, sector: str, cut: Cut) -> Elsewhere:
    """The exceptions of the returns that count, for one partnership; another's are not its to see (A6)."""
    return Elsewhere(*session.execute(_exceptions(cycle_id, partnership, sector, cut)).one())


@lru_cache(STATEMENTS)
def _exceptions(cycle_id: int, partnership: int, sector: str, cut: Cut) -> Select[int, int]:
    counted = counted_returns(cycle_id, partnership, sector, cut).subquery()
    return (
        select(func.count(Exception_.return_id.distinct()), func.count())
        .join(counted, counted.c.id == Exception_.return_id)
        .where(Exception_.partnership_id == partnership)
    )


def apart_in(
    session: Session, cycle_id: int, partnership: int, findings: SectorFindings, cut: Cut
) -> Mapping[str, Apart]:
    """By indicator: who was not asked, and who left it unanswered."""
    sector = findings.sector
    counted, imported = session.execute(_number(cycle_id, partnership, sector, cut)).one()
    said_yes = {
        row.fact: row.number for row in session.execute(_said_yes(cycle_id, partnership, sector, cut))
    }
    return apart(findings.indicators, counted, counted - imported, said_yes)


def apart(
    indicators: Iterable[IndicatorFinding], counted: int, of_these_here: int, said_yes: Mapping[str, int]
) -> Mapping[str, Apart]:
    """The same of so many returns. `said_yes` are those answered here, by the fact that they said yes to.

    One that was brought in tells no facts: what it does not answer is unanswered.
    """
    found = {}
    for each in indicators:
        fact = each.indicator.asked_when
        not_asked = of_these_here - said_yes.get(fact, 0) if fact else 0
        found[each.indicator.key] = Apart(not_asked, counted - each.graded - each.not_applicable - not_asked)
    return found


@lru_cache(STATEMENTS)
def _number(cycle_id: int, partnership: int, sector: str, cut: Cut) -> Select[int, int]:
    imported = func.coalesce(func.sum(case((Return.imported, 1), else_=0)), 0)
    return counted_returns(cycle_id, partnership, sector, cut).with_only_columns(func.count(), imported)


@lru_cache(STATEMENTS)
def _said_yes(cycle_id: int, partnership: int, sector: str, cut: Cut) -> Select[str, int]:
    counted = counted_returns(cycle_id, partnership, sector, cut).where(~Return.imported).subquery()
    return (
        select(ProfileFact.fact, func.count().label("number"))
        .join(counted, counted.c.id == ProfileFact.return_id)
        .where(ProfileFact.answer)
        .group_by(ProfileFact.fact)
    )
