"""What an annual statement is made of, and its text as officers edited it. Flushes, never commits."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from compact.accounts.models import Person
from compact.analysis.responses import response_by_sector
from compact.cycles import editions
from compact.cycles import store as cycle_store
from compact.cycles.store import CycleRow
from compact.organisations.models import Partnership
from compact.review.planned import planned_in

from .models import LearningSummary
from .statement import PlansStand, SectorStands, Statement, state
from .statement_models import StatementText
from .summary import Summary


class EditedMeanwhile(Exception):  # noqa: N818 - it is what happened
    """Another officer has saved the text since the page was shown."""


@dataclass(frozen=True)
class Edited:
    """The text as it was saved last; it is the generated one where `text` is empty."""

    text: str
    generated: str
    version: int
    by: str
    at: datetime


def statement_of(session: Session, cycle: CycleRow, partnership: int, today: date) -> Statement:
    """The statement of a round as a partnership can make it now."""
    edition = editions.edition(cycle.edition)
    responses = response_by_sector(session, cycle, partnership)
    published = _published(session, cycle, partnership)
    sectors = []
    for sector in (each for each in edition.settings if each in cycle.settings):
        title, summary = edition.questionnaires[sector].sector, published.get(sector)
        response = summary or responses[sector]
        sectors.append(SectorStands(title, response.due, response.received, summary))
    name = cycle_store.names_of_partnerships(session, [partnership])[partnership]
    return state(cycle.name, name, sectors, _plans(session, cycle.id, partnership, published, today))


def _published(session: Session, cycle: CycleRow, partnership: int) -> dict[str, Summary]:
    """The summaries in force by sector, in one question; `store.in_force` asks for one of them."""
    rows = session.execute(
        select(LearningSummary.sector, LearningSummary.values)
        .where(
            LearningSummary.cycle_id == cycle.id,
            LearningSummary.partnership_id == partnership,
            LearningSummary.withdrawn_at.is_(None),
        )
        .order_by(LearningSummary.id)
    )
    return {row.sector: Summary.model_validate_json(row.values) for row in rows}


def _plans(
    session: Session, cycle_id: int, partnership: int, published: dict[str, Summary], today: date
) -> PlansStand:
    """Counted over questions that are shown, so that no count depends on what was said of a hidden one."""
    shown = {
        sector: [key for key, row in summary.rows.items() if row.counts]
        for sector, summary in published.items()
    }
    plans = planned_in(session, cycle_id, partnership, shown, today)
    return PlansStand(
        planned=len(plans),
        replied=sum(each.is_replied for each in plans),
        accepted=sum(each.is_accepted for each in plans),
        asked=sum(each.is_asked for each in plans),
        written=sum(each.is_written for each in plans),
    )


def edited(session: Session, cycle_id: int, partnership_id: int) -> Edited | None:
    """The text as an officer saved it; None where nobody ever did."""
    row = session.execute(
        select(
            StatementText.text, StatementText.generated, StatementText.version, Person.name, StatementText.at
        )
        .join(Person, Person.id == StatementText.by_id)
        .where(StatementText.cycle_id == cycle_id, StatementText.partnership_id == partnership_id)
    ).one_or_none()
    return Edited(*row) if row else None


def save(
    session: Session,
    cycle_id: int,
    partnership_id: int,
    text: str,
    generated: str,
    *,
    shown_version: int,
    by: int,
    at: datetime,
) -> None:
    """Keep a text beside the one that is `generated` now; an empty one goes back to that.

    Raises EditedMeanwhile when another one was saved since `shown_version`.
    """
    _lock(session, partnership_id)
    held = edited(session, cycle_id, partnership_id)
    if held and (held.text, held.generated) == (text, generated):
        return  # the second of two clicks
    if shown_version != (held.version if held else 0):
        raise EditedMeanwhile
    where = {"cycle_id": cycle_id, "partnership_id": partnership_id}
    values = {"text": text, "generated": generated, "version": shown_version + 1, "by_id": by, "at": at}
    if held:
        session.execute(update(StatementText).filter_by(**where).values(**values))
    else:
        session.execute(insert(StatementText).values(**where, **values))


def _lock(session: Session, partnership_id: int) -> None:
    """Let nobody else write for a partnership until this transaction ends."""
    row = select(Partnership.id).where(Partnership.id == partnership_id).with_for_update(key_share=True)
    session.execute(row).one()
