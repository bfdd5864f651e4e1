"""How the questionnaires read: what an author overlooks and a head would stumble over.

The schema (values.py) says what a file holds; these checks are for its words. They are made by
`compact questionnaires check` and by the tests, on editions that can be read, and keep no application from
starting: a partnership may have reasons of its own for a long sentence.
"""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from .marked import Marked, Mistake, Path, read_marked
from .measuring import measure, sentences, words
from .values import Edition, Questionnaire

LONGEST_SENTENCE = 30
LONGEST_MEAN = 20
# How like each other two texts of a file may be, from 0 to 1; by words, whatever their case.
NEARLY_ALIKE = 0.75
COUNTS = {"good": (2, 4), "evidence": (2, 4), "advice": (3, 5)}
PUBLIC_BODIES = (".gov.uk", ".nhs.uk", ".police.uk", ".legislation.gov.uk", ".ico.org.uk")

_NO_PROSE = {"key", "document", "link", "in_force", "asked_when", "setting", "version", "edition", "names"}
WRONG = (
    (re.compile("[\"']"), "a straight quotation mark or apostrophe: write “ ” or ’"),
    (re.compile(" {2,}"), "two spaces in a row"),
    (re.compile(r" [-–—] |\w[–—]\w"), "a dash between words: use a comma or two sentences"),
    (re.compile(r"[\w.+-]+@[\w-]+\.\w+"), "an e-mail address: say where to find it"),
    (re.compile(r"\+?\d[\d ()-]{7,}\d"), "a telephone number: say where to find it"),
    (re.compile(r"https?://|\bwww\."), "a web address: name a document"),
)
_DAYS_AND_MONTHS = (*calendar.day_name, *calendar.month_name[1:])
_CAPITAL = re.compile(r"[A-Z][\w’]*")
_ASKED = re.compile(r"(?:how|what|whether|who|where|the|a|an) ")


def mistakes(edition: Edition, where: str) -> Iterator[Mistake]:
    """What is to be put right in the words of an edition that can be read."""
    for file, text in edition.texts.items():
        marked = read_marked(f"{where}/{file}", text)
        for path, prose in _prose(marked.data, ()):
            yield from _in_text(marked, path, prose, edition.common.names)
        yield from _links(marked)
        setting = marked.data.get("setting")
        if setting in edition.questionnaires:
            yield from _in_questionnaire(marked, edition.questionnaires[setting])


def _prose(data: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text that is meant to be read, with its place."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict):
        for name, value in data.items():
            if name not in _NO_PROSE:
                yield from _prose(value, (*path, name))
    elif isinstance(data, tuple):
        for index, value in enumerate(data):
            yield from _prose(value, (*path, index))


def _in_text(marked: Marked, path: Path, text: str, names: Sequence[str]) -> Iterator[Mistake]:
    for pattern, said in WRONG:
        if found := pattern.search(text):
            yield marked.mistake(path, f"“{found.group()}” is {said}")
    for sentence in sentences(text):
        if (length := words(sentence)) > LONGEST_SENTENCE:
            begin = " ".join(sentence.split()[:4])
            yield marked.mistake(
                path, f"the sentence “{begin} …” has {length} words, {LONGEST_SENTENCE} at most"
            )
        if path[0] in ("indicators", "introduction", "profile") and path[-1] != "part":
            yield from (marked.mistake(path, said) for said in _perhaps_names(sentence, names))


def _perhaps_names(sentence: str, names: Sequence[str]) -> Iterator[str]:
    """Words with a capital inside a sentence that the edition does not know as the name of a thing."""
    rest = _known(tuple(names)).sub("known", sentence)
    for word in rest.split()[1:]:
        if word.startswith(("“", "‘")):
            continue  # what somebody says begins with a capital
        bare = word.strip("“”‘’.,;:?!()")
        if _CAPITAL.fullmatch(bare) and bare != "I":
            yield f"“{bare}” may be the name of a person or a place: leave it out, or add it to “names”"


@cache
def _known(names: tuple[str, ...]) -> re.Pattern[str]:
    """The names of things, the longer before what begins like it."""
    longest_first = sorted((*names, *_DAYS_AND_MONTHS), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})s?\b")


def _links(marked: Marked) -> Iterator[Mistake]:
    documents = marked.data.get("documents")
    for index, document in enumerate(documents if isinstance(documents, tuple) else ()):
        host = urlsplit(document.get("link", "")).hostname
        if host and not f".{host}".endswith(PUBLIC_BODIES):
            path: Path = ("documents", index, "link")
            yield marked.mistake(path, f"“{host}” is no public body’s: link to {', '.join(PUBLIC_BODIES)}")


def _in_questionnaire(marked: Marked, questionnaire: Questionnaire) -> Iterator[Mistake]:
    much = measure(questionnaire)
    if much.mean_sentence > LONGEST_MEAN:
        message = f"its sentences have {much.mean_sentence:.1f} words on average, {LONGEST_MEAN} at most"
        yield marked.mistake(("indicators",), message, of_key=True)
    hours = "about an hour" if much.hours == 1 else f"about {much.hours} hours"
    for said in (f"{much.indicators} indicators", hours):
        if not any(said in paragraph for paragraph in questionnaire.introduction):
            message = f"does not say how long it takes: measured are “{said}”"
            yield marked.mistake(("introduction",), message, of_key=True)
    for index, indicator in enumerate(marked.data["indicators"]):
        for part, (least, most) in COUNTS.items():
            if not least <= len(indicator[part]) <= most:
                message = (
                    f"“{part}” has {len(indicator[part])} in its list: {least} to {most} can be taken in"
                )
                yield marked.mistake(("indicators", index, part), message, of_key=True)
        if not _ASKED.match(indicator["asked"]):
            message = f"“Choose a grade for {indicator['asked']}” does not read: begin with how, what or the"
            yield marked.mistake(("indicators", index, "asked"), message)
    yield from _alike(marked)


def _alike(marked: Marked) -> Iterator[Mistake]:
    """Texts of two indicators that say nearly the same, and lines of lists that stand there twice."""
    indicators: Sequence[Mapping[str, Any]] = marked.data["indicators"]
    for part in ("text", "asked", "improve", "example"):
        split = [each[part].lower().split() for each in indicators]
        for first, second in _nearly_alike(split):
            message = f"“{part}” is nearly that of “{indicators[first]['key']}”"
            yield marked.mistake(("indicators", second, part), message)
    seen: dict[str, str] = {}
    for index, indicator in enumerate(indicators):
        for part in ("good", "advice"):
            for place, line in enumerate(indicator[part]):
                if line in seen:
                    message = f"is word for word a line of “{seen[line]}”"
                    yield marked.mistake(("indicators", index, part, place), message)
                seen.setdefault(line, indicator["key"])


def _nearly_alike(texts: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Places of two texts, as lists of words, that share nearly all of them in the same order."""
    matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
    known = [set(each) for each in texts]
    for second, other in enumerate(texts):
        matcher.set_seq2(other)  # what is worked out of this one serves all those before it
        for first, one in enumerate(texts[:second]):
            # How many may be shared is soon seen, and rules nearly every pair out.
            most = min(
                len(one) - len(known[first] - known[second]), len(other) - len(known[second] - known[first])
            )
            if 2 * most >= NEARLY_ALIKE * (len(one) + len(other)):
                matcher.set_seq1(one)
                if matcher.ratio() > NEARLY_ALIKE:
                    yield first, second
