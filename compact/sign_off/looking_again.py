"""What is worth a second look before signing, and keeps nobody from it: on values alone."""

from collections.abc import Iterable, Mapping, Sequence

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


def as_last_time(
    indicators: Iterable[Indicator], answers: Mapping[str, Answer], last: Mapping[str, str]
) -> tuple[Indicator, ...]:
    """Indicators whose evidence is word for word that of last time, by key; blanks and line ends aside."""
    given = ((each, answers.get(each.key, UNANSWERED).evidence.split()) for each in indicators)
    return tuple(each for each, words in given if words and words == last.get(each.key, "").split())


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
