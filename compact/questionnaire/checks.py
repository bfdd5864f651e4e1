"""What a schema cannot say: references that resolve, keys that are unique, standards that are covered.

The checks read the marked data, not the finished values, so that a file's wrong references are named
together with its wrong fields. What has the wrong shape is passed over here: the schema names it.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .marked import Marked, Mistake
from .values import STANDARD_NUMBERS


def within(marked: Marked, common: Marked | None) -> Iterator[Mistake]:
    """The mistakes of one setting's file, seen with its edition's `standards.yaml` (None if unreadable)."""
    yield from _unique(marked, "indicators")
    yield from _unique(marked, "profile")
    yield from _order_and_cover(marked)
    yield from _asked(marked)
    facts = _texts(marked, "profile", "key")
    documents = _texts(common, "documents", "key") if common else None
    for index, indicator in items(marked, "indicators"):
        at = ("indicators", index)
        asked_when = indicator.get("asked_when")
        if isinstance(asked_when, str) and asked_when not in facts:
            yield marked.mistake((*at, "asked_when"), unknown("profile fact", asked_when, facts))
        for place, basis in _mappings(indicator.get("basis")):
            document = basis.get("document")
            if documents is not None and isinstance(document, str) and document not in documents:
                yield marked.mistake(
                    (*at, "basis", place, "document"), unknown("document", document, documents)
                )


def within_common(marked: Marked) -> Iterator[Mistake]:
    """The mistakes of `standards.yaml` itself."""
    yield from _unique(marked, "documents")
    yield from _unique(marked, "standards", "number")
    scale = marked.data.get("scale") if isinstance(marked.data, dict) else None
    grades = [grade for _, grade in _mappings(scale.get("grades"))] if isinstance(scale, dict) else []
    for index, grade in enumerate(grades):
        if any(grade.get("key") == other.get("key") for other in grades[:index]):
            path = ("scale", "grades", index, "key")
            yield marked.mistake(path, f"the grade “{grade.get('key')}” is here twice")


def across(files: Mapping[str, Marked]) -> Iterator[Mistake]:
    """The same key in two files of an edition means the same: same standard, same `changed`."""
    first: dict[str, tuple[Marked, int, dict[str, Any]]] = {}
    for marked in files.values():
        for index, indicator in items(marked, "indicators"):
            key = indicator.get("key")
            if not isinstance(key, str):
                continue
            where, there, other = first.setdefault(key, (marked, index, indicator))
            for name in ("standard", "changed"):
                if where is not marked and indicator.get(name) != other.get(name):
                    line = where.place(("indicators", there)).line
                    message = f"“{key}” has another “{name}” in {where.file} on line {line}"
                    yield marked.mistake(("indicators", index, name), message)


def items(marked: Marked, part: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The mappings in a list at the top of a file, with their places in the list."""
    if isinstance(marked.data, dict):
        yield from _mappings(marked.data.get(part))


def unknown(what: str, word: str, known: Iterable[str]) -> str:
    """A message about a reference that leads nowhere, with the nearest known word."""
    return f"unknown {what} “{word}”{did_you_mean(word, known)}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A suggestion to end a message with, or nothing when no known word is near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean “{near[0]}”?" if near else ""


def _mappings(sequence: object) -> Iterator[tuple[int, dict[str, Any]]]:
    if isinstance(sequence, tuple):
        yield from ((index, item) for index, item in enumerate(sequence) if isinstance(item, dict))


def _texts(marked: Marked, part: str, name: str) -> list[str]:
    return [item[name] for _, item in items(marked, part) if isinstance(item.get(name), str)]


def _unique(marked: Marked, part: str, name: str = "key") -> Iterator[Mistake]:
    first: dict[object, int] = {}
    for index, item in items(marked, part):
        word, path = item.get(name), (part, index, name)
        if not isinstance(word, str | int):
            continue
        if word in first:
            message = f"the {name} “{word}” is used twice; the first is on line {first[word]}"
            yield marked.mistake(path, message)
        first.setdefault(word, marked.place(path).line)


def _asked(marked: Marked) -> Iterator[Mistake]:
    for index, indicator in items(marked, "indicators"):
        asked, path = indicator.get("asked"), ("indicators", index, "asked")
        if not isinstance(asked, str) or not asked.strip():
            continue
        if asked[0].isupper() and not asked.split()[0].isupper():
            yield marked.mistake(path, "“asked” begins with a capital; it is read inside a sentence")
        if asked.endswith("."):
            yield marked.mistake(path, "“asked” ends with a full stop; it is read inside a sentence")


def _order_and_cover(marked: Marked) -> Iterator[Mistake]:
    numbers = {index: item.get("standard") for index, item in items(marked, "indicators")}
    left_out = {item.get("standard"): index for index, item in items(marked, "not_asked")}
    highest = 1
    for index, number in numbers.items():
        if not isinstance(number, int):
            continue
        if number < highest:
            message = f"standard {number} comes after standard {highest}: keep them in order"
            yield marked.mistake(("indicators", index, "standard"), message)
        highest = max(highest, number)
    for number in STANDARD_NUMBERS if numbers else ():
        if number not in numbers.values() and number not in left_out:
            message = f"standard {number} has no indicator, and “not_asked” gives no reason for it"
            yield marked.mistake(("indicators",), message, of_key=True)
        if number in numbers.values() and number in left_out:
            message = f"standard {number} is said not to be asked, but it has indicators"
            yield marked.mistake(("not_asked", left_out[number], "standard"), message)
