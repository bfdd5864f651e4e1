"""Texts that signatories offer for the learning summary, and what officers choose of them."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (length(text) > 0)", name=op.f("ck_practice_taken_back_leaves_no_text")
        ),
        sa.CheckConstraint("length(text) <= 2000", name=op.f("ck_practice_text_within_limit")),
        sa.CheckConstraint(
            "withdrawn_by IS NULL OR withdrawn_at IS NOT NULL",
            name=op.f("ck_practice_by_somebody_at_a_moment"),
        ),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name=op.f("fk_practice_agreed_by_person")),
        sa.ForeignKeyConstraint(["return_id"], ["return.id"], name=op.f("fk_practice_return_id_return")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["person.id"], name=op.f("fk_practice_withdrawn_by_person")
        ),
        sa.PrimaryKeyConstraint("return_id", "key", name=op.f("pk_practice")),
    )
    op.create_table(
        "practice_choice",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("practice_version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(text) <= 2000", name=op.f("ck_practice_choice_text_within_limit")),
        sa.ForeignKeyConstraint(
            ["chosen_by"], ["person.id"], name=op.f("fk_practice_choice_chosen_by_person")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_practice_choice_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_practice_choice_partnership_id_partnership")
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["return.id"], name=op.f("fk_practice_choice_return_id_return")
        ),
        sa.PrimaryKeyConstraint(
            "cycle_id", "partnership_id", "sector", "key", name=op.f("pk_practice_choice")
        ),
    )
    op.create_index("ix_practice_choice_return_id", "practice_choice", ["return_id", "key"])


def downgrade() -> None:
    op.drop_index("ix_practice_choice_return_id", table_name="practice_choice")
    op.drop_table("practice_choice")
    op.drop_table("practice")
