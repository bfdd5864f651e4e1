"""A return with everything in it, as values: what its people, and those who may read it, take away."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from compact.access.values import Person
from compact.accounts import store as people
from compact.actions import store as action_store
from compact.actions.rules import STATUSES
from compact.questionnaire.values import Edition, Indicator, Questionnaire, Scale
from compact.returns import reading
from compact.returns.exception_store import exceptions_seen, keys_unseen, sees_all
from compact.returns.exceptions import KeptException
from compact.returns.reading import Kept, ReturnRow
from compact.returns.rules import UNANSWERED, Answer, Facts, asked, left_out

from . import store
from .store import Receipt


@dataclass(frozen=True)
class CopiedAction:
    """An action as it is, or as it was when the return was signed.

    `impact_since` is what changed for children where that was said, or said otherwise, after signing.
    """

    key: str
    what: str
    lead: str
    due: date
    status: str
    impact: str = ""
    impact_since: str = ""


@dataclass(frozen=True)
class CopiedAnswer:
    """What is held for one indicator. `by` is told to the organisation's own people alone."""

    number: str
    indicator: Indicator
    answer: Answer
    by: str | None
    at: datetime | None
    exceptions: tuple[KeptException, ...]
    actions: tuple[CopiedAction, ...]


@dataclass(frozen=True)
class ReturnCopy:
    """A number of a return as somebody may see it.

    `sees_all` is false for whoever sees some partnerships' exceptions only (A6).
    """

    row: ReturnRow
    edition: Edition
    questionnaire: Questionnaire
    facts: Facts
    answers: tuple[CopiedAnswer, ...]
    receipt: Receipt | None
    sees_all: bool

    @property
    def not_asked(self) -> Sequence[tuple[str, str]]:
        """What was left out, with the reason."""
        return [
            (indicator.asked, fact.otherwise)
            for fact, indicators in left_out(self.questionnaire, self.facts)
            for indicator in indicators
        ]

    @property
    def shown_profile(self) -> Sequence[tuple[str, str]]:
        """The facts with what was said; nothing where the return was brought in, which asks for none."""
        if self.row.imported:
            return []
        said = {True: "Yes", False: "No", None: "Not answered"}
        return [(fact.question, said[self.facts.get(fact.key)]) for fact in self.questionnaire.profile]


def copy_of(
    session: Session, row: ReturnRow, edition: Edition, questionnaire: Questionnaire, asking: Person
) -> ReturnCopy:
    """The return as this person may see it."""
    is_own = row.organisation_id in asking.organisations
    kept = reading.kept_answers(session, row.id)
    exceptions = exceptions_seen(session, row, asking)
    hidden = keys_unseen(session, row, asking)
    actions = [each for each in _actions(session, row) if each.key not in hidden]
    names = people.names(session, {each.by for each in kept.values() if each.by}) if is_own else {}
    indicators = questionnaire.indicators if row.imported else asked(questionnaire.indicators, row.facts)
    return ReturnCopy(
        row=row,
        edition=edition,
        questionnaire=questionnaire,
        facts=row.facts,
        answers=tuple(
            _answer(questionnaire, each, kept.get(each.key), names, exceptions, actions)
            for each in indicators
        ),
        receipt=store.receipt_of(session, row.id),
        sees_all=not row.works_in_several or sees_all(row, asking),
    )


def grade_label(scale: Scale, grade: str | None, *, not_applicable: bool) -> str:
    """A grade in words."""
    if not_applicable:
        return scale.not_applicable.label
    return scale.by_key[grade].label if grade else "No grade yet"


def _answer(
    questionnaire: Questionnaire,
    indicator: Indicator,
    kept: Kept | None,
    names: Mapping[int, str],
    exceptions: Sequence[KeptException],
    actions: Sequence[CopiedAction],
) -> CopiedAnswer:
    place = questionnaire.by_standard[indicator.standard].index(indicator) + 1
    return CopiedAnswer(
        number=f"{indicator.standard}.{place}",
        indicator=indicator,
        answer=kept.answer if kept else UNANSWERED,
        by=names.get(kept.by) if kept and kept.by else None,
        at=kept.at if kept else None,
        exceptions=tuple(each for each in exceptions if each.key == indicator.key),
        actions=tuple(each for each in actions if each.key == indicator.key),
    )


def _actions(session: Session, row: ReturnRow) -> list[CopiedAction]:
    """The actions as they were signed, with what changed since; as they are now where nobody has signed."""
    signed, present = (
        store.signed_content_of(session, row.id),
        action_store.actions_of(session, *row.organisations),
    )
    impacts = {each.id: each.impact for each in present}
    found = _actions_in(signed.content, impacts) if signed else None
    if found is not None:
        return found
    return [
        CopiedAction(each.key, each.what, each.lead, each.due, STATUSES[each.status], each.impact)
        for each in present
    ]


def _actions_in(content: str, impacts: Mapping[int, str]) -> list[CopiedAction] | None:
    """The actions that a signed content holds, and their present impacts where those are others.

    None where it is no content any more.
    """
    try:
        return [
            CopiedAction(
                each["key"],
                each["what"],
                each["lead"],
                date.fromisoformat(each["due"]),
                STATUSES.get(each["status"], each["status"]),
                signed := each.get("impact", ""),
                now if (now := impacts.get(each.get("id"), "")) != signed else "",
            )
            for each in json.loads(content)["actions"]
        ]
    except (ValueError, TypeError, KeyError):
        return None
