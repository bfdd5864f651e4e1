"""Editions with faults put into them, and the lines that are to name these faults."""

from collections.abc import Iterator, Mapping

from compact.questionnaire.marked import Mistakes
from compact.questionnaire.reading import edition_of
from tests import making

# Stands in a text where a mistake is to be named; it is taken out before the text is read.
CARET = "‸"
WHERE = "editions/2026"


def sound(file: str = "school.yaml") -> str:
    """A file without a mistake. Its last field is `asked_when` of standard 12's indicator."""
    return making.edition_texts()[file]


def with_fault(old: str, new: str, file: str = "school.yaml") -> str:
    """A file with something replaced where it first stands; what comes in may hold carets."""
    text = sound(file)
    assert old in text
    return text.replace(old, new, 1)


def lines(files: Mapping[str, str] | None = None, *, alone: bool = False) -> list[str]:
    """The mistakes of the test edition with some of its files replaced, as the command prints them.

    `alone`: with these questionnaires only, beside the twelve standards.
    """
    texts = making.edition_texts()
    if alone:
        texts = {"standards.yaml": texts["standards.yaml"]}
    for file, text in (files or {}).items():
        texts[file] = text.replace(CARET, "")
    try:
        edition_of("2026", texts, where=WHERE)
    except Mistakes as found:
        return str(found).split("\n")
    return []


def named(text: str, *messages: str, file: str = "school.yaml") -> list[str]:
    """The lines that are to name the mistakes at the carets of a text, in the order of the carets."""
    return [
        f"{WHERE}/{file}:{line}:{column}: {message}"
        for (line, column), message in zip(_carets(text), messages, strict=True)
    ]


def _carets(text: str) -> Iterator[tuple[int, int]]:
    for number, line in enumerate(text.split("\n"), start=1):
        column = 1
        for part in line.split(CARET)[:-1]:
            column += len(part)
            yield number, column
