"""Texts for a learning summary before it is published, what a number counts, and links open to anyone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_PLACE = ("cycle_id", "partnership_id", "sector")


def upgrade() -> None:
    # In words that both databases know: SQLite cannot make a table again that others refer to.
    op.execute("ALTER TABLE learning_summary ADD COLUMN corrects BOOLEAN DEFAULT false NOT NULL")
    op.execute("ALTER TABLE learning_summary ADD COLUMN counted TEXT")
    op.execute(
        "ALTER TABLE learning_summary ADD COLUMN replaced BOOLEAN DEFAULT false NOT NULL "
        "CONSTRAINT ck_learning_summary_replaced_is_withdrawn CHECK (withdrawn_at IS NOT NULL OR NOT replaced)"
    )
    # Until now nothing else could happen to a number.
    op.execute("UPDATE learning_summary SET replaced = true WHERE withdrawn_at IS NOT NULL")
    op.create_table(
        "summary_text",
        *_place_columns("summary_text"),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) <= 5000", name=op.f("ck_summary_text_text_within_limit")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_summary_text_version_from_one")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_summary_text_by_id_person")),
        sa.PrimaryKeyConstraint(*_PLACE, "place", name=op.f("pk_summary_text")),
    )
    op.execute(
        "INSERT INTO summary_text (cycle_id, partnership_id, sector, place, text, version, by_id, at) "
        "SELECT cycle_id, partnership_id, sector, 'foreword', foreword, 1, published_by, published_at "
        "FROM learning_summary WHERE withdrawn_at IS NULL AND foreword <> ''"
    )
    op.create_table(
        "open_link",
        *_place_columns("open_link"),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_open_link_by_id_person")),
        sa.PrimaryKeyConstraint(*_PLACE, name=op.f("pk_open_link")),
        sa.UniqueConstraint("token", name=op.f("uq_open_link_token")),
    )


def _place_columns(table: str) -> tuple[SchemaItem, ...]:
    """A round, one of its partnerships, and a sector."""
    return (
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f(f"fk_{table}_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f(f"fk_{table}_partnership_id_partnership")
        ),
    )


def downgrade() -> None:
    op.drop_table("open_link")
    op.drop_table("summary_text")
    for column in ("replaced", "counted", "corrects"):
        op.execute(f"ALTER TABLE learning_summary DROP COLUMN {column}")
