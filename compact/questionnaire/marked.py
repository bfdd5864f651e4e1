"""YAML with its places: plain data, and for every part of it the line and column where it stands.

Only mappings with text keys, sequences and scalars are understood. A plain `true`, `false`, `null` or whole
number is what it looks like; all else is text, so that `no`, `1.10`, `012` and `2026-09-01` stay as typed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]

_PLAIN: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,8})")


@dataclass(frozen=True)
class Place:
    """Where something stands in a file; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing to put right, as `file:line:column: message`."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class Mistakes(Exception):  # noqa: N818 - it is what it says: all mistakes of all files at once
    """All mistakes found, in the order of their places."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = sorted(set(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


@dataclass
class Marked:
    """The data of one file with the places of its values and of its mappings' keys, by path."""

    file: str
    data: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
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


def read_marked(file: str, text: str) -> Marked:
    """The data and places of a YAML text; what YAML itself refuses is in `mistakes`."""
    marked = Marked(file)
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        marked.mistakes.append(Mistake(file, line, column, "holds a character that YAML does not allow"))
        return marked
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        marked.mistakes.append(Mistake(file, line, column, f"cannot be read as YAML: {error.problem}"))
        return marked
    if root is None:
        marked.mistakes.append(Mistake(file, 1, 1, "the file is empty"))
        return marked
    marked.data = _take(root, (), marked, set())
    return marked


def _take(node: yaml.Node, path: Path, marked: Marked, seen: set[int]) -> Any:
    marked.values[path] = _place(node)
    if id(node) in seen:
        marked.mistakes.append(
            marked.mistake(path, "anchors and aliases are not understood here: write the text out")
        )
        return None
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return tuple(_take(item, (*path, index), marked, seen) for index, item in enumerate(node.value))
    assert isinstance(node, yaml.MappingNode)  # noqa: S101 - YAML has no fourth kind
    return _mapping(node, path, marked, seen)


def _mapping(node: yaml.MappingNode, path: Path, marked: Marked, seen: set[int]) -> dict[str, Any]:
    taken: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if not isinstance(key, str):
            place = _place(key_node)
            marked.mistakes.append(Mistake(marked.file, place.line, place.column, "a field's name is text"))
            continue
        if key in taken:
            place, first = _place(key_node), marked.keys[(*path, key)]
            message = f"“{key}” is here twice; the first is on line {first.line}"
            marked.mistakes.append(Mistake(marked.file, place.line, place.column, message))
            continue
        marked.keys[(*path, key)] = _place(key_node)
        taken[key] = _take(value_node, (*path, key), marked, seen)
    return taken


def _scalar(node: yaml.ScalarNode) -> str | int | bool | None:
    text: str = node.value
    if node.style:  # quoted or a block; the C loader says "" for a plain scalar
        return text
    if text in _PLAIN:
        return _PLAIN[text]
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text


def _place(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)
