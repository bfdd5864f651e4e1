"""Whether every signed return still is what was signed: the evidence, its chain, and the answers kept."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from compact.db import table
from compact.returns.reading import exceptions_of, kept_answers
from compact.trail.store import FIRST_HASH, sha256
from compact.trail.verifying import Broken, Verified, end_of_chain

from .models import SignOff

AT_ONCE = 500  # rows; each holds a whole return

_sign_off = table(SignOff).c
_SIGN_OFFS = (
    select(*table(SignOff).columns)
    .where(_sign_off.id > bindparam("after"))
    .order_by(_sign_off.id)
    .limit(AT_ONCE)
)
_ONE = select(*table(SignOff).columns).where(_sign_off.return_id == bindparam("return_id"))
_BEFORE = (
    select(_sign_off.content_hash)
    .where(_sign_off.id < bindparam("id"))
    .order_by(_sign_off.id.desc())
    .limit(1)
    .execution_options(beyond_scope="the fingerprint before, which does not tell whose it is")
)


def verify_sign_offs(session: Session) -> Verified:
    """Read every sign-off in order. What follows the first broken one is not looked at."""
    rows, before = 0, FIRST_HASH
    for row in _all(session):
        if why := _fault(session, row, before):
            return Verified(rows, Broken(f"sign-off {row.receipt}", why))
        rows, before = rows + 1, row.content_hash
    return Verified(rows, end_of_chain(session, "sign_off", rows, before, "sign-off"))


def verify_return(session: Session, return_id: int) -> Verified | None:
    """Whether one signed return is what was signed; None when nobody signed it here."""
    row = session.execute(_ONE, {"return_id": return_id}).one_or_none()
    if row is None:
        return None
    before = session.scalar(_BEFORE, {"id": row.id}) or FIRST_HASH
    why = _fault(session, row, before)
    return Verified(0, Broken(f"sign-off {row.receipt}", why)) if why else Verified(1)


def _all(session: Session) -> Iterator[Any]:
    after = 0
    while rows := session.execute(_SIGN_OFFS, {"after": after}).all():
        yield from rows
        after = rows[-1].id


def _fault(session: Session, row: Any, before: str) -> str | None:
    if sha256(row.content) != row.content_hash:
        return "the content is not what was signed"
    if row.previous_hash != before:
        return "does not follow the sign-off before it"
    return _fault_in(session, row, json.loads(row.content))


def _fault_in(session: Session, row: Any, content: dict[str, Any]) -> str | None:
    """What in the database is not as the content, which fits its hash, says."""
    if any(_beside(row)[name] != said for name, said in _inside(content).items()):
        return "what is kept beside the content is not what the content says"
    kept = {
        key: (each.answer.grade, each.answer.not_applicable, each.answer.reason, each.answer.evidence)
        for key, each in kept_answers(session, row.return_id).items()
    }
    parts = ("grade", "not_applicable", "reason", "evidence")
    for answer in content["answers"]:
        if kept.pop(answer["key"], None) != tuple(answer[part] for part in parts):
            return f"the answer kept for “{answer['key']}” is not the one that was signed"
    if kept:
        return f"an answer is kept for “{next(iter(kept))}” that was not signed"
    exceptions = [asdict(each) for each in exceptions_of(session, row.return_id)]
    # The first format did not hold them.
    if "exceptions" in content and _without_names(content["exceptions"]) != _without_names(exceptions):
        return "the exceptions kept are not those that were signed"
    return None


def _without_names(exceptions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Exceptions with the partnership's id alone: its name may change."""
    return [{name: each[name] for name in each if name != "partnership"} for each in exceptions]


def _inside(content: dict[str, Any]) -> dict[str, Any]:
    """What the content says of the facts that stand in columns as well."""
    return {
        "return_id": content["return"]["id"],
        "previous_hash": content["previous_hash"],
        "signed_at": content["signed_at"],
        "person_id": content["signatory"]["person_id"],
        "person_name": content["signatory"]["name"],
        "job_title": content["signatory"]["job_title"],
        "role": content["signatory"]["role"],
        "organisation_name": content["organisation"]["name"],
        "statement_version": content["statement"]["version"],
        "statement": "\n\n".join(content["statement"]["text"]),
    }


def _beside(row: Any) -> dict[str, Any]:
    return {**row._mapping, "signed_at": row.signed_at.isoformat(timespec="seconds")}
