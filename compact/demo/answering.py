"""Made-up answers for the demo, kept and signed the way people do it on the pages."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.accounts.models import Membership, Person
from compact.actions import store as actions
from compact.actions.rules import PlannedAction
from compact.cycles import editions
from compact.cycles.models import Due
from compact.practice.carrying import carry
from compact.questionnaire.values import Edition, Indicator, Questionnaire
from compact.returns import reading
from compact.returns import store as returns
from compact.returns.exception_store import write_exception
from compact.returns.exceptions import GivenException
from compact.returns.rules import Answer, asked
from compact.review.looking import look
from compact.sign_off import store as sign_off
from compact.sign_off.evidence import Origin, Proof, Signatory, Signature
from compact.sign_off.rules import Authority

# How often an indicator is graded weak, in percent: most seldom, some often enough to be flagged.
WEAK_CHANCES = (1, 2, 3, 3, 4, 5, 22)
ANSWERS_OF_TEN_ORGANISATIONS = 9
# How long an action is given; some of the last round's are over, some still to come.
DAYS_TO_DO_IT = (120, 300, 420)
ALL_STANDARDS = range(1, 13)
NOTHING: Mapping[str, Answer] = MappingProxyType({})
# How often a fact of the profile is answered yes, in percent.
YES_CHANCES = {"has-boarding": 5, "has-sixth-form": 20, "uses-alternative-provision": 40, "in-a-home": 20}
USUAL_YES_CHANCE = 75


def answer_all(session: Session, cycle: int, chance: random.Random, at: datetime) -> list[int]:
    """Start and answer the returns of nine in ten organisations of a round; their ids."""
    due = session.scalars(
        select(Due.organisation_id).where(Due.cycle_id == cycle).order_by(Due.organisation_id)
    ).all()
    # Drawn before anything is answered: who answers does not hang on how much is asked.
    answering = [each for each in due if chance.randrange(10) < ANSWERS_OF_TEN_ORGANISATIONS]
    made = []
    for organisation in answering:
        return_id = returns.start(session, cycle, organisation, at)
        _answer(session, return_id, chance, at)
        made.append(return_id)
    return made


def answer_some(
    session: Session, cycle: int, organisations: Iterable[int], chance: random.Random, at: datetime
) -> None:
    """Start these organisations' returns and answer the first few standards."""
    for organisation in organisations:
        answer_one(session, cycle, organisation, chance, at, standards=range(1, 4))


def answer_one(
    session: Session,
    cycle: int,
    organisation: int,
    chance: random.Random,
    at: datetime,
    *,
    standards: range = ALL_STANDARDS,
    instead: Mapping[str, Answer] = NOTHING,
) -> int:
    """Start an organisation's return and answer these standards; its id.

    An answer of `instead` takes the place of the one that chance makes up.
    """
    return_id = returns.start(session, cycle, organisation, at)
    _answer(session, return_id, chance, at, standards, instead)
    return return_id


def except_for(
    session: Session, return_id: int, partnership: int, grade: str | None, note: str, at: datetime
) -> None:
    """Note an exception for a partnership, to the first indicator that is graded well and otherwise."""
    row = reading.find_return(session, return_id, None)
    assert row is not None  # noqa: S101 - it was made a moment ago
    weak = editions.edition(row.edition).scale.weak_keys
    answers = reading.choices_of(session, return_id)
    indicator = next(
        each
        for each in editions.questionnaire(row.edition, row.setting).indicators
        if each.key in answers and answers[each.key].grade not in (None, grade, *weak)
    )
    place = (return_id, partnership, indicator.key)
    write_exception(session, place, GivenException(grade, note), shown_version=0, by=None, at=at)
    if grade in weak:
        _plan(session, row.organisation_id, return_id, indicator, at)


def sign_all(
    session: Session, return_ids: Sequence[int], signatories: Mapping[int, int], at: datetime
) -> None:
    """Sign returns one after the other, each by its organisation's signatory."""
    for place, return_id in enumerate(return_ids):
        moment = at + timedelta(minutes=7 * place)
        row = reading.find_return(session, return_id, None)
        assert row is not None  # noqa: S101 - it was made a moment ago
        person = session.execute(
            select(Person.id, Person.name, Membership.job_title)
            .join(Membership, Membership.person_id == Person.id)
            .where(
                Person.id == signatories[row.organisation_id],
                Membership.organisation_id == row.organisation_id,
            )
        ).one()
        sign_off.sign(
            session,
            row,
            edition=editions.edition(row.edition),
            questionnaire=editions.questionnaire(row.edition, row.setting),
            signature=Signature(
                Signatory(person.id, person.name, person.job_title or "Lead", "Signatory"),
                Authority(),
                Proof("demo", moment),
                Origin("", ""),
            ),
            shown_version=row.version,
            now=moment,
            beside=_beside,
        )


def _beside(session: Session, return_id: int) -> None:
    """What the rooms above write with a signature, as the application has them do it."""
    look(session, return_id)
    carry(session, return_id)


def _answer(
    session: Session,
    return_id: int,
    chance: random.Random,
    at: datetime,
    standards: range = ALL_STANDARDS,
    instead: Mapping[str, Answer] = NOTHING,
) -> None:
    row = reading.find_return(session, return_id, None)
    assert row is not None  # noqa: S101 - it was made a moment ago
    edition = editions.edition(row.edition)
    questionnaire = editions.questionnaire(row.edition, row.setting)
    facts = {
        fact.key: chance.randrange(100) < YES_CHANCES.get(fact.key, USUAL_YES_CHANCE)
        for fact in questionnaire.profile
    }
    returns.save_profile(session, return_id, facts)
    indicators = [each for each in asked(questionnaire.indicators, facts) if each.standard in standards]
    answers = {
        each.key: _in_own_words(_made_up(each, edition, questionnaire, chance), return_id)
        for each in indicators
    }
    answers |= {key: instead[key] for key in answers.keys() & instead.keys()}
    typed = {key: returns.TypedAnswer(answer, 0) for key, answer in answers.items()}
    returns.save_answers(session, return_id, typed, None, at)
    for indicator in indicators:
        if answers[indicator.key].grade in edition.scale.weak_keys:
            _plan(session, row.organisation_id, return_id, indicator, at)


def _in_own_words(answer: Answer, return_id: int) -> Answer:
    """The answer as nobody else writes it: equal evidence of two settings is a reason to look."""
    return replace(answer, evidence=answer.evidence and f"{answer.evidence} It is in our folder {return_id}.")


def _made_up(
    indicator: Indicator, edition: Edition, questionnaire: Questionnaire, chance: random.Random
) -> Answer:
    often = WEAK_CHANCES[sum(map(ord, indicator.key + questionnaire.setting)) % len(WEAK_CHANCES)]
    best, good, *weak = [grade.key for grade in edition.scale.grades]
    if chance.randrange(100) < often:
        return Answer(weak[0] if chance.randrange(6) else weak[-1], False, "", indicator.improve)
    if chance.randrange(60) == 0:
        return Answer(None, True, "Nobody of this age or need is with us this year.", "")
    evidence = chance.choice(indicator.evidence)
    shown = f"{evidence.show}, kept by the {evidence.held_by}."
    return Answer(best if chance.randrange(4) == 0 else good, False, "", shown)


def _plan(session: Session, organisation: int, return_id: int, indicator: Indicator, at: datetime) -> None:
    days = DAYS_TO_DO_IT[sum(map(ord, indicator.key)) % len(DAYS_TO_DO_IT)]
    due = (at + timedelta(days=days)).date()
    planned = PlannedAction(indicator.advice[0], indicator.evidence[0].held_by, due, "not_started")
    actions.add_action(
        session,
        organisation_id=organisation,
        return_id=return_id,
        key=indicator.key,
        planned=planned,
        by=None,
        at=at,
    )
    returns.touch(session, return_id)
