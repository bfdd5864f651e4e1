"""The committee's page of a round, and the log of what it decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField

from compact import db
from compact.access import guard
from compact.access.values import Act, Person, Scope
from compact.cycles import editions
from compact.cycles.store import CycleRow
from compact.trail import store as trail
from compact.web.clock import now, today
from compact.web.problems import FieldProblem

from . import committee
from .decisions import DECIDED_LIMIT, About, TypedDecision, parse_decision
from .findings import StandardFinding
from .trend import Round
from .views import CycleSeen, blueprint, find_cycle


@dataclass(frozen=True)
class CommitteeSeen(CycleSeen):
    """A round as one of its partnerships sees it, and the round before, which the page compares it with."""

    before: CycleRow | None

    @property
    def scope(self) -> Scope:
        return Scope(cycles=frozenset({self.cycle.id, *([self.before.id] if self.before else [])}))

    @property
    def this_round(self) -> Round:
        return Round(self.cycle, editions.edition(self.cycle.edition))

    @property
    def round_before(self) -> Round | None:
        return Round(self.before, editions.edition(self.before.edition)) if self.before else None


class DecisionForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    about = StringField()
    decided = StringField()
    who = StringField()
    due = StringField()


def init_app(app: Flask) -> None:
    guard.add_finder(app, "committee", _find)


def _find(address: Mapping[str, Any], asking: Person) -> CommitteeSeen | None:
    seen = find_cycle(address, asking)
    if seen is None:
        return None
    before = committee.round_before(db.session(), seen.cycle, seen.seen_from)
    return CommitteeSeen(seen.cycle, seen.owner, seen.seen_from, seen.choices, before)


@blueprint.get("/committee/<int:cycle_id>")
def committee_page(cycle_id: int) -> str:
    seen = guard.found(CommitteeSeen)
    page = committee.committee_page(db.session(), seen.this_round, seen.round_before, seen.seen_from, today())
    return render_template(
        "analysis/committee.html",
        seen=seen,
        page=page,
        edition=seen.this_round.edition,
        today=today(),
        may_decide=guard.allows(Act.DECIDE),
    )


@blueprint.get("/committee/<int:cycle_id>/decisions/new")
def new_decision(cycle_id: int) -> str:
    return _decision_page(TypedDecision(about=request.args.get("about", "")))


@blueprint.post("/committee/<int:cycle_id>/decisions")
def post_decision(cycle_id: int) -> str | Response:
    seen, form = guard.found(CommitteeSeen), DecisionForm()
    typed = TypedDecision(
        form.about.data or "", form.decided.data or "", form.who.data or "", form.due.data or ""
    )
    decided = parse_decision(typed, [About(each.sector, each.standard) for each in _flagged(seen)])
    if isinstance(decided, tuple):
        return _decision_page(typed, decided)
    session, person = db.writing(), guard.signed_in_person()
    committee.add_decision(session, cycle_id, seen.seen_from, decided, by=person.id, at=now())
    trail.record(
        session,
        "decision noted",
        f"cycle {cycle_id}",
        by=person.id,
        at=now(),
        partnership=seen.seen_from,
        about=str(decided.about),
    )
    session.commit()
    flash("The decision is in the log.", "success")
    return redirect(url_for("analysis.committee_page", cycle_id=cycle_id, partnership=seen.seen_from))


def _flagged(seen: CommitteeSeen) -> list[StandardFinding]:
    return committee.flagged_of(db.session(), seen.this_round, seen.seen_from)


def _decision_page(typed: TypedDecision, problems: Sequence[FieldProblem] = ()) -> str:
    seen = guard.found(CommitteeSeen)
    sectors = seen.this_round.edition.questionnaires
    choices = [
        {
            "value": str(About(each.sector, each.standard)),
            "text": f"{sectors[each.sector].sector}: {each.standard}. {each.title} ({each.share}%)",
        }
        for each in _flagged(seen)
    ]
    if not choices:
        problems = ()  # there is no form that they could lead to: the page says that nothing is flagged
    return render_template(
        "analysis/decision.html",
        seen=seen,
        choices=choices,
        typed=typed,
        limit=DECIDED_LIMIT,
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
    )
