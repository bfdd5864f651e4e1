"""Reasons to look at a return, each a small rule on values alone.

A reason is no finding: it says where an officer looks first, and why, with its numbers. Nobody but the
partnership's officers is shown one. What the organisation could see before signing is found by the same rules
as its advice then (`sign_off.looking_again`).
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from compact.actions.rules import is_overdue
from compact.inspections.rules import Doubt, Result, in_words, more_hopeful
from compact.questionnaire.values import Indicator, Questionnaire, Scale
from compact.returns.moves import COMPARED, Move
from compact.returns.rules import UNANSWERED, Answer, Facts
from compact.sign_off.looking_again import AsLastTime, is_all_top, kept_but_not_asked

# Evidence of fewer letters and digits than this shows little: "See policy", "Minutes of governors".
THIN = 40
# Two organisations may well write the same short sentence; not the same 80 letters and digits.
LONG_ENOUGH = 80
NAMED = 3  # so many others are named in a sentence


class Name(StrEnum):
    """The reasons, by the name that they are stored with."""

    LATE = "late"
    FELL = "fell"
    ALL_TOP = "all_top"
    AS_ANOTHER = "as_another"
    AS_LAST_TIME = "as_last_time"
    REGRADED = "regraded"
    NOT_ASKED = "not_asked"
    DOES_APPLY = "does_apply"
    INSPECTION = "inspection"
    OVERDUE = "overdue"


# How much a reason counts in the order of the queue: what may mislead others comes before what is untidy.
WEIGHTS: Mapping[Name, int] = MappingProxyType(
    {
        Name.INSPECTION: 5,
        Name.AS_ANOTHER: 4,
        Name.ALL_TOP: 3,
        Name.FELL: 2,
        Name.REGRADED: 2,
        Name.NOT_ASKED: 2,
        Name.DOES_APPLY: 2,
        Name.AS_LAST_TIME: 1,
        Name.LATE: 1,
        Name.OVERDUE: 1,
    }
)


@dataclass(frozen=True)
class Other:
    """A return of another organisation that a reason points at, with its name as it was."""

    return_id: int
    organisation: str


@dataclass(frozen=True)
class Inspected:
    """An inspection as it is held against a return: its first day, and what it found weak."""

    on: date
    found: tuple[Doubt, ...]


@dataclass(frozen=True)
class Reason:
    """Why to look: `count` of `of` is what the rule counted, `keys` the indicators that it is about.

    `partnership` is the one that it concerns; none where it concerns every partnership of the return.
    `inspected` is the inspection that disagrees, with that of it which the return does not share.
    """

    name: Name
    count: int
    of: int = 0
    keys: tuple[str, ...] = ()
    others: tuple[Other, ...] = ()
    partnership: int | None = None
    inspected: Inspected | None = None

    @property
    def weight(self) -> int:
        return WEIGHTS[self.name]

    @property
    def standards(self) -> tuple[int, ...]:
        """The standards that the inspection speaks of."""
        found = self.inspected.found if self.inspected else ()
        return tuple(sorted({standard for each in found for standard in each.standards}))


def late(signed_on: date, missed: date | None) -> Reason | None:
    """It was signed after the organisation's own last day. `count` is in days."""
    return Reason(Name.LATE, (signed_on - missed).days) if missed is not None else None


def fell(moves: Mapping[str, Move]) -> Reason | None:
    """Something was graded lower than in the last return, among what may be compared with it."""
    keys = tuple(key for key, move in moves.items() if move is Move.WORSE)
    compared = sum(move in COMPARED for move in moves.values())
    return Reason(Name.FELL, len(keys), compared, keys) if keys else None


def all_top_thin(
    indicators: Sequence[Indicator], answers: Mapping[str, Answer], scale: Scale
) -> Reason | None:
    """Every grade is the best one, and at least half of them rest on evidence of a few words or none."""
    graded = [each.key for each in indicators if answers.get(each.key, UNANSWERED).grade is not None]
    thin = tuple(key for key in graded if len(normalised(answers[key].evidence)) < THIN)
    if not is_all_top(indicators, answers, scale) or len(thin) * 2 < len(graded):
        return None
    return Reason(Name.ALL_TOP, len(thin), len(graded), thin)


@dataclass(frozen=True)
class Same:
    """An indicator's evidence that reads as another organisation's, in one of the same partnerships."""

    key: str
    other: Other
    partnership: int


def as_another(found: Iterable[Same], shown: Collection[str]) -> tuple[Reason, ...]:
    """Evidence that reads word for word as another organisation's; a reason for each partnership of both.

    `shown` are the indicators with evidence long enough to tell.
    """
    by_partnership: dict[int, list[Same]] = {}
    for each in found:
        by_partnership.setdefault(each.partnership, []).append(each)
    return tuple(
        Reason(
            Name.AS_ANOTHER,
            len({each.key for each in same}),
            len(shown),
            tuple(dict.fromkeys(each.key for each in same)),
            tuple({each.other.return_id: each.other for each in same}.values()),
            partnership,
        )
        for partnership, same in sorted(by_partnership.items())
    )


def as_last_time(same: AsLastTime, with_evidence: int) -> Reason | None:
    """At least half of the evidence is word for word last time's. Said to be still true is no fault."""
    keys = tuple(each.key for each in (*same.still_true, *same.regraded))
    if not keys or len(keys) * 2 < with_evidence:
        return None
    return Reason(Name.AS_LAST_TIME, len(keys), with_evidence, keys)


def regraded(same: AsLastTime) -> Reason | None:
    """The same words as last time show another grade now."""
    keys = tuple(each.key for each in same.regraded)
    return Reason(Name.REGRADED, len(keys), keys=keys) if keys else None


def answered_not_asked(
    questionnaire: Questionnaire, facts: Facts, written: Mapping[str, Answer]
) -> Reason | None:
    """It had answered what its profile says does not concern it, though that was left out at signing."""
    keys = tuple(each.key for _, each in kept_but_not_asked(questionnaire, facts, written))
    return Reason(Name.NOT_ASKED, len(keys), keys=keys) if keys else None


def not_applicable_though(
    indicators: Iterable[Indicator], facts: Facts, answers: Mapping[str, Answer]
) -> Reason | None:
    """Its profile says that something concerns it, and the answer says that it does not apply."""
    keys = tuple(
        each.key
        for each in indicators
        if each.asked_when is not None
        and facts.get(each.asked_when) is True
        and answers.get(each.key, UNANSWERED).not_applicable
    )
    return Reason(Name.DOES_APPLY, len(keys), keys=keys) if keys else None


def inspection_disagrees(found: Inspected, results: Mapping[int, Result]) -> Reason | None:
    """An inspection found something weak, and the return nothing in the standards that this speaks of.

    The rule is the one of the variance view; here the inspection may also have come before the return.
    `results` are what the return graded, by standard; none of the `of` grades in question is weak.
    """
    hopeful = more_hopeful(found.found, results)
    if not hopeful:
        return None
    reason = Reason(Name.INSPECTION, 0, inspected=Inspected(found.on, hopeful))
    return replace(reason, of=sum(results[each].graded for each in reason.standards if each in results))


def overdue(actions: Iterable[tuple[str, str, date]], today: date) -> Reason | None:
    """Actions, as (key, status, due), whose last day is over. It is worked out on the day it is looked at."""
    given = list(actions)
    keys = [key for key, status, due in given if is_overdue(status, due, today)]
    return Reason(Name.OVERDUE, len(keys), len(given), tuple(dict.fromkeys(keys))) if keys else None


def normalised(text: str) -> str:
    """The letters and digits of a text, in small letters: what is left when layout and commas are not."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def tells(text: str) -> bool:
    """Whether a text is long enough that two organisations hardly write the same one by chance."""
    return len(normalised(text)) >= LONG_ENOUGH


def words(reason: Reason) -> str:
    """A reason as a sentence, with its numbers; what it is about is listed beside it."""
    count, of = reason.count, reason.of
    many = f"{count} of {of}"
    others = _named(reason.others)
    sentences = {
        Name.LATE: f"Signed {_some(count, 'day')} after its last day.",
        Name.FELL: f"{many} grades that can be compared fell since last time.",
        Name.ALL_TOP: f"Every grade is the best one, and the evidence is thin for {many}.",
        Name.AS_ANOTHER: f"The evidence reads the same as that of {others} for {many} long answers.",
        Name.AS_LAST_TIME: f"The evidence is word for word last time’s for {many} answers.",
        Name.REGRADED: f"{_some(count, 'answer')} with last time’s words, but another grade.",
        Name.NOT_ASKED: f"{_some(count, 'answer')} left out, because the profile says it is not asked.",
        Name.DOES_APPLY: f"“Not applicable” {_some(count, 'time')}, though the profile says it does apply.",
        Name.INSPECTION: f"{_found(reason.inspected)}, and none of {of} grades of that is weak here.",
        Name.OVERDUE: f"{many} actions {'is' if count == 1 else 'are'} overdue.",
    }
    return sentences[reason.name]


def _found(inspected: Inspected | None) -> str:
    """What an inspection found weak, and when it began."""
    if inspected is None:
        return "An inspection found something weak"
    day = f"{inspected.on.day} {inspected.on:%B %Y}"
    return f"The inspection of {day} found {'; '.join(in_words(each) for each in inspected.found)}"


def _some(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _named(others: Sequence[Other]) -> str:
    """The others by name; of many the first three, and how many more."""
    names = [each.organisation for each in others]
    if len(names) > NAMED:
        names[NAMED:] = [f"{len(names) - NAMED} more"]
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last
