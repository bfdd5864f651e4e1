"""YAML with its places: plain data, and for every part of it the line and column where it stands.

Only mappings with text keys, sequences and scalars are understood. A plain `true`, `false` or whole number
is what it looks like; all else is text, so that `no`, `1.10`, `012` and `2026-09-01` stay as typed. Nothing
may be left empty. What stands before the first thing that YAML cannot read is read all the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from .syntax import unreadable

Path = tuple[str | int, ...]

# A questionnaire is five levels deep. The parser takes time with the square of the depth: stop early.
DEEPEST = 20
LONGEST_MESSAGE = 300
# What has no place in a text: control characters, other line ends, marks that turn the direction of
# writing, and the sign that a character was lost. A tab and a line feed have a meaning in YAML itself.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffd-\uffff]"
)

# UTF-8 that was once read as Windows-1252, such as â€™ for an apostrophe.
DAMAGED = re.compile("â€.?|[ÂÃ][\u00a0-\u00bf]")
_EMPTY = ("", "~", "null", "Null", "NULL")
_DASH = re.compile(r"\s*- ")
_CUTS_SHORT = re.compile(r"\s+#\S")
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,8})")


@dataclass(frozen=True)
class Place:
    """Where something stands in a file; both count from 1, the column in characters."""

    line: int
    column: int


@dataclass(frozen=True)
class Mistake:
    """One thing to put right; as text `file:line:column: message`, in one line."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        line = "".join(each if each.isprintable() else " " for each in self.message)
        said = line if len(line) <= LONGEST_MESSAGE else f"{line[:LONGEST_MESSAGE]}…"
        return f"{self.file}:{self.line}:{self.column}: {said}"


class Mistakes(Exception):  # noqa: N818 - it is what it says: all mistakes of all files at once
    """All mistakes found, in the order of their places."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        in_place = sorted(mistakes, key=lambda each: (each.file, each.line, each.column))
        self.mistakes = list(dict.fromkeys(in_place))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


@dataclass
class Marked:
    """The data of one file with the places of its values and of its mappings' keys, by path; and the lines
    on which it was seen that a list or mapping has ended, which is where the next thing begins.

    `doubtful` holds the paths where a mistake is named already, or that could not be read to their end:
    nothing is to be concluded from what is there, or from what seems to be missing.
    """

    file: str
    lines: list[str] = field(default_factory=list)
    data: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    ends: dict[Path, int] = field(default_factory=dict)
    doubtful: set[Path] = field(default_factory=set)
    mistakes: list[Mistake] = field(default_factory=list)

    def place(self, path: Path, *, of_key: bool = False) -> Place:
        """The place of a path, or of the nearest thing around it that stands in the file."""
        if of_key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(1, 1))

    def mistake(self, path: Path, message: str, *, of_key: bool = False) -> Mistake:
        place = self.place(path, of_key=of_key)
        return Mistake(self.file, place.line, place.column, message)

    def add(self, place: Place, message: str) -> None:
        self.mistakes.append(Mistake(self.file, place.line, place.column, message))


def read_marked(file: str, text: str) -> Marked:
    """The data and places of a YAML text; what cannot be read is in `mistakes`."""
    marked = Marked(file)
    if "\x00" in text:
        before = text[: text.index("\x00")]
        place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        marked.add(place, "is not text: save the file as UTF-8")
        return marked
    text = _without_unseen(normal(text), marked)
    marked.lines = text.split("\n")
    events = _events(text, marked)
    first = next((event for event in events if isinstance(event, yaml.NodeEvent)), None)
    if first is None or (isinstance(first, yaml.ScalarEvent) and _is_empty(first)):
        if not marked.mistakes:
            marked.add(Place(1, 1), "the file is empty")
        return marked
    marked.data = _take(first, events, (), marked)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            marked.add(_place(event), "a second document begins here: a file holds one")
            break
    return marked


def normal(text: str) -> str:
    """The text as it is kept and compared: no byte order mark, and LF as the end of every line."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _without_unseen(text: str, marked: Marked) -> str:
    """The text with a letter for each character that has no place in it, so that reading can go on."""
    for number, line in enumerate(text.split("\n"), start=1):
        for found in UNSEEN.finditer(line):
            message = f"holds U+{ord(found.group()):04X}, a character that has no place in a text"
            marked.add(Place(number, found.start() + 1), message)
        for found in DAMAGED.finditer(line):
            message = f"holds “{found.group()}”: the file was once read in a wrong encoding"
            marked.add(Place(number, found.start() + 1), message)
    return UNSEEN.sub("x", text)


def _events(text: str, marked: Marked) -> Iterator[yaml.Event]:
    """What YAML sees, until the end or until the first thing that cannot be read, which is named."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                marked.add(_place(event), f"is more than {DEEPEST} levels deep")
                return
            yield event
    except yaml.MarkedYAMLError as error:
        unread = unreadable(error, marked.lines)
        marked.doubtful |= {path for path, line in marked.ends.items() if line >= unread.from_line}
        follows = unread.may_follow and any(mistake.line == unread.line for mistake in marked.mistakes)
        if not follows:
            marked.add(Place(unread.line, unread.column), unread.message)


def _take(event: yaml.Event, events: Iterator[yaml.Event], path: Path, marked: Marked) -> Any:
    marked.values.setdefault(path, _place(event))
    _refuse_features(event, path, marked)
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event, path, marked)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(events, path, marked)
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(events, path, marked)
    return None  # an alias, which has been named


def _refuse_features(event: Any, path: Path, marked: Marked) -> None:
    """Name what YAML can do and a questionnaire has no use for; a text may have begun so by accident."""
    if event.anchor is not None:
        sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
        message = f"“{sign}{event.anchor}” is not understood here: write the text out, or put it in quotes"
        marked.mistakes.append(marked.mistake(path, message))
    elif getattr(event, "tag", None) is not None:
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        message = f"“{tag}” is not understood here: put a text that begins with ! in quotes"
        marked.mistakes.append(marked.mistake(path, message))
    else:
        return
    marked.doubtful.add(path)


def _sequence(events: Iterator[yaml.Event], path: Path, marked: Marked) -> tuple[Any, ...]:
    taken: list[Any] = []
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            marked.ends[path] = _place(event).line
            break
        taken.append(_take(event, events, (*path, len(taken)), marked))
    else:
        marked.doubtful.add(path)
    return tuple(taken)


def _mapping(events: Iterator[yaml.Event], path: Path, marked: Marked) -> dict[str, Any]:
    taken: dict[str, Any] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            marked.ends[path] = _place(event).line
            break
        key = _key(event, events, path, marked)
        value = next(events, None)
        if value is None:
            marked.doubtful.add(path)
        elif key is None or key in taken:
            _take(value, events, (), Marked(marked.file, marked.lines))
        else:
            at = (*path, key)
            marked.keys[at] = _place(event)
            if isinstance(value, yaml.ScalarEvent) and _is_empty(value):
                marked.values[at] = _place(event)
            taken[key] = _take(value, events, at, marked)
    else:
        marked.doubtful.add(path)
    return taken


def _key(event: yaml.Event, events: Iterator[yaml.Event], path: Path, marked: Marked) -> str | None:
    """The name of a field, or None when it has none; a name that is here already is named as a mistake."""
    if not isinstance(event, yaml.ScalarEvent) or not event.value:
        marked.add(_place(event), "the name of a field is to be a word")
        _take(event, events, (), Marked(marked.file, marked.lines))
        return None
    key: str = event.value
    if (*path, key) in marked.keys:
        first = marked.keys[(*path, key)]
        marked.add(_place(event), f"“{key}” is here twice; the first is on line {first.line}")
        marked.doubtful.add((*path, key))
    return key


def _scalar(event: yaml.ScalarEvent, path: Path, marked: Marked) -> str | int | bool | None:
    text: str = event.value
    if event.style:  # quoted or a block; the C parser says "" for a plain scalar
        return text
    if _is_empty(event):
        name = next((part for part in reversed(path) if isinstance(part, str)), "the list")
        marked.mistakes.append(marked.mistake(path, f"“{name}” is empty"))
        marked.doubtful.add(path)
        return None
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    _refuse_misleading(event, marked)
    return text


def _refuse_misleading(event: Any, marked: Marked) -> None:
    """Name what looks like something else than it is: a dash in a text, a text that a # cuts short."""
    end = event.end_mark
    for line in range(event.start_mark.line + 1, end.line + 1):
        if dash := _DASH.match(marked.lines[line]):
            place = Place(line + 1, dash.end() - 1)
            marked.add(place, "this dash is text: indent it like the list, or put the text in quotes")
    if comment := _CUTS_SHORT.match(marked.lines[end.line], end.column):
        place = Place(end.line + 1, comment.end() - 1)
        marked.add(place, "this # begins a comment: put the text in quotes, or a space after the #")


def _is_empty(event: yaml.ScalarEvent) -> bool:
    return not event.style and event.value in _EMPTY and event.tag is None and event.anchor is None


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)
