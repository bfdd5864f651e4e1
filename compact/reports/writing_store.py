"""The texts of a learning summary, kept while officers write them. Flushes, never commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from compact.accounts.models import Person
from compact.cycles.store import CycleRow
from compact.organisations.models import Partnership
from compact.practice.choosing import practice_of

from .composing import Written
from .models import SummaryText
from .writing import ACTIONS, NOTE


class WrittenMeanwhile(Exception):  # noqa: N818 - it is what happened
    """Somebody else has saved the text since the page was shown."""


@dataclass(frozen=True)
class TextRow:
    """A text as it was saved last; `version` counts how often it was."""

    text: str
    version: int
    by: str
    at: datetime


def texts_of(session: Session, cycle_id: int, partnership_id: int, sector: str) -> Mapping[str, TextRow]:
    """The texts of a sector's summary by the names of their places."""
    rows = session.execute(
        select(SummaryText.place, SummaryText.text, SummaryText.version, Person.name, SummaryText.at)
        .join(Person, Person.id == SummaryText.by_id)
        .where(
            SummaryText.cycle_id == cycle_id,
            SummaryText.partnership_id == partnership_id,
            SummaryText.sector == sector,
        )
        .order_by(SummaryText.place)
    )
    return {row.place: TextRow(row.text, row.version, row.name, row.at) for row in rows}


def written_now(session: Session, cycle: CycleRow, partnership_id: int, sector: str) -> Written:
    """What officers have written and chosen for a sector's next number; the foreword is beside it."""
    texts = texts_of(session, cycle.id, partnership_id, sector)
    notes = {name.removeprefix(NOTE): row.text for name, row in texts.items() if name.startswith(NOTE)}
    return Written(
        actions=texts[ACTIONS].text if ACTIONS in texts else "",
        notes=notes,
        practice=practice_of(session, cycle, partnership_id, sector),
    )


def lock(session: Session, partnership_id: int) -> None:
    """Let nobody else write or publish for a partnership until this transaction ends."""
    row = select(Partnership.id).where(Partnership.id == partnership_id).with_for_update(key_share=True)
    session.execute(row).one()


def save_text(
    session: Session,
    cycle_id: int,
    partnership_id: int,
    sector: str,
    place: str,
    text: str,
    *,
    shown_version: int,
    by: int,
    at: datetime,
) -> None:
    """Keep a text. Raises WrittenMeanwhile when another one was saved since `shown_version`."""
    lock(session, partnership_id)
    held = texts_of(session, cycle_id, partnership_id, sector).get(place)
    if text == (held.text if held else ""):
        return  # nothing new, or the second of two clicks
    if shown_version != (held.version if held else 0):
        raise WrittenMeanwhile
    where = {"cycle_id": cycle_id, "partnership_id": partnership_id, "sector": sector, "place": place}
    values = {"text": text, "version": shown_version + 1, "by_id": by, "at": at}
    if held:
        session.execute(update(SummaryText).filter_by(**where).values(**values))
    else:
        session.execute(insert(SummaryText).values(**where, **values))
