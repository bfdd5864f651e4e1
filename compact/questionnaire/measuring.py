"""How much there is to read and to answer: words, sentences, minutes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .values import Indicator, Questionnaire

# A careful reader of plain text on a screen; what is known by heart takes less.
WORDS_A_MINUTE = 200
# To weigh one indicator and write down its evidence, once it is known; from trying it with the demo.
MINUTES_TO_ANSWER = 3
_END = re.compile(r"(?<=[.?!])[”’]?\s+(?=[“‘]?[A-Z0-9])")


@dataclass(frozen=True)
class Measure:
    """What a questionnaire asks of whoever completes it. Words are those that have to be read to grade."""

    indicators: int
    words: int
    mean_sentence: float

    @property
    def minutes_to_read(self) -> int:
        return round(self.words / WORDS_A_MINUTE)

    @property
    def hours(self) -> int:
        """Reading and answering together, in whole hours, never less than one."""
        return max(1, round((self.minutes_to_read + self.indicators * MINUTES_TO_ANSWER) / 60))


def measure(questionnaire: Questionnaire) -> Measure:
    """The whole set, profile questions apart, with nothing left out."""
    texts = [text for indicator in questionnaire.indicators for text in to_be_read(indicator)]
    lengths = [words(sentence) for text in sentences_of(questionnaire) for sentence in sentences(text)]
    return Measure(
        indicators=len(questionnaire.indicators),
        words=sum(map(words, texts)),
        mean_sentence=sum(lengths) / len(lengths),
    )


def to_be_read(indicator: Indicator) -> Iterator[str]:
    """What stands before whoever grades an indicator: advice and example come with a summary."""
    yield indicator.text
    yield from indicator.good
    yield indicator.improve
    for evidence in indicator.evidence:
        yield evidence.show
        yield evidence.held_by


def sentences_of(questionnaire: Questionnaire) -> Iterator[str]:
    """Every text of a questionnaire that is written in sentences."""
    yield from (questionnaire.duty, *questionnaire.introduction, *questionnaire.statement.text)
    for indicator in questionnaire.indicators:
        yield from (indicator.text, *indicator.good, indicator.improve, *indicator.advice, indicator.example)


def sentences(text: str) -> list[str]:
    return [each for each in _END.split(text) if each]


def words(text: str) -> int:
    return len(text.split())


def shared_keys(questionnaires: Iterable[Questionnaire]) -> frozenset[str]:
    """The keys that stand in two questionnaires or more."""
    seen: set[str] = set()
    shared: set[str] = set()
    for questionnaire in questionnaires:
        shared |= seen & set(questionnaire.by_key)
        seen |= set(questionnaire.by_key)
    return frozenset(shared)
