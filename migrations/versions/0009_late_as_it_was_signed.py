"""Whether a signature missed the last day is kept with it; time that was given can be withdrawn."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from compact.web.clock import local_day

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_return = sa.table(
    "return",
    sa.column("id", sa.Integer()),
    sa.column("cycle_id", sa.Integer()),
    sa.column("organisation_id", sa.Integer()),
    sa.column("number", sa.Integer()),
    sa.column("imported", sa.Boolean()),
    sa.column("signed_at", sa.DateTime(timezone=True)),
    sa.column("late_after", sa.Date()),
)
_cycle = sa.table("cycle", sa.column("id", sa.Integer()), sa.column("closes", sa.Date()))
_extension = sa.table(
    "extension",
    sa.column("cycle_id", sa.Integer()),
    sa.column("organisation_id", sa.Integer()),
    sa.column("until", sa.Date()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("version", sa.Integer()),
)


def upgrade() -> None:
    op.add_column("return", sa.Column("late_after", sa.Date(), nullable=True))
    _mark_what_was_late()
    with op.batch_alter_table("extension", table_args=_checks()) as batch:
        batch.alter_column("until", existing_type=sa.Date(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM extension WHERE until IS NULL")
    with op.batch_alter_table("extension", table_args=_checks()) as batch:
        batch.alter_column("until", existing_type=sa.Date(), nullable=False)
    op.drop_column("return", "late_after")


def _checks() -> tuple[sa.CheckConstraint, ...]:
    """The table's checks, which SQLite forgets where it makes the table again."""
    return (
        sa.CheckConstraint("length(why) BETWEEN 1 AND 2000", name=op.f("ck_extension_why_given")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_extension_version_from_one")),
    )


def _mark_what_was_late() -> None:
    """Time that was given after a signature leaves it late; what a changed extension said before counts.

    A number after one that was in time is not late, and neither is what was brought in.
    """
    connection, in_time = op.get_bind(), set()
    for row in connection.execute(_signed()).all():
        signed_at = _utc(row.signed_at)
        stood = row.until is not None and (_utc(row.at) <= signed_at or row.version > 1)
        day = max(row.closes, row.until) if stood else row.closes
        place = (row.cycle_id, row.organisation_id)
        if row.imported or place in in_time or local_day(signed_at) <= day:
            in_time.add(place)
            continue
        connection.execute(sa.update(_return).where(_return.c.id == row.id).values(late_after=day))


def _utc(moment: datetime) -> datetime:
    """A moment with its zone, which SQLite does not keep."""
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def _signed() -> "sa.Select[tuple[object, ...]]":
    given = (_extension.c.cycle_id == _return.c.cycle_id) & (
        _extension.c.organisation_id == _return.c.organisation_id
    )
    return (
        sa.select(
            _return.c.id,
            _return.c.cycle_id,
            _return.c.organisation_id,
            _return.c.imported,
            _return.c.signed_at,
            _cycle.c.closes,
            _extension.c.until,
            _extension.c.at,
            _extension.c.version,
        )
        .join(_cycle, _cycle.c.id == _return.c.cycle_id)
        .outerjoin(_extension, given)
        .where(_return.c.signed_at.is_not(None))
        .order_by(_return.c.cycle_id, _return.c.organisation_id, _return.c.number)
    )
