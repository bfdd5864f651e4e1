"""What the organisation's last return offers to the present one, on values alone.

Nothing is copied: an earlier answer is shown beside its question, and counts once somebody says that it is
still true, or answers anew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from compact.questionnaire.values import Change, Indicator, Questionnaire, Scale

from .rules import Answer


@dataclass(frozen=True)
class Earlier:
    """An answer of an earlier return: who wrote it, where that is known, and when."""

    answer: Answer
    by: str | None
    at: datetime


@dataclass(frozen=True)
class Offer:
    """What stands beside a question that is not answered yet.

    `earlier` is last time's answer where it still fits the question; `changed` what has changed in the
    question since; `is_new` for one that was not asked then.
    """

    earlier: Earlier | None = None
    changed: Change | None = None
    is_new: bool = False

    @property
    def comes_first(self) -> bool:
        """New and changed questions come before those that only want a look."""
        return self.is_new or self.changed is not None


def changed_since(indicator: Indicator, edition: str) -> Change | None:
    """What changed in an indicator after an edition. Editions are named so that a later one sorts later."""
    changed = indicator.changed
    return changed if changed is not None and edition < changed.edition else None


def offer(indicator: Indicator, edition: str, then: Questionnaire, earlier: Earlier | None) -> Offer | None:
    """What the return of an earlier edition offers for an indicator; None where it says nothing of it.

    An answer to a question that means something else now is refused.
    """
    if indicator.key not in then.by_key:
        return Offer(is_new=True)
    changed = changed_since(indicator, edition)
    if earlier is None or not earlier.answer.is_given or (changed is not None and not changed.same_meaning):
        return Offer(changed=changed) if changed else None
    return Offer(earlier, changed)


def new_or_changed(indicators: Iterable[Indicator], edition: str, then: Questionnaire) -> int:
    """How many indicators were not asked in an earlier edition, or have changed since."""
    return sum(each.key not in then.by_key or changed_since(each, edition) is not None for each in indicators)


def in_order(indicators: Iterable[Indicator], offers: Mapping[str, Offer]) -> tuple[Indicator, ...]:
    """The new and the changed ones first, else in the order asked."""
    return tuple(
        sorted(indicators, key=lambda each: each.key not in offers or not offers[each.key].comes_first)
    )


def still_true(typed: Answer, earlier: Answer, scale: Scale) -> Answer:
    """Last time's answer, said once more: it fills in what was not typed anew."""
    texts = replace(typed, evidence=typed.evidence or earlier.evidence, reason=typed.reason or earlier.reason)
    if typed.is_given or not (earlier.not_applicable or earlier.grade in scale.by_key):
        return texts
    return replace(texts, grade=earlier.grade, not_applicable=earlier.not_applicable)
