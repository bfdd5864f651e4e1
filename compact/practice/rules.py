"""What may be offered, how it is checked, and what a text still gives away of whose it is. Values alone."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compact.questionnaire.values import Indicator, Scale
from compact.returns.rules import Answer
from compact.web.problems import FieldProblem
from compact.web.texts import clean

PRACTICE_LIMIT = 2_000
# What many names hold and none is known by.
_COMMON_WORDS = frozenset(
    [
        "a",
        "academy",
        "all",
        "and",
        "at",
        "association",
        "care",
        "centre",
        "church",
        "club",
        "clubs",
        "college",
        "community",
        "council",
        "day",
        "first",
        "for",
        "group",
        "health",
        "high",
        "independent",
        "infant",
        "infants",
        "in",
        "junior",
        "juniors",
        "limited",
        "ltd",
        "nursery",
        "of",
        "on",
        "playgroup",
        "police",
        "pre",
        "pre-school",
        "preschool",
        "primary",
        "saint",
        "school",
        "schools",
        "secondary",
        "service",
        "services",
        "society",
        "special",
        "st",
        "the",
        "trust",
        "village",
        "with",
        "young",
        "youth",
    ]
)
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_SPACE = re.compile(r"\s+")
SHORTEST_PART = 3


@dataclass(frozen=True)
class Offerable:
    """An indicator of a signed return that may be shared: its grade is not weak and evidence is written."""

    indicator: Indicator
    grade: str
    evidence: str

    @property
    def beginning(self) -> str:
        """The evidence as far as it fits, cut where a word ends."""
        if len(self.evidence) <= PRACTICE_LIMIT:
            return self.evidence
        return self.evidence[: PRACTICE_LIMIT + 1].rsplit(maxsplit=1)[0][:PRACTICE_LIMIT]


@dataclass(frozen=True)
class Typed:
    """One indicator as it came from the page; `was_shared` is what the page showed."""

    is_ticked: bool
    text: str
    was_shared: bool


@dataclass(frozen=True)
class Identity:
    """By what a setting is known: itself, its trust, its postcode, and its people."""

    organisation: str
    trust: str | None
    postcode: str | None
    people: tuple[str, ...]


def offerable(
    indicators: Iterable[Indicator], answers: Mapping[str, Answer], scale: Scale
) -> list[Offerable]:
    """What of a return may be shared, by standard, the strongest grade first, then in the order asked."""
    places = {grade.key: place for place, grade in enumerate(scale.grades)}
    found = [
        Offerable(each, answer.grade, answer.evidence)
        for each in indicators
        if (answer := answers.get(each.key))
        and answer.grade
        and answer.grade not in scale.weak_keys
        and answer.evidence.strip()
    ]
    return sorted(found, key=lambda each: (each.indicator.standard, places[each.grade]))


def parse_shared(offered: Sequence[Offerable], typed: Mapping[str, Typed]) -> list[FieldProblem]:
    """What keeps the ticked texts from being shared, in the order of the page."""
    return [
        problem
        for each in offered
        if typed[each.indicator.key].is_ticked
        and (problem := _problem(each.indicator, typed[each.indicator.key].text))
    ]


def _problem(indicator: Indicator, typed: str) -> FieldProblem | None:
    text, field = clean(typed), f"{indicator.key}-text"
    if not text:
        return FieldProblem(field, f"Write what others can learn about {indicator.asked}, or untick it")
    if len(text) > PRACTICE_LIMIT:
        said = f"The text about {indicator.asked} is {len(text):,} characters long"
        return FieldProblem(field, f"{said}; it can have {PRACTICE_LIMIT:,}")
    return None


def parse_edited(typed: str, identity: Identity) -> str | FieldProblem:
    """An officer's edited text, or why it cannot be printed: it must not show whose it is."""
    text = clean(typed)
    if not text:
        return FieldProblem("text", "Write the text that is printed")
    if len(text) > PRACTICE_LIMIT:
        return FieldProblem(
            "text", f"The text is {len(text):,} characters long; it can have {PRACTICE_LIMIT:,}"
        )
    found = identifying(text, identity)
    if found:
        words = ", ".join(f"“{each}”" for each in found)
        return FieldProblem("text", f"The text still shows whose it is. Take out {words}")
    return text


def identifying(text: str, identity: Identity) -> tuple[str, ...]:
    """The words of a text that obviously say whose it is, as they stand in it, each once."""
    plain = _plain(text)
    found = [
        *(word for name in (identity.organisation, identity.trust) if name for word in _of_name(plain, name)),
        *(_of_postcode(plain, identity.postcode) if identity.postcode else ()),
        *(word for name in identity.people for word in _of_person(plain, name)),
    ]
    return tuple(dict.fromkeys(each for each in found if not _is_within(each, found)))


def _of_name(text: str, name: str) -> Iterator[str]:
    """A name in full, or the words in it that are its own: “Ferry Lane” of “Ferry Lane Primary School”.

    A single such word counts with its capital alone: “Park School” has no claim on every park.
    """
    words = [each[0] for each in _WORD.finditer(_plain(name))]
    own = [each for each in words if each.casefold() not in _COMMON_WORDS]
    yield from _standing(text, words, ignoring_case=len(words) > 1)
    if own and own != words:
        yield from _standing(text, own, ignoring_case=len(own) > 1)


def _of_postcode(text: str, postcode: str) -> Iterator[str]:
    letters = [re.escape(each) for each in postcode if not each.isspace()]
    pattern = re.compile(rf"(?<!\w){r'[ ]?'.join(letters)}(?!\w)", re.IGNORECASE)
    yield from (each[0] for each in pattern.finditer(text))


def _of_person(text: str, name: str) -> Iterator[str]:
    """Somebody's whole name, or a part of it that begins with a capital in the text as well."""
    parts = [each[0] for each in _WORD.finditer(_plain(name))]
    yield from _standing(text, parts, ignoring_case=True) if len(parts) > 1 else ()
    for part in parts:
        if len(part) >= SHORTEST_PART and part.casefold() not in _COMMON_WORDS and part[0].isupper():
            yield from _standing(text, [part], ignoring_case=False)


def _standing(text: str, words: Collection[str], *, ignoring_case: bool) -> Iterator[str]:
    """Where the words stand in the text one after the other, whatever stands between them but a letter."""
    pattern = r"[\W_]+".join(map(re.escape, words))
    flags = re.IGNORECASE if ignoring_case else re.NOFLAG
    if words:
        yield from (each[0] for each in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, flags))


def _is_within(word: str, others: Iterable[str]) -> bool:
    """Whether it is a part of something longer that was found as well."""
    return any(word != other and word in other for other in others)


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text.replace("\u2019", "'"))
