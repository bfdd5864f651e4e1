"""The forms of a return. They only carry what was typed; the rules judge it."""

from functools import lru_cache
from typing import Any

from flask_wtf import FlaskForm
from wtforms import StringField

from .rules import NOT_APPLICABLE, Answer, Typed

TYPED_PARTS = ("grade", "evidence", "reason")


def field(key: str, part: str) -> str:
    """The name of an indicator's field; `part` is grade, evidence, reason or version."""
    return f"{key}-{part}"


class StandardForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """A standard's page; `form_of` adds four fields for each of its indicators."""

    def typed(self, key: str) -> Typed:
        """What was posted for one indicator."""
        return Typed(*(self[field(key, part)].data or "" for part in TYPED_PARTS))

    def shown_version(self, key: str) -> int:
        """The version of the answer that the page was shown with; 0 when there was none."""
        text = self[field(key, "version")].data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0

    def answer(self, key: str) -> Answer:
        """What the form was filled with, for showing without fields."""
        choice = self[field(key, "grade")].data
        texts = (self[field(key, "reason")].data, self[field(key, "evidence")].data)
        if choice == NOT_APPLICABLE:
            return Answer(None, True, *texts)
        return Answer(choice or None, False, *texts)

    def show(self, key: str, answer: Answer, version: int) -> None:
        """Fill an indicator's fields with what is kept."""
        self[field(key, "grade")].data = answer.choice
        self[field(key, "evidence")].data = answer.evidence
        self[field(key, "reason")].data = answer.reason
        self.show_version(key, version)

    def show_version(self, key: str, version: int) -> None:
        self[field(key, "version")].data = str(version)


@lru_cache(maxsize=1000)
def form_of(keys: tuple[str, ...]) -> type[StandardForm]:
    """The form class for the indicators of a standard, built once for each set of them."""
    fields: dict[str, Any] = {
        field(key, part): StringField() for key in keys for part in (*TYPED_PARTS, "version")
    }
    return type("FormOfStandard", (StandardForm,), fields)


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
    version = StringField()
