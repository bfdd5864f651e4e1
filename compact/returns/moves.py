"""How a grade moved, on values alone: what may be compared with an earlier return, and how it moved."""

from enum import Enum

from compact.questionnaire.values import Edition, Indicator, Questionnaire, Scale

from .carrying import changed_since
from .rules import Answer


class Move(Enum):
    """How a grade stands to the one of the last return. Only the first three compare one with the other."""

    BETTER = "Better"
    SAME = "The same"
    WORSE = "Worse"
    NEW = "Not graded last time"
    ASKED_DIFFERENTLY = "Asked differently"


COMPARED = (Move.WORSE, Move.BETTER, Move.SAME)


def means_the_same(indicator: Indicator, edition: str) -> bool:
    """Whether an indicator means what it meant in an earlier edition."""
    changed = changed_since(indicator, edition)
    return changed is None or changed.same_meaning


def move(
    indicator: Indicator,
    now: Answer,
    scale: Scale,
    before: Answer,
    then: Edition,
    asked: Questionnaire,
) -> Move | None:
    """How the grade moved since an earlier return, of what was asked then; None where there is none now.

    Where the grades themselves are others, none can be compared.
    """
    if now.grade is None:
        return None
    if indicator.key not in asked.by_key or before.grade is None:
        return Move.NEW
    steps = list(scale.by_key)
    if not means_the_same(indicator, then.name) or steps != list(then.scale.by_key):
        return Move.ASKED_DIFFERENTLY
    up = steps.index(before.grade) - steps.index(now.grade)
    return Move.BETTER if up > 0 else Move.WORSE if up < 0 else Move.SAME
