"""The open rounds: one is launched and lived in, with somebody at every place of the chase desk."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.cycles import editions
from compact.cycles.extensions import extend
from compact.cycles.rules import MoreTime
from compact.cycles.store import CycleRow
from compact.desk import store as desk
from compact.desk.rules import Note
from compact.questionnaire.values import Questionnaire
from compact.returns import reading
from compact.returns import store as returns
from compact.returns.handing import hand_on
from compact.returns.models import Return
from compact.returns.rules import Answer
from compact.review.rules import tells
from compact.web.clock import LOCAL

from .answering import NOTHING, answer_one, answer_some, except_for, sign_all
from .launching import EDITION, launch, on_day, open_round
from .places import HOST, PARTNERSHIPS, PLACES, Made

SEED = 2027
SETTINGS = {place.name: place.setting for place in PLACES}
WEAK_THERE = "The team here is half the size and has had no training of its own since May."
# How many of the twelve standards are answered by those who are on their way.
ON_THEIR_WAY: Mapping[str, int] = {
    "Tansy Hill Primary School": 8,
    "Bumble Row Nursery": 7,
    "Wexcombe Council Housing": 12,
    "Osierbank Primary School": 12,
}
READY = "Osierbank Primary School"
EXCUSED, WHY_EXCUSED = "Millpond Canoe Club", "The club rests until spring, and no children come."
CALLED, SAID = "Goosegate Primary School", "The new head starts on Monday and begins the return that week."
NO_MAILBOX = "Quayside Boxing Club"
SISTER = "Brindle Moor Primary School"

# What somebody wrote instead of what chance makes up, from what they had before and what is asked.
Instead = Callable[[Mapping[str, Answer], Questionnaire], Mapping[str, Answer]]


def _nothing_else(_before: Mapping[str, Answer], _asked: Questionnaire) -> Mapping[str, Answer]:
    return NOTHING


def _the_best_of_all(_before: Mapping[str, Answer], asked: Questionnaire) -> Mapping[str, Answer]:
    best = editions.edition(EDITION).scale.grades[0].key
    return {each.key: Answer(best, False, "", "See our policy.") for each in asked.indicators}


def _what_applies_does_not(_before: Mapping[str, Answer], asked: Questionnaire) -> Mapping[str, Answer]:
    reason = "Our trust looks after this for us."
    return {each.key: Answer(None, True, reason, "") for each in asked.indicators if each.asked_when}


def _the_same_words(before: Mapping[str, Answer], _asked: Questionnaire) -> Mapping[str, Answer]:
    """All as it was, but for one grade that is a step higher now."""
    best, good, *_weak = [grade.key for grade in editions.edition(EDITION).scale.grades]
    key = next(key for key, answer in before.items() if answer.grade == good)
    return {**before, key: Answer(best, False, "", before[key].evidence)}


def _a_few_of_the_words(before: Mapping[str, Answer], _asked: Questionnaire) -> Mapping[str, Answer]:
    long = [key for key, answer in before.items() if answer.grade and tells(answer.evidence)]
    return {key: before[key] for key in long[:3]}


@dataclass(frozen=True)
class Signing:
    """Who signed so many days ago, and how they came to their answers.

    `words_of` is the organisation whose latest signed return they had beside them, by default their own.
    """

    organisation: str
    days_ago: int
    instead: Instead = _nothing_else
    words_of: str | None = None
    leaves_out: bool = False


# The sister signs before the school that has her words. Nobody signed before the latest inspections.
SIGNED = (
    Signing(SISTER, 9),
    Signing("Marlstone Primary School", 8, _a_few_of_the_words, SISTER),
    Signing("Saffron Gate College", 8, _the_best_of_all),
    Signing("Wexcombe Youth Justice Service", 7),
    Signing("Old Orchard Independent School", 6, _what_applies_does_not),
    Signing("Sunny Stile Pre-school", 6),
    Signing("Thistledown Academy", 5, _the_same_words),
    Signing("Wrenbury Dell Primary School", 4, leaves_out=True),
    Signing("Tuesday Craft Circle", 3),
    Signing("Hazel Hatch Day Nursery", 2),
)


def run_rounds(
    session: Session,
    made: Made,
    settings: tuple[str, ...],
    chance: random.Random,
    now: datetime,
    base_url: str,
) -> None:
    """Open this autumn's rounds. The four-area one is launched by whoever tries out how that is done."""
    today = now.astimezone(LOCAL).date()
    days = (today - timedelta(days=30), today + timedelta(days=60))
    cycle = open_round(session, made, "Compact, autumn 2026", (HOST,), settings, days)
    launch(session, made, cycle, base_url, comes_back=made.organisations[NO_MAILBOX])
    some = [made.organisations[name] for name in ("Larkfield Primary School", "Acorn Nook Nursery")]
    answer_some(session, cycle.id, some, chance, now - timedelta(days=2))
    _give_time(session, made, cycle, some[1], now)
    partnerships = tuple(name for name, _ in PARTNERSHIPS)
    four_areas = open_round(session, made, "Four-area round, autumn 2026", partnerships, ("hips",), days)
    police = made.organisations["Vale and Coast Police"]
    answer_some(session, four_areas.id, [police], chance, now - timedelta(days=1))
    draft, there = returns.start(session, four_areas.id, police, now), made.partnerships[PARTNERSHIPS[1][0]]
    except_for(session, draft, there, "requires_improvement", WEAK_THERE, now)
    _live_in(session, made, cycle, now)


def _give_time(session: Session, made: Made, cycle: CycleRow, organisation: int, now: datetime) -> None:
    until = cycle.closes + timedelta(days=21)
    given = MoreTime(until, "The manager is new. Agreed by telephone.")
    extend(session, cycle.id, organisation, given, shown_version=0, by=made.officer, at=now)


def _live_in(session: Session, made: Made, cycle: CycleRow, now: datetime) -> None:
    """Some are on their way, some have signed, one is excused, one was rung. The chance is their own."""
    chance = random.Random(SEED)  # noqa: S311 - made-up grades, the same every time
    for name, standards in ON_THEIR_WAY.items():
        organisation, at = made.organisations[name], now - timedelta(days=4)
        done = range(1, standards + 1)
        return_id = answer_one(session, cycle.id, organisation, chance, at, standards=done)
        if name == READY:
            hand_on(session, return_id, by=made.signatories[organisation], at=at)
    for signing in SIGNED:
        _sign(session, made, cycle, signing, chance, now)
    excused, called = made.organisations[EXCUSED], made.organisations[CALLED]
    at = now - timedelta(days=3)
    desk.excuse(session, cycle.id, excused, WHY_EXCUSED, by=made.officer, at=at)
    note = Note("The school office", at.astimezone(LOCAL).date(), SAID)
    desk.add_note(session, cycle.id, called, note, by=made.officer, at=at)


def _sign(
    session: Session, made: Made, cycle: CycleRow, signing: Signing, chance: random.Random, now: datetime
) -> None:
    organisation = made.organisations[signing.organisation]
    questionnaire = editions.questionnaire(EDITION, SETTINGS[signing.organisation])
    before = _signed_answers(session, made.organisations[signing.words_of or signing.organisation])
    day = now.astimezone(LOCAL).date() - timedelta(days=signing.days_ago)
    return_id = answer_one(
        session,
        cycle.id,
        organisation,
        chance,
        on_day(day, time(10, 20)),
        instead=signing.instead(before, questionnaire),
    )
    if signing.leaves_out:
        facts = reading.facts_of(session, return_id)
        concerned = next(key for key, answer in facts.items() if answer)
        returns.save_profile(session, return_id, {**facts, concerned: False})
    sign_all(session, [return_id], made.signatories, on_day(day, time(15, 40)))


def _signed_answers(session: Session, organisation: int) -> dict[str, Answer]:
    """What an organisation answered in the return that it signed last."""
    latest = session.scalars(
        select(Return.id)
        .where(Return.organisation_id == organisation, Return.status == "signed")
        .order_by(Return.id.desc())
    ).first()
    if latest is None:
        return {}
    return {key: kept.answer for key, kept in reading.kept_answers(session, latest).items()}
