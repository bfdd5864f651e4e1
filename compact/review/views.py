"""The queue of a round's signed returns, and reading one: for the officers of a partnership."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compact import db
from compact.access import guard, noting, scope
from compact.access.rules import may
from compact.access.values import Act, Owner, Person, Scope
from compact.cycles import editions
from compact.cycles import store as cycle_store
from compact.cycles.store import CycleRow
from compact.inspections.store import latest_of
from compact.returns import plan, reading
from compact.returns.earlier import last_return
from compact.returns.exception_store import keys_unseen, unseen_among
from compact.returns.numbers import numbers_of
from compact.returns.plan import Listed
from compact.returns.reading import ReturnRow
from compact.web.clock import now, today
from compact.web.frame import Contact, stand_for

from . import queue as queueing
from . import rules, store
from .held import Held, held_of
from .queue import Wanted
from .reading import Answers, answers_of, grade_words, read
from .replying import OUTCOMES, STATE_WORDS, State
from .rules import Reason

blueprint = Blueprint("review", __name__)

Page = str | Response


@dataclass(frozen=True)
class Desk:
    """A round as one of its partnerships reads it; none where the partnership has no round yet."""

    partnership: int
    cycle: CycleRow | None
    cycles: tuple[CycleRow, ...]
    partnerships: Mapping[int, str]

    @property
    def owner(self) -> Owner:
        return Owner(partnerships=frozenset({self.partnership}))

    @property
    def scope(self) -> Scope:
        return Scope(cycles=frozenset(each.id for each in self.cycles))


@dataclass(frozen=True)
class Reviewed:
    """A signed return as one of its partnerships reviews it."""

    row: ReturnRow
    partnership: int

    @property
    def owner(self) -> Owner:
        return Owner(partnerships=frozenset({self.partnership}))

    @property
    def scope(self) -> Scope:
        """The return, its organisation's plan, and its round: the sector's shares are counted there."""
        own = self.row.scope
        return Scope(own.returns, own.organisations, frozenset({self.row.cycle_id}))

    def address(self, endpoint: str = "review.show", **more: Any) -> str:
        return url_for(endpoint, return_id=self.row.id, partnership=self.partnership, **more)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    guard.add_finder(app, "desk", find_desk)
    guard.add_finder(app, "review", find_review)


def find_desk(_address: Mapping[str, Any], asking: Person) -> Desk | None:
    """The finder of the desk: `?partnership=` and `?cycle=` choose; by default the newest round.

    The page itself goes on to the newest one in which somebody has signed.
    """
    session, own = db.session(), _reviewing(asking, asking.partnerships)
    partnership = _chosen(own, request.args.get("partnership"))
    if partnership is None:
        return None
    cycles = cycle_store.cycles_of_partnerships(session, [partnership])
    wanted = request.args.get("cycle")
    cycle = next((each for each in cycles if wanted in (None, str(each.id))), None)
    if cycle is None and wanted is not None:
        return None
    stand_for(Contact(*cycle_store.contact_of(session, partnership)))
    names = cycle_store.names_of_partnerships(session, own)
    return Desk(partnership, cycle, tuple(cycles), names)


def find_review(address: Mapping[str, Any], asking: Person) -> Reviewed | None:
    """The finder of a return under review: it is signed, and the partnership one of its own."""
    row = reading.find_return(db.session(), address["return_id"], asking)
    if row is None or row.is_draft:
        return None
    own = _reviewing(asking, row.owner.partnerships & asking.partnerships)
    partnership = _chosen(own, request.args.get("partnership"))
    if partnership is None:
        return None
    stand_for(row.contact)
    return Reviewed(row, partnership)


def _reviewing(asking: Person, partnerships: frozenset[int]) -> list[int]:
    """The partnerships for which somebody may review."""
    return sorted(
        each for each in partnerships if may(asking, Act.REVIEW, Owner(partnerships=frozenset({each})))
    )


def _chosen(own: list[int], wanted: str | None) -> int | None:
    return next((each for each in own if wanted in (None, str(each))), None)


@blueprint.get("/review")
def queue() -> Page:
    desk, session = guard.found(Desk), db.session()
    if "cycle" not in request.args:
        desk = replace(desk, cycle=queueing.newest_signed(session, desk.cycles) or desk.cycle)
    if desk.cycle is None:
        return render_template("review/queue.html", desk=desk)
    edition = editions.edition(desk.cycle.edition)
    sectors = {
        setting: edition.questionnaires[setting].sector
        for setting in edition.settings
        if setting in desk.cycle.settings
    }
    sector, state = request.args.get("sector"), request.args.get("state")
    wanted = Wanted(
        desk.cycle.id,
        desk.partnership,
        sector if sector in sectors else None,
        State(state) if state in {each.value for each in State} else None,
    )
    counts = queueing.counts(session, wanted)
    total = sum(counts.values()) if wanted.state is None else counts[wanted.state]
    numbers = queueing.pages(total)
    page = page_asked(numbers[-1])
    return render_template(
        "review/queue.html",
        desk=desk,
        wanted=wanted,
        sectors=sectors,
        states=STATE_WORDS,
        counts=counts,
        total=total,
        pages=numbers,
        page=page,
        first=(page - 1) * queueing.PAGE + 1,
        listed=queueing.queue(session, wanted, today(), page),
        words=rules.words,
    )


def page_asked(last: int) -> int:
    text = request.args.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 1
    return min(max(number, 1), last)


@blueprint.get("/review/<int:return_id>")
def show(return_id: int) -> Page:
    seen, session = guard.found(Reviewed), db.session()
    row, partnership = seen.row, seen.partnership
    last = last_return(session, row)
    if last is not None:
        scope.take_in(last.id)
    held = held_of(session, row, partnership, last.id if last else None)
    last = last if held.may_read_last else None
    noting.note_reads(guard.signed_in_person(), [row.id, *([last.id] if last else [])])
    answers = answers_of(session, row, last)
    actions, review = _actions_seen(seen, held, answers), held.review
    edition = editions.edition(row.edition)
    return render_template(
        "review/show.html",
        seen=seen,
        row=row,
        edition=edition,
        numbers=numbers_of(session, row) if held.has_other_numbers else None,
        reasons=with_overdue(held.reasons, actions),
        words=rules.words,
        named=edition.questionnaires[row.setting].by_key,
        standards=read(session, row, partnership, held, answers),
        last=last,
        inspection=latest_of(session, [row.organisation_id]).get(row.organisation_id),
        grade=lambda answer: grade_words(answer, edition),
        actions=actions,
        comments=store.comments_of(session, row.id, partnership),
        visits=held.visits,
        review=review,
        state=review.state if review else State.NEW,
        states=STATE_WORDS,
        outcomes=OUTCOMES,
        today=today(),
        earlier=said_before(seen),
    )


def said_before(seen: Reviewed) -> dict[int, store.ActionReviewRow]:
    """What was said of the plan in the reply to the number before: this one was opened to mend it."""
    row = seen.row
    if row.number == 1:
        return {}
    return store.comments_before(db.session(), row.organisation_id, row.id, seen.partnership)


@blueprint.post("/review/<int:return_id>/begin")
def begin(return_id: int) -> Page:
    seen, session = guard.found(Reviewed), db.writing()
    store.begin(session, return_id, seen.partnership, by=guard.signed_in_person().id, at=now())
    session.commit()
    return redirect(seen.address())


def actions_seen(seen: Reviewed) -> list[Listed]:
    """The plan of the return, but for what only another partnership knows to be weak (A6)."""
    session = db.session()
    unseen = keys_unseen(session, seen.row, guard.signed_in_person())
    return [each for each in plan.plan_in(session, seen.row) if each.action.key not in unseen]


def _actions_seen(seen: Reviewed, held: Held, answers: Answers) -> list[Listed]:
    """The same, from what has been read of the return already."""
    own = guard.signed_in_person().partnerships
    scale = editions.edition(seen.row.edition).scale
    weak = {key for key, answer in answers.own.items() if answer.grade in scale.weak_keys}
    unseen = unseen_among(held.exceptions, weak, own, scale)
    return [each for each in plan.plan_in(db.session(), seen.row) if each.action.key not in unseen]


def with_overdue(reasons: Sequence[Reason], actions: list[Listed]) -> list[Reason]:
    """The reasons that were kept, and what is overdue today."""
    due = [(each.action.key, each.action.status, each.action.due) for each in actions]
    overdue = rules.overdue(due, today())
    return [*reasons, *([overdue] if overdue else [])]
