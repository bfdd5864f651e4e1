"""The rules of exceptions, on values alone: what was typed, what counts for whom, what is weak by them.

A body that works in several partnerships of a round answers once. For one of them it can note another grade,
or that an indicator does not apply there; everywhere else its main answer counts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from compact.questionnaire.values import Indicator, Scale
from compact.web.problems import FieldProblem
from compact.web.texts import clean

from .limits import NOTE_LIMIT
from .rules import NOT_APPLICABLE, Answer


@dataclass(frozen=True)
class KeptException:
    """A partnership's exception from the main answer, with the partnership's name as it is."""

    partnership_id: int
    partnership: str
    key: str
    grade: str | None
    not_applicable: bool
    note: str


@dataclass(frozen=True)
class TypedException:
    """An exception as it was typed: a grade's key, `not_applicable` or nothing, and what is different."""

    grade: str = ""
    note: str = ""


@dataclass(frozen=True)
class GivenException:
    """An exception that can be kept: a grade, or not applicable where it is None, and the note."""

    grade: str | None
    note: str

    @property
    def not_applicable(self) -> bool:
        return self.grade is None

    @property
    def choice(self) -> str:
        return self.grade or NOT_APPLICABLE


def parse_exception(
    scale: Scale, main: Answer, typed: TypedException
) -> GivenException | tuple[FieldProblem, ...]:
    """The exception that was typed, or all that is wrong with it; beside the main answer it says more."""
    grade, note = typed.grade.strip(), clean(typed.note)
    problems = []
    if grade != NOT_APPLICABLE and grade not in scale.by_key:
        problems.append(FieldProblem("grade", "Choose the grade there, or that it does not apply there"))
    elif grade == main.choice:
        problems.append(
            FieldProblem(
                "grade", "This is your answer for all areas. Choose another one, or note no exception"
            )
        )
    if not note:
        problems.append(FieldProblem("note", "Enter what is different there"))
    elif len(note) > NOTE_LIMIT:
        message = f"The note is {len(note):,} characters long; it can have {NOTE_LIMIT:,}. "
        problems.append(FieldProblem("note", message + f"Shorten it by {len(note) - NOTE_LIMIT:,}"))
    return tuple(problems) or GivenException(None if grade == NOT_APPLICABLE else grade, note)


def still_asked(exceptions: Iterable[KeptException], asked: Iterable[Indicator]) -> list[KeptException]:
    """The exceptions to what is asked; one to what the profile has left out since does not count."""
    keys = {each.key for each in asked}
    return [each for each in exceptions if each.key in keys]


def weak_places(exceptions: Iterable[KeptException], weak: Collection[str]) -> Mapping[str, Sequence[str]]:
    """The indicators that are weak by an exception, each with the names of those partnerships."""
    places: dict[str, list[str]] = {}
    for each in exceptions:
        if each.grade in weak:
            places.setdefault(each.key, []).append(each.partnership)
    return places
