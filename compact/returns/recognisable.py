"""Where the texts of a return seem to hold what a child could be recognised by, and the way back to them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask import flash, url_for
from markupsafe import Markup

from compact.actions.store import ActionRow
from compact.questionnaire.values import Indicator
from compact.web.identifiers import Kind, named, seen_in

from .exceptions import KeptException
from .forms import field
from .reading import Kept
from .rules import Answer

_SAVED = Markup(
    '{} seems to hold {}. <a class="govuk-notification-banner__link" href="{}">Go back to it</a> '
    "and describe people by their role."
)


def say_on_next_page(what: str, page: str, texts: Mapping[str, str]) -> None:
    """Tell of what was saved from a page if its texts, by the names of their boxes, seem to hold anything."""
    seen = {name: kinds for name, text in texts.items() if (kinds := seen_in(text))}
    if seen:
        kinds = tuple(kind for kind in Kind if any(kind in each for each in seen.values()))
        flash(_SAVED.format(what, named(kinds), f"{page}#{next(iter(seen))}"), "important")


def look_again(
    return_id: int,
    indicators: Iterable[Indicator],
    answers: Mapping[str, Kept],
    actions: Sequence[ActionRow],
    exceptions: Sequence[KeptException] = (),
) -> tuple[tuple[str, str], ...]:
    """The texts to look at again before signing: what each seems to hold, and the address of its box."""
    found: list[tuple[str, str]] = []
    for each in indicators:
        if each.key in answers:
            found += _in_answer(return_id, each, answers[each.key].answer)
        for action in actions:
            if action.key == each.key:
                found += _in_action(return_id, each, action)
        for exception in exceptions:
            if exception.key == each.key:
                found += _in_exception(return_id, each, exception)
    return tuple(found)


def _in_answer(return_id: int, indicator: Indicator, answer: Answer) -> Iterator[tuple[str, str]]:
    for part, what, text in (
        ("evidence", f"The evidence for {indicator.asked}", answer.evidence),
        ("reason", f"The reason why this does not apply to you, {indicator.asked},", answer.reason),
    ):
        if seen := seen_in(text):
            box = field(indicator.key, part)
            number = indicator.standard
            href = url_for("returns.standard", return_id=return_id, number=number, _anchor=box)
            yield f"{what} seems to hold {named(seen)}", href


def _in_action(return_id: int, indicator: Indicator, action: ActionRow) -> Iterator[tuple[str, str]]:
    for box, what, text in (
        ("what", f"An action for {indicator.asked}", action.what),
        ("lead", f"Who leads an action for {indicator.asked}", action.lead),
    ):
        if seen := seen_in(text):
            href = url_for("returns.action", return_id=return_id, action_id=action.id, _anchor=box)
            yield f"{what} seems to hold {named(seen)}", href


def _in_exception(
    return_id: int, indicator: Indicator, exception: KeptException
) -> Iterator[tuple[str, str]]:
    if seen := seen_in(exception.note):
        href = url_for(
            "returns.exception",
            return_id=return_id,
            partnership_id=exception.partnership_id,
            key=exception.key,
            _anchor="note",
        )
        yield (
            f"The exception for {exception.partnership}, {indicator.asked}, seems to hold {named(seen)}",
            href,
        )
