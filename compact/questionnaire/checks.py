"""What a schema cannot say: references that resolve, keys that are unique, standards that are covered.

The checks read the marked data, not the finished values, so that a file's wrong references are named
together with its wrong fields. What is `doubtful` is passed over: a mistake is named there already.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .marked import Marked, Mistake, Path
from .near import nearest, unknown
from .numbering import gaps, out_of_order, without_any

# Beside the grades, this stands for "no grade" in files that come in and go out.
NOT_A_GRADE = "not_applicable"

# An indicator where it stands: its file, its place in the file's list, its fields.
_Use = tuple[Marked, int, Mapping[str, Any]]


def within(marked: Marked, common: Marked | None) -> Iterator[Mistake]:
    """The mistakes of one setting's file, seen with its edition's `standards.yaml` (None: there is none)."""
    yield from _unique(marked, "indicators")
    yield from _unique(marked, "profile")
    yield from _unique(marked, "not_asked", name="standard")
    yield from _order_and_cover(marked)
    yield from _asked(marked)
    yield from _facts(marked)
    yield from _documents(marked, common)


def within_common(marked: Marked) -> Iterator[Mistake]:
    """The mistakes of `standards.yaml` itself."""
    yield from _unique(marked, "documents")
    yield from _unique(marked, "standards", name="number")
    yield from _unique(marked, "scale", "grades")
    numbers = _numbers(marked, "standards", "number")
    uses = Counter(numbers)
    del uses[None]
    for index, message in out_of_order([number if uses[number] == 1 else None for number in numbers]):
        yield marked.mistake(("standards", index, "number"), message)
    is_whole = numbers and _is_whole(marked, "standards")
    meant_for_others = [None] * (uses.total() - len(uses))
    for number in without_any(numbers, meant_for_others) if is_whole else ():
        yield marked.mistake(("standards",), f"standard {number} is missing", of_key=True)
    grades = [*_mappings(marked, "scale", "grades")]
    for index, grade in grades:
        if grade.get("key") == NOT_A_GRADE:
            message = f"“{NOT_A_GRADE}” is no grade: it has a place of its own in the scale"
            yield marked.mistake(("scale", "grades", index, "key"), message)
    for word, weak in (("no", False), ("every", True)):
        if len(grades) > 1 and all(grade.get("weak") is weak for _, grade in grades):
            message = f"{word} grade is weak: nothing can be found with this scale"
            yield marked.mistake(("scale", "grades"), message, of_key=True)


def across(files: Mapping[str, Marked]) -> Iterator[Mistake]:
    """The same key in two files of an edition means the same: same standard, same `changed`.

    Where files disagree, what most of them say is taken to be right.
    """
    uses: dict[str, dict[str, _Use]] = {}
    for file, marked in files.items():
        for index, indicator in _mappings(marked, "indicators"):
            key = indicator.get("key")
            if isinstance(key, str) and ("indicators", index) not in marked.doubtful:
                uses.setdefault(key, {}).setdefault(file, (marked, index, indicator))
    for key, by_file in uses.items():
        for name in ("standard", "changed"):
            known = [use for use in by_file.values() if ("indicators", use[1], name) not in use[0].doubtful]
            yield from _disagreeing(key, name, known)


def _disagreeing(key: str, name: str, uses: Sequence[_Use]) -> Iterator[Mistake]:
    said = [indicator.get(name) for _, _, indicator in uses]
    if all(each == said[0] for each in said):
        return
    right = max(range(len(said)), key=lambda each: said.count(said[each]))
    where, there, indicator = uses[right]
    line = where.place(("indicators", there, name if name in indicator else "key")).line
    for each, (marked, index, other) in zip(said, uses, strict=True):
        if each != said[right]:
            message = f"“{key}” has another “{name}” in {where.file} on line {line}"
            yield marked.mistake(("indicators", index, name if name in other else "key"), message)


def _mappings(marked: Marked, *path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The mappings in the list at a path, with their places in the list."""
    data = marked.data
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    return _numbered(data)


def _numbered(sequence: object) -> Iterator[tuple[int, dict[str, Any]]]:
    if isinstance(sequence, tuple):
        yield from ((index, item) for index, item in enumerate(sequence) if isinstance(item, dict))


def _is_whole(marked: Marked, part: str) -> bool:
    """Whether all of a list at the top is there as it was meant: else nothing is said of what it lacks."""
    return marked.doubtful.isdisjoint({(), (part,)})


def _keys(marked: Marked, part: str) -> dict[str, int] | None:
    """The keys of the things in a list at the top, with their places; None when not all of them are known."""
    if any(path[:1] in ((), (part,)) and (len(path) < 3 or path[2] == "key") for path in marked.doubtful):
        return None
    return {item["key"]: index for index, item in reversed([*_mappings(marked, part)])}


def _numbers(marked: Marked, part: str, name: str) -> list[int | None]:
    """The standards' numbers in a list at the top; None where there is none that can be right."""
    held = marked.data.get(part) if isinstance(marked.data, dict) else None
    numbers: list[int | None] = [None] * (len(held) if isinstance(held, tuple) else 0)
    for index, item in _numbered(held):
        if (part, index, name) not in marked.doubtful:
            numbers[index] = item.get(name)
    return numbers


def _unique(marked: Marked, *path: str, name: str = "key") -> Iterator[Mistake]:
    first: dict[object, int] = {}
    for index, item in _mappings(marked, *path):
        word = item.get(name)
        at: Path = (*path, index, name)
        if not isinstance(word, str | int) or at in marked.doubtful:
            continue
        if word in first:
            message = f"the {name} “{word}” is used twice; the first is on line {first[word]}"
            yield marked.mistake(at, message)
        first.setdefault(word, marked.place(at).line)


def _order_and_cover(marked: Marked) -> Iterator[Mistake]:
    numbers = _numbers(marked, "indicators", "standard")
    left_out = _numbers(marked, "not_asked", "standard")
    for index, message in out_of_order(numbers):
        yield marked.mistake(("indicators", index, "standard"), message)
    is_whole = _is_whole(marked, "indicators") and _is_whole(marked, "not_asked")
    for number in without_any(numbers, left_out) if numbers and is_whole else ():
        message = f"standard {number} has no indicator, and “not_asked” gives no reason for it"
        yield marked.mistake(("indicators",), message, of_key=True)
    wrong = {gap.place for gap in gaps(numbers)}
    asked = {number for place, number in enumerate(numbers) if place not in wrong}
    for index, left in enumerate(left_out):
        if left in asked and left not in left_out[:index]:
            message = f"standard {left} is said not to be asked, but it has indicators"
            yield marked.mistake(("not_asked", index, "standard"), message)


def _asked(marked: Marked) -> Iterator[Mistake]:
    for index, indicator in _mappings(marked, "indicators"):
        asked, path = indicator.get("asked"), ("indicators", index, "asked")
        if not isinstance(asked, str) or path in marked.doubtful:
            continue
        wrong = ["ends with a full stop"] if asked.endswith(".") else []
        if asked[0].isupper() and not asked.split()[0].isupper():
            wrong.insert(0, "begins with a capital")
        if wrong:
            message = f"“asked” {' and '.join(wrong)}; it is read inside a sentence"
            yield marked.mistake(path, message)


def _documents(marked: Marked, common: Marked | None) -> Iterator[Mistake]:
    documents = _keys(common, "documents") if common else None
    if documents is None:
        return
    for index, indicator in _mappings(marked, "indicators"):
        for place, basis in _numbered(indicator.get("basis")):
            document, path = basis.get("document"), ("indicators", index, "basis", place, "document")
            if isinstance(document, str) and document not in documents and path not in marked.doubtful:
                yield marked.mistake(path, unknown("document", document, documents))


def _facts(marked: Marked) -> Iterator[Mistake]:
    """Facts that are not there, and facts that are there for nothing."""
    facts = _keys(marked, "profile")
    if facts is None:
        return
    used: set[str | None] = set()
    for index, indicator in _mappings(marked, "indicators"):
        used.update(value for value in indicator.values() if isinstance(value, str))
        fact, path = indicator.get("asked_when"), ("indicators", index, "asked_when")
        if isinstance(fact, str) and fact not in facts and path not in marked.doubtful:
            used.add(nearest(fact, facts))
            yield marked.mistake(path, unknown("profile fact", fact, facts))
    if any(
        path[:1] in ((), ("indicators",)) and (len(path) < 3 or path[2] == "asked_when")
        for path in marked.doubtful
    ):
        return
    for key, index in facts.items():
        if key not in used:
            message = f"no indicator has “{key}” as its “asked_when”: the fact would be asked for nothing"
            yield marked.mistake(("profile", index, "key"), message)
