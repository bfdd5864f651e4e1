"""What is wrong with what was typed: a sentence, and the field it leads to."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldProblem:
    """`field` is the name of the field, which is also the id that the summary's link leads to."""

    field: str
    text: str

    @property
    def href(self) -> str:
        return f"#{self.field}"


def by_field(problems: Iterable[FieldProblem]) -> dict[str, str]:
    """The text to show beside each field: the first of its problems."""
    found: dict[str, str] = {}
    for problem in problems:
        found.setdefault(problem.field, problem.text)
    return found
