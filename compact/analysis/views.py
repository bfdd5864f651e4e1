"""The officer's findings of a round: its standards by sector and by phase."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, abort, render_template, request

from compact import db
from compact.access import guard
from compact.access.values import Act, Owner, Person, Scope
from compact.cycles import editions
from compact.cycles import store as cycle_store
from compact.cycles.rules import Stage, stage
from compact.cycles.store import CycleRow
from compact.web.clock import today
from compact.web.frame import Contact, stand_for

from .findings import SectorFindings, find
from .heat import heat_map

blueprint = Blueprint("analysis", __name__)


@dataclass(frozen=True)
class CycleSeen:
    """A round as one of its partnerships sees it: `seen_from`, of those the person works for."""

    cycle: CycleRow
    owner: Owner
    seen_from: int
    choices: Mapping[int, str]

    @property
    def scope(self) -> Scope:
        return Scope(cycles=frozenset({self.cycle.id}))


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    guard.add_finder(app, "cycle", find_cycle)


def find_cycle(address: Mapping[str, Any], asking: Person) -> CycleSeen | None:
    """The finder of a round for people of its partnerships; `?partnership=` chooses between several."""
    session = db.session()
    cycle = cycle_store.cycle_by_id(session, address["cycle_id"])
    own = [each for each in cycle.partnerships if each in asking.partnerships] if cycle else []
    if cycle is None or not own:
        return None
    wanted = request.args.get("partnership", str(own[0]))
    seen_from = next((each for each in own if str(each) == wanted), None)
    if seen_from is None:
        return None
    stand_for(Contact(*cycle_store.contact_of(session, seen_from)))
    choices = cycle_store.names_of_partnerships(session, own)
    return CycleSeen(cycle, Owner(partnerships=frozenset({seen_from})), seen_from, choices)


def is_planned(cycle: CycleRow) -> bool:
    """Whether a round has not begun: then nothing can be said of it yet."""
    return stage(cycle.opens, cycle.closes, today()) is Stage.PLANNED


@blueprint.get("/analysis/<int:cycle_id>")
def cycle(cycle_id: int) -> str:
    seen = guard.found(CycleSeen)
    edition = editions.edition(seen.cycle.edition)
    return render_template(
        "analysis/cycle.html",
        seen=seen,
        edition=edition,
        map=heat_map(db.session(), seen.cycle, edition, seen.seen_from),
        may_read_desk=guard.allows(Act.READ_DESK),
    )


def findings_of(seen: CycleSeen, sector: str) -> SectorFindings:
    """One sector's findings as the person's partnership sees them; 404 when the round does not ask it."""
    if sector not in seen.cycle.settings:
        abort(404)
    edition = editions.edition(seen.cycle.edition)
    return find(db.session(), seen.cycle, edition, partnership=seen.seen_from, sector=sector)[0]
