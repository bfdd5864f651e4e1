"""Inspections of made-up organisations."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from compact.inspections import ofsted_schools, store
from compact.inspections.rules import REPORT_CARD, Inspection, Judgement, Kept


def add_inspection(
    session: Session,
    organisation: int,
    on: date,
    judgements: Mapping[str, str],
    *,
    safeguarding: str | None = "Met",
    framework: str = REPORT_CARD,
) -> None:
    said = tuple(Judgement(area, word) for area, word in judgements.items())
    kept = Kept(organisation, Inspection(framework, on, None, safeguarding, said), None)
    store.carry_out(session, ofsted_schools.SOURCE, [kept])
