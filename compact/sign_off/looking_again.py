"""What is worth a second look before signing, and keeps nobody from it: on values alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from compact.questionnaire.values import Fact, Indicator, Questionnaire, Scale
from compact.returns.rules import UNANSWERED, Answer, Facts, left_out


def top_without_evidence(
    indicators: Iterable[Indicator], answers: Mapping[str, Answer], scale: Scale
) -> tuple[Indicator, ...]:
    """Indicators with the best grade of the scale and nothing that shows it."""
    top = _top(scale)
    given = ((each, answers.get(each.key, UNANSWERED)) for each in indicators)
    return tuple(each for each, answer in given if answer.grade == top and not answer.evidence.strip())


def is_all_top(indicators: Iterable[Indicator], answers: Mapping[str, Answer], scale: Scale) -> bool:
    """Whether everything that is graded, more than one indicator, has the best grade."""
    grades = [answers.get(each.key, UNANSWERED).grade for each in indicators]
    given = [grade for grade in grades if grade is not None]
    return len(given) > 1 and set(given) == {_top(scale)}


@dataclass(frozen=True)
class AsLastTime:
    """Indicators whose evidence is word for word that of last time, blanks and line ends aside.

    Nothing is copied forward, so where the grade is the same too, somebody said that it is still true.
    """

    still_true: tuple[Indicator, ...]
    regraded: tuple[Indicator, ...]


def as_last_time(
    indicators: Iterable[Indicator], answers: Mapping[str, Answer], last: Mapping[str, Answer]
) -> AsLastTime:
    """What shows the same evidence as last time, by key."""
    same = []
    for each in indicators:
        now, then = answers.get(each.key, UNANSWERED), last.get(each.key, UNANSWERED)
        words = now.evidence.split()
        if words and words == then.evidence.split():
            same.append((each, now.choice == then.choice))
    return AsLastTime(
        tuple(each for each, is_graded_so in same if is_graded_so),
        tuple(each for each, is_graded_so in same if not is_graded_so),
    )


def kept_but_not_asked(
    questionnaire: Questionnaire, facts: Facts, answers: Mapping[str, Answer]
) -> Sequence[tuple[Fact, Indicator]]:
    """Indicators that are answered although the profile says that they are not asked, with what it says."""
    return [
        (fact, each)
        for fact, out in left_out(questionnaire, facts)
        for each in out
        if answers.get(each.key, UNANSWERED) != UNANSWERED
    ]


def _top(scale: Scale) -> str:
    """The best grade: a scale is written from the best step down."""
    return scale.grades[0].key
