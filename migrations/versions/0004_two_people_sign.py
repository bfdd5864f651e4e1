"""Two people for an answer and its signature, where a partnership wants it; why a return was reopened."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "partnership", sa.Column("two_people_sign", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "reopening",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 2000", name=op.f("ck_reopening_reason_given")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_reopening_by_id_person")),
        sa.ForeignKeyConstraint(["return_id"], ["return.id"], name=op.f("fk_reopening_return_id_return")),
        sa.PrimaryKeyConstraint("return_id", name=op.f("pk_reopening")),
    )


def downgrade() -> None:
    op.drop_table("reopening")
    op.drop_column("partnership", "two_people_sign")
