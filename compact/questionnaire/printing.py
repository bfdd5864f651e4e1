"""A whole set on paper, to gather evidence with: by standard as it is asked, or by the person to ask."""

from collections.abc import Collection, Iterator
from types import MappingProxyType
from typing import Any

from compact.documents import typeset
from compact.web.texts import sentence_case

from .gathering import Held, by_person
from .measuring import measure
from .showing import told_basis, told_evidence
from .values import Edition, Grade, Indicator, NotApplicable, Questionnaire

TEMPLATE = "questionnaire/set.typ"
BY_PERSON = (
    "Whom to ask for which evidence, those with the most to show first. Tick what is there and note where "
    "it is kept. Every line ends with what it is evidence of."
)
Part = dict[str, Any]


def as_pdf(edition: Edition, setting: str, by: str = "standard", *, without: Collection[str] = ()) -> bytes:
    """The set as a tagged PDF. `by` is "standard", or "person" for lists to hand to colleagues.

    What depends on a fact of `without` is not asked; the paper says so.
    """
    whole = edition.questionnaires[setting]
    asked = whole.without(without)
    title, opening, parts = ORDERS[by](edition, asked)
    data = {
        "title": title,
        "subtitle": f"{asked.title}, edition {edition.name}",
        "publisher": edition.common.title,
        "footer": f"{edition.common.title}. {asked.title}",
        "opening": [*opening, *_left_out(whole, without)],
        "parts": [{**part, "anchor": f"part-{place}"} for place, part in enumerate(parts, start=1)],
    }
    return typeset.pdf(TEMPLATE, data)


def _by_standard(edition: Edition, asked: Questionnaire) -> tuple[str, list[str], list[Part]]:
    much = measure(asked)
    size = f"{much.indicators} indicators, {much.words:,} words: {much.minutes_to_read} minutes of reading."
    parts = [_before(edition, asked)]
    for number, standard in edition.standards.items():
        items = [
            _indicator(edition, asked, indicator, f"{number}.{place}")
            for place, indicator in enumerate(asked.by_standard[number], start=1)
        ]
        left_out = [f"Not asked. {each.why}" for each in asked.not_asked if each.standard == number]
        parts.append(_part(f"Standard {number}: {standard.title}", [standard.about, *left_out], items=items))
    return "All the questions", [asked.duty, *asked.introduction, size], parts


def _before(edition: Edition, asked: Questionnaire) -> Part:
    """What is settled before the first indicator: who signs what, the grades, the facts of the profile."""
    grades: list[Grade | NotApplicable] = [*edition.scale.grades, edition.scale.not_applicable]
    sections = [
        _section(f"{sentence_case(asked.signed_by)} confirms", asked.statement.text),
        _section("The grades", [f"{each.label}: {each.meaning}" for each in grades]),
    ]
    facts = [f"{fact.question} If not, {fact.otherwise}." for fact in asked.profile]
    if facts:
        sections.append(_section("First, yes or no", facts))
    item = {"heading": "Who signs, and how to grade", "note": None, "sections": sections}
    return _part("Before you start", [], items=[item])


def _indicator(edition: Edition, asked: Questionnaire, indicator: Indicator, number: str) -> Part:
    when = indicator.asked_when
    return {
        "heading": f"{number}  {indicator.text}",
        "note": f"Asked when the answer is yes: {asked.facts[when].question}" if when else None,
        "sections": [
            _section("What good looks like", indicator.good),
            _section("When it requires improvement", [indicator.improve]),
            _section("Evidence to gather", map(told_evidence, indicator.evidence), tick=True),
            _section("Where it comes from", [told_basis(edition, each) for each in indicator.basis]),
        ],
    }


def _by_person(edition: Edition, asked: Questionnaire) -> tuple[str, list[str], list[Part]]:
    """A part for each person; in it the evidence, standard by standard."""
    parts = [
        _part(sentence_case(each.who), [], items=list(_held(edition, each)))
        for each in by_person(asked.indicators)
    ]
    return "Evidence to gather, by person", [BY_PERSON], parts


def _held(edition: Edition, held: Held) -> Iterator[Part]:
    for number, shown in held.by_standard.items():
        heading = f"Standard {number}: {edition.standards[number].title}"
        texts = [f"{each.show} ({each.indicator.asked})" for each in shown]
        yield {"heading": heading, "note": None, "sections": [_section(None, texts, tick=True)]}


def _left_out(whole: Questionnaire, without: Collection[str]) -> Iterator[str]:
    """A line for each fact that leaves indicators out."""
    for fact in whole.profile:
        out = [each.asked for each in whole.indicators if each.asked_when == fact.key]
        if fact.key in without and out:
            yield f"Not asked, because {fact.otherwise}: {'; '.join(out)}."


def _part(heading: str, about: list[str], *, items: list[Part]) -> Part:
    return {"heading": heading, "about": about, "items": items}


def _section(label: str | None, texts: Any, *, tick: bool = False) -> Part:
    return {"label": label, "texts": list(texts), "tick": tick}


ORDERS = MappingProxyType({"standard": _by_standard, "person": _by_person})
