"""What YAML itself cannot read, in words that help an author who has never heard of YAML."""

from typing import Any, NamedTuple

import yaml


class Unreadable(NamedTuple):
    """A place, counted from 1, where something begins that YAML cannot read, and what to say of it.

    `from_line` is where the parser gave up, which may be far below. `may_follow`: where another mistake
    stands in the same line, this one only follows from it.
    """

    line: int
    column: int
    message: str
    from_line: int
    may_follow: bool


class _Said(NamedTuple):
    """How a problem of the parser is told. `at_context`: it is to be put right where the thing begins."""

    message: str
    at_context: bool = False


_INDENTATION = (
    "does not fit in here: hold its indentation against the lines above it, and its quotation marks"
)
_BRACKET = "a bracket that is not closed: put a text that begins with [ or { in quotes"
_TAB = "a tab: use spaces to indent"
_CANNOT_START = "found character that cannot start any token"

_SAID = {
    "mapping values are not allowed in this context": _Said(
        "a colon with a space after it begins a field: put the text in quotes"
    ),
    "found a tab character that violates indentation": _Said(_TAB),
    "found a tab character where an indentation space is expected": _Said(_TAB),
    "could not find expected ':'": _Said(
        "is no field and continues no text: is a colon missing, or the indentation?", at_context=True
    ),
    "did not find expected key": _Said(_INDENTATION),
    "did not find expected '-' indicator": _Said(_INDENTATION),
    "did not find expected <document start>": _Said(_INDENTATION),
    "found unexpected end of stream": _Said("a quotation mark that is never closed", at_context=True),
    "did not find expected ',' or ']'": _Said(_BRACKET, at_context=True),
    "did not find expected ',' or '}'": _Said(_BRACKET, at_context=True),
    "did not find expected node content": _Said(_BRACKET, at_context=True),
    "did not find expected alphabetic or numeric character": _Said(
        "a text cannot begin with * or &: put it in quotes", at_context=True
    ),
    "found unknown escape character": _Said("a backslash inside double quotes: use single quotes"),
    "block sequence entries are not allowed in this context": _Said(
        "a list begins on a line of its own: put a text that begins with a dash in quotes"
    ),
}


def unreadable(error: yaml.MarkedYAMLError, lines: list[str]) -> Unreadable:
    """What the parser could not read in these lines."""
    problem = str(error.problem)
    said = _SAID.get(problem, _Said(f"cannot be read as YAML: {problem}"))
    given_up: Any = error.problem_mark or error.context_mark
    mark: Any = (error.context_mark if said.at_context else None) or given_up
    message = said.message
    if problem == _CANNOT_START:
        character = lines[mark.line][mark.column : mark.column + 1]
        message = _TAB if character == "\t" else f"a text cannot begin with “{character}”: put it in quotes"
    line = min(mark.line, len(lines) - 1)  # the parser counts a line after the last one
    column = mark.column if line == mark.line else len(lines[line])
    return Unreadable(line + 1, column + 1, message, given_up.line + 1, may_follow=message == _INDENTATION)
