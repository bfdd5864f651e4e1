"""The text of a round's annual statement as officers edited it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statement_text",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("generated", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) <= 20000", name=op.f("ck_statement_text_text_within_limit")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_statement_text_version_from_one")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_statement_text_by_id_person")),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["cycle.id"],
            name=op.f("fk_statement_text_cycle_id_cycle"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_statement_text_partnership_id_partnership")
        ),
        sa.PrimaryKeyConstraint("cycle_id", "partnership_id", name=op.f("pk_statement_text")),
    )


def downgrade() -> None:
    op.drop_table("statement_text")
