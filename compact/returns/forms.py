"""The forms of a return. They only carry what was typed; the rules judge it."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, StringField

from .rules import NO_PAGE, NOT_APPLICABLE, Answer, Origin, Typed

# In the order of `Typed`.
TYPED_PARTS = ("grade", "evidence", "reason")
_PAGE = re.compile("[0-9a-f-]{16,36}")


def field(key: str, part: str) -> str:
    """The name of an indicator's input; `part` is grade, evidence, reason or version."""
    return f"{key}-{part}"


class AnswerField(Field):
    """An indicator's inputs as one field: what was typed, and the version it was shown with.

    `first_version` is the one it was first typed over, while a colleague's newer answer is shown beside it.
    """

    typed = Typed()
    version = 0
    first_version: int | None = None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ARG002
        self.process_errors = []
        if formdata:
            taken = (formdata.get(field(self.name, part), "") for part in TYPED_PARTS)
            self.typed = Typed(*taken)
            self.version = number_in(formdata.get(field(self.name, "version"))) or 0
            self.first_version = number_in(formdata.get(field(self.name, "first-version")))


class StandardForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """A standard's page; `form_of` adds a field for each of its indicators."""

    @property
    def texts(self) -> dict[str, str]:
        """Every text of the page by the name of its input."""
        return {
            field(each.name, part): getattr(each.typed, part)
            for each in self
            if isinstance(each, AnswerField)
            for part in ("evidence", "reason")
        }

    @property
    def origin(self) -> Origin:
        """Which showing of the page sent this, where its script named itself."""
        return origin_of(request.form)

    def typed(self, key: str) -> Typed:
        """What was posted for one indicator, or what the form was filled with."""
        typed: Typed = self[key].typed
        return typed

    def shown_version(self, key: str) -> int:
        """The version of the answer that the page was shown with; 0 when there was none."""
        version: int = self[key].version
        return version

    def answer(self, key: str) -> Answer:
        """What the form was filled with, for showing without fields."""
        typed = self.typed(key)
        if typed.grade == NOT_APPLICABLE:
            return Answer(None, True, typed.reason, typed.evidence)
        return Answer(typed.grade or None, False, typed.reason, typed.evidence)

    def show(self, key: str, answer: Answer, version: int) -> None:
        """Fill an indicator's inputs with what is kept."""
        self[key].typed = Typed(answer.choice, answer.evidence, answer.reason)
        self.show_version(key, version)

    def show_version(self, key: str, version: int, *, beside: bool = False) -> None:
        """Note the version that is shown now; `beside` the typed answer where it is not saved over it yet."""
        answer = self[key]
        if not beside:
            answer.first_version = None
        elif answer.first_version is None:
            answer.first_version = answer.version
        answer.version = version

    def undecide(self) -> None:
        """Choose no typed answer over a colleague's that was shown beside it: both are weighed again."""
        for answer in self:
            if isinstance(answer, AnswerField) and answer.first_version is not None:
                answer.version, answer.first_version = answer.first_version, None


def number_in(text: str | None) -> int | None:
    """The number that a page was given to send back; None for what no page of ours holds."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else None


def origin_of(posted: Mapping[str, str]) -> Origin:
    """The page and the sequence that its script sent along; none where it did not."""
    page, sequence = posted.get("page", ""), number_in(posted.get("sequence"))
    return Origin(page, sequence) if sequence and _PAGE.fullmatch(page) else NO_PAGE


@lru_cache(maxsize=1000)
def form_of(keys: tuple[str, ...]) -> type[StandardForm]:
    """The form class for the indicators of a standard, built once for each set of them."""
    return type("FormOfStandard", (StandardForm,), {key: AnswerField() for key in keys})


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
