"""Adding, correcting, closing and reopening an organisation by hand, and what was corrected before.

What an officer corrects stays so while the register says what it said before (`rules.plan` sees to that).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from compact.trail import store as trail
from compact.web.problems import FieldProblem
from compact.web.texts import clean, sentence_case

from .models import Organisation, OrganisationArea, OrganisationCorrection
from .rules import (
    CLOSED,
    LOCAL,
    LONGEST_IDENTIFIER,
    LONGEST_NAME,
    LONGEST_POSTCODE,
    OPEN,
    PHASES,
    STATUS,
    is_email,
    one_line,
    wrong_text,
)
from .store import end_correction

HIPS = "hips"
WHY_LIMIT = 500
FIELDS = {
    "name": "Name",
    "setting": "Type",
    "phase": "Phase",
    "postcode": "Postcode",
    "contact_email": "Contact",
    STATUS: "Status",
}


@dataclass(frozen=True)
class Details:
    """What officers may write of an organisation. Empty texts mean that nothing is known."""

    name: str
    setting: str
    phase: str
    postcode: str
    contact_email: str


@dataclass(frozen=True)
class Correction:
    """A correction as it is kept. In force until it has ended; `by` is empty where nobody knows any more."""

    field: str
    register_said: str | None
    was: str | None
    corrected: str | None
    why: str
    by_id: int | None
    at: datetime
    ended_at: datetime | None


def typed_details(form: Mapping[str, str]) -> Details:
    """What was typed, in the form in which it is kept."""
    return Details(
        name=typed_line(form.get("name", "")),
        setting=typed_line(form.get("setting", "")),
        phase=typed_line(form.get("phase", "")),
        postcode=typed_line(form.get("postcode", "")).upper(),
        contact_email=typed_line(form.get("contact_email", "")),
    )


def details_of(kept: object) -> Details:
    """The same of an organisation that is kept."""
    return Details(**{name: getattr(kept, name) or "" for name in Details.__dataclass_fields__})


def problems_of(details: Details, settings: Collection[str], areas: Collection[str]) -> list[FieldProblem]:
    problems = []
    if not details.name:
        problems.append(FieldProblem("name", "Enter the organisation’s name"))
    for name, longest in (("name", LONGEST_NAME), ("postcode", LONGEST_POSTCODE)):
        if wrong := wrong_text(name, getattr(details, name), longest):
            problems.append(FieldProblem(name, sentence_case(wrong)))
    if details.setting not in settings:
        problems.append(FieldProblem("setting", "Choose which questions it answers"))
    elif details.setting == HIPS and len(areas) < 2:
        problems.append(
            FieldProblem("setting", "Choose another type: this one is for bodies of several areas")
        )
    if details.phase and details.phase not in PHASES:
        problems.append(FieldProblem("phase", "Choose a phase, or none"))
    if details.contact_email and not is_email(details.contact_email):
        problems.append(FieldProblem("contact_email", "Enter an e-mail address, like name@example.org"))
    return problems


def typed_why(text: str) -> str:
    return clean(text).strip()


def problem_of_why(why: str, *, wanted: bool) -> list[FieldProblem]:
    if wanted and not why:
        return [FieldProblem("why", "Say why, for whoever looks at it next year")]
    if len(why) > WHY_LIMIT:
        return [FieldProblem("why", f"The reason has {len(why)} characters; at most {WHY_LIMIT} fit")]
    return []


def problem_of_identifier(
    session: Session, identifier: str, owner_id: int, areas: Collection[str]
) -> list[FieldProblem]:
    """What is wrong with a new organisation's number and areas."""
    problems = [] if areas else [FieldProblem("areas", "Choose at least one area")]
    if wrong := wrong_text("number", identifier, LONGEST_IDENTIFIER):
        problems.append(FieldProblem("identifier", sentence_case(wrong)))
    elif identifier and (there := _of_number(session, owner_id, identifier)):
        problems.append(FieldProblem("identifier", f"{there} has this number already"))
    return problems


def add(
    session: Session,
    details: Details,
    *,
    owner_id: int,
    identifier: str,
    areas: Collection[str],
    by: int,
    at: datetime,
) -> int:
    """A new organisation of the partnership's own; without a number it gets the next that is free."""
    number = identifier or _next_number(session, owner_id)
    columns = {name: value or None for name, value in asdict(details).items()}
    made = session.execute(
        insert(Organisation)
        .values(register=LOCAL, owner_id=owner_id, identifier=number, status=OPEN, **columns)
        .returning(Organisation.id)
    ).scalar_one()
    session.execute(
        insert(OrganisationArea), [{"organisation_id": made, "area": area} for area in sorted(areas)]
    )
    trail.record(session, "organisation added", f"organisation {made}", by=by, at=at)
    return made


def lock(session: Session, organisation_id: int) -> Details | None:
    """An organisation's details, and nobody else changes them until this transaction ends."""
    row = session.execute(
        select(Organisation.name, Organisation.setting, Organisation.phase, Organisation.postcode)
        .add_columns(Organisation.contact_email)
        .where(Organisation.id == organisation_id)
        .with_for_update()
    ).one_or_none()
    return details_of(row) if row else None


def correct(
    session: Session,
    organisation_id: int,
    before: Details,
    after: Details,
    *,
    why: str,
    by: int,
    at: datetime,
) -> list[str]:
    """Write the details anew and note each field that changes; their names. The caller holds the lock."""
    was, corrected = asdict(before), asdict(after)
    changed = [name for name in was if was[name] != corrected[name]]
    for name in changed:
        _note(
            session,
            organisation_id,
            Correction(name, None, was[name] or None, corrected[name] or None, why, by, at, None),
        )
    if changed:
        session.execute(
            update(Organisation)
            .where(Organisation.id == organisation_id)
            .values({name: corrected[name] or None for name in changed})
        )
        fields = ", ".join(changed)  # not what was written: an address of somebody does not stay for ever
        subject = f"organisation {organisation_id}"
        trail.record(session, "organisation corrected", subject, by=by, at=at, fields=fields)
    return changed


def close(session: Session, organisation_id: int, on: date, *, why: str, by: int, at: datetime) -> bool:
    """Close an open organisation; False where it was closed meanwhile."""
    noted = Correction(STATUS, None, OPEN, CLOSED, why, by, at, None)
    if not _set_status(session, organisation_id, on, noted):
        return False
    subject = f"organisation {organisation_id}"
    trail.record(session, "organisation closed", subject, by=by, at=at, on=on.isoformat(), why=why)
    return True


def reopen(session: Session, organisation_id: int, *, why: str, by: int, at: datetime) -> bool:
    """Open a closed organisation again; False where it was opened meanwhile."""
    noted = Correction(STATUS, None, CLOSED, OPEN, why, by, at, None)
    if not _set_status(session, organisation_id, None, noted):
        return False
    trail.record(session, "organisation reopened", f"organisation {organisation_id}", by=by, at=at, why=why)
    return True


def history(session: Session, organisation_id: int) -> list[Correction]:
    """Every correction, the newest first."""
    rows = session.execute(
        select(*(getattr(OrganisationCorrection, name) for name in Correction.__dataclass_fields__))
        .where(OrganisationCorrection.organisation_id == organisation_id)
        .order_by(OrganisationCorrection.id.desc())
    )
    return [Correction(*row) for row in rows]


def in_force(corrections: Sequence[Correction]) -> dict[str, Correction]:
    """Those that hold against the register, by field."""
    return {each.field: each for each in corrections if each.ended_at is None}


def _set_status(session: Session, organisation_id: int, closed_on: date | None, noted: Correction) -> bool:
    changed = session.execute(
        update(Organisation)
        .where(Organisation.id == organisation_id, Organisation.status == noted.was)
        .values(status=noted.corrected, closed_on=closed_on)
        .returning(Organisation.id)
    ).one_or_none()
    if changed:
        _note(session, organisation_id, noted)
    return changed is not None


def _note(session: Session, organisation_id: int, new: Correction) -> None:
    """Keep a correction in place of the one before it. One that agrees with the register is over at once."""
    before = in_force(history(session, organisation_id)).get(new.field)
    said = before.register_said if before else new.was
    end_correction(session, organisation_id, new.field, new.at)
    ended_at = new.at if new.corrected == said else None
    columns = {**asdict(new), "register_said": said, "ended_at": ended_at}
    session.execute(insert(OrganisationCorrection).values(organisation_id=organisation_id, **columns))


def _of_number(session: Session, owner_id: int, identifier: str) -> str | None:
    """The name of the partnership's own organisation that has this number."""
    return session.scalar(
        select(Organisation.name).where(
            Organisation.register == LOCAL,
            Organisation.owner_id == owner_id,
            func.lower(Organisation.identifier) == identifier.lower(),
        )
    )


def _next_number(session: Session, owner_id: int) -> str:
    of_owner = select(Organisation.identifier).where(
        Organisation.register == LOCAL, Organisation.owner_id == owner_id
    )
    numbers = [int(each) for each in session.scalars(of_owner) if each.isascii() and each.isdigit()]
    return str(max(numbers, default=0) + 1)


def typed_line(text: str) -> str:
    """A typed line as it is kept: no control characters, every run of blanks as one space."""
    return one_line(clean(text))
