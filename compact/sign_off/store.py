"""Signing in one transaction: content, hash, results, trail. Flushes, never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from compact.accounts.models import Person
from compact.accounts.store import signatories_of
from compact.cycles.extensions import extended_until
from compact.cycles.rules import last_day, missed_day
from compact.organisations.models import Organisation, OrganisationArea, Partnership
from compact.questionnaire.values import Edition, Questionnaire
from compact.returns import plan, reading
from compact.returns import store as return_store
from compact.returns.exception_store import leave_out_exceptions
from compact.returns.exceptions import KeptException
from compact.returns.history import forget_the_steps
from compact.returns.models import Return
from compact.returns.reading import ReturnRow
from compact.returns.rules import Facts, asked
from compact.trail import store as trail
from compact.trail.store import Head, sha256
from compact.web.clock import local_day

from . import evidence
from .beside import WithSigning
from .evidence import Signature, Signing, authority_in, ratified_in
from .models import Ratification, SignOff
from .results import write_results
from .rules import Authority, Missing, all_missing, who_may_sign


class NotSigned(Exception):  # noqa: N818 - it says what happened
    """The return was not signed: something is missing, or this person may not sign it."""


class ChangedMeanwhile(NotSigned):
    """The return is not what the page showed any more."""


@dataclass(frozen=True)
class Ratified:
    """When the governing body ratified a return, and who said so when; both empty where it was signed."""

    on: date
    noted_by: str | None = None
    noted_at: datetime | None = None


@dataclass(frozen=True)
class Receipt:
    """The record of a sign-off that its signatory sees. The first ones were not asked for an authority."""

    receipt: str
    person_name: str
    job_title: str
    organisation_name: str
    statement: str
    statement_version: str
    signed_at: datetime
    content_hash: str
    authority: Authority | None
    ratified: Ratified | None


def missing_of(
    session: Session,
    row: ReturnRow,
    edition: Edition,
    questionnaire: Questionnaire,
    exceptions: Sequence[KeptException],
) -> Missing:
    """All that the return still needs, with these exceptions. Signing goes by all of them."""
    return all_missing(
        edition,
        questionnaire,
        reading.facts_of(session, row.id),
        reading.choices_of(session, row.id),
        plan.keys_with_action(session, row),
        exceptions,
    )


@dataclass(frozen=True)
class Signers:
    """Who wrote a number of a return, and the names of the signatories who may sign it, by their ids."""

    authors: frozenset[int]
    able: Mapping[int, str]


def signers_of(session: Session, row: ReturnRow) -> Signers:
    """Who may sign the return as it is now."""
    authors = reading.authors_of(session, row.id)
    signatories = signatories_of(session, row.organisation_id)
    two_people = reading.two_people_sign(session, row.id)
    able = who_may_sign(signatories, authors, two_people=two_people)
    return Signers(authors, {person: name for person, name in signatories.items() if person in able})


@dataclass(frozen=True)
class SignedContent:
    """What was signed, word for word, with its hash and the hash of the sign-off before."""

    receipt: str
    content: str
    content_hash: str
    previous_hash: str


def sign(
    session: Session,
    row: ReturnRow,
    *,
    edition: Edition,
    questionnaire: Questionnaire,
    signature: Signature,
    shown_version: int,
    now: datetime,
    beside: WithSigning,
) -> None:
    """Sign the return as it was shown, and write what goes with it. Raises SignedMeanwhile, or NotSigned.

    Who may sign is asked again here, behind the lock: a role may have gone since the page was opened.
    """
    if return_store.lock_draft(session, row.id) != shown_version:
        raise ChangedMeanwhile
    by = signature.signatory.person_id
    if not _is_ready(session, row, edition, questionnaire, by):
        raise NotSigned
    facts = reading.facts_of(session, row.id)
    _make_final(session, row, edition, questionnaire, facts, now)
    beside(session, row.id)
    trail.record(session, "return signed", f"return {row.id}", by=by, at=now, number=row.number)
    head = trail.lock_head(session, "sign_off")
    answers = {key: kept.answer for key, kept in reading.kept_answers(session, row.id).items()}
    signing = Signing(
        row,
        edition,
        questionnaire,
        _organisation(session, row.organisation_id),
        signature,
        facts,
        answers,
        reading.exceptions_of(session, row.id),
        [each for each in plan.actions_in(session, row) if each.key in answers],
        now,
        head.hash,
    )
    _write(session, signing, head)


def _is_ready(
    session: Session, row: ReturnRow, edition: Edition, questionnaire: Questionnaire, by: int
) -> bool:
    """Whether nothing is missing, and this person may sign what there is."""
    exceptions = reading.exceptions_of(session, row.id)
    missing = missing_of(session, row, edition, questionnaire, exceptions)
    return not missing and by in signers_of(session, row).able


def _make_final(
    session: Session,
    row: ReturnRow,
    edition: Edition,
    questionnaire: Questionnaire,
    facts: Facts,
    now: datetime,
) -> None:
    """Leave out what is not asked, mark the return as signed, and keep its results."""
    keys = {each.key for each in asked(questionnaire.indicators, facts)}
    return_store.leave_out(session, row.id, reading.choices_of(session, row.id).keys() - keys)
    forget_the_steps(session, row.id)
    leave_out_exceptions(session, row.id, keys)
    late_after = _missed_day(session, row, local_day(now))
    signed = {"status": "signed", "signed_at": now, "late_after": late_after}
    session.execute(update(Return).where(Return.id == row.id).values(**signed))
    write_results(session, row.id, edition, questionnaire, reading.partnerships_of(session, row.id))


def _missed_day(session: Session, row: ReturnRow, signed_on: date) -> date | None:
    """The organisation's own last day as it stands now, where this signature misses it.

    It is kept with the return: time that is given or withdrawn later changes nothing of it.
    """
    place = (row.cycle_id, row.organisation_id)
    until = extended_until(session, [row.organisation_id]).get(place)
    in_time = select(Return.id).where(
        Return.cycle_id == row.cycle_id,
        Return.organisation_id == row.organisation_id,
        Return.status == "signed",
        Return.late_after.is_(None),
    )
    was_in_time = bool(session.scalar(select(in_time.exists())))
    return missed_day(signed_on, last_day(row.closes, until), was_in_time=was_in_time)


def receipt_of(session: Session, return_id: int) -> Receipt | None:
    """The receipt of a signed return; an imported one has none."""
    row = session.execute(
        select(
            SignOff.receipt,
            SignOff.person_name,
            SignOff.job_title,
            SignOff.organisation_name,
            SignOff.statement,
            SignOff.statement_version,
            SignOff.signed_at,
            SignOff.content_hash,
            SignOff.content,
        ).where(SignOff.return_id == return_id)
    ).one_or_none()
    if row is None:
        return None
    signed = ratified_in(row.content)
    ratified = Ratified(signed) if signed else _noted_ratification(session, return_id)
    return Receipt(*row[:-1], authority_in(row.content), ratified)


def note_ratification(session: Session, return_id: int, on: date, *, by: int, at: datetime) -> None:
    """Say after signing when the return was ratified; what was signed stays as it is."""
    session.add(Ratification(return_id=return_id, ratified_on=on, by_id=by, at=at))
    session.flush()
    subject = f"return {return_id}"
    trail.record(session, "ratification noted", subject, by=by, at=at, ratified_on=on.isoformat())


def _noted_ratification(session: Session, return_id: int) -> Ratified | None:
    row = session.execute(
        select(Ratification.ratified_on, Person.name, Ratification.at)
        .join(Person, Person.id == Ratification.by_id)
        .where(Ratification.return_id == return_id)
        .order_by(Ratification.id.desc())
        .limit(1)
    ).one_or_none()
    return Ratified(*row) if row else None


def signed_content_of(session: Session, return_id: int) -> SignedContent | None:
    """Exactly what was signed; None for a return that nobody signed here."""
    row = session.execute(
        select(SignOff.receipt, SignOff.content, SignOff.content_hash, SignOff.previous_hash).where(
            SignOff.return_id == return_id
        )
    ).one_or_none()
    return SignedContent(*row) if row else None


def _write(session: Session, signing: Signing, head: Head) -> None:
    """Keep the evidence, and move the head of its chain."""
    content = evidence.content_of(signing)
    content_hash, sequence = sha256(content), head.sequence + 1
    statement, signatory = signing.questionnaire.statement, signing.signature.signatory
    session.execute(
        insert(SignOff).values(
            return_id=signing.row.id,
            receipt=f"SC-{sequence:06d}",
            person_id=signatory.person_id,
            person_name=signatory.name,
            job_title=signatory.job_title,
            role=signatory.role,
            organisation_name=signing.organisation.name,
            statement_version=statement.version,
            statement="\n\n".join(statement.text),
            signed_at=signing.signed_at,
            content=content,
            content_hash=content_hash,
            previous_hash=head.hash,
        )
    )
    trail.move_head(session, "sign_off", Head(sequence, content_hash))


def _organisation(session: Session, organisation_id: int) -> evidence.Organisation:
    row = session.execute(
        select(Organisation.register, Partnership.name, Organisation.identifier, Organisation.name)
        .outerjoin(Partnership, Partnership.id == Organisation.owner_id)
        .where(Organisation.id == organisation_id)
    ).one()
    areas = session.scalars(
        select(OrganisationArea.area)
        .where(OrganisationArea.organisation_id == organisation_id)
        .order_by(OrganisationArea.area)
    )
    return evidence.Organisation(*row, tuple(areas))
