"""The rules of signing: what is still missing, the content that is signed, and each standard's result."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from compact.questionnaire.values import Edition, Fact, Indicator, Questionnaire
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
) -> Missing:
    """The same rules as on the pages, over the whole return."""
    weak = edition.scale.weak_keys
    problems = []
    for indicator in asked(questionnaire.indicators, facts):
        answer = answers.get(indicator.key, UNANSWERED)
        lack = missing(indicator, answer) or missing_action(indicator, answer, weak, with_action)
        if lack:
            problems.append((indicator, lack))
    return Missing(unanswered_facts(questionnaire, facts), tuple(problems))


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
