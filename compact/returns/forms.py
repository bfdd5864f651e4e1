"""The forms of a return. They only carry what was typed; the rules judge it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from flask_wtf import FlaskForm
from wtforms import StringField

from .rules import NO_PAGE, NOT_APPLICABLE, Answer, Origin, Typed

# In the order of `Typed`.
TYPED_PARTS = ("grade", "evidence", "reason")
_NOTHING = Typed()
_PAGE = re.compile("[0-9a-f-]{16,36}")


def field(key: str, part: str) -> str:
    """The name of an indicator's input; `part` is grade, evidence, reason or version."""
    return f"{key}-{part}"


@dataclass
class Inputs:
    """An indicator's inputs: what was typed, and the version of the answer that it was shown with.

    `first_version` is the one it was first typed over, while a colleague's newer answer is shown beside it.
    """

    typed: Typed = _NOTHING
    version: int = 0
    first_version: int | None = None


class StandardForm:
    """A standard's page: the inputs of each of its indicators, as they were posted or are to be shown."""

    def __init__(self, keys: Iterable[str], posted: Mapping[str, str] = MappingProxyType({})) -> None:
        self._inputs = {key: _posted_inputs(key, posted) if posted else Inputs() for key in keys}
        self.origin = origin_of(posted)

    def __getitem__(self, key: str) -> Inputs:
        return self._inputs[key]

    @property
    def texts(self) -> dict[str, str]:
        """Every text of the page by the name of its input."""
        return {
            field(key, part): getattr(inputs.typed, part)
            for key, inputs in self._inputs.items()
            for part in ("evidence", "reason")
        }

    def answer(self, key: str) -> Answer:
        """What the form was filled with, for showing without fields."""
        typed = self[key].typed
        if typed.grade == NOT_APPLICABLE:
            return Answer(None, True, typed.reason, typed.evidence)
        return Answer(typed.grade or None, False, typed.reason, typed.evidence)

    def show(self, key: str, answer: Answer, version: int) -> None:
        """Fill an indicator's inputs with what is kept."""
        self[key].typed = Typed(answer.choice, answer.evidence, answer.reason)
        self.show_version(key, version)

    def show_version(self, key: str, version: int, *, beside: bool = False) -> None:
        """Note the version that is shown now; `beside` the typed answer where it is not saved over it yet."""
        inputs = self[key]
        if not beside:
            inputs.first_version = None
        elif inputs.first_version is None:
            inputs.first_version = inputs.version
        inputs.version = version

    def undecide(self) -> None:
        """Choose no typed answer over a colleague's that was shown beside it: both are weighed again."""
        for inputs in self._inputs.values():
            if inputs.first_version is not None:
                inputs.version, inputs.first_version = inputs.first_version, None


def _posted_inputs(key: str, posted: Mapping[str, str]) -> Inputs:
    return Inputs(
        Typed(*(posted.get(field(key, part), "") for part in TYPED_PARTS)),
        number_in(posted.get(field(key, "version"))) or 0,
        number_in(posted.get(field(key, "first-version"))),
    )


def number_in(text: str | None) -> int | None:
    """The number that a page was given to send back; None for what no page of ours holds."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else None


def origin_of(posted: Mapping[str, str]) -> Origin:
    """The page and the sequence that its script sent along; none where it did not."""
    page, sequence = posted.get("page", ""), number_in(posted.get("sequence"))
    return Origin(page, sequence) if sequence and _PAGE.fullmatch(page) else NO_PAGE


@lru_cache(maxsize=100)
def profile_form_of(facts: tuple[str, ...]) -> type[FlaskForm]:
    """The form class for the yes/no facts of a profile."""
    return type("ProfileForm", (FlaskForm,), {fact: StringField() for fact in facts})


class ActionForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """An action: which indicator it answers, what, who leads, by when, how far."""

    key = StringField()
    what = StringField()
    lead = StringField()
    due = StringField()
    status = StringField()
    impact = StringField()
    version = StringField()


class UpdateForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """How an action goes on: how far, what changed for children, and a note."""

    note = StringField()
    status = StringField()
    impact = StringField()
    version = StringField()


class ExceptionForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """An exception: the grade there, and what is different."""

    grade = StringField()
    note = StringField()
    version = StringField()

    @property
    def shown_version(self) -> int:
        """The version of the exception that the page was shown with; -1 for what no page of ours holds."""
        number = number_in(self.version.data)
        return -1 if number is None else number


class WithdrawalForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """The time of one organisation withdrawn: why, and the version of the extension that was shown."""

    why = StringField()
    version = StringField()

    @property
    def shown_version(self) -> int:
        """The version of the extension that the page was shown with; -1 for what no page of ours holds."""
        number = number_in(self.version.data)
        return -1 if number is None else number


class ExtensionForm(WithdrawalForm):
    """More time for one organisation: until when, and why."""

    until = StringField()
