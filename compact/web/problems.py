"""What is wrong with what was typed: a sentence, and the field it leads to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldProblem:
    """`field` is the name of the field, which is also the id that the summary's link leads to."""

    field: str
    text: str

    @property
    def href(self) -> str:
        return f"#{self.field}"
