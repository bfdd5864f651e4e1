"""The exact content that is signed, as one canonical text."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
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


@dataclass(frozen=True)
class Signing:
    """All that a sign-off is about, as it is at the moment of signing."""

    row: ReturnRow
    edition: Edition
    questionnaire: Questionnaire
    organisation: Organisation
    signatory: Signatory
    facts: Facts
    answers: Mapping[str, Answer]
    actions: Sequence[ActionRow]
    signed_at: datetime
    previous_hash: str


def content_of(signing: Signing) -> str:
    """Everything the signatory answers for, in the order asked, and the hash of the sign-off before."""
    row, statement = signing.row, signing.questionnaire.statement
    content: dict[str, Any] = {
        "format": FORMAT,
        "previous_hash": signing.previous_hash,
        "signed_at": signing.signed_at.astimezone(UTC).isoformat(timespec="seconds"),
        "return": {"id": row.id, "number": row.number, "cycle": row.cycle, "version": row.version},
        "questionnaire": _questionnaire(signing),
        "organisation": asdict(signing.organisation),
        "signatory": asdict(signing.signatory),
        "statement": {"version": statement.version, "text": list(statement.text)},
        "profile": dict(signing.facts),
        "answers": _answers(signing),
        "not_asked": [
            {"key": each.key, "because": fact.otherwise}
            for fact, out in left_out(signing.questionnaire, signing.facts)
            for each in out
        ],
        "actions": [_action(action) for action in signing.actions],
    }
    return canonical(content)


def _questionnaire(signing: Signing) -> dict[str, Any]:
    files = (COMMON_FILE, f"{signing.row.setting}.yaml")
    hashes = {file: hash_of(signing.edition.texts[file]) for file in files}
    return {"edition": signing.edition.name, "setting": signing.row.setting, "hashes": hashes}


def _answers(signing: Signing) -> list[dict[str, Any]]:
    indicators = asked(signing.questionnaire.indicators, signing.facts)
    return [
        {
            "key": each.key,
            "standard": each.standard,
            **asdict(signing.answers.get(each.key, UNANSWERED)),
        }
        for each in indicators
    ]


def _action(action: ActionRow) -> dict[str, Any]:
    return {
        "id": action.id,
        "key": action.key,
        "what": action.what,
        "lead": action.lead,
        "due": action.due.isoformat(),
        "status": action.status,
    }
