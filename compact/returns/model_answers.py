"""The model answer beside an indicator's fields, drawn once: an edition's words never change."""

from typing import cast

from flask import current_app
from markupsafe import Markup

from compact.questionnaire.values import Edition, Indicator


def model_answer(edition: Edition, setting: str, indicator: Indicator) -> Markup:
    """What good looks like, what requiring improvement looks like, evidence and basis, as markup.

    Drawing it takes a third of the time of a standard's page, so each is kept by the running application.
    """
    drawn: dict[tuple[str, str, str], Markup] = current_app.extensions.setdefault("compact.model_answers", {})
    place = (edition.name, setting, indicator.key)
    if place not in drawn:
        template = current_app.jinja_env.get_template("returns/_model.html")
        drawn[place] = cast(Markup, template.module.model(indicator, edition.documents))  # type: ignore[attr-defined]
    return drawn[place]
