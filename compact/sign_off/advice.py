"""The list of what to look at again before signing, each with the way to its place."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from compact.actions.rules import is_overdue
from compact.actions.store import ActionRow
from compact.questionnaire.values import Edition, Indicator, Questionnaire
from compact.returns.earlier import earlier_answers, last_return
from compact.returns.exceptions import KeptException
from compact.returns.forms import field
from compact.returns.reading import Kept, ReturnRow
from compact.returns.recognisable import look_again
from compact.returns.rules import Answer, Facts, asked
from compact.web.clock import shown_day, today
from compact.web.texts import sentence_case

from .looking_again import as_last_time, is_all_top, kept_but_not_asked, top_without_evidence

WORDS = (
    (
        "Texts by which somebody could be recognised",
        (
            "Other people will read the return, and it should let nobody be recognised. Take such details "
            "out and describe people by their role. If it is something else, leave it as it is."
        ),
    ),
    ("Every grade is {best}", "That is rare. Ask a colleague whether they see it in the same way."),
    ("Graded {best}, without evidence", "Somebody who reads the return cannot see why."),
    (
        "Another grade than last time, with the same evidence",
        "Somebody who reads the return cannot see what has changed.",
    ),
    (
        "Said to be still true, as last time: {same} of {asked} answers",
        (
            "Their grades and their evidence are word for word those you signed then. That can be right. "
            "See that nothing in them has gone out of date."
        ),
    ),
    ("Actions whose date has passed", "Say how far they are, or choose a new date."),
    (
        "Answers to what is not asked of you",
        (
            "They are left out when the return is signed. If they belong in it, change the facts about your "
            "setting."
        ),
    ),
)
LINKS = tuple[tuple[str, str], ...]
# More answers than this are named by their standard, so that what was said on purpose is no wall of links.
NAMED_ONE_BY_ONE = 3


@dataclass(frozen=True)
class Advice:
    """One thing to look at again: why, and the places, as (text, address)."""

    title: str
    why: str
    links: LINKS


def advice_for(
    session: Session,
    row: ReturnRow,
    edition: Edition,
    questionnaire: Questionnaire,
    facts: Facts,
    kept: Mapping[str, Kept],
    actions: Sequence[ActionRow],
    exceptions: Sequence[KeptException],
) -> tuple[Advice, ...]:
    """All that is worth a second look; none of it keeps the return from being signed."""
    indicators = asked(questionnaire.indicators, facts)
    answers, best = {key: each.answer for key, each in kept.items()}, edition.scale.grades[0].label.lower()
    as_before = as_last_time(indicators, answers, answers_before(session, row, indicators))
    said = {"best": best, "same": len(as_before.still_true), "asked": len(indicators)}
    links = (
        look_again(row.id, indicators, kept, actions, exceptions),
        _all(row, answers) if is_all_top(indicators, answers, edition.scale) else (),
        _evidence(row, top_without_evidence(indicators, answers, edition.scale)),
        _evidence(row, as_before.regraded),
        _still_true(row, edition, as_before.still_true),
        _overdue(row, indicators, actions),
        _not_asked(row, questionnaire, facts, answers),
    )
    return tuple(
        Advice(title.format(**said), why, places)
        for (title, why), places in zip(WORDS, links, strict=True)
        if places
    )


def answers_before(session: Session, row: ReturnRow, indicators: Sequence[Indicator]) -> dict[str, Answer]:
    """What was signed last in an earlier round, by key."""
    last = last_return(session, row)
    found = earlier_answers(session, last, [each.key for each in indicators]) if last else {}
    return {key: each.answer for key, each in found.items()}


def _all(row: ReturnRow, answers: Mapping[str, Answer]) -> LINKS:
    return ((f"Go through the {len(answers)} answers again", url_for("returns.task_list", return_id=row.id)),)


def _evidence(row: ReturnRow, indicators: Iterable[Indicator]) -> LINKS:
    return tuple((sentence_case(each.asked), _place(row, each, "evidence")) for each in indicators)


def _still_true(row: ReturnRow, edition: Edition, indicators: Sequence[Indicator]) -> LINKS:
    """Each by its name; where there are more than a few, the standards they stand in."""
    if len(indicators) <= NAMED_ONE_BY_ONE:
        return _evidence(row, indicators)
    counted = Counter(each.standard for each in indicators)
    return tuple(
        (
            f"Standard {number}: {edition.standards[number].title} ({count})",
            url_for("returns.standard", return_id=row.id, number=number),
        )
        for number, count in sorted(counted.items())
    )


def _overdue(row: ReturnRow, indicators: Iterable[Indicator], actions: Sequence[ActionRow]) -> LINKS:
    return tuple(
        (
            f"{sentence_case(indicator.asked)}: led by {each.lead}, by {shown_day(each.due)}",
            url_for("returns.action", return_id=row.id, action_id=each.id, _anchor="due"),
        )
        for indicator in indicators
        for each in actions
        if each.key == indicator.key and is_overdue(each.status, each.due, today())
    )


def _not_asked(
    row: ReturnRow, questionnaire: Questionnaire, facts: Facts, answers: Mapping[str, Answer]
) -> LINKS:
    return tuple(
        (
            f"{sentence_case(each.asked)}: not asked because {fact.otherwise}",
            url_for("returns.profile", return_id=row.id, _anchor=fact.key),
        )
        for fact, each in kept_but_not_asked(questionnaire, facts, answers)
    )


def _place(row: ReturnRow, indicator: Indicator, part: str) -> str:
    number, box = indicator.standard, field(indicator.key, part)
    return url_for("returns.standard", return_id=row.id, number=number, _anchor=box)
