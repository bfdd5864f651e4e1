"""What passes on when a school becomes an academy: its people, and its place in the rounds that are open.

Flushes, never commits. It may run however often, and by however many at once: what has passed on, stays.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from compact.accounts.models import Membership
from compact.actions.models import Action, ActionUpdate
from compact.cycles import store as cycle_store
from compact.cycles.models import Cycle, Due, Excused, Extension
from compact.cycles.store import CycleRow, works_in
from compact.organisations.lines import Pairs, is_one_to_one
from compact.organisations.models import Organisation, Succession
from compact.returns.models import Return
from compact.trail import store as trail

from .models import ContactNote, RoundMail
from .store import lock_round
from .successors import Changes, InRound, changes_of

# What belongs to an organisation's place in a round, and goes with it.
_OF_A_PLACE = (Due, Extension, Excused, RoundMail, ContactNote)
PassedOn = tuple[str, str, Mapping[str, int | str]]
"""What passed on, for the trail: whose, what happened, and the details."""


def take_over(session: Session, today: date, at: datetime) -> None:
    """Let whoever took over by today have the old one's people, and its place where it has not signed."""
    rows = session.execute(select(Succession.old_id, Succession.new_id).where(Succession.on <= today))
    pairs = {(old, new) for old, new in rows}
    if not pairs:
        return
    passed_on = _move_people(session, pairs)
    olds = {old for old, _ in pairs}
    rounds = session.scalars(
        select(Cycle.id)
        .where(Cycle.closes >= today, Cycle.id.in_(select(Due.cycle_id).where(Due.organisation_id.in_(olds))))
        .order_by(Cycle.id)
    ).all()
    for cycle_id in rounds:
        if (cycle := cycle_store.cycle_by_id(session, cycle_id)) is not None:
            passed_on += _settle(session, cycle, pairs, at)
    for subject, what, detail in passed_on:  # last of all: whoever holds the trail's head waits for nobody
        trail.record(session, what, subject, by=None, at=at, **detail)


def _move_people(session: Session, pairs: Pairs) -> list[PassedOn]:
    """Let the people of an old organisation have their roles in the one that it became.

    They keep all rights in the old one: the people of a successor have them (`accounts.sessions`). Where
    schools merged or split nobody can tell who went where, so everybody stays.
    """
    olds = {old for old, _ in pairs}
    rows = session.execute(
        select(Membership.id, Membership.person_id, Membership.organisation_id, Membership.role)
        .where(Membership.organisation_id.in_(olds))
        .order_by(Membership.id)
        .with_for_update()
    ).all()
    moved: list[PassedOn] = []
    for row in rows:
        new = _last_in_line(pairs, row.organisation_id)
        if new is None:
            continue
        is_there = session.scalar(
            select(Membership.id)
            .where(Membership.person_id == row.person_id, Membership.organisation_id == new)
            .limit(1)
        )
        where = Membership.id == row.id
        if is_there:
            session.execute(delete(Membership).where(where))
        else:
            session.execute(update(Membership).where(where).values(organisation_id=new))
        detail = {"role": row.role, "from_organisation": row.organisation_id, "organisation": new}
        moved.append((f"person {row.person_id}", "role taken over", detail))
    return moved


def _last_in_line(pairs: Pairs, old: int) -> int | None:
    """What an organisation is now, over however many others; None where it merged or was split."""
    after = {new for each, new in pairs if each == old and is_one_to_one(pairs, old, new)}
    return next((new for new in after if not any((new, other) in pairs for other in after)), None)


def _settle(session: Session, cycle: CycleRow, pairs: Pairs, at: datetime) -> list[PassedOn]:
    """Write down in one round who is due of those that took over from each other."""
    concerned = sorted({each for pair in pairs for each in pair})
    lock_round(session, cycle.id, concerned)
    changes = changes_of(pairs, _in_round(session, cycle, concerned))
    for old, new in changes.passed.items():
        for model in _OF_A_PLACE:
            where = (model.cycle_id == cycle.id, model.organisation_id == old)
            session.execute(update(model).where(*where).values(organisation_id=new))
    for old, new in {**changes.passed, **changes.drafts}.items():
        _pass_draft(session, cycle.id, old, new)
    session.execute(delete(Due).where(Due.cycle_id == cycle.id, Due.organisation_id.in_(changes.gone)))
    cycle_store.add_due(session, cycle.id, sorted(changes.added), at)
    return _said(cycle.id, changes)


def _in_round(session: Session, cycle: CycleRow, concerned: list[int]) -> InRound:
    due = session.scalars(
        select(Due.organisation_id).where(Due.cycle_id == cycle.id, Due.organisation_id.in_(concerned))
    ).all()
    states = session.execute(
        select(Return.organisation_id, Return.status).where(
            Return.cycle_id == cycle.id, Return.organisation_id.in_(concerned)
        )
    ).all()
    askable = session.scalars(
        select(Organisation.id).where(
            Organisation.id.in_(concerned),
            Organisation.status == "open",
            Organisation.setting.in_(cycle.settings),
            works_in(cycle.partnerships),
        )
    ).all()
    return InRound(
        frozenset(due),
        frozenset(row.organisation_id for row in states if row.status == "signed"),
        frozenset(row.organisation_id for row in states),
        frozenset(askable),
    )


def _pass_draft(session: Session, cycle_id: int, old: int, new: int) -> None:
    """Let what was typed go on at the new one, with the actions that were raised in it."""
    draft = session.scalar(
        select(Return.id).where(Return.cycle_id == cycle_id, Return.organisation_id == old)
    )
    if draft is None:
        return
    raised = session.scalars(
        select(Action.id).where(Action.organisation_id == old, Action.raised_in == draft)
    ).all()
    for model, column in ((Action, Action.id), (ActionUpdate, ActionUpdate.action_id)):
        session.execute(update(model).where(column.in_(raised)).values(organisation_id=new))
    session.execute(
        update(Return).where(Return.id == draft).values(organisation_id=new, version=Return.version + 1)
    )


def _said(cycle_id: int, changes: Changes) -> list[PassedOn]:
    """For the trail: who took whose place, whose draft went on, who is asked anew and who no more."""
    said = [
        *((new, "took a place in the round", {"place_of": old}) for old, new in changes.passed.items()),
        *((new, "took over a draft", {"draft_of": old}) for old, new in changes.drafts.items()),
        *((new, "added to the round", {}) for new in sorted(changes.added)),
        *((old, "due no more", {}) for old in sorted(changes.gone)),
    ]
    return [(f"organisation {each}", what, {"cycle": cycle_id, **detail}) for each, what, detail in said]
