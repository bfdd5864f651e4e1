"""What the sectors learn: a round that was brought in, texts that are shared, a summary that is published."""

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.analysis.findings import find
from compact.analysis.trend import earlier_rounds
from compact.cycles import editions
from compact.cycles.store import CycleRow, cycle_by_name
from compact.exchange.finished_returns import FinishedReturn, Reference
from compact.exchange.store import add_returns, plan
from compact.organisations.rules import LOCAL
from compact.practice.choosing import Place, choose, offers_of, practice_of
from compact.practice.store import agree
from compact.questionnaire.values import Edition, Indicator
from compact.reports import store as reports
from compact.reports import writing
from compact.reports.composing import Written
from compact.reports.counted import to_text
from compact.reports.drafting import draft
from compact.reports.numbers import counted_now
from compact.reports.writing_store import save_text
from compact.returns import reading
from compact.returns.models import Return
from compact.returns.rules import Answer

from .finishing import LAST
from .launching import EDITION, on_day, open_round
from .people import PEOPLE
from .places import HOST, PLACES, Made

SEED = 2024
EARLIER = "Compact, spring 2024"
BROUGHT_IN = ("school", "early_years")
PUBLISHED, WAITING = "early_years", "school"
# How often an indicator was graded weak then, in percent: more often than in the round after.
WEAK_CHANCES = (3, 5, 8, 10, 12, 15, 35)
YEARS_BEFORE = 730
ASKED_FIRST = (
    "We asked the children first. A small group tells us each term what works and what does not, and our "
    "answer hangs in the hall, on one page."
)
ON_THE_AGENDA = (
    "It is on the agenda of our first staff meeting of each term, for ten minutes. Another colleague leads "
    "it each time, and writes down what was agreed."
)
OFFERED = (ON_THE_AGENDA, ASKED_FIRST)
EDITED_TOO = (
    "In one setting a small group of children says each term what works and what does not. The answer hangs "
    "in the hall, on one page."
)
EDITED = (
    "One setting has it on the agenda of the first staff meeting of each term, for ten minutes. Another "
    "colleague leads it each time, and writes down what was agreed."
)
FOREWORD = (
    "Thank you for answering so openly. Where many of you find the same thing hard, it is not you alone.\n\n"
    "Please take ten minutes of your next staff meeting for the first of these questions."
)
ACTIONS = (
    "We offer two evenings of training in autumn, one of them online.\n\n"
    "Our officers visit every setting that asks for it before Easter."
)
CORRECTED = "It now says what the partnership will do, which the first one had left out."
NOTE = "Our training in October is about this. Places are free for everybody in the area."


def learn(session: Session, made: Made) -> None:
    """Bring in the round before the finished one; share what works in that, and publish one sector's."""
    cycle = cycle_by_name(session, LAST)
    assert cycle is not None  # noqa: S101 - it was made a moment ago
    _bring_in(session, made, cycle)
    for sector in (PUBLISHED, WAITING):
        _share(session, made, cycle, sector)
    _publish(session, made, cycle)


def _bring_in(session: Session, made: Made, after: CycleRow) -> None:
    """Returns from the spreadsheets of two years before, of all but the organisations that people try out:
    brought in a week before the first round that was asked with this software.
    """
    opens, closes = (day - timedelta(days=YEARS_BEFORE) for day in (after.opens, after.closes))
    at = on_day(after.opens - timedelta(days=7), time(10))
    cycle = open_round(session, made, EARLIER, (HOST,), BROUGHT_IN, (opens, closes), at)
    edition, chance = editions.edition(EDITION), random.Random(SEED)  # noqa: S311 - made-up grades
    tried = {person.place for person in PEOPLE}
    returns = [
        FinishedReturn(number, Reference(LOCAL, str(number)), place.name, place.setting, answers, True)
        for number, place in enumerate(PLACES, start=1)
        if place.setting in BROUGHT_IN and place.areas == (0,) and place.name not in tried
        for answers in [dict(_answers(edition, place.setting, chance))]
    ]
    for _done in add_returns(session, cycle, edition, plan(session, cycle, returns).added, at):
        pass


def _answers(edition: Edition, setting: str, chance: random.Random) -> Iterator[tuple[str, Answer]]:
    best, good, weak, *_weakest = [grade.key for grade in edition.scale.grades]
    for indicator in edition.questionnaires[setting].indicators:
        often = WEAK_CHANCES[sum(map(ord, indicator.key + setting)) % len(WEAK_CHANCES)]
        drawn = chance.randrange(100)
        yield indicator.key, Answer(weak if drawn < often else best if drawn > 80 else good)


def _share(session: Session, made: Made, cycle: CycleRow, sector: str) -> None:
    """Two settings share a text for each of the first flagged questions; the officer chooses one."""
    host, at = made.partnerships[HOST], on_day(cycle.closes + timedelta(days=12), time(16, 20))
    chosen = ((ON_THE_AGENDA, EDITED), (ASKED_FIRST, EDITED_TOO))
    for indicator, (first, edited) in zip(_flagged(session, cycle, host, sector), chosen, strict=False):
        for text, return_id in zip(
            OFFERED, _well_graded(session, made, cycle, sector, indicator), strict=False
        ):
            row = reading.find_return(session, return_id, None)
            assert row is not None  # noqa: S101 - it was signed a moment ago
            by = made.signatories[row.organisation_id]
            agree(session, return_id, indicator.key, text, by=by, at=at)
        offer = next(
            each
            for each in offers_of(session, cycle, host, sector)
            if each.key == indicator.key and each.text == first
        )
        later = on_day(cycle.closes + timedelta(days=30), time(11, 5))
        place = Place(cycle, host, sector, indicator.key)
        choose(session, place, offer, edited, shown_version=0, by=made.officer, at=later)


def _flagged(session: Session, cycle: CycleRow, host: int, sector: str) -> list[Indicator]:
    (found,) = find(session, cycle, editions.edition(EDITION), partnership=host, sector=sector)
    return [each.indicator for each in found.indicators if each.is_flagged]


def _well_graded(
    session: Session, made: Made, cycle: CycleRow, sector: str, indicator: Indicator
) -> list[int]:
    """The first returns of a sector whose grade is not weak, of organisations that nobody tries out."""
    tried = [made.organisations[each.place] for each in PEOPLE if each.place in made.organisations]
    signed = session.scalars(
        select(Return.id)
        .where(
            Return.cycle_id == cycle.id,
            Return.setting == sector,
            Return.status == "signed",
            Return.organisation_id.not_in(tried),
        )
        .order_by(Return.id)
    )
    weak = editions.edition(EDITION).scale.weak_keys
    answers = ((each, reading.kept_answers(session, each, [indicator.key])) for each in signed)
    return [
        each
        for each, kept in answers
        if indicator.key in kept and kept[indicator.key].answer.grade not in (None, *weak)
    ]


def _publish(session: Session, made: Made, cycle: CycleRow) -> None:
    """Number 1, and a week later number 2, which says what the first one forgot: what will be done."""
    host = made.partnerships[HOST]
    before = earlier_rounds(session, cycle, host, PUBLISHED)
    practice = practice_of(session, cycle, host, PUBLISHED)
    notes = dict.fromkeys(list(practice)[:1], NOTE)
    counted = to_text(counted_now(session, cycle.id, host, PUBLISHED))
    for days, actions, why in ((40, "", reports.REPLACED), (47, ACTIONS, CORRECTED)):
        written = Written(actions=actions, notes=notes, practice=practice)
        summary = draft(session, cycle, before, host, PUBLISHED, written)
        at: datetime = on_day(cycle.closes + timedelta(days=days), time(9, 40))
        reports.publish(
            session,
            cycle.id,
            host,
            summary,
            foreword=FOREWORD,
            by=made.officer,
            at=at,
            why=why,
            corrects=why == CORRECTED,
            counted=counted,
        )
    texts = {
        writing.FOREWORD: FOREWORD,
        writing.ACTIONS: ACTIONS,
        **{f"{writing.NOTE}{key}": text for key, text in notes.items()},
    }
    for place, text in texts.items():
        save_text(session, cycle.id, host, PUBLISHED, place, text, shown_version=0, by=made.officer, at=at)
