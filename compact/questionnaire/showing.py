"""A whole set to read before starting: as text on paper, as data, as a table. Rows in the order asked."""

import json
from collections.abc import Iterable, Iterator, Sequence
from textwrap import fill

from compact.documents.tables import to_csv

from .values import Basis, Edition, Evidence, Grade, Indicator, NotApplicable, Questionnaire

WIDTH = 88
HEAD = (
    "standard",
    "key",
    "text",
    "asked",
    "good",
    "improve",
    "evidence",
    "basis",
    "advice",
    "example",
    "asked_when",
)


def as_json(edition: Edition, setting: str) -> str:
    """Everything that the edition's files say about a setting."""
    shared = edition.common.model_dump(mode="json", exclude={"edition", "title"})
    data = {
        "edition": edition.name,
        "edition_title": edition.common.title,
        **edition.questionnaires[setting].model_dump(mode="json"),
        **shared,
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def as_csv(edition: Edition, setting: str) -> str:
    """A row for each indicator; where a cell holds a list, its parts stand between upright strokes."""
    return to_csv(HEAD, (_row(edition, each) for each in edition.questionnaires[setting].indicators))


def as_text(edition: Edition, setting: str) -> str:
    """The set as it can be read on paper, in lines of at most WIDTH characters."""
    return "\n".join(_lines(edition, edition.questionnaires[setting])) + "\n"


def _row(edition: Edition, indicator: Indicator) -> tuple[str | int, ...]:
    return (
        indicator.standard,
        indicator.key,
        indicator.text,
        indicator.asked,
        " | ".join(indicator.good),
        indicator.improve,
        " | ".join(map(told_evidence, indicator.evidence)),
        " | ".join(told_basis(edition, each) for each in indicator.basis),
        " | ".join(indicator.advice),
        indicator.example,
        indicator.asked_when or "",
    )


def _lines(edition: Edition, asked: Questionnaire) -> Iterator[str]:
    yield edition.common.title
    yield from _headed(asked.title, "=")
    for paragraph in (asked.duty, *asked.introduction):
        yield from _paragraph(paragraph)
    yield from _headed("Who signs", "-")
    yield from _paragraph(f"The return is signed by {asked.signed_by}, who confirms:")
    yield from _list(asked.statement.text)
    yield from _headed("Grades", "-")
    grades: list[Grade | NotApplicable] = [*edition.scale.grades, edition.scale.not_applicable]
    yield from _list(f"{each.label}: {each.meaning}" for each in grades)
    if asked.profile:
        yield from _headed("First, yes or no", "-")
    for fact in asked.profile:
        yield from _paragraph(fact.question)
        if fact.hint:
            yield from _paragraph(fact.hint, "  ")
        yield from _paragraph(f"If no: what depends on it is not asked, because {fact.otherwise}.", "  ")
    for number, standard in edition.standards.items():
        yield from _headed(f"Standard {number}: {standard.title}", "=")
        yield from _paragraph(standard.about)
        for left_out in asked.not_asked:
            if left_out.standard == number:
                yield from _paragraph(f"Not asked. {left_out.why}")
        for place, indicator in enumerate(asked.by_standard[number], start=1):
            yield from _indicator(edition, asked, indicator, f"{number}.{place}")
    yield from _documents(edition, asked)


def _indicator(edition: Edition, asked: Questionnaire, indicator: Indicator, number: str) -> Iterator[str]:
    yield from _headed(f"{number}  {indicator.text}", "-")
    if indicator.asked_when:
        yield from _paragraph(
            f"Asked only when the answer is yes: {asked.facts[indicator.asked_when].question}"
        )
    if indicator.changed:
        yield from _paragraph(f"Changed in {indicator.changed.edition}: {indicator.changed.what}")
    yield from ("What good looks like", "")
    yield from _list(indicator.good)
    yield from ("When it requires improvement", "")
    yield from _paragraph(indicator.improve, "  ")
    yield from ("Evidence, and who has it", "")
    yield from _list(map(told_evidence, indicator.evidence))
    yield from ("Where it comes from", "")
    yield from _list(told_basis(edition, each) for each in indicator.basis)
    yield from ("Advice on what helps", "")
    yield from _list(indicator.advice)
    yield from ("An example", "")
    yield from _paragraph(indicator.example, "  ")
    yield from (f"Key: {indicator.key}", "")


def _documents(edition: Edition, asked: Questionnaire) -> Iterator[str]:
    """The documents that this set rests on, with where to read them."""
    named = {basis.document for indicator in asked.indicators for basis in indicator.basis}
    yield from _headed("Documents", "=")
    for document in edition.common.documents:
        if document.key in named:
            yield _wrapped(f"{document.title} ({document.publisher})", "  - ", "    ")
            if document.link:
                yield f"    {document.link}"
    yield ""


def told_evidence(evidence: Evidence) -> str:
    """What could be shown, and who would have it."""
    return f"{evidence.show} ({evidence.held_by})"


def told_basis(edition: Edition, basis: Basis) -> str:
    """Where the duty comes from and since when, in words."""
    title = edition.documents[basis.document].title
    since = f"{basis.in_force.day} {basis.in_force:%B %Y}"
    return f"{title}, {basis.part} (in force since {since})"


def _headed(text: str, line: str) -> Sequence[str]:
    """A heading with space above it, underlined as wide as it is."""
    wrapped = _wrapped(text)
    return ("", wrapped, line * max(map(len, wrapped.split("\n"))), "")


def _paragraph(text: str, indent: str = "") -> Sequence[str]:
    return (_wrapped(text, indent, indent), "")


def _list(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield _wrapped(text, "  - ", "    ")
    yield ""


def _wrapped(text: str, first: str = "", then: str = "") -> str:
    return fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_on_hyphens=False,
        break_long_words=False,
    )
