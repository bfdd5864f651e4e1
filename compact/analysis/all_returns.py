"""Every return of a round that counts, a row for each organisation and indicator, as one partnership sees it.

Rows are read as they are written, a few returns at a time: a round of 1,000 organisations has some 70,000
rows, and each may hold 20,000 characters of evidence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.cycles.store import CycleRow
from compact.documents.sheets import Cell, Sheet, refuse_rows
from compact.organisations.models import Organisation
from compact.questionnaire.values import Edition, Indicator
from compact.returns.models import Answer, Exception_, Return
from compact.web.clock import local_day

from .counting import counted_returns
from .responses import response_by_sector

HEADER = (
    "Organisation",
    "Register and identifier",
    "Setting",
    "Phase",
    "Signed",
    "Late",
    "Brought in",
    "Standard",
    "Key",
    "Question",
    "Grade",
    "Not applicable",
    "Reason",
    "Evidence",
    "Grade elsewhere",
    "What is different here",
)
SUMMARY_HEADER = ("Round", "Seen from", "Sector", "Due", "Signed", "Late", "Brought in")
AT_ONCE = 20  # returns; with evidence as long as it can be, of all indicators, some 30 MB


@dataclass(frozen=True)
class ListedReturn:
    """A return that counts, as every one of its rows begins."""

    id: int
    organisation: str
    key: str
    setting: str
    phase: str | None
    signed: date
    is_late: bool
    imported: bool


@dataclass(frozen=True)
class Given:
    """A grade, or not applicable with the reason, and what shows it."""

    grade: str | None
    not_applicable: bool
    reason: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Different:
    """A four-area body's other grade for this partnership, or not applicable, with its note."""

    grade: str | None
    not_applicable: bool
    note: str


Place = tuple[int, str]  # a return and an indicator's key


def sheets_of(
    session: Session, cycle: CycleRow, edition: Edition, partnership: int, name: str
) -> list[Sheet]:
    """A summary and a sheet for each sector; the rows are read when they are written.

    Raises TooLarge before a minute is spent on what no sheet can hold.
    """
    listed = listed_returns(session, cycle, partnership)
    sheets = [Sheet("Summary", SUMMARY_HEADER, _summary(session, cycle, edition, partnership, name, listed))]
    for sector in _sectors(cycle, edition):
        questionnaire = edition.questionnaires[sector]
        of_sector = [each for each in listed if each.setting == sector]
        refuse_rows(questionnaire.sector, len(of_sector) * len(questionnaire.indicators))
        rows = rows_of(session, cycle, edition, partnership, of_sector)
        sheets.append(Sheet(questionnaire.sector, HEADER, rows))
    return sheets


def all_rows(
    session: Session, cycle: CycleRow, edition: Edition, partnership: int
) -> Iterator[Sequence[Cell]]:
    """The rows of every sector, one after another."""
    listed = listed_returns(session, cycle, partnership)
    for sector in _sectors(cycle, edition):
        of_sector = [each for each in listed if each.setting == sector]
        yield from rows_of(session, cycle, edition, partnership, of_sector)


def listed_returns(session: Session, cycle: CycleRow, partnership: int) -> list[ListedReturn]:
    """The returns that count, by name."""
    rows = session.execute(
        counted_returns(cycle.id, partnership)
        .join(Organisation, Organisation.id == Return.organisation_id)
        .add_columns(
            Organisation.name,
            Organisation.register,
            Organisation.identifier,
            Return.setting,
            Return.phase,
            Return.signed_at,
            Return.late_after,
            Return.imported,
        )
        .order_by(Organisation.name, Return.id)
    )
    return [
        ListedReturn(
            row.id,
            row.name,
            f"{row.register}:{row.identifier}",
            row.setting,
            row.phase,
            local_day(row.signed_at),
            row.late_after is not None,
            row.imported,
        )
        for row in rows
    ]


def rows_of(
    session: Session, cycle: CycleRow, edition: Edition, partnership: int, listed: Sequence[ListedReturn]
) -> Iterator[Sequence[Cell]]:
    """The rows of some returns in their order, each with its questionnaire's indicators in theirs."""
    for first in range(0, len(listed), AT_ONCE):
        few = listed[first : first + AT_ONCE]
        ids = [each.id for each in few]
        answers = _answers(session, cycle.id, ids)
        exceptions = _exceptions(session, cycle.id, partnership, ids)
        for each in few:
            for indicator in edition.questionnaires[each.setting].indicators:
                place = (each.id, indicator.key)
                yield _row(edition, each, indicator, answers.get(place), exceptions.get(place))


def _row(
    edition: Edition, listed: ListedReturn, indicator: Indicator, main: Given | None, here: Different | None
) -> Sequence[Cell]:
    """One row. The grade is the partnership's own where a four-area body noted one for it."""
    counts: Given | Different | None = here or main
    return (
        listed.organisation,
        listed.key,
        listed.setting,
        listed.phase,
        listed.signed,
        _yes(listed.is_late),
        _yes(listed.imported),
        indicator.standard,
        indicator.key,
        indicator.asked,
        _label(edition, counts),
        _yes(counts is not None and counts.not_applicable),
        main.reason if main else "",
        main.evidence if main else "",
        (_label(edition, main) or _not_applicable(edition, main)) if here else "",
        here.note if here else "",
    )


def _yes(said: bool) -> str:
    return "yes" if said else "no"


def _label(edition: Edition, given: Given | Different | None) -> str:
    return edition.scale.by_key[given.grade].label if given and given.grade else ""


def _not_applicable(edition: Edition, given: Given | None) -> str:
    return edition.scale.not_applicable.label if given and given.not_applicable else ""


def _summary(
    session: Session,
    cycle: CycleRow,
    edition: Edition,
    partnership: int,
    name: str,
    listed: Sequence[ListedReturn],
) -> list[Sequence[Cell]]:
    responses = response_by_sector(session, cycle, partnership)
    return [
        (
            cycle.name,
            name,
            edition.questionnaires[sector].sector,
            responses[sector].due,
            responses[sector].received,
            sum(each.is_late for each in listed if each.setting == sector),
            responses[sector].imported,
        )
        for sector in _sectors(cycle, edition)
    ]


def _sectors(cycle: CycleRow, edition: Edition) -> list[str]:
    return [each for each in edition.settings if each in cycle.settings]


def _answers(session: Session, cycle_id: int, ids: Sequence[int]) -> Mapping[Place, Given]:
    rows = session.execute(
        select(
            Answer.return_id, Answer.key, Answer.grade, Answer.not_applicable, Answer.reason, Answer.evidence
        )
        .join(Return, Return.id == Answer.return_id)
        .where(Return.cycle_id == cycle_id, Return.id.in_(ids))
    )
    return {
        (row.return_id, row.key): Given(row.grade, row.not_applicable, row.reason, row.evidence)
        for row in rows
    }


def _exceptions(
    session: Session, cycle_id: int, partnership: int, ids: Sequence[int]
) -> Mapping[Place, Different]:
    """The partnership's own exceptions; another's are not its to see (A6)."""
    rows = session.execute(
        select(
            Exception_.return_id,
            Exception_.key,
            Exception_.grade,
            Exception_.not_applicable,
            Exception_.note,
        )
        .join(Return, Return.id == Exception_.return_id)
        .where(Return.cycle_id == cycle_id, Return.id.in_(ids), Exception_.partnership_id == partnership)
    )
    return {(row.return_id, row.key): Different(row.grade, row.not_applicable, row.note) for row in rows}
