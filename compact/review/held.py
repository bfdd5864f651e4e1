"""Everything that a partnership's desk holds about one return, read in one question.

Each part has a function of its own where it is read alone (`store`, `moderation.store`, `looking`); the page
on which a return is read needs all of them, and is opened a thousand times in a round.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Text,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from compact.accounts.models import Person
from compact.cycles.models import CyclePartnership
from compact.db import Utc, table
from compact.moderation.models import Moderation
from compact.moderation.store import ModerationRow
from compact.organisations.models import Partnership, PartnershipArea
from compact.returns.exceptions import KeptException
from compact.returns.models import Exception_, Return, ReturnArea
from compact.returns.reading import ReturnRow

from . import kept
from .models import ReasonToLook, Review, Visit
from .rules import Reason
from .store import ReviewRow, VisitRow

_REVIEW, _VISIT, _MODERATED, _REASON, _EXCEPTION, _LAST, _NUMBER = range(7)
_COLUMNS: Mapping[str, TypeEngine[Any]] = {
    "place": Integer(),
    "key": Text(),
    "word": Text(),
    "text": Text(),
    "is_so": Boolean(),
    "by": Text(),
    "at": Utc(),
    "sent_at": Utc(),
    "on": Date(),
    "version": Integer(),
}
_review, _visit, _moderation = table(Review).c, table(Visit).c, table(Moderation).c
_reason, _exception, _person = table(ReasonToLook).c, table(Exception_).c, table(Person).c
_partnership, _return = table(Partnership).c, table(Return).c
_return_area, _area, _runs = table(ReturnArea).c, table(PartnershipArea).c, table(CyclePartnership).c


class _Row(NamedTuple):
    """A row of any part, each of which fills what it has."""

    place: int
    key: str
    word: Any
    text: str
    is_so: bool
    by: str
    at: Any
    sent_at: datetime | None
    on: date
    version: int


@dataclass(frozen=True)
class Held:
    """What the desk holds: its review and visits, moderated grades by indicator, reasons that were kept, the
    exceptions for whichever partnership, whether it may read the organisation's last return too, and whether
    the return has other numbers.
    """

    review: ReviewRow | None
    visits: Sequence[VisitRow]
    moderated: Mapping[str, ModerationRow]
    reasons: Sequence[Reason]
    exceptions: Sequence[KeptException]
    may_read_last: bool
    has_other_numbers: bool


def held_of(session: Session, of: ReturnRow, partnership: int, last_id: int | None) -> Held:
    """What a partnership's desk holds about a return; `last_id` is the organisation's last one before it."""
    asked = {
        "return_id": of.id,
        "cycle_id": of.cycle_id,
        "organisation_id": of.organisation_id,
        "partnership": partnership,
        "last_id": last_id or of.id,
    }
    rows: list[list[Any]] = [[] for _ in range(_NUMBER + 1)]
    for part, *row in session.execute(_HELD, asked).all():
        rows[part].append(_Row(*row))
    reviews = [
        ReviewRow(row.word, row.text, row.by, row.at, row.sent_at, row.version) for row in rows[_REVIEW]
    ]
    visits = sorted(rows[_VISIT], key=lambda row: (row.on, row.place), reverse=True)
    reasons = sorted(rows[_REASON], key=lambda row: (-row.version, row.place))
    exceptions = sorted(rows[_EXCEPTION], key=lambda row: (row.place, row.key))
    return Held(
        reviews[0] if reviews else None,
        [VisitRow(row.on, row.word, row.text, row.by, row.at) for row in visits],
        {
            row.key: ModerationRow(row.key, row.word, row.text, row.by, row.at, row.version)
            for row in rows[_MODERATED]
        },
        [kept.read(row.key, row.text, partnership if row.is_so else None) for row in reasons],
        [KeptException(row.place, row.by, row.key, row.word, row.is_so, row.text) for row in exceptions],
        last_id is not None and bool(rows[_LAST]),
        len(rows[_NUMBER]) > 1,
    )


def _part(part: int, **columns: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """The columns of a part, with nothing in those that it has none for: all parts have the same."""
    return [
        literal(part, Integer()).label("part"),
        *(columns.get(name, cast(null(), kind)).label(name) for name, kind in _COLUMNS.items()),
    ]


_THIS: BindParameter[int] = bindparam("return_id")
_OWN: BindParameter[int] = bindparam("partnership")

_REVIEWS = (
    select(
        *_part(
            _REVIEW,
            word=_review.outcome,
            text=_review.message,
            by=_person.name,
            at=_review.at,
            sent_at=_review.sent_at,
            version=_review.version,
        )
    )
    .join_from(table(Review), table(Person), _person.id == _review.by_id)
    .where(_review.return_id == _THIS, _review.partnership_id == _OWN)
)
_VISITS = (
    select(
        *_part(
            _VISIT,
            place=_visit.id,
            word=_visit.who,
            text=_visit.what,
            by=_person.name,
            at=_visit.at,
            on=_visit.visited_on,
        )
    )
    .join_from(table(Visit), table(Person), _person.id == _visit.by_id)
    .where(_visit.return_id == _THIS, _visit.partnership_id == _OWN)
)
_MODERATIONS = (
    select(
        *_part(
            _MODERATED,
            key=_moderation.key,
            word=_moderation.grade,
            text=_moderation.comment,
            by=_person.name,
            at=_moderation.at,
            version=_moderation.version,
        )
    )
    .join_from(table(Moderation), table(Person), _person.id == _moderation.by_id)
    .where(_moderation.return_id == _THIS, _moderation.partnership_id == _OWN)
)
_REASONS = select(
    *_part(
        _REASON,
        place=_reason.id,
        key=_reason.name,
        text=_reason.about,
        is_so=_reason.partnership_id.is_not(None),
        version=_reason.weight,
    )
).where(_reason.return_id == _THIS, or_(_reason.partnership_id.is_(None), _reason.partnership_id == _OWN))
_EXCEPTIONS = (
    select(
        *_part(
            _EXCEPTION,
            place=_exception.partnership_id,
            key=_exception.key,
            word=_exception.grade,
            text=_exception.note,
            is_so=_exception.not_applicable,
            by=_partnership.name,
        )
    )
    .join_from(table(Exception_), table(Partnership), _partnership.id == _exception.partnership_id)
    .where(_exception.return_id == _THIS)
)
# A row where the partnership is one of the last return's (`reading.partnerships_of`).
_READS_LAST = (
    select(*_part(_LAST))
    .join_from(table(ReturnArea), table(Return), _return.id == _return_area.return_id)
    .join(table(PartnershipArea), _area.area == _return_area.area)
    .join(
        table(CyclePartnership),
        (_runs.partnership_id == _area.partnership_id) & (_runs.cycle_id == _return.cycle_id),
    )
    .where(_return_area.return_id == bindparam("last_id"), _area.partnership_id == _OWN)
)
_NUMBERS = select(*_part(_NUMBER)).where(
    _return.organisation_id == bindparam("organisation_id"), _return.cycle_id == bindparam("cycle_id")
)
_HELD: CompoundSelect[*tuple[Any, ...]] = union_all(
    _REVIEWS, _VISITS, _MODERATIONS, _REASONS, _EXCEPTIONS, _READS_LAST, _NUMBERS
)
