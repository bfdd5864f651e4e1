"""What looks the same for everybody, drawn once by each running application: parts of pages, and the paper.

An edition's words never change, and drawing them is most of what the page costs.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

from flask import current_app
from markupsafe import Markup

from compact.questionnaire.printing import as_pdf
from compact.questionnaire.values import Edition, Indicator

from .limits import REASON_LIMIT

Drawn = TypeVar("Drawn", Markup, bytes)
LONG_STANDARD = 4  # indicators
REASON_HINT = f"Up to {REASON_LIMIT:,} characters."


def model_answer(edition: Edition, setting: str, indicator: Indicator) -> Markup:
    """What good looks like, what requiring improvement looks like, evidence and basis."""
    place = ("model", edition.name, setting, indicator.key)
    return _once(place, lambda: _macro("returns/_model.html", "model")(indicator, edition.documents))


def contents(edition: Edition, setting: str, indicators: Sequence[Indicator]) -> Markup:
    """The list of a standard's indicators; nothing where a page is short enough to see what it holds."""
    if len(indicators) < LONG_STANDARD:
        return Markup("")
    place = ("contents", edition.name, setting, *(each.key for each in indicators))
    return _once(place, lambda: _macro("returns/_contents.html", "contents")(indicators))


def question(
    edition: Edition, setting: str, indicator: Indicator, choices: Sequence[Any], choice: str
) -> Markup:
    """The grades with the chosen one, and the empty reason, where nothing is wrong with either."""
    place = ("question", edition.name, setting, indicator.key, choice)
    return _once(place, lambda: question_anew(indicator, choices, choice=choice))


def question_anew(indicator: Indicator, choices: Sequence[Any], **shown: str | None) -> Markup:
    """The same with a reason or with errors, which are somebody's own and never kept."""
    return _macro("returns/_question.html", "question")(indicator, choices, reason_hint=REASON_HINT, **shown)


def paper(edition: Edition, setting: str, by: str, without: Collection[str] = ()) -> bytes:
    """The set as PDF, in the order asked or by the person to ask; without what depends on these facts."""
    place = ("paper", edition.name, setting, by, *sorted(without))
    return _once(place, lambda: as_pdf(edition, setting, by, without=without))


def _once(place: tuple[str, ...], draw: Callable[[], Drawn]) -> Drawn:
    drawn: dict[tuple[str, ...], Drawn] = current_app.extensions.setdefault("compact.drawn_once", {})
    if place not in drawn:
        drawn[place] = draw()
    return drawn[place]


def _macro(template: str, name: str) -> Callable[..., Markup]:
    macro: Callable[..., Markup] = getattr(current_app.jinja_env.get_template(template).module, name)
    return macro
