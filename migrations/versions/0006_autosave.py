"""Which page wrote an answer and in which order, for what saves itself; which colleague has which standard."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answer", sa.Column("page", sa.Text(), server_default="", nullable=False))
    op.add_column("answer", sa.Column("sequence", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "assignment",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("standard", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id_person")),
        sa.ForeignKeyConstraint(["return_id"], ["return.id"], name=op.f("fk_assignment_return_id_return")),
        sa.PrimaryKeyConstraint("return_id", "standard", name=op.f("pk_assignment")),
    )


def downgrade() -> None:
    op.drop_table("assignment")
    op.drop_column("answer", "sequence")
    op.drop_column("answer", "page")
