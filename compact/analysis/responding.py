"""The response to several rounds at once, counted anew when anything has changed that it is counted from."""

from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache, reduce
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, String, cast, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from compact.cycles.models import Due, Excused
from compact.cycles.store import CycleRow
from compact.organisations.models import (
    Organisation,
    OrganisationArea,
    PartnershipArea,
    Succession,
    Trust,
)
from compact.returns.models import Return

from .counting import STATEMENTS
from .cuts import Part, Response
from .remembered import remembered
from .responses import parts_of, responses_by_cycle


def responses_remembered(
    session: Session, cycles: Sequence[CycleRow], partnership: int
) -> Mapping[int, Mapping[str, Response]]:
    """What `responses_by_cycle` counts. To name what it depends on costs a third of counting it."""
    depends_on = _depends_on(tuple(each.id for each in cycles), partnership)

    def named() -> Hashable:
        return ("responses", partnership, *cycles, _rows(session, depends_on))

    def count() -> list[tuple[int, dict[str, Response]]]:
        return [*responses_by_cycle(session, cycles, partnership).items()]

    return dict(remembered(session, named, count)) if cycles else {}


def parts_remembered(session: Session, cycles: Sequence[int], partnership: int, sector: str) -> list[Part]:
    """What `parts_of` counts of a sector."""
    depends_on = _parts_depend_on(tuple(cycles), partnership)

    def named() -> Hashable:
        return ("parts", partnership, *cycles, sector, _rows(session, depends_on))

    return remembered(session, named, lambda: parts_of(session, cycles, partnership, sector))


def _rows(session: Session, depends_on: CompoundSelect[*tuple[Any, ...]]) -> Hashable:
    """As short as a name can be: what is named is some thousand organisations."""
    rows = sorted(map(repr, session.execute(depends_on)))
    return sha256("\n".join(rows).encode()).digest()


@lru_cache(STATEMENTS)
def _depends_on(cycles: tuple[int, ...], partnership: int) -> CompoundSelect[*tuple[Any, ...]]:
    return union_all(*_who(cycles, partnership))


@lru_cache(STATEMENTS)
def _parts_depend_on(cycles: tuple[int, ...], partnership: int) -> CompoundSelect[*tuple[Any, ...]]:
    """The same, with the phase and the trust of each of the organisations, and the names of trusts."""
    of_area = _in_area(partnership)
    return union_all(
        *_who(cycles, partnership),
        _named("phase", Organisation.phase, Organisation.id).where(of_area),
        _named("in trust", Organisation.trust_id, Organisation.id).where(of_area),
        _named("trust", Trust.id, Trust.name),
    )


def _who(cycles: tuple[int, ...], partnership: int) -> list[Select[*tuple[Any, ...]]]:
    """Who is due in each round, is excused, and has signed; how the partnership's organisations are now, and
    who took over from whom.

    Who has signed is told by all returns and those that are drafts: both are read from indexes alone.
    """
    of_round = Return.cycle_id
    return [
        _named("due", Due.cycle_id, Due.organisation_id).where(Due.cycle_id.in_(cycles)),
        _named("excused", Excused.cycle_id, Excused.organisation_id).where(Excused.cycle_id.in_(cycles)),
        _named("returns", of_round, Return.id).where(of_round.in_(cycles)),
        _named("drafts", of_round, Return.id).where(of_round.in_(cycles), Return.status == "draft"),
        _named("there", Organisation.setting, Organisation.id, Organisation.status).where(
            _in_area(partnership)
        ),
        _named("took over", Succession.old_id, Succession.new_id),
    ]


def _in_area(partnership: int) -> ColumnElement[bool]:
    in_area = (
        select(OrganisationArea.organisation_id)
        .join(PartnershipArea, PartnershipArea.area == OrganisationArea.area)
        .where(PartnershipArea.partnership_id == partnership)
    )
    return Organisation.id.in_(in_area)


def _named(
    what: str, group: InstrumentedAttribute[Any], *which: InstrumentedAttribute[Any]
) -> Select[*tuple[Any, ...]]:
    """What is so in each group, as one text. It only tells such sets apart, so the order is left open."""
    parts: list[ColumnElement[str]] = [cast(each, String) for each in which]
    together = reduce(lambda one, other: one + " " + other, parts)
    return select(literal(what), cast(group, String), func.aggregate_strings(together, ",")).group_by(group)
