"""The exact content that is signed, as one canonical text."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Any

from compact.actions.store import ActionRow
from compact.cycles.editions import hash_of
from compact.questionnaire.reading import COMMON_FILE
from compact.questionnaire.values import Edition, Questionnaire
from compact.returns.exceptions import KeptException
from compact.returns.reading import ReturnRow
from compact.returns.rules import UNANSWERED, Answer, Facts, asked, left_out
from compact.trail.store import canonical

from .rules import Accountable, Authority

# 1 had no authority, proof, origin, version of the application, and exceptions.
FORMAT = "compact-sign-off-2"
VERSION = version("compact")


@dataclass(frozen=True)
class Signatory:
    """Who signs, as they are at this moment."""

    person_id: int
    name: str
    job_title: str
    role: str


@dataclass(frozen=True)
class Proof:
    """How the signatory last proved who they are, and when: `password`, or `demo` where nobody did."""

    method: str
    at: datetime


@dataclass(frozen=True)
class Origin:
    """Where the signature came from: the network address, and what the browser says of itself."""

    address: str
    browser: str


@dataclass(frozen=True)
class Signature:
    """What a signatory brings to a sign-off. `ratified_on`: when the governing body agreed, if said."""

    signatory: Signatory
    authority: Authority
    proof: Proof
    origin: Origin
    ratified_on: date | None = None


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
    signature: Signature
    facts: Facts
    answers: Mapping[str, Answer]
    exceptions: Sequence[KeptException]
    actions: Sequence[ActionRow]
    signed_at: datetime
    previous_hash: str


def content_of(signing: Signing) -> str:
    """Everything the signatory answers for, in the order asked, and the hash of the sign-off before."""
    row, statement, signature = signing.row, signing.questionnaire.statement, signing.signature
    content: dict[str, Any] = {
        "format": FORMAT,
        "previous_hash": signing.previous_hash,
        "signed_at": _moment(signing.signed_at),
        "application": {"version": VERSION},
        "return": {"id": row.id, "number": row.number, "cycle": row.cycle, "version": row.version},
        "questionnaire": _questionnaire(signing),
        "organisation": asdict(signing.organisation),
        "signatory": asdict(signature.signatory),
        "authority": _authority(signature.authority),
        "proof": {"method": signature.proof.method, "at": _moment(signature.proof.at)},
        "origin": asdict(signature.origin),
        "statement": {"version": statement.version, "text": list(statement.text)},
        "profile": dict(signing.facts),
        "answers": _answers(signing),
        "not_asked": [
            {"key": each.key, "because": fact.otherwise}
            for fact, out in left_out(signing.questionnaire, signing.facts)
            for each in out
        ],
        "exceptions": [asdict(each) for each in signing.exceptions],
        "actions": [_action(action) for action in signing.actions],
    }
    if signature.ratified_on:
        content["ratified_on"] = signature.ratified_on.isoformat()
    return canonical(content)


def ratified_in(content: str) -> date | None:
    """The day of ratification that was signed; None where none was, or where it is no content any more."""
    try:
        return date.fromisoformat(json.loads(content)["ratified_on"])
    except (ValueError, TypeError, KeyError):
        return None


def authority_in(content: str) -> Authority | None:
    """The authority that a content names; None in the first format, or where it is no content any more."""
    try:
        said = json.loads(content)["authority"]
        return Authority(Accountable(**said["of"]) if said["kind"] == "delegate" else None)
    except (ValueError, TypeError, KeyError):
        return None


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _authority(authority: Authority) -> dict[str, Any]:
    return {"kind": "delegate", "of": asdict(authority.of)} if authority.of else {"kind": "own"}


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
    """An action as it is; what changed for children only where somebody said it."""
    impact = {"impact": action.impact} if action.impact else {}
    return impact | {
        "id": action.id,
        "key": action.key,
        "what": action.what,
        "lead": action.lead,
        "due": action.due.isoformat(),
        "status": action.status,
    }
