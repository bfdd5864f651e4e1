"""What the pages of a return show, worked out from what is kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from compact.questionnaire.values import Edition, Fact, Indicator, Questionnaire

from .exceptions import KeptException, still_asked, weak_places
from .rules import Answer, Facts, Progress, asked, left_out, progress, unanswered_facts


@dataclass(frozen=True)
class StandardTask:
    """A line of the task list: a standard with its progress, or the reason why it is not asked."""

    number: int
    title: str
    progress: Progress
    not_asked: str | None = None


@dataclass(frozen=True)
class TaskList:
    """The whole of a return at a glance."""

    standards: tuple[StandardTask, ...]
    profile_open: int
    has_profile: bool
    weak: int
    weak_without_action: int
    left_out: tuple[tuple[Fact, tuple[Indicator, ...]], ...]
    exceptions: int

    @property
    def indicators(self) -> int:
        return sum(task.progress.asked for task in self.standards)

    @property
    def answered(self) -> int:
        return sum(task.progress.answered for task in self.standards)

    @property
    def asked_standards(self) -> tuple[StandardTask, ...]:
        return tuple(task for task in self.standards if task.progress.asked)

    @property
    def complete_standards(self) -> int:
        return sum(task.progress.is_complete for task in self.asked_standards)

    @property
    def is_complete(self) -> bool:
        return not self.profile_open and self.answered == self.indicators and not self.weak_without_action


def task_list(
    edition: Edition,
    questionnaire: Questionnaire,
    facts: Facts,
    answers: Mapping[str, Answer],
    with_action: Collection[str],
    exceptions: Sequence[KeptException] = (),
) -> TaskList:
    """The task list of a return from its facts, its answers and the indicators that have an action.

    `exceptions` are those that whoever looks may see.
    """
    weak = weak_keys(edition, questionnaire, facts, answers, exceptions)
    return TaskList(
        standards=tuple(
            StandardTask(
                number,
                standard.title,
                progress(asked(questionnaire.by_standard[number], facts), answers),
                _why_not_asked(questionnaire, number, facts),
            )
            for number, standard in edition.standards.items()
        ),
        profile_open=len(unanswered_facts(questionnaire, facts)),
        has_profile=bool(questionnaire.profile),
        weak=len(weak),
        weak_without_action=len([key for key in weak if key not in with_action]),
        left_out=left_out(questionnaire, facts),
        exceptions=len(still_asked(exceptions, asked(questionnaire.indicators, facts))),
    )


def weak_keys(
    edition: Edition,
    questionnaire: Questionnaire,
    facts: Facts,
    answers: Mapping[str, Answer],
    exceptions: Sequence[KeptException] = (),
) -> tuple[str, ...]:
    """The asked indicators with a weak grade, also where an exception alone is weak, in the order asked."""
    weak = edition.scale.weak_keys
    elsewhere = weak_places(exceptions, weak)
    return tuple(
        each.key
        for each in asked(questionnaire.indicators, facts)
        if each.key in elsewhere or (each.key in answers and answers[each.key].grade in weak)
    )


def _why_not_asked(questionnaire: Questionnaire, number: int, facts: Facts) -> str | None:
    for item in questionnaire.not_asked:
        if item.standard == number:
            return item.why
    indicators = questionnaire.by_standard[number]
    if unanswered_facts(questionnaire, facts) or asked(indicators, facts):
        return None
    reasons = dict.fromkeys(
        questionnaire.facts[each.asked_when].otherwise for each in indicators if each.asked_when
    )
    return f"Not asked because {' and '.join(reasons)}"
