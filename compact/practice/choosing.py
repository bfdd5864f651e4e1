"""What a partnership's officers make of the texts that are offered in a sector. Flushes, never commits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from compact.accounts.models import Membership, Person
from compact.analysis.counting import counted_returns
from compact.cycles import editions
from compact.cycles.models import CyclePartnership
from compact.cycles.store import CycleRow
from compact.organisations.models import Organisation, Trust
from compact.returns.models import Answer, Exception_, Return
from compact.sign_off.models import SignOff
from compact.trail import store as trail

from .models import Practice, PracticeChoice
from .rules import Identity


class ChosenMeanwhile(Exception):  # noqa: N818 - it says what happened
    """Another officer changed the choice, or the signatory changed the text, since the page was shown."""


@dataclass(frozen=True)
class Place:
    """Where a text is printed: one indicator of a sector, in one partnership's summary of a round."""

    cycle: CycleRow
    partnership: int
    sector: str
    key: str

    @property
    def names(self) -> dict[str, int | str]:
        return {
            "cycle_id": self.cycle.id,
            "partnership_id": self.partnership,
            "sector": self.sector,
            "key": self.key,
        }

    @property
    def row(self) -> tuple[ColumnElement[bool], ...]:
        return (*_of_sector(self.cycle, self.partnership, self.sector), PracticeChoice.key == self.key)


@dataclass(frozen=True)
class Offer:
    """A text that is offered: from which return, whose it is, and its grade."""

    return_id: int
    key: str
    organisation: str
    grade: str
    text: str
    version: int


@dataclass(frozen=True)
class Choice:
    """The text chosen for an indicator, as it was edited; `stands` while what it was made of does."""

    return_id: int
    text: str
    version: int
    by: str
    at: datetime
    stands: bool


def offers_of(session: Session, cycle: CycleRow, partnership: int, sector: str) -> list[Offer]:
    """The texts that are offered in a sector, by indicator; of returns that count, and not of one that has an
    exception for this partnership which is weak or not applicable."""
    weak = editions.edition(cycle.edition).scale.weak_keys
    rows = session.execute(
        select(
            Practice.return_id,
            Practice.key,
            Organisation.name,
            Answer.grade,
            Practice.text,
            Practice.version,
            Exception_.return_id.is_not(None).label("is_excepted"),
            Exception_.grade.label("excepted"),
        )
        .join(Return, Return.id == Practice.return_id)
        .join(Organisation, Organisation.id == Return.organisation_id)
        .join(Answer, (Answer.return_id == Practice.return_id) & (Answer.key == Practice.key))
        .outerjoin(
            Exception_,
            (Exception_.return_id == Practice.return_id)
            & (Exception_.key == Practice.key)
            & (Exception_.partnership_id == partnership),
        )
        .where(
            Return.cycle_id == cycle.id,
            Return.id.in_(counted_returns(cycle.id, partnership, sector)),
            Practice.withdrawn_at.is_(None),
        )
        .order_by(Practice.key, Organisation.name, Practice.return_id)
    )
    return [
        Offer(row.return_id, row.key, row.name, row.grade or "", row.text, row.version)
        for row in rows
        if not row.is_excepted or (row.excepted is not None and row.excepted not in weak)
    ]


def choices_of(session: Session, cycle: CycleRow, partnership: int, sector: str) -> dict[str, Choice]:
    """What was chosen in a sector, by indicator; also what no longer stands, so that officers are told."""
    rows = session.execute(
        select(
            PracticeChoice.key,
            PracticeChoice.return_id,
            PracticeChoice.text,
            PracticeChoice.version,
            Person.name,
            PracticeChoice.chosen_at,
            PracticeChoice.practice_version,
        )
        .join(Person, Person.id == PracticeChoice.chosen_by)
        .where(*_of_sector(cycle, partnership, sector))
        .order_by(PracticeChoice.key)
    ).all()
    if not rows:
        return {}
    standing = {
        (each.return_id, each.key, each.version) for each in offers_of(session, cycle, partnership, sector)
    }
    return {
        row.key: Choice(*row[1:6], stands=(row.return_id, row.key, row.practice_version) in standing)
        for row in rows
    }


def practice_of(session: Session, cycle: CycleRow, partnership: int, sector: str) -> Mapping[str, str]:
    """The good practice that a sector's summary would print now, by indicator."""
    chosen = choices_of(session, cycle, partnership, sector)
    return {key: each.text for key, each in chosen.items() if each.stands}


def choose(
    session: Session, place: Place, offer: Offer, text: str, *, shown_version: int, by: int, at: datetime
) -> None:
    """Print this text, edited from an offer, for an indicator. Raises ChosenMeanwhile."""
    _lock(session, place)
    _lock_offer(session, offer)
    values = {"return_id": offer.return_id, "practice_version": offer.version, "text": text}
    values |= {"chosen_at": at, "chosen_by": by}
    version = session.scalar(select(PracticeChoice.version).where(*place.row)) or 0
    if version != shown_version:
        raise ChosenMeanwhile
    if version:
        session.execute(update(PracticeChoice).where(*place.row).values(**values, version=version + 1))
    else:
        session.execute(insert(PracticeChoice).values(**place.names, **values, version=1))
    _record(session, "practice chosen", place, by, at, of=f"return {offer.return_id}", version=version + 1)


def leave_out(session: Session, place: Place, *, shown_version: int, by: int, at: datetime) -> None:
    """Print nothing for an indicator. Raises ChosenMeanwhile, but not where there is nothing already."""
    _lock(session, place)
    version = session.scalar(select(PracticeChoice.version).where(*place.row))
    if version is None:
        return  # the second of two clicks
    if version != shown_version:
        raise ChosenMeanwhile
    session.execute(delete(PracticeChoice).where(*place.row))
    _record(session, "practice left out", place, by, at)


def identity_of(session: Session, return_id: int) -> Identity:
    """By what the setting of a return is known: its name now, its postcode, its trust, and its people."""
    row = session.execute(
        select(Organisation.id, Organisation.name, Organisation.postcode, Trust.name.label("trust"))
        .join(Return, Return.organisation_id == Organisation.id)
        .outerjoin(Trust, Trust.id == Organisation.trust_id)
        .where(Return.id == return_id)
    ).one()
    return Identity(row.name, row.trust, row.postcode, tuple(_people(session, return_id, row.id)))


def _people(session: Session, return_id: int, organisation_id: int) -> Iterator[str]:
    yield from session.scalars(
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Person.name)
    )
    yield from session.scalars(select(SignOff.person_name).where(SignOff.return_id == return_id))


def _lock(session: Session, place: Place) -> None:
    """Of two officers who choose at the same moment, the second one waits and finds what the first did."""
    session.execute(
        select(CyclePartnership.cycle_id)
        .where(
            CyclePartnership.cycle_id == place.cycle.id,
            CyclePartnership.partnership_id == place.partnership,
        )
        .with_for_update()
    )


def _lock_offer(session: Session, offer: Offer) -> None:
    """Keep an offer from being taken back until this is written. Raises ChosenMeanwhile where it was."""
    version = session.scalar(
        select(Practice.version)
        .where(Practice.return_id == offer.return_id, Practice.key == offer.key)
        .with_for_update()
    )
    if version != offer.version:
        raise ChosenMeanwhile


def _record(session: Session, what: str, place: Place, by: int, at: datetime, **more: int | str) -> None:
    about = {"partnership": place.partnership, "sector": place.sector, "key": place.key, **more}
    trail.record(session, what, f"cycle {place.cycle.id}", by=by, at=at, **about)


def _of_sector(cycle: CycleRow, partnership: int, sector: str) -> tuple[ColumnElement[bool], ...]:
    return (
        PracticeChoice.cycle_id == cycle.id,
        PracticeChoice.partnership_id == partnership,
        PracticeChoice.sector == sector,
    )
