"""The rules of a paper return that an officer types in. What it must be is what an import must be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compact.desk.rules import Stage
from compact.questionnaire.values import Indicator
from compact.returns.rules import UNANSWERED, Answer, Outcome, Problem, missing, settle


@dataclass(frozen=True)
class OnPaper:
    """What is typed of one question so far: by whom, and the version that a page shows it with."""

    answer: Answer
    version: int
    by: str


def why_not(stage: Stage, *, has_return: bool, is_untouched: bool, organisation: str) -> str | None:
    """What keeps a paper return from being entered; None when nothing does.

    What an organisation has typed itself is its own: no officer writes into it or over it.
    """
    if stage is Stage.SIGNED:
        return f"{organisation} has handed in its return for this round already."
    if stage is Stage.EXCUSED:
        return f"{organisation} is excused from this round. Ask it again before you enter its return."
    if has_return and not is_untouched:
        return (
            f"{organisation} has begun its return here, and what it typed is its own. "
            "Ask it to finish and sign it here."
        )
    return None


def lacks(indicator: Indicator, answer: Answer) -> Problem | None:
    """What is wrong with one typed answer. A question that was left blank on paper may stay so.

    An import refuses a row without a grade, and "not applicable" without a reason.
    """
    if answer.is_given or answer.reason or answer.evidence:
        return missing(indicator, answer)
    return None


def all_lacks(
    indicators: Iterable[Indicator], typed: Mapping[str, OnPaper]
) -> list[tuple[Indicator, Problem]]:
    """What keeps a paper return from being entered, in the order asked."""
    found = ((each, lacks(each, typed[each.key].answer)) for each in indicators if each.key in typed)
    return [(each, problem) for each, problem in found if problem]


def given(indicators: Iterable[Indicator], typed: Mapping[str, OnPaper]) -> dict[str, Answer]:
    """The answers that a return is made of: those with a grade, and those that do not apply."""
    kept = {each.key: typed[each.key].answer for each in indicators if each.key in typed}
    return {key: answer for key, answer in kept.items() if answer.is_given}


def outcome(typed: Answer, shown_version: int, kept: Answer, kept_version: int) -> Outcome:
    """What becomes of what an officer typed, where another one may have typed the same question.

    What an older version said is not kept, so whoever typed over one is asked, unless it was blank.
    """
    shown = UNANSWERED if shown_version == 0 else kept
    return settle(typed, shown, shown_version, kept, kept_version)
