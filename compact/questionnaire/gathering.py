"""The evidence to gather before answering: who would have what, and how long each standard takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .measuring import MINUTES_TO_ANSWER, WORDS_A_MINUTE, to_be_read, words
from .values import Indicator


@dataclass(frozen=True)
class ToShow:
    """A piece of evidence, and the indicator that it is evidence of."""

    show: str
    indicator: Indicator


@dataclass(frozen=True)
class Held:
    """What one person would have, by the number of the standard that it is evidence for."""

    who: str
    by_standard: Mapping[int, tuple[ToShow, ...]]

    @property
    def pieces(self) -> int:
        return sum(map(len, self.by_standard.values()))


def by_person(indicators: Iterable[Indicator]) -> tuple[Held, ...]:
    """The people to ask, those with the most to show first; what each has in the order asked."""
    found: dict[str, dict[int, list[ToShow]]] = {}
    for indicator in indicators:
        for evidence in indicator.evidence:
            of_person = found.setdefault(evidence.held_by, {})
            of_person.setdefault(indicator.standard, []).append(ToShow(evidence.show, indicator))
    held = (
        Held(who, {number: tuple(shown) for number, shown in sorted(by_standard.items())})
        for who, by_standard in found.items()
    )
    return tuple(sorted(held, key=lambda each: (-each.pieces, each.who)))


def minutes(indicators: Iterable[Indicator]) -> int:
    """How long it takes to read and answer them, once the evidence is there: in minutes, at least one."""
    kept = tuple(indicators)
    read = sum(words(text) for each in kept for text in to_be_read(each))
    return max(1, round(read / WORDS_A_MINUTE + len(kept) * MINUTES_TO_ANSWER))
