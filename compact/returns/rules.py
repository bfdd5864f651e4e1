"""The rules of answering, on values alone: what is asked, what was typed, what is missing, who wins.

The same `parse` and `missing` serve the pages, sign-off, imports and the property tests.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from compact.questionnaire.values import Fact, Indicator, Questionnaire, Scale
from compact.web.texts import clean

from .limits import EVIDENCE_LIMIT, REASON_LIMIT

NOT_APPLICABLE = "not_applicable"

Facts = Mapping[str, bool]


@dataclass(frozen=True)
class Typed:
    """An answer as it was typed: a grade's key, `not_applicable` or nothing, and two texts."""

    grade: str = ""
    evidence: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Answer:
    """An answer that can be kept. With neither a grade nor "not applicable" it is still unanswered."""

    grade: str | None = None
    not_applicable: bool = False
    reason: str = ""
    evidence: str = ""

    @property
    def is_given(self) -> bool:
        return self.grade is not None or self.not_applicable

    @property
    def choice(self) -> str:
        return NOT_APPLICABLE if self.not_applicable else self.grade or ""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one indicator; `part` is grade, evidence, reason or action."""

    key: str
    part: str
    text: str


UNANSWERED = Answer()


def parse(indicator: Indicator, scale: Scale, typed: Typed) -> Answer | Problem:
    """The answer that was typed, or what keeps it from being kept at all."""
    grade, evidence, reason = typed.grade.strip(), clean(typed.evidence), clean(typed.reason)
    if grade not in ("", NOT_APPLICABLE) and grade not in scale.by_key:
        return Problem(indicator.key, "grade", f"Choose one of the grades shown for {indicator.asked}")
    for part, text, limit in (("evidence", evidence, EVIDENCE_LIMIT), ("reason", reason, REASON_LIMIT)):
        if len(text) > limit:
            message = (
                f"The {part} for {indicator.asked} is {len(text):,} characters long; "
                f"it can have {limit:,}. Shorten it by {len(text) - limit:,}"
            )
            return Problem(indicator.key, part, message)
    if grade == NOT_APPLICABLE:
        return Answer(None, True, reason, evidence)
    return Answer(grade or None, False, reason, evidence)


def missing(indicator: Indicator, answer: Answer) -> Problem | None:
    """What the answer still needs to count."""
    if not answer.is_given:
        return Problem(indicator.key, "grade", f"Choose a grade for {indicator.asked}")
    if answer.not_applicable and not answer.reason:
        return Problem(indicator.key, "reason", f"Enter why this does not apply: {indicator.asked}")
    return None


def missing_action(
    indicator: Indicator, answer: Answer, weak: Collection[str], with_action: Collection[str]
) -> Problem | None:
    """A weak grade needs at least one action."""
    if answer.grade in weak and indicator.key not in with_action:
        return Problem(indicator.key, "action", f"Add an action for {indicator.asked}")
    return None


def is_asked(indicator: Indicator, facts: Facts) -> bool:
    return indicator.asked_when is None or facts.get(indicator.asked_when, False)


def asked(indicators: Iterable[Indicator], facts: Facts) -> tuple[Indicator, ...]:
    """The indicators that are asked of a setting with these facts."""
    return tuple(indicator for indicator in indicators if is_asked(indicator, facts))


def left_out(questionnaire: Questionnaire, facts: Facts) -> tuple[tuple[Fact, tuple[Indicator, ...]], ...]:
    """The facts answered no that leave indicators out, each with those indicators."""
    found = []
    for fact in questionnaire.profile:
        if facts.get(fact.key) is False:
            out = tuple(each for each in questionnaire.indicators if each.asked_when == fact.key)
            if out:
                found.append((fact, out))
    return tuple(found)


def unanswered_facts(questionnaire: Questionnaire, facts: Facts) -> tuple[Fact, ...]:
    return tuple(fact for fact in questionnaire.profile if fact.key not in facts)


@dataclass(frozen=True)
class Progress:
    """How far a standard is: of `asked` indicators, `answered` count already."""

    asked: int
    answered: int

    @property
    def is_complete(self) -> bool:
        return self.answered == self.asked


def progress(indicators: Collection[Indicator], answers: Mapping[str, Answer]) -> Progress:
    answered = sum(missing(each, answers.get(each.key, UNANSWERED)) is None for each in indicators)
    return Progress(len(indicators), answered)


@dataclass(frozen=True)
class Origin:
    """Which showing of a page sent an answer, and the place of that among all that the page sent.

    A page without scripts has no name, and sends nothing that could overtake something else.
    """

    page: str = ""
    sequence: int = 0


NO_PAGE = Origin()


class Outcome(Enum):
    """What becomes of a typed answer beside the one that is kept now."""

    SAME = "nothing to write"
    SAVE = "write what was typed"
    OVERTAKEN = "the same page has sent a newer one, which arrived first"
    THEIRS = "the typist changed nothing; somebody else did"
    CONFLICT = "both changed it: show both"


def settle(
    typed: Answer,
    shown: Answer,
    shown_version: int,
    kept: Answer,
    kept_version: int,
    *,
    sent: Origin = NO_PAGE,
    kept_from: Origin = NO_PAGE,
) -> Outcome:
    """What to do with an answer that was typed over `shown`, when `kept` is stored now.

    Nobody's text is overwritten unseen: a changed answer is written only over the version its author saw.
    What one page sent follows its own order, whatever arrived first and whichever replies got lost (B3, B8).
    """
    if typed == kept:
        return Outcome.SAME
    if sent.page and sent.page == kept_from.page:
        return Outcome.SAVE if sent.sequence > kept_from.sequence else Outcome.OVERTAKEN
    if shown_version == kept_version:
        return Outcome.SAVE
    return Outcome.THEIRS if typed == shown else Outcome.CONFLICT
