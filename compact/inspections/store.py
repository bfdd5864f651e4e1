"""Inspections, read and written. Flushes, never commits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, delete, insert, select, true, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from compact.db import table
from compact.organisations.models import Organisation

from . import models
from .rules import FRAMEWORKS, SPEAKS_OF, WEAK, Inspection, Judgement, Kept, Known

_inspection, _said = table(models.Inspection).c, table(models.InspectionJudgement).c
_ANYTHING: ColumnElement[bool] = true()


class InspectionRow(NamedTuple):
    """What an inspection said: its kind, its first day, the safeguarding line, and each area."""

    framework: str
    on: date
    safeguarding: str | None
    judgements: tuple[Judgement, ...]

    @property
    def framework_name(self) -> str:
        return FRAMEWORKS[self.framework]


def organisations_by_identifier(session: Session, register: str) -> dict[str, int]:
    """The ids of a national register's organisations, by identifier."""
    rows = session.execute(
        select(Organisation.identifier, Organisation.id).where(Organisation.register == register)
    )
    return {row.identifier: row.id for row in rows}


def known_inspections(session: Session, source: str) -> dict[int, dict[date, Known]]:
    """Every inspection of a source by organisation and day, in two queries however many there are."""
    of_source = select(models.Inspection.id).where(models.Inspection.source == source)
    judgements = _judgements(session, of_source)
    rows = session.execute(select(models.Inspection.__table__).where(models.Inspection.source == source))
    known: dict[int, dict[date, Known]] = {}
    for row in rows:
        said = tuple(judgements.get(row.id, ()))
        inspection = Inspection(row.framework, row.on, row.published_on, row.safeguarding, said)
        known.setdefault(row.organisation_id, {})[row.on] = Known(row.id, inspection)
    return known


def latest_of(
    session: Session, organisation_ids: Collection[int], before: date | None = None
) -> dict[int, InspectionRow]:
    """The latest inspection of each of these organisations that has had one; begun before a day, if given."""
    until = [] if before is None else [_inspection.on < before]
    return {each: rows[-1] for each, rows in _in_order(session, organisation_ids, *until).items()}


def latest_doubts_of(session: Session, organisation_ids: Collection[int]) -> dict[int, InspectionRow]:
    """The same for very many organisations; of what was said in it only what can raise a doubt."""
    doubtful = _said.said.in_(WEAK) & _said.area.in_(SPEAKS_OF)
    return {each: rows[-1] for each, rows in _in_order(session, organisation_ids, said=doubtful).items()}


def inspections_of(session: Session, organisation_ids: Collection[int]) -> dict[int, list[InspectionRow]]:
    """All inspections of each of these organisations that has had one, in the order of their days."""
    return _in_order(session, organisation_ids)


def have_inspections(organisation_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The condition that an organisation had an inspection."""
    return organisation_id.in_(select(models.Inspection.organisation_id))


def _in_order(
    session: Session,
    organisation_ids: Collection[int],
    *conditions: ColumnElement[bool],
    said: ColumnElement[bool] = _ANYTHING,
) -> dict[int, list[InspectionRow]]:
    """Inspections with what was said in them, by organisation, in the order of their days."""
    rows = session.execute(
        select(
            _inspection.id,
            _inspection.organisation_id,
            _inspection.framework,
            _inspection.on,
            _inspection.safeguarding,
            _said.area,
            _said.said,
        )
        .join_from(
            table(models.Inspection),
            table(models.InspectionJudgement),
            (_said.inspection_id == _inspection.id) & said,
            isouter=True,
        )
        .where(_inspection.organisation_id.in_(organisation_ids), *conditions)
        .order_by(_inspection.on, _inspection.source, _inspection.id, _said.place)
    ).all()
    found: dict[int, list[InspectionRow]] = {}
    for _, parts in groupby(rows, key=itemgetter(0)):
        of_inspection = list(parts)
        _, organisation, framework, on, safeguarding, *_ = of_inspection[0]
        judgements = tuple(Judgement(area, word) for *_, area, word in of_inspection if area is not None)
        found.setdefault(organisation, []).append(InspectionRow(framework, on, safeguarding, judgements))
    return found


def carry_out(session: Session, source: str, kept: Sequence[Kept]) -> None:
    """Write what an import does, in a handful of statements however long its file was."""
    new = [each for each in kept if each.instead_of is None]
    corrected = [each for each in kept if each.instead_of is not None]
    if new:
        session.execute(
            insert(models.Inspection),
            [
                {"organisation_id": each.organisation_id, "source": source, **_columns(each.inspection)}
                for each in new
            ],
        )
    if corrected:
        session.execute(
            update(models.Inspection),
            [{"id": each.instead_of, **_columns(each.inspection)} for each in corrected],
        )
        said_of_them = models.InspectionJudgement.inspection_id.in_([each.instead_of for each in corrected])
        session.execute(delete(models.InspectionJudgement).where(said_of_them))
    _write_judgements(session, source, kept)
    session.flush()


def _write_judgements(session: Session, source: str, kept: Sequence[Kept]) -> None:
    """Write what was said in inspections that stand; SQLite tells no ids of many new rows in order."""
    ids = {
        (row.organisation_id, row.on): row.id
        for row in session.execute(
            select(models.Inspection.id, models.Inspection.organisation_id, models.Inspection.on).where(
                models.Inspection.source == source
            )
        )
    }
    rows = [
        {
            "inspection_id": ids[each.organisation_id, each.inspection.on],
            "area": judgement.area,
            "place": place,
            "said": judgement.said,
        }
        for each in kept
        for place, judgement in enumerate(each.inspection.judgements)
    ]
    if rows:
        session.execute(insert(models.InspectionJudgement), rows)


def _columns(inspection: Inspection) -> Mapping[str, object]:
    return {
        "framework": inspection.framework,
        "on": inspection.on,
        "published_on": inspection.published_on,
        "safeguarding": inspection.safeguarding,
    }


def _judgements(session: Session, of: Select[int]) -> dict[int, list[Judgement]]:
    """What was said in some inspections, by their ids, in the source's order."""
    said: dict[int, list[Judgement]] = {}
    for row in session.execute(
        select(
            models.InspectionJudgement.inspection_id,
            models.InspectionJudgement.area,
            models.InspectionJudgement.said,
        )
        .where(models.InspectionJudgement.inspection_id.in_(of))
        .order_by(models.InspectionJudgement.inspection_id, models.InspectionJudgement.place)
    ):
        said.setdefault(row.inspection_id, []).append(Judgement(row.area, row.said))
    return said
