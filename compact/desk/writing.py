"""Writing to those who sign for a round's organisations: each on an occasion once. Flushes, never commits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from compact.access.values import Role
from compact.accounts.store import people_in
from compact.cycles.messages import about_part
from compact.cycles.store import CycleRow
from compact.mail import store as mail
from compact.mail.rules import Written
from compact.organisations.models import Partnership
from compact.web.clock import shown_day

from .models import RoundMail, Wording
from .places import PlaceRow
from .rules import Kind, Place, filled
from .wordings import OWN


@dataclass(frozen=True)
class Reader:
    """Somebody who signs for an organisation."""

    person_id: int
    email: str
    name: str


@dataclass(frozen=True)
class Letter:
    """What is written on an occasion: its kind, its wording, who sends it, and whom to ask at its foot."""

    kind: Kind
    wording: Written
    partnership: str
    base_url: str
    by: int | None
    foot: str


def readers_of(session: Session, organisations: Sequence[int]) -> Mapping[int, list[Reader]]:
    """Who signs for each of these organisations now, by the organisations' ids."""
    found: dict[int, list[Reader]] = {}
    for each in people_in(session, Role.SIGNATORY, organisations):
        found.setdefault(each.organisation_id, []).append(Reader(each.person_id, each.email, each.name))
    return found


def write_to(
    session: Session,
    cycle: CycleRow,
    places: Sequence[PlaceRow],
    letter: Letter,
    occasion: Callable[[PlaceRow], str],
    at: datetime,
) -> int:
    """Write to those who sign for these, and have not been written to on the occasion; how many that were.

    Nobody is written to whose organisation has signed or is excused. The caller has locked the round, and
    read the places after that.
    """
    still_due = [place for place in places if place.is_open]
    ids = [place.organisation_id for place in still_due]
    readers, written = readers_of(session, ids), _written(session, cycle.id, ids)
    rows = []
    for place in still_due:
        now_told = occasion(place)
        for reader in readers.get(place.organisation_id, ()):
            if (place.organisation_id, now_told, reader.person_id) in written:
                continue
            rows.append(
                {
                    "cycle_id": cycle.id,
                    "organisation_id": place.organisation_id,
                    "occasion": now_told,
                    "kind": letter.kind,
                    "person_id": reader.person_id,
                    "mail_id": _queue(session, cycle, place, letter, reader, at),
                    "by_id": letter.by,
                    "at": at,
                }
            )
    if rows:
        session.execute(insert(RoundMail), rows)
    return len(rows)


def _written(session: Session, cycle_id: int, organisations: Sequence[int]) -> set[tuple[int, str, int]]:
    """Who was written to about these already, and on which occasion."""
    rows = session.execute(
        select(RoundMail.organisation_id, RoundMail.occasion, RoundMail.person_id).where(
            RoundMail.cycle_id == cycle_id, RoundMail.organisation_id.in_(organisations)
        )
    )
    return {(row.organisation_id, row.occasion, row.person_id) for row in rows}


def _queue(
    session: Session, cycle: CycleRow, place: PlaceRow, letter: Letter, reader: Reader, at: datetime
) -> int:
    written = as_sent(cycle, place, letter, reader.name)
    return mail.queue(
        session,
        recipient=reader.email,
        subject=written.subject,
        text=written.text,
        at=at,
        about=about_part(cycle.id, place.organisation_id),
    )


def as_sent(cycle: CycleRow, place: PlaceRow, letter: Letter, reader: str) -> Written:
    """The mail as this reader gets it."""
    subject, text = filled(letter.wording, marks_of(cycle, place, letter), reader)
    return Written(subject, text + letter.foot)


def marks_of(cycle: CycleRow, place: PlaceRow, letter: Letter) -> Place:
    """What the marks of a letter stand for where it goes to this organisation. Links begin with BASE_URL."""
    base = letter.base_url.rstrip("/")
    begin = f"{base}/cycles/{cycle.id}/organisations/{place.organisation_id}/start"
    return Place(
        organisation=place.organisation,
        round=cycle.name,
        last_day=shown_day(place.last_day),
        link=f"{base}/returns/{place.return_id}" if place.return_id else begin,
        partnership=letter.partnership,
    )


def wording_of(session: Session, partnership_id: int, kind: Kind) -> Written:
    """A partnership's wording of a kind of mail: its own, or else the service's."""
    return wordings_of(session, partnership_id).get(kind, OWN[kind])


def wordings_of(session: Session, partnership_id: int) -> dict[Kind, Written]:
    """The wordings that a partnership has changed."""
    rows = session.execute(
        select(Wording.kind, Wording.subject, Wording.text).where(Wording.partnership_id == partnership_id)
    )
    return {Kind(row.kind): Written(row.subject, row.text) for row in rows}


def word(
    session: Session, partnership_id: int, kind: Kind, wording: Written, *, by: int, at: datetime
) -> None:
    """Keep a partnership's own wording; the service's own is kept by forgetting the partnership's."""
    lock = select(Partnership.id).where(Partnership.id == partnership_id).with_for_update(key_share=True)
    session.execute(lock).one()
    where = (Wording.partnership_id == partnership_id, Wording.kind == kind)
    if wording == OWN[kind]:
        session.execute(delete(Wording).where(*where))
        return
    values = {"subject": wording.subject, "text": wording.text, "by_id": by, "at": at}
    changed = session.execute(update(Wording).where(*where).values(**values).returning(Wording.kind))
    if changed.one_or_none() is None:
        session.execute(insert(Wording).values(partnership_id=partnership_id, kind=kind, **values))
