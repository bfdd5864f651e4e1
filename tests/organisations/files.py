"""Made-up files in the formats of the registers, and what an import says and leaves in the database."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, select

from compact import db
from compact.organisations import store
from compact.organisations.models import Organisation
from compact.organisations.rules import Known

HEAD = (
    "URN",
    "LA (code)",
    "EstablishmentName",
    "TypeOfEstablishment (code)",
    "TypeOfEstablishment (name)",
    "EstablishmentStatus (code)",
    "EstablishmentStatus (name)",
    "PhaseOfEducation (code)",
    "PhaseOfEducation (name)",
    "CloseDate",
    "Postcode",
    "Trusts (name)",
)
SCHOOL = dict(
    zip(
        HEAD,
        (
            "100001",
            "901",
            "Larkfield School",
            "1",
            "Community school",
            "1",
            "Open",
            "2",
            "Primary",
            "",
            "",
            "",
        ),
        strict=True,
    )
)


def school(**changes: str) -> dict[str, str]:
    """A school's row; the columns by short names."""
    columns = {
        "urn": "URN",
        "area": "LA (code)",
        "name": "EstablishmentName",
        "type_code": "TypeOfEstablishment (code)",
        "type": "TypeOfEstablishment (name)",
        "status_code": "EstablishmentStatus (code)",
        "status": "EstablishmentStatus (name)",
        "phase_code": "PhaseOfEducation (code)",
        "phase": "PhaseOfEducation (name)",
        "closed": "CloseDate",
        "postcode": "Postcode",
        "trust": "Trusts (name)",
    }
    return {**SCHOOL, **{columns[name]: value for name, value in changes.items()}}


def gias_file(path: Path, *rows: dict[str, str], head: Sequence[str] = HEAD) -> Path:
    lines = [head, *([row.get(column, "") for column in head] for row in rows)]
    text = "".join(",".join(f'"{cell}"' for cell in line) + "\r\n" for line in lines)
    path.write_bytes(text.encode("cp1252"))
    return path


def known(engine: Engine) -> dict[str, Known]:
    """Every organisation by its identifier."""
    with db.open_session(engine) as session:
        registers = session.scalars(select(Organisation.register).distinct()).all()
        found = store.known_organisations(session, registers)
    return {key.identifier: each for key, each in found.items()}


def counts(**some: int) -> str:
    names = ("added", "changed", "closed", "unchanged", "left_out", "refused")
    return ", ".join(f"{name.replace('_', ' ')} {some.get(name, 0)}" for name in names) + "\n"
