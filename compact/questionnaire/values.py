"""The questionnaires as frozen values; the classes are the schema of the YAML files.

Adding an attribute to an indicator means a line here, a line in the YAML and its place in a template. It has
a default, so that the stored text of an edition in use can still be read. Every text is plain text: nothing
in it is markup.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from .marked import UNSEEN

STANDARD_NUMBERS = range(1, 13)


def _plain(text: str) -> str:
    """Refuse what an author cannot have meant: an empty text, a line break, a control character."""
    if not text.strip():
        raise PydanticCustomError("empty_text", "is empty")
    if text.endswith("\n"):
        raise PydanticCustomError("line_break", "ends with a line break: write it without | or >")
    if "\n" in text:
        raise PydanticCustomError("line_break", "holds a line break: write one paragraph")
    if found := re.search(rf"\t|{UNSEEN.pattern}", text):
        name = f"U+{ord(found.group()):04X}"
        raise PydanticCustomError(
            "unseen", "holds {name}, a character that has no place in a text", {"name": name}
        )
    if text != text.strip():
        raise PydanticCustomError("stray_space", "begins or ends with a space")
    return text


def _iso_date(value: object) -> object:
    if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("iso_date", "is not a date written as 2026-09-01")


Text = Annotated[str, AfterValidator(_plain)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Reference = Text  # the key of something else; checks.py sees that it leads there
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]
StandardNumber = Annotated[int, Field(ge=STANDARD_NUMBERS.start, le=STANDARD_NUMBERS.stop - 1)]
IsoDate = Annotated[date, BeforeValidator(_iso_date)]


class Value(BaseModel):
    """A frozen value that refuses unknown fields and converts nothing silently."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Grade(Value):
    """A step of the scale, best first. `weak`: it counts as "requires improvement" in the analysis."""

    key: Word
    label: Text
    meaning: Text
    weak: bool


class NotApplicable(Value):
    """No grade: it needs a reason and leaves every denominator."""

    label: Text
    meaning: Text


class Scale(Value):
    grades: Annotated[tuple[Grade, ...], Field(min_length=2)]
    not_applicable: NotApplicable

    @cached_property
    def by_key(self) -> Mapping[str, Grade]:
        return {grade.key: grade for grade in self.grades}

    @cached_property
    def weak_keys(self) -> frozenset[str]:
        return frozenset(grade.key for grade in self.grades if grade.weak)


class Standard(Value):
    """One of the twelve; the same in every questionnaire, so that sectors can be compared."""

    number: StandardNumber
    title: Text
    about: Text


class Document(Value):
    """A published document that indicators rest on; `link` leads to a public body's page."""

    key: Key
    title: Text
    publisher: Text
    link: Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+(/\S*)?$")] | None = None


class Evidence(Value):
    """What could be shown, and the person who would have it."""

    show: Text
    held_by: Text


class Basis(Value):
    """Where the duty comes from: a document of the edition, its part, and since when it is in force."""

    document: Reference
    part: Text
    in_force: IsoDate


class Change(Value):
    """What changed in an edition. Answers carry forward and trends are drawn only where `same_meaning`."""

    edition: Text
    what: Text
    same_meaning: bool


class Indicator(Value):
    """One thing that is graded. Its key never changes while its meaning stays the same.

    `text` is what is true when it is in place; `asked` a noun phrase from which errors and table rows are
    built ("Choose a grade for ..."); `good` the model answer; `improve` what requiring improvement looks
    like; `asked_when` a fact of the profile that must be answered yes for the indicator to be asked.
    """

    key: Key
    standard: StandardNumber
    text: Text
    asked: Text
    good: Annotated[tuple[Text, ...], Field(min_length=1)]
    improve: Text
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    basis: Annotated[tuple[Basis, ...], Field(min_length=1)]
    advice: Annotated[tuple[Text, ...], Field(min_length=1)]
    example: Text
    asked_when: Reference | None = None
    changed: Change | None = None


class Fact(Value):
    """A yes/no fact of the profile. `otherwise` says, after "because", why a "no" leaves indicators out."""

    key: Key
    question: Text
    otherwise: Text
    hint: Text | None = None


class NotAsked(Value):
    """A standard that this setting type is not asked about at all, and why."""

    standard: StandardNumber
    why: Text


class Statement(Value):
    """What the signatory confirms. The version changes with every change of the text."""

    version: Text
    text: Annotated[tuple[Text, ...], Field(min_length=1)]


class Questionnaire(Value):
    """The whole set for one setting type. `sector` is the plural that findings and summaries use."""

    setting: Word
    title: Text
    sector: Text
    duty: Text
    introduction: Annotated[tuple[Text, ...], Field(min_length=1)]
    signed_by: Text
    statement: Statement
    profile: tuple[Fact, ...] = ()
    not_asked: tuple[NotAsked, ...] = ()
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]

    @cached_property
    def by_key(self) -> Mapping[str, Indicator]:
        return {indicator.key: indicator for indicator in self.indicators}

    @cached_property
    def sometimes(self) -> tuple[Indicator, ...]:
        """The indicators that are only asked where a fact is so."""
        return tuple(indicator for indicator in self.indicators if indicator.asked_when)

    @cached_property
    def by_standard(self) -> Mapping[int, tuple[Indicator, ...]]:
        """Every standard's number with its indicators in the order asked; empty where not asked."""
        return {
            number: tuple(indicator for indicator in self.indicators if indicator.standard == number)
            for number in STANDARD_NUMBERS
        }

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        return {fact.key: fact for fact in self.profile}

    def without(self, facts: Collection[str]) -> "Questionnaire":
        """What is asked of a setting where these facts are answered no."""
        if not facts:
            return self
        whole = {name: getattr(self, name) for name in type(self).model_fields}
        asked = tuple(each for each in self.indicators if each.asked_when not in facts)
        return Questionnaire(**{**whole, "indicators": asked})


class Common(Value):
    """`standards.yaml`: what all questionnaires of an edition share.

    `names` are the words with a capital that may stand inside a sentence: public bodies, laws, abbreviations.
    """

    edition: Text
    title: Text
    scale: Scale
    standards: Annotated[tuple[Standard, ...], Field(min_length=1)]
    documents: Annotated[tuple[Document, ...], Field(min_length=1)]
    names: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Edition:
    """A year's questionnaires with what they share, and the exact text of each file they were read from."""

    common: Common
    questionnaires: Mapping[str, Questionnaire]
    texts: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.common.edition

    @property
    def scale(self) -> Scale:
        return self.common.scale

    @cached_property
    def standards(self) -> Mapping[int, Standard]:
        return {standard.number: standard for standard in self.common.standards}

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        return {document.key: document for document in self.common.documents}

    @property
    def settings(self) -> tuple[str, ...]:
        """The setting types in the order in which findings list their sectors."""
        return tuple(self.questionnaires)
