"""The officer's pages of one sector: what stands out, every indicator, every round, and the returns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, abort, render_template, request

from compact import db
from compact.access import guard
from compact.access.values import Act, Person, Scope
from compact.cycles import editions
from compact.cycles.store import CycleRow
from compact.organisations.rules import PHASES
from compact.returns.overview import returns_in_sector

from .beside import Elsewhere, apart_in, exceptions_in, moderated_in
from .counting import counts, grade_counts_by_cycle, standard_counts_by_cycle
from .cuts import Cut, Part, phases_in, response_of, trusts_in
from .drawing import grade_bar, standards_over_rounds
from .findings import SectorFindings
from .findings import findings_of as findings_from
from .responding import parts_remembered
from .trend import Round, Trend, earlier_rounds, round_counts, trend_of
from .views import CycleSeen, blueprint, find_cycle, is_planned


@dataclass(frozen=True)
class RoundsSeen(CycleSeen):
    """A round as one of its partnerships sees it, and its earlier rounds of the sector, the newest first."""

    earlier: tuple[CycleRow, ...]

    @property
    def scope(self) -> Scope:
        return Scope(cycles=frozenset({self.cycle.id, *(each.id for each in self.earlier)}))


@dataclass(frozen=True)
class Choice:
    """The cut that the address names, and those that it could name: phases, and trusts by id."""

    cut: Cut
    phases: list[str]
    trusts: Mapping[int, str]

    @property
    def words(self) -> dict[str, str | int]:
        """The cut as it stands in an address."""
        said = {"phase": self.cut.phase, "trust": self.cut.trust}
        return {name: value for name, value in said.items() if value is not None}


def init_app(app: Flask) -> None:
    app.add_template_global(grade_bar)
    guard.add_finder(app, "rounds", _find)


def _find(address: Mapping[str, Any], asking: Person) -> RoundsSeen | None:
    seen = find_cycle(address, asking)
    if seen is None:
        return None
    earlier = earlier_rounds(db.session(), seen.cycle, seen.seen_from, address["sector"])
    return RoundsSeen(seen.cycle, seen.owner, seen.seen_from, seen.choices, tuple(earlier))


@blueprint.get("/analysis/<int:cycle_id>/<sector>")
def sector(cycle_id: int, sector: str) -> str:
    seen, session = guard.found(RoundsSeen), db.session()
    parts, choice = _chosen(seen, sector, seen.earlier)
    cut, edition = choice.cut, editions.edition(seen.cycle.edition)
    findings = _findings(seen, sector, parts, cut)
    several, trends = len(seen.cycle.partnerships) > 1, _standard_trends(seen, findings, parts, cut)
    return render_template(
        "analysis/sector.html",
        seen=seen,
        edition=edition,
        findings=findings,
        choice=choice,
        trends=trends,
        slopes=standards_over_rounds(findings, seen.cycle.name, trends),
        moderated=moderated_in(session, cycle_id, seen.seen_from, sector, cut, edition),
        elsewhere=exceptions_in(session, cycle_id, seen.seen_from, sector, cut) if several else Elsewhere(),
        may_publish=guard.allows(Act.PUBLISH) and not is_planned(seen.cycle),
    )


@blueprint.get("/analysis/<int:cycle_id>/<sector>/indicators")
def indicators(cycle_id: int, sector: str) -> str:
    seen, session = guard.found(CycleSeen), db.session()
    parts, choice = _chosen(seen, sector)
    findings = _findings(seen, sector, parts, choice.cut)
    return render_template(
        "analysis/indicators.html",
        seen=seen,
        edition=editions.edition(seen.cycle.edition),
        findings=findings,
        choice=choice,
        apart=apart_in(session, cycle_id, seen.seen_from, findings, choice.cut),
    )


@blueprint.get("/analysis/<int:cycle_id>/<sector>/rounds")
def trend_page(cycle_id: int, sector: str) -> str:
    seen = guard.found(RoundsSeen)
    parts, choice = _chosen(seen, sector, seen.earlier)
    rounds, cut = (seen.cycle, *seen.earlier), choice.cut
    ids = [each.id for each in rounds]
    grades = grade_counts_by_cycle(db.session(), ids, seen.seen_from, sector, cut)
    this, *before = (round_counts(_round(each), sector, (), parts, cut, grades[each.id]) for each in rounds)
    (findings,) = findings_from(
        seen.cycle, this.of.edition, grades[cycle_id], (), {sector: this.response}, sector=sector
    )
    return render_template(
        "analysis/rounds.html",
        seen=seen,
        findings=findings,
        choice=choice,
        trends=[trend_of(sector, this, each) for each in before],
    )


@blueprint.get("/analysis/<int:cycle_id>/<sector>/returns")
def sector_returns(cycle_id: int, sector: str) -> str:
    seen = guard.found(CycleSeen)
    if sector not in seen.cycle.settings:
        abort(404)
    return render_template(
        "analysis/returns.html",
        seen=seen,
        sector=sector,
        title=editions.questionnaire(seen.cycle.edition, sector).sector,
        returns=returns_in_sector(db.session(), seen.cycle, seen.seen_from, sector),
        may_give_time=guard.allows(Act.GIVE_TIME),
    )


def _chosen(seen: CycleSeen, sector: str, earlier: Iterable[CycleRow] = ()) -> tuple[list[Part], Choice]:
    """Who is due in the sector, and the cut of it that the address names; 404 for what nobody has."""
    if sector not in seen.cycle.settings:
        abort(404)
    rounds = [seen.cycle.id, *(each.id for each in earlier)]
    parts = parts_remembered(db.session(), rounds, seen.seen_from, sector)
    now = [each for each in parts if each.cycle_id == seen.cycle.id]
    phases, trusts = phases_in(now, PHASES), trusts_in(now)
    phase, trust = request.args.get("phase") or None, request.args.get("trust") or None
    chosen = next((each for each in trusts if str(each) == trust), None)
    if (phase and phase not in phases) or (trust and chosen is None):
        abort(404)
    return parts, Choice(Cut(phase, chosen), phases, trusts)


def _findings(seen: CycleSeen, sector: str, parts: list[Part], cut: Cut) -> SectorFindings:
    cycle = seen.cycle
    return findings_from(
        cycle,
        editions.edition(cycle.edition),
        *counts(db.session(), cycle.id, seen.seen_from, sector, cut),
        {sector: response_of(parts, cycle.id, sector, cut)},
        sector=sector,
    )[0]


def _standard_trends(
    seen: RoundsSeen, findings: SectorFindings, parts: list[Part], cut: Cut
) -> tuple[Trend, ...]:
    """The sector's standards beside those of the earlier rounds, from the results of sign-off."""
    if not seen.earlier:
        return ()
    sector = findings.sector
    ids = [each.id for each in seen.earlier]
    counted = standard_counts_by_cycle(db.session(), ids, seen.seen_from, sector, cut)
    now = round_counts(_round(seen.cycle), sector, findings.standards, parts, cut)
    return tuple(
        trend_of(sector, now, round_counts(_round(each), sector, counted[each.id], parts, cut))
        for each in seen.earlier
    )


def _round(cycle: CycleRow) -> Round:
    return Round(cycle, editions.edition(cycle.edition))
