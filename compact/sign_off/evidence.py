"""The exact content that is signed, as one canonical text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compact.actions.store import ActionRow
from compact.cycles.editions import hash_of
from compact.questionnaire.reading import COMMON_FILE
from compact.questionnaire.values import Edition, Questionnaire
from compact.returns.reading import ReturnRow
from compact.returns.rules import UNANSWERED, Answer, Facts, asked, left_out
from compact.trail.store import canonical

FORMAT = "compact-sign-off-1"


@dataclass(frozen=True)
class Signatory:
    """Who signs, as they are at this moment."""

    person_id: int
    name: str
    job_title: str
    role: str


@dataclass(frozen=True)
class Organisation:
    """The organisation as it is at this moment."""

    register: str
    owner: str | None
    identifier: str
    name: str
    areas: tuple[str, ...]


def content_of(
    *,
    row: ReturnRow,
    edition: Edition,
    questionnaire: Questionnaire,
    organisation: Organisation,
    signatory: Signatory,
    facts: Facts,
    answers: Mapping[str, Answer],
    actions: Iterable[ActionRow],
    signed_at: datetime,
    previous_hash: str,
) -> str:
    """Everything the signatory answers for, in the order asked, and the hash of the sign-off before."""
    indicators = asked(questionnaire.indicators, facts)
    content: dict[str, Any] = {
        "format": FORMAT,
        "previous_hash": previous_hash,
        "signed_at": signed_at.isoformat(timespec="seconds"),
        "return": {"id": row.id, "number": row.number, "cycle": row.cycle, "version": row.version},
        "questionnaire": {
            "edition": edition.name,
            "setting": row.setting,
            "hashes": {file: hash_of(edition.texts[file]) for file in (COMMON_FILE, f"{row.setting}.yaml")},
        },
        "organisation": {
            "register": organisation.register,
            "owner": organisation.owner,
            "identifier": organisation.identifier,
            "name": organisation.name,
            "areas": list(organisation.areas),
        },
        "signatory": {
            "person_id": signatory.person_id,
            "name": signatory.name,
            "job_title": signatory.job_title,
            "role": signatory.role,
        },
        "statement": {
            "version": questionnaire.statement.version,
            "text": list(questionnaire.statement.text),
        },
        "profile": dict(facts),
        "answers": [
            _answer(each.key, each.standard, answers.get(each.key, UNANSWERED)) for each in indicators
        ],
        "not_asked": [
            {"key": each.key, "because": fact.otherwise}
            for fact, out in left_out(questionnaire, facts)
            for each in out
        ],
        "actions": [
            {
                "id": action.id,
                "key": action.key,
                "what": action.what,
                "lead": action.lead,
                "due": action.due.isoformat(),
                "status": action.status,
            }
            for action in actions
        ],
    }
    return canonical(content)


def _answer(key: str, standard: int, answer: Answer) -> dict[str, Any]:
    return {
        "key": key,
        "standard": standard,
        "grade": answer.grade,
        "not_applicable": answer.not_applicable,
        "reason": answer.reason,
        "evidence": answer.evidence,
    }
