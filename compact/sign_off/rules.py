"""The rules of signing and reopening: what is missing, who may sign in which capacity, what counts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from compact.actions.rules import parse_day
from compact.questionnaire.values import Edition, Fact, Indicator, Questionnaire
from compact.returns.exceptions import KeptException, weak_places
from compact.returns.limits import REOPENING_LIMIT, SEND_BACK_LIMIT
from compact.returns.rules import (
    UNANSWERED,
    Answer,
    Facts,
    Problem,
    asked,
    missing,
    missing_action,
    unanswered_facts,
)
from compact.web.problems import FieldProblem
from compact.web.texts import clean

OWN, DELEGATE = "own", "delegate"
NAME_LIMIT = 200


@dataclass(frozen=True)
class Missing:
    """All that keeps a return from being signed: open facts first, then problems in the order asked."""

    facts: tuple[Fact, ...]
    problems: tuple[tuple[Indicator, Problem], ...]

    def __bool__(self) -> bool:
        return bool(self.facts or self.problems)


def all_missing(
    edition: Edition,
    questionnaire: Questionnaire,
    facts: Facts,
    answers: Mapping[str, Answer],
    with_action: Collection[str],
    exceptions: Iterable[KeptException] = (),
) -> Missing:
    """The same rules as on the pages, over the whole return and its exceptions."""
    weak = edition.scale.weak_keys
    places = weak_places(exceptions, weak)
    problems = []
    for indicator in asked(questionnaire.indicators, facts):
        answer = answers.get(indicator.key, UNANSWERED)
        lack = (
            missing(indicator, answer)
            or missing_action(indicator, answer, weak, with_action)
            or _missing_elsewhere(indicator, places.get(indicator.key, ()), with_action)
        )
        if lack:
            problems.append((indicator, lack))
    return Missing(unanswered_facts(questionnaire, facts), tuple(problems))


def _missing_elsewhere(
    indicator: Indicator, places: Sequence[str], with_action: Collection[str]
) -> Problem | None:
    """A weak exception needs at least one action, as a weak main grade does."""
    if places and indicator.key not in with_action:
        return Problem(
            indicator.key, "action", f"Add an action for {indicator.asked}, weak in {' and '.join(places)}"
        )
    return None


@dataclass(frozen=True)
class Accountable:
    """Somebody who is accountable for a return and has asked another to sign it."""

    name: str
    job_title: str


@dataclass(frozen=True)
class Authority:
    """In which capacity somebody signs: in their own right, or on behalf of somebody accountable."""

    of: Accountable | None = None


def parse_authority(kind: str, name: str, job_title: str) -> Authority | tuple[FieldProblem, ...]:
    """The authority that was chosen, or all that is wrong with it; without a delegate names mean nothing."""
    if kind == OWN:
        return Authority()
    if kind != DELEGATE:
        return (FieldProblem("authority", "Choose in which capacity you sign"),)
    accountable = Accountable(_one_line(name), _one_line(job_title))
    problems = (
        _wrong_text("authority_name", "name", accountable.name),
        _wrong_text("authority_job_title", "job title", accountable.job_title),
    )
    return tuple(filter(None, problems)) or Authority(accountable)


def _wrong_text(field: str, what: str, text: str) -> FieldProblem | None:
    if not text:
        return FieldProblem(field, f"Enter the {what} of the person you sign for")
    return _too_long(field, what, text, NAME_LIMIT)


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _too_long(field: str, what: str, text: str, limit: int) -> FieldProblem | None:
    if len(text) <= limit:
        return None
    message = f"The {what} is {len(text):,} characters long; it can have {limit:,}. "
    return FieldProblem(field, message + f"Shorten it by {len(text) - limit:,}")


def who_may_sign(
    signatories: Collection[int], authors: Collection[int], *, two_people: bool
) -> frozenset[int]:
    """Who of an organisation's signatories may sign a number of its return.

    Where two people are wanted, nobody who wrote or changed an answer of this number. Answers that came from
    the number before do not count: they were signed already.
    """
    return frozenset(signatories) - (frozenset(authors) if two_people else frozenset())


def parse_reason(typed: str) -> str | FieldProblem:
    """Why a return is reopened, or what is wrong with it."""
    reason = clean(typed)
    if not reason:
        return FieldProblem("reason", "Enter why the return is reopened")
    return _too_long("reason", "reason", reason, REOPENING_LIMIT) or reason


def parse_send_back(typed: str) -> str | FieldProblem:
    """Why a draft is sent back to those who wrote it, or what is wrong with it."""
    reason = clean(typed)
    if not reason:
        return FieldProblem("reason", "Enter what has to be looked at again")
    return _too_long("reason", "reason", reason, SEND_BACK_LIMIT) or reason


def parse_ratified(typed: str, today: date) -> date | FieldProblem | None:
    """The day on which the governing body ratified the return; None where nobody said one."""
    if not typed.strip():
        return None
    day = parse_day(typed)
    if day is None:
        return FieldProblem("ratified_on", "The date must be a real date, such as 31 3 2027")
    if day > today:
        return FieldProblem("ratified_on", "The date must be today or in the past")
    return day


@dataclass(frozen=True)
class Result:
    """Of a standard: how many indicators were graded, and how many of them weak."""

    standard: int
    graded: int
    weak: int


def results(grades: Iterable[tuple[int, str]], weak: Collection[str]) -> tuple[Result, ...]:
    """Each standard's result from (standard, grade) pairs; standards with nothing graded are left out."""
    graded: dict[int, list[str]] = {}
    for standard, grade in grades:
        graded.setdefault(standard, []).append(grade)
    return tuple(
        Result(standard, len(given), sum(grade in weak for grade in given))
        for standard, given in sorted(graded.items())
    )


def grades_for(
    questionnaire: Questionnaire,
    answers: Mapping[str, str | None],
    exceptions: Mapping[str, str | None],
) -> list[tuple[int, str]]:
    """The (standard, grade) pairs that count for one partnership: its exception where there is one.

    A value of None is "not applicable" or unanswered, and leaves the count.
    """
    counting = {**answers, **exceptions}
    return [
        (questionnaire.by_key[key].standard, grade) for key, grade in counting.items() if grade is not None
    ]
