"""How far a trust's schools are in their rounds: in as many statements for fifty schools as for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.actions.rules import FINISHED
from compact.actions.store import ActionRow, actions_by_organisation
from compact.cycles import editions
from compact.cycles.extensions import extended_until
from compact.cycles.rules import could_answer, is_late, last_day
from compact.cycles.store import OrganisationInCycle
from compact.db import Base, table
from compact.organisations.models import Organisation

from .exceptions import KeptException
from .models import Answer as AnswerTable
from .models import Exception_, ProfileFact, Return
from .overview import ReturnState, returns_of
from .pages import TaskList, task_list
from .rules import Answer


@dataclass(frozen=True)
class Progress:
    """A school in a round. `tasks` is None where there is no return, or none that is the trust's: of such a
    one nothing is told but that there is one.

    `actions` and `overdue` count those raised in the round that are not done yet.
    """

    place: OrganisationInCycle
    last_day: date
    is_overdue: bool
    state: ReturnState | None
    tasks: TaskList | None = None
    weak: int = 0
    actions: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class RoundProgress:
    """A round with the schools that are due in it, by name."""

    cycle: str
    closes: date
    schools: tuple[Progress, ...]


@dataclass(frozen=True)
class _Held:
    """What is kept: facts, answers and exceptions by return, actions by school, and the trust's numbers of
    returns, each with its round and its setting as it was.
    """

    facts: Mapping[int, dict[str, bool]]
    answers: Mapping[int, dict[str, Answer]]
    exceptions: Mapping[int, list[KeptException]]
    actions: Mapping[int, list[ActionRow]]
    rounds: Mapping[int, tuple[int, str]]


def progress_of(session: Session, places: Sequence[OrganisationInCycle], today: date) -> list[RoundProgress]:
    """The rounds of these schools, the newest first, as the lead of the trust they are in may see them.

    A return is the trust's that the school was in when it was started, for as long as it stays there.
    """
    schools = sorted({place.organisation_id for place in places})
    if not schools:
        return []
    until, states = extended_until(session, schools), returns_of(session, schools)
    held = _held(session, schools, [state.return_id for state in states.values()])
    rounds: dict[int, list[Progress]] = {}
    for place in sorted(places, key=lambda each: (each.opens, each.cycle_id), reverse=True):
        where = (place.cycle_id, place.organisation_id)
        own_last_day = last_day(place.closes, until.get(where))
        if where not in states and not could_answer(place.added_on, own_last_day):
            continue
        progress = _progress(place, own_last_day, states.get(where), held, today)
        rounds.setdefault(place.cycle_id, []).append(progress)
    return [RoundProgress(rows[0].place.cycle, rows[0].place.closes, tuple(rows)) for rows in rounds.values()]


def _progress(
    place: OrganisationInCycle, own_last_day: date, state: ReturnState | None, held: _Held, today: date
) -> Progress:
    is_unsigned = state is None or (state.status == "draft" and state.before is None)
    progress = Progress(place, own_last_day, is_unsigned and is_late(today, own_last_day), state)
    if state is None or state.return_id not in held.rounds:
        return progress
    edition = editions.edition(place.edition)
    _, setting = held.rounds[state.return_id]
    questionnaire = editions.questionnaire(place.edition, setting)
    facts, answers = held.facts.get(state.return_id, {}), held.answers.get(state.return_id, {})
    exceptions = held.exceptions.get(state.return_id, [])
    actions = held.actions.get(place.organisation_id, [])
    open_actions = [
        each
        for each in actions
        if each.raised_in in held.rounds
        and held.rounds[each.raised_in][0] == place.cycle_id
        and each.status not in FINISHED
    ]
    weak = {key for key, answer in answers.items() if answer.grade in edition.scale.weak_keys}
    tasks = task_list(edition, questionnaire, facts, answers, {each.key for each in actions}, exceptions)
    return replace(
        progress,
        tasks=tasks,
        weak=len(weak) if state.imported else tasks.weak,  # what was brought in has no profile
        actions=len(open_actions),
        overdue=sum(each.due < today for each in open_actions),
    )


def _held(session: Session, schools: Sequence[int], returns: Sequence[int]) -> _Held:
    rounds = session.execute(
        select(Return.id, Return.cycle_id, Return.setting)
        .join(Organisation, Organisation.id == Return.organisation_id)
        .where(Return.organisation_id.in_(schools), Return.trust_id == Organisation.trust_id)
    )
    facts = _by_return(session, schools, returns, ProfileFact, "fact", "answer")
    answers = _by_return(session, schools, returns, AnswerTable, "key", "grade", "not_applicable", "reason")
    exceptions = _by_return(session, schools, returns, Exception_, *_OF_EXCEPTION)  # counted, never named
    return _Held(
        {each: dict(rows) for each, rows in facts.items()},
        {each: {key: Answer(*rest) for key, *rest in rows} for each, rows in answers.items()},
        {each: [KeptException(row[0], "", *row[1:]) for row in rows] for each, rows in exceptions.items()},
        actions_by_organisation(session, schools),
        {row.id: (row.cycle_id, row.setting) for row in rounds},
    )


_OF_EXCEPTION = ("partnership_id", "key", "grade", "not_applicable", "note")


def _by_return(
    session: Session, schools: Sequence[int], returns: Sequence[int], model: type[Base], *names: str
) -> dict[int, list[Any]]:
    """These columns of a table's rows, by return; only of these schools' returns."""
    source = table(model).c
    rows = session.execute(
        select(source.return_id, *(source[name] for name in names))
        .join(table(Return), table(Return).c.id == source.return_id)
        .where(table(Return).c.organisation_id.in_(schools), source.return_id.in_(returns))
    )
    found: dict[int, list[Any]] = {}
    for return_id, *rest in rows:
        found.setdefault(return_id, []).append(tuple(rest))
    return found
