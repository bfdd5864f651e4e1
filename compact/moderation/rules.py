"""The rules of a moderated grade, on values alone."""

from dataclasses import dataclass

from compact.questionnaire.values import Scale
from compact.web.problems import FieldProblem
from compact.web.texts import clean

COMMENT_LIMIT = 2_000
# What an officer chooses to take a moderated grade back.
NONE = "none"


@dataclass(frozen=True)
class Moderated:
    """A grade as a partnership sees it, and why; without a grade it was taken back."""

    grade: str | None
    comment: str


def parse_moderated(grade: str, comment: str, scale: Scale) -> Moderated | tuple[FieldProblem, ...]:
    """What an officer typed, or everything that is wrong with it. Taking one back wants a reason as well."""
    text, problems = clean(comment).strip(), []
    if grade != NONE and grade not in scale.by_key:
        problems.append(FieldProblem("grade", "Choose a grade, or that there is none"))
    if not text:
        problems.append(FieldProblem("comment", "Enter the reason"))
    elif len(text) > COMMENT_LIMIT:
        said = f"The reason is {len(text):,} characters long; it can have {COMMENT_LIMIT:,}"
        problems.append(FieldProblem("comment", said))
    return tuple(problems) or Moderated(None if grade == NONE else grade, text)
