"""Made-up inspections of made-up schools, begun after the finished round was signed."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from compact.inspections import ofsted_schools, store
from compact.inspections.rules import REPORT_CARD, Inspection, Judgement, Kept
from compact.review.inspected import look_at_inspected

WELL, BADLY = "Strong standard", "Needs attention"
FOUND: Mapping[str, tuple[str, str, str]] = {
    "Larkfield Primary School": ("Met", WELL, WELL),
    "Fernley Cross Primary School": ("Met", BADLY, WELL),
    "Penwhistle Primary School": ("Met", WELL, WELL),
    "Thistledown Academy": ("Met", BADLY, BADLY),
    "Reedmace Special School": ("Met", WELL, BADLY),
    "Saffron Gate College": ("Not met", BADLY, BADLY),
}


def inspect(session: Session, organisations: Mapping[str, int], on: date) -> None:
    """Give each of these schools a report card of that day."""
    kept = [
        Kept(organisations[name], Inspection(REPORT_CARD, on, None, safeguarding, _said(*words)), None)
        for name, (safeguarding, *words) in FOUND.items()
    ]
    store.carry_out(session, ofsted_schools.SOURCE, kept)
    look_at_inspected(session, {each.organisation_id for each in kept})


def _said(behaviour: str, leadership: str) -> tuple[Judgement, ...]:
    return (
        Judgement("Inclusion", "Expected standard"),
        Judgement("Attendance and behaviour", behaviour),
        Judgement("Leadership and governance", leadership),
    )
