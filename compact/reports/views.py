"""Reading a sector's learning summary."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, render_template, request

from compact import db
from compact.access import guard
from compact.access.values import Act, Owner, Person, Scope
from compact.analysis.trend import earlier_rounds
from compact.analysis.views import CycleSeen, find_cycle, is_planned
from compact.cycles import store as cycle_store
from compact.cycles.store import CycleRow
from compact.web.frame import Contact, stand_for

from . import drawing, numbers, store
from .numbers import NumberRow
from .store import Published

blueprint = Blueprint("reports", __name__)


@dataclass(frozen=True)
class SummarySeen:
    """A published summary as one of its partnership's people or settings reads it."""

    cycle: CycleRow
    partnership: int
    published: Published
    owner: Owner
    scope = Scope()  # what was published, and nobody's return


@dataclass(frozen=True)
class NumbersSeen:
    """Every number of a summary, the newest first, as one of its readers sees them."""

    cycle: CycleRow
    partnership: int
    numbers: tuple[NumberRow, ...]
    owner: Owner
    scope = Scope()

    @property
    def in_force(self) -> NumberRow | None:
        return next((each for each in self.numbers if each.is_in_force), None)


@dataclass(frozen=True)
class SummaryDrafted(CycleSeen):
    """A round as one of its partnerships sees it, and the rounds before, which a summary compares it with."""

    before: tuple[CycleRow, ...]

    @property
    def scope(self) -> Scope:
        return Scope(cycles=frozenset({self.cycle.id, *(each.id for each in self.before)}))


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    guard.add_finder(app, "summary draft", _find_draft)
    guard.add_finder(app, "summary", _find_summary)
    guard.add_finder(app, "numbers of a summary", _find_numbers)
    drawing.init_app(app)


def _find_summary(address: Mapping[str, Any], asking: Person) -> SummarySeen | None:
    """The summary in force; of several partnerships' the one that `?partnership=` names, or the first."""
    session = db.session()
    cycle = cycle_store.cycle_by_id(session, address["cycle_id"])
    if cycle is None:
        return None
    readable = [each for each in store.partnerships_for(session, asking) if each in cycle.partnerships]
    wanted = request.args.get("partnership")
    for partnership in readable:
        if wanted not in (None, str(partnership)):
            continue
        published = store.in_force(session, cycle.id, partnership, address["sector"])
        if published:
            stand_for(Contact(*cycle_store.contact_of(session, partnership)))
            return SummarySeen(cycle, partnership, published, _owner(partnership, asking))
    return None


def _find_numbers(address: Mapping[str, Any], asking: Person) -> NumbersSeen | None:
    """All numbers of a summary; of several partnerships' the one that is named, or the first in force."""
    session = db.session()
    cycle = cycle_store.cycle_by_id(session, address["cycle_id"])
    if cycle is None:
        return None
    wanted = request.args.get("partnership")
    found = [
        NumbersSeen(cycle, each, tuple(of_sector), _owner(each, asking))
        for each in store.partnerships_for(session, asking)
        if each in cycle.partnerships
        and wanted in (None, str(each))
        and (of_sector := numbers.numbers_of(session, cycle.id, each, address["sector"]))
    ]
    seen = next((each for each in found if each.in_force), next(iter(found), None))
    if seen:
        stand_for(Contact(*cycle_store.contact_of(session, seen.partnership)))
    return seen


def _find_draft(address: Mapping[str, Any], asking: Person) -> SummaryDrafted | None:
    seen = find_cycle(address, asking)
    if seen is None or address["sector"] not in seen.cycle.settings or is_planned(seen.cycle):
        return None
    before = earlier_rounds(db.session(), seen.cycle, seen.seen_from, address["sector"])
    return SummaryDrafted(seen.cycle, seen.owner, seen.seen_from, seen.choices, tuple(before))


def _owner(partnership: int, asking: Person) -> Owner:
    """A summary belongs to its partnership and to every setting of it that the asking person has."""
    trust = next(iter(asking.trusts), None)
    return Owner(asking.organisations, frozenset({partnership}), trust)


@blueprint.get("/learning/<int:cycle_id>/<sector>")
def summary(cycle_id: int, sector: str) -> str:
    """The number in force; where the last one is withdrawn, that it is, and why."""
    found, session = guard.found(NumbersSeen), db.session()
    row = found.in_force
    published = store.of_number(session, cycle_id, found.partnership, sector, row.number) if row else None
    if row is None or published is None:
        return render_template("reports/withdrawn.html", seen=found, sector=sector, last=found.numbers[0])
    return render_template(
        "reports/summary.html",
        seen=SummarySeen(found.cycle, found.partnership, published, found.owner),
        row=row,
        summary=published.summary,
        foreword=published.foreword,
        may_publish=guard.allows(Act.PUBLISH),
    )
