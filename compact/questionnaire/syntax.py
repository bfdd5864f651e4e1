"""What YAML itself cannot read, in words that help an author who has never heard of YAML."""

from typing import Any, NamedTuple

import yaml


class _Said(NamedTuple):
    """How a problem of the parser is told. `at_context`: it is to be put right where the thing begins."""

    message: str
    at_context: bool = False


_INDENTATION = (
    "does not fit in here: hold its indentation against the lines above it, and its quotation marks"
)
_BRACKET = "a bracket that is not closed: put a text that begins with [ or { in quotes"
_TAB = "a tab: use spaces to indent"

_SAID = {
    "mapping values are not allowed in this context": _Said(
        "a colon with a space after it begins a field: put the text in quotes"
    ),
    "found a tab character that violates indentation": _Said(_TAB),
    "could not find expected ':'": _Said(
        "is no field and continues no text: is a colon missing, or the indentation?", at_context=True
    ),
    "did not find expected key": _Said(_INDENTATION),
    "did not find expected '-' indicator": _Said(_INDENTATION),
    "did not find expected <document start>": _Said(_INDENTATION),
    "found unexpected end of stream": _Said("a quotation mark that is never closed", at_context=True),
    "did not find expected ',' or ']'": _Said(_BRACKET, at_context=True),
    "did not find expected ',' or '}'": _Said(_BRACKET, at_context=True),
    "found unknown escape character": _Said("a backslash inside double quotes: use single quotes"),
    "block sequence entries are not allowed in this context": _Said(
        "a list begins on a line of its own: put a text that begins with a dash in quotes"
    ),
}


def unreadable(error: yaml.MarkedYAMLError, text: str) -> tuple[int, int, str]:
    """The line, the column (both from 1) and the words for what the parser could not read."""
    problem = str(error.problem)
    said = _SAID.get(problem, _Said(f"cannot be read as YAML: {problem}"))
    marks: tuple[Any, Any] = (error.context_mark, error.problem_mark)
    mark = (marks[0] or marks[1]) if said.at_context else (marks[1] or marks[0])
    if mark is None:
        return 1, 1, said.message
    message = said.message
    if problem == "found character that cannot start any token":
        character = _character(text, mark.line, mark.column)
        message = _TAB if character == "\t" else f"a text cannot begin with “{character}”: put it in quotes"
    return mark.line + 1, mark.column + 1, message


def _character(text: str, line: int, column: int) -> str:
    lines = text.split("\n")
    return lines[line][column : column + 1] if line < len(lines) else ""
