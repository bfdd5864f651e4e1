"""What stands in the tables that an import writes to."""

from sqlalchemy import Engine, func, select

from compact.cycles.models import Due
from compact.organisations.models import Organisation, OrganisationArea
from compact.returns.models import Answer, AnswerHistory, Return, ReturnArea
from compact.sign_off.models import StandardResult
from compact.trail.models import TrailEntry

TABLES = (
    Organisation,
    OrganisationArea,
    Due,
    Return,
    ReturnArea,
    Answer,
    AnswerHistory,
    StandardResult,
    TrailEntry,
)


def found(engine: Engine, *columns: object) -> list[tuple[object, ...]]:
    """The rows of these columns, sorted."""
    with engine.connect() as connection:
        rows = connection.execute(select(*columns))  # type: ignore[call-overload] # any columns
        return sorted((tuple(each) for each in rows), key=str)


def sizes(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with engine.connect() as connection:
        return {
            table.__tablename__: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in TABLES
        }
