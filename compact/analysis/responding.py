"""The response to several rounds at once, counted anew when anything has changed that it is counted from."""

from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache, reduce
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, String, cast, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from compact.cycles.models import Due, Excused
from compact.cycles.store import CycleRow
from compact.organisations.models import Organisation, OrganisationArea, PartnershipArea, Succession
from compact.returns.models import Return

from .counting import STATEMENTS
from .cuts import Response
from .remembered import remembered
from .responses import responses_by_cycle


def responses_remembered(
    session: Session, cycles: Sequence[CycleRow], partnership: int
) -> Mapping[int, Mapping[str, Response]]:
    """What `responses_by_cycle` counts. To name what it depends on costs a third of counting it."""
    depends_on = _depends_on(tuple(each.id for each in cycles), partnership)

    def named() -> Hashable:
        rows = session.execute(depends_on).all()
        return ("responses", partnership, *cycles, *sorted(map(tuple, rows)))

    def count() -> list[tuple[int, dict[str, Response]]]:
        return [*responses_by_cycle(session, cycles, partnership).items()]

    return dict(remembered(session, named, count)) if cycles else {}


@lru_cache(STATEMENTS)
def _depends_on(cycles: tuple[int, ...], partnership: int) -> CompoundSelect[*tuple[Any, ...]]:
    """Who is due in each round, is excused, and has signed; how the partnership's organisations are now, and
    who took over from whom."""
    in_area = (
        select(OrganisationArea.organisation_id)
        .join(PartnershipArea, PartnershipArea.area == OrganisationArea.area)
        .where(PartnershipArea.partnership_id == partnership)
    )
    of_area = Organisation.id.in_(in_area)
    arms = [
        _named("due", Due.cycle_id, Due.organisation_id).where(Due.cycle_id.in_(cycles)),
        _named("excused", Excused.cycle_id, Excused.organisation_id).where(Excused.cycle_id.in_(cycles)),
        _named("signed", Return.cycle_id, Return.id, Return.organisation_id).where(
            Return.cycle_id.in_(cycles), Return.status == "signed"
        ),
        _named("there", Organisation.setting, Organisation.id, Organisation.status).where(of_area),
        _named("took over", Succession.old_id, Succession.new_id),
    ]
    return union_all(*arms)


def _named(
    what: str, group: InstrumentedAttribute[Any], *which: InstrumentedAttribute[Any]
) -> Select[*tuple[Any, ...]]:
    """What is so in each group, as one text. It only tells such sets apart, so the order is left open."""
    parts: list[ColumnElement[str]] = [cast(each, String) for each in which]
    together = reduce(lambda one, other: one + " " + other, parts)
    return select(literal(what), cast(group, String), func.aggregate_strings(together, ",")).group_by(group)
